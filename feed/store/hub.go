package store

import (
	"context"
	"crypto/rand"
	"time"

	"broadsheet/feed"
)

// unverified is how long an intent waits for its callback to be asked: longer than any
// hold-up of ours, and short enough that nobody is asked out of the blue.
const unverified = time.Hour

// HubAsk implements websub.Store.
func (s *Store) HubAsk(ctx context.Context, now time.Time, ask feed.Intent, limits feed.HubLimits) (
	refusal feed.HubRefusal, err error) {
	// A flood of requests that are refused shall not keep others from writing.
	err = s.read(ctx, "taking a request for the hub", func(t *tx) error {
		_, refusal, err = t.hears(now, ask, limits)
		return err
	})
	if err != nil || refusal != feed.HubTakes {
		return refusal, err
	}
	err = s.write(ctx, "taking a request for the hub", func(t *tx) error {
		var at *topic
		if at, refusal, err = t.hears(now, ask, limits); err != nil || refusal != feed.HubTakes {
			return err
		}
		_, err = t.exec(`INSERT INTO intents (section, file, callback, domain, topic, mode, secret, lease, reason,
			hash, upto, asked, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?,
			(SELECT announced FROM sections WHERE section = ?), ?, ?)
			ON CONFLICT (section, file, callback) DO UPDATE SET domain = excluded.domain, topic = excluded.topic,
			mode = excluded.mode, secret = excluded.secret, lease = excluded.lease, reason = '',
			asked = excluded.asked, due = excluded.due, token = '', tries = 0`,
			at.section, at.file, ask.Callback, ask.Domain, ask.Topic, ask.Mode, ask.Secret, ask.Lease.Microseconds(),
			at.hash, at.section, micros(now), micros(now))
		return err
	})
	return refusal, err
}

// hears tells whether a request is taken, and for which topic.
func (t *tx) hears(now time.Time, ask feed.Intent, limits feed.HubLimits) (*topic, feed.HubRefusal, error) {
	topics, err := t.topics()
	if err != nil {
		return nil, "", err
	}
	var at *topic
	for _, p := range topics {
		if p.path == ask.Path {
			at = p
		}
	}
	if at == nil {
		return nil, feed.HubNoTopic, nil
	}
	var known bool
	var all, ofDomain, waiting, waitingOfDomain int
	var full int64
	if _, err := t.one(`SELECT (SELECT count(*) FROM intents), (SELECT count(*) FROM intents WHERE domain = ?),
		(SELECT count(*) FROM subscribers), (SELECT count(*) FROM subscribers WHERE domain = ?),
		EXISTS (SELECT 1 FROM subscribers WHERE section = ? AND file = ? AND callback = ?),
		coalesce((SELECT full FROM callback_domains WHERE domain = ?), 0)`,
		list(ask.Domain, ask.Domain, at.section, at.file, ask.Callback, ask.Domain),
		&waiting, &waitingOfDomain, &all, &ofDomain, &known, &full); err != nil {
		return nil, "", err
	}
	switch {
	case waiting >= limits.Intents:
		return nil, feed.HubFull, nil
	case waitingOfDomain >= limits.Burst, bucketOpens(now, full, limits) > micros(now):
		return nil, feed.HubDomainWaits, nil
	case known || ask.Mode == feed.HubUnsubscribe:
		return at, feed.HubTakes, nil
	case all >= limits.Subscribers:
		return nil, feed.HubFull, nil
	case ofDomain+waitingOfDomain >= limits.PerDomain:
		return nil, feed.HubDomainFull, nil
	default:
		return at, feed.HubTakes, nil
	}
}

// bucketOpens is when the next request may be made of a domain whose budget is whole
// again at full.
func bucketOpens(now time.Time, full int64, limits feed.HubLimits) int64 {
	return max(full-(time.Duration(limits.Burst-1)*limits.Pace).Microseconds(), micros(now))
}

// spend takes a request from a domain's budget; a negative one puts it back.
func (t *tx) spend(now time.Time, domain string, pace time.Duration) error {
	_, err := t.exec(`INSERT INTO callback_domains (domain, full) VALUES (?, ?)
		ON CONFLICT (domain) DO UPDATE SET full = max(full, ?) + ?`,
		domain, micros(now)+max(pace.Microseconds(), 0), micros(now), pace.Microseconds())
	return err
}

