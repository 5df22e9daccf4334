package article

import (
	"unicode"

	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// head is what a page says about itself where nobody sees it, and in the elements
// that say what they are.
type headers struct {
	metas   map[string][]string // values by name or property, in lower case
	title   string              // of the page
	lang    string
	base    string // the href of <base>
	links   []anchor
	scripts []string // JSON-LD
	props   map[string][]*html.Node
	h1      []string
	tags    []string // links that say they are tags
	filed   []string // of these, links that say they are categories
	times   []string // of <time> elements
}

// anchor is a link of the page's head or text.
type anchor struct{ rel, href, text, title string }

// Limits of what is read of a page's head.
const (
	maxMetas  = 500
	maxScript = 1 << 20 // bytes of one JSON-LD script
	maxValue  = 4 << 10 // bytes of one value
	maxLinks  = 5000
	maxNamed  = 200 // elements with one itemprop
)

// readHead looks a page through for what it says about itself.
func readHead(doc *html.Node) *headers {
	h := &headers{metas: map[string][]string{}, props: map[string][]*html.Node{}}
	count := 0
	walk(doc, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return true
		}
		if prop := attr(n, "itemprop"); prop != "" {
			for name := range strings.FieldsSeq(strings.ToLower(clip(prop, maxNames))) {
				if len(h.props[name]) < maxNamed {
					h.props[name] = append(h.props[name], n)
				}
			}
		}
		switch n.DataAtom {
		case atom.Html:
			h.lang = firstOf(h.lang, attr(n, "lang"), attr(n, "xml:lang"))
		case atom.Title:
			if h.title == "" && n.Namespace == "" {
				h.title = tidy(clip(raw(n), maxValue))
			}
		case atom.Base:
			h.base = firstOf(h.base, attr(n, "href"))
		case atom.Meta:
			if count++; count <= maxMetas {
				h.meta(n)
			}
		case atom.Link, atom.A:
			h.link(n)
		case atom.Script:
			if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") {
				if s := raw(n); len(s) <= maxScript && len(h.scripts) < 20 {
					h.scripts = append(h.scripts, s)
				}
			}
			return false
		case atom.H1:
			if len(h.h1) < 10 {
				h.h1 = append(h.h1, clip(text(n), maxValue))
			}
		case atom.Time:
			if t := firstOf(attr(n, "datetime"), text(n)); t != "" && len(h.times) < 20 {
				h.times = append(h.times, clip(t, maxValue))
			}
		case atom.Svg:
			return false
		}
		return true
	})
	return h
}

func (h *headers) meta(n *html.Node) {
	value := tidy(html.UnescapeString(clip(firstOf(attr(n, "content"), attr(n, "value")), maxValue)))
	if value == "" {
		return
	}
	for _, key := range []string{"property", "name", "http-equiv"} {
		for name := range strings.FieldsSeq(strings.ToLower(clip(attr(n, key), maxNames))) {
			h.metas[name] = append(h.metas[name], value)
		}
	}
}

func (h *headers) link(n *html.Node) {
	rel, href := strings.ToLower(clip(attr(n, "rel"), maxNames)), strings.TrimSpace(attr(n, "href"))
	if href == "" || len(href) > maxValue || len(h.links) >= maxLinks {
		return
	}
	a := anchor{rel: rel, href: href}
	if element(n, atom.A) {
		a.text, a.title = clip(text(n), short), clip(attr(n, "title"), short)
		if says(rel, "tag") && a.text != "" && len(h.tags) < maxTerms {
			h.tags = append(h.tags, a.text)
			if says(rel, "category") {
				h.filed = append(h.filed, a.text)
			}
		}
	}
	h.links = append(h.links, a)
}

// says reports whether a list of words separated by blanks has one.
func says(list, word string) bool { return slices.Contains(strings.Fields(list), word) }

