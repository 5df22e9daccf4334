package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is a piece of housekeeping.
type Job struct {
	Name string
	Spec string // a cron spec or descriptor, e.g. "@every 1m"
	Do   func(context.Context) error
}

// Housekeep runs jobs on their schedules until ctx ends, and returns when the
// running ones have ended. A job that is still running is not started again; one
// that fails is logged and tried at its next time.
func Housekeep(ctx context.Context, log *slog.Logger, zone *time.Location, jobs []Job) error {
	// Skip outside Recover: the other way round, one panic would keep the job's
	// token and it would never run again.
	quiet := cron.DiscardLogger
	runner := cron.New(cron.WithLocation(zone), cron.WithLogger(quiet),
		cron.WithChain(cron.SkipIfStillRunning(quiet), cron.Recover(loud{log})))
	for _, job := range jobs {
		_, err := runner.AddFunc(job.Spec, func() {
			if err := job.Do(ctx); err != nil && ctx.Err() == nil {
				log.Error("housekeeping failed; it is tried again", "job", job.Name, "error", err)
			}
		})
		if err != nil {
			return err
		}
	}
	runner.Start()
	<-ctx.Done()
	<-runner.Stop().Done()
	return nil
}

// loud is a cron.Logger for panics.
type loud struct{ log *slog.Logger }

func (l loud) Info(string, ...any) {}

func (l loud) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("housekeeping: "+msg, append(keysAndValues, "error", err)...)
}
