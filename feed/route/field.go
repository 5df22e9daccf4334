package route

import "regexp"

// field is what a condition with values compares.
type field int

const (
	fieldCategory field = iota
	fieldAuthor
	fieldSource
	fieldLanguage
	fieldTag
	fieldURL
	fieldTitle
	fieldWords
	fieldText
	fieldCount
)

// fields says how each field is named, and how reasons speak of it.
var fields = [fieldCount]struct {
	key  string
	verb string // of the rule, before a value
	has  string // of the entry, before what it has
	none string // of an entry that has nothing there
}{
	fieldCategory: {"category", "category is", "its categories are", "it has no category"},
	fieldAuthor:   {"author", "author is", "its author is", "it names no author"},
	fieldSource:   {"source", "source is", "its source is", "it has no source"},
	fieldLanguage: {"language", "language is", "its language is", "its language is unknown"},
	fieldTag:      {"tag", "tag is", "its source has the tag", "its source has no tags"},
	fieldURL:      {"url", "url is", "its url is", "it has no url"},
	fieldTitle:    {"title", "title has", "its title is", "it has no title"},
	fieldWords:    {"words", "words have", "it says", "it has neither title nor text"},
	fieldText:     {"text", "text has", "it says", "it has no text"},
}

// isText reports whether values are looked for as words in the field, rather
// than compared with the whole of it.
func (f field) isText() bool { return f >= fieldTitle }

// fieldNamed gives the field of a condition's key.
func fieldNamed(key string) (field, bool) {
	for f := range fieldCount {
		if fields[f].key == key {
			return f, true
		}
	}
	return 0, false
}

// table holds every value that any rule compares a field with, each under a
// number, so that all of them are answered at once for an entry.
type table struct {
	numbers map[string]int32 // of values as written
	size    int32
	users   [][]int32 // by number of a value: the conditions that take it
	askers  int32     // conditions
	roster  roster    // for a field that is compared whole
	lexicon lexicon   // for a text
	regexps map[int32]*regexp.Regexp
}

// number gives the number of a value as written, or a new one.
func (t *table) number(value string) (id int32, isNew bool) {
	if t.numbers == nil {
		t.numbers = map[string]int32{}
	}
	if id, ok := t.numbers[value]; ok {
		return id, false
	}
	id = t.size
	t.size++
	t.numbers[value] = id
	t.users = append(t.users, nil)
	return id, true
}

func (t *table) addRegexp(value string, re *regexp.Regexp) int32 {
	id, isNew := t.number(value)
	if isNew {
		if t.regexps == nil {
			t.regexps = map[int32]*regexp.Regexp{}
		}
		t.regexps[id] = re
	}
	return id
}

// addWhole adds a value to be compared as a whole, in the form that the
// entry's values are folded to; stars in it are wildcards.
func (t *table) addWhole(value, folded string) int32 {
	id, isNew := t.number(value)
	if isNew {
		t.roster.add(folded, id)
	}
	return id
}

func (t *table) addPhrase(value string, p phrase) int32 {
	id, isNew := t.number(value)
	if isNew {
		t.lexicon.add(p, id)
	}
	return id
}
