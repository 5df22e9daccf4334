package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// readerFake is a Reader whose answers a test gives.
type readerFake struct {
	version string
	read    func(ctx context.Context, gate feed.Gate, e feed.Errand) (feed.Page, error)
	again   func(leaves []feed.Leaf) (feed.Page, error)
	asked   []feed.Errand
}

func (r *readerFake) Read(ctx context.Context, gate feed.Gate, e feed.Errand) (feed.Page, []feed.Leaf, error) {
	done, err := gate.Pass(ctx, "gulf.example")
	if err != nil {
		return feed.Page{}, nil, err
	}
	defer done()
	r.asked = append(r.asked, e)
	page, err := r.read(ctx, gate, e)
	return page, []feed.Leaf{{URL: e.URL, Body: []byte(page.Content.Value)}}, err
}

func (r *readerFake) Again(_ feed.Errand, leaves []feed.Leaf) (feed.Page, error) {
	return r.again(leaves)
}
func (r *readerFake) Version(string) string { return r.version }

// wholeText is a whole article, of which shortText is the beginning.
func wholeText(paragraphs int) string {
	var b strings.Builder
	b.WriteString("<p>The harbour of Qasr reopened on Monday after three weeks of silence.</p>")
	for i := range paragraphs {
		fmt.Fprintf(&b, "<p>Paragraph %d: what pilot number %d saw from the mole while grain was weighed and the tariff argued over.</p>", i, 7*i)
	}
	return b.String()
}

const excerpt = "The harbour of Qasr reopened on Monday after three weeks of silence […]"

func pageWith(html string) feed.Page {
	return feed.Page{URL: "http://gulf.example/1", Title: feed.Plain("Harbour reopens"),
		Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(html)}}
}

// harbour is an item of an article of which the feed gives text.
func harbour(n int, text string) feed.Item {
	return feed.Item{ID: fmt.Sprintf("tag:gulf.example,2026:%d", n), Title: feed.Plain("Harbour reopens"),
		Summary: feed.Text{Value: feed.RawHTML(text)}, Published: "1999-12-30T08:00:00Z", // a bubble begins with the year 2000
		Links: []feed.Link{{Rel: "alternate", Href: fmt.Sprintf("http://gulf.example/%d", n)}}}
}

// readingStaff is staff of one source with full text, whose feed lists items when asked.
func readingStaff(t *testing.T, mode feed.FullText, r *readerFake) (*Worker, *board) {
	t.Helper()
	w, b := staff(t, map[string]sourceFunc{"gulf": nil})
	w.Desk.Reader = r
	w.Desk.Address = func(url string) (host, server string, slots int, err error) {
		if !strings.HasPrefix(url, "http://gulf.example/") {
			return "", "", 0, errors.New("no web page")
		}
		return "gulf.example", "gulf.example", 1, nil
	}
	o := w.Desk.beats["gulf"].outlet
	o.FullText = mode
	if err := w.Desk.Assign(o, func(feed.Subscription) (feed.Source, error) { return sourceFunc(nil), nil }); err != nil {
		t.Fatal(err)
	}
	return w, b
}

// pageClaim claims the page of the n-th entry.
func (b *board) pageClaim(n int64, first bool, tries int) feed.PageClaim {
	c := feed.PageClaim{Row: n, Source: "gulf", URL: fmt.Sprintf("http://gulf.example/%d", n), First: first, Tries: tries,
		Lease: feed.Lease{Host: "gulf.example", Token: "page", Until: time.Now().Add(leaseTime)}}
	b.leases["gulf.example"] = c.Lease
	return c
}

// readPage has a page asked for, and gives the report.
func readPage(t *testing.T, w *Worker, b *board, claim feed.PageClaim) feed.PageReport {
	t.Helper()
	if _, _, err := w.page(t.Context(), claim); err != nil {
		t.Fatal(err)
	}
	return b.pageReports[len(b.pageReports)-1]
}

func TestNewArticlesWaitForTheirPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := readingStaff(t, feed.FullTextAuto, &readerFake{version: "1"})
		elsewhere := harbour(3, excerpt)
		elsewhere.Links[0].Href = "mailto:desk@gulf.example"
		r := list(t, w, b, front, harbour(1, excerpt), elsewhere)
		a := r.Arrivals[0]
		if a.Standing != feed.Pending || a.Ask == nil || a.Ask.URL != "http://gulf.example/1" || a.Ask.Host != "gulf.example" ||
			!a.Ask.Due.Equal(time.Now()) || a.Ask.Until.Sub(a.Ask.Due) != 10*time.Minute {
			t.Errorf("the article came as %q, asking %+v", a.Standing, a.Ask)
		}
		if a := r.Arrivals[1]; a.Standing != feed.Shown || a.Ask != nil {
			t.Errorf("an article without a page came as %q, asking %+v", a.Standing, a.Ask)
		}
		if news := withNews(feed.History{}, r.Arrivals[:1], false, time.Now()).News; len(news) != 1 {
			t.Errorf("what waits is no news: %v", news)
		}
	})
}

func TestAnArticleThatIsHeldAsksOnlyOnceItIsLetGo(t *testing.T) {
	arrivals := []feed.Arrival{{Standing: feed.Held, Ask: &feed.PageAsk{Due: time.Now(), Until: time.Now()}},
		{Standing: feed.Backlog, Ask: &feed.PageAsk{Due: time.Now(), Until: time.Now()}}, {Row: 7, Ask: &feed.PageAsk{Due: time.Now()}}}
	await(arrivals)
	for i, a := range arrivals[:2] {
		if !a.Ask.Due.IsZero() || !a.Ask.Until.IsZero() || a.Standing == feed.Pending {
			t.Errorf("%d: %q asks %+v", i, a.Standing, a.Ask)
		}
	}
	if a := arrivals[2]; a.Ask.Due.IsZero() || a.Standing != feed.Shown {
		t.Errorf("a changed article: %q asks %+v", a.Standing, a.Ask)
	}
}

