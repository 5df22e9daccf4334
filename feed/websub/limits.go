package websub

import (
	"time"

	"broadsheet/feed"
)

// Limits of the hub. It pushes a paper's feeds to those who asked for them, and must not
// become a way to make it send requests to others (T-33).
const (
	// maxSubscribers is what one process delivers to within seconds.
	maxSubscribers = 10_000
	// maxIntents bounds what strangers can have stored.
	maxIntents = 1_000
	// maxPerDomain is enough for a reading service that takes every section in every format.
	maxPerDomain = 300
	// A domain gets so many requests that it did not agree to at once, and then one in
	// each pace: what an innocent one is bothered with at most.
	verifyBurst = 50
	verifyPace  = time.Minute
	// domainFlights is how many deliveries to one domain are under way at once.
	domainFlights = 4

	// Leases. The default is the one that WebSub §8.1 recommends.
	defaultLease = 10 * 24 * time.Hour
	minLease     = 5 * time.Minute
	maxLease     = 30 * 24 * time.Hour

	// maxSecret is what WebSub §5.1 allows, exclusive.
	maxSecret = 200
	// maxURL is longer than any callback; servers take URLs of 8,000 bytes.
	maxURL = 2048
	// maxRequest is what the body of a request to the hub may have, all of the above
	// percent-encoded.
	maxRequest = 16 << 10
	// maxHandled is how many requests to the hub are worked on at once.
	maxHandled = 8
)

// Limits are the hub's limits as the store must know them.
func Limits() feed.HubLimits {
	return feed.HubLimits{Subscribers: maxSubscribers, Intents: maxIntents, PerDomain: maxPerDomain,
		Burst: verifyBurst, Pace: verifyPace, InFlight: domainFlights}
}

const (
	// verifiers, fastLane, slowLane and pingers are how many requests of each sort are
	// under way at once.
	verifiers = 8
	fastLane  = 32
	slowLane  = 16
	pingers   = 4
	// slowAfter is when a delivery leaves the fast lane: most callbacks answer in a
	// tenth of it.
	slowAfter = time.Second
	// claimTime is how long a claim lasts: longer than a request may take, and short,
	// for it is how long a killed process holds its work up.
	claimTime = 30 * time.Second
	// tick is how long what is due waits at most if it was not handed out.
	tick = time.Second
	// breath is the least time between two looks: what ends meanwhile makes room for
	// several claims at once, each of which looks at all subscribers.
	breath = 10 * time.Millisecond
	// keepEvery is how often leases that ended are cleared away; nothing is delivered
	// under them anyway.
	keepEvery = 5 * time.Minute
	// pingRest is how long after a change other hubs hear of it: every server of the paper
	// serves the new document by then (they look once a second).
	pingRest = 2 * time.Second

	// verifyTries is how often a callback that gives no answer is asked.
	verifyTries = 3
	verifyRetry = 10 * time.Second

	// A delivery that failed is tried again after retryFirst, then after twice as long
	// each time, up to retryMost; until the lease ends. A ping is given up after pingTries,
	// until the document changes again.
	retryFirst = 5 * time.Second
	retryMost  = 6 * time.Hour
	pingTries  = 12
)

// backOff is how long to wait after tries that failed, the one just now included. asked is
// what the other side wants; it is heard up to retryMost.
func backOff(tries int, asked time.Duration) time.Duration {
	wait := retryMost
	if shift := tries - 1; shift < 20 { // a larger one would pass any limit
		wait = min(retryFirst<<max(shift, 0), retryMost)
	}
	return min(max(wait, asked), retryMost)
}
