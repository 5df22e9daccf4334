package normalise

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// What pages and their programs write around an article is furniture: bars of buttons
// to share it, "Read more", "Back to top", "The post … appeared first on …", lists of
// other articles. It is taken out where it makes up a whole block, and most of it only
// at the ends of the text; a paragraph of the author's that has the same words in it
// stays, and so does a text that is nothing else.

const (
	// longestFurniture is the length, in bytes, from which a block is no furniture.
	longestFurniture = 400
	// longestWords is the same of a block that is nothing but set words.
	longestWords = 60
	// mostOthers is how many blocks of links to other articles a list of them has.
	mostOthers = 40
	// sweeps bounds how often the blocks are looked at again after some were taken out.
	sweeps = 3
	// longestCutting is how much of what was taken out a note shows, in characters.
	longestCutting = 60
	// mostCuttings is how many notes there are of it.
	mostCuttings = 20
)

// sweep takes furniture out of a text.
func (c *cleaner) sweep(root *html.Node) {
	for range sweeps {
		c.blocks = c.blocks[:0]
		c.blocks.add(root, false)
		list := c.blocks
		gone := c.judge(list)
		if gone == 0 || gone == len(list) { // a text that is nothing else is the text
			break
		}
		for _, b := range list {
			if b.why != "" {
				c.takeOut(root, b)
			}
		}
		trimEnds(root)
	}
	for c.dropLastLink(root) {
	}
}

// judge says of each block why it is taken out, and how many are.
func (c *cleaner) judge(list []block) (gone int) {
	for i := range list {
		b := &list[i]
		b.why = orElse(b.why, c.anywhere(*b))
		if i+1 < len(list) {
			switch next := &list[i+1]; {
			case b.why == advert && !pauses[b.short()] && c.leadsAway(*next):
				next.why = "an advertisement"
			case b.why == wayBack && b.bold() && (next.wordy || next.long):
				b.why = "" // a heading of what follows
			}
		}
		if !others[b.short()] {
			continue
		}
		next := i + 1
		for next < len(list) && next-i <= mostOthers && c.isOther(list[next]) {
			next++
		}
		if next > i+1 && sections[b.short()] && !c.besides(list, i, next) {
			continue
		}
		for k := i; k < next && next > i+1; k++ {
			list[k].why = "a list of other articles"
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		b := &list[i]
		b.read()
		if b.why = orElse(b.why, c.atTheEnd(*b)); b.why == "" {
			break
		}
	}
	for i := range list {
		b := &list[i]
		b.read()
		if b.why = orElse(b.why, atTheStart(*b)); b.why == "" {
			break
		}
	}
	for _, b := range list {
		if b.why != "" {
			gone++
		}
	}
	return gone
}

// besides tells whether a list of links stands beside a text: at its end, and it is not most
// of it. Newsletters have sections of links, in their middle and as all that they are.
func (c *cleaner) besides(list []block, from, to int) bool {
	if len(list)-to > mostOthers {
		return false
	}
	for _, b := range list[to:] {
		if b.read(); orElse(b.why, orElse(c.anywhere(b), c.atTheEnd(b))) == "" {
			return false
		}
	}
	all, own := 0, 0
	for i, b := range list {
		if all += b.size; i >= from && i < to {
			own += b.size
		}
	}
	return own*2 <= all
}

// linksAlone tells whether a block is links and nothing else.
func linksAlone(b block) bool {
	return len(b.links) > 0 && !b.long && !b.wordy && !b.solid && strings.IndexFunc(b.loose, unicode.IsLetter) < 0
}

// isOther tells whether a block is links to other articles of the site, and nothing else.
func (c *cleaner) isOther(b block) bool {
	return linksAlone(b) && b.text != "" && c.within(b)
}

// leadsAway tells whether a block is one link to another site.
func (c *cleaner) leadsAway(b block) bool {
	return len(b.links) == 1 && linksAlone(b) && !c.within(b)
}

// within tells whether all links of a block lead to pages of the article's site.
func (c *cleaner) within(b block) bool {
	for _, a := range b.links {
		l, ok := absolute(attribute(a, "href"))
		if !ok || !sameSite(l.host, c.page.host) {
			return false
		}
	}
	return true
}

// sameSite tells whether one host is the other, or is above it.
func sameSite(a, b string) bool {
	a, b = strings.TrimPrefix(a, "www."), strings.TrimPrefix(b, "www.")
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}

// Why some lines are taken out.
const (
	advert  = "a line beside an advertisement"
	wayBack = "a way back to the top"
)

// anywhere says why a block is furniture wherever it stands.
func (c *cleaner) anywhere(b block) string {
	if b.wordy || b.long {
		return ""
	}
	if len(b.links) > 0 && !b.solid {
		switch {
		case c.shares(b):
			return "a bar of buttons to share it"
		case b.words() && others[bareWords(b.loose)] && strings.HasPrefix(b.text, b.loose) && c.within(b):
			return "a link to another article"
		}
	}
	switch plain := b.short(); {
	case plain == "" || b.heading:
		return ""
	case adverts[plain]:
		return advert
	case tops[plain]:
		return wayBack
	}
	return ""
}

// atTheEnd says why a block is furniture at the end of a text.
func (c *cleaner) atTheEnd(b block) string {
	plain := b.short()
	switch {
	case !b.words() || b.item:
		return ""
	case c.isCredit(b):
		return "a line that names the site"
	case more[plain] && c.leadsHome(b) && (len(b.links) > 0 || strings.Contains(plain, " ")):
		return "a way to read on"
	case adverts[plain]:
		return advert
	case tops[plain]:
		return wayBack
	case others[plain] && len(b.links) == 0:
		return "a line above other articles"
	}
	return aroundText(b)
}

// atTheStart says why a block is furniture at the beginning of a text.
func atTheStart(b block) string {
	if !b.words() || b.item {
		return ""
	}
	return aroundText(b)
}

// aroundText says why a block is furniture at either end of a text.
func aroundText(b block) string {
	switch counts, ok := isBar(b.text); {
	case !ok:
		return ""
	case isList(b.first) && len(b.links) == 0 && onlyNetworks(b.text): // names, for all that is known
		return ""
	case counts:
		return "a counter of comments or readers"
	}
	return "a bar of buttons to share it"
}

// onlyNetworks tells whether the lines of a list are names of networks and nothing else.
func onlyNetworks(s string) bool {
	for part := range strings.SplitSeq(s, "|") {
		if !networks[bareWords(part)] {
			return false
		}
	}
	return true
}

func isList(n *html.Node) bool { return n.Data == "ul" || n.Data == "ol" }

// bareWords is text in lower case without signs at its ends.
func bareWords(s string) string {
	return strings.ToLower(strings.TrimFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}))
}

