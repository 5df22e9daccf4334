package normalise

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"broadsheet/feed"
)

// Some themes write several categories into one element: with a separator, or with
// nothing between them ("North AmericaEuropeTrade"). They are taken apart only on
// evidence, because a name that looks glued ("PlayStation", "Arts, Culture and
// Entertainment", "TV/Radio") is far more often one name.

const (
	// leastPart is the least number of letters of a part that nothing separates from
	// the next one.
	leastPart = 3
	// maxParts bounds the pieces that a label is taken for.
	maxParts = 24
	// leastListed is how many parts a list with ", " has: a pair may be one name,
	// turned round ("Rain, Jo").
	leastListed = 3
	// longestListed is how many words a part of such a list has.
	longestListed = 3
)

// separators part names of categories where both sides are known to be such. Those of
// a path ("Arts/Music", "Sport > Rowing") are not among them: a path says more than
// its parts, and rules ask for it.
var separators = []string{";", " | ", "|", " / ", " · ", ", ", ","}

// Vocabulary are names of categories that are known apart from an article: evidence that
// a label was glued of several. It does not change; nil knows none.
type Vocabulary struct {
	names  map[string]bool // folded
	digest string
}

// NewVocabulary makes the vocabulary of some names.
func NewVocabulary(names []string) *Vocabulary {
	v := &Vocabulary{names: map[string]bool{}}
	for _, name := range names {
		if key := fold(label(name)); key != "" {
			v.names[key] = true
		}
	}
	v.digest = hash(strings.Join(slices.Sorted(maps.Keys(v.names)), "\n"))
	return v
}

func (v *Vocabulary) knows(key string) bool { return v != nil && v.names[key] }

// vocabulary knows names of categories, folded: those of the operator, and others.
type vocabulary struct {
	shared *Vocabulary
	own    map[string]bool
}

func (v vocabulary) add(name string) {
	if key := fold(label(name)); key != "" {
		v.own[key] = true
	}
}

func (v vocabulary) knows(name string) bool {
	key := fold(name)
	return v.own[key] || v.shared.knows(key)
}

// vocabulary is what is known to be a name: what the operator configured, which is
// never taken apart, and what stands as a category beside it.
func (d *draft) vocabulary() (configured, all vocabulary) {
	configured = vocabulary{d.in.Vocabulary, map[string]bool{}}
	all = vocabulary{d.in.Vocabulary, map[string]bool{}}
	names := slices.Clone(d.in.Outlet.Categories)
	for _, f := range d.in.Outlet.Feeds {
		names = append(names, f.Categories...)
	}
	for _, name := range names {
		configured.add(name)
		all.add(name)
	}
	for _, c := range d.foundCategories() {
		all.add(c.Name())
	}
	return configured, all
}

// apartLabels gives the names that a category's name was glued of; nil if it is one.
// alone: it is the only category of what it was found in.
func apartLabels(name string, alone bool, configured, all vocabulary) []string {
	if configured.knows(name) {
		return nil
	}
	for _, sep := range separators {
		if parts := parted(name, sep); len(parts) > 1 && !slices.ContainsFunc(parts, func(p string) bool { return !all.knows(p) }) {
			return parts
		}
	}
	if parts := unglue(name, all); parts != nil {
		return parts
	}
	if alone {
		return loneList(name)
	}
	return nil
}

