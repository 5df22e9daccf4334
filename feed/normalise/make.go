package normalise

import (
	"fmt"
	"time"

	"broadsheet/feed"
)

// Input is all that an entry is made of.
type Input struct {
	// Sightings are the item as the outlet's feeds listed it; at least one. The
	// first leads; the others add their categories and those configured for their
	// feeds.
	Sightings []feed.Sighting
	Outlet    feed.Outlet
	// Page is what the article's own page says; nil if it was not read, or is not to be
	// used. PageShown: its text was chosen before, and gives way to a fuller one only.
	Page       *feed.Page
	PageShown  bool
	Vocabulary *Vocabulary    // of the categories that rules ask for; may be nil
	Zone       *time.Location // for dates without a zone; nil is UTC
	FirstSeen  time.Time
}

// Result is an entry and what was done to it.
type Result struct {
	// Entry has everything but ID, Source, Feeds and SortAt, which depend on what
	// is stored.
	Entry  feed.Entry
	Notes  []feed.Note
	Choice Choice // between the feed's text and the page's
}

// draft is an entry in the making: what each step reads and writes.
type draft struct {
	in     Input
	item   feed.Item // of the leading sighting
	entry  feed.Entry
	bases  []location // against which relative references resolve, best first
	plain  string     // visible text of entry.Content
	notes  []feed.Note
	page   *feed.Page // that is the article's; nil if there is none, or it was refused
	choice Choice
}

// note records something that a person may ask about.
func (d *draft) note(step, format string, args ...any) {
	d.notes = append(d.notes, feed.Note{Step: step, Text: fmt.Sprintf(format, args...)})
}

// step is one named part of the work.
type step struct {
	name string
	do   func(*draft)
}

// steps is the work in order. Later steps may read what earlier ones wrote:
// fulltext says whose text they work on, links gives the bases of content, content the text of title and language,
// and digest reads what is done.
func steps() []step {
	return []step{
		{stepFullText, fulltext},
		{stepLinks, links},
		{stepDates, dates},
		{stepSanitise, sanitise},
		{stepTitle, title},
		{stepAuthors, authors},
		{stepCategories, categories},
		{stepLanguage, lang},
		{stepEnclosures, enclosures},
		{stepPodcast, podcast},
		{stepExtras, extras},
		{stepRights, rights},
		{stepOrigin, origin},
		{stepDigest, digest},
	}
}

// The names of the steps, as notes and explanations show them.
const (
	stepFullText   = "fulltext"
	stepLinks      = "links"
	stepDates      = "dates"
	stepSanitise   = "sanitise"
	stepTitle      = "title"
	stepAuthors    = "authors"
	stepCategories = "categories"
	stepLanguage   = "language"
	stepEnclosures = "enclosures"
	stepPodcast    = "podcast"
	stepExtras     = "extras"
	stepRights     = "rights"
	stepOrigin     = "origin"
	stepDigest     = "digest"
)

// Steps names the steps in the order in which they run.
func Steps() []string {
	var names []string
	for _, s := range steps() {
		names = append(names, s.name)
	}
	return names
}

// Make turns an item into an entry. The error is a *feed.Error: of KindEmpty
// for an item that has nothing to show (no title, no text, no link, no media),
// and of KindBug if a step panicked. It is about this item alone.
func Make(in Input) (Result, error) { return work(in, nil) }

// work makes an entry; watch, if there is one, sees the draft before the first step,
// for which the name is empty, and after each.
func work(in Input, watch func(step string, d *draft)) (result Result, err error) {
	if len(in.Sightings) == 0 {
		return Result{}, refuse(in, feed.KindEmpty, "there is no item to make an entry of")
	}
	at := ""
	defer func() {
		if r := recover(); r != nil {
			result = Result{}
			err = refuse(in, feed.KindBug, fmt.Sprintf("the step %q stopped: %v", at, r))
		}
	}()
	d := &draft{in: in, item: in.Sightings[0].Item}
	if watch != nil {
		watch("", d)
	}
	for _, s := range steps() {
		at = s.name
		s.do(d)
		if watch != nil {
			watch(s.name, d)
		}
	}
	if d.entry.Title == "" {
		return Result{}, refuse(in, feed.KindEmpty, "it has no title, no text, no link and no media")
	}
	return Result{Entry: d.entry, Notes: d.notes, Choice: d.choice}, nil
}

func refuse(in Input, kind feed.Kind, text string) error {
	return &feed.Error{Source: in.Outlet.Name, Step: "normalising an item", Kind: kind, Text: text}
}
