package push

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// TestTheRequest: WebSub §5.1, WSS-1, WSS-2.
func TestTheRequest(t *testing.T) {
	b := newBench(t, "https://hub.example/", "http://old.example/hub")
	asked := b.round(0)
	if len(asked) != 2 {
		t.Fatalf("%d requests", len(asked))
	}
	byHub := map[string]url.Values{b.at[0]: asked[0], b.at[1]: asked[1]}
	secure, plain := byHub["https://hub.example/"], byHub["http://old.example/hub"]
	if secure.Get("hub.mode") != "subscribe" || secure.Get("hub.topic") != "https://wire-0.example/feed" || secure.Get("hub.lease_seconds") != "864000" {
		t.Errorf("asked: %v", secure)
	}
	for _, v := range asked {
		if token, ok := strings.CutPrefix(v.Get("hub.callback"), base); !ok || len(token) != tokenLength {
			t.Errorf("callback %q", v.Get("hub.callback"))
		}
	}
	if secure.Get("hub.callback") == plain.Get("hub.callback") {
		t.Error("two subscriptions are called back at one address")
	}
	if n := len(secure.Get("hub.secret")); n < 32 || n >= 200 {
		t.Errorf("a secret of %d bytes", n)
	}
	if plain.Has("hub.secret") {
		t.Error("a secret was sent without TLS")
	}
	if more := b.round(planEvery); len(more) != 0 {
		t.Errorf("asked again at once: %v", more)
	}
}

// TestWhatAHubAnswersDecidesWhenItIsAskedAgain: a table of after.
func TestWhatAHubAnswersDecidesWhenItIsAskedAgain(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	wanted := func(tries int) feed.Push { return feed.Push{State: feed.PushWanted, Tries: tries} }
	leaving := func(tries int) feed.Push { return feed.Push{State: feed.PushLeaving, Tries: tries} }
	hour := http.Header{"Retry-After": {"3600"}}
	for name, tt := range map[string]struct {
		p     feed.Push
		r     Reply
		err   error
		state feed.PushState
		rest  time.Duration
		why   string
	}{
		"accepted: it has half an hour to verify": {wanted(1), Reply{Code: 202}, nil, feed.PushAsked, 30 * time.Minute, ""},
		"older hubs verify first and answer 204":  {wanted(1), Reply{Code: 204}, nil, feed.PushAsked, 30 * time.Minute, ""},
		"refused, in words": {wanted(1), Reply{Code: 400, Text: " no such\n topic\x00 "}, nil, feed.PushFailed, 5 * time.Minute,
			"the hub answered 400: no such topic"},
		"refused, in markup":                  {wanted(2), Reply{Code: 500, Text: "<html>Oops"}, nil, feed.PushFailed, 30 * time.Minute, "the hub answered 500"},
		"again and again":                     {wanted(40), Reply{Code: 500}, nil, feed.PushFailed, 24 * time.Hour, "the hub answered 500"},
		"it wants to be left alone":           {wanted(1), Reply{Code: 503, Header: hour}, nil, feed.PushFailed, time.Hour, "the hub answered 503"},
		"a redirect that leads nowhere":       {wanted(1), Reply{Code: 302}, nil, feed.PushFailed, 5 * time.Minute, "the hub answered 302"},
		"it cannot be reached":                {wanted(3), Reply{}, &feed.Error{Kind: feed.KindTimeout, Text: "no answer"}, feed.PushFailed, 2 * time.Hour, "no answer"},
		"we stopped: as if it was not asked":  {wanted(1), Reply{}, &feed.Error{Kind: feed.KindCanceled}, feed.PushWanted, 0, ""},
		"its host is busy: soon":              {wanted(1), Reply{}, &feed.Error{Kind: feed.KindBusy}, feed.PushWanted, time.Minute, ""},
		"accepted and never verified":         {feed.Push{State: feed.PushAsked, Tries: 1}, Reply{}, nil, feed.PushFailed, 5 * time.Minute, "the hub accepted the request and never verified it"},
		"the end is accepted":                 {leaving(1), Reply{Code: 202}, nil, feed.PushLeaving, 30 * time.Minute, ""},
		"the end is of something unknown":     {leaving(1), Reply{Code: 404}, nil, feed.PushNone, 0, ""},
		"the end cannot be told":              {leaving(1), Reply{}, &feed.Error{Kind: feed.KindUnreachable}, feed.PushLeaving, 5 * time.Minute, ""},
		"the end cannot be told for long":     {leaving(3), Reply{}, &feed.Error{Kind: feed.KindUnreachable}, feed.PushNone, 0, ""},
		"the end, to a hub that is overrun":   {leaving(1), Reply{Code: 429, Header: hour}, nil, feed.PushLeaving, time.Hour, ""},
		"we stopped while it was told of it":  {leaving(1), Reply{}, &feed.Error{Kind: feed.KindCanceled}, feed.PushLeaving, 0, ""},
		"a date in Retry-After":               {wanted(1), Reply{Code: 503, Header: http.Header{"Retry-After": {"Mon, 02 Mar 2026 12:30:00 GMT"}}}, nil, feed.PushFailed, 3 * time.Hour, "the hub answered 503"},
		"a Retry-After of years is of a week": {wanted(1), Reply{Code: 503, Header: http.Header{"Retry-After": {"99999999"}}}, nil, feed.PushFailed, 7 * 24 * time.Hour, "the hub answered 503"},
	} {
		got := after(tt.p, tt.r, tt.err, now)
		if got.State != tt.state || got.Why != tt.why || tt.state != feed.PushNone && !got.Next.Equal(now.Add(tt.rest)) {
			t.Errorf("%s: %q until %v (%s), want %q after %v (%s)", name, got.State, got.Next, got.Why, tt.state, tt.rest, tt.why)
		}
	}
}

