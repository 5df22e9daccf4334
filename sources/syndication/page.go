package syndication

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"broadsheet/feed"
	"broadsheet/sources/fetch"
)

const (
	maxPage  = 256 << 10 // bytes of a web page that are looked at: signs stand at its beginning
	maxSeen  = 8 << 10   // bytes of its visible text, and of its scripts, that are kept
	maxHeads = 8         // parts of its title and first headings
	maxFeeds = 10        // feeds that are named of those it links to
	maxFeed  = 2048      // bytes of the address of one
	maxAttrs = 64        // attributes of an element that are looked at
)

// page is what is seen of a web page that came in the place of a feed.
type page struct {
	heads    []string // its title and headings of the first rank in parts, folded
	text     string   // the beginning of its visible text, folded
	shown    int      // characters of visible text, blanks not counted
	marks    string   // ids, addresses and inline scripts, in lower case
	scripts  int
	frames   int
	password bool // it asks for a password
	fields   bool // it has a field to type into
	feeds    []string
}

// refusePage says what a web page looks like, and which feeds it links to. text is
// what decode made of the body. The sentence is logged and published, so that it
// tells no key of a feed: a page behind a login links to the reader's own.
func refusePage(text string, body []byte, in Input) *feed.Error {
	p := readPage(pageText(text, body, in.ContentType), in.URL)
	e := refuse(feed.KindNotFeed, "this is %s, not a feed", p.sort())
	e.Feeds = p.feeds
	switch len(p.feeds) {
	case 0:
	case 1:
		e.Text += "; it links to a feed: " + fetch.Redact(p.feeds[0])
	default:
		e.Text += "; it links to feeds, the first is " + fetch.Redact(p.feeds[0])
	}
	return e
}

// pageText is a page in the encoding that its <meta> names, which decode does not
// look for because feeds have none.
func pageText(text string, body []byte, contentType string) string {
	if _, marked := decodeMarked(body); marked != "" || shapeOf(body).bad == 0 {
		return text
	}
	body = body[:min(len(body), maxPage)]
	enc, _, _ := charset.DetermineEncoding(body[:min(len(body), 1024)], contentType)
	if decoded, ok := decodeWith(enc, body); ok {
		return legible(decoded, &warnings{})
	}
	return text
}

// readPage looks at the beginning of a page. address is where it came from.
func readPage(text, address string) page {
	l := looker{z: html.NewTokenizer(strings.NewReader(clip(text, maxPage))), inHead: true}
	for l.step() {
	}
	l.p.text, l.p.marks = fold(l.text.String()), strings.ToLower(l.marks.String())
	l.p.feeds = l.discovered(address)
	return l.p
}

// looker walks through a page, token by token.
type looker struct {
	z           *html.Tokenizer
	p           page
	text, marks strings.Builder
	head        strings.Builder // the title or heading that is being read
	within      string          // "title", "h1" or ""
	unseen      string          // the open element whose text nobody sees
	inHead      bool
	noscript    bool
	base        string
	links       []link
}

// link is an autodiscovery link.
type link struct {
	href    string
	replies bool // it is of comments
}

// step takes one token; false if there is none left.
func (l *looker) step() bool {
	switch l.z.Next() {
	case html.ErrorToken:
		l.endHead()
		return false
	case html.TextToken:
		l.word(string(l.z.Text()))
	case html.StartTagToken:
		name, more := l.z.TagName()
		l.start(string(name), l.attributes(more))
	case html.SelfClosingTagToken:
		name, more := l.z.TagName()
		l.start(string(name), l.attributes(more))
		if string(name) == "svg" { // HTML's own elements are not closed so
			l.end("svg")
		}
	case html.EndTagToken:
		name, _ := l.z.TagName()
		l.end(string(name))
	}
	return true
}

func (l *looker) attributes(more bool) map[string]string {
	out := map[string]string{}
	for n := 0; more && n < maxAttrs; n++ {
		var key, value []byte
		key, value, more = l.z.TagAttr()
		if _, twice := out[string(key)]; !twice {
			out[string(key)] = string(value)
		}
	}
	return out
}

// unseen are the elements whose text nobody sees.
var unseen = map[string]bool{"script": true, "style": true, "template": true, "svg": true, "textarea": true}

func (l *looker) word(s string) {
	switch {
	case l.unseen == "script":
		l.mark(s)
		return
	case l.unseen != "":
		return
	case l.within != "":
		l.head.WriteString(clip(s, maxShort))
	}
	if l.within != "title" && !l.noscript {
		l.p.shown += letters(s)
	}
	if l.text.Len() < maxSeen {
		l.text.WriteString(clip(s, maxSeen))
	}
}

// letters is how many characters of a text are none of white space.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

