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

// block is a piece of text that stands for itself: the inside of a paragraph, a line
// between two breaks, a short list, an item of a long one.
type block struct {
	// first and last are siblings; what is between them belongs to the block too.
	first, last *html.Node

	long     bool // too long to be furniture: nothing else is known
	solid    bool // has a picture that is no button, a player, a table or the like
	pictured bool // has a picture that is a link
	heading  bool
	item     bool   // of a list that is long
	blank    bool   // has no text
	wordy    bool   // has too much text beside its links to be furniture in the middle of a text
	text     string // as a reader sees it, in one line; filled in by read
	links    []*html.Node
	loose    string // what of the text is in no link
	why      string // it is taken out; empty if it stays
}

// words tells whether a block is text and nothing else.
func (b block) words() bool { return !b.long && !b.solid && !b.pictured && b.text != "" }

// short is the block's text without signs, if it is no longer than set words are.
func (b block) short() string {
	if !b.words() || b.item || len(b.text) > longestWords {
		return ""
	}
	return bareWords(b.text)
}

// opaque are elements that are a block as they are, and never furniture.
var opaque = map[string]bool{
	"table": true, "pre": true, "figure": true, "blockquote": true, "details": true, "dl": true,
}

// solid are elements within a line that are more than text.
var solid = map[string]bool{"img": true, "picture": true, "video": true, "audio": true}

// blockList lists the blocks of a tree, in order.
type blockList []block

// add appends the blocks in n; items tells whether n is in a long list.
func (l *blockList) add(n *html.Node, items bool) {
	var run block
	flush := func() {
		if run.first != nil {
			l.addRun(run, items)
			run = block{}
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Type != html.ElementNode || solid[child.Data] || !opaque[child.Data] && breaks[child.Data] <= gapSpace {
			if run.first == nil {
				run.first = child
			}
			run.last = child
			continue
		}
		flush()
		switch {
		case child.Data == "br" || child.Data == "hr":
		case opaque[child.Data]:
			*l = append(*l, block{first: child, last: child, solid: true})
		case child.Data == "ul" || child.Data == "ol":
			if b := measured(block{first: child, last: child}); b.long {
				l.add(child, true)
			} else {
				b.read()
				*l = append(*l, b)
			}
		default:
			l.add(child, items)
		}
	}
	flush()
}

// addRun appends a line of text, if there is anything to see in it.
func (l *blockList) addRun(b block, items bool) {
	b = measured(b)
	if !b.wordy {
		b.read()
	}
	if b.solid || b.pictured || !b.blank {
		b.item, b.heading = items, isHeading(b.first.Parent)
		*l = append(*l, b)
	}
}

func isHeading(n *html.Node) bool {
	return len(n.Data) == 2 && n.Data[0] == 'h' && isDigit(n.Data[1])
}

// measured is a block with what is known of it without its text.
func measured(b block) block {
	var size, loose int
	for n := b.first; n != nil; n = n.NextSibling {
		b.measure(n, false, &size, &loose)
		if n == b.last {
			break
		}
	}
	b.blank, b.wordy = size == 0, loose > longestWords
	return b
}

// measure counts the letters in n, all and those in no link, and looks what else is in it.
func (b *block) measure(n *html.Node, linked bool, size, loose *int) {
	switch {
	case b.long:
		return
	case n.Type == html.TextNode:
		letters := 0
		for i := range len(n.Data) {
			if n.Data[i] > ' ' {
				letters++
			}
		}
		if *size += letters; !linked {
			*loose += letters
		}
		b.long = *size > longestFurniture
		return
	case n.Data == "a":
		b.links = append(b.links, n)
		linked = true
	case n.Data == "img" && linked:
		b.pictured = true
	case solid[n.Data] || opaque[n.Data]:
		b.solid = true
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.measure(child, linked, size, loose)
	}
}

// read fills in the text of a block. It is not done for each: most have so many words
// that no more need be known unless they are the last.
func (b *block) read() {
	if b.long || b.text != "" {
		return
	}
	var text, loose strings.Builder
	var walk func(n *html.Node, linked bool)
	walk = func(n *html.Node, linked bool) {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
			if !linked {
				loose.WriteString(n.Data)
			}
			return
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child, linked || n.Data == "a")
		}
		if breaks[n.Data] > gapNone { // the items of a list, and what is in them
			text.WriteString(" | ")
		}
	}
	for n := b.first; n != nil; n = n.NextSibling {
		walk(n, n.Data == "a" && n.Type == html.ElementNode)
		if n == b.last {
			break
		}
	}
	b.text, b.loose = strings.Trim(oneLine(text.String()), "| "), oneLine(loose.String())
	b.blank = b.text == ""
}

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
		if b.why = orElse(b.why, c.anywhere(*b)); b.why == advert && i+1 < len(list) && c.leadsAway(list[i+1]) {
			list[i+1].why = "an advertisement"
		}
		if !others[b.short()] {
			continue
		}
		next := i + 1
		for next < len(list) && next-i <= mostOthers && c.isOther(list[next]) {
			next++
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

// advert is why a line beside an advertisement is taken out.
const advert = "a line beside an advertisement"

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
		return "a way back to the top"
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
		return "a way back to the top"
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
	case counts:
		return "a counter of comments or readers"
	}
	return "a bar of buttons to share it"
}

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

