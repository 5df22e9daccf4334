package store

import (
	"cmp"
	"math"
	"time"

	"broadsheet/feed"
)

// cadenceRest is how soon after its last poll a feed may be due because its
// cadence was changed: a configuration that is edited often polls nobody more
// often.
const cadenceRest = 15 * time.Minute

// never is when something comes that does not.
const never = math.MaxInt64

// feedRow is what the configuration says of a feed, and what follows from it.
type feedRow struct {
	source         int64
	url            string
	ord            int
	active, wanted bool
	every, host    string
	server         string
	next           int64
}

// knownFeed is a feed's row, with what the last polls made of it.
type knownFeed struct {
	feedRow
	id    int64
	state feed.State
	last  int64
	held  int64
}

func (y *syncing) feeds() error {
	bySource := map[int64][]*knownFeed{}
	if err := y.tx.each(`SELECT sub, source, url, ord, active, wanted, every, host, server, next_poll,
		state, last_poll, held_until FROM subscriptions ORDER BY source, ord, sub`, nil, func(s scan) error {
		k := &knownFeed{}
		err := s(&k.id, &k.source, &k.url, &k.ord, &k.active, &k.wanted, &k.every, &k.host,
			&k.server, &k.next, &k.state, &k.last, &k.held)
		bySource[k.source] = append(bySource[k.source], k)
		return err
	}); err != nil {
		return err
	}
	if err := y.readHolds(); err != nil {
		return err
	}
	y.budgets = map[string]int{}
	for _, o := range y.plan.Outlets {
		source := y.rows[o.Name]
		if err := y.feedsOf(source, o, bySource[source]); err != nil {
			return err
		}
		delete(bySource, source)
	}
	for _, removed := range bySource {
		for _, k := range removed {
			if err := y.idle(k, k.active); err != nil {
				return err
			}
		}
	}
	return nil
}

// feedsOf matches the planned feeds of a source with its rows: by url, then, of
// what is left on both sides, in order.
func (y *syncing) feedsOf(source int64, o feed.PlannedOutlet, rows []*knownFeed) error {
	byURL := map[string]*knownFeed{}
	for _, k := range rows {
		byURL[k.url] = k
	}
	listed := map[string]bool{}
	for _, f := range o.Feeds {
		listed[f.URL] = true
	}
	var left []*knownFeed
	for _, k := range rows {
		if !listed[k.url] && k.active {
			left = append(left, k)
		}
	}
	done := map[string]bool{}
	for i, f := range o.Feeds {
		if done[f.URL] {
			continue // one feed listed twice is one feed
		}
		done[f.URL] = true
		y.budgets[f.Host] = max(1, f.Slots, y.budgets[f.Host])
		k := byURL[f.URL]
		if k == nil && len(left) > 0 {
			k, left = left[0], left[1:]
		}
		row := feedRow{source: source, url: f.URL, ord: i, active: true, wanted: !o.Paused && !y.stopped[source],
			every: f.Every, host: f.Host, server: cmp.Or(f.Server, serverOf(f.URL))}
		var held int64
		if !f.HoldAlone {
			held = y.holds[row.server]
		}
		if err := y.feed(row, k, held); err != nil {
			return err
		}
	}
	for _, k := range left {
		if err := y.idle(k, false); err != nil {
			return err
		}
	}
	return nil
}

// readHolds reads until when servers asked to be left alone.
func (y *syncing) readHolds() error {
	y.holds = map[string]int64{}
	return y.tx.each(`SELECT server, until FROM holds WHERE until > ?`, list(micros(y.now)),
		func(s scan) error {
			var server string
			var until int64
			err := s(&server, &until)
			y.holds[server] = until
			return err
		})
}

// feed writes one planned feed; k is its row, nil if it is new. held is until
// when its server asked to be left alone.
func (y *syncing) feed(row feedRow, k *knownFeed, held int64) error {
	now := micros(y.now)
	switch {
	case k == nil:
		y.queue = true
		next, reason := firstPoll(now, held, "new")
		_, err := y.tx.exec(`INSERT INTO subscriptions (source, url, ord, active, wanted, every,
			host, server, never_good, state, since, last_poll, last_success, next_poll, reason,
			held_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, row.source, row.url,
			row.ord, row.active, row.wanted, row.every, row.host, row.server, true, feed.StateNew,
			now, micros(time.Time{}), micros(time.Time{}), next, reason, held)
		return err
	case k.url != row.url:
		return y.moved(row, k, held)
	}
	row.next = k.next
	row.wanted = row.wanted && k.state != feed.StateGone
	if row.every != k.every {
		row.next = min(k.next, max(now, k.held, k.last+cadenceRest.Microseconds()))
	}
	if row == k.feedRow {
		return nil
	}
	y.queue = true
	_, err := y.tx.exec(`UPDATE subscriptions SET ord = ?, active = ?, wanted = ?, every = ?,
		host = ?, server = ?, next_poll = ? WHERE sub = ?`, row.ord, row.active, row.wanted,
		row.every, row.host, row.server, row.next, k.id)
	return err
}

// firstPoll is when a url is polled that was not before, and why then.
func firstPoll(now, held int64, why string) (next int64, reason string) {
	if held > now {
		return held, heldReason
	}
	return now, why
}

// moved gives a feed's row another url. What the polls of the old one said of its
// health means nothing for the new one.
func (y *syncing) moved(row feedRow, k *knownFeed, held int64) error {
	y.queue = true
	next, reason := firstPoll(micros(y.now), held, "its url changed")
	if err := y.touch(row.source); err != nil {
		return err
	}
	_, err := y.tx.exec(`UPDATE subscriptions SET url = ?, ord = ?, active = ?, wanted = ?,
		every = ?, host = ?, server = ?, never_good = ?, state = ?, since = ?, failures = 0,
		next_poll = ?, reason = ?, error = '', kind = '', code = 0, memo = '{}', history = '{}',
		moved_to = '', held_until = ?
		WHERE sub = ?`, row.url, row.ord, row.active, row.wanted, row.every, row.host, row.server,
		true, feed.StateNew, micros(y.now), next, reason, held, k.id)
	return err
}

// idle keeps a feed from being polled: it is not configured, or its source is
// not, with which it would come back.
func (y *syncing) idle(k *knownFeed, active bool) error {
	if k.active == active && !k.wanted {
		return nil
	}
	y.queue = true
	_, err := y.tx.exec(`UPDATE subscriptions SET active = ?, wanted = ? WHERE sub = ?`,
		active, false, k.id)
	return err
}

// hosts writes the budgets, and when a feed of each is due.
func (y *syncing) hosts() error {
	old := map[string]int{}
	if err := y.tx.each(`SELECT host, slots FROM hosts`, nil, func(s scan) error {
		var host string
		var slots int
		err := s(&host, &slots)
		old[host] = slots
		return err
	}); err != nil {
		return err
	}
	for host, slots := range y.budgets {
		if old[host] == slots {
			continue
		}
		if err := y.tx.setSlots(host, slots); err != nil {
			return err
		}
	}
	if !y.queue {
		return nil
	}
	return y.tx.requeue()
}
