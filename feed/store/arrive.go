package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/story"
)

// draft is an arrival with what is costly about it done before the write lock is
// taken.
type draft struct {
	feed.Arrival
	body, item []byte
	words      string
	found      string // what it is searched by (package search)
	sketch     story.Sketch
	packed     []byte // the sketch
}

// draw prepares arrivals to be written.
func draw(arrivals []feed.Arrival) ([]draft, error) {
	out := make([]draft, len(arrivals))
	for i, a := range arrivals {
		d := draft{Arrival: a, words: fold(a.Entry.Title), found: words(a.Entry), sketch: story.Draw(a.Entry)}
		d.packed = d.sketch.Pack()
		var err error
		if d.body, err = packEntry(a.Entry); err != nil {
			return nil, fmt.Errorf("store: entry %q: %w", a.Original, err)
		}
		if d.item, err = pack(a.Item); err != nil {
			return nil, fmt.Errorf("store: item %q: %w", a.Original, err)
		}
		out[i] = d
	}
	return out, nil
}

// desk writes the entries of one source.
type desk struct {
	*ledger
	source    int64
	active    bool             // the source is configured
	sections  map[string]int64 // configured ones, by name
	private   map[int64]bool   // of these, those that only few may read
	stamps    map[[2]string]int64
	front     bool              // the whole paper shows something else, whatever its members do
	hosts     map[string]bool   // at which a page was asked for
	entered   map[int64]entered // what is to be indexed
	retracted []int64           // entries that the source took back
}

// desk prepares for writing entries of a source.
func (t *tx) desk(now time.Time, source int64) (*desk, error) {
	d := &desk{ledger: t.ledger(now), source: source, sections: map[string]int64{},
		private: map[int64]bool{}, stamps: map[[2]string]int64{}, hosts: map[string]bool{},
		entered: map[int64]entered{}}
	if _, err := t.one(`SELECT active FROM sources WHERE source = ?`, list(source),
		&d.active); err != nil {
		return nil, err
	}
	return d, t.each(`SELECT name, section, private <> '' FROM sections WHERE active`, nil, func(s scan) error {
		var name string
		var section int64
		var private bool
		err := s(&name, &section, &private)
		d.sections[name], d.private[section] = section, private
		return err
	})
}

// close ends the desk's work: see ledger.
func (d *desk) close() ([]string, error) {
	if err := d.enterAll(); err != nil {
		return nil, err
	}
	names, err := d.ledger.close()
	if err == nil {
		err = d.tx.takeBack(d.now, d.retracted)
	}
	if err != nil || len(names) > 0 || !d.front {
		return names, err
	}
	return d.tx.bump(map[int64]bool{d.sections[feed.WholePaper]: true}, d.now)
}

// row is what must be known of an entry before it is written again.
type row struct {
	source            int64
	revision          int64
	pruned            bool
	apart             bool // it stands in no section, whatever the rules say
	down              bool // nor does it because the configuration takes it back
	sortAt, published int64
	members           map[int64]routed // by section
}

// routed is a section that an entry is in.
type routed struct {
	why      string
	alone    bool // it is there itself, not another one of its story
	squeezed bool
	sortAt   int64
}