// HubIntents implements websub.Store.
func (s *Store) HubIntents(ctx context.Context, now time.Time, most int, limits feed.HubLimits, until time.Time) (
	[]feed.Intent, error) {
	const due = `due <= ? AND (token = '' OR leased <= ?)`
	var any bool
	if err := s.read(ctx, "looking for what to verify", func(t *tx) error {
		_, err := t.one(`SELECT EXISTS (SELECT 1 FROM intents WHERE `+due+`)`, list(micros(now), micros(now)), &any)
		return err
	}); err != nil || !any || most == 0 {
		return nil, err
	}
	var out []feed.Intent
	err := s.write(ctx, "claiming what to verify", func(t *tx) error {
		var found []feed.Intent
		if err := t.each(`SELECT intent, section, file, callback, domain, topic, mode, secret, lease, reason, tries
			FROM intents WHERE `+due+` ORDER BY due, intent LIMIT ?`, list(micros(now), micros(now), batch),
			func(s scan) error {
				var i feed.Intent
				var section, lease int64
				var file string
				err := s(&i.Row, &section, &file, &i.Callback, &i.Domain, &i.Topic, &i.Mode, &i.Secret, &lease, &i.Reason, &i.Tries)
				i.Lease = time.Duration(lease) * time.Microsecond
				found = append(found, i)
				return err
			}); err != nil {
			return err
		}
		out = nil
		for _, i := range found {
			if len(out) == most {
				return nil
			}
			ok, err := t.claimIntent(now, &i, limits, until)
			if err != nil {
				return err
			}
			if ok {
				out = append(out, i)
			}
		}
		return nil
	})
	return out, err
}

// claimIntent takes an intent if its domain's budget lets it be verified now; else it
// comes due when that does. What is told to those who are known costs none.
func (t *tx) claimIntent(now time.Time, i *feed.Intent, limits feed.HubLimits, until time.Time) (bool, error) {
	if i.Mode != feed.HubDenied {
		full := int64(0)
		if _, err := t.one(`SELECT full FROM callback_domains WHERE domain = ?`, list(i.Domain), &full); err != nil {
			return false, err
		}
		if opens := bucketOpens(now, full, limits); opens > micros(now) {
			_, err := t.exec(`UPDATE intents SET due = ? WHERE intent = ?`, opens, i.Row)
			return false, err
		}
		if err := t.spend(now, i.Domain, limits.Pace); err != nil {
			return false, err
		}
	}
	i.Token = rand.Text()
	_, err := t.exec(`UPDATE intents SET token = ?, leased = ? WHERE intent = ?`, i.Token, micros(until), i.Row)
	return true, err
}

