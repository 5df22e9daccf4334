package store

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"broadsheet/feed"
)

// catchUp is how many entries that were missed one delivery brings: as many as a feed
// usually shows.
const catchUp = 50

// waiting is a subscriber that has not got what is published now.
type waiting struct {
	row    int64
	key    topicKey
	hash   string
	upto   int64
	domain string
	due    int64
	slow   bool
}

// behind gives take the subscribers that have not got what is published and may be
// delivered to before due, the longest due first, until it has enough.
func (t *tx) behind(now, due int64, take func(waiting) (more bool)) error {
	topics, err := t.topics()
	if err != nil {
		return err
	}
	gone := map[int64]int64{} // the last number that left the documents, by section
	if err := t.each(`SELECT section, max(seq) FROM announced WHERE NOT shown GROUP BY section`, nil, func(s scan) error {
		var section, seq int64
		err := s(&section, &seq)
		gone[section] = seq
		return err
	}); err != nil {
		return err
	}
	return t.each(`SELECT subscriber, section, file, hash, upto, domain, due, tries > 0 OR slow FROM subscribers
		WHERE due <= ? AND until > ? AND (token = '' OR leased <= ?) ORDER BY due, subscriber`, list(due, now, now),
		func(s scan) error {
			var w waiting
			if err := s(&w.row, &w.key.section, &w.key.file, &w.hash, &w.upto, &w.domain, &w.due, &w.slow); err != nil {
				return err
			}
			at := topics[w.key]
			if at == nil || at.hash == w.hash && gone[w.key.section] <= w.upto {
				return nil
			}
			if !take(w) {
				return errEnough
			}
			return nil
		})
}

// HubDeliveries implements websub.Store.
func (s *Store) HubDeliveries(ctx context.Context, now time.Time, lane feed.Lane, most int, limits feed.HubLimits,
	until time.Time) ([]feed.Delivery, error) {
	any := false
	if err := s.read(ctx, "looking for what to deliver", func(t *tx) error {
		return t.behind(micros(now), micros(now), func(w waiting) bool {
			any = any || w.slow == bool(lane)
			return !any
		})
	}); err != nil || !any || most == 0 {
		return nil, err
	}
	var out []feed.Delivery
	err := s.write(ctx, "claiming what to deliver", func(t *tx) (err error) {
		out, err = t.deliveries(now, lane, most, limits, until)
		return err
	})
	return out, err
}

