package publish

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"broadsheet/feed"
)

// articleView is a view of one article in the first section.
func articleView(change func(*feed.Entry)) feed.View {
	e := pickStories("english")[0]
	e.Address, e.Rights, e.Updated = "abcdefghijklmnopqrst", "© Harbour Wire", e.Published.Add(time.Hour)
	e.Content = `<p>The first boat left the quay at dawn.</p><h1>Goats</h1><p>Two goats were on board.</p>` +
		`<img src="https://img.harbour.example/goat.jpg" alt="A goat">`
	e.Enclosures = append(e.Enclosures, feed.Enclosure{URL: "https://harbour.example/timetable.pdf", Type: "application/pdf"},
		feed.Enclosure{URL: "http://harbour.example/old.mp4", Type: "video/mp4"})
	if change != nil {
		change(&e)
	}
	return sectionPageView(0, e)
}

func articlePage(t *testing.T, v feed.View) string {
	t.Helper()
	doc, err := BuiltIn.RenderArticle(v)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Path != "/-/a/abcdefghijklmnopqrst/" || doc.MediaType != typePage || len(doc.Hash) != 64 {
		t.Errorf("%s of %s", doc.Path, doc.MediaType)
	}
	return string(doc.Body)
}

// S-10: a copy says whose it is, leads to the original, and is not listed by search engines.
func TestTheCopyOfAnArticleSaysWhoseItIs(t *testing.T) {
	page := articlePage(t, articleView(nil))
	for _, want := range []string{
		`<link rel="canonical" href="https://harbour.example/ferry?a=1&amp;b=2">`, `<meta name="robots" content="noindex">`,
		`>Read the original at Harbour Wire</a>`, `<bdi>Ada Quay</bdi>`, `© Harbour Wire`, `Hafenblatt &amp; Söhne`,
		`<audio controls preload="none" src="https://harbour.example/ferry.mp3"`, `>timetable.pdf</bdi>`,
		`<p>The first boat left the quay at dawn.</p><h2>Goats</h2>`, `↻ 22 Nov 2026, 12:55 UTC`, `<bdi>transport</bdi>`,
		`href="../../../world/"`, `title="World · The Tideway (RSS)" href="../../../world/rss.xml"`, `>old.mp4<`,
	} {
		if !strings.Contains(strings.ReplaceAll(page, "Transport", "transport"), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if n := strings.Count(page, "<img"); n != 1 {
		t.Errorf("%d pictures: the lead picture is left out where the text has pictures", n)
	}
}

// The stricter of what the source and the section allow holds; a link has no page.
func TestAPageShowsWhatTheTermsAllow(t *testing.T) {
	for _, row := range []struct {
		entry, section feed.Terms
		want           feed.Terms
	}{
		{"", "", feed.TermsFull}, {feed.TermsFull, "", feed.TermsFull}, {feed.TermsFull, feed.TermsExcerpt, feed.TermsExcerpt},
		{feed.TermsExcerpt, feed.TermsFull, feed.TermsExcerpt}, {feed.TermsLink, feed.TermsFull, feed.TermsLink}, {"", feed.TermsLink, feed.TermsLink},
	} {
		v := articleView(func(e *feed.Entry) {
			e.Terms, e.Summary = row.entry, ""
			e.Content += feed.HTML(strings.Repeat("<p>And more of it, which is not said in an excerpt.</p>", 20) + "<p>The end.</p>")
		})
		v.Section.Terms = row.section
		section := onePage(t, v)
		if linked := strings.Contains(section, "Read here"); linked != (row.want == feed.TermsFull) {
			t.Errorf("%v: the section leads to our page: %v", row, linked)
		}
		if row.want == feed.TermsLink {
			if _, err := BuiltIn.RenderArticle(v); !errors.Is(err, ErrNoPage) {
				t.Errorf("%v: %v", row, err)
			}
			if strings.Contains(section, "goats") || strings.Contains(section, "<img") {
				t.Errorf("%v: the section shows more than a link", row)
			}
			continue
		}
		page := articlePage(t, v)
		if full := strings.Contains(page, "The end."); full != (row.want == feed.TermsFull) {
			t.Errorf("%v: the whole text is there: %v", row, full)
		}
		if row.want == feed.TermsExcerpt && !strings.Contains(page, "Read the whole article at Harbour Wire") {
			t.Errorf("%v: it does not lead on", row)
		}
	}
	if _, err := BuiltIn.RenderArticle(sectionPageView(0, pickStories("english")...)); !errors.Is(err, ErrNoPage) {
		t.Errorf("an entry without an address: %v", err)
	}
}

// Sources that do not want their texts in search results have them marked (data-nosnippet);
// their page here is noindex as all are.
func TestTextsThatAreNotToBeFoundAreMarked(t *testing.T) {
	quiet := articleView(func(e *feed.Entry) { e.NoIndex = true })
	for name, page := range map[string]string{"section": onePage(t, quiet), "article": articlePage(t, quiet)} {
		if !strings.Contains(page, "data-nosnippet") {
			t.Errorf("the %s page has no mark", name)
		}
	}
	if strings.Contains(onePage(t, articleView(nil)), "nosnippet") {
		t.Error("another source's text has the mark")
	}
}

// A private section's pages stay below its own path and are not listed.
func TestPagesOfAPrivateSectionStayBelowItsPath(t *testing.T) {
	v := articleView(func(e *feed.Entry) {
		e.Content = feed.HTML(strings.Repeat("<p>Long and secret.</p>", 50))
		e.Summary = ""
	})
	v.Section = feed.Section{Name: "board", Title: "Board", Private: "t0ken"}
	v.Index = append(v.Index, feed.IndexLine{Section: v.Section}, feed.IndexLine{Section: feed.Section{Name: "other", Title: "Another secret", Private: "0ther"}})
	page := onePage(t, v)
	for _, want := range []string{`href="../../../-/p/t0ken/a/abcdefghijklmnopqrst/"`, `content="noindex"`, `href="../../../-/style.css"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(page, "0ther") || strings.Contains(onePage(t, frontPageView()), "t0ken") {
		t.Error("a page names another private section")
	}
	doc, err := BuiltIn.RenderArticle(v)
	if err != nil || doc.Path != "/-/p/t0ken/a/abcdefghijklmnopqrst/" || !strings.Contains(string(doc.Body), `href="../../../../../-/style.css"`) {
		t.Errorf("%s, %v", doc.Path, err)
	}
}

// T-12: what the check of feeds refuses is not shown on a page either; the summary is.
func TestATextThatRunsIsNotShown(t *testing.T) {
	v := articleView(func(e *feed.Entry) {
		e.Content = `<p>x</p><iframe src="https://evil.example/"></iframe><form><p>The end.</p></form>`
	})
	if page := articlePage(t, v); strings.Contains(page, "The end.") || strings.Contains(page, "evil") || !strings.Contains(page, "The first boat left") {
		t.Error(page)
	}
}

// What a screen reader would stumble over is put right; what the site's way with pictures
// is holds for those in the text.
func TestTheTextOfAnArticleIsFitForOurPages(t *testing.T) {
	linked := desk{voice: voice{W: &germanWords}, secure: true, root: "../"}
	http := linked
	http.secure = false
	none := linked
	none.site.Images = feed.ImagesNone
	proxied := linked
	proxied.site.Images, proxied.site.ImageKey = feed.ImagesProxy, "k"
	const rel = ` rel="noopener noreferrer nofollow"`
	const lazy = ` loading="lazy" decoding="async" referrerpolicy="no-referrer"/>`
	for _, row := range []struct {
		name     string
		desk     desk
		in, want string
	}{
		{"a picture", linked, `<img src="https://a.example/a.jpg" srcset="http://a.example/b.jpg 2x" width="9" height="8">`, `<img width="9" height="8" src="https://a.example/a.jpg" alt=""` + lazy},
		{"an http picture on an https page is a link", linked, `<p><img src="http://a.example/a.jpg" alt="Goat"></p>`, `<p><a href="http://a.example/a.jpg"` + rel + `>[Goat]</a></p>`},
		{"and a picture on an http page", http, `<img src="http://a.example/a.jpg" alt="Goat">`, `<img src="http://a.example/a.jpg" alt="Goat"` + lazy},
		{"no pictures", none, `<a href="https://a.example/"><img src="https://a.example/a.jpg"></a>`, `<a href="https://a.example/">[Bild]</a>`},
		{"other sizes go", linked, `<picture><source srcset="https://a.example/b.webp"><img src="https://a.example/a.jpg" alt="x"></picture>`, `<picture><img src="https://a.example/a.jpg" alt="x"` + lazy + `</picture>`},
		{"a link of a picture alone has words", linked, `<a href="https://a.example/"><img src="https://a.example/a.jpg" alt=""></a>`, `<a href="https://a.example/"><img src="https://a.example/a.jpg" loading="lazy" decoding="async" referrerpolicy="no-referrer" alt="Bild"/></a>`},
		{"a link of nothing goes", linked, `a<a href="https://a.example/"></a>b`, `ab`},
		{"strays in a list", linked, `<ul><p>x</p><li>y</li></ul>`, `<ul><li><p>x</p></li><li>y</li></ul>`},
		{"an item without a list", linked, `<div><li>x</li></div>`, `<div><div>x</div></div>`},
		{"definitions without terms", linked, `<dl><dd>x</dd></dl>`, `<div><div>x</div></div>`},
		{"true definitions", linked, `<dl><dt>a</dt><dd>x</dd></dl>`, `<dl><dt>a</dt><dd>x</dd></dl>`},
		{"a term on its own", linked, `<dt>a</dt>`, `<div>a</div>`},
		{"an empty heading", linked, `<h3> </h3>`, `<div> </div>`},
		{"a table", linked, `<table><tbody><tr><th></th><td>x</td></tr></tbody></table>`, `<div class="wide" tabindex="0" role="group" aria-label="Tabelle" lang="de"><table><tbody><tr><td></td><td>x</td></tr></tbody></table></div>`},
		{"heads of nothing", linked, `<table><tbody><tr><th>x</th></tr></tbody></table>`, `<div class="wide" tabindex="0" role="group" aria-label="Tabelle" lang="de"><table><tbody><tr><td>x</td></tr></tbody></table></div>`},
		{"a language that is none", linked, `<p lang="xxxxxxxxx">x</p>`, `<p>x</p>`},
		{"roles", linked, `<p role="alert" aria-live="assertive" tabindex="1">x</p>`, `<p>x</p>`},
		{"a recording", linked, `<audio src="https://a.example/a.mp3" autoplay preload="auto"></audio>`, `<audio src="https://a.example/a.mp3" controls="" preload="none"></audio>`},
		{"a film with a poster", linked, `<video src="https://a.example/a.mp4" poster="https://a.example/p.jpg"></video>`, `<video src="https://a.example/a.mp4" controls="" preload="none"></video>`},
	} {
		if got, _ := row.desk.content(row.in); got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", row.name, got, row.want)
		}
	}
	got, n := proxied.content(`<img src="https://a.example/a.jpg">`)
	if n != 1 || !strings.HasPrefix(got, `<img src="../-/img/`) || strings.Contains(got, "a.example") {
		t.Errorf("passed on: %s", got)
	}
}

// T-12, T-13: what the check refuses in feeds stands on no page either, and what is made
// of harmless markup is harmless.
func FuzzContent(f *testing.F) {
	f.Add(`<p>x</p><ul><b>y</b></ul><img src="https://a.example/x">`)
	f.Add(`<table><a href="https://a.example/"><dd><h1></table>`)
	d := desk{voice: voice{W: &englishWords}, secure: true}
	f.Fuzz(func(t *testing.T, markup string) {
		if fragmentMarkup(markup) != nil {
			return
		}
		out, _ := d.content(markup)
		if err := pageMarkup(out); err != nil {
			t.Errorf("%q became %q: %v", markup, out, err)
		}
		if again, _ := d.content(out); pageMarkup(again) != nil {
			t.Errorf("%q became %q, then %q", markup, out, again)
		}
	})
}

func TestASearchShowsWhatWasFound(t *testing.T) {
	v := sectionPageView(1, pickStories("english", "german")...)
	v.Selection = feed.Selection{Query: `ferry & "goats"`, Language: "en"}
	doc, err := BuiltIn.RenderSearch(v)
	if err != nil {
		t.Fatal(err)
	}
	page := string(doc.Body)
	for _, want := range []string{"2 stories found", `value="ferry &amp; &#34;goats&#34;"`, `content="noindex"`,
		`href="../islands/rss.xml?language=en&amp;q=ferry&#43;%26&#43;%22goats%22"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	v.Entries = nil
	if doc, err = BuiltIn.RenderSearch(v); err != nil || !strings.Contains(string(doc.Body), "Nothing was found for “ferry &amp; &#34;goats&#34;”") {
		t.Errorf("%v: %s", err, doc.Body)
	}
	v.Selection = feed.Selection{}
	if doc, err = BuiltIn.RenderSearch(v); err != nil || !strings.Contains(string(doc.Body), "Write one or more words") {
		t.Errorf("%v: %s", err, doc.Body)
	}
	v.Site.NoSearch = true
	if strings.Contains(onePage(t, v), `role="search"`) {
		t.Error("a site without a search has its box")
	}
}

func TestAPageThatIsNotThereIsOurs(t *testing.T) {
	for lang, want := range map[string]string{"en": "No such page", "ar": "لا توجد هذه الصفحة", "ja": `<h1 lang="en" dir="ltr">No such page`} {
		site := feed.Site{Title: "The Tideway", URL: "https://news.example/paper", Language: lang}
		body, err := BuiltIn.Notice(site, append(paperSections(), feed.Section{Name: "s", Title: "Secret", Private: "x"}), 404, "/paper/")
		page := string(body)
		if err != nil || !strings.Contains(page, want) || !strings.Contains(page, `href="/paper/-/style.css"`) || !strings.Contains(page, `href="/paper/world/"`) || strings.Contains(page, "Secret") {
			t.Errorf("%s: %v: %s", lang, err, page)
		}
	}
	body, err := BuiltIn.Notice(feed.Site{Title: "T", Language: "de"}, nil, 503, "")
	if page := string(body); err != nil || strings.Contains(page, "href") && strings.Contains(page, "style.css") || !strings.Contains(page, "Einen Augenblick") {
		t.Errorf("%v: %s", err, body)
	}
}

// Sections within another one are in its box and below the navigation while one is in it.
func TestNavigationKnowsSectionsWithinSections(t *testing.T) {
	front := frontPageView()
	front.Index[1].Section.Parent = "world"
	front.Index[3].Section.Parent = "nowhere"
	page := onePage(t, front)
	if n := strings.Count(page, `href="./islands/"`); n != 1 || !strings.Contains(page, `class="within"><a href="./islands/"`) {
		t.Errorf("the front page leads to the inner section %d times", n)
	}
	if !strings.Contains(page, `href="./quiet/"`) {
		t.Error("a section within one that is not there is lost")
	}
	for at, current := range map[int]string{0: "page", 1: "true"} {
		v := sectionPageView(at, pickStories("english")...)
		v.Index[1].Section.Parent = "world"
		v.Section.Parent = v.Index[at].Section.Parent
		page := onePage(t, v)
		if !strings.Contains(page, `<ul class="inner" aria-label="World">`) || !strings.Contains(page, `href="../world/" aria-current="`+current+`"`) {
			t.Errorf("section %d: %s", at, page[:2500])
		}
	}
	index := []feed.IndexLine{{Section: feed.Section{Name: "a", Parent: "b"}}, {Section: feed.Section{Name: "b", Parent: "a"}}, {Section: feed.Section{Name: "c", Parent: "c"}}}
	if got := parentsOf(index); len(got) > 0 {
		t.Errorf("in a circle: %v", got)
	}
}

func TestRobotsMayReadAllButWhatIsMadeForThem(t *testing.T) {
	want := "User-agent: *\nDisallow: /paper/-/search\nDisallow: /paper/-/hub\nDisallow: /paper/-/push/\nDisallow: /paper/-/img/\nAllow: /paper/\n"
	if got := string(robots("/paper")); got != want {
		t.Errorf("%s", got)
	}
}

// A feed names its stylesheet by the way from its own path, which has our words.
func TestFeedsAreDressed(t *testing.T) {
	docs, _ := Render(paperView())
	section, _ := Render(sampleView())
	found := 0
	for _, d := range append(docs, section...) {
		switch d.MediaType {
		case typeRSS, typeAtom:
			found++
			href := "-/feed.css"
			if strings.HasPrefix(d.Path, "/harbour/") {
				href = "../-/feed.css"
			}
			if !strings.HasPrefix(string(d.Body), `<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/css" href="`+href+`"?>`) {
				t.Errorf("%s begins with %.160s", d.Path, d.Body)
			}
			if err := Check(d); err != nil {
				t.Error(err)
			}
		default:
			if strings.Contains(string(d.Body), "<?xml-stylesheet") {
				t.Errorf("%s is dressed", d.Path)
			}
		}
	}
	if found != 4 {
		t.Errorf("%d feeds", found)
	}
	style := string(BuiltIn.feedStyle(feed.Site{Language: "fr"}))
	if !strings.Contains(style, `content: "Ceci est un flux`) || strings.Contains(style, "{{") {
		t.Error(style[:600])
	}
	if got := cssString("a\"b\\c\nd"); got != `"a\22 b\5c c\a d"` {
		t.Error(got)
	}
}

// DISC-1: every page lists feeds with titles of their own; a search those of its results.
func TestTheWayUpLeadsToTheFrontPage(t *testing.T) {
	base, _ := url.Parse("https://a.example/paper/")
	for _, path := range []string{"/", "/world/", "/-/search", "/-/a/x/", "/-/p/t/", "/world/rss.xml", "/rss.xml"} {
		at, _ := base.Parse(strings.TrimPrefix(path, "/"))
		if got := at.ResolveReference(&url.URL{Path: wayUp(path)}); got.String() != base.String() {
			t.Errorf("%s: %s", path, got)
		}
	}
	walkPage(t, articlePage(t, articleView(nil)), func(n *html.Node) {
		if n.Data == "link" && attributeOf(n, "rel") == "alternate" && !strings.HasPrefix(attributeOf(n, "href"), "../../../world/") {
			t.Error(attributeOf(n, "href"))
		}
	})
}
