package store

import (
	"context"
	"slices"
)

// former remembers the names that sections had until now; names are the new ones.
func (y *syncing) former(old map[int64]sectionRow, names map[int64]string) error {
	for id := range names {
		if _, err := y.tx.exec(`INSERT INTO section_names (name, section) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET section = excluded.section`, old[id].name, id); err != nil {
			return err
		}
	}
	return nil
}

// FormerNames tells what became of sections: the present names of those that were
// renamed, by each earlier one, and the names, sorted, of those that are configured no
// more. A name that a section has now is in neither, nor is one of a private section.
func (s *Store) FormerNames(ctx context.Context) (renamed map[string]string, retired []string, err error) {
	err = s.read(ctx, "reading earlier names of sections", func(t *tx) error {
		renamed, retired = map[string]string{}, nil
		return t.each(`WITH former AS (SELECT name, section FROM section_names
				UNION SELECT name, section FROM sections WHERE NOT active)
			SELECT f.name, c.name, c.active FROM former f JOIN sections c ON c.section = f.section
			WHERE c.private = '' AND f.name NOT IN (SELECT name FROM sections WHERE active)`, nil, func(scan scan) error {
			var was, now string
			var active bool
			err := scan(&was, &now, &active)
			if active {
				renamed[was] = now
			} else {
				retired = append(retired, was)
			}
			return err
		})
	})
	slices.Sort(retired)
	return renamed, slices.Compact(retired), err
}
