package publish

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"broadsheet/feed"
)

var updatePages = flag.Bool("update-pages", false, "write the golden pages anew")

// storyTime is a moment on a fixed morning, minutes before noon.
func storyTime(minutes int) time.Time {
	return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).Add(-time.Duration(minutes) * time.Minute)
}

func pageOrigin(title, link string) feed.Channel {
	return feed.Channel{Title: feed.Plain(title), Link: link, Self: link + "feed.xml"}
}

// pageStories are invented, one for each thing that a page has to cope with.
func pageStories() map[string]feed.Entry {
	wire := pageOrigin("Harbour Wire", "https://harbour.example/")
	list := []feed.Entry{{
		ID: "english", Title: "Ferry service returns to the northern islands after eleven weeks",
		Link: "https://harbour.example/ferry?a=1&b=2", Origin: wire, Language: "en-GB", Published: storyTime(5),
		Summary: "The first boat left the quay at dawn with forty passengers and the post.\n\nTickets are sold on board.",
		Authors: []feed.Person{{Name: "Ada Quay"}, {Name: "Harbour Wire"}}, Image: "https://img.harbour.example/ferry.jpg",
		Enclosures: []feed.Enclosure{
			{URL: "https://img.harbour.example/ferry.jpg", Width: 1200, Height: 800, Text: "A white ferry leaves a small harbour"},
			{URL: "https://harbour.example/ferry.mp3", Type: "audio/mpeg", Duration: 25*time.Minute + 40*time.Second},
		},
		Categories: []feed.Category{{Term: "Islands"}, {Term: "transport", Label: "Transport"}, {Term: "islands"}},
		Also: []feed.Copy{{Title: "Hafenblatt & Söhne", Link: "https://hafenblatt.example/1?a=1&b=2"},
			{Title: "صحيفة الميناء", Link: "https://mina.example/ar/1"}},
	}, {
		ID: "arabic", Title: "عودة العبّارات إلى الجزر الشمالية بعد أحد عشر أسبوعا",
		Link: "https://mina.example/ar/1", Origin: pageOrigin("صحيفة الميناء", "https://mina.example/"), Language: "ar", Published: storyTime(17),
		Summary:    "غادر أول قارب الرصيف عند الفجر وعلى متنه أربعون راكبا والبريد. تباع التذاكر (12 EUR) على المتن.",
		Authors:    []feed.Person{{Name: "ليلى المرسى"}},
		Image:      "https://img.mina.example/boat.jpg",
		Categories: []feed.Category{{Term: "جزر"}, {Term: "نقل"}},
	}, {
		ID: "persian", Title: "بازگشت کشتی\u200cهای مسافربری به جزیره\u200cهای شمالی",
		Link: "https://bandar.example/fa/1", Origin: pageOrigin("روزنامه بندر", "https://bandar.example/"), Language: "fa", Published: storyTime(30),
		Content: "<p>نخستین کشتی سپیده\u200cدم با چهل مسافر اسکله را ترک کرد.</p><p>بلیت در کشتی فروخته می\u200cشود.</p>",
	}, {
		ID: "hebrew", Title: "המעבורת חוזרת לאיים הצפוניים",
		Link: "https://namal.example/he/1", Origin: pageOrigin("עיתון הנמל", "https://namal.example/"), Language: "he", Published: storyTime(45),
		Summary: "הסירה הראשונה עזבה את הרציף עם שחר ועליה ארבעים נוסעים.",
	}, {
		ID: "chinese", Title: "渡轮时隔十一周恢复通往北部岛屿的航线",
		Link: "https://gangwan.example/zh/1", Origin: pageOrigin("港湾日报", "https://gangwan.example/"), Language: "zh-Hans", Published: storyTime(61),
		Summary: strings.Repeat("首班船于黎明时分载着四十名乘客和邮件驶离码头，船票在船上出售。", 12),
	}, {
		ID: "german", Title: "Nach elf Wochen fährt die Fähre wieder zu den Nordinseln",
		Link: "https://hafenblatt.example/1", Origin: pageOrigin("Hafenblatt", "https://hafenblatt.example/"), Language: "de", Published: storyTime(75),
		Content: "<figure><img src=\"https://hafenblatt.example/a.jpg\"><figcaption>Am Kai</figcaption></figure><p>Das erste Boot legte im <b>Morgen</b>grauen ab &amp; nahm vierzig Fahrgäste mit.</p>",
		Authors: []feed.Person{{Name: "A. Eins"}, {Name: "B. Zwei"}, {Name: "C. Drei"}, {Name: "D. Vier"}, {Name: "E. Fünf"}},
	}, {
		ID: "unknown", Title: "העיר العربية MIXED: a headline in no declared language",
		Link: "https://mixed.example/1", Origin: pageOrigin("Mixed", ""), Published: storyTime(90),
		Summary: "No language was declared, so the first letter decides the direction.",
	}, {
		ID: "undated", Title: "A page without a date of its own", Undated: true, Published: storyTime(100),
		Link: "https://www.quay.example/undated", Source: "quay", Language: "en",
	}, {
		ID: "dateless", Title: "A story without any date", Link: "https://quay.example/dateless", Source: "quay", Language: "en",
	}, {
		ID: "lone", Title: "A note without a link", Source: "quay-notes", Language: "en", Published: storyTime(120),
		Summary: strings.Repeat("There is nowhere else to read this note. ", 20),
	}, {
		ID: "long", Title: strings.Repeat("A very long headline that never seems to end, ", 20),
		Link: "https://quay.example/" + strings.Repeat("long-", 80), Source: "quay", Language: "en", Published: storyTime(130),
	}, {
		ID: "unbroken", Title: strings.Repeat("Donaudampfschifffahrtsgesellschaft", 8),
		Link: "https://quay.example/unbroken", Source: "quay", Language: "de", Published: storyTime(140),
	}, {
		ID: "hostile", Title: `<script>alert(1)</script> "quoted" & </h2><img src=x onerror=alert(1)>`,
		Link: "javascript:alert(1)", Image: "javascript:alert(2)", Language: `en" onload="alert(3)`, Published: storyTime(150),
		Origin:  feed.Channel{Title: feed.Plain("</bdi><script>"), Link: "data:text/html,<script>alert(4)</script>"},
		Summary: `</p><script>alert(5)</script>`, Authors: []feed.Person{{Name: "<b>x</b>"}},
		Categories: []feed.Category{{Term: "<i onclick=alert(6)>"}},
		Enclosures: []feed.Enclosure{{URL: "vbscript:x", Medium: "video"}},
		Also:       []feed.Copy{{Title: "<script>alert(7)</script>", Link: "javascript:alert(8)"}, {Title: "</bdi><b>", Link: "https://evil.example/\"><script>"}},
	}}
	all := make(map[string]feed.Entry, len(list))
	for _, e := range list {
		all[e.ID] = e
	}
	return all
}

