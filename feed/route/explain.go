package route

import (
	"strings"

	"broadsheet/feed"
)

// Verdict says why an entry is in a section, or why not.
type Verdict struct {
	Section string `json:"section"`
	In      bool   `json:"in"`
	// Why is the reason with its place: what put the entry in, or the exclude
	// that threw it out; empty if nothing would have put it in.
	Why string `json:"why,omitempty"`
	// Misses are the ways into the section that were not open, in the order of
	// the configuration, if none was.
	Misses []Miss `json:"misses,omitempty"`
}

// Miss is a way into a section that is not open to an entry.
type Miss struct {
	Pos    feed.Pos `json:"pos"`
	Rule   string   `json:"rule"`   // the rule in words, e.g. "category is Iran and language is en"
	Failed string   `json:"failed"` // the condition that does not hold; the whole rule if it is the only one
	Had    string   `json:"had"`    // what the entry has instead, quoted and fit for a terminal
}

// String writes a verdict for a terminal, a line for each reason.
func (v Verdict) String() string {
	var b strings.Builder
	b.WriteString(v.Section)
	if v.In {
		b.WriteString(": in\n")
	} else {
		b.WriteString(": out\n")
	}
	if v.Why != "" {
		b.WriteString("  " + v.Why + "\n")
	}
	for _, m := range v.Misses {
		b.WriteString("  " + m.String() + "\n")
	}
	return b.String()
}

// String writes a miss in one line.
func (m Miss) String() string {
	if m.Failed == m.Rule {
		return at(m.Pos, m.Rule+": no, "+m.Had)
	}
	return at(m.Pos, m.Rule+": no, "+m.Had+" (not "+m.Failed+")")
}

// Explain gives a verdict for every section, in the order of the configuration.
// It agrees with Route: the entry is in the sections that Route names, for the
// same reasons.
func (r *Router) Explain(e *feed.Entry) []Verdict {
	verdicts := make([]Verdict, len(r.sections))
	decisions := r.decide(e)
	for i := range r.sections {
		s := &r.sections[i]
		verdicts[i].Section = s.Name
		switch {
		case decisions == nil:
			verdicts[i].Misses = []Miss{{Pos: s.Pos, Rule: "its source is configured",
				Failed: "its source is configured", Had: "there is no source " + quote(e.Source)}}
		case decisions[i].entered == nil:
			verdicts[i].Misses = s.misses(decisions[i].article)
		default:
			verdicts[i].In = decisions[i].in
			verdicts[i].Why = decisions[i].why()
		}
	}
	return verdicts
}

// misses says why no way into the section is open to the entry.
func (s *section) misses(a *article) []Miss {
	var misses []Miss
	miss := func(pos feed.Pos, rule, failed, had string) {
		misses = append(misses, Miss{Pos: pos, Rule: rule, Failed: failed, Had: had})
	}
	its := "it has no source"
	if a.entry.Source != "" {
		its = "its source is " + quote(a.entry.Source)
	}
	if len(s.Sources) > 0 {
		asked := "source is " + selectors(s.Sources)
		miss(s.Sources[0].Pos, asked, asked, its)
	}
	if !s.looksAt(a) {
		asked := "from " + selectors(s.From)
		miss(s.From[0].Pos, asked, asked, its)
		return misses
	}
	for _, r := range s.match {
		failing := r.failing(a)
		miss(r.Pos, r.asked(), failing.asked(), failing.had(a))
	}
	if s.Rest {
		asked := "no other section took it"
		miss(s.Pos, asked, asked, "another section took it")
	}
	if len(misses) == 0 {
		asked := "a source names the section"
		miss(s.Pos, asked, asked, its)
	}
	return misses
}

func selectors(list []Selector) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = s.Text
	}
	return alternatives(texts)
}
