package worker

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

func TestTwoRequestsToTheClaimsHostAreTheGapApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gap time.Duration
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			done, err := gate.Pass(ctx, "gulf.example")
			if err != nil {
				return feed.Outcome{}, err
			}
			time.Sleep(5 * time.Second) // the answer takes its time
			done()
			ended := time.Now()
			done, err = gate.Pass(ctx, "gulf.example")
			gap = time.Since(ended)
			done()
			return found("Storm"), err
		}})
		r := pass(t, w, b)["gulf"]
		if gap != 2*time.Second {
			t.Errorf("the second request came %v after the end of the first, want 2s", gap)
		}
		if rest := time.Until(r.HostFree); rest != 2*time.Second || len(r.Arrivals) != 1 {
			t.Errorf("the host is free in %v, with %d articles; want 2s and 1", rest, len(r.Arrivals))
		}
	})
}

func TestALeaseIsRenewedAsLongAsAPollLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"slow": func(context.Context, feed.Gate) (feed.Outcome, error) {
			time.Sleep(3 * leaseTime)
			return found("Late"), nil
		}})
		if r := pass(t, w, b)["slow"]; len(r.Arrivals) != 1 || b.renewed < 3 {
			t.Errorf("%d articles after %d renewals", len(r.Arrivals), b.renewed)
		}
	})
}

func TestAPollWhoseLeaseIsLostIsCutOffAndWritesNothing(t *testing.T) {
	for name, answer := range map[string]func(context.Context) (feed.Outcome, error){
		"it says that it was stopped": func(ctx context.Context) (feed.Outcome, error) { return feed.Outcome{}, ctx.Err() },
		"it takes it for its host's failure": func(context.Context) (feed.Outcome, error) {
			return feed.Outcome{}, &feed.Error{Kind: feed.KindUnreachable}
		},
		"it had all it needed": func(context.Context) (feed.Outcome, error) { return found("Storm"), nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var took time.Duration
				var b *board
				w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, _ feed.Gate) (feed.Outcome, error) {
					begun := time.Now()
					b.takeOver("gulf.example")
					<-ctx.Done()
					took = time.Since(begun)
					return answer(ctx)
				}})
				if r := pass(t, w, b); len(r) != 0 || b.leases["gulf.example"].Token != "another worker" {
					t.Errorf("it wrote %v; the lease is %v", r, b.leases["gulf.example"])
				}
				if took != renewAfter {
					t.Errorf("it was cut off after %v, want %v", took, renewAfter)
				}
			})
		})
	}
}

func TestNoRequestIsSentOnALostLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, nil)
		claim := claimOf("gulf")
		g := w.newGate(claim)
		time.Sleep(renewAfter)
		b.takeOver("gulf.example")
		if _, err := g.Pass(t.Context(), "gulf.example"); feed.KindOf(err) != feed.KindFenced {
			t.Errorf("the gate says %v", err)
		}
	})
}

func TestAGateIsLeftWhenThePollEnds(t *testing.T) {
	for name, host := range map[string]string{"its own host": "gulf.example", "a busy one": "cdn.example"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := staff(t, nil)
				b.takeOver("cdn.example")
				g := w.newGate(claimOf("gulf"))
				g.free = time.Now().Add(time.Hour)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				begun := time.Now()
				_, err := g.Pass(ctx, host)
				if feed.KindOf(err) != feed.KindTimeout || time.Since(begun) != 3*time.Second {
					t.Errorf("after %v: %v", time.Since(begun), err)
				}
			})
		})
	}
}

func TestTheHostOfARedirectIsBorrowedAndGivenBackWithItsGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			done, err := gate.Pass(ctx, "cdn.example")
			if err != nil {
				return feed.Outcome{}, err
			}
			done()
			return found("Storm"), nil
		}})
		b.free["cdn.example"] = time.Now().Add(3 * time.Second)
		begun := time.Now()
		pass(t, w, b)
		if waited := time.Since(begun); waited < 3*time.Second || waited > 5*time.Second {
			t.Errorf("the borrowed host was free after 3s; the poll took %v", waited)
		}
		if rest := time.Until(b.free["cdn.example"]); rest != 2*time.Second || b.leases["cdn.example"].Token != "" {
			t.Errorf("the borrowed host rests %v, leased to %q", rest, b.leases["cdn.example"].Token)
		}
	})
}

