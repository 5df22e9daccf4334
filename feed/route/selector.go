package route

import (
	"slices"
	"strings"

	"broadsheet/feed"
	"broadsheet/feed/lexis"
)

// picks is a compiled list of selectors: which outlets it takes. What is taken
// away stays away, in whatever order the list says it.
type picks struct {
	all     *Selector            // "*", or that the list only takes away
	names   map[string]*Selector // by name of an outlet
	tags    map[string]*Selector // by folded tag
	without map[string]bool      // names taken away
	lacking map[string]bool      // folded tags taken away
}

// pick gives the selector that takes an outlet, which is nil if the entry has
// no source; ok is false if none does.
func (p *picks) pick(o *outlet) (s *Selector, ok bool) {
	if o == nil {
		return p.all, p.all != nil
	}
	if p.without[o.Name] || slices.ContainsFunc(o.tags, func(t string) bool { return p.lacking[t] }) {
		return nil, false
	}
	if s, ok := p.names[o.Name]; ok {
		return s, true
	}
	for _, t := range o.tags {
		if s, ok := p.tags[t]; ok {
			return s, true
		}
	}
	return p.all, p.all != nil
}

// outlet is an outlet as the router knows it.
type outlet struct {
	*feed.Outlet
	tags []string // folded
}

const (
	everySource = "*"
	tagPrefix   = "tag:"
	butPrefix   = "!"
)

// compilePicks compiles a list of selectors; nil if it is empty.
func (c *compiler) compilePicks(key string, list []Selector) *picks {
	if len(list) == 0 {
		return nil
	}
	p := &picks{
		names: map[string]*Selector{}, tags: map[string]*Selector{},
		without: map[string]bool{}, lacking: map[string]bool{},
	}
	takes := false
	for i := range list {
		s := &list[i]
		name, but := strings.CutPrefix(strings.TrimSpace(s.Text), butPrefix)
		takes = takes || !but
		tag, isTag := strings.CutPrefix(name, tagPrefix)
		switch {
		case name == "":
			c.problem(s.Pos, key, `a source is named, or "*" for all, "tag:NAME", "!NAME"`)
		case name == everySource && but:
			c.problem(s.Pos, key, `"!*" would take every source away; leave it out`)
		case name == everySource:
			p.all = s
		case isTag:
			c.needTag(s.Pos, key, tag)
			p.note(p.tags, p.lacking, lexis.Whole(tag), but, s)
		default:
			c.needSource(s.Pos, key, name)
			p.note(p.names, p.without, name, but, s)
		}
	}
	if !takes {
		p.all = &list[0]
	}
	return p
}

// note records what a selector takes or takes away.
func (*picks) note(taken map[string]*Selector, away map[string]bool, name string, but bool, s *Selector) {
	if but {
		away[name] = true
		return
	}
	if _, ok := taken[name]; !ok {
		taken[name] = s
	}
}

func (c *compiler) needSource(pos feed.Pos, key, name string) {
	if c.router.outlets[name] != nil {
		return
	}
	text := "there is no source " + name
	if c.tags[lexis.Whole(name)] != "" {
		c.problem(pos, key, text+", but a tag: write tag:"+name)
		return
	}
	c.problem(pos, key, text+"; "+hint(name, c.sourceNames()))
}

func (c *compiler) needTag(pos feed.Pos, key, tag string) {
	if c.tags[lexis.Whole(tag)] == "" {
		c.problem(pos, key, "no source has the tag "+tag+"; "+hint(tag, c.tagNames()))
	}
}