// TestWhatComesOfAPage: what is asked when, and what becomes of the article, for all that
// a page may be.
func TestWhatComesOfAPage(t *testing.T) {
	good := pageWith(wholeText(30))
	wall := good
	wall.Wall = "a consent page"
	for _, tc := range []struct {
		name    string
		page    feed.Page
		err     error
		tries   int
		verdict feed.PageVerdict
		says    string
		next    time.Duration // 0 is never
		whole   bool          // the article has the page's text
		waits   bool          // it goes on waiting
	}{
		{"the whole", good, nil, 0, feed.PageUsed, "the page's text", 0, true, false},
		{"a wall", wall, nil, 0, feed.PageRefused, "a consent page", time.Hour, false, false},
		{"a wall again", wall, nil, 1, feed.PageRefused, "a consent page", 6 * time.Hour, false, false},
		{"a wall, a third time", wall, nil, 2, feed.PageRefused, "a consent page", 24 * time.Hour, false, false},
		{"a wall, a fourth time", wall, nil, 3, feed.PageRefused, "a consent page", 3 * 24 * time.Hour, false, false},
		{"a wall for ever", wall, nil, 4, feed.PageRefused, "a consent page", 0, false, false},
		{"500", feed.Page{}, &feed.Error{Kind: feed.KindServer, Text: "the server answered 500"}, 0, feed.PageFailed, "answered 500", time.Hour, false, false},
		{"robots.txt", feed.Page{}, &feed.Error{Kind: feed.KindRobots, Text: "robots.txt does not allow it"}, 0, feed.PageFailed, "robots.txt", 0, false, false},
		{"404", feed.Page{}, &feed.Error{Kind: feed.KindMissing, Text: "the server answered 404"}, 0, feed.PageFailed, "404", 0, false, false},
		{"410", feed.Page{}, &feed.Error{Kind: feed.KindGone, Text: "the server answered 410"}, 0, feed.PageFailed, "410", 0, false, false},
		{"429", feed.Page{}, &feed.Error{Kind: feed.KindHeld, Text: "429", RetryAfter: 3 * time.Hour, Server: "gulf.example"}, 0, feed.PageFailed, "429", 3 * time.Hour, false, false},
		{"a busy host on the way", feed.Page{}, &feed.Error{Kind: feed.KindBusy, Text: "others kept it busy"}, 0, feed.PageFailed, "busy", busyDelay, false, true},
		{"a panic", feed.Page{}, nil, 0, feed.PageFailed, "panic", time.Hour, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &readerFake{version: "7", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) {
					if tc.name == "a panic" {
						panic("mad")
					}
					return tc.page, tc.err
				}}
				w, b := readingStaff(t, feed.FullTextAuto, r)
				list(t, w, b, front, harbour(1, excerpt))
				b.stored[0].Apart = &feed.Apart{Standing: feed.Pending}
				before := b.stored[0].Entry
				got := readPage(t, w, b, b.pageClaim(1, tc.tries == 0, tc.tries))
				if got.Verdict != tc.verdict || !strings.Contains(got.Why, tc.says) {
					t.Errorf("the verdict is %q: %s", got.Verdict, got.Why)
				}
				next := time.Duration(0)
				if !got.Next.IsZero() {
					next = time.Until(got.Next)
				}
				if next != tc.next || got.Waits != tc.waits {
					t.Errorf("it is asked for again after %s, and waits: %t", next, got.Waits)
				}
				if joins := len(got.Made) == 1 && got.Made[0].Row == 1 && len(got.Made[0].Members) == 2; joins == tc.waits {
					t.Errorf("what is made: %+v", got.Made)
				}
				e := b.stored[0].Entry
				if whole := strings.Contains(string(e.Content), "Paragraph 29"); whole != tc.whole {
					t.Errorf("it shows %s%s", e.Content, e.Summary)
				}
				if e.ID != before.ID || !e.Updated.Equal(before.Updated) || !e.SortAt.Equal(before.SortAt) || !e.Published.Equal(before.Published) {
					t.Errorf("it was %+v and became %+v", before, e)
				}
				if tc.page.Content.Value != "" && (got.Reader != "7" || len(got.Leaves) != 1) {
					t.Errorf("what is kept: %q, %d leaves", got.Reader, len(got.Leaves))
				}
				if held := got.Hold.Server == "gulf.example"; held != (tc.name == "429") {
					t.Errorf("the hold is %+v", got.Hold)
				}
				if free := time.Until(b.free["gulf.example"]); free != 2*time.Second {
					t.Errorf("its host rests for %s", free)
				}
			})
		})
	}
}

// shown stores an article whose page's text is shown.
func (b *board) shown(t *testing.T, w *Worker, html string) {
	t.Helper()
	page := pageWith(html)
	page.Reader = "1"
	s := &b.stored[0]
	s.Reading = &feed.Reading{URL: "http://gulf.example/1", Verdict: feed.PageUsed, Asked: time.Now(), Reader: "1", Page: &page, Shown: true, Leaves: true}
	made, err := w.makeOf("gulf", s.Sightings, sheet{&page, true}, s.Entry.FirstSeen)
	if err != nil {
		t.Fatal(err)
	}
	s.Entry = Keep(s.Entry, made.Entry)
	s.Made = w.Desk.Recipe("gulf")
}

