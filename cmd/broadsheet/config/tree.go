package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxRepeats is how many nodes of one file are looked at again because an alias
// repeats them: an alias bomb stops there.
const maxRepeats = 1 << 18

// maxVisits is how many nodes are looked at in all: no file has more than one
// for two of its bytes.
func (d *decoder) maxVisits() int { return maxRepeats + d.size/2 }

// spent reports whether the file has been looked at enough.
func (d *decoder) spent() bool { return d.visits > d.maxVisits() }

// pair is a key of a mapping with its value.
type pair struct{ key, value *yaml.Node }

// follow gives the node that an alias stands for. ok is false once the file has
// been looked at enough.
func (d *decoder) follow(n *yaml.Node) (*yaml.Node, bool) {
	if d.visits++; d.spent() {
		if d.visits == d.maxVisits()+1 {
			d.found.refuse(d.pos(n), "", "the aliases of this file repeat more than %d "+
				"values; write fewer *", maxRepeats)
		}
		return n, false
	}
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	return n, true
}

// pairs gives the keys of a mapping, its own first, then those merged in with
// <<, of which the first counts.
func (d *decoder) pairs(at place, n *yaml.Node) []pair {
	return d.merged(at, n, nil)
}

func (d *decoder) merged(at place, n *yaml.Node, above []*yaml.Node) []pair {
	out := make([]pair, 0, len(n.Content)/2)
	var merges []pair
	taken := newKeySet(len(n.Content) / 2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, ok := d.follow(n.Content[i])
		if !ok {
			return nil
		}
		switch {
		case key.Kind != yaml.ScalarNode:
			d.found.refuse(d.pos(key), at.String(), "a key is one word, not a list or a block")
		case key.Tag == "!!merge":
			merges = append(merges, pair{key, n.Content[i+1]})
		case taken.line(key.Value) > 0:
			d.found.refuse(d.pos(key), at.key(key.Value),
				"the key is written twice, also in line %d; join the two",
				taken.line(key.Value))
		default:
			taken.add(key)
			out = append(out, pair{key, n.Content[i+1]})
		}
	}
	above = append(above, n)
	for _, m := range merges {
		out = d.mergeInto(at, out, taken, m, above)
	}
	return out
}

// mergeInto adds the keys that a << brings and that are not there yet.
func (d *decoder) mergeInto(at place, out []pair, taken *keySet, m pair, above []*yaml.Node) []pair {
	from, ok := d.follow(m.value)
	if !ok {
		return out
	}
	sources := []*yaml.Node{from}
	if from.Kind == yaml.SequenceNode {
		sources = from.Content
	}
	for _, s := range sources {
		s, ok := d.follow(s)
		switch {
		case !ok:
			return out
		case s.Kind != yaml.MappingNode:
			d.found.refuse(d.pos(m.key), at.key("<<"),
				"<< takes over the keys of a block; write *NAME of a block that was marked "+
					"with &NAME")
			continue
		case slices.Contains(above, s):
			d.found.refuse(d.pos(m.key), at.key("<<"),
				"a block takes over its own keys here; break the circle")
			continue
		}
		for _, p := range d.merged(at, s, above) {
			if taken.line(p.key.Value) == 0 {
				taken.add(p.key)
				out = append(out, p)
			}
		}
	}
	return out
}

// keySet remembers in which line a key was written: a list while there are few,
// since most mappings are small and there are many of them.
type keySet struct {
	few  []*yaml.Node
	many map[string]int
}

const fewKeys = 16

func newKeySet(size int) *keySet {
	if size > fewKeys {
		return &keySet{many: make(map[string]int, size)}
	}
	return &keySet{few: make([]*yaml.Node, 0, size)}
}

func (s *keySet) add(key *yaml.Node) {
	if s.many == nil && len(s.few) < fewKeys {
		s.few = append(s.few, key)
		return
	}
	if s.many == nil {
		s.many = map[string]int{}
		for _, k := range s.few {
			s.many[k.Value] = k.Line
		}
		s.few = nil
	}
	s.many[key.Value] = key.Line
}

// line is where the key was written; 0 if it was not.
func (s *keySet) line(key string) int {
	if s.many != nil {
		return s.many[key]
	}
	for _, k := range s.few {
		if k.Value == key {
			return k.Line
		}
	}
	return 0
}

// private reports whether a key is the writer's own, for anchors.
func private(key string) bool { return strings.HasPrefix(key, "x-") }
