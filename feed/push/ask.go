package push

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"broadsheet/feed"
)

// Client sends a form to a hub. It follows no redirect. An error is an *feed.Error; any
// answer at all is none.
type Client interface {
	Post(ctx context.Context, url string, form []byte) (Reply, error)
}

// Reply is what a hub answered.
type Reply struct {
	Code   int
	Header http.Header
	Text   string // beginning of the body
}

const (
	// leaseAsked is how long we ask a hub to push: what hubs grant by default (WebSub §8.2).
	leaseAsked = 10 * 24 * time.Hour
	// verifyWait is how long a hub that accepted a request may take to verify it.
	verifyWait = 30 * time.Minute
	// leaveTries is how often a hub is told that a subscription is over; after that it
	// hears it from the 410 that its deliveries get.
	leaveTries = 3
	// maxHops is how many redirects of a hub are followed (WebSub §5.1.2).
	maxHops = 3
	// maxWhy is how much of what a hub says of its refusal is kept, in characters.
	maxWhy = 200
	// busyRest is when it is tried again where other requests kept the hub busy.
	busyRest = time.Minute
	// maxRetryAfter is how long a hub may put us off.
	maxRetryAfter = 7 * 24 * time.Hour
)

// backOff is when a hub is asked again after so many requests that came to nothing.
var backOff = []time.Duration{5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

func restAfter(tries int) time.Duration { return backOff[min(max(tries, 1), len(backOff))-1] }

// form is the request for a subscription, or for its end (WebSub §5.1).
func form(p feed.Push) []byte {
	v := url.Values{"hub.callback": {p.Callback()}, "hub.topic": {p.Topic}, "hub.mode": {"unsubscribe"}}
	if p.State != feed.PushLeaving {
		v.Set("hub.mode", "subscribe")
		v.Set("hub.lease_seconds", strconv.Itoa(int(leaseAsked.Seconds())))
		if p.Secret != "" && secure(p.Hub) {
			v.Set("hub.secret", p.Secret)
		}
	}
	return []byte(v.Encode())
}

func secure(address string) bool { return strings.HasPrefix(strings.ToLower(address), "https:") }

// ask sends a request to the hub, and to another one that it names.
func ask(ctx context.Context, client Client, p feed.Push) (Reply, error) {
	at := p.Hub
	for range maxHops + 1 {
		reply, err := client.Post(ctx, at, form(p))
		if err != nil {
			return reply, err
		}
		next := elsewhere(at, reply)
		if next == "" {
			return reply, nil
		}
		if secure(at) && !secure(next) {
			return reply, &feed.Error{Step: "asking a hub", Kind: feed.KindRedirect, Text: "it sends us on to an address without TLS"}
		}
		at = next
	}
	return Reply{}, &feed.Error{Step: "asking a hub", Kind: feed.KindRedirect, Text: "it sends us on and on"}
}

// elsewhere is where a hub that does not want to be asked itself sends us; empty if it
// does not.
func elsewhere(at string, r Reply) string {
	switch r.Code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return ""
	}
	base, err := url.Parse(at)
	if err != nil {
		return ""
	}
	next, err := base.Parse(r.Header.Get("Location"))
	if err != nil || next.Host == "" || next.Scheme != "http" && next.Scheme != "https" || r.Header.Get("Location") == "" {
		return ""
	}
	next.User, next.Fragment = nil, ""
	return next.String()
}

// after is how a subscription stands after its hub was asked, and answered r or could not.
// p is as it was claimed: asked is one that the hub did not verify in time, of which it was
// not asked again.
func after(p feed.Push, r Reply, err error, now time.Time) feed.Push {
	switch kind := feed.KindOf(err); {
	case kind == feed.KindCanceled, kind == feed.KindBusy: // no fault of the hub's
		if p.State != feed.PushLeaving {
			p.State = feed.PushWanted
		}
		p.Tries, p.Next = p.Tries-1, now
		if kind == feed.KindBusy {
			p.Next = now.Add(busyRest)
		}
		return p
	case p.State == feed.PushLeaving:
		return left(p, r, err, now)
	case p.State == feed.PushAsked:
		p.Why = "the hub accepted the request and never verified it"
	case err != nil:
		p.Why = sentence(err)
	case r.Code >= 200 && r.Code < 300:
		p.State, p.Next, p.Why = feed.PushAsked, now.Add(verifyWait), ""
		return p
	default:
		p.Why = refusal(r)
	}
	p.State, p.Next = feed.PushFailed, now.Add(max(restAfter(p.Tries), retryAfter(r.Header, now)))
	return p
}

// left is how one stands of which its hub was told that it is over.
func left(p feed.Push, r Reply, err error, now time.Time) feed.Push {
	switch {
	case p.Tries >= leaveTries, err == nil && r.Code >= 400 && r.Code < 500 && r.Code != http.StatusTooManyRequests:
		p.State = feed.PushNone
	case err == nil && r.Code >= 200 && r.Code < 300:
		p.Next = now.Add(verifyWait)
	default:
		p.Next = now.Add(max(restAfter(p.Tries), retryAfter(r.Header, now)))
	}
	return p
}

// refusal says what a hub answered that is no yes.
func refusal(r Reply) string {
	why := fmt.Sprintf("the hub answered %d", r.Code)
	if text := plain(r.Text); text != "" {
		why += ": " + text
	}
	return why
}

// plain is the beginning of a foreign text in one line; empty if it is markup.
func plain(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if strings.HasPrefix(s, "<") {
		return ""
	}
	if runes := []rune(s); len(runes) > maxWhy {
		s = string(runes[:maxWhy-1]) + "…"
	}
	return s
}

// sentence is an error's cause in words.
func sentence(err error) string {
	if e, ok := err.(*feed.Error); ok {
		return e.Sentence()
	}
	return err.Error()
}

// retryAfter is how long a hub wants to be left alone; 0 if it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	said := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseUint(said, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(said); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}