func pickStories(ids ...string) []feed.Entry {
	all := pageStories()
	out := make([]feed.Entry, 0, len(ids))
	for _, id := range ids {
		e, ok := all[id]
		if !ok {
			panic("no story " + id)
		}
		out = append(out, e)
	}
	return out
}

func paperSections() []feed.Section {
	return []feed.Section{
		{Name: "world", Title: "World", Description: "From every quay"},
		{Name: "islands", Title: "Islands & Harbours"},
		{Name: "shargh", Title: "خاور", Description: "همسایه\u200cها"},
		{Name: "quiet", Title: "Quiet"},
	}
}

func sectionPageView(at int, entries ...feed.Entry) feed.View {
	sections := paperSections()
	v := feed.View{
		Site:    feed.Site{Title: "The Tideway", URL: "https://news.example/paper", Language: "en"},
		Section: sections[at], Entries: entries,
	}
	for _, s := range sections {
		v.Index = append(v.Index, feed.IndexLine{Section: s})
	}
	return v
}

func frontPageView() feed.View {
	v := sectionPageView(0, pickStories("arabic", "english", "persian", "chinese", "german", "undated", "long")...)
	v.Section = feed.Section{Name: feed.WholePaper, Title: "The Tideway", Description: "News from the water"}
	v.Index[0].Entries = pickStories("english", "german", "unknown", "hostile")
	v.Index[1].Entries = pickStories("chinese", "lone", "unbroken")
	v.Index[2].Entries = pickStories("arabic", "persian", "hebrew")
	return v
}

