package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/internal/fakeweb"
)

// The article of the newspaper theme: what of it must be published, in order.
var (
	themeParagraphs = []string{
		"The first grain ships in three weeks left the roads of Halmoor on Sunday morning, hours after the ports on both sides of the ocean had agreed on a single tariff for the winter.",
		"Pilots said that the fog had lifted just before dawn, and that all eleven ships were through the narrows by nine. Nobody waved from the mole, because nobody had been told.",
		"The tariff, worked out over four nights in a hotel above the fish market, sets one price a ton for every harbour from Halmoor to the Skerry Isles, whatever the flag.",
		"Shippers had asked for two prices. They got one, and a promise that it will be looked at again in April, when the ice is gone and the southern harvest is known.",
		"In the quarter behind the docks the bakers were the first to hear of it. By noon a loaf cost what it had cost in September.",
		"The customs clerks, who had counted empty quays for twenty-two days, asked for their overtime in advance this time.",
	}
	themeHeadings = []string{"One price a ton", "What the bakers say"}
)

const themeExcerpt = "The first grain ships in three weeks left the roads of Halmoor on Sunday morning, hours after the ports on both sides of the ocean had agreed […]"

// themePage is an article as newspaper themes lay it out, with all that they put around
// and into it.
func themePage() []byte {
	p := func(i int) string { return "<p>" + themeParagraphs[i] + "</p>\n" }
	return []byte(`<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Grain ships sail again - The Halmoor Courier</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="The Halmoor Courier">
<meta property="og:title" content="Grain ships sail again">
<meta property="article:published_time" content="2026-11-22T08:00:00+00:00">
</head><body class="single single-post">
<header class="site-header"><a class="logo" href="/">The Halmoor Courier</a>
<nav class="main-nav"><ul><li><a href="/world">World</a></li><li><a href="/business">Business</a></li><li><a href="/subscribe">Subscribe for 1 crown</a></li></ul></nav></header>
<div class="breadcrumb"><a href="/">Home</a> » <a href="/category/trade">Trade</a> » <span>Grain ships sail again</span></div>
<div class="content-wrap"><main>
<article id="post-4711" class="post type-post category-north-america category-europe category-trade">
<div class="td-category entry-category"><a href="/category/north-america" rel="category tag">North America</a><a href="/category/europe" rel="category tag">Europe</a><a href="/category/trade" rel="category tag">Trade</a></div>
<h1 class="entry-title">Grain ships sail again</h1>
<div class="entry-meta">By <a rel="author" href="/author/noor">Noor Haddad</a> <time datetime="2026-11-22T08:00:00+00:00">November 22, 2026</time> <span class="comments-link">14 Comments</span></div>
<div class="share-bar social-share"><a href="https://social.example/share?u=1">Share on Facebook</a><a href="https://social.example/tweet?u=1">Tweet</a><a href="mailto:?subject=x">Email this</a></div>
<div class="entry-content">
` + p(0) + p(1) + `
<div class="related-inline related-posts"><h4>Related</h4><ul><li><a href="/fog">Fog closes the narrows for a third week</a></li><li><a href="/hotel">The hotel where tariffs are made</a></li></ul></div>
<h2>` + themeHeadings[0] + `</h2>
` + p(2) + p(3) + `
<div class="newsletter-signup"><p>Sign up for our morning briefing</p><form action="/nl"><input name="mail"><button>Sign up</button></form></div>
<h2>` + themeHeadings[1] + `</h2>
` + p(4) + p(5) + `
</div>
<div class="share-bar social-share bottom"><a href="https://social.example/share?u=1">Share on Facebook</a><a href="https://social.example/tweet?u=1">Tweet</a></div>
<div class="post-tags tags-links"><span>Tags:</span> <a href="/tag/harbours" >harbours</a></div>
<div class="author-box"><p>Noor Haddad has covered ports for the Courier since 2019.</p></div>
</article>
<section id="comments" class="comments-area"><h3>14 Comments</h3><ol><li class="comment"><p>Finally! My brother has been waiting in the roads for weeks.</p></li><li class="comment"><p>One price will ruin the small harbours, mark my words.</p></li></ol><form><textarea></textarea></form></section>
</main>
<aside class="sidebar widget-area"><div class="widget"><h3>Most read</h3><ul><li><a href="/turnips">Turnip prices at a record</a></li><li><a href="/mayor">The mayor and the seagull</a></li></ul></div><div class="widget ad">Advertisement</div></aside>
</div>
<footer class="site-footer"><p>© 2026 The Halmoor Courier. All rights reserved.</p><a href="#" id="back-to-top">Back to top button</a></footer>
</body></html>`)
}

