package store

import (
	"broadsheet/feed"
)

// sourceRow is what the configuration says of a source.
type sourceRow struct {
	name, first                   string
	ord                           int
	active, paused                bool
	title, link, image, lang, how string
	full                          string // feed.FullText
	rank                          int
	terms                         feed.Terms
	noindex                       bool
}

func (y *syncing) sources() error {
	old := map[int64]sourceRow{}
	byName, firsts := map[string]int64{}, map[string]bool{}
	y.stopped = map[int64]bool{}
	if err := y.tx.each(`SELECT source, name, first_name, ord, active, paused, stopped, title, link,
		image, language, recipe, full_text, rank, terms, noindex FROM sources`, nil, func(s scan) error {
		var id int64
		var r sourceRow
		var stopped bool
		err := s(&id, &r.name, &r.first, &r.ord, &r.active, &r.paused, &stopped, &r.title, &r.link,
			&r.image, &r.lang, &r.how, &r.full, &r.rank, &r.terms, &r.noindex)
		y.stopped[id] = stopped
		old[id], byName[r.name], firsts[r.first] = r, id, true
		return err
	}); err != nil {
		return err
	}
	wanted := make([]named, len(y.plan.Outlets))
	for i, o := range y.plan.Outlets {
		wanted[i] = named{o.Name, o.RenamedFrom}
	}
	rows := adopt(wanted, byName)
	next := map[int64]sourceRow{}
	for i, id := range rows {
		if id != 0 {
			next[id] = plannedSource(y.plan.Outlets[i], i, old[id].first)
		}
	}
	if err := y.dropSources(old, next); err != nil {
		return err
	}
	if err := y.keepSources(old, next); err != nil {
		return err
	}
	y.rows = map[string]int64{}
	for i, o := range y.plan.Outlets {
		if rows[i] == 0 {
			var err error
			first := firstName(o.Name, firsts)
			if rows[i], err = y.addSource(plannedSource(o, i, first)); err != nil {
				return err
			}
		}
		y.rows[o.Name] = rows[i]
	}
	return nil
}

func plannedSource(o feed.PlannedOutlet, ord int, first string) sourceRow {
	return sourceRow{name: o.Name, first: first, ord: ord, active: true, paused: o.Paused,
		title: o.Title, link: o.Link, image: o.Image, lang: o.Language, how: o.Recipe, full: string(o.FullText), rank: o.Rank,
		terms: o.Terms, noindex: o.NoIndex}
}

// dropSources takes the entries of sources that are not in next from their
// sections. Their stamp says that nothing placed them, so that they are placed
// anew when the source is put back.
func (y *syncing) dropSources(old, next map[int64]sourceRow) error {
	for id, r := range old {
		if _, stays := next[id]; stays || !r.active {
			continue
		}
		if err := y.touch(id); err != nil {
			return err
		}
		if _, err := y.tx.exec(`UPDATE sources SET active = ? WHERE source = ?`,
			false, id); err != nil {
			return err
		}
		if err := y.retell(true, `entry IN (`+entriesOf+`)`, id); err != nil {
			return err
		}
		if _, err := y.tx.exec(`DELETE FROM members WHERE entry IN (`+entriesOf+`)`, id); err != nil {
			return err
		}
		stamp, err := y.tx.stamp(id, "", "")
		if err != nil {
			return err
		}
		if _, err := y.tx.exec(`UPDATE entries SET stamp = ?, revision = revision + 1
			WHERE entry IN (`+entriesOf+`)`, stamp, id); err != nil {
			return err
		}
		if err := y.tx.forgetWaiting(id); err != nil {
			return err
		}
		if err := y.tx.reask(y.now, `source = ?`, id); err != nil {
			return err
		}
		y.queue, y.front = true, true
	}
	return nil
}

// entriesOf selects the entries of a source that have their bodies.
const entriesOf = `SELECT e.entry FROM entries e WHERE e.stamp IN
	(SELECT t.stamp FROM stamps t WHERE t.source = ?)`

// touch marks the sections that have entries of a source.
func (y *syncing) touch(source int64) error {
	return y.tx.each(`SELECT DISTINCT section FROM members WHERE entry IN (`+entriesOf+`)`,
		list(source), func(s scan) error {
			var section int64
			err := s(&section)
			y.dirty[section] = true
			return err
		})
}

// keepSources brings the rows of known sources up to date. What an entry shows of
// its source comes with the recipe; only the name and the terms are read when it is
// published, so that another one makes new documents at once.
func (y *syncing) keepSources(old, next map[int64]sourceRow) error {
	names := map[int64]string{}
	for id, r := range next {
		if r.name == old[id].name {
			continue
		}
		names[id] = r.name
		if err := y.touch(id); err != nil {
			return err
		}
	}
	if err := y.rename("sources", "source", names); err != nil {
		return err
	}
	for id, r := range next {
		if r == old[id] {
			continue
		}
		y.queue = true
		if r.rank != old[id].rank {
			if err := y.retell(true, `entry IN (`+entriesOf+`)`, id); err != nil {
				return err
			}
		}
		if r.terms != old[id].terms || r.noindex != old[id].noindex {
			if err := y.touch(id); err != nil {
				return err
			}
		}
		if old[id].terms.Looser(r.terms) {
			if err := y.tighten(id); err != nil {
				return err
			}
		}
		if _, err := y.tx.exec(`UPDATE sources SET ord = ?, active = ?, paused = ?, title = ?,
			link = ?, image = ?, language = ?, recipe = ?, full_text = ?, rank = ?, terms = ?, noindex = ?
			WHERE source = ?`, r.ord, r.active, r.paused, r.title, r.link, r.image, r.lang, r.how, r.full, r.rank,
			r.terms, r.noindex, id); err != nil {
			return err
		}
		if was := old[id]; was.active == r.active && was.paused == r.paused && was.full == r.full {
			continue
		}
		if err := y.tx.reask(y.now, `source = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

func (y *syncing) addSource(r sourceRow) (id int64, err error) {
	_, err = y.tx.one(`INSERT INTO sources (name, first_name, ord, active, paused, title, link,
		image, language, recipe, full_text, rank, terms, noindex)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING source`,
		list(r.name, r.first, r.ord, r.active, r.paused, r.title, r.link, r.image, r.lang, r.how, r.full, r.rank,
			r.terms, r.noindex),
		&id)
	return id, err
}