// parted are the parts of a list, without empty ones.
func parted(s, sep string) []string {
	var out []string
	for part := range strings.SplitSeq(s, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// loneList takes a list apart by its form alone, where it stands for all categories
// of an article: with semicolons, with commas that no space follows, or with
// commas between three or more short names. The last of these is one name if it
// has an "and" ("Arts, Culture and Entertainment").
func loneList(s string) []string {
	parts := parted(s, ",")
	switch {
	case strings.Contains(s, ";"):
		parts = parted(s, ";")
	case len(parts) < 2 || numbered(s):
		return nil
	case !strings.Contains(s, ", "):
	case len(parts) < leastListed || joinsNames(parts[len(parts)-1]):
		return nil
	case slices.ContainsFunc(parts, func(p string) bool { return len(strings.Fields(p)) > longestListed }):
		return nil
	}
	if len(parts) < 2 {
		return nil
	}
	return parts
}

// numbered tells whether a comma stands inside of a number.
func numbered(s string) bool {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ',' && isDigit(s[i-1]) && isDigit(s[i+1]) {
			return true
		}
	}
	return false
}

// joinsNames tells whether words hold an "and", in the languages of many feeds.
func joinsNames(s string) bool {
	joins := map[string]bool{"and": true, "&": true, "und": true, "et": true, "y": true, "e": true, "en": true,
		"och": true, "og": true, "или": true, "и": true, "or": true, "ou": true, "oder": true, "o": true}
	for _, w := range strings.Fields(fold(s)) {
		if joins[w] {
			return true
		}
	}
	return false
}

// way is how a name may be taken apart. The less of it is unknown the better, then the
// fewer parts it has.
type way struct {
	parts   []string
	unknown int // letters of the part that nobody knows; 0 if there is none
	ok      bool
}

// and is the way with one more part; ok is false if that would be the second unknown.
func (w way) and(part string, all vocabulary) way {
	letters := len([]rune(part))
	if !w.ok || letters < leastPart {
		return way{}
	}
	if all.knows(part) {
		letters = 0
	} else if w.unknown > 0 {
		return way{}
	}
	return way{append(slices.Clone(w.parts), part), w.unknown + letters, true}
}

func (w way) better(than way) bool {
	return w.ok && (!than.ok || w.unknown < than.unknown ||
		w.unknown == than.unknown && len(w.parts) < len(than.parts))
}

// unglue takes a name apart where a small letter meets a capital. All parts must be
// known names, but for one if two others are; a part may hold such places itself
// ("YouTube").
func unglue(s string, all vocabulary) []string {
	pieces := camel(s)
	if len(pieces) < 2 || len(pieces) > maxParts {
		return nil
	}
	// Of the first so many pieces the best way without an unknown part, and with one.
	sure, doubtful := make([]way, len(pieces)+1), make([]way, len(pieces)+1)
	sure[0].ok = true
	for end := 1; end <= len(pieces); end++ {
		for start := range end {
			if start == 0 && end == len(pieces) {
				continue // the name itself
			}
			part := strings.TrimSpace(strings.Join(pieces[start:end], ""))
			for _, from := range []way{sure[start], doubtful[start]} {
				to := &sure[end]
				w := from.and(part, all)
				if w.unknown > 0 {
					to = &doubtful[end]
				}
				if w.better(*to) {
					*to = w
				}
			}
		}
	}
	if w := sure[len(pieces)]; w.ok {
		return w.parts
	}
	if w := doubtful[len(pieces)]; len(w.parts) > 2 {
		return w.parts
	}
	return nil
}

// camel cuts text where a small letter, or the end of a bracket, meets a capital.
func camel(s string) []string {
	var out []string
	start, previous := 0, ' '
	for i, r := range s {
		if unicode.IsUpper(r) && (unicode.IsLower(previous) || previous == ')') {
			out = append(out, s[start:i])
			start = i
		}
		previous = r
	}
	return append(out, s[start:])
}

// foundCategories are the categories that sightings and page name.
func (d *draft) foundCategories() []feed.Category {
	var out []feed.Category
	for _, list := range d.categoryLists() {
		out = append(out, list...)
	}
	return out
}

// categoryLists are the categories that were found, by what they were found in.
func (d *draft) categoryLists() [][]feed.Category {
	var out [][]feed.Category
	for _, s := range d.in.Sightings {
		out = append(out, s.Item.Categories)
	}
	if d.page != nil {
		out = append(out, d.page.Categories)
	}
	return out
}
