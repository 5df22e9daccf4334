package article

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// categories are what the page files the article under: the sections that it names for
// machines and on labels by the headline, then tags, then keywords.
func categories(doc *html.Node, h *headers, ld linked) []feed.Category {
	labels := labelsOf(doc)
	sections := append([]string(nil), ld.Sections...)
	for _, name := range []string{"article:section", "og:article:section", "og:section", "parsely-section", "section", "cxenseparse:recs:category"} {
		sections = append(sections, h.metas[name]...)
	}
	glued := ""
	for _, l := range labels {
		glued += squeeze(l)
	}
	var out []string
	for _, s := range sections {
		if len(labels) > 1 && squeeze(s) == glued {
			continue // what a theme makes of its labels
		}
		out = append(out, s)
	}
	out = append(out, labels...)
	keywords := append([]string(nil), ld.Keywords...)
	for _, name := range []string{"article:tag", "og:article:tag", "parsely-tags", "sailthru.tags"} {
		for _, v := range h.metas[name] {
			keywords = append(keywords, commas(v)...)
		}
	}
	if len(keywords) == 0 {
		keywords = commas(h.get("news_keywords"))
	}
	if len(keywords) == 0 && len(out) == 0 {
		switch {
		case len(h.filed) > 0 && len(h.filed) <= maxLabels: // more are those of other articles
			keywords = h.filed
		case len(h.tags) > 0:
			keywords = h.tags
		default:
			keywords = commas(h.get("keywords"))
		}
	}
	return terms(append(out, keywords...))
}

// squeeze is a text without what parts words.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\u00a0,;|/·•>»-–", r) {
			return -1
		}
		return r
	}, fold(s))
}

// maxTerm is how long a category may be, in bytes: what is longer is a sentence.
const maxTerm = 80

// terms makes categories of texts, none twice.
func terms(list []string) []feed.Category {
	var out []feed.Category
	seen := map[string]bool{}
	for _, t := range list {
		t = tidy(html.UnescapeString(t))
		if f := fold(t); t != "" && len(t) <= maxTerm && !seen[f] && len(out) < maxTerms && !strings.Contains(t, "://") {
			seen[f] = true
			out = append(out, feed.Category{Term: t})
		}
	}
	return out
}

// labelNames is what the names of an element that labels an article say.
var labelNames = map[string]bool{
	"category": true, "categories": true, "cat": true, "cats": true, "kicker": true, "eyebrow": true, "sections": true, "catlinks": true, "rubric": true, "rubrik": true,
}

// labelled reports whether an element is called a label, or a list of them.
func labelled(n *html.Node) bool {
	if !element(n, atom.Div, atom.Span, atom.P, atom.Ul, atom.Ol, atom.A, atom.Header, atom.Li, atom.Section, atom.Nav) {
		return false
	}
	for name := range strings.FieldsSeq(clip(attr(n, "class"), maxNames)) {
		for part := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' }) {
			if labelNames[part] {
				return true
			}
		}
	}
	rel := strings.ToLower(attr(n, "rel"))
	return element(n, atom.A) && says(rel, "category")
}

// Labels stand near the headline: below the third element around it at most. There are
// some of them, each of a few words.
const (
	nearLabel = 3
	maxLabels = 8
	maxLabel  = 40
)

// labelsOf are the labels by the headline. A theme writes them without a blank between
// two: so elements part them, not the text.
func labelsOf(doc *html.Node) []string {
	heading := first(doc, func(n *html.Node) bool { return element(n, atom.H1) && text(n) != "" })
	if heading == nil {
		return nil
	}
	around := heading.Parent
	for range nearLabel {
		if around == nil || element(around, atom.Body, atom.Html) {
			break
		}
		if out := labelsIn(around); len(out) > 0 {
			return out
		}
		if element(around, atom.Article, atom.Main) {
			return labelsAbove(around)
		}
		around = around.Parent
	}
	return nil
}

// labelsAbove are the labels that stand just above an article, outside of it.
func labelsAbove(article *html.Node) []string {
	seen := 0
	for n := article.PrevSibling; n != nil && seen < nearLabel; n = n.PrevSibling {
		if n.Type != html.ElementNode {
			continue
		}
		if seen++; labelled(n) && !element(n, atom.Nav) && traits(n)&(related|comments|aside|foot|share|menu) == 0 {
			return few(pieces(n))
		}
	}
	return nil
}

func labelsIn(around *html.Node) []string {
	var out []string
	walk(around, func(n *html.Node) bool {
		if n.Type != html.ElementNode || len(out) > maxLabels {
			return n.Type != html.ElementNode
		}
		if n != around && (element(n, atom.Aside, atom.Footer, atom.Script, atom.Style) || traits(n)&(related|comments|aside|foot|share|menu) != 0 && !labelled(n)) {
			return false
		}
		if n != around && labelled(n) {
			out = append(out, pieces(n)...)
			return false
		}
		return true
	})
	return few(out)
}

// few are labels, if they are as few and as short as labels are.
func few(labels []string) []string {
	if len(labels) > maxLabels || slices.ContainsFunc(labels, func(l string) bool { return len(l) > maxLabel }) {
		return nil
	}
	return labels
}

// pieces are the texts of the elements that an element is made of.
func pieces(n *html.Node) []string {
	var out []string
	walk(n, func(c *html.Node) bool {
		if c.Type == html.TextNode {
			if t := strings.Trim(tidy(c.Data), " ,|/·•>»:"); t != "" {
				out = append(out, t)
			}
		}
		return !element(c, atom.Script, atom.Style, atom.Svg)
	})
	return out
}