// onePage is the page of a view, which is the first of its documents.
func onePage(t testing.TB, v feed.View) string {
	t.Helper()
	drafts, err := BuiltIn.pages(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(drafts[0].body)
}

func TestPagesLookAsTheyDid(t *testing.T) {
	persian := sectionPageView(2, pickStories("persian", "arabic", "english")...)
	persian.Site.Language, persian.Site.Title = "fa", "آبراه"
	http := sectionPageView(0, pickStories("english")...)
	http.Site.URL = "http://localhost:8080"
	for name, v := range map[string]feed.View{
		"page_front.html": frontPageView(),
		"page_section.html": sectionPageView(0, pickStories("english", "arabic", "persian", "hebrew", "chinese", "german",
			"unknown", "undated", "dateless", "lone", "long", "unbroken", "hostile")...),
		"page_persian_site.html": persian,
		"page_empty.html":        sectionPageView(3),
	} {
		t.Run(name, func(t *testing.T) {
			got := onePage(t, v)
			file := filepath.Join("testdata", name)
			if *updatePages {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("page changed (-want +got); if meant so, run with -update-pages:\n%s", diff)
			}
		})
	}
}

func TestPagesAreTheDocumentsOfTheirPaths(t *testing.T) {
	for name, row := range map[string]struct {
		view feed.View
		want []string
	}{
		"a section has its page": {sectionPageView(0), []string{"/world/ text/html; charset=utf-8"}},
		"the whole paper has the front page and what all pages have": {frontPageView(), []string{"/ text/html; charset=utf-8", "/-/style.css text/css; charset=utf-8", "/-/feed.css text/css; charset=utf-8",
			"/-/icon.svg image/svg+xml", "/favicon.ico image/vnd.microsoft.icon", "/robots.txt text/plain; charset=utf-8"}},
	} {
		t.Run(name, func(t *testing.T) {
			drafts, err := BuiltIn.pages(row.view)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range drafts {
				got = append(got, d.path+" "+d.mediaType)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestUpstreamTextIsOnlyText parses a page of hostile entries and looks at what
// a browser would make of it.
func TestUpstreamTextIsOnlyText(t *testing.T) {
	allowed := map[string]bool{"html": true, "head": true, "meta": true, "title": true, "link": true, "body": true,
		"a": true, "header": true, "nav": true, "ul": true, "li": true, "main": true, "div": true, "section": true,
		"article": true, "h1": true, "h2": true, "h3": true, "p": true, "span": true, "bdi": true, "time": true,
		"img": true, "footer": true, "form": true, "input": true, "button": true}
	for _, v := range []feed.View{frontPageView(), sectionPageView(0, pickStories("hostile", "english", "unknown")...)} {
		walkPage(t, onePage(t, v), func(n *html.Node) {
			if !allowed[n.Data] {
				t.Errorf("element <%s> in a page", n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
				value := strings.ToLower(a.Val)
				if (a.Key == "href" || a.Key == "src") && strings.Contains(value, "script:") || strings.HasPrefix(value, "data:") {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
		})
	}
}

func TestLinksWithinTheSiteAreRelativeAndTheOthersAbsolute(t *testing.T) {
	for root, v := range map[string]feed.View{"./": frontPageView(), "../": sectionPageView(0, pickStories("english")...)} {
		walkPage(t, onePage(t, v), func(n *html.Node) {
			for _, a := range n.Attr {
				if a.Key != "href" || a.Val == "#stories" {
					continue
				}
				absolute := strings.HasPrefix(a.Val, "https://")
				own := strings.HasPrefix(a.Val, "https://news.example/")
				canonical := n.Data == "link" && attributeOf(n, "rel") == "canonical"
				if own != canonical {
					t.Errorf("%s: <%s href=%q>: only the canonical link names the public address", root, n.Data, a.Val)
				}
				if !absolute && strings.HasPrefix(a.Val, "/") {
					t.Errorf("%s: href %q breaks under a prefix", root, a.Val)
				}
				beside := !strings.Contains(strings.TrimSuffix(a.Val, "/"), "/")
				if !absolute && !strings.HasPrefix(a.Val, root) && !beside {
					t.Errorf("%s: href %q does not begin at the front page", root, a.Val)
				}
			}
		})
	}
}

func TestEveryPageOffersItsOwnFeeds(t *testing.T) {
	titles := make(map[string]bool)
	for _, v := range []feed.View{frontPageView(), sectionPageView(0), sectionPageView(1)} {
		var found []string
		walkPage(t, onePage(t, v), func(n *html.Node) {
			if n.Data == "link" && attributeOf(n, "rel") == "alternate" {
				found = append(found, attributeOf(n, "type")+" "+attributeOf(n, "href"))
				if title := attributeOf(n, "title"); titles[title] {
					t.Errorf("two feeds are called %q", title)
				} else {
					titles[title] = true
				}
			}
		})
		want := []string{"application/rss+xml rss.xml", "application/atom+xml atom.xml", "application/feed+json feed.json"}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("section %q: %s", v.Section.Name, diff)
		}
	}
}

// Pages have less than 50 kB, pictures not counted, in scripts of two and three bytes a
// letter as well, and whatever a section's limit is.
func TestPagesAreSmall(t *testing.T) {
	for _, id := range []string{"english", "persian", "chinese", "long"} {
		for _, n := range []int{50, 60, 2000} {
			var entries []feed.Entry
			for range n {
				e := pickStories(id)[0]
				e.Summary = strings.Repeat(e.Title+". ", 20)
				e.Content, e.Address = feed.HTML(strings.Repeat("<p>The whole text.</p>", 500)), "abcdefghijklmnopqrst"
				entries = append(entries, e)
			}
			front := frontPageView()
			front.Entries = entries
			for i := range 40 {
				front.Index = append(front.Index, feed.IndexLine{Section: feed.Section{Name: "s" + strings.Repeat("x", i), Title: "Some section"}, Entries: entries[:5]})
			}
			for _, v := range []feed.View{sectionPageView(0, entries...), front} {
				page := onePage(t, v)
				t.Logf("%s, %d entries, section %q: %d bytes, %d with text", id, n, v.Section.Name, len(page), strings.Count(page, `class="text"`))
				if len(page) > pageRoom || len(page) < pageRoom/4 {
					t.Errorf("%s: page of %q with %d entries has %d bytes", id, v.Section.Name, n, len(page))
				}
			}
		}
	}
}

// What a page has no room for it says; every story is a text, a line, or counted.
func TestALongSectionSaysWhatItLeavesOut(t *testing.T) {
	for _, n := range []int{30, 50, 500} {
		entries := make([]feed.Entry, n)
		for i := range entries {
			entries[i] = pickStories("english")[0]
		}
		stories, pictures, lines, rest := 0, 0, 0, 0
		walkPage(t, onePage(t, sectionPageView(0, entries...)), func(e *html.Node) {
			switch {
			case e.Data == "article":
				stories++
			case e.Data == "img":
				pictures++
			case e.Data == "li" && e.Parent.Parent.Data == "div":
				lines++
			case e.Data == "p" && attributeOf(e, "class") == "left-out":
				rest, _ = strconv.Atoi(strings.Fields(e.FirstChild.FirstChild.Data)[0])
			}
		})
		if stories+lines+rest != n || stories < leastFull || pictures != stories || n <= 50 && rest > 0 {
			t.Errorf("%d entries: %d stories, %d pictures, %d lines, %d left out", n, stories, pictures, lines, rest)
		}
	}
}

func TestPicturesThatABrowserWouldBlockAreLeftOut(t *testing.T) {
	e := pickStories("english")[0]
	e.Image = "http://img.harbour.example/ferry.jpg"
	secure := sectionPageView(0, e)
	plain := sectionPageView(0, e)
	plain.Site.URL = "http://localhost:8080"
	if strings.Contains(onePage(t, secure), "<img") {
		t.Error("an https page shows an http image")
	}
	if !strings.Contains(onePage(t, plain), "<img") {
		t.Error("an http page shows no http image")
	}
}

func TestAStoryIsToldOnceOnTheFrontPage(t *testing.T) {
	v := frontPageView()
	v.Entries = pickStories("english", "german")
	for i := range v.Index {
		v.Index[i].Entries = pickStories("english", "persian")
	}
	v.Index[0].Entries = pickStories("german", "english")
	page := onePage(t, v)
	for text, want := range map[string]int{"forty passengers": 1, "<img": 1, "Morgengrauen": 1,
		">Ferry service returns": 5, ">Nach elf Wochen": 2, "نخستین": 0} {
		if got := strings.Count(page, text); got != want {
			t.Errorf("%q stands %d times on the page, want %d", text, got, want)
		}
	}
}

func TestTheSamePageIsTheSameBytes(t *testing.T) {
	if first, second := onePage(t, frontPageView()), onePage(t, frontPageView()); first != second {
		t.Error(cmp.Diff(first, second))
	}
}

func TestDirectionFollowsTheScriptOfTheLanguage(t *testing.T) {
	for want, tags := range map[string][]string{
		"rtl":  {"ar", "ar-EG", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "az-Arab", "ku-Arab", "ks"},
		"ltr":  {"en", "de-CH", "zh-Hans", "ja", "ru", "az", "ug-Latn", "sd-Deva", "ku", "fa-Latn"},
		"auto": {"", "und", "no such tag", "\"><script>"},
	} {
		for _, tag := range tags {
			if got := direction(tag); got != want {
				t.Errorf("direction(%q) = %q, want %q", tag, got, want)
			}
		}
	}
}

func TestClipCutsWhereAReaderWould(t *testing.T) {
	for name, row := range map[string]struct {
		in    string
		width int
		want  string
	}{
		"short text stays":                   {"A short one", 20, "A short one"},
		"white space becomes one space":      {" A\n\n short\tone ", 20, "A short one"},
		"at a word":                          {"one two three four", 12, "one two…"},
		"without the comma before the cut":   {"one two, three four", 13, "one two…"},
		"inside a word if there is no space": {"abcdefghijklmnop", 5, "abcde…"},
		"Han letters take the room of two":   {"一二三四五六", 6, "一二三…"},
		"a letter keeps its marks":           {"abcde\u0301fgh", 5, "abcd…"},
		"exactly full":                       {"éééé", 4, "éééé"},
		"nothing":                            {"", 4, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := clip(row.in, row.width); got != row.want {
				t.Errorf("clip(%q, %d) = %q, want %q", row.in, row.width, got, row.want)
			}
		})
	}
}

func TestLeadTextIsTheTextOfTheStory(t *testing.T) {
	for markup, want := range map[string]string{
		"<p>One</p><p>Two</p>": "One Two",
		"<b>M</b>orning":       "Morning",
		"a<br>b<br/>c":         "a b c",
		"<figure>no<figcaption>no</figcaption></figure>yes": "yes",
		"1 &lt; 2 &amp; 3":       "1 < 2 & 3",
		"<script>no</script>yes": "yes",
		"</figure>stray end":     "stray end",
		"<p>unclosed":            "unclosed",
	} {
		if got := clip(leadText(markup, 100), 100); got != want {
			t.Errorf("leadText(%q) = %q, want %q", markup, got, want)
		}
	}
}

func TestLeadTextStopsReadingEarly(t *testing.T) {
	long := strings.Repeat("<p>Some words of text.</p>", 100_000)
	if n := len(leadText(long, 300)); n > 2000 {
		t.Errorf("read %d bytes for 300", n)
	}
}

// walkPage parses a page and visits its elements.
func walkPage(t *testing.T, page string, visit func(*html.Node)) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			visit(n)
		}
	}
}

func attributeOf(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func BenchmarkPage(b *testing.B) {
	entries := make([]feed.Entry, 50)
	for i := range entries {
		entries[i] = pickStories("english")[0]
	}
	v := sectionPageView(0, entries...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := BuiltIn.pages(v); err != nil {
			b.Fatal(err)
		}
	}
}
