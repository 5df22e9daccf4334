package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// relaunch is a desk whose source "gulf" was relaunched after its first poll: ids,
// links and texts are all others, and the dates an hour later.
func relaunch(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.config("sections: [{name: all, title: All, sources: ['*']}]\n" +
		"sources: [{name: gulf, title: Gulf, url: 'http://gulf.example/feed'}, {name: other, url: 'http://other.example/feed'}]\n")
	d.web.Serve("other.example", "/feed", "application/rss+xml", rss(d.clock(), "o|http://other.example/o|Other|1|A"))
	d.web.Serve("gulf.example", "/feed", "application/rss+xml", rss(d.clock(), gulfItems("old", "Story")...))
	d.run("once")
	d.later(time.Hour)
	d.web.Set("gulf.example", "/feed", rss(d.clock(), gulfItems("new", "Anew")...))
	d.run("once", "gulf")
	return d
}

// gulfItems are four articles, days old.
func gulfItems(ids, titles string) (items []string) {
	for n := range 4 {
		items = append(items, fmt.Sprintf("%s-%d|http://gulf.example/%s/%d|%s %d|%d|A", ids, n, ids, n, titles, n, 48+24*n))
	}
	return items
}

// titlesOf are the titles of entries, in order.
func titlesOf(entries []feed.Entry) (titles []string) {
	for _, e := range entries {
		titles = append(titles, e.Title)
	}
	return titles
}

// TestWhatCannotBeMatchedIsHeldAndJoinsAfterADay: nobody is told of it twice, and
// nothing is lost.
func TestWhatCannotBeMatchedIsHeldAndJoinsAfterADay(t *testing.T) {
	d := relaunch(t)
	n := d.open()
	before := "Other Story 0 Story 1 Story 2 Story 3"
	for range 23 {
		d.later(time.Hour)
		if got := strings.Join(titlesOf(d.pass(n, "gulf")), " "); got != before {
			t.Fatalf("within a day the section shows %s", got)
		}
	}
	d.later(time.Hour)
	// At their own dates, an hour after those of before: none stands on top.
	if got := strings.Join(titlesOf(d.pass(n, "gulf")), " "); got != "Other Anew 0 Story 0 Anew 1 Story 1 Anew 2 Story 2 Anew 3 Story 3" {
		t.Errorf("after a day the section shows %s", got)
	}
}

// TestAnOperatorDecidesAboutWhatIsHeld with the commands for it, and is told what
// was decided.
func TestAnOperatorDecidesAboutWhatIsHeld(t *testing.T) {
	d := relaunch(t)
	var list struct{ Held []heldArticle }
	d.runJSON(&list, "held")
	if len(list.Held) != 4 || list.Held[0].Source != "gulf" || list.Held[0].Title != "Anew 0" || list.Held[0].Standing != feed.Held ||
		!strings.Contains(list.Held[0].Why, "older than the last poll") || !list.Held[0].Joins.Equal(d.clock().Add(24*time.Hour)) {
		t.Fatalf("held: %+v", list.Held)
	}
	for what, out := range map[string]string{
		"held":    d.run("held", "gulf"),
		"status":  d.run("status"),
		"explain": d.run("explain", "Anew", "0"),
	} {
		if !strings.Contains(out, "nothing that it lists was seen before, and most of it is older") {
			t.Errorf("%s does not say why:\n%s", what, out)
		}
	}
	if out := d.run("held", "other"); !strings.Contains(out, "nothing is kept back") {
		t.Errorf("of another source: %s", out)
	}

	d.run("release", list.Held[1].ID, "--why", "it is news")
	if got := ids(t, d.build(), "all"); got["Anew 1"] == "" || got["Anew 0"] != "" {
		t.Errorf("after the release the section shows %v", got)
	}
	d.run("discard", "gulf", "--why", "seen before")
	list.Held = nil
	d.runJSON(&list, "held", "--all")
	for _, h := range list.Held {
		if h.Standing != feed.Discarded || h.Why != "seen before" || !h.Joins.IsZero() {
			t.Errorf("after discard: %+v", h)
		}
	}
	d.run("withdraw", "http://gulf.example/old/2?utm_source=mail", "--why", "at the author's wish")
	if got := ids(t, d.build(), "all"); got["Story 2"] != "" || got["Story 1"] == "" {
		t.Errorf("after the withdrawal the section shows %v", got)
	}
	d.later(48 * time.Hour)
	d.run("once", "gulf")
	if got := ids(t, d.build(), "all"); len(got) != 5 {
		t.Errorf("two days later the section shows %v", got)
	}

	var log struct{ Decisions []decided }
	d.runJSON(&log, "decisions")
	var verbs []string
	for _, dec := range log.Decisions {
		verbs = append(verbs, dec.Verb+" "+dec.Why)
		if dec.Who == "" || dec.At.IsZero() || dec.Target == "" {
			t.Errorf("it does not say who, when and about what: %+v", dec)
		}
	}
	if got := strings.Join(verbs, ", "); got != "withdraw at the author's wish, discard seen before, release it is news" {
		t.Errorf("decisions: %s", got)
	}
	d.run("release", "http://gulf.example/old/2")
	if got := ids(t, d.build(), "all"); got["Story 2"] == "" {
		t.Errorf("a withdrawal cannot be undone: %v", got)
	}
}

