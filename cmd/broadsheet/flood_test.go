package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestAFloodCostsTheOthersNothing (T-21): a source lists 100,000 articles at once,
// all of them new. Its newest are held, the others' articles are published, and
// the section shows what it showed.
func TestAFloodCostsTheOthersNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("two hundred thousand articles")
	}
	const others = 5
	d := newDesk(t)
	conf := "sections: [{name: all, title: All, sources: ['*'], limit: all, max_size: none}]\nsources:\n  - {name: flood, url: 'http://flood.example/feed'}\n"
	calm := func(i, n int) string { return fmt.Sprintf("%d|http://h%d.example/%d|Calm %d of %d|0|A", n, i, n, n, i) }
	for i := range others {
		conf += fmt.Sprintf("  - {name: s%d, url: 'http://h%d.example/feed'}\n", i, i)
		d.web.Serve(fmt.Sprintf("h%d.example", i), "/feed", "application/rss+xml", rss(d.clock(), calm(i, 0)))
	}
	d.config(conf)
	d.web.Serve("flood.example", "/feed", "application/rss+xml", rss(d.clock(), "0|http://flood.example/0|Usual|1|A"))
	d.run("once")
	before := len(ids(t, d.build(), "all"))
	d.later(2 * time.Hour)

	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Feed</title><link>http://origin.example/</link><description>d</description>`)
	for n := range 100_000 {
		fmt.Fprintf(&b, "<item><title>Flood %d</title><link>http://flood.example/f%d</link><guid>f%d</guid><pubDate>%s</pubDate></item>",
			n, n, n, d.clock().Add(-time.Duration(n)*time.Second).Format(time.RFC1123Z))
	}
	b.WriteString("</channel></rss>")
	d.web.Set("flood.example", "/feed", []byte(b.String()))
	for i := range others {
		d.web.Set(fmt.Sprintf("h%d.example", i), "/feed", rss(d.clock(), calm(i, 1), calm(i, 0)))
	}
	begun := time.Now()
	var sum struct {
		New    int
		Kept   int `json:"kept_back"`
		Failed []failed
	}
	d.runJSON(&sum, "once")
	t.Logf("a pass with 100,000 articles took %v", time.Since(begun))
	if sum.New != others || sum.Kept != 5000 || len(sum.Failed) > 0 {
		t.Errorf("the pass: %+v", sum)
	}
	if got := len(ids(t, d.build(), "all")); got != before+others {
		t.Errorf("the section shows %d articles, want %d", got, before+others)
	}
	if out := d.run("status"); !strings.Contains(out, "5000 articles held") {
		t.Errorf("the status says nothing of it:\n%s", out)
	}
	d.later(2 * time.Hour)
	d.web.Set("flood.example", "/feed", []byte(strings.ReplaceAll(b.String(), "f", "g"))) // more of it
	d.runJSON(&sum, "once")
	if got := len(ids(t, d.build(), "all")); got != before+others {
		t.Errorf("after more of it the section shows %d articles, want %d", got, before+others)
	}
}
