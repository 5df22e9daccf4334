package route

import (
	"fmt"
	"net/url"
	"slices"

	"broadsheet/feed"
)

// Router names the sections of entries. It does not change, so that any number
// of goroutines may use it at once.
type Router struct {
	outlets  map[string]*outlet // by name
	sections []section          // in order
	gather   []int              // sections that gather others, after all that they gather
	tables   [fieldCount]table
	version  string
	labels   []string // categories that rules ask for, as written
}

// section is a SectionSpec, compiled.
type section struct {
	*SectionSpec
	sources *picks                 // nil if it lists none
	from    *picks                 // nil is all
	placed  map[string][]placement // by the name of the source that places it
	match   []*compiledRule
	exclude []*compiledRule
	gathers []int // sections whose parent it is, in order
}

// placement is a source, or one feed of it, that names a section.
type placement struct {
	pos    feed.Pos
	source string
	feed   string // URL; empty if the whole source does
}

// Version is a hash of all that membership depends on besides the entry: two
// routers with the same one give every entry the same sections. It does not
// depend on titles of sections or on where rules stand.
func (r *Router) Version() string { return r.version }

// Categories are the names of categories that the rules ask for, as they are written,
// without those that have wildcards.
func (r *Router) Categories() []string { return r.labels }

// Route gives the sections that an entry belongs to, in the order of the
// configuration, and feed.WholePaper last if there is any. It reads the entry's
// Source and Feeds, which the store fills in. An entry of a source that is not
// configured belongs to none; one without a source (a preview) may match.
func (r *Router) Route(e *feed.Entry) []feed.Membership {
	var members []feed.Membership
	for _, d := range r.decide(e) {
		if d.in {
			members = append(members, feed.Membership{Section: d.section.Name, Why: d.why()})
		}
	}
	if len(members) > 0 {
		members = append(members, feed.Membership{Section: feed.WholePaper, Why: "in a section"})
	}
	return members
}

// decision is what was decided about an entry and a section.
type decision struct {
	section *section
	article *article
	in      bool
	entered *entrance     // what puts it in; nil if nothing does
	barred  *compiledRule // the exclude that throws it out; nil if none does
	blocked bool          // it, or its feed, asks not to be republished
}

// entrance is one of the ways into a section; all nil is rest.
type entrance struct {
	selector *Selector
	placed   *placement
	rule     *compiledRule
	child    *section // which it gathers
}

// decide decides about every section, in order: first those that do not
// depend on others.
func (r *Router) decide(e *feed.Entry) []decision {
	if e.Source != "" && r.outlets[e.Source] == nil {
		return nil
	}
	a := r.read(e)
	decisions := make([]decision, len(r.sections))
	if a.blocked() {
		for i := range r.sections {
			decisions[i] = decision{section: &r.sections[i], article: a, blocked: true}
		}
		return decisions
	}
	taken := false
	for i := range r.sections {
		if s := &r.sections[i]; !s.Rest {
			decisions[i] = s.decide(a, false)
			taken = taken || decisions[i].in
		}
	}
	for i := range r.sections {
		if s := &r.sections[i]; s.Rest {
			decisions[i] = s.decide(a, !taken)
		}
	}
	// What a section only gathers, it did not take: rest is decided before.
	for _, i := range r.gather {
		r.gatherInto(i, decisions)
	}
	return decisions
}

// blocked reports whether an entry asks not to be republished, and the operator does not
// say in the source's stanza that it may be (POD-1).
func (a *article) blocked() bool {
	return a.entry.Block != "" && (a.outlet == nil || a.outlet.Terms == feed.TermsUnsaid)
}

// decide decides about one section; left says that no section without rest
// took the entry.
func (s *section) decide(a *article, left bool) decision {
	d := decision{section: s, article: a}
	entered, ok := s.enter(a, left)
	if !ok {
		return d
	}
	d.enter(entered)
	return d
}

// enter puts the entry into the section, unless that excludes it.
func (d *decision) enter(by entrance) {
	d.entered = &by
	for _, r := range d.section.exclude {
		if r.holds(d.article) {
			d.barred = r
			return
		}
	}
	d.in = true
}

// enter finds the first way into the section that is open to the entry.
func (s *section) enter(a *article, left bool) (entrance, bool) {
	if s.sources != nil {
		if selector, ok := s.sources.pick(a.outlet); ok {
			return entrance{selector: selector}, true
		}
	}
	if p := s.placement(a); p != nil {
		return entrance{placed: p}, true
	}
	if !s.looksAt(a) {
		return entrance{}, false
	}
	for _, r := range s.match {
		if r.holds(a) {
			return entrance{rule: r}, true
		}
	}
	return entrance{}, s.Rest && left
}

// looksAt reports whether match and rest look at the articles of this source.
func (s *section) looksAt(a *article) bool {
	if s.from == nil {
		return true
	}
	_, ok := s.from.pick(a.outlet)
	return ok
}

// placement gives the first way in which the entry's source names the section.
func (s *section) placement(a *article) *placement {
	if len(s.placed) == 0 {
		return nil
	}
	placed := s.placed[a.entry.Source]
	for i := range placed {
		if p := &placed[i]; p.feed == "" || slices.Contains(a.entry.Feeds, p.feed) {
			return p
		}
	}
	return nil
}

// why gives the reason of a decision that something was in favour of.
func (d decision) why() string {
	if d.blocked {
		return d.article.entry.Block.Why() + "; terms: in the source's stanza overrides it"
	}
	if d.barred != nil {
		return at(d.barred.Pos, "excluded: "+d.barred.met(d.article))
	}
	switch e := d.entered; {
	case e.selector != nil:
		return at(e.selector.Pos, d.selected())
	case e.placed != nil && e.placed.feed != "":
		return at(e.placed.pos, fmt.Sprintf("feed %s of source %s is in section %s",
			bareURL(e.placed.feed), e.placed.source, d.section.Name))
	case e.placed != nil:
		return at(e.placed.pos, fmt.Sprintf("source %s is in section %s",
			e.placed.source, d.section.Name))
	case e.rule != nil:
		return at(e.rule.Pos, e.rule.met(d.article))
	case e.child != nil:
		return at(e.child.ParentPos, "it is in section "+quote(e.child.Name))
	default:
		return at(d.section.Pos, "no other section took it")
	}
}

// selected says how a selector takes the entry's source.
func (d decision) selected() string {
	name, selector := d.article.entry.Source, d.entered.selector.Text
	switch {
	case name == "":
		return "any source"
	case selector == name:
		return "source " + name
	}
	return fmt.Sprintf("source %s by %s", name, selector)
}

// at writes a place before a text; parts of it that are not known are left out.
func at(pos feed.Pos, text string) string {
	switch {
	case pos.File == "" && pos.Line == 0:
		return text
	case pos.Line == 0:
		return pos.File + ": " + text
	case pos.File == "":
		return fmt.Sprintf("line %d: %s", pos.Line, text)
	default:
		return fmt.Sprintf("%s:%d: %s", pos.File, pos.Line, text)
	}
}

// bareURL is a feed's URL without the parts that may hold a secret.
func bareURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(unreadable url)"
	}
	return u.Host + u.EscapedPath()
}