// HubVerified implements websub.Store.
func (s *Store) HubVerified(ctx context.Context, now time.Time, i feed.Intent, limits feed.HubLimits) error {
	return s.write(ctx, "storing a verified subscription", func(t *tx) error {
		var key topicKey
		found, err := t.one(`SELECT section, file FROM intents WHERE intent = ? AND token = ?`, list(i.Row, i.Token),
			&key.section, &key.file)
		if err != nil || !found {
			return err
		}
		if err := t.spend(now, i.Domain, -limits.Pace); err != nil {
			return err
		}
		if i.Mode == feed.HubUnsubscribe {
			if _, err := t.exec(`DELETE FROM subscribers WHERE section = ? AND file = ? AND callback = ?`,
				key.section, key.file, i.Callback); err != nil {
				return err
			}
		} else if err := t.subscribe(now, i, key, limits); err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM intents WHERE intent = ? AND token = ? AND mode <> ?`, i.Row, i.Token, feed.HubDenied)
		return err
	})
}

// subscribe makes a subscriber of a verified intent, or gives one that there is another
// lease and secret. What came in the time since it was asked for is delivered. Should
// there be too many by now, the intent becomes a denial.
func (t *tx) subscribe(now time.Time, i feed.Intent, key topicKey, limits feed.HubLimits) error {
	var known bool
	var all, ofDomain int
	if _, err := t.one(`SELECT EXISTS (SELECT 1 FROM subscribers WHERE section = ? AND file = ? AND callback = ?),
		(SELECT count(*) FROM subscribers), (SELECT count(*) FROM subscribers WHERE domain = ?)`,
		list(key.section, key.file, i.Callback, i.Domain), &known, &all, &ofDomain); err != nil {
		return err
	}
	if !known && (all >= limits.Subscribers || ofDomain >= limits.PerDomain) {
		_, err := t.exec(`UPDATE intents SET mode = ?, reason = ?, token = '', tries = 0, due = ? WHERE intent = ?`,
			feed.HubDenied, "this hub has no room for more subscriptions", micros(now), i.Row)
		return err
	}
	_, err := t.exec(`INSERT INTO subscribers (section, file, callback, domain, topic, secret, until, hash, upto, due)
		SELECT section, file, callback, domain, topic, secret, ?, hash, upto, ? FROM intents WHERE intent = ?
		ON CONFLICT (section, file, callback) DO UPDATE SET domain = excluded.domain, topic = excluded.topic,
		secret = excluded.secret, until = excluded.until, due = excluded.due, tries = 0, error = ''`,
		micros(now.Add(i.Lease)), micros(now), i.Row)
	return err
}

// HubUnverified implements websub.Store.
func (s *Store) HubUnverified(ctx context.Context, i feed.Intent, again time.Time) error {
	return s.write(ctx, "storing a failed verification", func(t *tx) error {
		if again.IsZero() {
			_, err := t.exec(`DELETE FROM intents WHERE intent = ? AND token = ?`, i.Row, i.Token)
			return err
		}
		_, err := t.exec(`UPDATE intents SET token = '', tries = tries + 1, due = ? WHERE intent = ? AND token = ?`,
			micros(again), i.Row, i.Token)
		return err
	})
}

// HubKeep implements websub.Store.
func (s *Store) HubKeep(ctx context.Context, now time.Time) error {
	return s.write(ctx, "keeping the hub's house", func(t *tx) error {
		at := micros(now)
		// Whoever subscribed to what there is no more is told so.
		const gone = `section IN (SELECT section FROM sections WHERE NOT active)`
		if err := t.dismiss(now, "this feed is not published any more", gone); err != nil {
			return err
		}
		for _, step := range []struct {
			statement string
			args      []any
		}{
			{`DELETE FROM subscribers WHERE until <= ?`, list(at)},
			{`DELETE FROM intents WHERE asked <= ?`, list(micros(now.Add(-unverified)))},
			{`DELETE FROM callback_domains WHERE full <= ?`, list(at)},
			{`DELETE FROM announced WHERE ` + gone, nil},
			// What a clock that ran ahead left behind.
			{`UPDATE intents SET asked = ?, due = ?, token = '' WHERE asked > ?`, list(at, at, micros(now.Add(clockSlack)))},
			{`UPDATE intents SET token = '' WHERE token <> '' AND leased > ?`, list(micros(now.Add(longestLease)))},
			{`UPDATE subscribers SET token = '' WHERE token <> '' AND leased > ?`, list(micros(now.Add(longestLease)))},
			{`UPDATE subscribers SET due = ? WHERE due > ?`, list(at, micros(now.Add(longestLease)))},
			{`UPDATE pings SET due = ?, token = '' WHERE due > ? OR leased > ?`,
				list(at, micros(now.Add(longestLease)), micros(now.Add(longestLease)))},
			{`UPDATE callback_domains SET full = ? WHERE full > ?`, list(at, micros(now.Add(longestLease)))},
		} {
			if _, err := t.exec(step.statement, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// dismiss ends the subscriptions of sections that where names, and tells the subscribers
// why: what they subscribed to is not there any more.
func (t *tx) dismiss(now time.Time, why, where string, args ...any) error {
	at := micros(now)
	if _, err := t.exec(`INSERT INTO intents (section, file, callback, domain, topic, mode, secret, lease, reason,
		hash, upto, asked, due) SELECT section, file, callback, domain, topic, ?, '', 0, ?, '', upto, ?, ?
		FROM subscribers WHERE until > ? AND `+where+`
		ON CONFLICT (section, file, callback) DO UPDATE SET mode = excluded.mode, reason = excluded.reason,
		asked = excluded.asked, due = excluded.due, token = '', tries = 0`,
		append(list(feed.HubDenied, why, at, at, at), args...)...); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM subscribers WHERE `+where, args...)
	return err
}

// HubNext implements websub.Store.
func (s *Store) HubNext(ctx context.Context, now time.Time, hubs []string) (next time.Time, err error) {
	err = s.read(ctx, "looking when the hub has something to do", func(t *tx) error {
		first, at := int64(never), micros(now)
		if _, err := t.one(`SELECT min(
			coalesce((SELECT min(CASE WHEN token <> '' AND leased > ? THEN leased ELSE due END) FROM intents), ?),
			coalesce((SELECT min(leased) FROM subscribers WHERE token <> '' AND leased > ?), ?),
			coalesce((SELECT min(leased) FROM pings WHERE token <> '' AND leased > ?), ?))`,
			list(at, first, at, first, at, first), &first); err != nil {
			return err
		}
		if err := t.behind(at, never, func(w waiting) bool {
			first = min(first, w.due)
			return false // they come the first due first
		}); err != nil {
			return err
		}
		if len(hubs) > 0 {
			errands, err := t.errands(now, hubs, 0)
			if err != nil {
				return err
			}
			for _, e := range errands {
				if !e.held {
					first = min(first, micros(e.due))
				}
			}
		}
		if next = (time.Time{}); first != never {
			next = moment(max(first, at))
		}
		return nil
	})
	return next, err
}

// HubStatus counts the hub's subscribers.
func (s *Store) HubStatus(ctx context.Context, now time.Time) (status feed.HubStatus, err error) {
	err = s.read(ctx, "counting the hub's subscribers", func(t *tx) error {
		status = feed.HubStatus{}
		if _, err := t.one(`SELECT count(*), coalesce(sum(tries > 0), 0), (SELECT count(*) FROM intents WHERE mode <> ?)
			FROM subscribers WHERE until > ?`, list(feed.HubDenied, micros(now)),
			&status.Subscribers, &status.Failing, &status.Unverified); err != nil {
			return err
		}
		return t.behind(micros(now), never, func(waiting) bool {
			status.Behind++
			return true
		})
	})
	return status, err
}
