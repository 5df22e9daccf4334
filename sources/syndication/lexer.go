package syndication

import "strings"

// builder reads a document into a tree. It accepts any text: what is not
// well-formed is mended as its author will have meant it, with a warning, and
// only the limits stop it. On a well-formed document it agrees with
// encoding/xml. It takes time in proportion to the document.
type builder struct {
	src  string
	pos  int
	w    *warnings
	root *element // first element of the document
	open *element // innermost open element; nil outside of the root

	depth, parts int
	scope        []binding
	marks        []int // length of scope outside of each open element
	native       string
	ended        bool // the root was closed
	subset       bool // an internal subset was passed: there is only one
	missing      map[string]bool
	inProse      int // open prose elements
	articles     flood[*element]
	thinned      map[*element]bool // parents of articles that are left out
}

type binding struct{ prefix, uri string }

// build reads text, which begins with the start tag of the root. Of too many
// articles the newest are left in the tree; report tells of them.
func build(text string, w *warnings) (root *element, report func() (seen, kept int, byDate bool), err error) {
	b := &builder{src: text, w: w, missing: map[string]bool{}, thinned: map[*element]bool{}}
	b.articles = flood[*element]{when: written, size: (*element).size, lose: b.lose}
	for b.pos < len(b.src) {
		next := strings.IndexByte(b.src[b.pos:], '<')
		if next < 0 {
			next = len(b.src) - b.pos
		}
		if err := b.text(unescape(b.src[b.pos:b.pos+next], w)); err != nil {
			return nil, nil, err
		}
		b.pos += next
		if b.pos == len(b.src) {
			break
		}
		if err := b.markup(); err != nil {
			return nil, nil, err
		}
	}
	b.articles.close()
	b.sweep()
	return b.root, b.articles.report, nil
}

// text adds a run of characters to the open element.
func (b *builder) text(s string) error {
	if b.open == nil {
		if strings.TrimSpace(s) != "" {
			b.w.add(warnAfter, "something follows the end of the document")
		}
		return nil
	}
	if s == "" || b.inProse == 0 && strings.TrimSpace(s) == "" {
		return nil
	}
	b.open.nodes = append(b.open.nodes, node{text: s})
	return b.grow(1)
}

// markup reads what begins with the "<" at pos.
func (b *builder) markup() error {
	rest := b.src[b.pos:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		b.skipTo("-->", len("<!--"))
	case strings.HasPrefix(rest, "<![CDATA["):
		return b.cdata()
	case strings.HasPrefix(rest, "<!"):
		b.directive()
	case strings.HasPrefix(rest, "<?"):
		b.skipTo("?>", len("<?"))
	case strings.HasPrefix(rest, "</"):
		b.endTag()
	case len(rest) > 1 && nameStart(rest[1]):
		return b.startTag()
	default:
		b.w.add(warnMalformed, "a < stands alone, where &lt; was meant")
		b.pos++
		return b.text("<")
	}
	return nil
}

// find is the distance from pos+skip to a terminator, or -1. That one is
// missing is remembered, so that a document full of beginnings without an end is
// not searched again and again.
func (b *builder) find(end string, skip int) int {
	if b.missing[end] || b.pos+skip > len(b.src) {
		return -1
	}
	n := strings.Index(b.src[b.pos+skip:], end)
	b.missing[end] = n < 0
	return n
}

// skipTo passes a comment or instruction. One without an end is only its
// opening, so that it does not swallow the rest of the document.
func (b *builder) skipTo(end string, skip int) {
	n := b.find(end, skip)
	if n < 0 {
		b.w.add(warnMalformed, "a comment or an instruction has no end")
		b.pos += skip
		return
	}
	b.pos += skip + n + len(end)
}

// cdata reads a CDATA section. One without an end reaches to the end tag of its
// element.
func (b *builder) cdata() error {
	const skip = len("<![CDATA[")
	n, width := b.find("]]>", skip), len("]]>")
	if n < 0 && b.open != nil {
		n, width = b.find("</"+b.open.raw, skip), 0
	}
	if n < 0 {
		n, width = len(b.src)-b.pos-skip, 0
	}
	if width == 0 {
		b.w.add(warnMalformed, "a CDATA section has no end")
	}
	s := b.src[b.pos+skip : b.pos+skip+n]
	b.pos += skip + n + width
	return b.text(s)
}

// directive passes a DOCTYPE with its internal subset. Nothing in it is
// believed: no entity is expanded, nothing is loaded.
func (b *builder) directive() {
	end := b.find(">", len("<!"))
	if end < 0 {
		b.pos += len("<!")
		return
	}
	end += len("<!")
	rest := b.src[b.pos:]
	if subset := strings.IndexByte(rest[:end], '['); subset >= 0 && !b.subset {
		b.subset = true
		if n := b.find("]", subset); n >= 0 {
			if m := strings.IndexByte(rest[subset+n:], '>'); m >= 0 {
				end = subset + n + m
			}
		}
	}
	b.pos += end + 1
}

// startTag reads a start tag and opens its element.
func (b *builder) startTag() error {
	tag := &tag{src: b.src, pos: b.pos + 1, missing: b.missing, w: b.w}
	raw := tag.name()
	attrs, closed, err := tag.attributes()
	if err != nil {
		return err
	}
	b.pos = tag.pos
	if b.ended {
		b.w.add(warnAfter, "something follows the end of the document")
		b.pos = len(b.src)
		return nil
	}
	if !closed {
		b.implyEnd(raw)
	}
	mark := len(b.scope)
	if err := b.declare(attrs); err != nil {
		return err
	}
	e := b.element(raw, attrs)
	b.attach(e, mark)
	if err := b.grow(1 + len(e.attrs)); err != nil {
		return err
	}
	if b.depth > maxDepth {
		return tooLarge("the document nests over %d elements", maxDepth)
	}
	if closed || b.inProse > 0 && !e.prose && void[strings.ToLower(raw)] {
		b.close(e)
	}
	return nil
}