// excerpts is an RSS feed of items, each "path|title|excerpt".
func excerpts(now time.Time, host string, items ...string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title><link>http://%s/</link><description>d</description>`, host)
	for _, it := range items {
		part := strings.SplitN(it, "|", 3)
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">tag:%[1]s,2026:%[2]s</guid><link>http://%[1]s/%[2]s</link><title>%[3]s</title><pubDate>%[4]s</pubDate><description>%[5]s</description></item>`,
			host, part[0], part[1], now.Add(-time.Hour).UTC().Format(time.RFC1123Z), part[2])
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

const courierPaper = `
sections:
  - {name: north-america, match: [{category: North America}]}
  - {name: europe, match: [{category: Europe}]}
  - {name: trade, match: [{category: Trade}]}
  - {name: all, sources: "*"}
sources:
  - {name: courier, url: "http://courier.example/feed", full_text: auto}
`

// TestANewspaperThemeBehindAnExcerptOnlyFeed: the entry has every paragraph and subheading
// in order and nothing else, three categories, and is in its three sections, in every
// format.
func TestANewspaperThemeBehindAnExcerptOnlyFeed(t *testing.T) {
	d := newDesk(t)
	d.config(courierPaper)
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", "grain|Grain ships sail again|"+themeExcerpt))
	d.web.Serve("courier.example", "/grain", "text/html; charset=utf-8", themePage())
	out := d.run("once")
	if !strings.Contains(out, "read 1 page of articles: 1 used") {
		t.Errorf("the summary does not tell of the page:\n%s", out)
	}
	want := append([]string{}, themeParagraphs[:2]...)
	want = append(append(want, themeHeadings[0]), themeParagraphs[2:4]...)
	want = append(append(want, themeHeadings[1]), themeParagraphs[4:]...)
	site := d.build()
	for _, section := range []string{"north-america", "europe", "trade", "all"} {
		var f jsonFeed
		decode(t, site[section+"/feed.json"], &f)
		if len(f.Items) != 1 {
			t.Errorf("%s shows %d articles", section, len(f.Items))
			continue
		}
		it := f.Items[0]
		if diff := cmp.Diff(want, strings.Split(normalise.PlainText(feed.HTML(it.HTML)), "\n\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", section, diff)
		}
		if section == "all" {
			if diff := cmp.Diff([]string{"North America", "Europe", "Trade"}, it.Tags); diff != "" {
				t.Errorf("its categories (-want +got):\n%s", diff)
			}
		}
		for _, format := range []string{"rss.xml", "atom.xml"} {
			doc := site[section+"/"+format]
			for _, p := range append(want, "Noor Haddad") {
				if !strings.Contains(doc, p) {
					t.Errorf("%s/%s lacks %q", section, format, p)
				}
			}
			for _, bad := range []string{"Back to top", "Share on", "Most read", "Related", "seagull", "14 Comments", "morning briefing", "North AmericaEurope"} {
				if strings.Contains(doc, bad) {
					t.Errorf("%s/%s has %q", section, format, bad)
				}
			}
		}
	}
	// A page is asked for once, however often its feed is.
	for range 5 {
		d.later(2 * time.Hour)
		d.run("once")
	}
	if log := fakeweb.To(d.web.Log(), "courier.example"); countPath(log, "/grain") != 1 {
		t.Errorf("the page was asked for %d times", countPath(log, "/grain"))
	}
	if out := d.run("explain", "grain", "ships"); !strings.Contains(out, "its page is http://courier.example/grain") || !strings.Contains(out, "used: the page's text") {
		t.Errorf("explain says:\n%s", out)
	}
}

func countPath(log []fakeweb.Request, path string) (n int) {
	for _, r := range log {
		if r.Path == path {
			n++
		}
	}
	return n
}

// courierText gives what a desk's only article shows, and its JSON item.
func courierText(t *testing.T, d *desk) (string, jsonItem) {
	t.Helper()
	var f jsonFeed
	decode(t, d.build()["all/feed.json"], &f)
	if len(f.Items) != 1 {
		t.Fatalf("%d articles are shown", len(f.Items))
	}
	return f.Items[0].HTML, f.Items[0]
}

// consentPage stands in the place of an article until somebody clicks.
const consentPage = `<!doctype html><html><head><title>Before you continue</title></head><body><div id="consent-wall" class="cookie-consent"><h1>Before you continue</h1>
<p>We and our 849 partners store and access information on a device, such as cookies, and process personal data to show you what you may like. Choose "Accept all" or "Manage options".</p>
<button>Accept all cookies</button><button>Reject all</button></div></body></html>`

// TestAConsentPageLeavesTheFeedsTextAndALaterGoodPageImprovesIt: status says why, and the
// better text comes without an update.
func TestAConsentPageLeavesTheFeedsTextAndALaterGoodPageImprovesIt(t *testing.T) {
	d := newDesk(t)
	d.config(courierPaper)
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", "grain|Grain ships sail again|"+themeExcerpt))
	d.web.Serve("courier.example", "/grain", "text/html", []byte(consentPage))
	d.run("once")
	text, before := courierText(t, d)
	if strings.Contains(text, "849") || !strings.Contains(d.build()["all/rss.xml"], "hours after the ports") {
		t.Errorf("it shows %s", text)
	}
	status := d.run("status")
	if !regexp.MustCompile(`courier\s+0\s+0\s+0\s+1\s+0\s+\S`).MatchString(status) {
		t.Errorf("status says:\n%s", status)
	}
	var report struct {
		Sources []struct{ Pages map[string]any }
	}
	d.runJSON(&report, "status")
	if p := report.Sources[0].Pages; p["refused"] != 1. || p["last_refusal"] == "" {
		t.Errorf("status --json says %v", p)
	}
	d.web.Set("courier.example", "/grain", themePage())
	d.later(30 * time.Minute)
	d.run("once")
	if text, _ := courierText(t, d); strings.Contains(text, "bakers") {
		t.Error("it was asked for again within half an hour")
	}
	d.later(31 * time.Minute)
	d.run("once")
	text, after := courierText(t, d)
	if !strings.Contains(text, "bakers were the first") {
		t.Errorf("it shows %s", text)
	}
	if before.ID != after.ID || before.Published != after.Published || before.Modified != after.Modified {
		t.Errorf("it moved: %+v, %+v", before, after)
	}
	// And back again: what is shown is never made worse.
	d.web.Set("courier.example", "/grain", []byte(consentPage))
	d.later(2 * time.Hour)
	d.web.Set("courier.example", "/feed", excerpts(d.now, "courier.example", "grain|Grain ships sail again|Eleven ships left the roads of Halmoor, and one price a ton holds from there to the Skerry Isles […]"))
	d.run("once")
	d.later(2 * time.Hour)
	d.run("once")
	if text, _ := courierText(t, d); !strings.Contains(text, "bakers were the first") || strings.Contains(text, "849") {
		t.Errorf("it was made worse: %s", text)
	}
	if n := countPath(d.web.Log(), "/grain"); n != 4 { // at first, an hour later, when its item changed, and an hour after that
		t.Errorf("the page was asked for %d times", n)
	}
}

// TestAnArticleDoesNotWaitForLong: of a page that drips it waits until that is cut off, of
// one whose turn does not come until the deadline; then the feed's text is published, and
// improved when the page comes at last.
func TestAnArticleDoesNotWaitForLong(t *testing.T) {
	if testing.Short() {
		t.Skip("a day, second by second")
	}
	drips := fakeweb.InTurn(fakeweb.BodyDrip("text/html", themePage(), 10, 20*time.Second), fakeweb.Page("text/html", themePage()))
	for name, tc := range map[string]struct {
		gap         string
		page        http.Handler
		least, most time.Duration // until it is published
		improved    time.Duration // at the latest
	}{
		"a page that drips":          {"0s", drips, 10 * time.Second, 2 * time.Minute, 2 * time.Hour},
		"a host that takes its time": {"11m", fakeweb.Page("text/html", themePage()), 10 * time.Minute, 10*time.Minute + 2*time.Second, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.config("fetch: {host_gap: " + tc.gap + ", every: 6h}\n" + courierPaper)
				d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(time.Now(), "courier.example", "grain|Grain ships sail again|"+themeExcerpt))
				d.web.HandlePage("courier.example", "/grain", tc.page)
				p, _, _ := d.start()
				p.clock = time.Now
				n, err := p.openNewsroom(t.Context(), paper(t, d), discard(), true)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := withCancel(t)
				done := make(chan error, 1)
				begun := time.Now()
				go func() { done <- n.worker.Run(ctx) }()
				until := func(limit time.Duration, text string) time.Duration {
					for time.Since(begun) < limit {
						time.Sleep(time.Second)
						v, err := n.store.View(t.Context(), "all")
						if err != nil {
							t.Fatal(err)
						}
						if len(v.Entries) > 0 && strings.Contains(string(v.Entries[0].Content)+v.Entries[0].Summary, text) {
							break
						}
					}
					return time.Since(begun)
				}
				if at := until(time.Hour, "hours after the ports"); at < tc.least || at > tc.most {
					t.Errorf("it was published after %s", at)
				}
				if at := until(24*time.Hour, "bakers were the first"); at > tc.improved {
					t.Errorf("it was improved after %s", at)
				}
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
				if err := n.close(); err != nil {
					t.Error(err)
				}
				d.web.Close()
			})
		})
	}
}

