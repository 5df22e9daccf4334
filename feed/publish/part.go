package publish

import (
	"fmt"

	"broadsheet/feed"
)

// One makes the document at path, one of a section's feeds, of a view that shows some of
// the section's entries. An entry at fault is left out, as in Render; if none is left, or
// the document fails its check all the same, that is an error.
func One(v feed.View, path string) (feed.Document, error) {
	v = sound(v)
	for _, p := range printers {
		if head(v).file(p.file) != path {
			continue
		}
		for range maxRounds {
			d, err := p.draw(v)
			if err != nil {
				return feed.Document{}, fmt.Errorf("%s: %w", path, err)
			}
			faults := inspect(d.path, d.mediaType, d.body)
			if len(faults) == 0 {
				return newMade(v, d), nil
			}
			guilty := culprits(v, faults)
			if len(guilty) == 0 || len(guilty) == len(v.Entries) {
				return feed.Document{}, fmt.Errorf("%w", faults[0])
			}
			v = without(v, faults)
		}
		return feed.Document{}, fmt.Errorf("%s: it fails its check again and again", path)
	}
	return feed.Document{}, fmt.Errorf("%s is no feed of section %q", path, v.Section.Name)
}
