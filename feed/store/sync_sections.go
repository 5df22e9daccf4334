package store

import (
	"encoding/json"
	"math"
	"time"

	"broadsheet/feed"
)

// wholeLimit is how many entries the whole paper shows: about what a day of a
// paper of many sources brings, and small enough for every reader.
const wholeLimit = 100

// wholeSize is how large each of its feeds may be: what JSON-2 calls fine.
const wholeSize = 250_000

// noHorizon lets no entry age out.
const noHorizon = math.MinInt64

// sectionRow is what the configuration says of a section.
type sectionRow struct {
	name, first        string
	ord                int
	active             bool
	title, about, logo string
	limit              int
	maxAge             int64 // microseconds
	least              int
	stories            feed.Stories
	parent             string
	perSource, share   int
	size               int64
	titles             string // of entries in feeds
	terms              feed.Terms
	show               string // feed.Show in JSON; empty for a section that is no podcast
	private            string // the word that its address is made from; empty for a public section
}

// number is how many entries of one source it shows; 0 is any.
func (r sectionRow) number() int {
	return feed.Section{Limit: r.limit, MaxPerSource: r.perSource, MaxShare: r.share}.Share()
}

func (y *syncing) sections() error {
	old := map[int64]sectionRow{}
	byName, firsts := map[string]int64{}, map[string]bool{}
	if err := y.tx.each(`SELECT section, name, first_name, ord, active, title, description,
		image, max_entries, max_age, min_entries, stories, parent, max_per_source, max_share, max_size,
		item_title, terms, show, private FROM sections`, nil, func(s scan) error {
		var id int64
		var r sectionRow
		err := s(&id, &r.name, &r.first, &r.ord, &r.active, &r.title, &r.about, &r.logo,
			&r.limit, &r.maxAge, &r.least, &r.stories, &r.parent, &r.perSource, &r.share, &r.size,
			&r.titles, &r.terms, &r.show, &r.private)
		old[id], byName[r.name], firsts[r.first] = r, id, true
		return err
	}); err != nil {
		return err
	}
	// The whole paper is the last of them, as it is the last to be made anew.
	planned := append(append([]feed.Section(nil), y.plan.Sections...),
		feed.Section{Name: feed.WholePaper, Title: y.plan.Site.Title, Limit: wholeLimit, MaxSize: wholeSize})
	wanted := make([]named, len(planned))
	for i, p := range planned {
		wanted[i] = named{p.Name, p.RenamedFrom}
	}
	rows := adopt(wanted, byName)
	next := map[int64]sectionRow{}
	for i, id := range rows {
		if id != 0 {
			next[id] = plannedSection(planned[i], i, old[id].first)
		}
	}
	if err := y.dropSections(old, next); err != nil {
		return err
	}
	if err := y.keepSections(old, next); err != nil {
		return err
	}
	for i, id := range rows {
		if id == 0 {
			first := firstName(planned[i].Name, firsts)
			if err := y.addSection(plannedSection(planned[i], i, first)); err != nil {
				return err
			}
		}
	}
	return nil
}

func plannedSection(p feed.Section, ord int, first string) sectionRow {
	return sectionRow{name: p.Name, first: first, ord: ord, active: true, title: p.Title,
		about: p.Description, logo: p.Image, limit: p.Limit, maxAge: p.MaxAge.Microseconds(),
		least: p.Min, stories: p.Stories, parent: p.Parent, perSource: p.MaxPerSource, share: p.MaxShare,
		size: p.MaxSize, titles: p.ItemTitle, terms: p.Terms, show: packShow(p.Show), private: p.Private}
}

// packShow is a podcast as it is stored; empty if it is none.
func packShow(s feed.Show) string {
	if s == (feed.Show{}) {
		return ""
	}
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a plain struct has a JSON form
	}
	return string(b)
}

// unpackShow is what packShow stored.
func unpackShow(text string) (s feed.Show, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &s)
	}
	return s, err
}

