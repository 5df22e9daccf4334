package config

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"broadsheet/feed"
	"broadsheet/feed/route"
)

// reserved are names that a section may not have: they stand for something else
// in the paths of a site, or on web servers that a static one is put on.
var reserved = []string{
	"admin", "atom", "favicon", "feed", "index", "livez", "metrics", "opml", "readyz",
	"robots", "rss",
	"sitemap", "sources", "status",
}

// nameSections registers all names, so that sources may name them.
func (b *builder) nameSections() {
	for i := range b.file.Sections.Items {
		s := &b.file.Sections.Items[i]
		inherit(&s.sectionDefaults, &b.file.Defaults.Section)
		b.shapes.fillValue(s)
		name := string(s.Name.V)
		if slices.Contains(reserved, name) {
			b.found.refuse(s.Name.Pos, "sections.name",
				"%s is reserved; choose another name, readers see title", quote(name))
		}
		b.register(b.sections, "sections.name", name, s.Name.Pos)
	}
	if len(b.file.Sections.Items) == 0 && !b.file.Sections.Unsure && b.complete {
		b.found.refuse(b.file.placed.Pos, "sections",
			`there is no section; add one, for example {name: all, sources: "*"}`)
	}
}

// sectionsOf makes the sections and what fills them.
func (b *builder) sectionsOf() ([]feed.Section, []route.SectionSpec) {
	sections := make([]feed.Section, 0, len(b.file.Sections.Items))
	specs := make([]route.SectionSpec, 0, len(b.file.Sections.Items))
	for i := range b.file.Sections.Items {
		s := &b.file.Sections.Items[i]
		section := feed.Section{
			Name:        string(s.Name.V),
			RenamedFrom: string(s.RenamedFrom.V),
			Title:       cmp.Or(string(s.Title.V), titled(string(s.Name.V))),
			Description: string(s.Description.V),
			Limit:       int(s.Limit.V),
			MaxAge:      time.Duration(s.MaxAge.V),
			Min:         int(s.Min.V),
			Stories:     storiesOf(s.Stories.V),

			Parent:       string(s.Parent.V),
			Image:        string(s.Image.V),
			MaxPerSource: int(s.MaxPerSource.V),
			MaxShare:     int(s.MaxShare.V),
			MaxSize:      int64(s.MaxSize.V),
			ItemTitle:    string(s.ItemTitle.V),
			Terms:        feed.Terms(s.Terms.V),
			Show:         b.show(s),
			Private:      string(s.Private.V),
		}
		b.shares(s)
		b.renamed("sections", section.RenamedFrom, s.RenamedFrom.Pos, section.Name, b.sections)
		sections = append(sections, section)
		specs = append(specs, route.SectionSpec{
			Name:    section.Name,
			Pos:     s.Pos,
			Sources: b.selectors("sections.sources", s.Sources),
			From:    b.selectors("sections.from", s.From),
			Match:   b.rules("sections.match", s.Match),
			Exclude: b.rules("sections.exclude", s.Exclude),
			Rest:    bool(s.Rest.V),

			Parent: section.Parent, ParentPos: s.Parent.Pos,
		})
	}
	b.parents()
	return sections, specs
}

// storiesOf is what of one story a section shows once; on is what it is unless said.
func storiesOf(text line) feed.Stories {
	if text == "on" {
		return feed.StoriesOn
	}
	return feed.Stories(text)
}

// titled makes a title of a name: "middle-east" is "Middle East".
func titled(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words {
		if w != "" {
			r := []rune(w)
			r[0] = unicode.ToUpper(r[0])
			words[i] = string(r)
		}
	}
	return strings.Join(words, " ")
}

// maxPicks is how many sources all sections may name together.
const maxPicks = 1 << 17

// selectors hands over what picks sources; the router knows which there are.
func (b *builder) selectors(key string, l list[line]) []route.Selector {
	if b.picks += len(l.Items); b.picks > maxPicks {
		if b.picks-len(l.Items) <= maxPicks {
			b.found.refuse(l.Pos, key, "all sections together name more than %d sources; "+
				"give the sources a tag and name that", maxPicks)
		}
		return nil
	}
	var out []route.Selector
	for _, v := range l.Items {
		if !v.Unsure {
			out = append(out, route.Selector{Text: string(v.V), Pos: v.Pos})
		}
	}
	return out
}

