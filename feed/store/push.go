package store

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

const (
	// claimTime is how long nobody else asks a hub that is being asked. It is longer than
	// such a request may take.
	claimTime = 2 * time.Minute
	// deniedRest is when a hub that did not want to is asked again: it "is not possible
	// anymore" (WebSub §5.2), but what was refused once may be a matter of the day.
	deniedRest = 7 * 24 * time.Hour
	// longestPush is further ahead than anything about a subscription can be: a clock was
	// wrong when it was written.
	longestPush = 31 * 24 * time.Hour
	// lapsedReason is why a feed is due whose hub does not push any more.
	lapsedReason = "its hub does not push any more"
	// announcedReason is why a feed is due whose hub pushed what could not be taken in.
	announcedReason = "its hub announced something"
)

// offered notes which hub a feed names, and by which topic.
func (t *tx) offered(sub int64, r feed.Report) error {
	if r.Failure != nil || r.Status != feed.Changed || r.Pushed {
		return nil
	}
	hub, topic := feed.BestHub(r.Header.Hubs), r.Header.Self
	if topic == "" {
		hub = "" // there is nothing to subscribe to
	}
	_, err := t.exec(`UPDATE subscriptions SET hub = ?, topic = ? WHERE sub = ? AND (hub <> ? OR topic <> ?)`,
		hub, topic, sub, hub, topic)
	return err
}

// pushed is since and until when a hub pushes what a feed has new; zero if none does.
func (t *tx) pushed(sub int64, now time.Time) (since, until time.Time, err error) {
	var from, to int64
	found, err := t.one(`SELECT since, until FROM pushes WHERE sub = ? AND state = ? AND until > ?
		ORDER BY until DESC LIMIT 1`, list(sub, feed.PushVerified, micros(now)), &from, &to)
	if !found || err != nil {
		return time.Time{}, time.Time{}, err
	}
	return moment(from), moment(to), nil
}

// pushColumns are those that readPush reads.
const pushColumns = `p.push, p.sub, o.name, s.url, p.hub, p.topic, p.base, p.token, p.secret, p.state, p.since,
	p.until, p.next, p.tries, p.why, p.claim FROM pushes p JOIN subscriptions s ON s.sub = p.sub
	JOIN sources o ON o.source = s.source`

func readPush(s scan) (p feed.Push, err error) {
	var since, until, next int64
	err = s(&p.Row, &p.Sub, &p.Source, &p.URL, &p.Hub, &p.Topic, &p.Base, &p.Token, &p.Secret, &p.State, &since,
		&until, &next, &p.Tries, &p.Why, &p.Claim)
	p.Since, p.Until, p.Next = momentOf(since), momentOf(until), momentOf(next)
	return p, err
}

// PlanPushes implements push.Store: it compares what feeds offer and the configuration
// wants with the subscriptions that there are. It writes only if they differ.
func (s *Store) PlanPushes(ctx context.Context, now time.Time, plan feed.PushPlan) (changed int, err error) {
	look := func(t *tx) error {
		c, err := t.comparePushes(now, plan)
		changed = c.size()
		return err
	}
	if err := s.read(ctx, "looking at hubs", look); err != nil || changed == 0 {
		return 0, err
	}
	err = s.write(ctx, "planning subscriptions at hubs", func(t *tx) error {
		c, err := t.comparePushes(now, plan)
		if err != nil {
			return err
		}
		changed = c.size()
		return t.changePushes(now, plan, c)
	})
	return changed, err
}

// pushChange is what is to be done so that subscriptions are as they should be.
type pushChange struct {
	add    []feed.Push // of these, Sub, Hub and Topic
	renew  []feed.Push // verified ones whose renewal begins
	leave  []feed.Push
	drop   []feed.Push // of these the hub knows nothing, or no more
	lapsed []int64     // feeds that no hub pushes any more
}

func (c pushChange) size() int { return len(c.add) + len(c.renew) + len(c.leave) + len(c.drop) }

