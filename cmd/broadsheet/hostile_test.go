package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/sources/syndication"
)

// T-12: the feeds that another parser tests its sanitiser with, from their bytes to
// what would be published. A browser's parser looks at the result, by a list of
// what can run or load by itself; it does not ask the program's own tables.
func TestCorpusOfHostileFeedsLeavesNothingThatRuns(t *testing.T) {
	root, _ := corpus(t)
	feeds, entries := 0, 0
	for _, folder := range []string{"wellformed/sanitize", "illformed"} {
		err := filepath.WalkDir(filepath.Join(root, "feedparser_cases", "input", folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			doc, err := syndication.Parse(body, syndication.Input{URL: "https://gulf.example/feed"})
			if err != nil && folder == "wellformed/sanitize" {
				t.Errorf("%s: %v", name, err)
			}
			feeds++
			for _, it := range doc.Items {
				made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: it}}, FirstSeen: time.Now()})
				if err != nil {
					continue // nothing is left of it
				}
				entries++
				for _, ill := range runs(t, string(made.Entry.Content)) {
					t.Errorf("%s: %s in %q", filepath.Base(name), ill, made.Entry.Content)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d feeds, %d entries, nothing that runs is left", feeds, entries)
	if feeds < 700 || entries < 300 {
		t.Fail()
	}
}

// active are the elements that run, load or ask for something, or change what is
// around them.
var active = strings.Fields("script style link meta base iframe frame frameset object embed applet form input button " +
	"textarea select template svg math noscript noembed noframes xmp plaintext title body html head param layer ilayer bgsound")

var webAddress = regexp.MustCompile(`^(?i:https?://|mailto:)[^\s"<>]*$`)

// placeInText is what leads to a footnote of the same text.
var placeInText = regexp.MustCompile(`^#?e[0-9a-f]{10}-[A-Za-z0-9_:.-]+$`)

// runs lists what in markup could run or load anything but pictures and sounds,
// wherever it is put: a parser reads it in a page, in a template, in a table, in
// drawings, and with programs off and on; and a tokenizer without any of that.
func runs(t *testing.T, markup string) []string {
	t.Helper()
	ills := illTags(markup)
	for _, context := range []string{"body", "div", "template", "table", "td", "li", "p", "svg", "math", "noscript", "a"} {
		for _, programs := range []bool{true, false} {
			parent := &html.Node{Type: html.ElementNode, Data: context, DataAtom: atom.Lookup([]byte(context))}
			if context == "svg" || context == "math" {
				parent.Namespace = context
			}
			nodes, err := html.ParseFragmentWithOptions(strings.NewReader(markup), parent, html.ParseOptionEnableScripting(programs))
			if err != nil {
				return append(ills, "what no parser reads")
			}
			for _, n := range nodes {
				ills = append(ills, illNodes(n, parent.Namespace)...)
			}
		}
	}
	if whole, err := html.Parse(strings.NewReader(markup)); err != nil {
		ills = append(ills, "what no parser reads")
	} else if body := whole.LastChild.LastChild; body.Data == "body" {
		for n := body.FirstChild; n != nil; n = n.NextSibling {
			ills = append(ills, illNodes(n, "")...)
		}
	}
	return ills
}

// illTags lists what is ill in the tags of markup, as they are written.
func illTags(markup string) (ills []string) {
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ills
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			token := z.Token()
			ills = append(ills, illNodes(&html.Node{Type: html.ElementNode, Data: token.Data, Attr: token.Attr}, "")...)
		case html.CommentToken, html.DoctypeToken:
			ills = append(ills, "<!")
		}
	}
}

// illNodes lists what is ill in a tree that stands in a namespace.
func illNodes(n *html.Node, namespace string) (ills []string) {
	if n.Type == html.CommentNode || n.Type == html.DoctypeNode || n.Namespace != namespace && n.Namespace != "" ||
		n.Type == html.ElementNode && slices.Contains(active, strings.ToLower(n.Data)) {
		ills = append(ills, "<"+n.Data+">")
	}
	for _, a := range n.Attr {
		key := strings.ToLower(a.Key)
		switch {
		case strings.HasPrefix(key, "on"), key == "style", key == "class", key == "name", strings.Contains(key, ":"), a.Namespace != "", key == "srcdoc",
			key == "background", key == "action", key == "formaction", key == "http-equiv", key == "is", key == "slot", key == "autofocus", key == "autoplay",
			key == "id" && !placeInText.MatchString(a.Val):
			ills = append(ills, key)
		case key == "href" && placeInText.MatchString(a.Val):
		case slices.Contains([]string{"href", "src", "cite", "poster", "data", "longdesc", "ping"}, key) && !webAddress.MatchString(a.Val):
			ills = append(ills, key+"="+a.Val)
		case key == "srcset" && strings.Contains(strings.ToLower(a.Val), "script:"):
			ills = append(ills, key+"="+a.Val)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		ills = append(ills, illNodes(c, namespace)...)
	}
	return ills
}

// A guard that finds nothing in what is hostile guards nothing.
func TestWhatRunsIsRecognised(t *testing.T) {
	for _, s := range []string{
		`<script>x</script>`, `<img src="x" onerror="y">`, `<a href="javascript:x">x</a>`, `<p style="x">x</p>`, `<svg></svg>`,
		`<iframe src="https://x.example/"></iframe>`, `<!-- x -->`, `<img src="data:x">`, `<form action="/x"></form>`, `<p id="location">x</p>`,
		`<a href="#top">x</a>`, `<a xlink:href="x">x</a>`, `<p is="x">x</p>`, `<meta http-equiv="refresh">`, `<table><script>x</script></table>`,
	} {
		if len(runs(t, s)) == 0 {
			t.Errorf("%s is taken for harmless", s)
		}
	}
	if ills := runs(t, `<p>x <a href="https://x.example/">y</a><img src="https://x.example/a.png" alt=""></p>`); len(ills) > 0 {
		t.Errorf("what is harmless is taken for %v", ills)
	}
}
