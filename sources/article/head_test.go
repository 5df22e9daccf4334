package article

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

const somewhere = "https://courier.example/2026/11/ferries"

// page is a page with something in its head, and one paragraph.
func page(head string) string {
	return `<html lang="en"><head>` + head + `</head><body><article><h1>Ferries at odds</h1><p>` +
		`The boats left the quay at the same minute as on every other day, and nobody on the pier took any notice of it.</p></article></body></html>`
}

func script(json string) string { return `<script type="application/ld+json">` + json + `</script>` }

func TestWhatAPageSaysOfItself(t *testing.T) {
	for _, tc := range []struct {
		name, head string
		want       func(feed.Page) any
		is         any
	}{
		{"a headline in a graph", script(`{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Courier"},{"@type":["NewsArticle","Article"],"headline":"Ferries: the whole story"}]}`), title, "Ferries: the whole story"},
		{"in an array", script(`[{"@type":"BreadcrumbList"},{"@type":"BlogPosting","headline":"Ferries &amp; tides"}]`), title, "Ferries & tides"},
		{"with a comma too many and a line end in a string", script("{\"@type\":\"NewsArticle\",\"headline\":\"Ferries\nat odds\",\"keywords\":[\"a\",\"b\",],}"), categoryNames, []string{"a", "b"}},
		{"broken beyond mending", script(`{"@type":"NewsArticle","headline":"Ferries`) + `<meta property="og:title" content="Ferries, by Open Graph">`, title, "Ferries, by Open Graph"},
		{"a title with the site's name", `<title>Ferries at odds | The Courier of the Sound</title>`, title, "Ferries at odds"},
		{"a title with the host's name", `<title>Nobody moves - Courier</title>`, title, "Nobody moves"},
		{"a title with a dash of its own", `<meta property="og:title" content="Ferries - and why they wait">`, title, "Ferries - and why they wait"},

		{"authors as objects", script(`{"@type":"Article","author":[{"@type":"Person","name":"Ines Falk","url":"https://courier.example/falk"},{"name":"Olaf Rand"}]}`), personNames, []string{"Ines Falk <https://courier.example/falk>", "Olaf Rand"}},
		{"one line of authors", `<meta name="author" content="By Ines Falk, Olaf Rand and Marta Quill">`, personNames, []string{"Ines Falk", "Olaf Rand", "Marta Quill"}},
		{"an author with a title behind", `<meta name="author" content="Ines Falk, PhD">`, personNames, []string{"Ines Falk, PhD"}},
		{"an author that is an address", `<meta property="article:author" content="https://social.example/courier">`, personNames, []string(nil)},
		{"an author that is the site", `<meta property="og:site_name" content="Courier"><meta name="author" content="Courier">`, personNames, []string(nil)},

		{"sections, tags and keywords", `<meta property="article:section" content="Trade"><meta property="article:tag" content="ferries"><meta property="article:tag" content="Trade">` + script(`{"@type":"Article","articleSection":["Europe"],"keywords":"boats, quays"}`), categoryNames, []string{"Europe", "Trade", "boats", "quays", "ferries"}},
		{"categories before tags", `<p><a rel="category tag" href="/c/na">North America</a><a rel="category tag" href="/c/eu">Europe</a></p><p><a rel="tag" href="/t/grain">grain</a></p>`, categoryNames, []string{"North America", "Europe"}},
		{"labels above the article", `<div class="cat">North QuayTrade</div><article><h1>Ferries at odds</h1><p>x</p></article>`, categoryNames, []string{"North QuayTrade"}},
		{"tags where nothing else is", `<p><a rel="tag" href="/t/grain">grain</a></p>`, categoryNames, []string{"grain"}},
		{"keywords where nothing else is", `<meta name="keywords" content="boats, quays">`, categoryNames, []string{"boats", "quays"}},

		{"dates as written", script(`{"@type":"Article","datePublished":"2026-11-20","dateModified":"Fri, 20 Nov 2026 08:00 GMT"}`), func(p feed.Page) any { return []string{p.Published, p.Updated} }, []string{"2026-11-20", "Fri, 20 Nov 2026 08:00 GMT"}},
		{"a date in the address", ``, func(p feed.Page) any { return p.Published }, ""},

		{"canonical, relative", `<link rel="canonical" href="/ferries#top">`, func(p feed.Page) any { return p.Canonical }, "https://courier.example/ferries"},
		{"canonical, the home page", `<link rel="canonical" href="https://courier.example/">`, func(p feed.Page) any { return p.Canonical }, ""},
		{"canonical, of no web", `<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="https://courier.example/f">`, func(p feed.Page) any { return p.Canonical }, "https://courier.example/f"},
		{"image and base", `<base href="https://cdn.courier.example/x/"><meta property="og:image" content="a.jpg">`, func(p feed.Page) any { return []string{p.Image, p.Content.Base} }, []string{"https://cdn.courier.example/x/a.jpg", "https://cdn.courier.example/x/"}},
		{"image as an object", script(`{"@type":"Article","image":{"@type":"ImageObject","url":"https://courier.example/o.jpg"}}`), func(p feed.Page) any { return p.Image }, "https://courier.example/o.jpg"},
		{"language", `<meta property="og:locale" content="pt_BR">`, func(p feed.Page) any { return p.Language }, "en"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, _ := mustRead(t, somewhere, page(tc.head), Input{})
			if d := cmp.Diff(tc.is, tc.want(p)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func title(p feed.Page) any { return string(p.Title.Value) }

func personNames(p feed.Page) any {
	var out []string
	for _, a := range p.Authors {
		if a.URL != "" {
			a.Name += " <" + a.URL + ">"
		}
		out = append(out, a.Name)
	}
	return out
}

func categoryNames(p feed.Page) any {
	var out []string
	for _, c := range p.Categories {
		out = append(out, c.Term)
	}
	return out
}

// A title that is said with more around it is the headline that the feed has.
func TestTheFeedsHeadlineHelps(t *testing.T) {
	p, _ := mustRead(t, somewhere, `<html><title>Nobody moved the boat | Region and Sound</title><body><p>`+plenty(600)+`</body></html>`, Input{Title: "Nobody moved the boat"})
	if p.Title.Value != "Nobody moved the boat" {
		t.Errorf("%q", p.Title.Value)
	}
}
