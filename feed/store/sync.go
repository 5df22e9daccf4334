package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/story"
)

// Sync writes the configuration, in one transaction, and returns the site with
// the id that is in force. The same plan again writes nothing.
//
// Sources and sections are found again by name, or by the name they had before;
// feeds by source and url. Feeds of a source whose url is not in the plan any more
// are matched in order with those whose url is new: a moved url keeps its row but
// loses its memo, is due at once, and its next poll counts as a first one, so
// that articles which cannot be recognised stand at their own dates. A source that
// is taken out leaves its sections at once; its rows stay, and its entries are
// routed again when it is put back.
//
// A changed cadence moves the next poll to cadenceRest after the last one, at the
// earliest now, unless it was due before that anyway.
func (s *Store) Sync(ctx context.Context, now time.Time, plan feed.Plan) (feed.Site, error) {
	var site feed.Site
	err := s.write(ctx, "writing the configuration", func(t *tx) error {
		y := &syncing{tx: t, now: now, plan: plan, dirty: map[int64]bool{}, divide: map[int64]int{},
			ledger: t.ledger(now)}
		for _, step := range []func() error{
			y.site, y.pages, y.secret, y.sketches, y.searching, y.sections, y.shows, y.sources, y.feeds, y.hosts, y.repair,
			y.withdrawals, y.finish,
		} {
			if err := step(); err != nil {
				return err
			}
		}
		site = y.plan.Site
		return nil
	})
	return site, err
}

// syncing is one Sync on its way.
type syncing struct {
	tx   *tx
	now  time.Time
	plan feed.Plan

	all     bool           // every document may differ
	front   bool           // the whole paper's may
	dirty   map[int64]bool // sections whose documents may differ
	divide  map[int64]int  // sections that show another number of each source now
	ledger  *ledger        // of stories that are to be told anew
	lapsed  bool           // entries left sections because these or their sources did
	rows    map[string]int64
	stopped map[int64]bool // sources that an operator paused
	queue   bool           // something about what is due changed
	taken   []int64        // entries that the configuration takes back from now on
	hidden  []int64        // entries of sections that became private
	budgets map[string]int
	holds   map[string]int64 // until when, by server
}

// site writes the paper's own row, and finds out what every document shows.
func (y *syncing) site() error {
	type row struct{ id, title, url, language, look, directory, rules, hubs string }
	var old row
	found, err := y.tx.one(`SELECT id, title, url, language, look, directory, rules, hubs FROM site`,
		nil, &old.id, &old.title, &old.url, &old.language, &old.look, &old.directory, &old.rules, &old.hubs)
	if err != nil {
		return err
	}
	p := &y.plan
	p.Site.ID = cmp.Or(p.Site.ID, old.id, p.Site.URL)
	site := row{p.Site.ID, p.Site.Title, p.Site.URL, p.Site.Language,
		lookOf(y.plan), digest(directoryOf(p.Outlets)), p.Rules, hubsText(p.Hubs)}
	y.all = site.look != old.look
	y.front = site.directory != old.directory
	if !found {
		_, err := y.tx.exec(`INSERT INTO site (one, id, title, url, language, look, directory, rules, hubs)
			VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`, site.id, site.title, site.url, site.language,
			site.look, site.directory, site.rules, site.hubs)
		return err
	}
	if site == old {
		return nil
	}
	_, err = y.tx.exec(`UPDATE site SET id = ?, title = ?, url = ?, language = ?,
		look = ?, directory = ?, rules = ?, hubs = ?`, site.id, site.title, site.url, site.language,
		site.look, site.directory, site.rules, site.hubs)
	return err
}

// sketches empties the index of what entries are found by if this program draws that
// otherwise than the last one did. All entries are outdated then (Plan.Rules), and drawn
// anew; the stories that they are in stay until that is done.
func (y *syncing) sketches() error {
	other, err := y.tx.exec(`UPDATE site SET sketched = ? WHERE sketched <> ?`, story.Version, story.Version)
	if err == nil && other > 0 {
		_, err = y.tx.exec(`DELETE FROM marks`)
	}
	return err
}

// lookOf is a digest of what every document shows: the site, the index of
// sections, the hubs, and the press that makes it.
func lookOf(p feed.Plan) string {
	type line struct{ Name, Title, Description, Image, Parent string }
	var index []line
	for _, s := range p.Sections {
		if s.Private == "" {
			index = append(index, line{s.Name, s.Title, s.Description, s.Image, s.Parent})
		}
	}
	return digest([]any{p.Site, p.Press, index, p.Hubs})
}

// directoryOf lists the sources as readers see them, as far as they are
// configured.
func directoryOf(outlets []feed.PlannedOutlet) []feed.SourceLine {
	var out []feed.SourceLine
	for _, o := range outlets {
		line := feed.SourceLine{Name: o.Name, Title: o.Title, Link: o.Link, Image: o.Image,
			Language: o.Language}
		for _, f := range o.Feeds {
			line.Feeds = append(line.Feeds, f.URL)
		}
		out = append(out, line)
	}
	return out
}

// digest is a short hash of v's JSON form, which must have one.
func digest(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain structs are given
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// retell has the stories of entries told anew: which of them lead may have changed.
// changed: and how they look, wherever they are shown.
func (y *syncing) retell(changed bool, where string, arg int64) error {
	rows, err := y.tx.rows(`SELECT entry FROM entries WHERE EXISTS
		(SELECT 1 FROM ties t WHERE t.entry = entries.entry) AND `+where, arg)
	for _, row := range rows {
		y.ledger.touch(row, changed)
	}
	return err
}

// finish drops what lost its place, has others shown in it, and bumps the sections
// that look different.
func (y *syncing) finish() error {
	whole, err := y.tx.whole()
	if err != nil {
		return err
	}
	if y.lapsed {
		if _, err := y.tx.exec(`DELETE FROM members WHERE section = ? AND NOT EXISTS
			(SELECT 1 FROM members m JOIN sections c ON c.section = m.section
			WHERE m.entry = members.entry AND m.section <> ? AND c.private = '')`,
			whole, whole); err != nil {
			return err
		}
	}
	if err := y.ledger.tell(); err != nil {
		return err
	}
	for section, n := range y.divide {
		if err := y.tx.divide(section, n); err != nil {
			return err
		}
	}
	if err := y.ledger.share(); err != nil {
		return err
	}
	if err := y.tx.takeBack(y.now, y.taken); err != nil {
		return err
	}
	if err := y.hide(); err != nil {
		return err
	}
	for section := range y.ledger.newest {
		y.dirty[section] = true
	}
	if y.front {
		y.dirty[whole] = true
	}
	if y.all {
		if err := y.tx.each(`SELECT section FROM sections WHERE active`, nil, func(s scan) error {
			var section int64
			err := s(&section)
			y.dirty[section] = true
			return err
		}); err != nil {
			return err
		}
	}
	_, err = y.tx.bump(y.dirty, y.now)
	return err
}