// TestRobotsKeepsPagesFromBeingAskedFor, and says so.
func TestRobotsKeepsPagesFromBeingAskedFor(t *testing.T) {
	d := newDesk(t)
	d.config(courierPaper)
	d.web.Serve("courier.example", "/robots.txt", "text/plain", []byte("User-agent: *\nDisallow: /grain\n"))
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", "grain|Grain ships sail again|"+themeExcerpt))
	d.web.Serve("courier.example", "/grain", "text/html", themePage())
	for range 3 {
		d.run("once")
		d.later(30 * time.Hour)
	}
	if n := countPath(d.web.Log(), "/grain"); n != 0 {
		t.Errorf("a forbidden page was asked for %d times", n)
	}
	if text, _ := courierText(t, d); strings.Contains(text, "bakers") {
		t.Error("it has the text of the page")
	}
	if out := d.run("status"); !strings.Contains(out, "robots.txt") {
		t.Errorf("status says:\n%s", out)
	}
	if out := d.run("explain", "grain"); !strings.Contains(out, "failed: ") || !strings.Contains(out, "robots.txt") ||
		!strings.Contains(out, "it is not asked for again unless the article changes") {
		t.Errorf("explain says:\n%s", out)
	}
}

// TestManyArticlesAndTwoWorkers: two programs over one store ask for each page once, and
// never more than one request at a time goes to the host.
func TestManyArticlesAndTwoWorkers(t *testing.T) {
	t.Parallel() // one waits for what the other holds
	d := newDesk(t)
	d.config("fetch: {host_gap: 0s, every: 1h}\n" + courierPaper)
	var items []string
	articles := 40
	if testing.Short() {
		articles = 8
	}
	for i := range articles {
		items = append(items, fmt.Sprintf("a%d|Report %d of the harbour|Report %d tells of the harbour and of all that was seen there […]", i, i, i))
		d.web.HandlePage("courier.example", fmt.Sprintf("/a%d", i), fakeweb.Slow(2*time.Millisecond, fakeweb.Page("text/html", harbourPage(i))))
	}
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", items...))
	codes := make(chan int, 2)
	for range 2 {
		go func() { _, _, code := d.try("once"); codes <- code }()
	}
	for range 2 {
		if c := <-codes; c != exitDone {
			t.Errorf("exit %d", c)
		}
	}
	d.run("once")
	log := fakeweb.To(d.web.Log(), "courier.example")
	for i := range articles {
		if n := countPath(log, fmt.Sprintf("/a%d", i)); n != 1 {
			t.Errorf("page %d was asked for %d times", i, n)
		}
	}
	if most := fakeweb.InFlight(log); most > 1 {
		t.Errorf("%d requests at a time went to the host", most)
	}
	var f jsonFeed
	decode(t, d.build()["all/feed.json"], &f)
	whole := 0
	for _, it := range f.Items {
		if strings.Contains(it.HTML, "lighthouse") {
			whole++
		}
	}
	if whole != articles {
		t.Errorf("%d of %d articles have their pages' text", whole, len(f.Items))
	}
}

