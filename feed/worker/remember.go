package worker

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"broadsheet/feed"
)

// visiting is where and how a claimed feed is to be asked at now. taken: another
// feed is configured where it moved to. bare: without the validators that there are.
func visiting(claim feed.Claim, sub feed.Subscription, taken bool, now time.Time) (v feed.Visit, bare bool) {
	v = feed.Visit{URL: addressOf(claim), Memo: claim.Memo}
	if taken {
		v.URL = claim.URL
	}
	if claim.History.Retold { // by its hub: the origin is to say it, too
		v.Memo.Digest = ""
		if !sub.Conditional {
			v.Memo.ETag, v.Memo.LastModified = "", ""
		}
	}
	if bare = wantsFull(sub, v.Memo, claim.History, now); bare {
		v.Memo.ETag, v.Memo.LastModified = "", ""
	}
	return v, bare
}

// trip is one poll as it went, seen from the schedule.
type trip struct {
	job   assignment
	visit feed.Visit
	bare  bool
	out   feed.Outcome
	sent  time.Time // when its first request went out; zero if none did
}

// remember fills in what a poll means for the feed's next one: its history and
// state, whom its server holds, when it comes and why then. It comes last, for
// the articles that the poll brought are part of the feed's rhythm.
func (w *Worker) remember(ctx context.Context, r *feed.Report, t trip) error {
	now := w.Clock()
	h := withFull(r.History, t.bare, r.Failure, r.Status, r.Started)
	h.Took = now.Sub(r.Started)
	r.State = stateAfter(r.Claim, r.Failure, r.Started)
	switch {
	case r.Failure == nil:
		h.Ill = time.Time{}
		h.Fresh = freshness(h.Fresh, t.out)
		h = withNews(h, r.Arrivals, r.Claim.First, now)
		h.Retold = h.Retold && r.Status != feed.Changed
		if missed(r.Claim, r.Arrivals, now) {
			h.Missed = now
		}
		move, err := w.move(ctx, r.Claim, t, now)
		if err != nil {
			return err
		}
		h.Move = move
	case r.Failure.Kind == feed.KindGone && t.visit.URL != r.Claim.URL:
		h.Move = undone(h.Move, now)
		r.State = feed.StateFailing
	}
	if r.Failure != nil && r.Failure.Kind != feed.KindBusy && h.Ill.IsZero() {
		h.Ill = r.Started
	}
	r.History = h
	r.Hold = w.hold(t, r.Failure, now)
	r.Next, r.Reason = Next(w.asked(r, t, now))
	return nil
}

// asked is all that the feed's next poll depends on.
func (w *Worker) asked(r *feed.Report, t trip, now time.Time) Asked {
	a := Asked{
		Name: r.Claim.Source + " " + r.Claim.URL, Cadence: t.job.cadence, Floor: w.Desk.Floor,
		Ceiling: w.Desk.ceiling(), Start: r.Started, Now: now, First: r.Claim.First, Hints: t.out.Hints,
		Fresh:  r.History.Fresh,
		Header: r.Header, Failure: r.Failure, News: r.History.News, Watched: r.History.Watched,
		Elsewhere: !answeredHeld(t.out.Trace), PushUntil: pushes(r.Claim, r.History, now),
	}
	if t.sent.After(a.Start) {
		a.Start = t.sent
	}
	if r.Failure != nil {
		a.Failures = r.Claim.Failures + 1
		a.Ill = r.Started.Sub(illSince(r.Claim, r.Started))
		if r.Failure.Kind == feed.KindGone && r.State != feed.StateGone {
			failure := *r.Failure
			failure.Kind = feed.KindMissing // only the new address is gone
			a.Failure = &failure
		}
	}
	return a
}

// freshness is for how long a good answer stays good: as long as it says, and
// after a 304 that does not say, as long as the answer did that it stands for.
func freshness(before time.Duration, o feed.Outcome) time.Duration {
	if o.Status == feed.NotModified && !o.Hints.Said {
		return before
	}
	return o.Hints.Fresh
}

// move is where the feed is after a good poll.
func (w *Worker) move(ctx context.Context, claim feed.Claim, t trip, now time.Time) (feed.Move, error) {
	before := claim.History.Move
	led := Led{Configured: claim.URL, Asked: t.visit.URL, Permanent: t.out.Trace.Permanent, At: now}
	after, adopt := moved(before, led, w.Desk.has(claim, led.Permanent))
	if !adopt {
		return after, nil
	}
	taken, err := w.Archive.Taken(ctx, claim, led.Permanent)
	if err != nil {
		return before, err
	}
	if taken {
		after, _ = moved(before, led, true)
		return after, nil
	}
	// Addresses may hold keys: status shows them without.
	w.Log.Info("a feed moved; status says which url to change in the configuration",
		"source", claim.Source, "server", serverOf(led.Permanent))
	return after, nil
}

// hold is which server asked to be left alone, and until when; zero if none did.
func (w *Worker) hold(t trip, failure *feed.Error, now time.Time) feed.Hold {
	if failure == nil || failure.Kind != feed.KindHeld {
		return feed.Hold{}
	}
	h := feed.Hold{Until: now.Add(min(t.out.Hints.RetryAfter, maxRetryAfter))}
	server := serverOf(t.out.Trace.URL)
	budget, _ := w.Desk.Budget(server)
	switch {
	case server == "", !answeredHeld(t.out.Trace): // known before: only this feed is new to it
	case budget == t.job.sub.Host && t.job.sub.HoldAlone, w.Desk.HoldAlone != nil && w.Desk.HoldAlone(server):
	default:
		h.Server, h.Host = server, budget
	}
	return h
}

// answeredHeld tells whether a server answered that it wants to be left alone, and
// was not merely known to want it.
func answeredHeld(t feed.Trace) bool {
	return t.Code == http.StatusTooManyRequests || t.Code == http.StatusServiceUnavailable
}

// serverOf is the host of a URL, with its port if not the scheme's.
func serverOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Host)
	return strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[strings.ToLower(u.Scheme)])
}