// rows reads the rows of the drafts that are not new, and opens the sections that
// they are in.
func (d *desk) rows(drafts []draft) (map[int64]*row, error) {
	var ids []int64
	for _, a := range drafts {
		if a.Row != 0 {
			ids = append(ids, a.Row)
		}
	}
	out := make(map[int64]*row, len(ids))
	for part := range slices.Chunk(ids, batch) {
		if err := d.tx.each(`SELECT e.entry, e.source, e.revision, e.stamp IS NULL, EXISTS
			(SELECT 1 FROM standings t WHERE t.entry = e.entry), `+down+`, e.sort_at, e.published
			FROM entries e JOIN sources o ON o.source = e.source WHERE e.entry IN (`+marks(len(part))+`)`, anys(part), func(s scan) error {
			var id int64
			r := &row{members: map[int64]routed{}}
			err := s(&id, &r.source, &r.revision, &r.pruned, &r.apart, &r.down, &r.sortAt, &r.published)
			out[id] = r
			return err
		}); err != nil {
			return nil, err
		}
		if err := d.tx.each(`SELECT entry, section, sort_at, copy_of IS NULL, squeezed, why FROM members WHERE entry IN (`+
			marks(len(part))+`)`, anys(part), func(s scan) error {
			var id, section int64
			var r routed
			err := s(&id, &section, &r.sortAt, &r.alone, &r.squeezed, &r.why)
			out[id].members[section] = r
			return err
		}); err != nil {
			return nil, err
		}
	}
	for _, r := range out {
		for section := range r.members {
			if err := d.open(section); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// receive writes what a poll of a feed brought.
func (d *desk) receive(sub int64, report feed.Report, drafts []draft) (feed.Receipt, error) {
	var receipt feed.Receipt
	known, err := d.rows(drafts)
	if err != nil {
		return receipt, err
	}
	for _, key := range report.Retired {
		if err := d.retire(key); err != nil {
			return receipt, err
		}
	}
	for _, a := range drafts {
		old := known[a.Row]
		switch {
		case a.Row == 0 && a.Standing != feed.Shown && a.Standing != feed.Pending:
			receipt.Kept++
			err = d.add(sub, a)
		case a.Row == 0:
			receipt.New++
			err = d.add(sub, a)
		case old == nil || old.source != d.source:
			err = fmt.Errorf("row %d is no entry of %s", a.Row, report.Claim.Source)
		case old.pruned:
			if err = d.sight(sub, a, d.now, nil); err == nil {
				err = d.keys(a.Row, a.Keys)
			}
		default:
			receipt.Updated++
			err = d.change(sub, a, old)
		}
		if err != nil {
			return receipt, err
		}
	}
	if err := d.retract(report.Gone); err != nil {
		return receipt, err
	}
	return receipt, d.settleHosts()
}

// add writes a new entry.
func (d *desk) add(sub int64, a draft) error {
	id, err := d.freeID(a.IDs)
	if err != nil {
		return err
	}
	stamp, err := d.stamp(a.Made, a.Routed)
	if err != nil {
		return err
	}
	if a.Standing, err = d.stillPending(a); err != nil {
		return err
	}
	e := a.Entry
	r := &row{sortAt: micros(e.SortAt), published: micros(e.Published), apart: a.Standing != feed.Shown}
	if _, err := d.tx.one(`INSERT INTO entries (source, stamp, revision, id, original, first_poll,
		undated, published, updated, first_seen, sort_at, words)
		VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING entry`,
		list(d.source, stamp, id, a.Original, a.FirstPoll, e.Undated, r.published,
			micros(e.Updated), micros(e.FirstSeen), r.sortAt, a.words), &a.Row); err != nil {
		return err
	}
	if _, err := d.tx.exec(`INSERT INTO bodies (entry, body) VALUES (?, ?)`,
		a.Row, a.body); err != nil {
		return err
	}
	if err := d.sight(sub, a, e.FirstSeen, a.item); err != nil {
		return err
	}
	if err := d.keys(a.Row, a.Keys); err != nil {
		return err
	}
	if a.Ask != nil {
		if err := d.ask(a.Row, *a.Ask, a.Standing); err != nil {
			return err
		}
	}
	if err := d.tx.sketch(a.Row, d.source, a); err != nil {
		return err
	}
	if r.apart {
		if _, err := d.takenDown(a, id); err != nil {
			return err
		}
		err := d.tx.setApart(a.Row, a.Standing, sql.NullInt64{Int64: sub, Valid: true}, d.now, a.Why)
		d.touch(a.Row, false)
		d.found(a, r, nil)
		return err
	}
	if r.down, err = d.takenDown(a, id); err != nil {
		return err
	}
	return d.place(a, r, true)
}

// freeID is the first candidate that no other entry has. If all are taken (two
// items of a source may have the same original id) one more is minted.
func (d *desk) freeID(candidates []string) (string, error) {
	if len(candidates) == 0 {
		return "", fmt.Errorf("an entry came without a candidate for its id")
	}
	last := candidates[len(candidates)-1]
	for i := 0; ; i++ {
		id := feed.Mint(last, strconv.Itoa(i))
		if i < len(candidates) {
			id = candidates[i]
		}
		var one int
		taken, err := d.tx.one(`SELECT 1 FROM entries WHERE id = ?`, list(id), &one)
		if err != nil || !taken {
			return id, err
		}
	}
}

// change writes a known entry whose item, or whose feeds, changed. Its id and
// dates stay, but for Updated.
func (d *desk) change(sub int64, a draft, old *row) error {
	if a.Ask != nil {
		if err := d.ask(a.Row, *a.Ask, feed.Shown); err != nil {
			return err
		}
	}
	if a.Revision != old.revision && a.Revision != 0 {
		return d.changeLater(sub, a)
	}
	stamp, err := d.stamp(a.Made, a.Routed)
	if err != nil {
		return err
	}
	if _, err := d.tx.exec(`UPDATE entries SET stamp = ?, revision = revision + 1, updated = ?,
		words = ? WHERE entry = ?`, stamp, micros(a.Entry.Updated), a.words, a.Row); err != nil {
		return err
	}
	if _, err := d.tx.exec(`UPDATE bodies SET body = ? WHERE entry = ?`, a.body, a.Row); err != nil {
		return err
	}
	if err := d.sight(sub, a, d.now, a.item); err != nil {
		return err
	}
	if err := d.keys(a.Row, a.Keys); err != nil {
		return err
	}
	if err := d.tx.sketch(a.Row, d.source, a); err != nil {
		return err
	}
	return d.place(a, old, true)
}

// changeLater notes what a feed says of an entry that was written while the feed was
// polled: its page came. It is made anew of both. Whether it counts as updated is decided
// then: what the poll says of that is of an earlier reading.
func (d *desk) changeLater(sub int64, a draft) error {
	var updated int64
	var made string
	if _, err := d.tx.one(`SELECT e.updated, coalesce(t.made, '') FROM entries e LEFT JOIN stamps t ON t.stamp = e.stamp
		WHERE e.entry = ?`, list(a.Row), &updated, &made); err != nil {
		return err
	}
	if made != feed.Overtaken {
		made = ""
	}
	if micros(a.Entry.Updated) > updated {
		made = feed.Overtaken
	}
	stamp, err := d.stamp(made, "")
	if err != nil {
		return err
	}
	if _, err := d.tx.exec(`UPDATE entries SET stamp = ?, revision = revision + 1 WHERE entry = ?`, stamp, a.Row); err != nil {
		return err
	}
	if err := d.sight(sub, a, d.now, a.item); err != nil {
		return err
	}
	return d.keys(a.Row, a.Keys)
}

// stillPending is the standing of a new entry: it does not wait for a page that cannot be
// asked for in time, because its server wants to be left alone, or that nobody asks for any
// more, because its source was taken out while it was polled.
func (d *desk) stillPending(a draft) (feed.Standing, error) {
	if a.Standing != feed.Pending {
		return a.Standing, nil
	}
	if !d.active {
		return feed.Shown, nil
	}
	held, err := d.tx.heldUntil(a.Ask.Server, d.now)
	if held > micros(a.Ask.Until) {
		return feed.Shown, err
	}
	return feed.Pending, err
}

// sight writes an item as the feed listed it. When it was first seen stays.
func (d *desk) sight(sub int64, a draft, seen time.Time, item []byte) error {
	_, err := d.tx.exec(`INSERT INTO sightings (entry, sub, seen, hash, item)
		VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (entry, sub) DO UPDATE SET hash = excluded.hash, item = excluded.item`,
		a.Row, sub, micros(seen), a.Hash, item)
	return err
}

// keys adds keys to an entry. A key that another entry has stays there, and is
// marked as one that alone tells nothing; a retired one stays retired.
func (d *desk) keys(entry int64, keys []feed.Key) error {
	for _, k := range keys {
		if _, err := d.tx.exec(`INSERT INTO keys (source, kind, value, entry) VALUES (?, ?, ?, ?)
			ON CONFLICT (source, kind, value) DO UPDATE SET shared = 1
			WHERE keys.entry <> excluded.entry AND NOT keys.shared`,
			d.source, k.Kind, k.Value, entry); err != nil {
			return err
		}
	}
	return nil
}

// retire takes a key from its entry for ever.
func (d *desk) retire(k feed.Key) error {
	_, err := d.tx.exec(`INSERT INTO keys (source, kind, value, entry) VALUES (?, ?, ?, ?)
		ON CONFLICT (source, kind, value) DO UPDATE SET entry = excluded.entry`,
		d.source, k.Kind, k.Value, sql.NullInt64{})
	return err
}

// place makes an entry a member of the sections of its draft, and of the whole
// paper if one of them is public, and of no other. Sections that are not configured (any
// more) are passed over, and so are all of them if the source is not, or if the entry
// stands apart. Where it stands, and whether it is shown itself, is decided when
// the desk closes. changed: it looks different than before.
func (d *desk) place(a draft, old *row, changed bool) error {
	want := map[int64]string{}
	public := false
	for _, m := range a.Members {
		// Whether the whole paper has it follows from the others.
		if section, ok := d.sections[m.Section]; ok && d.active && !old.apart && !old.down && m.Section != feed.WholePaper {
			want[section] = m.Why
			public = public || !d.private[section]
		}
	}
	if public {
		whole := d.sections[feed.WholePaper]
		want[whole] = ""
		if _, is := old.members[whole]; !is {
			if err := d.list(whole); err != nil {
				return err
			}
		}
	}
	for section, was := range old.members {
		if _, stays := want[section]; stays {
			continue
		}
		changed = true
		if was.alone {
			d.gone(membership{section: section, sortAt: was.sortAt, source: d.source, squeezed: was.squeezed})
		}
		if _, err := d.tx.exec(`DELETE FROM members WHERE entry = ? AND section = ?`,
			a.Row, section); err != nil {
			return err
		}
	}
	for section, why := range want {
		was, is := old.members[section]
		if is && was.why == why {
			continue
		}
		if changed = changed || !is; !is {
			if err := d.tx.openSection(section, d.now); err != nil {
				return err
			}
		}
		if _, err := d.tx.exec(`INSERT INTO members (entry, section, sort_at, published, why, copy_of, source)
			VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (entry, section) DO UPDATE SET why = excluded.why`,
			a.Row, section, old.sortAt, old.published, why, a.Row, d.source); err != nil {
			return err
		}
	}
	d.touch(a.Row, changed)
	if changed {
		d.found(a, old, slices.Sorted(maps.Keys(want)))
	}
	return nil
}

// list has the whole paper list the source if it did not, for want of anything of it that
// everyone may read (directory).
func (d *desk) list(whole int64) error {
	if d.front || !slices.Contains(slices.Collect(maps.Values(d.private)), true) {
		return nil
	}
	var one int
	listed, err := d.tx.one(`SELECT 1 FROM members WHERE section = ? AND source = ? AND copy_of IS NULL LIMIT 1`,
		list(whole, d.source), &one)
	d.front = !listed
	return err
}

// stamp is the row for what an entry was made by. Entries of a source that is not
// configured get the one that is always outdated.
func (d *desk) stamp(made, routed string) (int64, error) {
	if !d.active {
		made, routed = "", ""
	}
	by := [2]string{made, routed}
	if id, ok := d.stamps[by]; ok {
		return id, nil
	}
	id, err := d.tx.stamp(d.source, made, routed)
	d.stamps[by] = id
	return id, err
}

// stamp finds or makes the row for what entries of a source were made by.
func (t *tx) stamp(source int64, made, routed string) (id int64, err error) {
	found, err := t.one(`SELECT stamp FROM stamps WHERE source = ? AND made = ? AND routed = ?`,
		list(source, made, routed), &id)
	if err != nil || found {
		return id, err
	}
	_, err = t.one(`INSERT INTO stamps (source, made, routed) VALUES (?, ?, ?) RETURNING stamp`,
		list(source, made, routed), &id)
	return id, err
}