// harbourPage is the page of the i-th report.
func harbourPage(i int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><html><head><title>Report %d of the harbour</title></head><body><nav><a href=/>Home</a></nav><article><h1>Report %d of the harbour</h1>", i, i)
	for k := range 12 {
		fmt.Fprintf(&b, "<p>Report %d tells of the harbour and of all that was seen there, in part %d: ship number %d passed the lighthouse with her lamps lit and her hold full of grain.</p>", i, k, i*31+k)
	}
	b.WriteString("</article></body></html>")
	return []byte(b.String())
}

// TestABumpedReaderAndRecipeReadAllAnewWithoutARequest: entries with pages too; nothing
// that readers hold on to moves.
func TestABumpedReaderAndRecipeReadAllAnewWithoutARequest(t *testing.T) {
	if testing.Short() {
		t.Skip("many pages")
	}
	d := newDesk(t)
	d.config(courierPaper)
	var items []string
	for i := range 30 {
		items = append(items, fmt.Sprintf("a%d|Report %d of the harbour|Report %d tells of the harbour and of all that was seen there […]", i, i, i))
		d.web.Serve("courier.example", fmt.Sprintf("/a%d", i), "text/html", harbourPage(i))
	}
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", items...))
	d.run("once")
	before := stored(t, d, "Report")
	d.web.Forget()
	d.later(50 * time.Hour)
	// Another way to read pages, and another recipe.
	d.config(strings.Replace(courierPaper, "full_text: auto", `full_text: auto, categories: [Bulletin], remove: "p:nth-of-type(2)"`, 1))
	n := d.newsroom()
	written, err := n.worker.Remake(t.Context())
	if err != nil || written != 30 {
		t.Errorf("%d entries were made anew, %v", written, err)
	}
	if again, err := n.worker.Remake(t.Context()); err != nil || again != 0 {
		t.Errorf("%d were made anew again, %v", again, err)
	}
	if err := n.close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, stored(t, d, "Report")); diff != "" {
		t.Errorf("something moved (-before +after):\n%s", diff)
	}
	var f jsonFeed
	decode(t, d.build()["all/feed.json"], &f)
	for _, it := range f.Items {
		if strings.Contains(it.HTML, "in part 1:") || !strings.Contains(it.HTML, "in part 11:") || !strings.Contains(strings.Join(it.Tags, " "), "Bulletin") {
			t.Fatalf("%s was not read anew: %v %s", it.Title, it.Tags, it.HTML)
		}
	}
	if log := d.web.Log(); len(log) != 0 {
		t.Errorf("%d requests were sent", len(log))
	}
}