// dropSections takes members and documents from sections that are not in next.
func (y *syncing) dropSections(old, next map[int64]sectionRow) error {
	for id, r := range old {
		if _, stays := next[id]; stays || !r.active {
			continue
		}
		if _, err := y.tx.exec(`UPDATE sections SET active = ? WHERE section = ?`,
			false, id); err != nil {
			return err
		}
		if err := y.retell(true, `entry IN (SELECT m.entry FROM members m WHERE m.section = ?)`, id); err != nil {
			return err
		}
		if _, err := y.tx.exec(`DELETE FROM members WHERE section = ?`, id); err != nil {
			return err
		}
		if _, err := y.tx.exec(`DELETE FROM documents WHERE section = ?`, id); err != nil {
			return err
		}
		if _, err := y.tx.exec(`UPDATE site SET serial = serial + 1`); err != nil {
			return err
		}
		y.lapsed, y.front = true, true
	}
	return nil
}

// keepSections brings the rows of known sections up to date.
func (y *syncing) keepSections(old, next map[int64]sectionRow) error {
	names := map[int64]string{}
	for id, r := range next {
		if r.name != old[id].name {
			names[id] = r.name
		}
	}
	if err := y.rename("sections", "section", names); err != nil {
		return err
	}
	if err := y.former(old, names); err != nil {
		return err
	}
	for id, r := range next {
		was := old[id]
		if r == was {
			continue
		}
		if _, err := y.tx.exec(`UPDATE sections SET ord = ?, active = ?, title = ?,
			description = ?, image = ?, max_entries = ?, max_age = ?, min_entries = ?,
			stories = ?, horizon = ?, parent = ?, max_per_source = ?, max_share = ?, max_size = ?,
			item_title = ?, terms = ?, show = ?, private = ? WHERE section = ?`, r.ord, r.active, r.title, r.about, r.logo,
			r.limit, r.maxAge, r.least, r.stories, horizon(y.now, r.maxAge), r.parent, r.perSource, r.share, r.size,
			r.titles, r.terms, r.show, r.private, id); err != nil {
			return err
		}
		if r.number() != was.number() {
			y.divide[id] = r.number()
		}
		if r.private != was.private {
			if err := y.moveSection(id, r.private != ""); err != nil {
				return err
			}
		}
		if was.terms.Looser(r.terms) {
			if err := y.tightenSection(id); err != nil {
				return err
			}
		}
		if r.stories != was.stories {
			if err := y.retell(false, `entry IN (SELECT m.entry FROM members m WHERE m.section = ?)`, id); err != nil {
				return err
			}
		}
		if r.ord = was.ord; r != was {
			y.dirty[id] = true
		}
	}
	return nil
}

func (y *syncing) addSection(r sectionRow) error {
	second := micros(y.now.Truncate(time.Second))
	_, err := y.tx.exec(`INSERT INTO sections (name, first_name, ord, active, title, description,
		image, max_entries, max_age, min_entries, stories, created, modified, version, published, horizon,
		parent, max_per_source, max_share, max_size, item_title, terms, show, private)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.name, r.first, r.ord, r.active,
		r.title, r.about, r.logo, r.limit, r.maxAge, r.least, r.stories, second, second,
		horizon(y.now, r.maxAge), r.parent, r.perSource, r.share, r.size, r.titles, r.terms, r.show, r.private)
	return err
}

// rename gives rows other names, which may be each other's old ones.
func (y *syncing) rename(table, key string, names map[int64]string) error {
	for id := range names {
		if _, err := y.tx.exec(`UPDATE `+table+` SET name = '~' || `+key+` WHERE `+key+` = ?`,
			id); err != nil {
			return err
		}
	}
	for id, name := range names {
		if _, err := y.tx.exec(`UPDATE `+table+` SET name = ? WHERE `+key+` = ?`,
			name, id); err != nil {
			return err
		}
	}
	return nil
}

// horizon is the time from before which entries age out; maxAge is in
// microseconds, 0 for never.
func horizon(now time.Time, maxAge int64) int64 {
	if maxAge == 0 {
		return noHorizon
	}
	return micros(now) - maxAge
}
