package syndication

import (
	"strings"
	"unicode/utf8"
)

func nameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}

func nameByte(c byte) bool {
	return nameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.'
}

// tag reads the inside of one tag.
type tag struct {
	src     string
	pos     int
	missing map[string]bool
	w       *warnings
}

func (t *tag) name() string {
	start := t.pos
	for t.pos < len(t.src) && nameByte(t.src[t.pos]) {
		t.pos++
	}
	return t.src[start:t.pos]
}

func (t *tag) space() {
	for t.pos < len(t.src) && strings.IndexByte(" \t\n", t.src[t.pos]) >= 0 {
		t.pos++
	}
}

// attributes reads to the end of a start tag. closed: it ended with "/>".
// Of two with one name the first counts, and both count towards the limit.
func (t *tag) attributes() (attrs []attribute, closed bool, err error) {
	seen := 0
	for t.pos < len(t.src) {
		t.space()
		switch rest := t.src[t.pos:]; {
		case rest == "":
		case rest[0] == '>':
			t.pos++
			return attrs, false, nil
		case strings.HasPrefix(rest, "/>"):
			t.pos += 2
			return attrs, true, nil
		case rest[0] == '<': // the tag was never ended
			t.w.add(warnMalformed, "a tag has no end")
			return attrs, false, nil
		case nameByte(rest[0]):
			if seen++; seen > maxAttributes {
				return nil, false, tooLarge("an element has over %d attributes", maxAttributes)
			}
			a := attribute{name: t.name()}
			a.value = t.value()
			if !has(attrs, a.name) {
				attrs = append(attrs, a)
			}
		default:
			t.w.add(warnMalformed, "a tag holds a stray character")
			t.pos++
		}
	}
	return attrs, false, nil
}

func has(attrs []attribute, name string) bool {
	for _, a := range attrs {
		if a.name == name {
			return true
		}
	}
	return false
}

// value reads "= value" after an attribute's name, quoted or not; an attribute
// without one stands for itself.
func (t *tag) value() string {
	t.space()
	if t.pos == len(t.src) || t.src[t.pos] != '=' {
		t.w.add(warnMalformed, "an attribute has no value")
		return ""
	}
	t.pos++
	t.space()
	if t.pos < len(t.src) && (t.src[t.pos] == '"' || t.src[t.pos] == '\'') {
		quote := t.src[t.pos : t.pos+1]
		if n := t.find(quote); n >= 0 {
			s := t.src[t.pos+1 : t.pos+1+n]
			t.pos += n + 2
			return t.plain(s)
		}
		t.pos++
	}
	t.w.add(warnMalformed, "the value of an attribute has no quotes")
	start := t.pos
	for t.pos < len(t.src) && strings.IndexByte(" \t\n<>\"'", t.src[t.pos]) < 0 {
		t.pos++
	}
	return unescape(t.src[start:t.pos], t.w)
}

// plain is a quoted value without its references.
func (t *tag) plain(s string) string {
	if strings.IndexByte(s, '<') >= 0 {
		t.w.add(warnMalformed, "a < stands in an attribute, where &lt; was meant")
		if inner, ok := strings.CutPrefix(s, "<![CDATA["); ok {
			s = strings.TrimSuffix(inner, "]]>")
		}
	}
	return unescape(flat.Replace(s), t.w)
}

// flat makes the white space of an attribute's value blanks (XML 1.0 §3.3.3).
var flat = strings.NewReplacer("\n", " ", "\t", " ")

func (t *tag) find(quote string) int {
	if t.missing[quote] {
		return -1
	}
	n := strings.Index(t.src[t.pos+1:], quote)
	t.missing[quote] = n < 0
	return n
}