func TestAnOperatorPausesASource(t *testing.T) {
	d := relaunch(t)
	d.run("pause", "gulf", "--why", "they are moving")
	if out := d.run("status"); !strings.Contains(out, "they are moving") {
		t.Errorf("the status does not say why:\n%s", out)
	}
	asked := len(d.web.Log())
	d.later(48 * time.Hour)
	d.run("once")
	for _, r := range d.web.Log()[asked:] {
		if r.Host == "gulf.example" {
			t.Errorf("it was asked for %s", r.URL())
		}
	}
	if out, errs, code := d.try("once", "gulf"); code != exitFailed || !strings.Contains(errs, "broadsheet resume gulf") {
		t.Errorf("by name: %d %s%s", code, out, errs)
	}
	d.run("resume", "gulf")
	d.run("once", "gulf")
}

// The commands say what would be accepted.
func TestWhatCannotBeDecidedIsToldWhy(t *testing.T) {
	d := relaunch(t)
	for _, tt := range []struct{ args, says string }{
		{"release nobody", "is neither a source nor the id or link of a stored article"},
		{"release other", "nothing of other is held"},
		{"release http://gulf.example/old/1", "is in its sections: nothing keeps it back"},
		{"discard gulff", `did you mean "gulf"?`},
		{"withdraw nothing-like-it", "`broadsheet explain WORDS` finds it"},
		{"pause gulff", `did you mean "gulf"?`},
		{"held gulff", `did you mean "gulf"?`},
	} {
		if out, errs, code := d.try(strings.Fields(tt.args)...); code == exitDone || !strings.Contains(errs, tt.says) {
			t.Errorf("%s: exit %d, %s%s; want %q", tt.args, code, out, errs, tt.says)
		}
	}
	d.config("sections: [{name: all, title: All, sources: ['*']}]\nsources: [{name: gulf, url: 'http://gulf.example/feed', paused: true}]\n")
	if _, errs, code := d.try("resume", "gulf"); code == exitDone || !strings.Contains(errs, "take `paused: true` out of it") {
		t.Errorf("the configuration says that it is paused: %d %s", code, errs)
	}
}

