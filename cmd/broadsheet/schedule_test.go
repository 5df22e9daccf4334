package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/internal/fakeweb"
)

// The tests of this file run the whole worker in fake time: two days pass in
// seconds, over a web that listens in memory.

// shift opens the newsroom, runs its worker for d and closes it.
func shift(t *testing.T, d *desk, conf *config.Paper, length time.Duration) {
	t.Helper()
	p, _, errs := d.start()
	p.clock = time.Now // the bubble's
	n, err := p.openNewsroom(t.Context(), conf, slog.New(slog.DiscardHandler), true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	if err := n.worker.Run(ctx); err != nil {
		t.Error(err)
	}
	if err := n.close(); err != nil {
		t.Error(err)
	}
	if errs.Len() > 0 {
		t.Error(errs)
	}
}

// passes polls what is due, again and again with a rest in between, for as long:
// a shift for months, in which an idle worker's looks at the schedule would take
// all the time.
func passes(t *testing.T, d *desk, conf *config.Paper, length, rest time.Duration) {
	t.Helper()
	p, _, _ := d.start()
	p.clock = time.Now
	n, err := p.openNewsroom(t.Context(), conf, slog.New(slog.DiscardHandler), true)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(rest) {
		if _, err := n.worker.Pass(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
	if err := n.close(); err != nil {
		t.Error(err)
	}
}

// paper loads the desk's configuration.
func paper(t testing.TB, d *desk) *config.Paper {
	t.Helper()
	conf, problems := config.Load(filepath.Join(d.dir, "config.yaml"), config.Env{})
	if conf == nil {
		t.Fatal(problems)
	}
	return conf
}

// manyFeeds is a configuration with feeds of n sources on half as many domains.
func manyFeeds(d *desk, n int, every string) {
	var b strings.Builder
	b.WriteString("fetch: {host_gap: 2s}\nsections: [{name: all, title: All, sources: ['*']}]\nsources:\n")
	for i := range n {
		host := fmt.Sprintf("www.h%d.example", i/2)
		fmt.Fprintf(&b, "  - {name: s%d, url: 'http://%s/%d.xml', every: %s}\n", i, host, i, every)
		d.web.Serve(host, fmt.Sprintf("/%d.xml", i), "application/rss+xml",
			rss(time.Now(), fmt.Sprintf("%d|http://%s/a|Title %d|1|A", i, host, i)))
	}
	d.config(b.String())
}

// TestAOnceBesideARunIsAlreadyPolite: two processes share the schedule in the
// store, so nothing is asked twice and no host is asked by both.
func TestAOnceBesideARunIsAlreadyPolite(t *testing.T) {
	if testing.Short() {
		t.Skip("hours of two programs")
	}
	synctest.Test(t, func(t *testing.T) {
		const feeds = 12
		d := newDesk(t)
		manyFeeds(d, feeds, "1h")
		conf := paper(t, d)
		done := make(chan struct{})
		go func() { shift(t, d, conf, 10*time.Hour); close(done) }()
		for range 30 {
			time.Sleep(17 * time.Minute)
			p, _, _ := d.start()
			p.clock = time.Now
			if code := p.main(t.Context(), []string{"-c", filepath.Join(d.dir, "config.yaml"), "once"}); code != exitDone {
				t.Errorf("once exits %d", code)
			}
		}
		<-done
		polls := map[string][]fakeweb.Request{}
		for _, r := range d.web.Log() {
			polls[r.URL()] = append(polls[r.URL()], r)
		}
		for url, log := range polls {
			for i := 1; i < len(log); i++ {
				if gap := log[i].Start.Sub(log[i-1].Start); gap < time.Hour {
					t.Errorf("%s was asked again after %v", url, gap)
				}
			}
		}
		for i := range feeds / 2 {
			log := fakeweb.To(d.web.Log(), fmt.Sprintf("www.h%d.example", i))
			if gap, ok := fakeweb.Gap(log); fakeweb.InFlight(log) > 1 || ok && gap < 2*time.Second {
				t.Errorf("host %d: %d at once, %v between two", i, fakeweb.InFlight(log), gap)
			}
		}
	})
}

// TestARetryAfterIsKeptAcrossARestart (H-4).
func TestARetryAfterIsKeptAcrossARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.config("sections: [{name: all, title: All, sources: ['*']}]\n" +
			"sources: [{name: busy, url: 'http://busy.example/f.xml', every: 30m}]\n")
		d.web.HandlePage("busy.example", "/f.xml", fakeweb.Status(503, "Retry-After", "18000"))
		conf := paper(t, d)
		shift(t, d, conf, 2*time.Hour)
		shift(t, d, conf, 2*time.Hour)
		if n := len(d.web.Log()); n != 1 {
			t.Errorf("the origin asked for five hours of rest and was asked %d times in four", n)
		}
		shift(t, d, conf, 3*time.Hour)
		if n := len(d.web.Log()); n != 2 {
			t.Errorf("after the rest it was asked %d times in all, want 2", n)
		}
	})
}

// TestStoppingLosesNothing: a poll that is cut off is not a failure of its
// source, and its feed is still due.
func TestStoppingLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.config("sections: [{name: all, title: All, sources: ['*']}]\n" +
			"sources: [{name: slow, url: 'http://slow.example/f.xml'}]\n")
		feed := fakeweb.Page("application/rss+xml", rss(time.Now(), "1|http://slow.example/1|Slow|1|A"))
		d.web.HandlePage("slow.example", "/f.xml", fakeweb.InTurn(fakeweb.Slow(8*time.Second, feed), feed))
		conf := paper(t, d)
		start := time.Now()
		shift(t, d, conf, time.Second)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("stopping took %v", took)
		}
		p, _, _ := d.start()
		p.clock = time.Now
		n, err := p.openNewsroom(t.Context(), conf, slog.New(slog.DiscardHandler), true)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := p.pass(t.Context(), n, nil)
		if err != nil || sum.New != 1 || len(sum.Failed) > 0 {
			t.Errorf("the next pass did %+v, %v", sum, err)
		}
		if err := n.close(); err != nil {
			t.Error(err)
		}
	})
}