func TestABorrowedHostIsGivenBackBeforeItsLeaseEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		follow := func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			done, err := gate.Pass(ctx, "cdn.example")
			if err != nil {
				return feed.Outcome{}, err
			}
			time.Sleep(5 * time.Second)
			done()
			return found("Storm"), nil
		}
		w, b := staff(t, map[string]sourceFunc{"gulf": follow, "delta": follow})
		begun := time.Now()
		for name, r := range pass(t, w, b) {
			if r.Failure != nil {
				t.Errorf("%s: %v", name, r.Failure)
			}
		}
		if took := time.Since(begun); took < 12*time.Second || took > 14*time.Second {
			t.Errorf("two answers of 5s and a gap of 2s took %v", took)
		}
	})
}

func TestAHostThatStaysBusyIsNotTheFeedsFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			_, err := gate.Pass(ctx, "cdn.example")
			return feed.Outcome{}, err
		}})
		b.due[0].State = feed.StateOK
		b.takeOver("cdn.example")
		begun := time.Now()
		r := pass(t, w, b)["gulf"]
		if waited := time.Since(begun); waited < borrowWait || waited > borrowWait+time.Second {
			t.Errorf("it waited %v, want %v", waited, borrowWait)
		}
		if r.Failure == nil || r.Failure.Kind != feed.KindBusy || r.State != feed.StateOK {
			t.Errorf("it is %s: %v", r.State, r.Failure)
		}
		if wait := time.Until(r.Next); wait != busyDelay {
			t.Errorf("it is tried again in %v", wait)
		}
	})
}

func TestABorrowedHostIsGivenBackThoughThePollWasCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		done, err := w.newGate(claimOf("gulf")).Pass(ctx, "cdn.example")
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		done()
		if len(b.leases) != 0 {
			t.Errorf("still leased: %v", b.leases)
		}
	})
}

// led is a source that is redirected to host.
func led(host string) sourceFunc {
	return func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
		for _, h := range []string{"gulf.example", host} {
			done, err := gate.Pass(ctx, h)
			if err != nil {
				return feed.Outcome{Trace: feed.Trace{URL: "http://gulf.example/feed", Code: 302}}, err
			}
			done()
		}
		return found("Storm"), nil
	}
}

// TestARedirectToAHeldServerIsNotFollowed: H-4, H-6. Its own budget, or another.
func TestARedirectToAHeldServerIsNotFollowed(t *testing.T) {
	for _, host := range []string{"cdn.example", "www.gulf.example"} {
		t.Run(host, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := staff(t, map[string]sourceFunc{"gulf": led(host)})
				w.Desk.Budget = func(h string) (string, time.Duration) { return strings.TrimPrefix(h, "www."), 0 }
				b.asked = map[string]time.Time{host: time.Now().Add(3 * time.Hour)}
				r := pass(t, w, b)["gulf"]
				if r.Failure == nil || r.Failure.Kind != feed.KindHeld || r.State != feed.StateHeld || r.Hold.Server != "" || r.Hold.Until.IsZero() {
					t.Errorf("it is %s: %v, and holds %+v", r.State, r.Failure, r.Hold)
				}
				if wait := time.Until(r.Next); wait != 3*time.Hour || r.Reason != "Retry-After of the server that it redirects to" {
					t.Errorf("it is tried again in %v: %s", wait, r.Reason)
				}
				if b.leases[host].Token != "" {
					t.Errorf("%s is still leased", host)
				}
			})
		})
	}
}

// TestTheWaitForAHostDoesNotBringTheNextPollForward: what counts is when the
// request was sent, not when the poll began to wait for it.
func TestTheWaitForAHostDoesNotBringTheNextPollForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			done, err := gate.Pass(ctx, "cdn.example")
			done()
			return found("Storm"), err
		}})
		w.Desk.Floor = 5 * time.Hour
		b.free["cdn.example"] = time.Now().Add(20 * time.Second)
		begun := time.Now()
		if r := pass(t, w, b)["gulf"]; r.Next.Sub(begun) < 5*time.Hour+20*time.Second || r.Reason != "fetch.floor" {
			t.Errorf("the next poll is %v after the start: %s", r.Next.Sub(begun), r.Reason)
		}
	})
}
