package fetch

import (
	"context"
	"fmt"
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
	// maxRest is how much of a Crawl-delay is kept: a request waits that long with
	// its host's lease in hand, which nobody else can use meanwhile.
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
	origin := robotsKey{t.wayKey(), t.url.Scheme, t.url.Host}
	word := t.client.robots.get(origin, time.Now())
	if word == nil {
		var ferr *feed.Error
		if word, ferr = t.askRobots(ctx); ferr != nil {
			return nil, ferr
		}
		t.client.robots.put(origin, word)
	}
	switch {
	case word.refusal != "":
		t.res.Hints.RetryAfter = word.wait
		return nil, &feed.Error{Kind: feed.KindRobots, Text: word.refusal}
	case !word.file.Allows(t.url):
		return nil, &feed.Error{Kind: feed.KindRobots,
			Text: "robots.txt of " + t.url.Host + " does not allow it"}
	}
	return &word.rest, nil
}

// askRobots gets the robots.txt of the next request's origin, through the gate
// and the same way, but without what lets anyone in. The error is not the
// origin's: we were stopped, or may not ask it.
func (t *trip) askRobots(ctx context.Context) (*robotsWord, *feed.Error) {
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
	return t.heard(ask, ferr), nil
}

// heard is what an answer to the question for robots.txt means (RFC 9309 §2.3.1):
// a 4xx, or a redirect that leads nowhere, is none, and all is allowed; if the
// server could not say, nothing is. 429 says neither, and is taken for the latter.
func (t *trip) heard(ask *trip, failure *feed.Error) *robotsWord {
	now := time.Now()
	agent := robots.Product(t.client.options.UserAgent)
	word := &robotsWord{file: robots.Parse(ask.res.Body, agent), until: now.Add(robotsAge)}
	word.rest.gap = min(word.file.Delay(), maxRest)
	if failure == nil {
		return word
	}
	switch failure.Kind {
	case feed.KindDenied, feed.KindMissing, feed.KindGone, feed.KindEmpty, feed.KindRedirect:
		return word
	}
	word.until = now.Add(robotsRetry)
	word.wait = ask.res.Hints.RetryAfter
	word.refusal = fmt.Sprintf("robots.txt of %s could not be read, so no page is asked for: %s",
		t.url.Host, failure.Sentence())
	return word
}