// TestTheSameTextOnThreePagesIsTakenBack: a page that stands in the place of articles and is
// not recognised as such is refused once three of them are the same.
func TestTheSameTextOnThreePagesIsTakenBack(t *testing.T) {
	d := newDesk(t)
	d.config(courierPaper)
	standIn := []byte("<!doctype html><html><head><title>Report of the harbour</title></head><body><article><h1>Report of the harbour</h1>" +
		strings.Repeat("<p>Report of the harbour and of all that was seen there tells it whole to members of the reading circle, who meet on Tuesdays above the chandlery.</p>", 12) + "</article></body></html>")
	var items []string
	for i := range 4 {
		items = append(items, fmt.Sprintf("a%d|Report %d of the harbour|Report %d tells of the harbour and of all that was seen there […]", i, i, i))
		d.web.Serve("courier.example", fmt.Sprintf("/a%d", i), "text/html", standIn)
	}
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", items...))
	d.run("once")
	var f jsonFeed
	decode(t, d.build()["all/feed.json"], &f)
	for _, it := range f.Items {
		if strings.Contains(it.HTML, "chandlery") {
			t.Errorf("%s shows %s", it.Title, it.HTML)
		}
	}
	if out := d.run("status"); len(f.Items) != 4 || !strings.Contains(out, "the same text as other pages of the site") {
		t.Errorf("%d articles; status says:\n%s", len(f.Items), out)
	}
	// What was taken back is tried again.
	for i := range 4 {
		d.web.Set("courier.example", fmt.Sprintf("/a%d", i), harbourPage(i))
	}
	d.later(61 * time.Minute)
	d.run("once")
	decode(t, d.build()["all/feed.json"], &f)
	for _, it := range f.Items {
		if !strings.Contains(it.HTML, "lighthouse") {
			t.Errorf("%s shows %s", it.Title, it.HTML)
		}
	}
}

