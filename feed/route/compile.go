package route

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"broadsheet/feed"
	"broadsheet/feed/lexis"
)

// Compile compiles the rules of a configuration once. It reports all problems
// at once, in the order of the spec; the router is nil if one of them is more
// than a warning. The router keeps the spec, which must not change afterwards.
func Compile(spec Spec) (*Router, []Problem) {
	c := &compiler{
		router: &Router{
			outlets:  make(map[string]*outlet, len(spec.Outlets)),
			sections: make([]section, 0, len(spec.Sections)),
		},
		spec: spec,
		tags: map[string]string{},
	}
	c.noteOutlets()
	for i := range spec.Sections {
		c.compileSection(&spec.Sections[i])
	}
	c.placeOutlets()
	c.linkParents()
	c.checkSections()
	for _, p := range c.problems {
		if !p.Warning {
			return nil, c.problems
		}
	}
	c.router.version = versionOf(spec)
	return c.router, c.problems
}

// compiler is the work of one Compile.
type compiler struct {
	router   *Router
	spec     Spec
	tags     map[string]string // as written, by folded form
	titles   map[string]bool   // names and titles of sources, folded; made when needed
	untitled bool              // a source shows the title of its feed, which nobody knows yet
	problems []Problem
}

func (c *compiler) problem(pos feed.Pos, key, format string, args ...any) {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	c.problems = append(c.problems, Problem{Pos: pos, Key: key, Text: format})
}

func (c *compiler) warning(pos feed.Pos, key, text string) {
	c.problems = append(c.problems, Problem{Pos: pos, Key: key, Text: text, Warning: true})
}

func (c *compiler) noteOutlets() {
	for i := range c.spec.Outlets {
		o := &outlet{Outlet: &c.spec.Outlets[i]}
		for _, t := range o.Tags {
			folded := lexis.Whole(t)
			o.tags = append(o.tags, folded)
			if c.tags[folded] == "" {
				c.tags[folded] = t
			}
		}
		c.router.outlets[o.Name] = o
	}
}

func (c *compiler) sourceNames() []string {
	names := make([]string, len(c.spec.Outlets))
	for i, o := range c.spec.Outlets {
		names[i] = o.Name
	}
	return names
}

func (c *compiler) tagNames() []string { return slices.Sorted(maps.Values(c.tags)) }

func (c *compiler) compileSection(s *SectionSpec) {
	c.router.sections = append(c.router.sections, section{
		SectionSpec: s,
		sources:     c.compilePicks("sources", s.Sources),
		from:        c.compilePicks("from", s.From),
		match:       c.compileRules("match", s.Match),
		exclude:     c.compileRules("exclude", s.Exclude),
	})
	if len(s.From) > 0 && len(s.Match) == 0 && !s.Rest {
		c.warning(s.Pos, "from", "from limits whose articles match looks at, and there is no match")
	}
}

// placeOutlets files the sources and feeds that name their sections.
func (c *compiler) placeOutlets() {
	byName := make(map[string]*section, len(c.router.sections))
	for i := range c.router.sections {
		byName[c.router.sections[i].Name] = &c.router.sections[i]
	}
	for i := range c.spec.Outlets {
		o := &c.spec.Outlets[i]
		for _, name := range o.Sections {
			c.place(byName, name, placement{pos: o.Pos, source: o.Name})
		}
		for _, f := range o.Feeds {
			for _, name := range f.Sections {
				c.place(byName, name, placement{
					pos: cmp.Or(f.Pos, o.Pos), source: o.Name, feed: f.URL,
				})
			}
		}
	}
}

func (c *compiler) place(byName map[string]*section, name string, p placement) {
	s := byName[name]
	if s == nil {
		known := slices.Collect(maps.Keys(byName))
		slices.Sort(known)
		c.problem(p.pos, "sections", "there is no section %s; %s", name, hint(name, known))
		return
	}
	if s.placed == nil {
		s.placed = map[string][]placement{}
	}
	s.placed[p.source] = append(s.placed[p.source], p)
}

// checkSections warns of sections that nothing can get into.
func (c *compiler) checkSections() {
	for _, s := range c.router.sections {
		if s.sources == nil && len(s.Match) == 0 && s.placed == nil && len(s.gathers) == 0 && !s.Rest {
			c.warning(s.Pos, "sections", "nothing gets into section "+s.Name+
				": give it sources, match or rest, or name it in a source or as a parent")
		}
	}
}

func (c *compiler) compileRules(key string, rules []Rule) []*compiledRule {
	compiled := make([]*compiledRule, 0, len(rules))
	for i := range rules {
		compiled = append(compiled, c.compileRule(key, &rules[i]))
	}
	return compiled
}

func (c *compiler) compileRule(key string, r *Rule) *compiledRule {
	compiled := &compiledRule{Rule: *r}
	if len(r.Conditions) == 0 {
		c.problem(r.Pos, key, "an empty rule would match everything; "+
			`give it a condition, or list the sources in "sources"`)
	}
	for i := range r.Conditions {
		cond := &r.Conditions[i]
		if cond.Pos == (feed.Pos{}) {
			cond.Pos = r.Pos
		}
		compiled.conditions = append(compiled.conditions, c.compileCondition(key, cond))
	}
	return compiled
}

// conditionKeys are all that a rule can ask for.
func conditionKeys() []string {
	keys := []string{"has", "longer", "shorter", "not", "when"}
	for _, f := range fields {
		keys = append(keys, f.key)
	}
	slices.Sort(keys)
	return keys
}

// compileCondition compiles a condition. What it gives for a wrong one is never
// used: there is a problem.
func (c *compiler) compileCondition(parent string, cond *Condition) condition {
	key := parent + "." + cond.Field
	if f, ok := fieldNamed(cond.Field); ok {
		return c.compileValues(key, f, cond)
	}
	switch cond.Field {
	case "has":
		return c.compileHas(key, cond)
	case "longer", "shorter":
		return c.compileLength(key, cond)
	case "not":
		rule := cond.Not
		if rule == nil {
			rule = &Rule{Pos: cond.Pos}
		}
		return &negation{c.compileRule(key, rule)}
	case "when":
		return c.compileWhen(key, cond)
	default:
		c.problem(cond.Pos, parent, "there is no condition %s; %s",
			cond.Field, hint(cond.Field, conditionKeys()))
		return nil
	}
}

func (c *compiler) compileHas(key string, cond *Condition) condition {
	has := &having{}
	for v := range c.values(key, cond) {
		medium := lexis.Whole(v.Text)
		if !slices.Contains(media, medium) {
			c.problem(v.Pos, key, "%s is nothing an article has; %s", v.Text, hint(v.Text, media))
		}
		has.media = append(has.media, medium)
	}
	return has
}

func (c *compiler) compileLength(key string, cond *Condition) condition {
	shorter := cond.Field == "shorter"
	switch {
	case cond.Number < 0:
		c.problem(cond.Pos, key, "%d is less than nothing; it is a number of characters",
			cond.Number)
	case shorter && cond.Number == 0:
		c.problem(cond.Pos, key, "no text is shorter than 0 characters")
	}
	return &length{shorter: shorter, limit: cond.Number}
}

func (c *compiler) compileWhen(key string, cond *Condition) condition {
	when := &expression{}
	for v := range c.values(key, cond) {
		program, err := compileWhen(v.Text)
		if err != nil {
			c.problem(v.Pos, key, "%s", err)
			continue
		}
		when.code = append(when.code, "`"+shown(v.Text)+"`")
		when.programs = append(when.programs, program)
	}
	return when
}
