package config

import (
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"broadsheet/feed"
)

// decoder turns the nodes of one file into typed values, strictly.
type decoder struct {
	*page
	*expander
	hints  *hints
	shapes shapes
	visits int
}

// setting is a value of the file that knows whether and where it was written.
type setting interface {
	decode(d *decoder, at place, n *yaml.Node)
	isSet() bool
	schema(b *schemaBuilder, f *field) map[string]any
}

// place is where in the tree of keys the decoder is: it becomes a message's key
// only when there is something to tell.
type place struct {
	up    *place
	name  string
	pos   feed.Pos // of the key
	field *field   // nil for what has no tags of its own
}

func (p place) String() string {
	if p.up == nil || p.up.String() == "" {
		return p.name
	}
	return p.up.String() + "." + p.name
}

func (p place) key(name string) string { return place{up: &p, name: name}.String() }

// placed is embedded in types that remember where they were written.
type placed struct {
	Pos feed.Pos
	Odd bool // it holds keys that it does not have
}

// field is a key of a block, as the tags of its Go field describe it:
//
//	key:"every"      its name in the file
//	doc:"…"          one sentence for people, in the schema and the reference
//	default:"1h"     what stands if it is not written, in the file's own notation
//	need:"…"         it must be written: the sentence for who did not
//	enum:"a,b"       the only values
//	later:"c,d"      values of later versions
type field struct {
	key, doc, preset string
	need             string
	enum, later      []string
	index            []int // of the Go field
	number           int   // in the order of the type
}

// shape is the keys of a type of block.
type shape struct {
	fields []field
	byKey  map[string]*field
	later  []string // keys of later versions
	main   []string // keys that belong into config.yaml itself
	pos    []int    // index of placed; nil if the type does not embed it
}

// shapes are remembered, because a type has thousands of values.
type shapes map[reflect.Type]*shape

func (s shapes) of(t reflect.Type) *shape {
	if known := s[t]; known != nil {
		return known
	}
	sh := &shape{byKey: map[string]*field{}}
	sh.collect(t, nil)
	for i := range sh.fields {
		sh.fields[i].number = i
		sh.byKey[sh.fields[i].key] = &sh.fields[i]
	}
	s[t] = sh
	return sh
}

// collect reads the tags of a type and of those embedded in it.
func (sh *shape) collect(t reflect.Type, above []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(append([]int(nil), above...), i)
		switch tag := f.Tag; {
		case f.Type == reflect.TypeFor[placed]():
			sh.pos = index
		case f.Anonymous:
			sh.collect(f.Type, index)
		case f.Name == "_":
			sh.later = append(sh.later, strings.Fields(tag.Get("later"))...)
			sh.main = append(sh.main, strings.Fields(tag.Get("main"))...)
		case tag.Get("key") != "":
			sh.fields = append(sh.fields, field{
				key: tag.Get("key"), doc: tag.Get("doc"), preset: tag.Get("default"),
				need: tag.Get("need"),
				enum: words(tag.Get("enum")), later: words(tag.Get("later")), index: index,
			})
		}
	}
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// keys are the names of a block's keys, in the order of the type.
func (sh *shape) keys() []string {
	out := make([]string, len(sh.fields))
	for i, f := range sh.fields {
		out[i] = f.key
	}
	return out
}

// block reads a mapping into the struct v.
func (d *decoder) block(at place, n *yaml.Node, v reflect.Value) {
	n, ok := d.follow(n)
	if !ok || n.Tag == "!!null" {
		return
	}
	sh := d.shapes.of(v.Type())
	if n.Kind != yaml.MappingNode {
		d.found.refuse(d.pos(n), at.String(), "is a block of keys (%s), not %s",
			strings.Join(sh.keys(), " "), d.whatIs(n))
		return
	}
	seen := make([]bool, len(sh.fields))
	here := placed{Pos: d.pos(n)}
	for _, p := range d.pairs(at, n) {
		f := sh.byKey[p.key.Value]
		if f == nil {
			here.Odd = d.unknown(at, p.key, sh) || here.Odd
			continue
		}
		seen[f.number] = true
		d.value(place{up: &at, name: f.key, pos: d.pos(p.key), field: f}, p.value,
			v.FieldByIndex(f.index))
	}
	if sh.pos != nil {
		at := v.FieldByIndex(sh.pos)
		at.Field(0).Set(reflect.ValueOf(here.Pos)) // field by field: placed itself is not exported
		at.Field(1).SetBool(here.Odd)
	}
	for i := range sh.fields {
		if f := &sh.fields[i]; f.need != "" && !seen[i] {
			d.found.refuse(d.pos(n), at.key(f.key), "is missing; %s", f.need)
		}
	}
}