// comparePushes compares what is wanted with what there is.
func (t *tx) comparePushes(now time.Time, plan feed.PushPlan) (c pushChange, err error) {
	wanted := map[int64]feed.Push{}
	var order []int64
	if plan.On {
		if err := t.each(`SELECT s.sub, s.hub, s.topic, o.name FROM subscriptions s JOIN sources o ON o.source = s.source
			WHERE s.hub <> '' AND s.wanted AND s.active AND o.active ORDER BY s.sub`, nil, func(s scan) error {
			var p feed.Push
			err := s(&p.Sub, &p.Hub, &p.Topic, &p.Source)
			if !slices.Contains(plan.Quiet, p.Source) {
				wanted[p.Sub], order = p, append(order, p.Sub)
			}
			return err
		}); err != nil {
			return c, err
		}
	}
	bySub := map[int64][]feed.Push{}
	if err := t.each(`SELECT `+pushColumns+` ORDER BY p.push`, nil, func(s scan) error {
		p, err := readPush(s)
		bySub[p.Sub] = append(bySub[p.Sub], p)
		if _, ok := wanted[p.Sub]; !ok && len(bySub[p.Sub]) == 1 {
			order = append(order, p.Sub)
		}
		return err
	}); err != nil {
		return c, err
	}
	for _, sub := range order {
		w, ok := wanted[sub]
		c.compare(w, ok, plan.Base, bySub[sub], now)
	}
	return c, nil
}

// compare says what is to be done about one feed's subscriptions.
func (c *pushChange) compare(want feed.Push, wanted bool, base string, have []feed.Push, now time.Time) {
	live, renewable := false, -1
	for i, p := range have {
		ahead := now.Add(longestPush)
		same := wanted && p.Hub == want.Hub && p.Topic == want.Topic && p.Base == base && !p.Until.After(ahead) && !p.Next.After(ahead)
		switch {
		case p.State == feed.PushLeaving:
		case p.State == feed.PushVerified && !p.Until.After(now):
			c.drop = append(c.drop, p)
			c.lapsed = append(c.lapsed, p.Sub)
		case !same && (p.State == feed.PushVerified || p.State == feed.PushAsked):
			c.leave = append(c.leave, p)
			if p.State == feed.PushVerified {
				c.lapsed = append(c.lapsed, p.Sub)
			}
		case !same:
			c.drop = append(c.drop, p)
		case p.State == feed.PushVerified && !p.Next.After(now):
			renewable = i
		default:
			live = true
		}
	}
	switch {
	case renewable >= 0:
		c.renew = append(c.renew, have[renewable])
		if !live {
			c.add = append(c.add, want)
		}
	case wanted && !live:
		c.add = append(c.add, want)
	}
}

