package article

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// clearer takes out of a page what is no part of its article.
type clearer struct {
	scale scale
	whole weight     // of the page
	title string     // folded
	core  *html.Node // what surely is of the article; nil if unknown
	own   *html.Node // the <article> that the headline stands in, of several; nil if unknown
}

// clear takes the furniture out of doc.
func (c *clearer) clear(doc *html.Node) {
	c.scale = scale{}
	c.whole = c.scale.weigh(doc)
	if c.core == nil {
		c.core = c.findCore(doc)
	}
	c.own = c.findOwn(doc)
	walk(doc, func(n *html.Node) bool {
		if n.Type == html.CommentNode {
			remove(n)
			return false
		}
		if n.Type != html.ElementNode {
			return true
		}
		if heading(n) {
			setAside(n)
		}
		if c.furniture(n) {
			remove(n)
			return false
		}
		return true
	})
}

// place is where the id of a heading is kept while names are looked at; settle puts it back.
const place = "data-place"

// setAside hides the id of a heading that a program made of its words ("how-cookies-work"):
// it says nothing but them.
func setAside(n *html.Node) {
	for i, a := range n.Attr {
		if a.Key == "id" && a.Namespace == "" {
			if words := plainWords(text(n)); words != "" && strings.Contains(plainWords(clip(a.Val, maxNames)), words) {
				n.Attr[i].Key = place
			}
			return
		}
	}
}

// plainWords are the letters and digits of a text.
func plainWords(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// findCore is the element that says it is the article's body, nil if none or several do.
func (c *clearer) findCore(doc *html.Node) *html.Node {
	found := all(doc, func(n *html.Node) bool { return strings.EqualFold(attr(n, "itemprop"), "articleBody") })
	if len(found) == 1 && c.scale[found[0]].prose*3 > c.whole.prose {
		return found[0]
	}
	return nil
}

// findOwn is the <article> with the headline in it, if others stand beside it.
func (c *clearer) findOwn(doc *html.Node) *html.Node {
	if c.title == "" {
		return nil
	}
	var own *html.Node
	beside := 0
	walk(doc, func(n *html.Node) bool {
		if !element(n, atom.Article) {
			return true
		}
		beside++
		if own == nil && first(n, func(h *html.Node) bool { return heading(h) && c.headline(h) }) != nil {
			own = n
		}
		return false
	})
	if own == nil || beside < 2 || c.scale[own].prose < small/2 {
		return nil
	}
	return own
}

func heading(n *html.Node) bool {
	return element(n, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)
}

// headline reports whether a heading is the article's.
func (c *clearer) headline(n *html.Node) bool {
	f := fold(text(n))
	return f == c.title || len(f) >= telling && (strings.HasPrefix(c.title, f) || strings.HasPrefix(f, c.title))
}

// another reports whether an <article> is about something else: it stands beside the page's
// own, and its heading leads to its own page.
func (c *clearer) another(n *html.Node) bool {
	return c.own != nil && !within(c.own, n) && !within(n, c.own) && first(n, func(h *html.Node) bool {
		return heading(h) && (element(h.Parent, atom.A) || first(h, func(a *html.Node) bool {
			return element(a, atom.A) && len(attr(a, "href")) > 1 && attr(a, "href")[0] != '#'
		}) != nil)
	}) != nil
}

// sharers are parts of addresses that hand an article on.
var sharers = []string{
	"whatsapp://", "api.whatsapp.com/send", "wa.me/?", "facebook.com/sharer", "facebook.com/share.php", "twitter.com/intent/", "twitter.com/share?", "twitter.com/share/", "x.com/intent/", "pinterest.com/pin/create",
	"linkedin.com/sharearticle", "linkedin.com/sharing", "reddit.com/submit", "t.me/share/", "t.me/share?", "telegram.me/share/", "telegram.me/share?", "vk.com/share.php", "tumblr.com/share", "getpocket.com/save", "mailto:?",
	"share.flipboard.com", "news.ycombinator.com/submitlink", "bsky.app/intent", "connect.ok.ru/offer",
}

// shares reports whether a link hands the article on.
func shares(href string) bool {
	return contains(strings.ToLower(clip(href, maxNames)), sharers)
}

// players are the hosts of videos whose frames stay.
var players = []string{
	"youtube.com/", "youtube-nocookie.com/", "youtu.be/", "player.vimeo.com/", "dailymotion.com/", "player.twitch.tv/",
	"archive.org/", "bilibili.com/", "v.qq.com/", "rutube.ru/", "videopress.com/", "ted.com/", "arte.tv/", "peertube",
}

// player reports whether a frame shows a video of a known player.
func player(n *html.Node) bool {
	for _, key := range []string{"src", "data-src", "data-lazy-src"} {
		src := attr(n, key)
		for _, p := range players {
			if strings.Contains(src, p) {
				return true
			}
		}
	}
	return false
}

// furniture reports whether an element is none of the article.
func (c *clearer) furniture(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Head, atom.Main:
		return false
	case atom.Script, atom.Style, atom.Template, atom.Link, atom.Meta, atom.Title, atom.Svg,
		atom.Input, atom.Select, atom.Textarea, atom.Object, atom.Embed, atom.Canvas:
		return true
	case atom.Iframe:
		return !player(n)
	case atom.Noscript:
		return !strings.Contains(raw(n), "<img")
	case atom.A:
		return shares(attr(n, "href")) || c.unseen(n)
	case atom.Img, atom.Picture, atom.Source, atom.Br, atom.B, atom.I, atom.Strong, atom.Em:
		return c.unseen(n)
	}
	if element(n, atom.Article) && c.another(n) {
		return true
	}
	if element(n, atom.Footer) && element(n.Parent, atom.Blockquote) { // says who is quoted
		n.Data, n.DataAtom, n.Attr = "p", atom.P, nil
		return false
	}
	w := c.scale[n]
	if c.holds(n, w) {
		if n.DataAtom == atom.Form { // some systems wrap the whole page in one
			n.Data, n.DataAtom = "div", atom.Div
		}
		return false
	}
	if c.unseen(n) {
		return true
	}
	switch n.DataAtom {
	case atom.Form: // of a shop: what it sells
		if w.prose >= small {
			n.Data, n.DataAtom = "div", atom.Div
			return false
		}
		return true
	case atom.Nav, atom.Aside, atom.Dialog, atom.Button, atom.Footer:
		return true
	}
	switch attr(n, "role") {
	case "navigation", "complementary", "dialog", "alertdialog", "search", "menu", "menubar", "contentinfo", "banner", "alert":
		return true
	}
	if element(n, atom.Span, atom.Div) && c.popsUp(n, w) {
		return true
	}
	if t := traits(n); t != 0 {
		return c.named(n, t, w)
	}
	return false
}