// TestWhatIsShownIsNeverMadeWorse: later pages that are poorer, walled or of another
// article change nothing; one that says more or otherwise does, and counts as an update.
func TestWhatIsShownIsNeverMadeWorse(t *testing.T) {
	walled := pageWith(wholeText(60))
	walled.Wall = "a paywall"
	other := pageWith(strings.Repeat("<p>Vegetables were planted in highland valleys by gardeners.</p>", 60))
	other.Title = feed.Plain("Turnips")
	for _, tc := range []struct {
		name             string
		page             feed.Page
		verdict          feed.PageVerdict
		changes, updates bool
	}{
		{"a third of it is missing", pageWith(wholeText(20)), feed.PageRefused, false, false},
		{"walled", walled, feed.PageRefused, false, false},
		{"another article", other, feed.PageRefused, false, false},
		{"as it was", pageWith(wholeText(30)), feed.PageUsed, false, false},
		{"other markup", pageWith("<div>" + strings.ReplaceAll(wholeText(30), "<p>", "<p class=x>") + `<p><img src="http://gulf.example/i.png"></p></div>`), feed.PageUsed, true, false},
		{"a paragraph more", pageWith(wholeText(31)), feed.PageUsed, true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &readerFake{version: "1", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) { return tc.page, nil }}
				w, b := readingStaff(t, feed.FullTextAuto, r)
				list(t, w, b, front, harbour(1, excerpt))
				b.shown(t, w, wholeText(30))
				before := b.stored[0].Entry
				time.Sleep(2 * time.Hour)
				got := readPage(t, w, b, b.pageClaim(1, false, 0))
				e := b.stored[0].Entry
				if got.Verdict != tc.verdict || (e.Content != before.Content) != tc.changes || e.Updated.Equal(before.Updated) == tc.updates {
					t.Errorf("%q: %s; updated %s to %s; it shows %s", got.Verdict, got.Why, before.Updated, e.Updated, e.Content)
				}
				// What was refused is not read again by another reader in the place of what is shown.
				if kept := got.Leaves != nil; kept != (tc.verdict == feed.PageUsed) {
					t.Errorf("what came is kept: %v", kept)
				}
			})
		})
	}
}

// A page that has no more than the feed any more does not take its earlier text away.
func TestAPageThatShrankToTheFeedsTextChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &readerFake{version: "1", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) { return pageWith(wholeText(25)), nil }}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		list(t, w, b, front, harbour(1, wholeText(25)))
		b.shown(t, w, wholeText(30))
		before := b.stored[0].Entry
		got := readPage(t, w, b, b.pageClaim(1, false, 0))
		if b.stored[0].Entry.Content != before.Content || got.Verdict != feed.PageRefused || !strings.Contains(got.Why, "the text that came before stays") {
			t.Errorf("%q: %s; it shows %s", got.Verdict, got.Why, b.stored[0].Entry.Content)
		}
	})
}

// TestTheFeedsTextReturnsOnlyIfItBecameTheFuller: a changed excerpt leaves the page's text
// where it is, and has the page asked for again.
func TestTheFeedsTextReturnsOnlyIfItBecameTheFuller(t *testing.T) {
	for name, tc := range map[string]struct {
		text  string
		whole bool
	}{
		"another excerpt":      {"Seven ferries left before noon, and the customs office was late […]", true},
		"a feed that is whole": {wholeText(60), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := readingStaff(t, feed.FullTextAuto, &readerFake{version: "1"})
				list(t, w, b, front, harbour(1, excerpt))
				b.shown(t, w, wholeText(30))
				time.Sleep(2 * time.Hour)
				r := list(t, w, b, front, harbour(1, tc.text))
				if got := string(b.stored[0].Entry.Content); strings.Contains(got, "Paragraph 59") == tc.whole || !strings.Contains(got, "Paragraph 29") {
					t.Errorf("it shows %s", got)
				}
				if ask := r.Arrivals[0].Ask; ask == nil || !ask.Due.Equal(time.Now()) || ask.Rest != pageRest || r.Arrivals[0].Standing != feed.Shown {
					t.Errorf("it asks %+v as %q", ask, r.Arrivals[0].Standing)
				}
			})
		})
	}
}