// attach makes e the innermost open element.
func (b *builder) attach(e *element, mark int) {
	e.parent = b.open
	if b.open == nil {
		b.root = e
	} else {
		b.open.nodes = append(b.open.nodes, node{el: e})
	}
	b.open = e
	b.depth++
	b.marks = append(b.marks, mark)
	if e.prose {
		b.inProse++
	}
}

// close ends the elements from the innermost open one up to e.
func (b *builder) close(e *element) {
	for b.open != nil {
		c := b.open
		c.whole = true
		b.depth--
		b.scope = b.scope[:b.marks[b.depth]]
		b.marks = b.marks[:b.depth]
		b.open = c.parent
		if c.prose {
			b.inProse--
		}
		b.took(c)
		if c == e {
			break
		}
		b.w.add(warnMalformed, "an end tag is missing: </"+clip(c.raw, 40)+">")
	}
	b.ended = b.open == nil
}

// implyEnd closes what was left open where a new article begins.
func (b *builder) implyEnd(raw string) {
	if b.open == nil || !strings.EqualFold(raw, b.article()) {
		return
	}
	for e := b.open; e.parent != nil && !containers[strings.ToLower(e.name)]; e = e.parent {
		if e.is(own, "content") {
			return // markup may hold anything
		}
		if e.parent.parent == nil || containers[strings.ToLower(e.parent.name)] {
			b.w.add(warnMalformed, "an end tag is missing: </"+clip(e.raw, 40)+">")
			b.close(e)
			return
		}
	}
}

// containers are the elements that articles stand in.
var containers = map[string]bool{"channel": true, "rss": true, "rdf": true, "feed": true}

// article is the name of the format's element for an article.
func (b *builder) article() string {
	if b.format() == "atom" {
		return "entry"
	}
	return "item"
}

// endTag closes the element that it names; one that names none is dropped.
func (b *builder) endTag() {
	tag := &tag{src: b.src, pos: b.pos + 2, missing: b.missing, w: b.w}
	raw := tag.name()
	if n := strings.IndexAny(b.src[tag.pos:], "<>"); n < 0 {
		b.w.add(warnMalformed, "a tag has no end")
		b.pos = len(b.src)
	} else if b.pos = tag.pos + n; b.src[b.pos] == '>' {
		b.pos++
	}
	for e := b.open; e != nil; e = e.parent {
		if strings.EqualFold(e.raw, raw) {
			b.close(e)
			return
		}
	}
	if b.inProse > 0 && void[strings.ToLower(raw)] {
		return // <br></br>
	}
	b.w.add(warnMalformed, "an end tag closes nothing: </"+clip(raw, 40)+">")
}

// declare brings the namespaces of a start tag into scope.
func (b *builder) declare(attrs []attribute) error {
	for _, a := range attrs {
		if prefix, ok := strings.CutPrefix(a.name, "xmlns:"); ok {
			b.scope = append(b.scope, binding{prefix, a.value})
		} else if a.name == "xmlns" {
			b.scope = append(b.scope, binding{"", a.value})
		}
	}
	if len(b.scope) > maxNamespaces {
		return tooLarge("the document has over %d namespaces in scope", maxNamespaces)
	}
	return nil
}

// uri is the namespace that a prefix stands for here; empty if undeclared.
func (b *builder) uri(prefix string) string {
	for i := len(b.scope) - 1; i >= 0; i-- {
		if b.scope[i].prefix == prefix {
			return b.scope[i].uri
		}
	}
	return ""
}

// element makes an element of a start tag whose namespaces are in scope.
func (b *builder) element(raw string, attrs []attribute) *element {
	e := &element{raw: raw}
	e.space, e.name = b.split(raw)
	if b.root == nil {
		b.native = b.uri("")
		e.native, e.space = b.native, own
	}
	for _, a := range attrs {
		if a.name == "xmlns" || strings.HasPrefix(a.name, "xmlns:") {
			continue
		}
		if strings.Contains(a.name, ":") {
			a.space, a.name = b.split(a.name)
		}
		switch {
		case a.space == "xml" && a.name == "base":
			e.base = strings.TrimSpace(a.value)
		case a.space == "xml" && a.name == "lang":
			e.lang = or(strings.TrimSpace(a.value), undetermined)
		case a.space != foreign:
			e.attrs = append(e.attrs, a)
		}
	}
	if b.root == nil && e.is(own, "channel") {
		e.base = or(e.base, e.attr("base")) // of the Channel Definition Format
	}
	e.prose = prose[e.key()]
	return e
}

// split names the vocabulary of a qualified name. The format's own elements are
// those of its namespaces and those without a prefix under the root's own
// default namespace, whichever that is: feeds with a wrong one are common.
func (b *builder) split(raw string) (space, name string) {
	prefix, name, ok := strings.Cut(raw, ":")
	if !ok {
		prefix, name = "", raw
	}
	uri := b.uri(prefix)
	if prefix == "" && (b.root == nil || uri == b.native) {
		return own, name
	}
	space = vocabulary(uri, prefix)
	if space == b.format() {
		space = own
	}
	return space, name
}

// format is the vocabulary of the feed's format: "rss" or "atom".
func (b *builder) format() string {
	if b.root != nil && strings.EqualFold(b.root.name, "feed") ||
		b.root != nil && strings.EqualFold(b.root.name, "entry") {
		return "atom"
	}
	return "rss"
}