// asides are classes that programs give to furniture, with what it is. Nobody gives
// one to a part of an article.
var asides = func() map[string]string {
	out := map[string]string{}
	for why, classes := range map[string]string{
		"a bar of buttons to share it": `sharedaddy sd-sharing sd-like jp-likes-widget-wrapper addtoany_share_save_container addtoany_content a2a_kit
			heateor_sss_sharing_container heateorSssSharing essb_links ssba ssba-wrap shareaholic-canvas feedflare swp_social_panel
			social-share share-buttons sharing-buttons social-buttons post-share entry-share share-bar sharebar social-sharing`,
		"a list of other articles": `jp-relatedposts yarpp yarpp-related yarpp-related-rss wp_rp_wrap wp_rp_content crp_related rp4wp-related-posts
			zemanta-related related-posts relatedposts related-articles related-stories`,
		"an advertisement": `adsbygoogle google-auto-placed advertisement advert ad-slot ad-container ad-wrapper adslot
			taboola trc_related_container OUTBRAIN mailmunch-forms-in-a-post newsletter-signup newsletter-form`,
		"a way back to the top": "back-to-top backtotop scroll-to-top",
	} {
		for class := range strings.FieldsSeq(classes) {
			out[class] = why
		}
	}
	return out
}()

// isAside tells whether an element is furniture by its class, and has little text of
// its own: a text that some theme wraps in such a class is kept.
func (c *cleaner) isAside(n *html.Node) bool {
	class := attribute(n, "class")
	if class == "" {
		return false
	}
	for name := range strings.FieldsSeq(class) {
		why, ok := asides[name]
		if !ok {
			continue
		}
		if looseText(n, longestFurniture) < longestFurniture {
			c.cuts(why, shorten(oneLine(textOf(n, longestFurniture)), longestCutting))
			return true
		}
	}
	return false
}

// looseText is the length of the text in n that is in no link, in bytes, up to about a limit.
func looseText(n *html.Node, limit int) int {
	size := 0
	for child := n.FirstChild; child != nil && size < limit; child = child.NextSibling {
		switch {
		case child.Type == html.TextNode:
			size += len(strings.TrimSpace(child.Data))
		case child.Data != "a" && !removed[child.Data]:
			size += looseText(child, limit-size)
		}
	}
	return size
}

// textOf is the text in n, up to about a limit of bytes.
func textOf(n *html.Node, limit int) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for child := n.FirstChild; child != nil && b.Len() < limit; child = child.NextSibling {
			switch {
			case child.Type == html.TextNode:
				b.WriteString(head(cleanText(child.Data), limit))
			case !removed[child.Data]:
				walk(child)
				b.WriteByte(' ')
			}
		}
	}
	walk(n)
	return b.String()
}