func TestWhichChangesOfAnItemAskForItsPage(t *testing.T) {
	counted := func(n int) feed.Item {
		it := harbour(1, excerpt)
		it.CommentCount = n
		return it
	}
	dated := harbour(1, excerpt)
	dated.Updated = "1999-12-31T08:00:00Z"
	for _, tc := range []struct {
		name    string
		item    feed.Item
		reading *feed.Reading
		apart   *feed.Apart
		rest    time.Duration // 0 is that it does not ask
		parked  bool
	}{
		{"a counter", counted(9), nil, nil, 0, false},
		{"its text", harbour(1, excerpt+" And more […]"), nil, nil, pageRest, false},
		{"its date", dated, nil, nil, datedRest, false},
		{"its text, and robots.txt forbids the page", harbour(1, excerpt+" And more […]"),
			&feed.Reading{URL: "http://gulf.example/1", Verdict: feed.PageFailed, Kind: feed.KindRobots}, nil, 0, false},
		{"its text, and the page was given up", harbour(1, excerpt+" And more […]"),
			&feed.Reading{URL: "http://gulf.example/1", Verdict: feed.PageFailed, Kind: feed.KindServer}, nil, pageRest, false},
		{"its text, while it is withdrawn", harbour(1, excerpt+" And more […]"), nil, &feed.Apart{Standing: feed.Withdrawn}, pageRest, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := readingStaff(t, feed.FullTextAuto, &readerFake{version: "1"})
				list(t, w, b, front, harbour(1, excerpt))
				b.stored[0].Reading, b.stored[0].Apart = tc.reading, tc.apart
				time.Sleep(2 * time.Hour)
				r := list(t, w, b, front, tc.item)
				ask := r.Arrivals[0].Ask
				switch {
				case (ask != nil) != (tc.rest > 0):
					t.Errorf("it asks %+v", ask)
				case ask != nil && (ask.Rest != tc.rest || ask.Due.IsZero() != tc.parked):
					t.Errorf("it asks %+v", ask)
				}
			})
		})
	}
}

// TestTheSameTextAsOtherPagesIsNoArticles: the third page with one text is refused, and
// the first two lose it.
func TestTheSameTextAsOtherPagesIsNoArticles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		consent := pageWith("<p>The harbour of Qasr reopened on Monday. " + strings.Repeat("We and our 849 partners value privacy. ", 40) + "</p>")
		r := &readerFake{version: "1", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) { return consent, nil }}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		list(t, w, b, front, harbour(1, excerpt), harbour(2, excerpt+" Also two."), harbour(3, excerpt+" Also three."))
		for row := range int64(2) {
			got := readPage(t, w, b, b.pageClaim(row+1, true, 0))
			if got.Verdict != feed.PageUsed {
				t.Fatalf("page %d: %q: %s", row+1, got.Verdict, got.Why)
			}
			b.stored[row].Reading = &feed.Reading{Verdict: feed.PageUsed, Page: got.Made[0].Reread.Page, Shown: true, Reader: "1"}
			b.twins = append(b.twins, feed.Twin{Row: row + 1, URL: fmt.Sprint("http://gulf.example/", row+1), Shown: true})
		}
		got := readPage(t, w, b, b.pageClaim(3, true, 0))
		if got.Verdict != feed.PageTwin || !strings.Contains(got.Why, "same text as other pages") || len(got.Made) != 2 ||
			!got.Next.Equal(time.Now().Add(time.Hour)) {
			t.Fatalf("%q: %s; %d are made again", got.Verdict, got.Why, len(got.Made))
		}
		for i, a := range got.Made {
			if strings.Contains(string(a.Entry.Content), "privacy") || a.Reread.Verdict != feed.PageTwin || a.Reread.Page != nil || a.Reread.Next.IsZero() {
				t.Errorf("%d: %+v; it shows %s", i, a.Reread, a.Entry.Content)
			}
		}
		// One address listed twice is no sign of that.
		b.twins[1].URL = b.twins[0].URL
		if got := readPage(t, w, b, b.pageClaim(3, true, 0)); got.Verdict != feed.PageUsed {
			t.Errorf("%q: %s", got.Verdict, got.Why)
		}
	})
}

func TestAPageOfASourceThatTurnedOutWholeIsNotAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &readerFake{version: "1"}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		list(t, w, b, front, harbour(1, wholeText(30)))
		b.stored[0].Apart = &feed.Apart{Standing: feed.Pending}
		b.stored[0].Reading = &feed.Reading{}
		b.stored[0].Entry.ID = "urn:x" // which is none of those that are still compared
		claim := b.pageClaim(1, true, 0)
		claim.Spare = normalise.SpareRow
		got := readPage(t, w, b, claim)
		if got.Verdict != feed.PageSkipped || !got.Asked.IsZero() || len(got.Made) != 1 || len(r.asked) != 0 {
			t.Errorf("%q after %d requests, %d made", got.Verdict, len(r.asked), len(got.Made))
		}
	})
}

