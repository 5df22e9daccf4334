package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"broadsheet/feed"
)

// polled is what polls left behind of a feed.
type polled struct {
	source      int64
	url         string
	active      bool // it and its source are configured, and not paused
	title, link string
	image, lang string // of the source, as configured

	neverGood           bool
	state               feed.State
	since               int64
	failures            int
	last, success, next int64
	reason, error       string
	kind                feed.Kind
	code                int
	bytes               int64
	listed              int
	memo, header        string
	history, movedTo    string
	warnings, drops     string
	encodeErr           error
}

// polled reads a feed's row.
func (t *tx) polled(sub int64) (polled, error) {
	var p polled
	found, err := t.one(`SELECT s.source, s.url, s.active AND o.active AND NOT o.paused
		AND NOT o.stopped,
		o.title, o.link, o.image, o.language, s.never_good, s.state, s.since, s.failures,
		s.last_poll, s.last_success, s.next_poll, s.reason, s.error, s.kind, s.code, s.bytes,
		s.listed, s.memo, s.header, s.history, s.warnings, s.drops
		FROM subscriptions s JOIN sources o ON o.source = s.source WHERE s.sub = ?`, list(sub),
		&p.source, &p.url, &p.active, &p.title, &p.link, &p.image, &p.lang, &p.neverGood,
		&p.state, &p.since, &p.failures, &p.last, &p.success, &p.next, &p.reason, &p.error,
		&p.kind, &p.code, &p.bytes, &p.listed, &p.memo, &p.header, &p.history, &p.warnings, &p.drops)
	if err == nil && !found {
		err = fmt.Errorf("there is no feed in row %d", sub)
	}
	return p, err
}

// after is p after another poll.
func (p polled) after(r feed.Report, now time.Time) polled {
	if r.Pushed {
		p.history = p.text(p.taught(r))
		return p
	}
	if r.State != p.state {
		p.state, p.since = r.State, micros(now)
	}
	p.last, p.next, p.reason = micros(r.Started), micros(r.Next), r.Reason
	p.code, p.bytes = r.Trace.Code, r.Trace.Bytes
	p.history = p.text(p.taught(r))
	p.movedTo = r.History.Move.To
	if f := r.Failure; f != nil {
		if f.Kind != feed.KindBusy { // no fault of the feed's
			p.failures++
		}
		p.error, p.kind = f.Sentence(), f.Kind
		return p
	}
	p.neverGood, p.failures, p.error, p.kind = false, 0, "", feed.KindUnknown
	p.success = p.last
	p.memo = p.text(r.Memo)
	if r.Status == feed.Changed {
		p.header, p.listed = p.text(r.Header), r.Listed
		p.warnings, p.drops = p.text(r.Warnings), p.text(countDrops(r.Drops))
	}
	return p
}

// taught is what a poll leaves in the feed's history, with what an operator taught
// its guard meanwhile.
func (p *polled) taught(r feed.Report) feed.History {
	var now feed.History
	p.encodeErr = cmp.Or(p.encodeErr, json.Unmarshal([]byte(p.history), &now))
	h := r.History
	h.Guard.Largest = max(h.Guard.Largest, now.Guard.Largest)
	if now.Guard.Was == "" && r.Claim.History.Guard.Was != "" {
		h.Guard.Was = ""
	}
	return h
}

// text is v as JSON; an error is kept for note.
func (p *polled) text(v any) string {
	b, err := json.Marshal(v)
	p.encodeErr = cmp.Or(p.encodeErr, err)
	return string(b)
}

// countDrops counts drops by their code.
func countDrops(drops []feed.Drop) map[string]int {
	var by map[string]int
	for _, d := range drops {
		if by == nil {
			by = map[string]int{}
		}
		by[d.Code]++
	}
	return by
}

// note writes what a poll left behind of a feed.
func (t *tx) note(sub int64, p polled) error {
	if p.encodeErr != nil {
		return p.encodeErr
	}
	_, err := t.exec(`UPDATE subscriptions SET wanted = ?, never_good = ?, state = ?, since = ?,
		failures = ?, last_poll = ?, last_success = ?, next_poll = ?, reason = ?, error = ?,
		kind = ?, code = ?, bytes = ?, listed = ?, memo = ?, header = ?, history = ?,
		moved_to = ?, warnings = ?, drops = ?
		WHERE sub = ?`, p.active && p.state != feed.StateGone, p.neverGood, p.state, p.since,
		p.failures, p.last, p.success, p.next, p.reason, p.error, p.kind, p.code, p.bytes,
		p.listed, p.memo, p.header, p.history, p.movedTo, p.warnings, p.drops, sub)
	return err
}

// redescribed tells whether the reading list of sources shows something else
// after a poll: it takes from the feed what the configuration does not say.
func (p polled) redescribed(r feed.Report) bool {
	if r.Failure != nil || r.Status != feed.Changed || r.Pushed {
		return false
	}
	var old feed.Header
	if err := json.Unmarshal([]byte(p.header), &old); err != nil {
		return true
	}
	configured := feed.SourceLine{Title: p.title, Link: p.link, Image: p.image, Language: p.lang}
	a, b := describe(configured, old.Channel), describe(configured, r.Header.Channel)
	return a.Title != b.Title || a.Link != b.Link || a.Image != b.Image || a.Language != b.Language
}

// describe fills in from the feed what the configuration does not say.
func describe(line feed.SourceLine, c feed.Channel) feed.SourceLine {
	line.Title = cmp.Or(line.Title, string(c.Title.Value))
	line.Link = cmp.Or(line.Link, c.Link)
	line.Image = cmp.Or(line.Image, c.Image)
	line.Language = cmp.Or(line.Language, c.Language)
	return line
}