// shares tells whether a block is buttons to share the article: each link leads to
// where one does that, and there is little else.
func (c *cleaner) shares(b block) bool {
	const aFewWords = 40
	if b.heading {
		return false
	}
	for _, a := range b.links {
		if !isShareLink(attribute(a, "href")) {
			return false
		}
	}
	return len(b.loose) <= aFewWords
}

// isBar tells whether a text is a list of nothing but ways to share an article and to
// talk about it, counters and relative times; and whether it is these alone.
func isBar(s string) (counts, ok bool) {
	counts = true
	names := 0
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune("|•·/–—:>»", r) }) {
		plain := bareWords(part)
		switch {
		case plain == "":
		case sharing[plain]:
			counts, ok = false, true
		case networks[plain]:
			counts = false
			names++
		case talk[plain], isCounter(part):
			ok = true
		default:
			return false, false
		}
	}
	return counts, ok || names > 1 && len(s) <= longestWords
}

// isCounter tells whether a text is nothing but a counter or a relative time.
func isCounter(s string) bool {
	return len(s) <= longestWords && mayCount(s) && counters.MatchString(s) &&
		strings.IndexFunc(counters.ReplaceAllString(s, ""), func(r rune) bool {
			return unicode.IsLetter(r) || unicode.IsDigit(r)
		}) < 0
}

// leadsHome tells whether what a block links to is the article itself.
func (c *cleaner) leadsHome(b block) bool {
	for _, a := range b.links {
		if !c.isHome(attribute(a, "href")) {
			return false
		}
	}
	return true
}

