package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"broadsheet/feed"
)

// broken is a source whose parser panics on what it got.
type broken struct{ panics bool }

func (b broken) Poll(context.Context, feed.Gate, feed.Visit) (feed.Outcome, error) {
	if b.panics {
		panic("index out of range")
	}
	return feed.Outcome{}, &feed.Error{Step: "reading the feed", Kind: feed.KindBug,
		Text: "the parser crashed on this document", Input: []byte("<rss>the bytes that did it")}
}

// TestAParserThatPanicsCostsOneSource (T-40): 1 of 100 feeds makes the program
// panic at every poll. The others are published, the status says what happened,
// and what did it is kept for whoever mends it.
func TestAParserThatPanicsCostsOneSource(t *testing.T) {
	for name, source := range map[string]broken{"in a parser": {}, "anywhere": {panics: true}} {
		t.Run(name, func(t *testing.T) {
			const feeds = 100
			d := newDesk(t)
			conf := "sections: [{name: all, title: All, sources: ['*'], limit: all, max_size: none}]\nsources:\n"
			for i := range feeds {
				conf += fmt.Sprintf("  - {name: s%d, url: 'http://h%d.example/feed'}\n", i, i)
				d.web.Serve(fmt.Sprintf("h%d.example", i), "/feed", "application/rss+xml",
					rss(d.clock(), fmt.Sprintf("%d|http://h%d.example/a|Title %d|1|A", i, i, i)))
			}
			d.config(conf)
			n := d.open()
			o := n.conf.Outlets[17]
			if err := n.worker.Desk.Assign(o, func(feed.Subscription) (feed.Source, error) { return source, nil }); err != nil {
				t.Fatal(err)
			}
			if got := len(d.pass(n)); got != feeds-1 {
				t.Errorf("%d articles are shown, want %d", got, feeds-1)
			}
			report, err := n.status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if s := report.Sources[17]; s.State != feed.StateFailing || !strings.Contains(s.Error, "panic") && !strings.Contains(s.Error, "crashed") {
				t.Errorf("the status says %s: %s", s.State, s.Error)
			}
			out, _, code := d.try("preview", "--crashed", "s17")
			if kept := out == "<rss>the bytes that did it" && code == exitDone; kept == source.panics {
				t.Errorf("kept for a report: %q, exit %d", out, code)
			}
			if _, errs, code := d.try("preview", "--crashed", "s18"); code == exitDone || !strings.Contains(errs, "nothing that s18 sent") {
				t.Errorf("of another source: %s, exit %d", errs, code)
			}
		})
	}
}
