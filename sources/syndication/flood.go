package syndication

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// flood keeps the newest items of a document that lists too many (T-21), while it
// is being read: what is in it never exceeds twice maxItems, nor a budget. Newest
// is by the items' own dates if most have one, else by their order, because feeds
// list the newest first. Items come and are given back in document order.
type flood[T any] struct {
	when func(T) string // the date of an item as it is written
	size func(T) int    // what an item costs, of maxParts
	lose func(T)        // is told of each item that is left out; may be nil

	items []candidate[T]
	cost  int // of those in items
	seen  int // all that came
	dated int // those of them that have a date, as far as anybody looked
	cut   bool
}

// candidate is an item that may be kept.
type candidate[T any] struct {
	item   T
	place  int // among all that came
	size   int
	looked bool
	date   time.Time // zero if it has none
}

// add takes an item.
func (f *flood[T]) add(item T) {
	c := candidate[T]{item: item, place: f.seen, size: f.size(item)}
	f.seen++
	f.cost += c.size
	f.items = append(f.items, c)
	if len(f.items) >= 2*maxItems {
		f.prune(maxParts)
	}
}

// close gives the items that are kept.
func (f *flood[T]) close() []T {
	if f.cut {
		f.prune(maxParts / 2)
	} else if len(f.items) > maxItems {
		f.prune(maxParts)
	}
	out := make([]T, len(f.items))
	for i, c := range f.items {
		out[i] = c.item
	}
	return out
}

// squeeze makes room: half of the budget is left to the newest items.
func (f *flood[T]) squeeze() {
	f.cut = true
	f.prune(maxParts / 2)
}

// prune leaves the newest items, as many as may be kept and as the budget allows. One
// that is too large for what is left of it is left out alone.
func (f *flood[T]) prune(budget int) {
	f.look()
	if f.byDate() {
		slices.SortStableFunc(f.items, func(a, b candidate[T]) int { return b.date.Compare(a.date) })
	}
	kept, cost := f.items[:0], 0
	for _, c := range f.items {
		switch {
		case len(kept) < maxItems && cost+c.size <= budget:
			kept, cost = append(kept, c), cost+c.size
		case f.lose != nil:
			f.lose(c.item)
		}
	}
	clear(f.items[len(kept):])
	f.items, f.cost = kept, cost
	slices.SortFunc(f.items, func(a, b candidate[T]) int { return cmp.Compare(a.place, b.place) })
}

// look reads the dates of the items that nobody looked at yet.
func (f *flood[T]) look() {
	for i := range f.items {
		c := &f.items[i]
		if c.looked {
			continue
		}
		c.looked = true
		if c.date = moment(f.when(c.item)); !c.date.IsZero() {
			f.dated++
		}
	}
}

func (f *flood[T]) byDate() bool { return 2*f.dated > f.seen }

// report is how many items came and were kept, and whether dates decided.
func (f *flood[T]) report() (seen, kept int, byDate bool) {
	return f.seen, len(f.items), f.byDate()
}

// flooded warns of items that were left out.
func (r *reader) flooded(seen, kept int, byDate bool) {
	if seen == kept {
		return
	}
	which := "first"
	if byDate {
		which = "newest"
	}
	r.w.add(warnTooMany, fmt.Sprintf("the feed lists %d items; the %s %d were read, the other %d were left out",
		seen, which, kept, seen-kept))
}

// layouts are the forms of nine dates in ten; they are compared here only, to tell
// newer items from older ones. The dates that are published are read elsewhere.
var layouts = []string{
	time.RFC3339, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700",
	"2 Jan 2006 15:04:05 MST", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02",
}

// moment is a date, if it is written in a usual form.
func moment(s string) time.Time {
	if s = strings.TrimSpace(s); s == "" || len(s) > maxDate {
		return time.Time{}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// The builder's part: its articles leave the tree while it grows.

// took gives an element that was closed to the flood, if it is an article.
func (b *builder) took(e *element) {
	p := e.parent
	if p != nil && (p == b.root || p.parent == b.root && p.is(own, "channel")) && e.is(own, b.article()) {
		b.articles.add(e)
		b.sweep()
	}
}

// grow counts parts that the tree got. Past the limit it makes room; if too little
// can be made, the document is refused. What is made is an eighth of the limit at
// least, so that it is not tried again and again.
func (b *builder) grow(parts int) error {
	if b.parts += parts; b.parts <= maxParts {
		return nil
	}
	b.articles.squeeze()
	b.sweep()
	if b.parts > maxParts-maxParts/8 {
		return tooLarge("the document has over %d elements, attributes and pieces of text", maxParts)
	}
	return nil
}

// lose marks an article that is left out.
func (b *builder) lose(e *element) {
	b.parts -= e.size()
	e.lost = true
	b.thinned[e.parent] = true
}

// sweep takes the articles that are left out off the tree.
func (b *builder) sweep() {
	for parent := range b.thinned {
		parent.nodes = slices.DeleteFunc(parent.nodes, func(n node) bool { return n.el != nil && n.el.lost })
	}
	clear(b.thinned)
}

// size is the number of elements, attributes and runs of text in e, with itself.
func (e *element) size() int {
	n := 1 + len(e.attrs)
	for _, c := range e.nodes {
		if c.el == nil {
			n++
		} else {
			n += c.el.size()
		}
	}
	return n
}

// datings are the names that feeds use most for the date of an article, best first.
var datings = []string{"pubdate", "published", "dc:date", "updated", "issued", "modified", "dcterms:issued"}

// written is the date of an article as it is written.
func written(e *element) string {
	best, found := len(datings), (*element)(nil)
	for c := range e.children {
		if i := slices.Index(datings, c.key()); i >= 0 && i < best && !c.blank() {
			best, found = i, c
		}
	}
	return found.text()
}
