package normalise

import (
	"fmt"
	"strings"
	"time"

	"broadsheet/feed"
)

// Change is what a step made of one part of an item.
type Change struct {
	Step   string `json:"step"`   // one of Steps
	Part   string `json:"part"`   // of the entry: "title", "content"
	Before string `json:"before"` // as the source said it, or an earlier step left it; empty if nothing was there
	After  string `json:"after"`  // empty if nothing is left
}

// Explain is Make, and tells what each step changed, in the order of the work. A list
// is told with one member a line. It makes the same entry, and takes longer.
func Explain(in Input) (Result, []Change, error) {
	var changes []Change
	state := make([]string, len(parts))
	done := make([]bool, len(parts))
	result, err := work(in, func(step string, d *draft) {
		for i, p := range parts {
			done[i] = done[i] || p.step == step
			now := ""
			if done[i] {
				now = p.made(d.entry)
			} else {
				now = p.said(d.item)
			}
			if step != "" && now != state[i] {
				changes = append(changes, Change{Step: step, Part: p.name, Before: state[i], After: now})
			}
			state[i] = now
		}
	})
	return result, changes, err
}

// aspect is a part of an entry, with the step that makes it of what an item says.
type aspect struct {
	name, step string
	said       func(feed.Item) string
	made       func(feed.Entry) string
}

// parts are the parts of an entry, in the order in which a person asks for them.
var parts = []aspect{
	{"link", stepLinks, saidLink, func(e feed.Entry) string { return e.Link }},
	{"links", stepLinks, saidLinks, func(e feed.Entry) string { return lines(e.Links, linkLine) }},
	{"comments", stepLinks, func(it feed.Item) string { return it.Comments }, func(e feed.Entry) string { return e.Comments }},
	{"image", stepLinks, func(it feed.Item) string { return it.Image }, func(e feed.Entry) string { return e.Image }},
	{"published", stepDates, func(it feed.Item) string { return it.Published }, madePublished},
	{"updated", stepDates, func(it feed.Item) string { return it.Updated }, madeUpdated},
	{"content", stepSanitise, func(it feed.Item) string { return string(it.Content.Value) }, func(e feed.Entry) string { return string(e.Content) }},
	{"summary", stepSanitise, func(it feed.Item) string { return string(it.Summary.Value) }, func(e feed.Entry) string { return e.Summary }},
	{"title", stepTitle, func(it feed.Item) string { return string(it.Title.Value) }, func(e feed.Entry) string { return e.Title }},
	{"authors", stepAuthors, func(it feed.Item) string { return lines(it.Authors, personLine) }, func(e feed.Entry) string { return lines(e.Authors, personLine) }},
	{"contributors", stepAuthors, func(it feed.Item) string { return lines(it.Contributors, personLine) }, func(e feed.Entry) string { return lines(e.Contributors, personLine) }},
	{"categories", stepCategories, func(it feed.Item) string { return lines(it.Categories, categoryLine) }, func(e feed.Entry) string { return lines(e.Categories, categoryLine) }},
	{"language", stepLanguage, func(it feed.Item) string { return it.Language }, func(e feed.Entry) string { return e.Language }},
	{"enclosures", stepEnclosures, func(it feed.Item) string { return lines(it.Enclosures, mediaLine) }, func(e feed.Entry) string { return lines(e.Enclosures, mediaLine) }},
	{"rights", stepRights, func(it feed.Item) string { return string(it.Rights.Value) }, func(e feed.Entry) string { return e.Rights }},
	{"origin", stepOrigin, saidOrigin, func(e feed.Entry) string { return string(e.Origin.Title.Value) }},
}

// lines is a list with one member a line.
func lines[T any](list []T, line func(T) string) string {
	out := make([]string, len(list))
	for i, member := range list {
		out[i] = line(member)
	}
	return strings.Join(out, "\n")
}

// joined is words that are there, in one line.
func joined(words ...string) string {
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

func personLine(p feed.Person) string {
	if p.Email != "" {
		return joined(p.Name, "<"+p.Email+">", p.URL)
	}
	return joined(p.Name, p.URL)
}

func categoryLine(c feed.Category) string {
	if c.Scheme != "" {
		return joined(c.Term, c.Label, "("+c.Scheme+")")
	}
	return joined(c.Term, c.Label)
}

func mediaLine(e feed.Enclosure) string {
	if e.Length > 0 {
		return joined(e.URL, e.Type, fmt.Sprint(e.Length, " bytes"))
	}
	return joined(e.URL, e.Type)
}

func linkLine(l feed.Link) string { return joined(l.Rel, l.Href, l.Type) }

// saidLink is the first address that an item gives for its page.
func saidLink(it feed.Item) string {
	for _, l := range it.Links {
		if isAlternate(l.Rel) && l.Href != "" {
			return l.Href
		}
	}
	if it.Permalink {
		return it.ID
	}
	return ""
}

// saidLinks are the other links of an item that readers can use.
func saidLinks(it feed.Item) string {
	var out []feed.Link
	own := saidLink(it)
	for _, l := range it.Links {
		rel := strings.ToLower(strings.TrimPrefix(l.Rel, relationRegistry))
		if (rel == "" || keptRelations[rel]) && l.Href != own {
			out = append(out, l)
		}
	}
	return lines(out, linkLine)
}

func saidOrigin(it feed.Item) string {
	if it.Origin != nil {
		return string(it.Origin.Title.Value)
	}
	return string(it.Channel.Title.Value)
}

func madePublished(e feed.Entry) string {
	if e.Undated {
		return e.Published.Format(time.RFC3339) + ", when it was first seen"
	}
	return e.Published.Format(time.RFC3339)
}

func madeUpdated(e feed.Entry) string {
	if e.Updated.Equal(e.Published) {
		return ""
	}
	return e.Updated.Format(time.RFC3339)
}