// isHome tells whether an address is that of the article's page.
func (c *cleaner) isHome(href string) bool {
	l, ok := absolute(href)
	return ok && c.page.host != "" && canonical(l, false) == canonical(c.page, false)
}

// isCredit tells whether a block is the line with which a program signs an article in
// a feed: "The post Rain appeared first on The Paper." It links to the article or its
// site, or it has the article's title in it.
func (c *cleaner) isCredit(b block) bool {
	ours := false
	for _, a := range b.links {
		l, ok := absolute(attribute(a, "href"))
		ours = ours || ok && l.host == c.page.host
	}
	if !ours && c.title != nil {
		title := letters(c.title())
		ours = title != "" && strings.Contains(letters(b.text), title)
	}
	return ours && credit.MatchString(b.text)
}

// cuts records that some furniture is taken out.
func (c *cleaner) cuts(why, text string) {
	if len(c.cut) == mostCuttings {
		return
	}
	if text != "" {
		why = fmt.Sprintf("%s: “%s”", why, shorten(text, longestCutting))
	}
	c.cut = append(c.cut, why)
}

// takeOut takes a block out of the tree, with what is empty without it.
func (c *cleaner) takeOut(root *html.Node, b block) {
	c.cuts(b.why, b.text)
	parent, after := b.first.Parent, b.last.NextSibling
	for n := b.first; n != after; {
		next := n.NextSibling
		parent.RemoveChild(n)
		n = next
	}
	if after != nil && after.Data == "br" && after.Type == html.ElementNode {
		parent.RemoveChild(after)
	}
	for n := parent; n != root && n.Parent != nil && !full(n) && !hasAttribute(n, "id"); {
		parent := n.Parent
		parent.RemoveChild(n)
		n = parent
	}
}

// trimEnds drops what parts the text from what was taken out at its ends.
func trimEnds(root *html.Node) {
	rule := func(n *html.Node) bool { return n != nil && n.Type == html.ElementNode && n.Data == "hr" }
	trimBreaks(root)
	for rule(root.LastChild) {
		root.RemoveChild(root.LastChild)
		trimBreaks(root)
	}
}

// dropLastLink drops "Read more" from the end of the last paragraph, where it leads
// to the article's own page: that is the link of the entry.
func (c *cleaner) dropLastLink(root *html.Node) bool {
	n := root.LastChild
	for n != nil && n.Type == html.ElementNode && n.Data != "a" && n.LastChild != nil && !opaque[n.Data] {
		n = n.LastChild
	}
	for n != nil && n.PrevSibling != nil && n.Type == html.TextNode && bareWords(n.Data) == "" {
		n = n.PrevSibling
	}
	if n == nil || n.Data != "a" || !c.isHome(attribute(n, "href")) || !follows(n) {
		return false
	}
	b := measured(block{first: n, last: n})
	b.read()
	if !b.words() || !isMore(bareWords(b.text)) {
		return false
	}
	c.cuts("a way to read on", b.text)
	for n.NextSibling != nil { // blanks and signs: left there, each next link would be looked for behind them all
		n.Parent.RemoveChild(n.NextSibling)
	}
	n.Parent.RemoveChild(n)
	return true
}

// follows tells whether there is text before n in its line.
func follows(n *html.Node) bool {
	for ; n.Parent != nil; n = n.Parent {
		for p := n.PrevSibling; p != nil; p = p.PrevSibling {
			if p.Type == html.TextNode && bareWords(p.Data) != "" || p.Type == html.ElementNode && full(p) {
				return true
			}
		}
		if breaks[n.Parent.Data] > gapNone {
			return false
		}
	}
	return false
}

// isMore tells whether a text says to read on: nothing else, or with the title of what.
func isMore(plain string) bool {
	if more[plain] {
		return true
	}
	for _, beginning := range moreOf {
		if rest, ok := strings.CutPrefix(plain, beginning); ok {
			r, _ := utf8.DecodeRuneInString(rest)
			return !unicode.IsLetter(r)
		}
	}
	return false
}