// TestAHubMaySendUsOn: WebSub §5.1.2; not to where the secret would be read.
func TestAHubMaySendUsOn(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	b.hub = func(at string, _ url.Values) (Reply, error) {
		if at == "https://hub.example/" {
			return Reply{Code: 307, Header: http.Header{"Location": {"//other.example/hub#x"}}}, nil
		}
		return Reply{Code: 202}, nil
	}
	if asked := b.round(0); len(asked) != 2 || b.at[1] != "https://other.example/hub" || asked[0].Encode() != asked[1].Encode() {
		t.Fatalf("asked at %v: %v", b.at, asked)
	}
	if s := b.status().State; s != feed.PushAsked {
		t.Errorf("state %s", s)
	}
	for where, why := range map[string]string{"http://plain.example/": "without TLS", "https://hub.example/": "on and on"} {
		b := newBench(t, "https://hub.example/")
		b.hub = func(string, url.Values) (Reply, error) {
			return Reply{Code: 302, Header: http.Header{"Location": {where}}}, nil
		}
		b.round(0)
		if got := b.status(); got.State != feed.PushFailed || !strings.Contains(got.Why, why) || len(b.asked) > maxHops+1 {
			t.Errorf("sent on to %s: %+v after %d requests", where, got, len(b.asked))
		}
	}
}

// TestADeadHubCostsLatencyOnly: WSS-5. It is asked ever more rarely, and the feed is
// polled as if it named no hub.
func TestADeadHubCostsLatencyOnly(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	b.hub = func(string, url.Values) (Reply, error) {
		return Reply{}, &feed.Error{Kind: feed.KindUnreachable, Text: "hub.example refused the connection"}
	}
	next, reason := b.next("wire-0")
	asked := len(b.round(0))
	for range 7 * 24 { // a week
		asked += len(b.round(time.Hour))
	}
	if asked < 7 || asked > 12 {
		t.Errorf("a dead hub was asked %d times in a week", asked)
	}
	if got := b.status(); got.State != feed.PushFailed || got.Why != "hub.example refused the connection" {
		t.Errorf("status: %+v", got)
	}
	if n, r := b.next("wire-0"); !n.Equal(next) || r != reason {
		t.Errorf("the next poll moved from %v (%s) to %v (%s)", next, reason, n, r)
	}
}

// TestALyingHubThatNeverVerifies is asked again, after a while.
func TestALyingHubThatNeverVerifies(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	first := b.round(0)[0]
	if n := len(b.round(verifyWait)) + len(b.round(time.Minute)); n != 0 {
		t.Errorf("asked %d times while its time is over", n)
	}
	if got := b.status(); got.State != feed.PushFailed || !strings.Contains(got.Why, "never verified") {
		t.Errorf("status: %+v", got)
	}
	if w := b.verify(first); w.Code != http.StatusOK { // late, and better than never
		t.Errorf("a late verification: %d", w.Code)
	}
}

// TestARenewalComesBeforeTheLeaseEndsOverRestarts: WSS-2, over a simulated two months in
// which the program is started anew every few days.
func TestARenewalComesBeforeTheLeaseEndsOverRestarts(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	live := map[string]time.Time{} // what the hub has: callback → end of lease
	used := map[string]bool{}
	var pending []url.Values
	b.hub = func(_ string, v url.Values) (Reply, error) {
		pending = append(pending, v)
		return Reply{Code: 202}, nil
	}
	const lease = 5 * 24 * time.Hour
	gaps, subscribed, most := 0, 0, 0
	for step := range 60 * 12 {
		if step%40 == 12 {
			b.open()
		}
		b.round(2 * time.Hour)
		for _, v := range pending {
			callback := v.Get("hub.callback")
			if w := b.verify(v, "hub.lease_seconds", "432000"); w.Code != http.StatusOK {
				t.Fatalf("step %d: %s was not verified: %d", step, v.Get("hub.mode"), w.Code)
			}
			if v.Get("hub.mode") == "unsubscribe" {
				delete(live, callback)
				continue
			}
			if used[callback] {
				t.Errorf("an address was used again: %s", callback)
			}
			used[callback], live[callback] = true, b.now.Add(lease)
			subscribed++
		}
		pending = nil
		n := 0
		for _, until := range live {
			if until.After(b.now) {
				n++
			}
		}
		if most = max(most, n); n == 0 {
			gaps++
		}
	}
	if gaps > 0 {
		t.Errorf("%d times without a subscription", gaps)
	}
	// A lease of 5 days is renewed after 80 hours: 18 times in 60 days.
	if subscribed < 17 || subscribed > 19 || most > 2 {
		t.Errorf("%d subscriptions, at most %d at once", subscribed, most)
	}
}
