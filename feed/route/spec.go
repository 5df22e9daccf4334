package route

import "broadsheet/feed"

// Spec is all that membership depends on besides the entry.
type Spec struct {
	Sections []SectionSpec // in the order of the configuration
	Outlets  []feed.Outlet
}

// SectionSpec is how one section is filled: (in Sources or any of Match, or in a
// section whose Parent it is) and none of Exclude.
type SectionSpec struct {
	Name    string
	Pos     feed.Pos
	Sources []Selector // everything from these sources
	From    []Selector // whose articles Match and Rest look at; none is all
	Match   []Rule
	Exclude []Rule
	Rest    bool // takes what no section without Rest took, less Exclude
	// Parent is the name of the section that gathers what is in this one; empty for
	// none. ParentPos is where it stands.
	Parent    string
	ParentPos feed.Pos
}

// Selector picks sources: a name, "tag:NAME", "*" for all, or "!" and one of
// these to take some away: what is taken away stays away, wherever in the list
// that stands. A list of only "!" picks starts from all.
type Selector struct {
	Text string
	Pos  feed.Pos
}

// Rule holds if all of its conditions hold. A rule without conditions is
// refused when compiled.
type Rule struct {
	Pos        feed.Pos
	Conditions []Condition
}

// Condition compares one field of an entry with any of its values.
type Condition struct {
	Pos feed.Pos
	// Field is one of: category author source language tag (compare the whole
	// value), title words text (look for the value as words), url (wildcards over
	// the whole URL), has (audio video image), longer shorter (length of the text,
	// see Number), not (see Not), when (see Values[0], a boolean expression).
	Field  string
	Values []Value
	Not    *Rule // for "not": it holds if this rule does not
	Number int   // for longer and shorter: characters of the text
}

// Value is one value of a condition as written: a plain value, blind to case
// and accents, in which * is a wildcard, or /RE2/ or /RE2/i.
type Value struct {
	Text string
	Pos  feed.Pos
}

// Problem is something wrong with a spec, for the operator.
type Problem struct {
	Pos  feed.Pos
	Key  string // the key it is about, e.g. "match.words"
	Text string // what is wrong and what would be right
	// Warning: the rules hold as they are, but probably not as they were meant.
	Warning bool
}
