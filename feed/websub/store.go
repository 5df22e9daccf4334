package websub

import (
	"context"
	"time"

	"broadsheet/feed"
)

// Store keeps subscriptions, and what everybody got. Whatever it hands out is claimed
// until a time by a token: what is reported under another token changes nothing.
type Store interface {
	// HubAsk takes a request of somebody to subscribe or unsubscribe a callback, to be
	// verified. A request for the same topic and callback that is not verified yet is
	// replaced.
	HubAsk(ctx context.Context, now time.Time, ask feed.Intent, limits feed.HubLimits) (feed.HubRefusal, error)
	// HubIntents claims up to most intents that are to be verified, or denials to be told.
	// Those whose domains have spent what limits gives them come due later.
	HubIntents(ctx context.Context, now time.Time, most int, limits feed.HubLimits, until time.Time) ([]feed.Intent, error)
	// HubVerified carries out what was intended.
	HubVerified(ctx context.Context, now time.Time, i feed.Intent, limits feed.HubLimits) error
	// HubUnverified drops an intent, or has it verified again at a time that is not zero.
	HubUnverified(ctx context.Context, i feed.Intent, again time.Time) error

	// HubDeliveries claims up to most deliveries that are due, of one lane.
	HubDeliveries(ctx context.Context, now time.Time, lane feed.Lane, most int, limits feed.HubLimits,
		until time.Time) ([]feed.Delivery, error)
	// HubDelivered keeps that a subscriber got a delivery, and whether that took long.
	HubDelivered(ctx context.Context, now time.Time, d feed.Delivery, slow bool) error
	// HubUndelivered lets a delivery be tried again at due. why is empty if it was not
	// tried at all.
	HubUndelivered(ctx context.Context, d feed.Delivery, due time.Time, why string) error
	// HubDrop ends a subscription.
	HubDrop(ctx context.Context, d feed.Delivery) error

	// HubPings claims up to most pings of documents that hubs do not know of, each a rest
	// after it changed.
	HubPings(ctx context.Context, now time.Time, hubs []string, most int, rest time.Duration, until time.Time) ([]feed.Ping, error)
	// HubPinged keeps that a hub knows of a document.
	HubPinged(ctx context.Context, p feed.Ping) error
	// HubUnpinged lets a ping be tried again at due. why is empty if it was not tried at all.
	HubUnpinged(ctx context.Context, p feed.Ping, due time.Time, why string) error

	// HubNext is when something comes due that is not yet, as far as is known now: a
	// retry, the end of a claim, a ping. What is due already counts as now. Zero if nothing
	// will come due by itself.
	HubNext(ctx context.Context, now time.Time, hubs []string) (time.Time, error)
	// HubKeep ends subscriptions whose leases ran out, and tells those whose feeds are not
	// published any more.
	HubKeep(ctx context.Context, now time.Time) error
}

// Client sends requests. It refuses private and reserved addresses, follows no redirects
// and gives each request a limited time. An error is a *feed.Error and means that no
// answer came; any answer at all is none.
type Client interface {
	// Get asks url and gives the beginning of the answer's body.
	Get(ctx context.Context, url string) (Answer, error)
	// Post sends a body. header holds fields besides contentType.
	Post(ctx context.Context, url, contentType string, header map[string]string, body []byte) (Answer, error)
}

// Answer is what was answered to a request.
type Answer struct {
	Code       int
	Body       []byte
	RetryAfter time.Duration // that the answer asks for; 0 for nothing
}

// good reports whether the answer says that all is well.
func (a Answer) good() bool { return a.Code >= 200 && a.Code < 300 }

// Press renders the section's document at path so that it shows the view's entries, and
// checks it.
type Press func(view feed.View, path string) (feed.Document, error)
