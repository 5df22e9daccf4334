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
	Failed string   `json:"failed"` // the first condition of it that does not hold
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
	return at(m.Pos, "asks that "+m.Failed+", but "+m.Had)
}

// Explain gives a verdict for every section, in the order of the configuration.
// It agrees with Route: the entry is in the sections that Route names, for the
// same reasons.
func (r *Router) Explain(e *feed.Entry) []Verdict {
	verdicts := make([]Verdict, len(r.sections))
	decisions := r.decide(e)
	for i := range r.sections {
		v, s := &verdicts[i], &r.sections[i]
		v.Section = s.Name
		switch {
		case decisions == nil:
			v.miss(feed.Pos{}, "its source is configured", "there is no source "+quote(e.Source))
		case decisions[i].blocked:
			v.Why = decisions[i].why()
		case decisions[i].entered == nil:
			v.missAll(s, decisions[i].article, decisions)
		default:
			v.In, v.Why = decisions[i].in, decisions[i].why()
		}
	}
	return verdicts
}

func (v *Verdict) miss(pos feed.Pos, asked, had string) {
	v.Misses = append(v.Misses, Miss{Pos: pos, Rule: asked, Failed: asked, Had: had})
}

// missAll notes why no way into the section is open to the entry.
func (v *Verdict) missAll(s *section, a *article, decisions []decision) {
	origin := "it is from no source"
	if a.entry.Source != "" {
		origin = "it is from " + a.entry.Source
	}
	if len(s.Sources) > 0 {
		v.miss(s.Sources[0].Pos, "it is from "+selectors(s.Sources), origin)
	}
	if len(s.placed) > 0 {
		v.miss(s.Pos, "its source or feed names this section", "neither does")
	}
	if len(s.gathers) > 0 {
		var names []string
		for _, i := range s.gathers {
			names = append(names, quote(decisions[i].section.Name))
		}
		v.miss(s.Pos, "it is in section "+alternatives(names), "it is in none")
	}
	switch {
	case !s.looksAt(a):
		v.miss(s.From[0].Pos, "it is from "+selectors(s.From), origin)
		return
	case s.Rest:
		v.miss(s.Pos, "no other section takes it", "section "+taker(decisions)+" does")
	}
	for _, r := range s.match {
		failing := r.failing(a)
		v.Misses = append(v.Misses, Miss{Pos: r.Pos, Rule: r.asked(),
			Failed: failing.asked(), Had: failing.had(a)})
	}
	if len(v.Misses) == 0 {
		v.miss(s.Pos, "a source names this section", "none does")
	}
}

// taker is the first section that keeps an entry out of rest.
func taker(decisions []decision) string {
	for _, d := range decisions {
		if d.in && !d.section.Rest && d.entered.child == nil {
			return d.section.Name
		}
	}
	return ""
}

// selectors says in words what a list takes.
func selectors(list []Selector) string {
	var taken, away []string
	for _, s := range list {
		if name, but := strings.CutPrefix(s.Text, butPrefix); but {
			away = append(away, name)
		} else {
			taken = append(taken, s.Text)
		}
	}
	text := strings.ReplaceAll(alternatives(taken), everySource, "any source")
	if len(taken) == 0 {
		text = "any source"
	}
	if len(away) > 0 {
		text += " except " + alternatives(away)
	}
	return text
}
