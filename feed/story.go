package feed

// Story is what is known of an article that several sources have, as one of them
// sees it.
type Story struct {
	ID      string // the published id of all of them, where they are shown as one
	Members []Told // the best first: of those in a section, it is shown
}

// Told is one source's article of a Story.
type Told struct {
	Row    int64
	ID     string // its own, see Story.ID
	Source string // name, as configured now
	Link   string // empty if it has none, or its body was pruned
	Shown  bool   // it may be: it is not kept apart, its source is configured
	// Same says why it is the same article as the entry that was asked about: in
	// words, or empty for that one itself.
	Same string
	// Before says what puts it before the next one, in words; empty for the last.
	Before string
}
