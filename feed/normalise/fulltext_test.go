package normalise

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// report is a whole article of n paragraphs about a harbour.
func report(n int) string {
	var b strings.Builder
	b.WriteString("<p>The harbour of Qasr reopened on Monday after three weeks of silence, and seven ferries left before noon.</p>")
	for i := range n - 1 {
		fmt.Fprintf(&b, "<p>Paragraph %d tells what pilot number %d saw from the mole while the grain was weighed and the tariff argued over.</p>", i, i*7)
	}
	return b.String()
}

// excerptOf is how a feed begins to tell it.
const excerptOf = "The harbour of Qasr reopened on Monday after three weeks of silence, and seven […]"

func pageOf(html string) *feed.Page {
	return &feed.Page{URL: "https://paper.example/a", Title: feed.Plain("Harbour of Qasr reopens – The Paper"),
		Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(html), Base: "https://paper.example/a"}}
}

func itemOf(text string) feed.Item {
	return feed.Item{Title: feed.Plain("Harbour of Qasr reopens"), Summary: feed.Text{Value: feed.RawHTML(text)},
		Links: []feed.Link{{Rel: "alternate", Href: "https://paper.example/a"}}}
}

// choose makes an entry of an item and a page.
func choose(t *testing.T, item feed.Item, page *feed.Page, mode feed.FullText, shown bool) Result {
	t.Helper()
	got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, Outlet: feed.Outlet{FullText: mode}, Page: page,
		PageShown: shown, FirstSeen: seenTest})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTheGateChoosesBetweenFeedAndPage(t *testing.T) {
	walled := pageOf(report(9))
	walled.Wall = "a consent page"
	untitled := pageOf("<p>Something quite different about turnips, parsnips, marrows, gardening, compost and the weather of highland valleys.</p>" + strings.Repeat("<p>More vegetables were planted in highland valleys by gardeners.</p>", 30))
	untitled.Title = feed.Plain("Turnips")
	index := pageOf(strings.Repeat("<p>More vegetables were planted in highland valleys by gardeners.</p>", 40))
	whole := report(12)
	rewritten := "Ferries sail from Qasr again: what pilots, weighers and customs clerks remember of silent weeks, told from the mole"
	for _, tc := range []struct {
		name  string
		feed  string
		page  *feed.Page
		mode  feed.FullText
		shown bool
		want  feed.PageVerdict
		says  string
	}{
		{"an excerpt, and the whole", excerptOf, pageOf(whole), feed.FullTextAuto, false, feed.PageUsed, "the page's text"},
		{"no text, and the whole", "", pageOf(whole), feed.FullTextAuto, false, feed.PageUsed, "the page's text"},
		{"an excerpt written for the feed, under the same title", rewritten, pageOf(whole), feed.FullTextAuto, false, feed.PageUsed, "the page's text"},
		{"a consent page", excerptOf, walled, feed.FullTextAlways, false, feed.PageRefused, "a consent page"},
		{"nothing", excerptOf, pageOf("<p> </p>"), feed.FullTextAlways, false, feed.PageRefused, "no text"},
		{"a part of it", whole, pageOf(report(7)), feed.FullTextAlways, false, feed.PageRefused, "less text than the feed"},
		{"the excerpt alone", excerptOf, pageOf("<p>The harbour of Qasr reopened on Monday after three weeks of silence, and seven</p>"), feed.FullTextAuto, false, feed.PageRefused, "no more text than the excerpt"},
		{"another article, as redirects lead to", excerptOf, untitled, feed.FullTextAlways, false, feed.PageRefused, "another article"},
		{"an index page under its title", excerptOf, index, feed.FullTextAlways, false, feed.PageRefused, "another article"},
		{"the whole twice", whole, pageOf(whole), feed.FullTextAuto, false, feed.PageSame, "no more text than the feed"},
		{"the whole twice, and the page wanted", whole, pageOf(whole), feed.FullTextAlways, false, feed.PageUsed, "the page's text"},
		{"the whole less a caption, and the page wanted", whole, pageOf(report(12)[:len(report(12))-40]), feed.FullTextAlways, false, feed.PageSame, "whose text stays"},
		{"the whole and a footer in the feed", whole + "<p>The post Harbour of Qasr reopens appeared first on The Paper.</p>", pageOf(whole), feed.FullTextAlways, false, feed.PageUsed, "the page's text"},
		// What is shown gives way to fuller text only, whatever the feed says now.
		{"shown, and the excerpt is another now", rewritten + " again and again", pageOf(whole), feed.FullTextAuto, true, feed.PageUsed, "the page's text"},
		{"shown, and the feed became fuller", report(20), pageOf(whole), feed.FullTextAuto, true, feed.PageSame, "became fuller"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := choose(t, itemOf(tc.feed), tc.page, tc.mode, tc.shown)
			if got.Choice.Verdict != tc.want || !strings.Contains(got.Choice.Why, tc.says) {
				t.Errorf("chose %+v", got.Choice)
			}
			if got.Notes[0].Step != "fulltext" || got.Notes[0].Text != got.Choice.Why {
				t.Errorf("the first note is %+v", got.Notes[0])
			}
			page := strings.Contains(string(got.Entry.Content), "Paragraph") || tc.feed == whole
			if page != (tc.want == feed.PageUsed) && !strings.Contains(tc.feed, "Paragraph") {
				t.Errorf("it shows %s", got.Entry.Content)
			}
		})
	}
}

