package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// pass runs one pass in a bubble and gives the reports by source.
func pass(t *testing.T, w *Worker, b *board) map[string]feed.Report {
	t.Helper()
	if _, err := w.Pass(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	out := map[string]feed.Report{}
	for _, r := range b.reports {
		out[r.Claim.Source] = r
	}
	return out
}

func TestAPanicCostsOneSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{
			"mad":  func(context.Context, feed.Gate) (feed.Outcome, error) { panic("mad") },
			"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) { return found("Storm"), nil },
		})
		got := pass(t, w, b)
		if f := got["mad"].Failure; f == nil || f.Kind != feed.KindBug || f.Source != "mad" {
			t.Errorf("the panic was told as %v", f)
		}
		if r := got["gulf"]; r.Failure != nil || len(r.Arrivals) != 1 {
			t.Errorf("the other source: %v, %d articles", r.Failure, len(r.Arrivals))
		}
	})
}

func TestNeverMorePollsThanSeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		sources := map[string]sourceFunc{}
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
			sources[name] = func(context.Context, feed.Gate) (feed.Outcome, error) {
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(time.Second)
				now.Add(-1)
				return found("x"), nil
			}
		}
		w, b := staff(t, sources)
		if got := pass(t, w, b); len(got) != len(sources) || most.Load() != int32(w.Concurrency) {
			t.Errorf("%d of %d sources were polled, %d at once; want %d", len(got), len(sources), most.Load(), w.Concurrency)
		}
	})
}

func TestAPollThatHangsIsCutOffWhenRunEndsAndIsNoFailure(t *testing.T) {
	for name, answer := range map[string]error{
		"as a source should say it": &feed.Error{Kind: feed.KindCanceled},
		"a bare error":              context.Canceled,
		"another kind":              &feed.Error{Kind: feed.KindUnreachable, Text: "the connection broke"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := staff(t, map[string]sourceFunc{"tarpit": func(ctx context.Context, _ feed.Gate) (feed.Outcome, error) {
					<-ctx.Done()
					return feed.Outcome{}, answer
				}})
				if took := stop(t, w, time.Minute); took > pollGrace+finishTime {
					t.Errorf("it ended %v after it was told to", took)
				}
				if len(b.reports) != 0 || len(b.leases) != 0 || len(b.due) != 1 {
					t.Errorf("wrote %v, leases %v; the feed is due: %v", b.reports, b.leases, len(b.due) == 1)
				}
			})
		})
	}
}

// stop runs a worker for a while and tells how long it took to end.
func stop(t *testing.T, w *Worker, after time.Duration) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	begun := time.Now()
	if err := w.Run(ctx); err != nil {
		t.Error(err)
	}
	return time.Since(begun) - after
}

func TestAPollThatEndsWithinTheGraceIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) {
			time.Sleep(time.Minute + pollGrace/2)
			return found("Storm"), nil
		}})
		if took := stop(t, w, time.Minute); took != pollGrace/2 || len(b.stored) != 1 {
			t.Errorf("it ended after %v with %d articles", took, len(b.stored))
		}
	})
}

func TestAnAnswerThatCameAsThePollWasCutOffIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, _ feed.Gate) (feed.Outcome, error) {
			<-ctx.Done()
			return feed.Outcome{Status: feed.NotModified}, nil
		}})
		if stop(t, w, time.Minute); len(b.reports) != 1 {
			t.Errorf("%d reports were written", len(b.reports))
		}
	})
}

func TestRunSurvivesAStoreThatFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) {
			return found("Storm"), nil
		}})
		b.torn = errors.New("the disk is full")
		time.AfterFunc(12*time.Second, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.torn = nil
		})
		stop(t, w, time.Minute)
		if len(b.stored) != 1 {
			t.Errorf("%d articles were stored", len(b.stored))
		}
	})
}

func TestAnOriginIsNotAskedInALoopWhileTheStoreFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked int
		w, b := staff(t, map[string]sourceFunc{"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) {
			asked++
			return found("Storm"), nil
		}})
		b.broken = errors.New("a page cannot be read")
		stop(t, w, 10*time.Minute)
		if asked < 2 || asked > 11 {
			t.Errorf("it was asked %d times in 10 minutes; want once a minute", asked)
		}
	})
}

func TestAPassPollsEachFeedOnceAndLeavesThoseThatAreHeldForHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := map[string]int{}
		var sources = map[string]sourceFunc{}
		for _, name := range []string{"gulf", "resting", "held"} {
			sources[name] = func(context.Context, feed.Gate) (feed.Outcome, error) {
				asked[name]++
				return found(name), nil
			}
		}
		w, b := staff(t, sources)
		w.Concurrency = 1
		b.free["resting.example"] = time.Now().Add(passPatience - time.Second)
		b.free["held.example"] = time.Now().Add(3 * time.Hour)
		left, err := w.Pass(t.Context(), nil)
		if err != nil || left != 1 {
			t.Errorf("left %d, %v", left, err)
		}
		if diff := cmp.Diff(map[string]int{"gulf": 1, "resting": 1}, asked); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
	})
}

func TestAPassEndsWithAnErrorOfTheStore(t *testing.T) {
	full := errors.New("the disk is full")
	for name, breakIt := range map[string]func(*board){
		"when it looks for work":     func(b *board) { b.torn = full },
		"when it stores what it got": func(b *board) { b.broken = full },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := staff(t, map[string]sourceFunc{"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) {
					return found("Storm"), nil
				}})
				breakIt(b)
				if _, err := w.Pass(t.Context(), nil); !errors.Is(err, full) {
					t.Errorf("the pass says %v", err)
				}
			})
		})
	}
}

func TestAPassThatIsStoppedSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := staff(t, map[string]sourceFunc{"tarpit": func(ctx context.Context, _ feed.Gate) (feed.Outcome, error) {
			<-ctx.Done()
			return feed.Outcome{}, ctx.Err()
		}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := w.Pass(ctx, nil); feed.KindOf(err) != feed.KindCanceled {
			t.Errorf("the pass says %v", err)
		}
	})
}

func TestAFeedThatIsNotInTheConfigurationIsLeftToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, nil)
		b.due = []feed.Claim{claimOf("stranger")}
		stop(t, w, time.Second)
		if rest := b.free["stranger.example"]; len(b.reports) != 0 || len(b.due) != 1 || time.Until(rest) < busyDelay/2 {
			t.Errorf("wrote %v; its host is free in %v", b.reports, time.Until(rest))
		}
	})
}

func TestEachPollIsOneLineOfTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := staff(t, map[string]sourceFunc{
			"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) { return found("Storm"), nil },
			"tide": func(context.Context, feed.Gate) (feed.Outcome, error) {
				return feed.Outcome{}, &feed.Error{Kind: feed.KindServer, Text: "the server\nanswered 500"}
			},
		})
		var log bytes.Buffer
		w.Concurrency = 1
		w.Log = slog.New(slog.NewJSONHandler(&log, nil))
		if _, err := w.Pass(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for line := range strings.Lines(log.String()) {
			var m struct{ Msg, Source, Status, Kind string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			if m.Msg == "poll" {
				got[m.Source] += m.Msg + " " + m.Status + " " + m.Kind
			}
		}
		if diff := cmp.Diff(map[string]string{"gulf": "poll changed ", "tide": "poll failed server"}, got); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
	})
}