func (t *tx) deliveries(now time.Time, lane feed.Lane, most int, limits feed.HubLimits, until time.Time) (
	out []feed.Delivery, err error) {
	busy := map[string]int{}
	if err := t.each(`SELECT domain, count(*) FROM subscribers WHERE token <> '' AND leased > ? GROUP BY domain`,
		list(micros(now)), func(s scan) error {
			var domain string
			var n int
			err := s(&domain, &n)
			busy[domain] = n
			return err
		}); err != nil {
		return nil, err
	}
	var due []waiting
	if err := t.behind(micros(now), micros(now), func(w waiting) bool {
		if w.slow == bool(lane) && busy[w.domain] < limits.InFlight {
			busy[w.domain]++
			due = append(due, w)
		}
		return len(due) < most
	}); err != nil {
		return nil, err
	}
	p := &parcels{tx: t, missed: map[missedKey]missed{}, documents: map[topicKey]feed.Document{}}
	if p.topics, err = t.topics(); err != nil {
		return nil, err
	}
	for _, w := range due {
		d, ok, err := p.next(w)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		d.Token = rand.Text()
		if _, err := t.exec(`UPDATE subscribers SET token = ?, leased = ? WHERE subscriber = ?`,
			d.Token, micros(until), d.Row); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// parcels puts deliveries together; what several subscribers get is read once.
type parcels struct {
	tx        *tx
	topics    map[topicKey]*topic
	missed    map[missedKey]missed
	documents map[topicKey]feed.Document
}

// missedKey is a section and the number up to which its entries are known.
type missedKey struct{ section, upto int64 }

// missed are the next entries after a number.
type missed struct {
	entries []feed.Entry
	upto    int64 // of the last of them
}

// next is what a subscriber is to get next; ok is false if it needs nothing after all,
// because what it missed was taken back.
func (p *parcels) next(w waiting) (d feed.Delivery, ok bool, err error) {
	at := p.topics[w.key]
	if at == nil {
		return d, false, nil // its section is being taken out, or has no documents yet
	}
	d = feed.Delivery{Row: w.row, Domain: w.domain, Path: at.path}
	if _, err := p.tx.one(`SELECT callback, secret, tries FROM subscribers WHERE subscriber = ?`, list(w.row),
		&d.Callback, &d.Secret, &d.Tries); err != nil {
		return d, false, err
	}
	for upto := w.upto; ; {
		m, err := p.after(at, upto)
		if err != nil {
			return d, false, err
		}
		if len(m.entries) > 0 {
			// The document itself follows, even if it is the one from before.
			d.Missed, d.Hash, d.Upto = m.entries, "", m.upto
			d.View, err = p.frame(at)
			return d, true, err
		}
		if m.upto > upto { // all of these were taken back
			upto = m.upto
			continue
		}
		if upto > w.upto {
			if _, err := p.tx.exec(`UPDATE subscribers SET upto = ? WHERE subscriber = ?`, upto, w.row); err != nil {
				return d, false, err
			}
		}
		break
	}
	if at.hash == w.hash {
		return d, false, nil
	}
	d.Document, err = p.document(at)
	if err != nil {
		return d, false, err
	}
	d.Hash = d.Document.Hash
	_, err = p.tx.one(`SELECT announced FROM sections WHERE section = ?`, list(at.section), &d.Upto)
	return d, true, err
}

// after gives the next entries after a number, if one of those after it has left the
// documents. Those that still stand there are in it too, for by the time the document is
// delivered they may have left.
func (p *parcels) after(at *topic, upto int64) (m missed, err error) {
	key := missedKey{at.section, upto}
	if m, ok := p.missed[key]; ok {
		return m, nil
	}
	defer func() { p.missed[key] = m }()
	var gone bool
	if _, err := p.tx.one(`SELECT EXISTS (SELECT 1 FROM announced WHERE section = ? AND NOT shown AND seq > ?)`,
		list(at.section, upto), &gone); err != nil || !gone {
		return missed{upto: upto}, err
	}
	var rows []int64
	if err := p.tx.each(`SELECT entry, seq FROM announced WHERE section = ? AND seq > ? ORDER BY seq LIMIT ?`,
		list(at.section, upto, catchUp), func(s scan) error {
			var row int64
			err := s(&row, &m.upto)
			rows = append(rows, row)
			return err
		}); err != nil {
		return m, err
	}
	m.entries, err = p.tx.published(at.view, rows)
	return m, err
}

// published are entries under the ids that documents of a section had them by, as far
// as they still belong to it, in its order.
func (t *tx) published(c *sectionView, rows []int64) ([]feed.Entry, error) {
	wanted := map[string]bool{}
	in := marks(len(rows))
	if err := t.each(`SELECT id FROM entries WHERE entry IN (`+in+`)`, anys(rows), func(s scan) error {
		var id string
		err := s(&id)
		wanted[id] = true
		return err
	}); err != nil {
		return nil, err
	}
	// Another member of its story may stand for it by now, or have stood for it then.
	var slots []slot
	args := append(append(append(anys(rows, c.id), anys(rows)...), anys(rows)...), c.id)
	if err := t.each(`SELECT m.entry, m.sort_at, m.published FROM members m JOIN entries e ON e.entry = m.entry
		WHERE m.section = ? AND m.copy_of IS NULL AND e.stamp IS NOT NULL AND (m.entry IN (`+in+`)
		OR e.story IN (SELECT s.story FROM entries s WHERE s.entry IN (`+in+`) AND s.story IS NOT NULL)
		OR m.entry IN (SELECT o.copy_of FROM members o WHERE o.entry IN (`+in+`) AND o.section = ?))`, args,
		func(s scan) error {
			var at slot
			err := s(&at.row, &at.sortAt, &at.published)
			slots = append(slots, at)
			return err
		}); err != nil {
		return nil, err
	}
	entries, err := t.told(c, slots)
	return slices.DeleteFunc(entries, func(e feed.Entry) bool { return !wanted[e.ID] }), err
}

// frame is the view of a topic's section without entries.
func (p *parcels) frame(at *topic) (v feed.View, err error) {
	site, err := p.tx.site()
	if err != nil {
		return v, err
	}
	v = at.view.bare(site)
	v.Hubs, err = p.tx.hubsOf(v.Site, v.Section)
	return v, err
}

// document reads a topic's document.
func (p *parcels) document(at *topic) (d feed.Document, err error) {
	if d, ok := p.documents[at.topicKey]; ok {
		return d, nil
	}
	d = feed.Document{Path: at.path, Section: at.view.Name}
	var modified int64
	_, err = p.tx.one(`SELECT media_type, version, modified, hash, body FROM documents WHERE path = ?`, list(at.path),
		&d.MediaType, &d.Version, &modified, &d.Hash, &d.Body)
	d.Modified = moment(modified)
	p.documents[at.topicKey] = d
	return d, err
}

// HubDelivered implements websub.Store.
func (s *Store) HubDelivered(ctx context.Context, now time.Time, d feed.Delivery, slow bool) error {
	return s.write(ctx, "storing a delivery", func(t *tx) error {
		_, err := t.exec(`UPDATE subscribers SET hash = ?, upto = ?, due = ?, slow = ?, token = '', tries = 0, error = ''
			WHERE subscriber = ? AND token = ?`, d.Hash, d.Upto, micros(now), slow, d.Row, d.Token)
		return err
	})
}

// HubUndelivered implements websub.Store.
func (s *Store) HubUndelivered(ctx context.Context, d feed.Delivery, due time.Time, why string) error {
	return s.write(ctx, "storing a failed delivery", func(t *tx) error {
		tried := why != ""
		_, err := t.exec(`UPDATE subscribers SET due = ?, token = '', tries = tries + ?,
			error = CASE WHEN ? THEN ? ELSE error END WHERE subscriber = ? AND token = ?`,
			micros(due), tried, tried, why, d.Row, d.Token)
		return err
	})
}

// HubDrop implements websub.Store.
func (s *Store) HubDrop(ctx context.Context, d feed.Delivery) error {
	return s.write(ctx, "dropping a subscription", func(t *tx) error {
		_, err := t.exec(`DELETE FROM subscribers WHERE subscriber = ? AND token = ?`, d.Row, d.Token)
		return err
	})
}
