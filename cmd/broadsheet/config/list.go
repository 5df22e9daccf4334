package config

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"broadsheet/feed"
	"broadsheet/feed/route"
)

// wordList is the values of a list: here, or in a file.
type wordList struct {
	list[line]
	File value[line]
	Odd  bool // it was found wrong
}

func (w *wordList) decode(d *decoder, at place, n *yaml.Node) {
	n, ok := d.follow(n)
	if !ok || n.Kind != yaml.MappingNode {
		w.list.decode(d, at, n)
		return
	}
	w.Pos = at.pos
	for _, p := range d.pairs(at, n) {
		switch {
		case p.key.Value == "file":
			w.File.decode(d, place{up: &at, name: "file", pos: d.pos(p.key)}, p.value)
		case !private(p.key.Value):
			w.Odd = true
			d.found.refuse(d.pos(p.key), at.key(p.key.Value),
				"there is no such key; a list is [a, b] or {file: PATH}")
		}
	}
	if !w.File.isSet() && !w.Odd {
		w.Odd = true
		d.found.refuse(d.pos(n), at.String(), "has no values; a list is [a, b] or {file: PATH}")
	}
}

// maxListed is how many values all conditions may have together, lists put in.
const maxListed = 1 << 20

// lists reads all lists, so that the conditions can name them.
func (b *builder) readLists() {
	b.lists = make(map[string][]route.Value, len(b.file.Lists.Items))
	for i := range b.file.Lists.Items {
		e := &b.file.Lists.Items[i]
		if _, twice := b.lists[e.Name]; twice {
			b.found.refuse(e.Pos, "lists."+e.Name,
				"there are two lists of this name; join them or rename one")
			continue
		}
		values, ok := b.listed(e)
		b.lists[e.Name] = values
		if ok && len(values) == 0 {
			b.found.warn(e.Pos, "lists."+e.Name, "the list is empty")
		}
	}
}

// listed gives the values of a list; ok is false if something is wrong with it.
func (b *builder) listed(e *entry[wordList]) (out []route.Value, ok bool) {
	if e.Value.File.good() {
		return b.listFile(e)
	}
	ok = e.Value.isSet() && !e.Value.Odd
	for _, v := range e.Value.Items {
		switch {
		case v.Unsure:
			ok = false
		case strings.TrimSpace(string(v.V)) == "":
			b.found.refuse(v.Pos, "lists."+e.Name,
				"an empty value would match everything; fill it in or take it out")
			ok = false
		case strings.HasPrefix(string(v.V), "list:"):
			b.found.refuse(v.Pos, "lists."+e.Name,
				"a list cannot hold another list; name both where they are used")
			ok = false
		default:
			out = append(out, route.Value{Text: string(v.V), Pos: v.Pos})
		}
	}
	return out, ok
}

// listFile reads one value a line; # begins a comment at the start of a line,
// and between blanks.
func (b *builder) listFile(e *entry[wordList]) (out []route.Value, ok bool) {
	file := &e.Value.File
	data, err := readFile(b.path(string(file.V)), maxFile)
	if err != nil {
		b.found.refuse(file.Pos, "lists."+e.Name+".file", "the file %s cannot be read: %s",
			quote(file.Raw), reason(err))
		return nil, false
	}
	p := &page{name: b.nameOf(b.path(string(file.V))), found: b.found}
	if !p.checkBytes(data) {
		return nil, false
	}
	number := 0
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		number++
		if i := strings.Index(text, " # "); i >= 0 {
			text = text[:i]
		}
		if text = strings.TrimSpace(text); text != "" && text[0] != '#' {
			pos := feed.Pos{File: p.name, Line: number, Column: 1}
			out = append(out, route.Value{Text: text, Pos: pos})
		}
	}
	return out, true
}

// values are those of a condition, with its lists put in.
func (b *builder) values(key string, items []value[line]) (out []route.Value) {
	for _, v := range items {
		name, isList := strings.CutPrefix(string(v.V), "list:")
		switch {
		case v.Unsure:
		case strings.TrimSpace(string(v.V)) == "":
			b.found.refuse(v.Pos, key, "an empty value would match everything; fill it in or "+
				"take it out")
		case !isList:
			out = append(out, route.Value{Text: string(v.V), Pos: v.Pos})
		default:
			out = append(out, b.list(key, name, v)...)
		}
	}
	if b.listings += len(out); b.listings > maxListed {
		if b.listings-len(out) <= maxListed {
			b.found.refuse(items[0].Pos, key, "all conditions together have more than %d "+
				"values", maxListed)
		}
		return nil
	}
	return out
}

func (b *builder) list(key, name string, v value[line]) []route.Value {
	values, ok := b.lists[name]
	if !ok && b.complete {
		b.found.refuse(v.Pos, key, "there is no list %s%s", quote(name),
			b.hints.instead(name, keysOf(b.lists), "lists are defined under lists:"))
	}
	return values
}
