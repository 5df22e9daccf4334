package syndication

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// extensions is what gofeed read of the other vocabularies in one place. Names
// are as written, prefixes are canonical.
type extensions ext.Extensions

// one is the text of the first element of that name that has any.
func (x extensions) one(space string, names ...string) string {
	for _, name := range names {
		for _, e := range x[space][name] {
			if e.Value != "" {
				return e.Value
			}
		}
	}
	return ""
}

// all are the texts of all elements of that name that have any.
func (x extensions) all(space, name string) []string {
	var out []string
	for _, e := range x[space][name] {
		if e.Value != "" {
			out = append(out, e.Value)
		}
	}
	return out
}

// attr is the first value of an attribute of the elements of that name.
func (x extensions) attr(space, name, attr string) string {
	for _, e := range x[space][name] {
		if v := attrOf(e, attr); v != "" {
			return v
		}
	}
	return ""
}

func attrOf(e ext.Extension, name string) string {
	return strings.TrimSpace(e.Attrs[name])
}

// within is the text of an element's first child of that name.
func within(e ext.Extension, name string) string {
	for _, c := range e.Children[name] {
		if c.Value != "" {
			return c.Value
		}
	}
	return ""
}
