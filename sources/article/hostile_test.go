package article

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// hostile are pages that cost much to who reads them without a limit (T-09).
func hostile() map[string]string {
	const mega = 1 << 20
	body := func(s string) string { return "<html><body><h1>Ferries</h1>" + plenty(2000) + s + "</body></html>" }
	lines := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	return map[string]string{
		"deep":                          body(strings.Repeat("<div>", 100_000)),
		"as deep as may be":             body(strings.Repeat("<div>", 490) + plenty(2000)),
		"deep and wide":                 body(strings.Repeat(strings.Repeat("<div>", 400)+"a, b, c"+strings.Repeat("</div>", 400), 48)),
		"spans":                         body(strings.Repeat("<span>", 490) + plenty(2000)),
		"links in links":                body("<p>" + strings.Repeat("<ins><del>", 200) + plenty(2000)),
		"a million attributes":          body("<p " + lines(mega/8, func(i int) string { return fmt.Sprintf("a%d=x ", i) }) + ">x</p>"),
		"attributes of what holds much": "<html><body><div " + lines(mega/8, func(i int) string { return fmt.Sprintf("a%d=x ", i) }) + ">" + strings.Repeat("<p>x, y, z and so on and on and on", 30_000),
		"attributes on all":             body(lines(2000, func(i int) string { return "<p " + strings.Repeat("class=share ", 50) + ">x</p>" })),
		"a long class":                  body(`<p class="` + strings.Repeat("share-", mega/2) + `">x</p>`),
		"many classes":                  body(lines(15_000, func(i int) string { return `<p class="` + strings.Repeat("a-b ", 70) + `">x</p>` })),
		"a table of many rows":          body("<table>" + strings.Repeat("<tr><td>1<td>2</tr>", 9_900) + "</table>"),
		"tables in tables":              body(strings.Repeat("<table><tr><td>", 100) + strings.Repeat("<table><tr><td>x</table>", 5000)),
		"lists of lists":                body(strings.Repeat("<ul><li><a href=/x>x</a>", 100) + strings.Repeat("<ul><li><a href=/x>x</a></ul>", 7000)),
		"breaks":                        body(strings.Repeat("<br>", 39_000)),
		"breaks and letters":            body(strings.Repeat("a<br><br>", 19_000)),
		"paragraphs":                    body(strings.Repeat("<p>x, y, z and so on and on and on", 38_000)),
		"divisions":                     body(strings.Repeat("<div>x, y, z and so on and on and on</div>", 19_000)),
		"pictures":                      body(strings.Repeat(`<img src=a.jpg>`, 38_000)),
		"noscripts":                     body(strings.Repeat(`<img><noscript><img src=a.jpg></noscript>`, 9_900)),
		"formatting":                    body("<p>" + lines(230, func(i int) string { return fmt.Sprintf("<font a=%d><b a=%d>", i, i) }) + strings.Repeat("<p>x", 9_000)),
		"formatting in quotes":          body("<p>" + lines(400, func(i int) string { return fmt.Sprintf(`<b a="%d>">`, i) }) + strings.Repeat("<p>x", 5_000)),
		"formatting in a script":        body("<p><svg><script>" + lines(400, func(i int) string { return fmt.Sprintf("<b a=%d>", i) }) + "</svg>" + strings.Repeat("<p>x", 5_000)),
		"code":                          body("<p>" + lines(400, func(i int) string { return fmt.Sprintf("<code a=%d>", i) }) + strings.Repeat("<p>x", 5_000)),
		"all formatting":                body("<p>" + strings.Repeat("<b><big><code><em><font><i><nobr><s><small><strike><strong><tt><u>", 3) + strings.Repeat("<p>x", 38_000)),
		"adoption":                      body(strings.Repeat("<a><b><p></a>", 9_900)),
		"anchors":                       body(strings.Repeat(`<a href="/x">x</a> `, 19_000)),
		"h1":                            body(strings.Repeat("<h1>"+strings.Repeat("x ", 40)+"</h1>", 19_000)),
		"text":                          body("<p>" + strings.Repeat("word, ", 700_000)),
		"articles":                      body(strings.Repeat("<article><h1>x</h1><p>"+strings.Repeat("y, ", 30)+"</article>", 6_000)),
		"bylines":                       body(strings.Repeat(`<div class=byline><div class=byline>`, 240) + strings.Repeat("<span class=byline>x</span>", 19_000)),
		"captions":                      body(strings.Repeat(`<div class="image caption"><img src=x>`, 240) + strings.Repeat("<p class=caption>x</p>", 19_000)),
		"captions around paragraphs":    body(strings.Repeat(`<div class="image caption">`, 95) + strings.Repeat("<figure>", 95) + strings.Repeat("<p>"+strings.Repeat("x, y, z and so on. ", 3), 38_000)),
		"divisions around captions":     body(strings.Repeat(`<div class=caption><figure>`, 95) + strings.Repeat("<p class=caption>"+strings.Repeat("x, y, z. ", 4), 38_000)),
		"divisions around paragraphs":   body(strings.Repeat(`<div>`, 190) + strings.Repeat("<p>"+strings.Repeat("x, y, z and so on. ", 3), 38_000)),
		"JSON, deep":                    `<script type="application/ld+json">` + strings.Repeat("[", 500_000) + `</script>` + body(""),
		"JSON, objects":                 `<script type="application/ld+json">{"@type":"Article","author":` + strings.Repeat(`[{"name":`, 4000) + `"x"` + strings.Repeat("}]", 4000) + `}</script>` + body(""),
		"JSON, many":                    `<script type="application/ld+json">[` + strings.Repeat(`{"@type":"Article","headline":"x"},`, 25_000) + `{}]</script>` + body(""),
		"JSON, a body":                  `<script type="application/ld+json">{"@type":"Article","articleBody":"` + strings.Repeat("never seen ", 80_000) + `"}</script>` + body(strings.Repeat("<div>", 400)+strings.Repeat("<p>x</p>", 19_000)),
		"JSON, a body that multiplies": `<script type="application/ld+json">{"@type":"Article","articleBody":"` + strings.ReplaceAll("<br><p>"+
			lines(300, func(i int) string { return fmt.Sprintf("<b a=%d>", i) })+strings.Repeat("<p>x", 20_000)+plenty(2000), "<", `\u003c`) + `"}</script>`,
		"JSON, broken":               `<script type="application/ld+json">` + strings.Repeat(`{"a":1,`, 100_000) + `</script>` + body(""),
		"metas":                      strings.Repeat(`<meta property="article:tag" content="x, y, z">`, 38_000) + body(""),
		"a title":                    "<title>" + strings.Repeat("x | ", mega/2) + "</title>" + body(""),
		"a page number":              `<link rel=next href="/story/` + strings.Repeat("9", mega) + `">` + body(""),
		"nothing but NUL":            strings.Repeat("\x00", mega),
		"nothing but less-than":      strings.Repeat("<", 39_000),
		"an end that is none":        body("<!--" + strings.Repeat("x", 4*mega)),
		"quotes without an end":      body(strings.Repeat(`<b a="`, 30_000)),
		"halves of what is a quote":  body(strings.Repeat(`<b a='>`, 39_000)),
		"base":                       `<base href="` + strings.Repeat("../", mega/3) + `">` + body(""),
		"hidden, and hidden in that": body(strings.Repeat(`<div style="display:none">`, 400) + strings.Repeat("<p>x</p>", 19_000)),
	}
}

