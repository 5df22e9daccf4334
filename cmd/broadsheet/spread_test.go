package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

// busiest is the most requests of a log in any minute from a moment on, and when.
func busiest(log []fakeweb.Request, begun time.Time, from time.Duration) (most int, when time.Duration) {
	minutes := map[time.Duration]int{}
	for _, r := range log {
		if at := r.Start.Sub(begun); at >= from {
			minutes[at.Truncate(time.Minute)]++
		}
	}
	for minute, n := range minutes {
		if n > most {
			most, when = n, minute
		}
	}
	return most, when
}

// soonest is the shortest time between two requests for one url.
func soonest(log []fakeweb.Request) time.Duration {
	least := time.Duration(1 << 62)
	for _, log := range byURL(log) {
		for i := 1; i < len(log); i++ {
			least = min(least, log[i].Start.Sub(log[i-1].Start))
		}
	}
	return least
}

// TestAThousandSourcesAreSpread is E-5: from the second interval on, the busiest
// minute has at most three times the mean, also after a restart, after the
// program was down for ten minutes and for six hours, and with a `once` from cron
// beside it.
func TestAThousandSourcesAreSpread(t *testing.T) {
	t.Parallel() // its time is its own
	if testing.Short() {
		t.Skip("eight thousand polls")
	}
	if !*whole {
		t.Skip("it takes a minute and a half: -whole")
	}
	synctest.Test(t, func(t *testing.T) {
		const sources, mean = 1000, 1000.0 / 60
		d := newDesk(t)
		manyFeeds(d, sources, "1h")
		conf := paper(t, d)
		begun := time.Now()
		stop := make(chan struct{})
		cron := make(chan struct{})
		go func() {
			defer close(cron)
			for {
				select {
				case <-stop:
					return
				case <-time.After(17 * time.Minute):
				}
				at := time.Since(begun)
				if at > 3*time.Hour && at < 3*time.Hour+10*time.Minute || at > 5*time.Hour && at < 11*time.Hour {
					continue // the whole machine is down
				}
				p, _, errs := d.start()
				p.clock = time.Now
				if code := p.main(t.Context(), []string{"-c", filepath.Join(d.dir, "config.yaml"), "once"}); code != exitDone {
					t.Errorf("once exits %d: %s", code, errs)
				}
			}
		}()
		shift(t, d, conf, 2*time.Hour)
		shift(t, d, conf, time.Hour) // a restart
		time.Sleep(10 * time.Minute)
		shift(t, d, conf, 110*time.Minute)
		time.Sleep(6 * time.Hour)
		shift(t, d, conf, 3*time.Hour)
		close(stop)
		<-cron
		log := d.web.Log()
		for _, part := range []struct {
			name     string
			from, to time.Duration
		}{{"from the second interval on", time.Hour, 2 * time.Hour}, {"after a restart", 2 * time.Hour, 3 * time.Hour},
			{"after ten minutes", 3 * time.Hour, 5 * time.Hour}, {"after six hours", 5 * time.Hour, 15 * time.Hour}} {
			var some []fakeweb.Request
			for _, r := range log {
				if r.Start.Sub(begun) < part.to {
					some = append(some, r)
				}
			}
			most, when := busiest(some, begun, part.from)
			t.Logf("%-28s busiest minute %d requests (%.1f times the mean), at %v", part.name, most, float64(most)/mean, when)
			if float64(most) > 3*mean {
				t.Errorf("%s: %d requests in the minute at %v, more than three times the mean", part.name, most, when)
			}
		}
		if least := soonest(log); least < time.Hour {
			t.Errorf("a feed was asked again after %v", least)
		}
		for url, log := range byURL(log) {
			last := log[len(log)-1].Start.Sub(begun)
			if len(log) < 5 || last < 13*time.Hour {
				t.Errorf("%s was asked %d times, the last time after %v", url, len(log), last)
			}
		}
		t.Logf("%d requests for %d sources", len(log), sources)
	})
}

// TestWhatIsNewIsPolledAtOnceAfterAnOutage: a new source does not wait for those
// that are overdue.
func TestWhatIsNewIsPolledAtOnceAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		manyFeeds(d, 60, "1h")
		shift(t, d, paper(t, d), time.Minute)
		time.Sleep(6 * time.Hour)
		manyFeeds(d, 61, "1h")
		d.web.Forget()
		begun := time.Now()
		shift(t, d, paper(t, d), 5*time.Minute)
		log := fakeweb.To(d.web.Log(), "www.h30.example")
		if len(log) != 1 || log[0].Start.Sub(begun) > time.Second {
			t.Errorf("the new source was asked %d times: %v", len(log), log)
		}
		if n := len(d.web.Log()); n > 40 {
			t.Errorf("%d of 60 overdue feeds were asked within five minutes", n)
		}
	})
}

// TestTheNetworkWasDownForAll: every poll of six hours fails; afterwards all are
// polled again within the back-off, spread as before.
func TestTheNetworkWasDownForAll(t *testing.T) {
	if testing.Short() {
		t.Skip("seventeen hours of many feeds")
	}
	synctest.Test(t, func(t *testing.T) {
		const feeds = 120
		d := newDesk(t)
		manyFeeds(d, feeds, "1h")
		conf := paper(t, d)
		shift(t, d, conf, 90*time.Minute)
		good := d.web
		d.web = fakeweb.New() // a web without hosts
		shift(t, d, conf, 6*time.Hour)
		d.web.Close()
		d.web = good
		good.Forget()
		begun := time.Now()
		shift(t, d, conf, 9*time.Hour)
		log := good.Log()
		if len(byURL(log)) != feeds {
			t.Errorf("%d of %d feeds were asked again", len(byURL(log)), feeds)
		}
		if most, when := busiest(log, begun, 0); most > 3*feeds/60+2 { // of few, chance makes heaps
			t.Errorf("%d requests in the minute at %v", most, when)
		}
		if least := soonest(log); least < time.Hour {
			t.Errorf("a feed was asked again after %v", least)
		}
	})
}

// TestTheBusiestMinute: the judges of this file see what they should.
func TestTheBusiestMinute(t *testing.T) {
	begun := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var log []fakeweb.Request
	for i, s := range []int{10, 59, 61, 62, 63} {
		log = append(log, fakeweb.Request{Scheme: "http", Host: fmt.Sprint(i % 2), Start: begun.Add(time.Duration(s) * time.Second)})
	}
	if most, when := busiest(log, begun, 0); most != 3 || when != time.Minute || soonest(log) != 2*time.Second {
		t.Errorf("%d at %v, soonest %v", most, when, soonest(log))
	}
}