func TestAPageIsWorkedOutAnewIfItsArticleWasWrittenMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &readerFake{version: "1", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) { return pageWith(wholeText(30)), nil }}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		list(t, w, b, front, harbour(1, excerpt))
		b.moved = 2
		got := readPage(t, w, b, b.pageClaim(1, true, 0))
		if len(r.asked) != 1 || got.Made[0].Revision != b.stored[0].Revision {
			t.Errorf("%d requests, revision %d of %d", len(r.asked), got.Made[0].Revision, b.stored[0].Revision)
		}
		b.moved = 100
		if _, _, err := w.page(t.Context(), b.pageClaim(1, true, 0)); feed.KindOf(err) != feed.KindBusy {
			t.Errorf("it goes on for ever: %v", err)
		}
	})
}

// TestAPageThatMakesUsPanicIsAFailure: it is not asked for again and again.
func TestAPageThatMakesUsPanicIsAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &readerFake{version: "1", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) { return pageWith(wholeText(30)), nil }}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		list(t, w, b, front, harbour(1, excerpt))
		w.Desk.Router = nil // what is made of the page cannot be routed
		got := readPage(t, w, b, b.pageClaim(1, true, 0))
		if got.Verdict != feed.PageFailed || got.Kind != feed.KindBug || !got.Next.Equal(time.Now().Add(time.Hour)) || got.Leaves != nil {
			t.Errorf("%q of kind %q, next in %s", got.Verdict, got.Kind, time.Until(got.Next))
		}
	})
}

// TestAnotherReaderReadsWhatIsKept: without a request, and without an update.
func TestAnotherReaderReadsWhatIsKept(t *testing.T) {
	for name, tc := range map[string]struct {
		again func([]feed.Leaf) (feed.Page, error)
		want  string // is in what is shown
		reads string // version noted; empty if nothing is
	}{
		"it reads better":      {func([]feed.Leaf) (feed.Page, error) { return pageWith(wholeText(33)), nil }, "Paragraph 32", "2"},
		"it reads nothing":     {func([]feed.Leaf) (feed.Page, error) { return pageWith(""), nil }, "Paragraph 29", "2"},
		"it fails":             {func([]feed.Leaf) (feed.Page, error) { return feed.Page{}, errors.New("no") }, "Paragraph 29", ""},
		"it panics":            {func([]feed.Leaf) (feed.Page, error) { panic("mad") }, "Paragraph 29", ""},
		"nothing more is kept": {nil, "Paragraph 29", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &readerFake{version: "1", again: tc.again}
				w, b := readingStaff(t, feed.FullTextAuto, r)
				list(t, w, b, front, harbour(1, excerpt))
				b.shown(t, w, wholeText(30))
				b.stored[0].Reading.Leaves = tc.again != nil
				r.version = "2"
				o := w.Desk.beats["gulf"].outlet
				if err := w.Desk.Assign(o, func(feed.Subscription) (feed.Source, error) { return sourceFunc(nil), nil }); err != nil {
					t.Fatal(err)
				}
				time.Sleep(100 * time.Hour)
				b.outdated = b.stored
				before := b.stored[0].Entry
				if n, err := w.Remake(t.Context()); err != nil || n != 1 {
					t.Fatal(n, err)
				}
				a := b.remade[0]
				if !strings.Contains(string(a.Entry.Content), tc.want) || !a.Entry.Updated.Equal(before.Updated) || a.Entry.ID != before.ID || len(r.asked) != 0 {
					t.Errorf("after %d requests it shows %s", len(r.asked), a.Entry.Content)
				}
				switch {
				case tc.reads == "" && a.Reread != nil:
					t.Errorf("it is noted that %+v", a.Reread)
				case tc.reads != "" && (a.Reread.Reader != tc.reads || a.Reread.Chosen == ""):
					t.Errorf("it is noted that %+v", a.Reread)
				}
			})
		})
	}
}