// A link blog points at articles of others, often under their own titles: what it has to
// say of them is its article.
func TestWhatALinkBlogSaysStays(t *testing.T) {
	own := "<p>Qasr is open again.</p><blockquote>The harbour of Qasr reopened on Monday after three weeks of silence</blockquote>" +
		"<p>It smelled of rust when I was there; my money says that the old chain belongs in a museum.</p>"
	at := func(home, text string) feed.Item {
		item := itemOf("")
		item.Content, item.Channel.Link = feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(text)}, home
		return item
	}
	whole := pageOf("<p>The harbour of Qasr reopened on Monday after three weeks of silence, and seven ferries sailed.</p>" + report(12))
	for _, tc := range []struct {
		name, home, text string
		mode             feed.FullText
		want             feed.PageVerdict
	}{
		{"its own words, and a quotation", "https://jo.example/", own, feed.FullTextAuto, feed.PageRefused},
		{"the operator wants the page whatever it says", "https://jo.example/", own, feed.FullTextAlways, feed.PageUsed},
		{"the beginning of the article", "https://digest.example/", excerptOf, feed.FullTextAuto, feed.PageUsed},
		{"nothing but a pointer", "https://digest.example/", "<a href='/talk'>Comments</a>", feed.FullTextAuto, feed.PageUsed},
		{"an introduction of the paper's own", "https://www.paper.example/", own, feed.FullTextAuto, feed.PageUsed},
	} {
		got := choose(t, at(tc.home, tc.text), whole, tc.mode, false)
		if got.Choice.Verdict != tc.want {
			t.Errorf("%s: chose %+v", tc.name, got.Choice)
		}
		if tc.want == feed.PageRefused && !strings.Contains(string(got.Entry.Content), "museum") {
			t.Errorf("%s: it shows %s", tc.name, got.Entry.Content)
		}
	}
}

func TestScriptsWithoutSpacesAreComparedToo(t *testing.T) {
	item := feed.Item{Title: feed.Plain("港が再開"), Summary: feed.Text{Value: "カスルの港は月曜日に三週間ぶりに再開し、正午までに七隻のフェリーが出港した。"}}
	own := "<p>カスルの港は月曜日に三週間ぶりに再開し、正午までに七隻のフェリーが出港した。</p>" + strings.Repeat("<p>水先人は穀物の計量を見守り、関税について話し合った。</p>", 20)
	other := strings.Repeat("<p>山の庭師は谷に野菜を植え、天気を心配していると語った。</p>", 30)
	for html, want := range map[string]feed.PageVerdict{own: feed.PageUsed, other: feed.PageRefused} {
		page := pageOf(html)
		page.Title = feed.Text{}
		if got := choose(t, item, page, feed.FullTextAuto, false); got.Choice.Verdict != want {
			t.Errorf("chose %+v, want %s", got.Choice, want)
		}
	}
}