// TestANewSourceDoesNotFillASectionThatPeopleRead (first).
func TestANewSourceDoesNotFillASectionThatPeopleRead(t *testing.T) {
	d := relaunch(t)
	d.later(2 * time.Hour)
	var many []string
	for n := range 30 {
		many = append(many, fmt.Sprintf("n-%d|http://late.example/%d|Late %d|%d|A", n, n, n, n))
	}
	d.web.Serve("late.example", "/feed", "application/rss+xml", rss(d.clock(), many...))
	const more = "sections: [{name: all, title: All, sources: ['*']}]\nsources:\n" +
		"  - {name: gulf, url: 'http://gulf.example/feed'}\n  - {name: other, url: 'http://other.example/feed'}\n" +
		"  - {name: late, url: 'http://late.example/feed'}\n"
	d.config(more)
	d.run("once")
	late := func() (n int) {
		for title := range ids(t, d.build(), "all") {
			if strings.HasPrefix(title, "Late") {
				n++
			}
		}
		return n
	}
	if n := late(); n != firstShown {
		t.Errorf("a new source published %d old articles where people read, want %d", n, firstShown)
	}
	if out := d.run("explain", "Late", "29"); !strings.Contains(out, "not among the newest 10 of a new source (first)") {
		t.Errorf("explain does not say why:\n%s", out)
	}
	d.run("release", "late", "--backlog")
	if n := late(); n != 30 {
		t.Errorf("with its backlog it has %d", n)
	}
}

// firstShown is what the worker lets a new source publish by itself.
const firstShown = 10

// TestWhatLeftOurRetentionDoesNotComeBack although its source still lists it.
func TestWhatLeftOurRetentionDoesNotComeBack(t *testing.T) {
	d := newDesk(t)
	d.config("keep: 30d\nsections: [{name: all, title: All, sources: ['*']}]\nsources: [{name: gulf, url: 'http://gulf.example/feed'}]\n")
	items := gulfItems("id", "Story")
	d.web.Serve("gulf.example", "/feed", "application/rss+xml", rss(d.clock(), items...))
	d.run("once")
	if n := len(ids(t, d.build(), "all")); n != 4 {
		t.Fatalf("the section shows %d", n)
	}
	written := d.clock()
	d.later(40 * 24 * time.Hour)
	d.web.Set("gulf.example", "/feed", rss(written, append(items, "new|http://gulf.example/new|News|0|A")...))
	d.run("once", "gulf")
	d.later(time.Hour)
	d.web.Set("gulf.example", "/feed", []byte(strings.ReplaceAll(string(rss(written, items...)), "The whole", "All the")))
	d.run("once", "gulf")
	if got := ids(t, d.build(), "all"); len(got) != 0 && (len(got) != 1 || got["News"] == "") {
		t.Errorf("the section shows %v", got)
	}
}

// TestWhatASourceAlwaysDoesIsNoFlood: sixty articles each day, all new and all of
// one date, look like a flood at first. A day later they are there, and once the
// guard has seen that, those of the following days come at once.
func TestWhatASourceAlwaysDoesIsNoFlood(t *testing.T) {
	if testing.Short() {
		t.Skip("days of hundreds of articles")
	}
	const daily, days = 60, 6
	d := newDesk(t)
	d.config("defaults: {section: {limit: all, max_size: none}, source: {first: all}}\nsections: [{name: all, title: All, sources: ['*']}]\nsources: [{name: daily, url: 'http://daily.example/feed', every: 1d}]\n")
	n := d.open()
	for day := range days {
		var items []string
		for i := range daily {
			items = append(items, fmt.Sprintf("%d-%d|http://daily.example/%d/%d|Paper %d of day %d|0|A", day, i, day, i, i, day))
		}
		d.web.Serve("daily.example", "/feed", "application/rss+xml", rss(d.clock(), items...))
		got := len(d.pass(n, "daily"))
		if want := map[int]int{0: daily, 1: daily, 2: 2 * daily}[day]; want != 0 && got != want {
			t.Errorf("on day %d the section shows %d articles, want %d", day, got, want)
		} else if want == 0 && got != (day+1)*daily {
			t.Errorf("on day %d the section shows %d articles, want all %d", day, got, (day+1)*daily)
		}
		d.later(24*time.Hour + time.Minute)
	}
}