// changePushes does what is to be done.
func (t *tx) changePushes(now time.Time, plan feed.PushPlan, c pushChange) error {
	for _, p := range c.drop {
		if _, err := t.exec(`DELETE FROM pushes WHERE push = ?`, p.Row); err != nil {
			return err
		}
	}
	for _, p := range c.leave {
		if err := t.leavePush(now, `push = ?`, p.Row); err != nil {
			return err
		}
	}
	for _, p := range c.renew { // once: until it ends, or the new one is verified
		if _, err := t.exec(`UPDATE pushes SET next = until WHERE push = ?`, p.Row); err != nil {
			return err
		}
	}
	for _, p := range c.add {
		secret := ""
		if strings.HasPrefix(strings.ToLower(p.Hub), "https:") { // it is told to nobody in clear (WSS-2)
			secret = rand.Text() + rand.Text()
		}
		if _, err := t.exec(`INSERT INTO pushes (sub, hub, topic, base, token, secret, state, since, until, next)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.Sub, p.Hub, p.Topic, plan.Base, rand.Text(), secret,
			feed.PushWanted, micros(time.Time{}), micros(time.Time{}), micros(now)); err != nil {
			return err
		}
	}
	for _, sub := range c.lapsed {
		if err := t.lapse(now, sub); err != nil {
			return err
		}
	}
	return nil
}

// leavePush has the hub told that subscriptions are over.
func (t *tx) leavePush(now time.Time, where string, args ...any) error {
	_, err := t.exec(`UPDATE pushes SET state = ?, next = ?, tries = 0, why = '', claim = '' WHERE `+where,
		append(list(feed.PushLeaving, micros(now)), args...)...)
	return err
}

// lapse has a feed polled soon that was polled rarely because its hub pushed. Nothing else
// that its next poll waits for is cut short.
func (t *tx) lapse(now time.Time, sub int64) error {
	return t.hasten(now, sub, cadenceRest, lapsedReason, `reason = ?`, feed.PushReason)
}

// hasten moves a feed's next poll forward, to floor after the last one at the earliest,
// if where holds.
func (t *tx) hasten(now time.Time, sub int64, floor time.Duration, why, where string, args ...any) error {
	const soon = `max(?, held_until, last_poll + ?)`
	at := list(micros(now), floor.Microseconds())
	n, err := t.exec(`UPDATE subscriptions SET next_poll = `+soon+`, reason = ? WHERE sub = ? AND wanted
		AND next_poll > `+soon+` AND `+where, slices.Concat(at, list(why, sub), at, args)...)
	if err != nil || n == 0 {
		return err
	}
	var host string
	if _, err := t.one(`SELECT host FROM subscriptions WHERE sub = ?`, list(sub), &host); err != nil {
		return err
	}
	return t.settle(host, micros(time.Time{}))
}

// Hasten implements worker.Doorbell.
func (s *Store) Hasten(ctx context.Context, now time.Time, sub int64, floor time.Duration) error {
	return s.write(ctx, "hastening a poll", func(t *tx) error {
		return t.hasten(now, sub, floor, announcedReason, `state = ?`, feed.StateOK)
	})
}

// ClaimPush implements push.Store.
func (s *Store) ClaimPush(ctx context.Context, now time.Time) (p feed.Push, ok bool, err error) {
	const due = ` WHERE p.next <= ? AND p.state <> 'verified' ORDER BY p.next, p.push LIMIT 1`
	find := func(t *tx) error {
		ok = false
		return t.each(`SELECT `+pushColumns+due, list(micros(now)), func(s scan) (err error) {
			p, err = readPush(s)
			ok = true
			return err
		})
	}
	// Most of the time there is nothing to do, and then nobody waits for the lock.
	if err := s.read(ctx, "looking for a hub to ask", find); err != nil || !ok {
		return feed.Push{}, false, err
	}
	err = s.write(ctx, "claiming a subscription", func(t *tx) error {
		if err := find(t); err != nil || !ok {
			return err
		}
		p.Claim = rand.Text()
		// From now on the hub may verify it: it need not have answered before.
		state := feed.PushAsked
		if p.State == feed.PushLeaving {
			state = feed.PushLeaving
		}
		tries := p.Tries + 1
		if p.State == feed.PushAsked { // the time to verify it is over: it is not asked now
			tries = p.Tries
		}
		p.Tries = tries
		_, err := t.exec(`UPDATE pushes SET state = ?, tries = ?, claim = ?, next = ? WHERE push = ?`,
			state, tries, p.Claim, micros(now.Add(claimTime)), p.Row)
		return err
	})
	return p, ok && err == nil, err
}

// FinishPush implements push.Store.
func (s *Store) FinishPush(ctx context.Context, p feed.Push) error {
	return s.write(ctx, "storing what a hub answered", func(t *tx) error {
		if p.State == feed.PushNone {
			_, err := t.exec(`DELETE FROM pushes WHERE push = ? AND claim = ? AND claim <> ''`, p.Row, p.Claim)
			return err
		}
		_, err := t.exec(`UPDATE pushes SET state = ?, next = ?, tries = ?, why = ?, claim = ''
			WHERE push = ? AND claim = ? AND claim <> ''`, p.State, micros(p.Next), p.Tries, p.Why, p.Row, p.Claim)
		return err
	})
}

// PushAt implements push.Store.
func (s *Store) PushAt(ctx context.Context, token string) (p feed.Push, ok bool, err error) {
	err = s.read(ctx, "looking for a subscription", func(t *tx) (err error) {
		p, ok, err = t.pushAt(token)
		return err
	})
	return p, ok && err == nil, err
}

func (t *tx) pushAt(token string) (p feed.Push, ok bool, err error) {
	err = t.each(`SELECT `+pushColumns+` WHERE p.token = ?`, list(token), func(s scan) (err error) {
		p, err = readPush(s)
		ok = true
		return err
	})
	return p, ok, err
}

// ConfirmPush implements push.Store.
func (s *Store) ConfirmPush(ctx context.Context, now time.Time, token, topic string, lease time.Duration) (
	confirmed bool, err error) {
	err = s.write(ctx, "verifying a subscription", func(t *tx) error {
		confirmed = false
		p, ok, err := t.pushAt(token)
		if err != nil || !ok || !p.Pending() || p.Topic != topic {
			return err
		}
		confirmed = true
		since := now
		if p.State == feed.PushVerified {
			since = p.Since
		}
		if _, err := t.exec(`UPDATE pushes SET state = ?, since = ?, until = ?, next = ?, tries = 0, why = '', claim = ''
			WHERE push = ?`, feed.PushVerified, micros(since), micros(now.Add(lease)), micros(now.Add(feed.RenewAfter(lease))),
			p.Row); err != nil {
			return err
		}
		return t.leavePush(now, `sub = ? AND push <> ? AND state = ?`, p.Sub, p.Row, feed.PushVerified)
	})
	return confirmed && err == nil, err
}

// LeavePush implements push.Store.
func (s *Store) LeavePush(ctx context.Context, token, topic string) (left bool, err error) {
	err = s.write(ctx, "ending a subscription", func(t *tx) error {
		n, err := t.exec(`DELETE FROM pushes WHERE token = ? AND topic = ? AND state = ?`, token, topic, feed.PushLeaving)
		left = n > 0
		return err
	})
	return left && err == nil, err
}

// DenyPush implements push.Store.
func (s *Store) DenyPush(ctx context.Context, now time.Time, token, topic, why string) (denied bool, err error) {
	err = s.write(ctx, "noting that a hub refused", func(t *tx) error {
		denied = false
		p, ok, err := t.pushAt(token)
		if err != nil || !ok || p.Topic != topic || p.State == feed.PushWanted {
			return err
		}
		denied = true
		if p.State == feed.PushLeaving {
			_, err := t.exec(`DELETE FROM pushes WHERE push = ?`, p.Row)
			return err
		}
		if _, err := t.exec(`UPDATE pushes SET state = ?, next = ?, why = ?, tries = 0, claim = '', until = ? WHERE push = ?`,
			feed.PushDenied, micros(now.Add(deniedRest)), why, micros(time.Time{}), p.Row); err != nil {
			return err
		}
		if p.State != feed.PushVerified {
			return nil
		}
		return t.lapse(now, p.Sub)
	})
	return denied && err == nil, err
}

// Pushes gives every configured feed that offers a hub or has a subscription at one, in
// the order of the configuration.
func (s *Store) Pushes(ctx context.Context) (out []feed.PushStatus, err error) {
	err = s.read(ctx, "looking at hubs", func(t *tx) error {
		out = nil
		// Of several subscriptions the one counts that pushes; then the latest.
		return t.each(`SELECT o.name, s.url, coalesce(p.hub, s.hub), coalesce(p.state, ''), coalesce(p.since, ?),
			coalesce(p.until, ?), coalesce(p.next, ?), coalesce(p.why, '') FROM subscriptions s
			JOIN sources o ON o.source = s.source LEFT JOIN pushes p ON p.push = (SELECT q.push FROM pushes q
				WHERE q.sub = s.sub AND q.state <> ? ORDER BY q.state = ? DESC, q.push DESC LIMIT 1)
			WHERE s.active AND o.active AND (s.hub <> '' OR p.push IS NOT NULL) ORDER BY o.ord, s.ord`,
			list(micros(time.Time{}), micros(time.Time{}), micros(time.Time{}), feed.PushLeaving, feed.PushVerified),
			func(s scan) error {
				var p feed.PushStatus
				var since, until, next int64
				err := s(&p.Source, &p.URL, &p.Hub, &p.State, &since, &until, &next, &p.Why)
				p.Since, p.Until, p.Next = momentOf(since), momentOf(until), momentOf(next)
				out = append(out, p)
				return err
			})
	})
	return out, err
}

// ClaimFor implements worker.Doorbell. No request will be sent, so that neither the host's
// gap nor a hold is in the way; but two feeds of one source are never written at once.
func (s *Store) ClaimFor(ctx context.Context, now time.Time, sub int64, until time.Time) (
	claim feed.Claim, retry time.Time, ok bool, err error) {
	err = s.write(ctx, "claiming a feed", func(t *tx) error {
		claim, retry, ok = feed.Claim{}, time.Time{}, false
		var busy int64
		found, err := t.one(`SELECT coalesce((SELECT max(l.until) FROM leases l WHERE l.source = s.source AND l.until > ?), 0)
			FROM subscriptions s WHERE s.sub = ? AND s.wanted`, list(micros(now), sub), &busy)
		switch {
		case err != nil:
			return err
		case !found: // not configured, paused or gone meanwhile
			return nil
		case busy > 0:
			retry = moment(busy)
			return nil
		}
		ok = true
		claim, err = t.claim(now, sub, until)
		return err
	})
	return claim, retry, ok && err == nil, err
}