func TestThePageFillsInWhatTheFeedLacks(t *testing.T) {
	page := pageOf(report(12))
	page.Authors = []feed.Person{{Name: "By Noor Haddad"}}
	page.Categories = []feed.Category{{Term: "Trade"}, {Term: "Middle East"}, {Term: "trade"}}
	page.Published, page.Language, page.Image = "2026-02-20T08:00:00Z", "en-GB", "https://paper.example/a.jpg"
	page.Canonical = "https://wire.example/a"
	e := choose(t, itemOf(excerptOf), page, feed.FullTextAuto, false).Entry
	got := []any{e.Authors, e.Categories, e.Published, e.Undated, e.Language, e.Image, e.Canonical, e.Link}
	want := []any{[]feed.Person{{Name: "Noor Haddad"}}, []feed.Category{{Term: "Trade"}, {Term: "Middle East"}},
		seenTest, true, // dates are fixed when an article arrives, before its page is read
		"en-GB", "https://paper.example/a.jpg", "https://wire.example/a", "https://paper.example/a"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	own := itemOf(excerptOf)
	own.Authors, own.Published, own.Language = []feed.Person{{Name: "Ada Quay"}}, "2026-02-01T00:00:00Z", "fr"
	own.Image, own.Categories = "https://paper.example/own.jpg", []feed.Category{{Term: "Ports"}}
	page.Canonical = "https://paper.example/" // of the whole site: that is no article
	sighting := []feed.Sighting{{Item: own}}
	made, err := Make(Input{Sightings: sighting, Page: page, FirstSeen: seenTest})
	if err != nil {
		t.Fatal(err)
	}
	e = made.Entry
	got = []any{e.Authors[0].Name, e.Categories, e.Published.Day(), e.Language, e.Image, e.Canonical}
	want = []any{"Ada Quay", []feed.Category{{Term: "Ports"}, {Term: "Trade"}, {Term: "Middle East"}}, 1, "fr", "https://paper.example/own.jpg", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(sighting[0].Item.Categories) != 1 {
		t.Error("the item itself was changed")
	}
	// A page that is refused says nothing of the article.
	page.Wall = "a consent page"
	if e := choose(t, itemOf(excerptOf), page, feed.FullTextAuto, false).Entry; len(e.Authors)+len(e.Categories) > 0 || !e.Undated {
		t.Errorf("a refused page filled in %+v", e)
	}
}

func TestWhichPagesAreWanted(t *testing.T) {
	entry := func(text string) feed.Entry {
		return feed.Entry{ID: "urn:x", Link: "https://paper.example/a", Content: feed.HTML(text)}
	}
	whole := report(12)
	linkless := entry("")
	linkless.Link = ""
	summary := feed.Entry{ID: "urn:x", Link: "https://paper.example/a", Summary: PlainText(feed.HTML(whole))}
	for _, tc := range []struct {
		name  string
		mode  feed.FullText
		e     feed.Entry
		spare int
		want  bool
	}{
		{"never", feed.FullTextNever, entry(""), 0, false},
		{"always", feed.FullTextAlways, entry(whole), 9, true},
		{"always, without a link", feed.FullTextAlways, linkless, 0, false},
		{"nothing in the feed", feed.FullTextAuto, entry(""), 9, true},
		{"little in the feed", feed.FullTextAuto, entry("<p>Rain.</p>"), 9, true},
		{"long, but it ends as excerpts do", feed.FullTextAuto, entry(whole + "<p>And then […]</p>"), 9, true},
		{"long, with read more under it", feed.FullTextAuto, entry(whole + `<p>And then <a href="/a">Read the full story →</a></p>`), 9, true},
		{"whole, with what blogs put under it", feed.FullTextAuto, entry(whole + "<p>The post Harbour appeared first on Paper.</p>"), 9, false},
		{"whole, of a source that is not known yet", feed.FullTextAuto, entry(whole), 2, true},
		{"whole, of a source that is known to be", feed.FullTextAuto, entry(whole), 3, false},
		{"whole, as a summary", feed.FullTextAuto, summary, 3, false},
	} {
		if got := Wants(tc.mode, tc.e, Record{Spare: tc.spare}); got != tc.want {
			t.Errorf("%s: %t", tc.name, got)
		}
	}
	compared := 0
	for i := range 1000 {
		e := entry(whole)
		e.ID = fmt.Sprintf("urn:%d", i)
		if Wants(feed.FullTextAuto, e, Record{Spare: 3}) {
			compared++
		}
	}
	if compared < 60 || compared > 140 {
		t.Errorf("of 1000 articles of a whole feed %d are compared, want about every tenth", compared)
	}
}

func TestALaterPageIsPoorer(t *testing.T) {
	was, cut, corrected := pageOf(report(12)), pageOf(report(8)), pageOf(report(11))
	if why := Poorer(*was, *cut); !strings.Contains(why, "less text than before") {
		t.Errorf("a third is missing: %q", why)
	}
	if why := Poorer(*was, *corrected); why != "" {
		t.Errorf("a paragraph was taken out: %q", why)
	}
	if Print(*was) == Print(*cut) || Print(*was) != Print(*pageOf(strings.ToUpper(report(12)))) || Print(*pageOf(" <p>–</p>")) != "" {
		t.Error("prints do not tell texts apart by their letters")
	}
}

// The page's text passes the sanitiser as the feed's does (T-09).
func TestAPageIsCleanedAsFeedsAre(t *testing.T) {
	page := pageOf(report(12) + `<script>alert(1)</script><p onclick="x()">Last <a href="/b">word</a></p><img src="//img.example/1.jpg" onerror=x>`)
	got := string(choose(t, itemOf(excerptOf), page, feed.FullTextAuto, false).Entry.Content)
	for _, bad := range []string{"script", "onclick", "onerror", "alert"} {
		if strings.Contains(got, bad) {
			t.Errorf("%s was left in", bad)
		}
	}
	if !strings.Contains(got, `href="https://paper.example/b"`) || !strings.Contains(got, "https://img.example/1.jpg") {
		t.Errorf("references were not resolved: %s", got[len(got)-300:])
	}
}

// FuzzFullText: whatever a page and a feed say, the gate chooses, and what it chooses is
// safe to publish (T-09).
func FuzzFullText(f *testing.F) {
	f.Add(report(3), excerptOf, false)
	f.Add("<p>港が再開し、三週間ぶりに</p>", "港が再開 […]", true)
	f.Add("<script>x</script><svg><p>\x00", "&amp;amp; <b", false)
	f.Fuzz(func(t *testing.T, html, text string, shown bool) {
		page := pageOf(html)
		page.Canonical, page.Image, page.Language = html, html, text
		made, err := Make(Input{Sightings: []feed.Sighting{{Item: itemOf(text)}}, Outlet: feed.Outlet{FullText: feed.FullTextAuto},
			Page: page, PageShown: shown, FirstSeen: seenTest})
		if err != nil {
			t.Fatal(err)
		}
		if v := made.Choice.Verdict; v != feed.PageUsed && v != feed.PageSame && v != feed.PageRefused || made.Choice.Why == "" {
			t.Fatalf("it chose %+v", made.Choice)
		}
		if again := gate.Sanitize(string(made.Entry.Content)); strings.TrimSpace(again) != string(made.Entry.Content) {
			t.Fatalf("it shows what is not safe:\n%s\n%s", made.Entry.Content, again)
		}
		_, _ = Print(*page), Poorer(*page, *page)
	})
}

// What the gate adds to the cost of a page of the largest size that is read stays within what
// a limit may cost, whatever the page holds (T-09).
func TestTheGateCostsLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("measures")
	}
	words := strings.Repeat("harbour grain pilot tariff ", maxMarkup/27)
	different := strings.Builder{}
	for i := 0; different.Len() < maxMarkup; i++ {
		fmt.Fprintf(&different, "%x ", i)
	}
	for name, html := range map[string]string{
		"words": "<p>" + words, "different words": "<p>" + different.String(), "one word": strings.Repeat("é", maxMarkup/2),
		"ideographs": strings.Repeat("港が再開し", maxMarkup/15), "tags": strings.Repeat("<b>x", maxMarkup/4), "dots": strings.Repeat(" …", maxMarkup/4),
	} {
		page := pageOf(html)
		d := &draft{in: Input{Sightings: []feed.Sighting{{Item: itemOf(html)}}, Page: page}, item: itemOf(html)}
		cost.Within(t, 2*time.Second, func() {
			fulltext(d)
			if d.choice.Verdict == feed.PageUnread {
				t.Errorf("%s: nothing was chosen", name)
			}
		})
	}
}
