package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"time"

	"broadsheet/feed"
)

// errand is what is to be done about a hub and a document that it does not know of.
type errand struct {
	feed.Ping
	fresh bool      // it is not noted yet that the hub is to be told of this version
	due   time.Time // when it is to be told
	held  bool      // somebody is telling it
}

// HubPings implements websub.Store.
func (s *Store) HubPings(ctx context.Context, now time.Time, hubs []string, most int, rest time.Duration,
	until time.Time) ([]feed.Ping, error) {
	if len(hubs) == 0 || most == 0 {
		return nil, nil
	}
	var errands []errand
	look := func(t *tx) (err error) {
		errands, err = t.errands(now, hubs, rest)
		return err
	}
	idle := func(e errand) bool { return !e.fresh && (e.held || e.due.After(now)) }
	if err := s.read(ctx, "looking for hubs to ping", look); err != nil || !slices.ContainsFunc(errands,
		func(e errand) bool { return !idle(e) }) {
		return nil, err
	}
	var out []feed.Ping
	err := s.write(ctx, "claiming hubs to ping", func(t *tx) error {
		if err := look(t); err != nil {
			return err
		}
		out = nil
		for _, e := range errands {
			if e.fresh {
				if _, err := t.exec(`INSERT INTO pings (hub, path, hash, wanted, due) VALUES (?, ?, '', ?, ?)
					ON CONFLICT (hub, path) DO UPDATE SET wanted = excluded.wanted, due = excluded.due, tries = 0`,
					e.Hub, e.Path, e.Hash, micros(e.due)); err != nil {
					return err
				}
			}
			if e.held || e.due.After(now) || len(out) == most {
				continue
			}
			e.Token = rand.Text()
			if _, err := t.exec(`UPDATE pings SET token = ?, leased = ? WHERE hub = ? AND path = ?`,
				e.Token, micros(until), e.Hub, e.Path); err != nil {
				return err
			}
			out = append(out, e.Ping)
		}
		return nil
	})
	return out, err
}

// errands are the documents that hubs do not know of, the longest due first. A version
// that is new is told of after a rest, in which every server takes it over; it does not
// put off one that was to be told of before.
func (t *tx) errands(now time.Time, hubs []string, rest time.Duration) ([]errand, error) {
	topics, err := t.topics()
	if err != nil {
		return nil, err
	}
	type row struct {
		hash, wanted, token string
		due, leased         int64
		tries               int
	}
	rows := map[[2]string]row{}
	if err := t.each(`SELECT hub, path, hash, wanted, token, due, leased, tries FROM pings`, nil, func(s scan) error {
		var at [2]string
		var r row
		err := s(&at[0], &at[1], &r.hash, &r.wanted, &r.token, &r.due, &r.leased, &r.tries)
		rows[at] = r
		return err
	}); err != nil {
		return nil, err
	}
	var out []errand
	for _, p := range topics {
		if !p.public() {
			continue
		}
		for _, hub := range hubs {
			r := rows[[2]string{hub, p.path}]
			if r.hash == p.hash {
				continue
			}
			e := errand{Ping: feed.Ping{Hub: hub, Path: p.path, Hash: p.hash, Tries: r.tries},
				due: moment(r.due), held: r.token != "" && r.leased > micros(now)}
			if r.wanted != p.hash {
				soon := now.Add(rest)
				if r.wanted == "" || soon.Before(e.due) {
					e.due = soon
				}
				e.fresh, e.Tries = true, 0
			}
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b errand) int {
		return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Hub, b.Hub))
	})
	return out, nil
}

// HubPinged implements websub.Store.
func (s *Store) HubPinged(ctx context.Context, p feed.Ping) error {
	return s.write(ctx, "storing a ping", func(t *tx) error {
		_, err := t.exec(`UPDATE pings SET hash = ?, wanted = CASE WHEN wanted = ? THEN '' ELSE wanted END,
			token = '', tries = 0, error = '' WHERE hub = ? AND path = ? AND token = ?`,
			p.Hash, p.Hash, p.Hub, p.Path, p.Token)
		return err
	})
}

// HubUnpinged implements websub.Store.
func (s *Store) HubUnpinged(ctx context.Context, p feed.Ping, due time.Time, why string) error {
	return s.write(ctx, "storing a failed ping", func(t *tx) error {
		tried := why != ""
		_, err := t.exec(`UPDATE pings SET due = CASE WHEN wanted = ? THEN ? ELSE due END, token = '', tries = tries + ?,
			error = CASE WHEN ? THEN ? ELSE error END WHERE hub = ? AND path = ? AND token = ?`,
			p.Hash, micros(due), tried, tried, why, p.Hub, p.Path, p.Token)
		return err
	})
}
