package store

import (
	"net/url"
	"strings"
	"time"

	"broadsheet/feed"
)

// hold keeps every feed of the server that was polled from being asked before
// until: those whose urls have its host and port. Other servers of the same
// domain are not meant.
func (t *tx) hold(claim feed.Claim, until time.Time) error {
	if until.IsZero() {
		return nil
	}
	server := serverOf(claim.URL)
	var held []int64
	if err := t.each(`SELECT sub, url FROM subscriptions WHERE host = ?`, list(claim.Lease.Host),
		func(s scan) error {
			var sub int64
			var address string
			err := s(&sub, &address)
			if serverOf(address) == server {
				held = append(held, sub)
			}
			return err
		}); err != nil {
		return err
	}
	end := micros(until)
	for _, sub := range held {
		if _, err := t.exec(`UPDATE subscriptions SET held_until = ? WHERE sub = ? AND held_until < ?`,
			end, sub, end); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE subscriptions SET next_poll = ?, reason = ?
			WHERE sub = ? AND next_poll < ?`, end, "Retry-After of its server", sub, end); err != nil {
			return err
		}
	}
	return nil
}

// serverOf is the host and port of a url, in lower case; the url itself if it
// has none.
func serverOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.ToLower(u.Host)
}
