package config

import (
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"

	"broadsheet/feed"
)

// kind is a kind of value: its law and how it is described to editors. read
// takes over a text, with variables put in; its error is a clause that follows
// the quoted value: "is not a duration; write 30m".
type kind interface {
	read(text string) error
	describe() map[string]any
}

// value is one setting; *T is a kind. The zero value was not written.
type value[T any] struct {
	V   T
	Raw string // as written, before variables: messages repeat it, so that they hold no secret
	Pos feed.Pos
	// Quoted: it stands in quotes, so that no reader of YAML takes it for anything
	// but a text.
	Quoted bool
	// Unsure: it was found wrong, or a variable in it is not set, which was told; V
	// is not to be judged further.
	Unsure bool
}

func (v *value[T]) isSet() bool { return v.Pos.Line > 0 }

// good reports whether the value was written and can be judged.
func (v *value[T]) good() bool { return v.Pos.Line > 0 && !v.Unsure }

// bare is the word if it stands without quotes.
func (v *value[T]) bare() (word string, pos feed.Pos) {
	if v.Quoted {
		return "", v.Pos
	}
	return v.Raw, v.Pos
}

func (v *value[T]) decode(d *decoder, at place, n *yaml.Node) {
	n, ok := d.follow(n)
	if !ok {
		return
	}
	raw, text, ok := d.scalar(at, n)
	v.Raw, v.Pos, v.Unsure = raw, d.pos(n), !ok
	v.Quoted = n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
	if !ok {
		_ = any(&v.V).(kind).read(text) // what is left of it, for what is only shown
		return
	}
	v.Unsure = true // until it was judged
	if at.field != nil && !d.allowed(at, n, text) {
		return
	}
	if words := wrongTag(n, &v.V); words != "" {
		d.found.refuse(v.Pos, at.String(), "%s %s", n.Value, words)
		return
	}
	if err := any(&v.V).(kind).read(text); err != nil {
		d.found.refuse(v.Pos, at.String(), "%s %s", quote(raw), err)
		return
	}
	v.Unsure = false
}

// wrongTag finds the words of YAML that would be taken for text.
func wrongTag(n *yaml.Node, kind any) string {
	yesNo := false
	switch kind.(type) {
	case *switched, *secretWord:
		yesNo = true
	}
	switch {
	case n.Tag == "!!bool" && !yesNo && n.Style == 0:
		return "means yes or no in YAML, not a text; put it in quotes if the word is meant"
	case strings.HasPrefix(n.Tag, "!!") && n.Style&yaml.TaggedStyle != 0:
		return "has the tag " + n.Tag + ", which is not needed; take it out"
	}
	return ""
}

// allowed checks a value against the tags enum and later of its key.
func (d *decoder) allowed(at place, n *yaml.Node, text string) bool {
	f := at.field
	switch {
	case contains(f.later, text):
		d.found.refuse(d.pos(n), at.String(), "%s is not part of this version; write %s",
			quote(n.Value), strings.Join(f.enum, " or "))
		return false
	case len(f.enum) > 0 && !contains(f.enum, text):
		all := append(append([]string(nil), f.enum...), f.later...)
		d.found.refuse(d.pos(n), at.String(), "%s is not one of: %s%s", quote(n.Value),
			strings.Join(f.enum, ", "), d.hints.instead(text, all, ""))
		return false
	}
	return true
}

// list is one value or a list of values; *T is a kind.
type list[T any] struct {
	Items []value[T]
	Pos   feed.Pos // of the key
}

func (l *list[T]) isSet() bool { return l.Pos.Line > 0 }

func (l *list[T]) decode(d *decoder, at place, n *yaml.Node) {
	l.Pos = at.pos
	n, ok := d.follow(n)
	switch {
	case !ok:
	case n.Kind == yaml.SequenceNode:
		l.Items = make([]value[T], len(n.Content))
		for i, item := range n.Content {
			l.Items[i].decode(d, at, item)
		}
	case n.Tag == "!!null" && d.commentHint(n) == "": // all of it is commented out
	default:
		l.Items = make([]value[T], 1)
		l.Items[0].decode(d, at, n)
	}
}

// texts are the values themselves, less those that cannot be judged.
func texts[T ~string](l list[T]) []string {
	var out []string
	for _, v := range l.Items {
		if !v.Unsure {
			out = append(out, string(v.V))
		}
	}
	return out
}

// many is a list of blocks.
type many[T any] struct {
	Items  []T
	Pos    feed.Pos // of the key
	Unsure bool     // it is no list, which was told
}

func (m *many[T]) isSet() bool { return m.Pos.Line > 0 }

func (m *many[T]) decode(d *decoder, at place, n *yaml.Node) {
	m.Pos = at.pos
	n, ok := d.follow(n)
	if !ok || n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		hint := ""
		if n.Kind == yaml.MappingNode {
			hint = "; put \"- \" before the first key of each item"
		}
		d.found.refuse(d.pos(n), at.String(), "is a list of blocks, not %s%s", d.whatIs(n),
			hint)
		m.Unsure = true
		return
	}
	m.Items = make([]T, len(n.Content))
	for i, item := range n.Content {
		if item.Tag == "!!null" {
			d.found.refuse(d.pos(item), at.String(),
				"an item of the list is empty; fill it in or take it out")
			continue
		}
		d.block(at, item, reflect.ValueOf(&m.Items[i]).Elem())
	}
}

// named is blocks or lists under names that the writer chooses, in order.
type named[T any] struct{ Items []entry[T] }

type entry[T any] struct {
	Name  string
	Pos   feed.Pos // of the name
	Value T
}

func (m *named[T]) isSet() bool { return len(m.Items) > 0 }

func (m *named[T]) decode(d *decoder, at place, n *yaml.Node) {
	n, ok := d.follow(n)
	if !ok || n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.found.refuse(d.pos(n), at.String(), "is a block of names, each with its values, "+
			"not %s", d.whatIs(n))
		return
	}
	for _, p := range d.pairs(at, n) {
		e := entry[T]{Name: p.key.Value, Pos: d.pos(p.key)}
		d.value(place{up: &at, name: e.Name, pos: e.Pos}, p.value,
			reflect.ValueOf(&e.Value).Elem())
		m.Items = append(m.Items, e)
	}
}

// some is a block that may be left out.
type some[T any] struct {
	Block *T
	Pos   feed.Pos // of the block
}

func (s *some[T]) isSet() bool { return s.Pos.Line > 0 }

func (s *some[T]) decode(d *decoder, at place, n *yaml.Node) {
	n, ok := d.follow(n)
	if !ok {
		return
	}
	s.Pos, s.Block = d.pos(n), new(T)
	d.block(at, n, reflect.ValueOf(s.Block).Elem())
}

// inherit gives dst each key that it does not have and src has. Lists and blocks
// are taken over whole or not at all.
func inherit[T any](dst, src *T) {
	if src != nil {
		inheritValue(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem())
	}
}

func inheritValue(dst, src reflect.Value) {
	for i := range dst.NumField() {
		if dst.Type().Field(i).Anonymous {
			inheritValue(dst.Field(i), src.Field(i))
			continue
		}
		mine, ok := dst.Field(i).Addr().Interface().(setting)
		if ok && !mine.isSet() {
			dst.Field(i).Set(src.Field(i))
		}
	}
}