// popsUp reports whether an element is a list of links within a paragraph: what is shown
// when somebody points at a word of it.
func (c *clearer) popsUp(n *html.Node, w weight) bool {
	return w.links >= 3 && w.dense() > 0.9 && w.letters >= short && element(n.Parent, atom.P, atom.A, atom.Span) &&
		c.scale[n.Parent].letters > w.letters
}

// holds reports whether so much of the page's prose stands in an element that it
// cannot be furniture, whatever it is called.
func (c *clearer) holds(n *html.Node, w weight) bool {
	if c.core != nil && within(c.core, n) {
		return true
	}
	return w.prose*5 > c.whole.prose*2
}

// unseen reports whether an element is hidden from who looks at the page.
func (c *clearer) unseen(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			return a.Val == "true" && c.scale[n].prose == 0 && !element(n, atom.Img, atom.Picture)
		case "style":
			if s := strings.ToLower(strings.ReplaceAll(a.Val, " ", "")); strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

// A block that shows so few letters is a label (short), or a line or two (small).
const (
	short = 120
	small = 400
)

// named reports whether an element is the furniture that its names say.
func (c *clearer) named(n *html.Node, t trait, w weight) bool {
	if t&body != 0 {
		return false
	}
	linky := w.dense() > 0.4
	words := heading(n) || element(n, atom.P, atom.Blockquote, atom.Figure, atom.Table)
	switch {
	case t&(consent|wall|hidden) != 0:
		return true
	case t&popup != 0:
		return w.prose < 600
	case t&comments != 0 && !element(n, atom.P, atom.Span):
		return !c.discusses(n, w)
	case t&embed != 0:
		return false
	case t&(crumbs|menu|newsletter) != 0:
		return w.prose < 600
	case t&(share|related|advert|aside) != 0:
		// What leads elsewhere has links; a line that is called a teaser and has none is
		// the article's own.
		if element(n, atom.P) && t&related != 0 && w.links == 0 && sentence(text(n)) {
			n.Attr = nil // the library goes by names alone
			return false
		}
		return w.prose == 0 || !words && w.dense() > 0.05 || linky
	case t&foot != 0:
		return w.prose < 600
	case t&tools != 0:
		return w.prose == 0 && (w.letters < short || linky && w.letters < small) && w.images == 0 &&
			!element(n, atom.Table, atom.Pre) && first(n, func(c *html.Node) bool { return element(c, atom.Pre) }) == nil
	case t&tags != 0:
		return linky && w.prose == 0
	case element(n, atom.Span, atom.Time) && element(n.Parent, atom.P) && c.scale[n.Parent].letters > w.letters+paragraph:
		return false // the place and date that a report begins with
	case t&byline != 0:
		return w.letters < small && w.images < 2
	case t&dateline != 0:
		return w.prose == 0 && w.letters < short+short
	case t&credit != 0:
		return w.letters < short
	}
	return false
}

// discusses reports whether an element is the discussion of a paper, and none of its readers:
// it is headed so, has paragraphs, and nothing in it is a comment or asks for one.
func (c *clearer) discusses(n *html.Node, w weight) bool {
	if !element(n, atom.Section, atom.Div) || attr(n, "id") != "discussion" || w.prose == 0 || w.dense() > 0.2 {
		return false
	}
	h := first(n, heading)
	return h != nil && strings.Trim(fold(text(h)), " 0123456789.") == "discussion" && first(n, func(in *html.Node) bool {
		return element(in, atom.Form, atom.Textarea, atom.Time, atom.Article) || !heading(in) && traits(in)&(comments|byline|share|related) != 0
	}) == nil
}