func TestFullTextThatIsSwitchedOffLeavesTheFeedsText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := readingStaff(t, feed.FullTextAuto, &readerFake{version: "1"})
		list(t, w, b, front, harbour(1, excerpt))
		b.shown(t, w, wholeText(30))
		o := w.Desk.beats["gulf"].outlet
		o.FullText = feed.FullTextNever
		if err := w.Desk.Assign(o, func(feed.Subscription) (feed.Source, error) { return sourceFunc(nil), nil }); err != nil {
			t.Fatal(err)
		}
		b.outdated = b.stored
		if n, err := w.Remake(t.Context()); err != nil || n != 1 || strings.Contains(string(b.remade[0].Entry.Content), "Paragraph") {
			t.Errorf("%d are made anew, %v: %s", n, err, b.remade[0].Entry.Content)
		}
	})
}

// TestAPassTakesPagesAndWhatWaitedTooLong: pages are work like feeds, in turn with them,
// and each has one line in the log.
func TestAPassTakesPagesAndWhatWaitedTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &readerFake{version: "1", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) {
			return feed.Page{}, &feed.Error{Kind: feed.KindServer, Text: "the server answered 500"}
		}}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		b.due = nil
		var log bytes.Buffer
		w.Log = slog.New(slog.NewTextHandler(&log, nil))
		list(t, w, b, front, harbour(1, excerpt), harbour(2, excerpt))
		for row := range int64(2) {
			c := b.pageClaim(row+1, true, 0)
			delete(b.leases, "gulf.example")
			b.pages = append(b.pages, c)
		}
		b.ripe = []feed.Stored{b.stored[0]}
		told := 0
		w.OnPage = func(p PageRead) {
			if told++; p.Verdict != feed.PageFailed || p.Kind != feed.KindServer {
				t.Errorf("told %+v", p)
			}
		}
		start := time.Now()
		if _, err := w.Pass(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); told != 2 || len(b.remade) != 1 || took < 2*time.Second || took > 5*time.Second {
			t.Errorf("%d pages were told of and %d articles joined in %s", told, len(b.remade), took)
		}
		if lines := strings.Count(log.String(), "msg=page "); lines != 2 || !strings.Contains(log.String(), "kind=server") {
			t.Errorf("the log:\n%s", log.String())
		}
	})
}

// TestAPassLeavesPagesToTheNextOne: it does not go on for as long as there are some.
func TestAPassLeavesPagesToTheNextOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &readerFake{version: "1", read: func(context.Context, feed.Gate, feed.Errand) (feed.Page, error) { return pageWith(wholeText(9)), nil }}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		b.due = nil
		list(t, w, b, front, harbour(1, excerpt))
		c := b.pageClaim(1, false, 0)
		delete(b.leases, "gulf.example")
		for range 1000 {
			b.pages = append(b.pages, c)
		}
		start := time.Now()
		if left, err := w.Pass(t.Context(), nil); err != nil || left != 0 {
			t.Fatal(left, err)
		}
		if took := time.Since(start); took < feed.PageWait || took > feed.PageWait+time.Minute || len(b.pages) < 600 {
			t.Errorf("it ended after %s, and left %d pages", took, len(b.pages))
		}
		if !b.feedsOnly {
			t.Error("once it takes no more pages, feeds still wait for their turn")
		}
	})
}

func TestAPageThatHangsIsCutOffWhenRunEndsAndIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &readerFake{version: "1", read: func(ctx context.Context, _ feed.Gate, _ feed.Errand) (feed.Page, error) {
			<-ctx.Done()
			return feed.Page{}, &feed.Error{Kind: feed.KindUnreachable, Text: "the connection broke"}
		}}
		w, b := readingStaff(t, feed.FullTextAuto, r)
		b.due = nil
		list(t, w, b, front, harbour(1, excerpt))
		c := b.pageClaim(1, true, 0)
		delete(b.leases, "gulf.example")
		b.pages = []feed.PageClaim{c}
		if took := stop(t, w, time.Minute); took > pollGrace+finishTime {
			t.Errorf("it ended after %s", took)
		}
		if len(b.pageReports) != 0 || len(b.leases) != 0 {
			t.Errorf("%d reports, leases %v", len(b.pageReports), b.leases)
		}
	})
}
