package syndication

import (
	"maps"
	"slices"
	"strings"
)

// canon writes a sound document for gofeed: well-formed, every namespace
// declared once at the root by its usual prefix, every text in one CDATA
// section, nothing in it that is not read. gofeed neither has to guess nor can
// it be made to work: what makes it panic or run for minutes (scattered text,
// thousands of namespaces, deep nesting, xml:base) is not there any more.
type canon struct {
	body strings.Builder
	used map[string]bool // vocabularies
}

// document wraps what was written into a root element.
func (c *canon) document(root, attrs string) string {
	var out strings.Builder
	out.Grow(c.body.Len() + 1024)
	out.WriteString("<" + root + attrs)
	for _, space := range slices.Sorted(maps.Keys(c.used)) {
		out.WriteString(" xmlns:" + space + `="` + canonical[space] + `"`)
	}
	out.WriteString(">")
	out.WriteString(c.body.String())
	out.WriteString("</" + root + ">")
	return out.String()
}

// pair is an attribute to be written.
type pair struct{ name, value string }

func (c *canon) start(name string, attrs ...pair) {
	c.body.WriteString("<" + name)
	for _, a := range attrs {
		if a.value == "" {
			continue
		}
		c.body.WriteString(" " + a.name + `="`)
		escapeValue.WriteString(&c.body, a.value)
		c.body.WriteString(`"`)
	}
	c.body.WriteString(">")
}

func (c *canon) end(name string) { c.body.WriteString("</" + name + ">") }

// leaf writes an element with text.
func (c *canon) leaf(name, text string, attrs ...pair) {
	c.start(name, attrs...)
	c.text(text)
	c.end(name)
}

// date writes a date, unless it is too long to be one: gofeed tries some 150
// layouts on each.
func (c *canon) date(name, text string) {
	if len(text) <= maxDate {
		c.leaf(name, text)
	}
}

func (c *canon) text(s string) {
	if s == "" {
		return
	}
	c.body.WriteString("<![CDATA[")
	c.body.WriteString(strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>"))
	c.body.WriteString("]]>")
}

// extension writes an element of another vocabulary with all that is in it. Its
// children are its structure if they belong to a vocabulary as well; else they
// are markup that somebody forgot to escape, and written as text.
func (c *canon) extension(e *element) {
	if _, ok := canonical[e.space]; !ok || !plainName(e.name) {
		return
	}
	name := c.named(e.space, e.name)
	c.start(name, attributesOf(e)...)
	if !structured(e) {
		c.text(e.text())
	} else {
		for child := range e.children {
			c.extension(child)
		}
	}
	c.end(name)
}

// named is a qualified name whose vocabulary is declared at the root.
func (c *canon) named(space, name string) string {
	if c.used == nil {
		c.used = make(map[string]bool)
	}
	c.used[space] = true
	return space + ":" + name
}

// attributesOf gives an element's attributes under their local names. One
// without a prefix wins over one with it.
func attributesOf(e *element) []pair {
	out := make([]pair, 0, len(e.attrs))
	for _, own := range []bool{true, false} {
		for _, a := range e.attrs {
			taken := slices.ContainsFunc(out, func(p pair) bool { return p.name == a.name })
			if (a.space == "") == own && !taken && plainName(a.name) {
				out = append(out, pair{a.name, a.value})
			}
		}
	}
	return out
}

// structured reports whether an element holds elements of a vocabulary.
func structured(e *element) bool {
	for child := range e.children {
		if _, ok := canonical[child.space]; ok && !e.prose {
			return true
		}
	}
	return false
}

// plainName reports whether a name can be written as it is. XML allows more,
// but nothing that is read is called so.
func plainName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c == ':' || !nameByte(c) || i == 0 && !nameStart(c) {
			return false
		}
	}
	return s != ""
}
