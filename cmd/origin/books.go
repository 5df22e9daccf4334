package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"broadsheet/internal/fakeweb"
)

const (
	takeEvery  = time.Second     // how often requests are taken from the web
	tellEvery  = 5 * time.Second // how often a line is shown
	rushWindow = time.Minute     // the busiest one is looked for
)

// elsewhere is the behaviour of all addresses that are no feed's.
const elsewhere = "elsewhere"

// books are what is known of all requests so far: little for each.
type books struct {
	feeds map[string]bool   // by URL: those that were to be asked
	roles map[string]string // by URL
	judge *fakeweb.Bench
	lines *logFile

	first, last time.Time
	requests    int
	notModified int
	bytes       int64
	within      []time.Time // starts of the last minute
	busiest     int
}

func newBooks(feeds []feed, lines *logFile) *books {
	b := &books{feeds: map[string]bool{}, roles: map[string]string{}, lines: lines}
	var urls []string
	for _, f := range feeds {
		urls = append(urls, f.url())
		b.feeds[f.url()] = true
		b.roles[f.url()] = f.behaviour
		b.roles["http://"+f.host+movedPrefix+f.path] = f.behaviour
	}
	b.judge = fakeweb.NewJudge(urls...)
	return b
}

// take enters requests, in the order of their starts.
func (b *books) take(log []fakeweb.Request) error {
	var failed error
	for _, r := range log {
		b.judge.Add(r)
		if b.requests == 0 {
			b.first = r.Start
		}
		b.requests++
		b.last, b.bytes = r.Start, b.bytes+r.Bytes
		if r.Status == http.StatusNotModified {
			b.notModified++
		}
		b.within = append(b.within, r.Start)
		for r.Start.Sub(b.within[0]) >= rushWindow {
			b.within = b.within[1:]
		}
		b.busiest = max(b.busiest, len(b.within))
		failed = cmp.Or(failed, b.write(r))
	}
	return failed
}

// role is the behaviour of what was asked for; a query does not change it.
func (b *books) role(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return cmp.Or(b.roles[url], elsewhere)
}

// write writes a request to the log file.
func (b *books) write(r fakeweb.Request) error {
	if b.lines.file == nil || b.lines.broken {
		return nil
	}
	return json.NewEncoder(b.lines).Encode(struct {
		Start     time.Time   `json:"start"`
		Seconds   float64     `json:"seconds"`
		Behaviour string      `json:"behaviour"`
		Method    string      `json:"method"`
		URL       string      `json:"url"`
		Header    http.Header `json:"header"`
		Status    int         `json:"status"`
		Sent      http.Header `json:"sent,omitempty"`
		Bytes     int64       `json:"bytes"`
	}{r.Start.UTC(), r.End.Sub(r.Start).Seconds(), b.role(r.URL()), r.Method, r.URL(), r.Header, r.Status, r.Sent, r.Bytes})
}

// watch enters what comes into the books until ctx ends, and tells of it.
func watch(ctx context.Context, web *fakeweb.Web, b *books, w io.Writer, tell bool) {
	tick := time.NewTicker(takeEvery)
	defer tick.Stop()
	told, before := time.Now(), *b
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if err := b.take(web.Take()); err != nil {
				fmt.Fprintf(w, "origin: --log: %v\n", err)
				b.lines.broken = true // said once
			}
			if since := now.Sub(told); tell && since >= tellEvery {
				fmt.Fprintln(w, b.line(before, since, web.Pending()))
				told, before = now, *b
			}
		}
	}
}

// line tells what happened since before.
func (b *books) line(before books, since time.Duration, pending int) string {
	asked := b.requests - before.requests
	return fmt.Sprintf("%s  %.1f requests/s  %d %% not modified  %d in flight  %.2f MiB/s  %d in all",
		b.last.Local().Format(time.TimeOnly), float64(asked)/since.Seconds(),
		percent(b.notModified-before.notModified, asked), pending,
		float64(b.bytes-before.bytes)/(1<<20)/since.Seconds(), b.requests)
}

func percent(part, of int) int {
	if of == 0 {
		return 0
	}
	return part * 100 / of
}

// print is the score: a line for each behaviour, then what holds for all.
func (b *books) print(w io.Writer) {
	if b.requests == 0 {
		fmt.Fprintln(w, "Nothing was asked.")
		return
	}
	groups := map[string][]fakeweb.Score{}
	for _, s := range b.judge.Scores() {
		groups[b.role(s.URL)] = append(groups[b.role(s.URL)], s)
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "behaviour\taddresses\trequests\t304\tfailed\tunconditional\tforgotten\tstale\tinvented\tin hold\tshortest gap\t")
	for _, name := range order() {
		if len(groups[name]) > 0 {
			row(table, name, groups[name])
		}
	}
	table.Flush()
	b.printWhole(w, groups)
}

// row is the score of one behaviour.
func row(w io.Writer, name string, scores []fakeweb.Score) {
	s := fakeweb.Sum(scores...)
	gap := "–"
	if slices.ContainsFunc(scores, func(s fakeweb.Score) bool { return s.Requests > 1 }) {
		gap = s.ShortestGap.Round(time.Millisecond).String()
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%d %%\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t\n", name, len(scores), s.Requests,
		percent(s.NotModified, s.Requests), s.Failed, s.Unconditional, s.Forgetful, s.Stale, s.Invented, s.InHold, gap)
}

// agentsShown is how many names of clients are printed.
const agentsShown = 5

// printWhole is what holds for all requests, and how to read the table.
func (b *books) printWhole(w io.Writer, groups map[string][]fakeweb.Score) {
	var all []fakeweb.Score
	asked := 0
	for _, scores := range groups {
		all = append(all, scores...)
		for _, s := range scores {
			if b.feeds[s.URL] {
				asked++
			}
		}
	}
	s := fakeweb.Sum(all...)
	minutes := max(1, b.last.Sub(b.first).Minutes())
	fmt.Fprintf(w, "\n%d of %d feeds were asked, with %d cookies, %d referers, %d added queries.\n",
		asked, len(b.feeds), s.Cookies, s.Referers, s.AddedQueries)
	fmt.Fprintf(w, "The busiest minute had %d requests, an average one %.1f.\n", b.busiest, float64(b.requests)/minutes)
	fmt.Fprintf(w, "By: %s\n", strings.Join(s.UserAgents[:min(agentsShown, len(s.UserAgents))], ", "))
	fmt.Fprint(w, "\nforgotten: no validator was sent though there was one; stale: not the last one; invented: never\n"+
		"sent from here; in hold: the host had asked for rest. Bad answers may rightly be forgotten.\n")
}