// value reads a node into a field of any type that this package has.
func (d *decoder) value(at place, n *yaml.Node, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		if !d.deepEnough(at) {
			d.found.refuse(d.pos(n), at.String(),
				"is nested more than %d deep; say it more simply", maxNesting)
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if s, ok := v.Addr().Interface().(setting); ok {
		s.decode(d, at, n)
		return
	}
	d.block(at, n, v)
}

// maxNesting is how deep not: may stand within not:, which is the only key that
// holds its own kind.
const maxNesting = 8

func (d *decoder) deepEnough(at place) bool {
	depth := 0
	for p := &at; p != nil; p = p.up {
		if p.name == at.name {
			depth++
		}
	}
	return depth <= maxNesting
}

// unknown refuses a key that a block does not have, but for the writer's own.
func (d *decoder) unknown(at place, key *yaml.Node, sh *shape) (refused bool) {
	name := key.Value
	switch {
	case private(name):
		return false
	case contains(sh.main, name):
		d.found.refuse(d.pos(key), at.key(name),
			"belongs into the main file, not into an included one")
	case contains(sh.later, name):
		d.found.refuse(d.pos(key), at.key(name), "is not part of this version; take it out")
	default:
		keys := append(sh.keys(), sh.later...)
		d.found.refuse(d.pos(key), at.key(name), "there is no such key%s",
			d.hints.instead(name, keys, "the keys here are "+strings.Join(sh.keys(), " ")))
	}
	return true
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// whatIs names a node for a message.
func (d *decoder) whatIs(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a block of keys"
	case n.Tag == "!!null":
		return "nothing"
	default:
		return quote(n.Value)
	}
}

// hiddenWord is a comment that looks like a value: "#metoo".
var hiddenWord = regexp.MustCompile(`^#[\p{L}\p{N}][^\s\],}]*[\],}]*$`)

// scalar gives the text of a node that is one value, as written and with its
// variables put in. ok is false if it is none, or must not be judged.
func (d *decoder) scalar(at place, n *yaml.Node) (raw, text string, ok bool) {
	key := at.String
	switch {
	case n.Kind == yaml.SequenceNode:
		d.found.refuse(d.pos(n), key(), "is one value, not a list")
	case n.Kind == yaml.MappingNode:
		d.found.refuse(d.pos(n), key(), "is one value, not a block of keys%s", d.bracesHint(n))
	case n.Tag == "!!null":
		d.found.refuse(d.pos(n), key(), "is empty; give it a value or take it out%s",
			d.emptyHint(n))
	case strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!"):
		d.found.refuse(d.pos(n), key(), "a value that begins with ! must be in quotes: %s",
			inQuotes(strings.TrimSpace(n.Tag+" "+n.Value)))
	case strings.ContainsFunc(n.Value, isControl):
		d.found.refuse(d.pos(n), key(), "%s", controlText(n))
	default:
		if hiddenWord.MatchString(n.LineComment) {
			d.found.warn(d.pos(n), key(), "%s is a comment, not part of the value; put it in "+
				"quotes, or a space after # if a comment is meant", n.LineComment)
		}
		text, ok = d.expand(d.page, d.pos(n), at, n.Value)
		return n.Value, text, ok
	}
	return n.Value, "", false
}

// isControl finds what no value of ours holds: \b in double quotes.
func isControl(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }

func controlText(n *yaml.Node) string {
	if strings.Contains(n.Value, "\b") && n.Style&yaml.DoubleQuotedStyle != 0 {
		meant := strings.ReplaceAll(n.Value, "\b", `\b`)
		return `in double quotes \b is a backspace; use single quotes: ` + inQuotes(meant)
	}
	return "there is a control character in the value; in double quotes \\ begins an escape, " +
		"use single quotes"
}

// emptyHint says why a value may be empty although something was written.
func (d *decoder) emptyHint(n *yaml.Node) string {
	if n.Anchor != "" {
		return "; & begins a name for a value, so write " + inQuotes("&"+n.Anchor)
	}
	return d.commentHint(n)
}

// commentHint: "words: #metoo" is an empty value with a comment.
func (d *decoder) commentHint(n *yaml.Node) string {
	if n.Line < 1 || n.Line > len(d.lines) {
		return ""
	}
	_, rest := cut(d.lines[n.Line-1], n.Column)
	if word := strings.TrimSpace(rest); hiddenWord.MatchString(word) {
		return "; # begins a comment, so write " + inQuotes(strings.TrimRight(word, "],}"))
	}
	return ""
}

// bracesHint: "url: {NAME}" for "url: ${NAME}".
func (d *decoder) bracesHint(n *yaml.Node) string {
	if n.Style&yaml.FlowStyle != 0 && len(n.Content) == 2 && n.Content[1].Tag == "!!null" {
		return "; for a variable write ${" + n.Content[0].Value + "}"
	}
	return ""
}