// TestPreviewReadsAFewPages politely, and says so.
func TestPreviewReadsAFewPages(t *testing.T) {
	d := newDesk(t)
	d.config(courierPaper)
	var items []string
	for i := range 6 {
		items = append(items, fmt.Sprintf("a%d|Report %d of the harbour|Report %d tells of the harbour […]", i, i, i))
		d.web.Serve("courier.example", fmt.Sprintf("/a%d", i), "text/html", harbourPage(i))
	}
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", items...))
	out := d.run("preview", "courier")
	if !strings.Contains(out, "asked for the pages of the first 3 of 6 articles") || !strings.Contains(out, "fulltext: the page's text") {
		t.Errorf("preview says:\n%s", out)
	}
	var shown struct {
		Feeds []struct {
			PagesAsked int `json:"pages_asked"`
			Entries    []struct{ Content string }
		}
	}
	d.runJSON(&shown, "preview", "courier")
	if f := shown.Feeds[0]; f.PagesAsked != 3 || !strings.Contains(f.Entries[2].Content, "lighthouse") || strings.Contains(f.Entries[3].Content, "lighthouse") {
		t.Errorf("preview --json: %+v", f)
	}
}

// TestCredentialsGoToTheOriginOfTheFeedOnly, also for pages.
func TestCredentialsGoToTheOriginOfTheFeedOnly(t *testing.T) {
	d := newDesk(t)
	d.config(`
sections: [{name: all, sources: "*"}]
sources:
  - {name: courier, url: "http://courier.example/feed", full_text: always, auth: {user: noor, password: sesame}, terms: full}
`)
	got := map[string]string{}
	note := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got[r.Host+r.URL.Path] = r.Header.Get("Authorization")
			next.ServeHTTP(w, r)
		})
	}
	list := bytes.Replace(excerpts(d.now, "courier.example", "a1|Report 1 of the harbour|Short.", "a2|Report 2 of the harbour|Short."),
		[]byte("http://courier.example/a2"), []byte("http://elsewhere.example/a2"), 1)
	d.web.HandlePage("courier.example", "/feed", note(fakeweb.Page("application/rss+xml", list)))
	d.web.HandlePage("courier.example", "/a1", note(fakeweb.Page("text/html", harbourPage(1))))
	d.web.HandlePage("elsewhere.example", "/a2", note(fakeweb.Page("text/html", harbourPage(2))))
	d.run("once")
	if got["courier.example/a1"] == "" || got["elsewhere.example/a2"] != "" || len(got) != 3 {
		t.Errorf("credentials were sent so: %v", got)
	}
}

