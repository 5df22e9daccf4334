package article

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// mustRead reads a page as it came from a URL.
func mustRead(t *testing.T, address, body string, in Input) (feed.Page, Links) {
	t.Helper()
	page, links, err := Read(feed.Leaf{URL: address, ContentType: "text/html; charset=utf-8", Body: []byte(body)}, in)
	if err != nil {
		t.Fatal(err)
	}
	return page, links
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// blocksOf is a text as "name: words" for each block that has none within it, and for each
// picture and player.
func blocksOf(t *testing.T, content feed.Text) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(content.Value)))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	walk(doc, func(n *html.Node) bool {
		if element(n, atom.Img, atom.Iframe) {
			out = append(out, n.Data+": "+firstOf(attr(n, "data-src"), attr(n, "src")))
		}
		if element(n, atom.Body, atom.Html, atom.Head) || n.Type != html.ElementNode || !blocks[n.DataAtom] {
			return true
		}
		if first(n, func(c *html.Node) bool { return blocks[c.DataAtom] }) == nil {
			if s := text(n); s != "" {
				out = append(out, n.Data+": "+s)
			}
		}
		return true
	})
	return out
}

// A page built like a newspaper's theme: labels run together, breadcrumb, share bars, an
// inline related box, tags, a sidebar, comments and a "Back to top" button.
func TestANewspapersTheme(t *testing.T) {
	page, links := mustRead(t, "https://courier.example/2026/11/harbour-towns-agree/", fixture(t, "newspaper.html"), Input{})
	want := []string{
		"img: /uploads/2026/11/quay.jpg",
		"figcaption: Two ferries wait at the north quay.",
		"p: The councils of Aldermouth, Brennick and Sankt Olin have agreed on one timetable for the ferries that cross the sound between them, after nine years in which each town set its own.",
		"p: From the first of March, a boat will leave each of the three quays every forty minutes, and a ticket that was bought in one town will be good in the other two.",
		"h2: A quarrel over minutes",
		"p: The quarrel began over eleven minutes. That was how long passengers from Brennick had to wait for a connection that left Aldermouth, as they saw it, out of spite.",
		"p: “Nobody remembers who moved the first boat,” said Marta Quill, who chairs the council of Brennick. “Everybody remembers who moved the second.”",
		"p: We counted the people on the quay, and then we counted the boats. It was not difficult after that.",
		"h2: What changes for passengers",
		"li: Boats leave every forty minutes from five in the morning until eleven at night.",
		"li: One ticket is good on all three lines, for two hours.",
		"li: Bicycles travel free of charge outside the rush hours.",
		"th: Quay", "th: First boat", "th: Last boat",
		"td: Aldermouth", "td: 05:00", "td: 23:00", "td: Brennick", "td: 05:10", "td: 23:10", "td: Sankt Olin", "td: 05:20", "td: 23:20",
		"h3: And for freight",
		"p: Lorries keep their own boats for the time being. A study of the shared freight line is due before the summer, and the three harbour masters have promised to publish all of it.",
		"iframe: https://www.youtube.com/embed/abcdefghijk",
		"p: The agreement runs for six years. Each town may leave it, but only with two winters' notice, and not in the month before a regatta.",
	}
	if d := cmp.Diff(want, blocksOf(t, page.Content)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	page.Content.Value = ""
	if d := cmp.Diff(feed.Page{
		URL:        "https://courier.example/2026/11/harbour-towns-agree/",
		Title:      feed.Text{Kind: feed.TextPlain, Value: "Harbour towns agree on a shared ferry timetable"},
		Summary:    feed.Text{Kind: feed.TextPlain, Value: "Three councils end a quarrel of nine years over the boats between their quays."},
		Content:    feed.Text{Kind: feed.TextHTML, Base: "https://courier.example/2026/11/harbour-towns-agree/"},
		Authors:    []feed.Person{{Name: "Ines Falk"}},
		Categories: []feed.Category{{Term: "North America"}, {Term: "Europe"}, {Term: "Trade"}},
		Published:  "2026-11-20T07:15:00+00:00", Updated: "2026-11-20T09:40:00+00:00",
		Language: "en-GB", Canonical: "https://courier.example/2026/11/harbour-towns-agree/",
		Image: "https://courier.example/uploads/2026/11/quay.jpg", Site: "The Quay Courier",
	}, page); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if links != (Links{}) {
		t.Errorf("links: %+v", links)
	}
}

// The same with the names of another theme, and the labels run together in JSON-LD.
func TestAnothersTheme(t *testing.T) {
	page, _ := mustRead(t, "https://inland.example/glass-works/", fixture(t, "magazine.html"), Input{Title: "Glass works reopen after the long winter"})
	want := []string{
		"p: The furnaces of the three glass works at Hollin Ford were lit again on Thursday, seven months after frost had broken the pipes that feed them.",
		"p: It took a crew of forty to clear the channel, and another week to dry the brick. “You cannot hurry brick,” said the foreman, Aldo Brink.",
		"h3: Orders from two continents",
		"p: Orders had been waiting since the spring: lamps for a theatre in the north, and nine hundred panes for a hothouse beyond the sea.",
		"p: The panes leave first. They travel upright, in straw, on a barge that was built for nothing else.",
		"h3: What comes next",
		"li: The second furnace is lit in November.",
		"li: The school for cutters opens after the new year.",
		"p: Until then the works will run by day only, the owners said, and the bell that called the night shift stays in its box.",
	}
	if d := cmp.Diff(want, blocksOf(t, page.Content)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if d := cmp.Diff([]feed.Category{{Term: "North America"}, {Term: "Europe"}, {Term: "Trade"}}, page.Categories); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if page.Title.Value != "Glass works reopen after the long winter" || folk(page.Authors) != "petra lund" || page.Wall != "" {
		t.Errorf("%q %v %q", page.Title.Value, page.Authors, page.Wall)
	}
}
