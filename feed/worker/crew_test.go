package worker

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

// sleepers are n sources whose polls take so long.
func sleepers(n int, prefix string, long time.Duration, most *atomic.Int32) map[string]sourceFunc {
	var now atomic.Int32
	out := map[string]sourceFunc{}
	for i := range n {
		out[fmt.Sprintf("%s%d", prefix, i)] = func(context.Context, feed.Gate) (feed.Outcome, error) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(long)
			now.Add(-1)
			return found("x"), nil
		}
	}
	return out
}

// TestASlowPollGivesItsSeatBack: F-10, DESIGN §7.
func TestASlowPollGivesItsSeatBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var most atomic.Int32
		w, b := staff(t, sleepers(12, "s", time.Minute, &most))
		begun := time.Now()
		pass(t, w, b)
		// 12 polls on 4 seats, each for 5 s: the last begins after 10 s.
		if took := time.Since(begun); took < time.Minute+2*slowAfter || took > time.Minute+2*slowAfter+2*time.Second || most.Load() != 12 {
			t.Errorf("it took %v, %d at once", took, most.Load())
		}
	})
}

func TestTheSlowLaneIsBoundedAndThenASeatIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var most atomic.Int32
		w, b := staff(t, sleepers(15, "s", 10*time.Minute, &most))
		w.Concurrency = 1
		if got := pass(t, w, b); len(got) != 15 || most.Load() != slowLane+1 {
			t.Errorf("%d polls were made, %d at once; want 15 and %d", len(got), most.Load(), slowLane+1)
		}
	})
}

func TestAFeedThatWasSlowLastTimeTakesNoSeat(t *testing.T) {
	for name, tt := range map[string]struct {
		took time.Duration
		wait time.Duration
	}{"slow": {slowAfter, 0}, "quick": {slowAfter - 1, slowAfter}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var most atomic.Int32
				sources := sleepers(5, "slow", time.Minute, &most)
				var waited time.Duration
				begun := time.Now()
				sources["good"] = func(context.Context, feed.Gate) (feed.Outcome, error) {
					waited = time.Since(begun)
					return found("x"), nil
				}
				w, b := staff(t, sources)
				w.Concurrency = 5
				for i := range b.due {
					if b.due[i].Source == "good" {
						b.due[i], b.due[len(b.due)-1] = b.due[len(b.due)-1], b.due[i]
					}
				}
				for i := range b.due[:5] {
					b.due[i].History.Took = tt.took
				}
				pass(t, w, b)
				if waited != tt.wait {
					t.Errorf("the good feed behind them waited %v, want %v", waited, tt.wait)
				}
			})
		})
	}
}
