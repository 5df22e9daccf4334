package syndication

import (
	"strings"

	"broadsheet/feed"
)

// element is an element of a document as it was found, with its vocabulary
// named. The tree of elements is the sidecar of what gofeed reads: everything
// that gofeed loses can be asked of it.
type element struct {
	raw    string // qualified name as written
	space  string // vocabulary; own for the feed format's
	name   string // local name as written
	attrs  []attribute
	nodes  []node
	parent *element
	base   string        // xml:base as written
	lang   string        // xml:lang as written
	prose  bool          // its content is for people, whatever is inside
	whole  bool          // it was closed, by its end tag or by one that implies it
	lost   bool          // an article that is left out
	kind   feed.TextKind // of an Atom text construct, once it was written
	native string        // of the root: the default namespace that it declares
}

// attribute is an attribute of no vocabulary (space own) or of a known one.
type attribute struct{ space, name, value string }

// node is a child: an element, or if that is nil a run of text.
type node struct {
	el   *element
	text string
}

// is reports whether the element has that vocabulary and, blind to case, name.
func (e *element) is(space, name string) bool {
	return e.space == space && strings.EqualFold(e.name, name)
}

// key is how an element is looked up in tables: "title", "media:group".
func (e *element) key() string {
	if e.space == own {
		return strings.ToLower(e.name)
	}
	return e.space + ":" + strings.ToLower(e.name)
}

// attr is the value of an attribute without a prefix, blind to case.
func (e *element) attr(name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attrs {
		if a.space == own && strings.EqualFold(a.name, name) {
			return strings.TrimSpace(a.value)
		}
	}
	return ""
}

// qualified is the value of an attribute of a vocabulary.
func (e *element) qualified(space, name string) string {
	for _, a := range e.attrs {
		if a.space == space && a.name == name {
			return strings.TrimSpace(a.value)
		}
	}
	return ""
}

// children are the child elements, in order.
func (e *element) children(yield func(*element) bool) {
	if e == nil {
		return
	}
	for _, n := range e.nodes {
		if n.el != nil && !yield(n.el) {
			return
		}
	}
}

// child is the first child of that vocabulary and name, or nil.
func (e *element) child(space, name string) *element {
	for c := range e.children {
		if c.is(space, name) {
			return c
		}
	}
	return nil
}

// first is the child that stands for a field that may be given once: the first
// that says something, else the first.
func (e *element) first(space string, names ...string) *element {
	var blank *element
	for _, name := range names {
		for c := range e.children {
			switch {
			case !c.is(space, name):
			case !c.blank():
				return c
			case blank == nil:
				blank = c
			}
		}
	}
	return blank
}

// blank reports whether an element holds nothing but space.
func (e *element) blank() bool {
	for _, n := range e.nodes {
		if n.el != nil || strings.TrimSpace(n.text) != "" {
			return false
		}
	}
	return true
}

// hasElements reports whether an element has child elements.
func (e *element) hasElements() bool {
	for range e.children {
		return true
	}
	return false
}

// undetermined is the tag of an unknown language (RFC 5646 §4.1): what an empty
// xml:lang says of a text.
const undetermined = "und"

// language is the language in effect (XML 1.0 §2.12), from the element up. That a
// whole feed says it were unknown is taken for an empty field of a template.
func (e *element) language() string {
	for ; e != nil; e = e.parent {
		if e.lang != "" && (e.lang != undetermined || !containers[strings.ToLower(e.name)]) {
			return e.lang
		}
	}
	return ""
}

// stated is a language tag that names a language.
func stated(tag string) string {
	if tag == undetermined {
		return ""
	}
	return tag
}

// text is the content of an element: its characters, or its markup written out
// if it has child elements. Space around it means nothing.
func (e *element) text() string {
	if e == nil {
		return ""
	}
	var out strings.Builder
	if e.hasElements() {
		writeMarkup(&out, e, "")
	} else {
		for _, n := range e.nodes {
			out.WriteString(n.text)
		}
	}
	return strings.TrimSpace(out.String())
}

// markup is the content of an element written out as markup, even if it is
// only text.
func (e *element) markup() string {
	var out strings.Builder
	writeMarkup(&out, e, "")
	return strings.TrimSpace(out.String())
}

// escapeText and escapeValue write characters into markup.
var (
	escapeText  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	escapeValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;",
		"\n", "&#10;", "\t", "&#9;")
)

// references are the attributes of markup that hold URLs.
var references = map[string]bool{"href": true, "src": true, "poster": true, "cite": true}

// writeMarkup writes what is inside e as HTML, without namespaces. Below an
// element with an xml:base of its own (base is not empty), references are
// resolved, because HTML has no such attribute.
func writeMarkup(out *strings.Builder, e *element, base string) {
	for _, n := range e.nodes {
		if n.el == nil {
			escapeText.WriteString(out, n.text)
			continue
		}
		c, within := n.el, base
		if c.base != "" {
			within = resolve(base, c.base)
		}
		out.WriteString("<" + c.name)
		for _, a := range c.attrs {
			if a.space != own {
				continue
			}
			value := a.value
			if within != "" && references[strings.ToLower(a.name)] {
				value = resolve(within, value)
			}
			out.WriteString(" " + a.name + `="`)
			escapeValue.WriteString(out, value)
			out.WriteString(`"`)
		}
		if c.lang != "" {
			out.WriteString(` lang="`)
			escapeValue.WriteString(out, c.lang)
			out.WriteString(`"`)
		}
		out.WriteString(">")
		if len(c.nodes) == 0 && void[strings.ToLower(c.name)] {
			continue
		}
		writeMarkup(out, c, within)
		out.WriteString("</" + c.name + ">")
	}
}
