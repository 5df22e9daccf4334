package normalise

import (
	"strings"

	"broadsheet/feed"
)

const (
	maxCategories = 100
	maxCategory   = 200 // characters
)

// categories fills in Categories: those of all sightings and of the article's page,
// then those that the operator gives the outlet and the feeds that listed the
// item.
func categories(d *draft) {
	list := categoryList{seen: map[string]bool{}}
	configured, all := d.vocabulary()
	for _, found := range d.categoryLists() {
		for _, c := range found {
			parts := apartLabels(label(c.Name()), len(found) == 1, configured, all)
			if len(parts) < 2 || c.Label != "" && c.Label != c.Term {
				list.add(c)
				continue
			}
			d.note(stepCategories, "the category %q was taken apart: %q", label(c.Name()), parts)
			for _, part := range parts {
				list.add(feed.Category{Term: part, Scheme: c.Scheme})
			}
		}
	}
	for _, name := range d.in.Outlet.Categories {
		list.add(feed.Category{Term: name})
	}
	for _, s := range d.in.Sightings {
		for _, f := range d.in.Outlet.Feeds {
			if f.URL != s.Feed {
				continue
			}
			for _, name := range f.Categories {
				list.add(feed.Category{Term: name})
			}
		}
	}
	d.entry.Categories = list.all
}

// categoryList holds categories without repeats, blind to case.
type categoryList struct {
	all  []feed.Category
	seen map[string]bool
}

func (l *categoryList) add(c feed.Category) {
	c = feed.Category{Term: label(c.Term), Scheme: scheme(c.Scheme), Label: label(c.Label)}
	if c.Term == "" {
		c.Term, c.Label = c.Label, ""
	}
	if c.Label == c.Term {
		c.Label = ""
	}
	key := fold(c.Name())
	if key == "" || l.seen[key] || len(l.all) == maxCategories || len(c.Scheme) > maxURL {
		return
	}
	l.seen[key] = true
	l.all = append(l.all, c)
}

// scheme names a list of subjects: by an address of the web, by a name that leads
// nowhere, or in words. What could be followed to anywhere else is left out, because
// clients make links of it (RFC 4287 §4.2.2.2, T-14).
func scheme(s string) string {
	s = oneLine(cleanText(s))
	if strings.ContainsAny(s, "<>\"`\\") {
		return ""
	}
	forbidden := map[string]string{"": ":", "http": " ", "https": " ", "urn": " ", "tag": " "}
	kind, _ := splitScheme(s)
	if sign, known := forbidden[kind]; !known || strings.Contains(s, sign) {
		return ""
	}
	return s
}

func label(s string) string {
	s = plainLine(feed.Text{Value: feed.RawHTML(head(s, maxCategory*8))})
	return shorten(strings.Trim(s, " ,;"), maxCategory)
}