// hostileTime is what such a page may take of the processor's time, and hostileMemory of memory.
const (
	hostileTime   = 2 * time.Second
	hostileMemory = 400 << 20
)

func TestHostilePagesCostLittle(t *testing.T) {
	if testing.Short() || cost.Race {
		t.Skip("it takes long")
	}
	for name, body := range hostile() {
		t.Run(name, func(t *testing.T) {
			if len(body) > maxBytes {
				t.Fatalf("%d bytes are refused at once", len(body))
			}
			var before, after runtime.MemStats
			var err error
			cost.Within(t, hostileTime, func() {
				runtime.ReadMemStats(&before)
				_, _, err = Read(feed.Leaf{URL: somewhere, ContentType: "text/html", Body: []byte(body)}, Input{})
				runtime.ReadMemStats(&after)
			})
			if kind := feed.KindOf(err); err != nil && kind != feed.KindTooLarge {
				t.Errorf("%v", err)
			}
			if made := after.TotalAlloc - before.TotalAlloc; made > hostileMemory {
				t.Errorf("%d MB were allocated", made>>20)
			}
			t.Logf("%v; %d MB", err, (after.TotalAlloc-before.TotalAlloc)>>20)
		})
	}
}

func TestAPageOfManyTagsIsRefused(t *testing.T) {
	_, _, err := Read(feed.Leaf{URL: somewhere, ContentType: "text/html", Body: []byte(strings.Repeat("<p>x", maxTags+1))}, Input{})
	if feed.KindOf(err) != feed.KindTooLarge || err.Error() != "reading the article: the page has more than 40000 tags" {
		t.Error(err)
	}
}

// A panic is confined to the page, and what made it is kept.
func TestAPanicIsConfined(t *testing.T) {
	_, err := read(feed.Leaf{URL: somewhere, ContentType: "text/html", Body: []byte("<p>x</p>")}, Input{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = guarded([]byte("<p>x</p>"), func() *reading { panic("no") })
	if e, ok := err.(*feed.Error); !ok || e.Kind != feed.KindBug || string(e.Input) != "<p>x</p>" {
		t.Errorf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, page := range []string{"", "<p>x", page(""), page(script(`{"@type":"Article","author":[{"name":["a","b"]}],"articleBody":"x"}`)), `<title>a | b</title><h1>a</h1>`,
		`<article><h1>x</h1></article><article><h1>y</h1></article>`, `<div itemprop=articleBody><p>x</div>`, "\xFF\xFE<\x00p\x00>\x00", `<figure><img data-src=x><figcaption>y`} {
		f.Add(page, "text/html; charset=windows-1251", "https://a.example/story/2", "https://a.example/story")
	}
	f.Fuzz(func(t *testing.T, body, contentType, address, first string) {
		leaf := feed.Leaf{URL: address, ContentType: contentType, Body: []byte(body)}
		page, links, err := Read(leaf, Input{Title: "x", First: first})
		if feed.KindOf(err) == feed.KindBug {
			t.Fatal(err)
		}
		again, links2, _ := Read(leaf, Input{Title: "x", First: first})
		if page.Content != again.Content || links != links2 {
			t.Fatal("it reads otherwise each time")
		}
		for _, l := range []string{links.Next, links.Single, page.Canonical, page.Image} {
			if l != "" && !strings.HasPrefix(l, "http://") && !strings.HasPrefix(l, "https://") {
				t.Fatalf("%q is no address of the web", l)
			}
		}
		if strings.Contains(strings.ToLower(string(page.Content.Value)), "<script") {
			t.Fatalf("a script is left: %s", page.Content.Value)
		}
	})
}