// rules converts rules, leaving out those that are refused.
func (b *builder) rules(key string, m many[ruleBlock]) []route.Rule {
	var out []route.Rule
	for i := range m.Items {
		if r, ok := b.rule(key, &m.Items[i]); ok {
			out = append(out, r)
		}
	}
	return out
}

// rule converts one rule. ok is false if something is wrong with it.
func (b *builder) rule(key string, r *ruleBlock) (rule route.Rule, ok bool) {
	rule.Pos, ok = r.Pos, true
	if r.Pos.Line == 0 {
		return rule, false // no rule at all, which was told
	}
	add := func(cond route.Condition, sound bool) {
		rule.Conditions = append(rule.Conditions, cond)
		ok = ok && sound
	}
	for _, c := range r.valued() {
		if c.list.isSet() {
			add(b.condition(key+"."+c.field, c.field, c.list))
		}
	}
	if r.Longer.isSet() {
		add(route.Condition{Field: "longer", Number: int(r.Longer.V), Pos: r.Longer.Pos}, true)
	}
	if r.Shorter.isSet() {
		add(route.Condition{Field: "shorter", Number: int(r.Shorter.V), Pos: r.Shorter.Pos}, true)
	}
	if r.Not != nil {
		not, sound := b.rule(key+".not", r.Not)
		add(route.Condition{Field: "not", Not: &not, Pos: not.Pos}, sound)
	}
	if len(rule.Conditions) == 0 {
		if !r.Odd { // or it holds what is no condition, which was told
			b.found.refuse(r.Pos, key,
				"a rule without conditions would match everything; fill it in or take it out")
		}
		return rule, false
	}
	slices.SortStableFunc(rule.Conditions, func(x, y route.Condition) int {
		line, column := cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Column, y.Pos.Column)
		return cmp.Or(line, column)
	})
	return rule, ok
}

// valued are the conditions that compare something with values.
func (r *ruleBlock) valued() []valuedCondition {
	when := list[line]{Pos: r.When.Pos}
	if r.When.isSet() {
		when.Items = []value[line]{r.When}
	}
	return []valuedCondition{
		{"category", r.Category}, {"author", r.Author}, {"source", r.Source},
		{"language", r.Language}, {"tag", r.Tag}, {"title", r.Title}, {"words", r.Words},
		{"text", r.Text}, {"url", r.URL}, {"has", r.Has}, {"when", when},
	}
}

type valuedCondition struct {
	field string
	list  list[line]
}

// condition converts one with values. ok is false if none of them is left.
func (b *builder) condition(key, field string, l list[line]) (cond route.Condition, ok bool) {
	cond = route.Condition{Field: field, Pos: l.Pos}
	if len(l.Items) == 0 {
		b.found.refuse(l.Pos, key, "an empty condition would match everything; give it a "+
			"value or take it out")
		return cond, false
	}
	if field == "language" {
		for _, v := range l.Items {
			b.language(key, v)
		}
	}
	cond.Values = b.values(key, l.Items)
	if len(cond.Values) > 0 {
		return cond, true
	}
	if b.onlyEmptyLists(l.Items) {
		b.found.warn(l.Pos, key, "its lists are empty, so the condition never holds")
	}
	return cond, false
}

// onlyEmptyLists reports whether nothing but lists is named, which exist.
func (b *builder) onlyEmptyLists(items []value[line]) bool {
	return !slices.ContainsFunc(items, func(v value[line]) bool {
		name, isList := strings.CutPrefix(string(v.V), "list:")
		_, known := b.lists[name]
		return !isList || !known || !b.complete
	})
}

// language checks a value of the condition of that name, as far as it is YAML's
// doing.
func (b *builder) language(key string, v value[line]) {
	b.norwegian(key, &v)
	if t := string(v.V); v.good() && slices.Contains(yamlWords, strings.ToLower(t)) {
		var lang tongue
		b.found.refuse(v.Pos, key, "%s %s", quote(v.Raw), lang.read(t))
	}
}
