package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"broadsheet/feed"
	"broadsheet/sources/fetch/robots"
)

const (
	// robotsAge is how long a robots.txt is believed (RFC 9309 §2.4).
	robotsAge = 24 * time.Hour
	// robotsRetry is when one is asked for again that could not be read.
	robotsRetry = 10 * time.Minute
	// robotsRedirects are followed to a robots.txt (RFC 9309 §2.3.1.2).
	robotsRedirects = 5
	// maxRest is how much of a Crawl-delay is kept, and the longest that a request
	// rests: it does so with its host's lease in hand, which nobody else can use
	// meanwhile and which ends in a few minutes.
	maxRest = 30 * time.Second
	// maxOrigins and maxRobots bound what is remembered: so many origins, and so
	// many bytes of rules.
	maxOrigins = 1000
	maxRobots  = 16 << 20
)

// obey asks whether robots.txt lets the next request be made, and gives the rest
// that it wants before it. Only pages ask; feeds are what a person wrote down.
func (t *trip) obey(ctx context.Context) (*rest, *feed.Error) {
	if !t.req.Page {
		return nil, nil
	}
	origin := robotsKey{t.wayKey(), t.url.Scheme, t.url.Host, robots.Product(t.userAgent())}
	word := t.client.robots.get(origin, time.Now())
	if word == nil {
		var ferr *feed.Error
		if word, ferr = t.askRobots(ctx, origin.product); word != nil {
			t.client.robots.put(origin, word)
		}
		if ferr != nil {
			return nil, ferr
		}
	}
	switch {
	case word.refusal != "":
		t.res.Hints.RetryAfter = max(time.Until(word.held), 0)
		return nil, &feed.Error{Kind: feed.KindRobots, Text: word.refusal}
	case !word.file.Allows(t.url):
		return nil, &feed.Error{Kind: feed.KindRobots,
			Text: "robots.txt of " + t.url.Host + " does not allow it"}
	}
	return &word.rest, nil
}

// askRobots gets the robots.txt of the next request's origin, through the gate
// and the same way, but without what lets anyone in. Without a word the error is
// not the origin's: we were stopped, or may not ask it. With one, the server asked
// to be left alone, by its answer to this very question.
func (t *trip) askRobots(ctx context.Context, product string) (*robotsWord, *feed.Error) {
	at := url.URL{Scheme: t.url.Scheme, Host: t.url.Host, Path: robots.Path}
	ask, ferr := newTrip(t.client, t.gate, Request{URL: at.String(), Accept: "text/plain, */*;q=0.1",
		Access: abroad(t.access)})
	if ferr != nil {
		return nil, ferr
	}
	ask.hops = robotsRedirects
	ask.limit = bodyLimit{bytes: robots.MaxBytes + 1, cut: true} // one more tells that it was cut
	if ferr = ask.run(ctx); ferr != nil {
		switch ferr.Kind {
		case feed.KindCanceled, feed.KindFenced, feed.KindBusy, feed.KindUnknown:
			return nil, ferr
		}
	}
	if ferr == nil || ferr.Kind != feed.KindHeld {
		return t.heard(ask, product, ferr), nil
	}
	t.res.Hints.RetryAfter = ask.res.Hints.RetryAfter
	if ask.res.Trace.Code == 0 {
		return nil, ferr // it had asked before, and the gate knew
	}
	t.res.Trace.URL, t.res.Trace.Code = ask.res.Trace.URL, ask.res.Trace.Code
	word := t.heard(ask, product, ferr)
	return word, &feed.Error{Kind: feed.KindHeld, Text: word.refusal}
}

// heard is what an answer to the question for robots.txt means (RFC 9309 §2.3.1).
func (t *trip) heard(ask *trip, product string, failure *feed.Error) *robotsWord {
	now := time.Now()
	word := &robotsWord{file: robots.Parse(ask.res.Body, product), until: now.Add(robotsAge)}
	word.rest.gap = min(word.file.Delay(), maxRest)
	if failure == nil || saysNone(ask.res.Trace.Code, failure.Kind) {
		return word
	}
	wait := ask.res.Hints.RetryAfter
	if wait > 0 {
		word.held = now.Add(wait)
	}
	word.until = now.Add(min(max(wait, robotsRetry), robotsAge))
	word.refusal = fmt.Sprintf("robots.txt of %s could not be read, so no page is asked for: %s",
		t.url.Host, failure.Sentence())
	return word
}

// saysNone reports whether an answer says that there is no robots.txt, so that all
// is allowed: a 4xx, an empty one, or a redirect that leads nowhere. Its own status
// decides, for a proxy says 407, too. If the server could not say, nothing is
// allowed; 429 says neither, and is taken for the latter.
func saysNone(code int, kind feed.Kind) bool {
	switch code / 100 {
	case 2:
		return kind == feed.KindEmpty
	case 3:
		return kind == feed.KindRedirect
	case 4:
		return code != http.StatusTooManyRequests
	default:
		return false
	}
}