// get is the first value of the first of these names that has one.
func (h *headers) get(names ...string) string {
	for _, name := range names {
		if v := h.metas[name]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// prop is the first value of an itemprop: its content, or its text.
func (h *headers) prop(names ...string) string {
	for _, name := range names {
		for _, n := range h.props[name] {
			if v := valueOf(n); v != "" {
				return v
			}
		}
	}
	return ""
}

// valueOf is what an element with an itemprop says.
func valueOf(n *html.Node) string {
	return tidy(clip(firstOf(attr(n, "content"), attr(n, "datetime"), text(n)), maxValue))
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}

// clip cuts a text to so many bytes, between two characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// about fills in what a page says of itself: what data for machines says goes before
// what Open Graph says, and that before other names.
func about(h *headers, ld linked, b bylines, at *url.URL, in Input) feed.Page {
	var p feed.Page
	p.Site = firstOf(h.get("og:site_name"), ld.Site, h.get("application-name", "twitter:app:name:iphone"))
	p.Title = plain(titleOf(h, ld, in.Title, p.Site, at))
	p.Summary = plain(firstOf(ld.Description, h.get("og:description", "description", "twitter:description",
		"dc.description", "dcterms.description", "parsely-description"), h.prop("description")))
	p.Authors = authorsOf(h, ld, b, p.Site)
	p.Published = firstOf(ld.Published, h.get("article:published_time", "og:article:published_time", "article:published",
		"og:published_time", "datepublished", "publishdate", "publish-date", "publish_date", "published_time", "parsely-pub-date",
		"sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
		"citation_publication_date", "citation_online_date", "bt:pubdate", "pubdate", "article.published", "date", "dc.date", "dcterms.date",
		"last-published"), h.prop("datepublished", "datecreated"), pick(h.times, 0), pick(b.dates, 0), b.below, pathDate(at.Path))
	p.Updated = firstOf(ld.Modified, h.get("article:modified_time", "og:updated_time", "article:modified", "datemodified",
		"dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "revised"), h.prop("datemodified"))
	p.Language = firstOf(h.lang, h.get("content-language", "language", "dc.language"), ld.Language,
		strings.ReplaceAll(h.get("og:locale"), "_", "-"))
	p.Canonical = canonical(h, ld, at)
	p.Image = absolute(at, firstOf(h.get("og:image:secure_url", "og:image", "og:image:url"), ld.Image,
		h.get("twitter:image", "twitter:image:src", "parsely-image-url", "sailthru.image.full", "thumbnail"), h.rel("image_src"), h.prop("image")))
	return p
}

func pick(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// plain is a text without markup.
func plain(s string) feed.Text {
	if s == "" {
		return feed.Text{}
	}
	return feed.Text{Kind: feed.TextPlain, Value: feed.RawHTML(s)}
}

// rel is the address of the first link of the head with a relation.
func (h *headers) rel(rel string) string {
	for _, l := range h.links {
		if says(l.rel, rel) {
			return l.href
		}
	}
	return ""
}

// absolute is a reference of the page as an address, empty if it is none of the web.
func absolute(at *url.URL, ref string) string {
	if at == nil || ref == "" {
		return ""
	}
	u, err := at.Parse(strings.TrimSpace(ref))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.User = nil
	return u.String()
}

// canonical is the address that the page gives for itself. One that names the home
// page, which badly kept themes do on every page, says nothing.
func canonical(h *headers, ld linked, at *url.URL) string {
	for _, ref := range []string{h.rel("canonical"), h.get("og:url"), ld.URL} {
		c := absolute(at, ref)
		if c == "" {
			continue
		}
		u, err := url.Parse(c)
		if err != nil || home(u) && !home(at) {
			continue
		}
		u.Fragment, u.RawFragment = "", ""
		return u.String()
	}
	return ""
}

func home(u *url.URL) bool {
	p := strings.ToLower(strings.Trim(u.Path, "/"))
	return (p == "" || p == "index.html" || p == "index.php" || p == "home") && u.RawQuery == ""
}

// titleOf is the headline. What is said for machines is often the headline with the
// name of the site behind it; a heading of the page that is a part of it is the
// headline alone.
func titleOf(h *headers, ld linked, known, site string, at *url.URL) string {
	said := firstOf(ld.Title, h.get("og:title"), h.get("twitter:title", "dc.title", "dcterms.title", "parsely-title",
		"sailthru.title", "citation_title"), h.prop("headline"), h.title)
	if said == "" {
		return firstOf(pick(h.h1, 0), known)
	}
	folded := fold(said)
	for _, heading := range append(slices.Clone(h.h1), known) {
		if f := fold(heading); partOf(f, folded) {
			return heading
		}
	}
	return trimSite(said, site, at.Hostname())
}

// partOf reports whether a heading is a title without the name of a site: a third of it at
// least, or all before a sign that parts the two.
func partOf(heading, title string) bool {
	if len(heading) < 2 {
		return false
	}
	rest, begins := strings.CutPrefix(title, heading)
	if !begins {
		return strings.HasSuffix(title, heading) && len(heading)*3 >= len(title)
	}
	return len(heading)*3 >= len(title) || len(heading) >= telling && strings.IndexAny(strings.TrimSpace(rest), "|-:»·") == 0
}

// separators part a headline from the name of a site.
var separators = []string{" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · ", " / ", " < ", " > "}

// trimSite takes the name of the site off a title: the last part, if the site is
// called so or its host says so.
func trimSite(title, site, host string) string {
	for {
		cut, width := -1, 0
		for _, sep := range separators {
			if i := strings.LastIndex(title, sep); i > cut {
				cut, width = i, len(sep)
			}
		}
		if cut <= 0 {
			return title
		}
		last := fold(title[cut+width:])
		squeezed := strings.NewReplacer(" ", "", ".", "", "-", "", "'", "").Replace(last)
		named := site != "" && last == fold(site) || len(squeezed) > 2 && (strings.Contains(strings.ReplaceAll(host, "-", ""), squeezed) ||
			strings.HasPrefix(squeezed, strings.ReplaceAll(firstLabel(host), "-", "")))
		if !named {
			return title
		}
		title = strings.TrimSpace(title[:cut])
	}
}

// firstLabel is the telling label of a host: "news" of "www.news.example".
func firstLabel(host string) string {
	host = strings.TrimPrefix(host, "www.")
	label, _, _ := strings.Cut(host, ".")
	return label
}

// fold makes texts comparable: lower case, one blank between two words, one kind of
// apostrophe and dash.
func fold(s string) string {
	return folding.Replace(strings.ToLower(tidy(s)))
}

var folding = strings.NewReplacer("’", "'", "‘", "'", "ʼ", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "\u00ad", "")

// authorsOf are the people who wrote the article.
func authorsOf(h *headers, ld linked, b bylines, site string) []feed.Person {
	var out []feed.Person
	add := func(p feed.Person) {
		p.Name = tidy(strings.Trim(p.Name, " ,;|·"))
		if strings.IndexFunc(p.Name, unicode.IsLetter) < 0 || len(p.Name) > short || len(out) >= maxAuthors || strings.Contains(p.Name, "://") || fold(p.Name) == fold(site) {
			return
		}
		for _, o := range out {
			if fold(o.Name) == fold(p.Name) {
				return
			}
		}
		out = append(out, p)
	}
	for _, p := range ld.Authors {
		for _, name := range names(p.Name) {
			add(feed.Person{Name: name, URL: p.URL})
		}
	}
	for _, list := range [][]string{h.metas["author"], h.metas["article:author"], h.metas["article:author_name"], h.metas["og:article:author"], h.metas["parsely-author"], h.metas["sailthru.author"],
		h.metas["dc.creator"], h.metas["dcterms.creator"], h.metas["citation_author"], h.metas["byl"], h.metas["cxenseparse:author"],
		b.props, b.links, b.named[:min(1, len(b.named))]} {
		if len(out) > 0 {
			break
		}
		for _, v := range list {
			for _, name := range names(v) {
				add(feed.Person{Name: name})
			}
		}
	}
	return out
}

// maxAuthors and maxTerms are how many of each an article may have.
const (
	maxAuthors = 20
	maxTerms   = 30
)

// names takes a line of authors apart.
func names(line string) []string {
	line = by.ReplaceAllString(tidy(line), "")
	line = strings.NewReplacer(" and ", "\n", " und ", "\n", " & ", "\n", ";", "\n", " | ", "\n", " et ", "\n").Replace(line)
	var out []string
	for part := range strings.SplitSeq(line, "\n") {
		// "Ana Lima, Rui Sá" are two people; "Ana Lima, PhD" is one.
		pieces := strings.Split(part, ",")
		whole := true
		for _, p := range pieces {
			whole = whole && len(strings.Fields(p)) >= 2
		}
		if !whole {
			pieces = []string{part}
		}
		for _, p := range pieces {
			if p = strings.TrimSpace(p); p != "" {
				out = append(out, p)
			}
		}
	}
	return out
}
