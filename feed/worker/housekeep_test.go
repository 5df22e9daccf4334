package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAJobThatPanicsRunsAgainAndNoneOverlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs, now, most atomic.Int32
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		err := Housekeep(ctx, slog.New(slog.DiscardHandler), time.UTC, []Job{{Name: "sweep", Spec: "@every 1m",
			Do: func(context.Context) error {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				time.Sleep(90 * time.Second) // longer than its period
				if runs.Add(1) == 1 {
					panic("once")
				}
				return nil
			}}})
		if err != nil || runs.Load() < 4 || most.Load() != 1 {
			t.Errorf("it ran %d times, %d at once, %v", runs.Load(), most.Load(), err)
		}
	})
}

func TestHousekeepingEndsWithItsJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failed, ended atomic.Int32
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Second)
		defer cancel()
		begun := time.Now()
		err := Housekeep(ctx, slog.New(slog.DiscardHandler), time.UTC, []Job{
			{Name: "fails", Spec: "@every 1m", Do: func(context.Context) error { failed.Add(1); return errors.New("no") }},
			{Name: "slow", Spec: "@every 2m", Do: func(ctx context.Context) error {
				<-ctx.Done()
				time.Sleep(time.Second) // to tidy up
				ended.Add(1)
				return ctx.Err()
			}},
		})
		if took := time.Since(begun); err != nil || took != 151*time.Second || ended.Load() != 1 {
			t.Errorf("it ended after %v with %d jobs done, %v", took, ended.Load(), err)
		}
		if failed.Load() != 2 {
			t.Errorf("the job that fails ran %d times, want 2", failed.Load())
		}
	})
}

func TestAJobWhoseScheduleCannotBeReadIsRefused(t *testing.T) {
	err := Housekeep(t.Context(), slog.New(slog.DiscardHandler), time.UTC, []Job{{Name: "x", Spec: "now and then"}})
	if err == nil {
		t.Error("it was taken")
	}
}