// TestKilledBetweenThePageAndItsPublishing: the next start publishes what was committed.
func TestKilledBetweenThePageAndItsPublishing(t *testing.T) {
	d := newDesk(t)
	d.config(courierPaper)
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", "grain|Grain ships sail again|"+themeExcerpt))
	d.web.Serve("courier.example", "/grain", "text/html", themePage())
	n := d.newsroom()
	if _, err := n.worker.Pass(t.Context(), nil); err != nil { // and then no more
		t.Fatal(err)
	}
	if err := n.close(); err != nil {
		t.Fatal(err)
	}
	d.web.Forget()
	base, _, stop := d.serve()
	defer stop()
	deadline := time.Now().Add(20 * time.Second)
	for {
		resp, err := http.Get(base + "/trade/feed.json")
		if err != nil {
			t.Fatal(err)
		}
		var f jsonFeed
		err = json.NewDecoder(resp.Body).Decode(&f)
		resp.Body.Close()
		if err == nil && len(f.Items) == 1 && strings.Contains(f.Items[0].HTML, "bakers were the first") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it is not published: %v %+v", err, f)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if n := countPath(d.web.Log(), "/grain"); n != 0 {
		t.Errorf("the page was asked for %d times more", n)
	}
}

// TestAWaitingArticleIsPublishedAlsoIfTheDaemonWasOff: the next start, or a build, finds
// that its deadline is over.
func TestAWaitingArticleIsPublishedAlsoIfTheDaemonWasOff(t *testing.T) {
	d := newDesk(t)
	d.config(courierPaper)
	d.web.Serve("courier.example", "/feed", "application/rss+xml", excerpts(d.now, "courier.example", "grain|Grain ships sail again|"+themeExcerpt))
	ctx, cancel := withCancel(t)
	d.web.HandlePage("courier.example", "/grain", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel() // the program is stopped while the page is asked for
		<-r.Context().Done()
	}))
	n := d.newsroom()
	if _, err := n.worker.Pass(ctx, nil); err == nil {
		t.Error("the pass was not stopped")
	}
	if err := n.close(); err != nil {
		t.Fatal(err)
	}
	var f jsonFeed
	if decode(t, d.build()["all/feed.json"], &f); len(f.Items) != 0 {
		t.Error("it is published before its deadline, and its page is to come")
	}
	d.later(11 * time.Minute)
	if decode(t, d.build()["all/feed.json"], &f); len(f.Items) != 1 {
		t.Error("its deadline is over, and it is not published")
	}
}

func TestCheckTellsWhatIsWrongInTheFolderOfRules(t *testing.T) {
	d := newDesk(t)
	write := func(name, text string) { writeFile(t, filepath.Join(d.dir, name), text) }
	write("rules/gulf.example.txt", "body: //article\nbody: //div[\n")
	d.config("fetch: {rules: rules}\n" + courierPaper)
	out := d.run("check")
	if !strings.Contains(out, "fetch.rules: gulf.example.txt:2: ") || !strings.Contains(out, "(warning)") {
		t.Errorf("check says:\n%s", out)
	}
	d.config("fetch: {rules: elsewhere}\n" + courierPaper)
	out, _, code := d.try("check")
	if code != exitFailed || !strings.Contains(out, "fetch.rules: ") || strings.Contains(out, "good:") {
		t.Errorf("check exits %d and says:\n%s", code, out)
	}
}

// withCancel is a context of the test's that the test ends itself.
func withCancel(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// writeFile writes a file, with its folder.
func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