func (l *looker) mark(s string) {
	if s != "" && l.marks.Len() < maxSeen {
		l.marks.WriteString(clip(s, maxSeen) + "\n")
	}
}

// inHeads are the elements that may stand in a page's head; any other begins its
// body (HTML, "in head").
var inHeads = map[string]bool{
	"html": true, "head": true, "base": true, "basefont": true, "bgsound": true, "link": true, "meta": true,
	"title": true, "style": true, "script": true, "noscript": true, "template": true, "noframes": true,
}

func (l *looker) start(name string, attrs map[string]string) {
	if !inHeads[name] && !l.noscript {
		l.inHead = false
	}
	if l.unseen == "" && unseen[name] {
		l.unseen = name
	}
	for _, key := range []string{"id", "src", "action"} {
		l.mark(attrs[key])
	}
	switch name {
	case "title", "h1":
		if l.unseen == "" { // an SVG has titles, too
			l.endHead()
			l.within = name
		}
	case "noscript":
		l.noscript = true
	case "script":
		l.p.scripts++
	case "iframe", "frame", "frameset":
		l.p.frames++
	case "input":
		l.input(strings.ToLower(attrs["type"]))
	case "base":
		l.base = or(l.base, attrs["href"])
	case "link":
		l.link(attrs)
	}
	l.space(name)
}

func (l *looker) input(kind string) {
	l.p.password = l.p.password || kind == "password"
	switch kind {
	case "", "text", "email", "tel", "password":
		l.p.fields = true
	}
}

func (l *looker) end(name string) {
	switch name {
	case l.unseen:
		l.unseen = ""
	case l.within:
		l.endHead()
	case "noscript":
		l.noscript = false
	case "head":
		l.inHead = false
	}
	l.space(name)
}

// inline are the elements that part no words.
var inline = map[string]bool{"b": true, "i": true, "em": true, "strong": true, "span": true, "a": true, "wbr": true}

func (l *looker) space(name string) {
	if !inline[name] && l.text.Len() < maxSeen {
		l.text.WriteString(" ")
	}
}

// endHead notes the title or heading that was read, in its parts.
func (l *looker) endHead() {
	if l.within == "" {
		return
	}
	for _, part := range parts(l.head.String()) {
		if len(l.p.heads) < maxHeads {
			l.p.heads = append(l.p.heads, part)
		}
	}
	l.head.Reset()
	l.within = ""
}

// parts splits a title at the signs that part the name of a page from that of its
// site, and folds each.
func parts(title string) []string {
	split := func(r rune) bool { return strings.ContainsRune("|–—·•:»«｜：", r) }
	title = strings.ReplaceAll(title, " - ", "|")
	var out []string
	for _, part := range strings.FieldsFunc(title, split) {
		if part = strings.Trim(fold(part), " .…!?,-()[]。！？"); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// fold makes words comparable: lower case, one blank between two, one kind of
// apostrophe.
func fold(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), " ")
	return strings.NewReplacer("’", "'", "‘", "'", "ʼ", "'").Replace(s)
}

// feedTypes are the media types of feeds. application/json is none: it mostly is
// some other interface of the site.
var feedTypes = []string{
	"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
}

// link notes an autodiscovery link: an alternate of the type of a feed, in the
// page's head (DISC-1).
func (l *looker) link(attrs map[string]string) {
	kind, _, _ := strings.Cut(strings.ToLower(attrs["type"]), ";")
	rels := strings.Fields(strings.ToLower(attrs["rel"]))
	href := strings.TrimSpace(attrs["href"])
	if !l.inHead || l.unseen != "" || href == "" || len(l.links) >= 2*maxFeeds ||
		!slices.Contains(rels, "alternate") || !slices.Contains(feedTypes, strings.TrimSpace(kind)) {
		return
	}
	about := strings.ToLower(href + " " + attrs["title"])
	l.links = append(l.links, link{href, strings.Contains(about, "comment")})
}

// discovered are the feeds that the page links to, but for its own address:
// absolute, without names and passwords; feeds of comments come last, because nobody means them.
func (l *looker) discovered(address string) []string {
	base := resolve(address, l.base)
	if l.base == "" || !isWeb(base) {
		base = address
	}
	var out []string
	for _, replies := range []bool{false, true} {
		for _, k := range l.links {
			ref, err := url.Parse(resolve(base, k.href))
			if k.replies != replies || err != nil || ref.Host == "" || !isWeb(ref.String()) {
				continue
			}
			ref.User, ref.Fragment, ref.RawFragment = nil, "", ""
			s := ref.String()
			if len(s) <= maxFeed && printable(s) && len(out) < maxFeeds && s != address && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// printable reports whether a text can be shown anywhere: it is one line without
// control characters and without those that turn the direction of text.
func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
