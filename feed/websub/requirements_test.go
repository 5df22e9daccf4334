package websub_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// requirement is what one part of the Recommendation asks for, by the part's heading and
// the number of the statement in it; the words are ours.
type requirement struct {
	part string
	n    int
	asks string
	// shown names what shows that it is met: scenarios of conduct, tests of this package,
	// or "elsewhere: …". why says why it is not ours to meet.
	shown []string
	why   string
}

// What of the statements is not ours.
const (
	ofSubscribers = "asked of subscribers; feed/push is ours"
	ofNobody      = "says what words mean, asks for nothing"
)

const (
	verified = "a subscription is verified, and what is new then delivered"
	wrong    = "what is wrong with a request is said"
	signed   = "with a secret a delivery is signed, without it is not"
	bounds   = "a lease is what is asked for within bounds, never perpetual"
	override = "asking again overrides, but only once it is verified"
	onlyOurs = "topics are our own feeds and nothing else"
	exact    = "the callback is used exactly, its query kept"
	echoes   = "only an echo of the challenge verifies"
	denied   = "a feed that is not published any more is denied"
	missed   = "who failed gets the last version, and what it missed, when it is back"
	again    = "410 ends a subscription, everything else is tried again until the lease ends"
	linked   = "a delivery links to the hub and to the topic in one header"
	leaves   = "unsubscribing is verified and then ends the deliveries"
	named    = "the feeds name the hubs and themselves"
)

// requirements are all statements of the Recommendation (W3C, 2018), in its order.
var requirements = []requirement{
	{part: "Definitions", n: 1, asks: "a hub may have policies", shown: []string{onlyOurs, "TestTheHubIsNoReflector"}},
	{part: "Conformance", n: 1, asks: "the words are those of RFC 2119", why: ofNobody},
	{part: "Publishers", n: 1, asks: "feeds advertise their hub and themselves", shown: []string{named}},
	{part: "Subscribers", n: 1, asks: "discovery in order", why: ofSubscribers},
	{part: "Subscribers", n: 2, asks: "a request as described", why: ofSubscribers},
	{part: "Subscribers", n: 3, asks: "may ask for a lease", why: ofSubscribers},
	{part: "Subscribers", n: 4, asks: "may give a secret, and then verify", why: ofSubscribers},
	{part: "Subscribers", n: 5, asks: "acknowledge by 2xx", why: ofSubscribers},
	{part: "Subscribers", n: 6, asks: "may unsubscribe", why: ofSubscribers},
	{part: "Hubs", n: 1, asks: "take callback, mode and topic", shown: []string{verified}},
	{part: "Hubs", n: 2, asks: "take a secret", shown: []string{signed}},
	{part: "Hubs", n: 3, asks: "may respect the lease", shown: []string{bounds}},
	{part: "Hubs", n: 4, asks: "let subscribers ask again", shown: []string{override, "a lease that is not renewed ends, one that is goes on"}},
	{part: "Hubs", n: 5, asks: "take unsubscriptions", shown: []string{leaves}},
	{part: "Hubs", n: 6, asks: "deliver with the topic's type", shown: []string{"each format is delivered as its type"}},
	{part: "Hubs", n: 7, asks: "may deliver a difference", shown: []string{missed}},
	{part: "Hubs", n: 8, asks: "sign if there is a secret", shown: []string{signed}},
	{part: "Subscriber", n: 1, asks: "may take signed deliveries", why: ofSubscribers},
	{part: "Hub", n: 1, asks: "take secrets and sign", shown: []string{signed}},
	{part: "Hub", n: 2, asks: "deliver the whole topic, or a difference where the format knows that", shown: []string{verified, missed}},
	{part: "Discovery", n: 1, asks: "publishers do at least one of two", shown: []string{named}},
	{part: "Discovery", n: 2, asks: "Link headers of the feeds", shown: []string{"elsewhere: feed/serve sends them from View.Hubs"}},
	{part: "Discovery", n: 3, asks: "links in XML feeds", shown: []string{named}},
	{part: "Discovery", n: 4, asks: "links in HTML pages", why: "our pages are no topics: their feeds are"},
	{part: "Discovery", n: 5, asks: "both mechanisms in order", why: ofSubscribers},
	{part: "Discovery", n: 6, asks: "headers first", why: ofSubscribers},
	{part: "Discovery", n: 7, asks: "then links in the document", why: ofSubscribers},
	{part: "Subscribing and Unsubscribing", n: 1, asks: "may validate with the publisher", shown: []string{onlyOurs}},
	{part: "Subscribing and Unsubscribing", n: 2, asks: "may ask now and then whether it is still wanted", why: "optional; leases do it"},
	{part: "Subscriber Sends Subscription Request", n: 1, asks: "a form in UTF-8", shown: []string{wrong}},
	{part: "Subscriber Sends Subscription Request", n: 2, asks: "hub.callback is required", shown: []string{wrong}},
	{part: "Subscriber Sends Subscription Request", n: 3, asks: "callbacks should be unguessable", why: ofSubscribers},
	{part: "Subscriber Sends Subscription Request", n: 4, asks: "hub.mode is required", shown: []string{wrong}},
	{part: "Subscriber Sends Subscription Request", n: 5, asks: "hub.topic is required", shown: []string{wrong}},
	{part: "Subscriber Sends Subscription Request", n: 6, asks: "the topic is the self link", shown: []string{onlyOurs}},
	{part: "Subscriber Sends Subscription Request", n: 7, asks: "hub.lease_seconds is optional", shown: []string{bounds}},
	{part: "Subscriber Sends Subscription Request", n: 8, asks: "the hub may choose the lease", shown: []string{bounds}},
	{part: "Subscriber Sends Subscription Request", n: 9, asks: "it is ignored when unsubscribing", shown: []string{leaves, wrong}},
	{part: "Subscriber Sends Subscription Request", n: 10, asks: "hub.secret is optional", shown: []string{signed}},
	{part: "Subscriber Sends Subscription Request", n: 11, asks: "secrets should go over https", why: ofSubscribers},
	{part: "Subscriber Sends Subscription Request", n: 12, asks: "a secret is shorter than 200 bytes", shown: []string{wrong}},
	{part: "Subscriber Sends Subscription Request", n: 13, asks: "may send more", shown: []string{wrong}},
	{part: "Subscriber Sends Subscription Request", n: 14, asks: "ignore what is not known", shown: []string{wrong}},
	{part: "Subscriber Sends Subscription Request", n: 15, asks: "let them ask again", shown: []string{override}},
	{part: "Subscriber Sends Subscription Request", n: 16, asks: "asking again overrides once verified", shown: []string{override, leaves}},
	{part: "Subscriber Sends Subscription Request", n: 17, asks: "a failed verification changes nothing", shown: []string{override}},
	{part: "Subscriber Sends Subscription Request", n: 18, asks: "another secret, or none", shown: []string{signed}},
	{part: "Subscription Parameter Details", n: 1, asks: "http and https", shown: []string{onlyOurs, verified, "a callback that is https is asked by https"}},
	{part: "Subscription Parameter Details", n: 2, asks: "the topic is the one of the self link", shown: []string{onlyOurs, named}},
	{part: "Subscription Parameter Details", n: 3, asks: "may refuse other topics", shown: []string{onlyOurs}},
	{part: "Subscription Parameter Details", n: 4, asks: "decode what is not reserved", shown: []string{"percent signs that change nothing do not hide a topic or callback"}},
	{part: "Subscription Parameter Details", n: 5, asks: "callbacks should be unguessable and https", why: ofSubscribers},
	{part: "Subscription Parameter Details", n: 6, asks: "callbacks should change", why: ofSubscribers},
	{part: "Subscription Parameter Details", n: 7, asks: "a callback may have a query", shown: []string{exact}},
	{part: "Subscription Parameter Details", n: 8, asks: "keep it and append to it", shown: []string{exact}},
	{part: "Subscription Response Details", n: 1, asks: "answer 202", shown: []string{verified}},
	{part: "Subscription Response Details", n: 2, asks: "verify soon", shown: []string{verified}},
	{part: "Subscription Response Details", n: 3, asks: "4xx or 5xx for errors", shown: []string{wrong}},
	{part: "Subscription Response Details", n: 4, asks: "say what is wrong in plain text", shown: []string{wrong}},
	{part: "Subscription Response Details", n: 5, asks: "may reject callbacks and topics", shown: []string{onlyOurs, wrong}},
	{part: "Subscription Response Details", n: 6, asks: "the answer does not depend on verification", shown: []string{echoes}},
	{part: "Subscription Response Details", n: 7, asks: "may redirect to another hub", why: "optional; ours takes requests itself"},
	{part: "Subscription Response Details", n: 8, asks: "with a Location then", why: "it never redirects"},
	{part: "Subscription Validation", n: 1, asks: "may validate", shown: []string{onlyOurs}},
	{part: "Subscription Validation", n: 2, asks: "may ask the publisher", why: "hub and publisher are one"},
	{part: "Subscription Validation", n: 3, asks: "verify what is accepted", shown: []string{verified, echoes}},
	{part: "Subscription Validation", n: 4, asks: "tell the callback of a denial by GET", shown: []string{denied}},
	{part: "Subscription Validation", n: 5, asks: "hub.mode is denied", shown: []string{denied}},
	{part: "Subscription Validation", n: 6, asks: "hub.topic", shown: []string{denied}},
	{part: "Subscription Validation", n: 7, asks: "hub.reason", shown: []string{denied}},
	{part: "Subscription Validation", n: 8, asks: "may deny later", shown: []string{denied}},
	{part: "Subscription Validation", n: 9, asks: "give up then", why: ofSubscribers},
	{part: "Hub Verifies Intent of the Subscriber", n: 1, asks: "hub.mode as asked", shown: []string{verified, leaves}},
	{part: "Hub Verifies Intent of the Subscriber", n: 2, asks: "hub.topic as asked", shown: []string{verified, leaves}},
	{part: "Hub Verifies Intent of the Subscriber", n: 3, asks: "hub.challenge", shown: []string{verified, leaves}},
	{part: "Hub Verifies Intent of the Subscriber", n: 4, asks: "it is random and echoed", shown: []string{"a challenge is random and used once", echoes}},
	{part: "Hub Verifies Intent of the Subscriber", n: 5, asks: "hub.lease_seconds", shown: []string{bounds}},
	{part: "Hub Verifies Intent of the Subscriber", n: 6, asks: "always when subscribing", shown: []string{verified}},
	{part: "Hub Verifies Intent of the Subscriber", n: 7, asks: "may be there when unsubscribing", shown: []string{leaves}},
	{part: "Verification Details", n: 1, asks: "confirm the topic", why: ofSubscribers},
	{part: "Verification Details", n: 2, asks: "echo the challenge", why: ofSubscribers},
	{part: "Verification Details", n: 3, asks: "404 otherwise", why: ofSubscribers},
	{part: "Verification Details", n: 4, asks: "3xx, 4xx, 5xx are failures", shown: []string{echoes}},
	{part: "Verification Details", n: 5, asks: "another text is a failure", shown: []string{echoes}},
	{part: "Verification Details", n: 6, asks: "may choose the lease", shown: []string{bounds}},
	{part: "Verification Details", n: 7, asks: "ask again before it ends", why: ofSubscribers},
	{part: "Verification Details", n: 8, asks: "leases end, none is perpetual", shown: []string{bounds, "a lease that is not renewed ends, one that is goes on"}},
	{part: "Publishing", n: 1, asks: "tell the hubs of an update", shown: []string{"other hubs hear of each changed feed once", verified}},
	{part: "Content Distribution", n: 1, asks: "the body is the payload", shown: []string{verified}},
	{part: "Content Distribution", n: 2, asks: "the topic's type and whole contents", shown: []string{verified, "each format is delivered as its type"}},
	{part: "Content Distribution", n: 3, asks: "may leave out entries that were delivered", shown: []string{missed}},
	{part: "Content Distribution", n: 4, asks: "a link to the hub", shown: []string{linked}},
	{part: "Content Distribution", n: 5, asks: "one link to the topic", shown: []string{linked}},
	{part: "Content Distribution", n: 6, asks: "in one header", shown: []string{linked}},
	{part: "Content Distribution", n: 7, asks: "do not go by these links", why: ofSubscribers},
	{part: "Content Distribution", n: 8, asks: "2xx is success", shown: []string{"what a subscriber says in its answer is ignored"}},
	{part: "Content Distribution", n: 9, asks: "410 may end it", shown: []string{again}},
	{part: "Content Distribution", n: 10, asks: "all else is failure, redirects too", shown: []string{again}},
	{part: "Content Distribution", n: 11, asks: "answer quickly", why: ofSubscribers},
	{part: "Content Distribution", n: 12, asks: "ignore the answer's body", shown: []string{"what a subscriber says in its answer is ignored"}},
	{part: "Content Distribution", n: 13, asks: "retry within limits", shown: []string{again, missed}},
	{part: "Content Distribution", n: 14, asks: "keep it until the lease ends, and deliver updates to who failed", shown: []string{again, missed}},
	{part: "Authenticated Content Distribution", n: 1, asks: "sign with HMAC", shown: []string{signed}},
	{part: "Authenticated Content Distribution", n: 2, asks: "method=signature in hexadecimal", shown: []string{signed}},
	{part: "Authenticated Content Distribution", n: 3, asks: "of the body by the secret", shown: []string{signed}},
	{part: "Signature validation", n: 1, asks: "recompute it", why: ofSubscribers},
	{part: "Signature validation", n: 2, asks: "ignore what is not signed right", why: ofSubscribers},
	{part: "Signature validation", n: 3, asks: "may answer 2xx all the same", why: ofSubscribers},
	{part: "Subscriptions", n: 1, asks: "favour https hubs", why: ofSubscribers},
	{part: "Subscriptions", n: 2, asks: "capability URLs", why: ofSubscribers},
	{part: "Subscriptions", n: 3, asks: "use a secret", why: ofSubscribers},
	{part: "Subscriptions", n: 4, asks: "leases are short, 10 days", shown: []string{bounds}},
	{part: "Subscriptions", n: 5, asks: "a challenge is random and single-use", shown: []string{"a challenge is random and used once"}},
	{part: "Distribution", n: 1, asks: "use the exact callback", shown: []string{exact, "a callback that is https is asked by https"}},
	{part: "Distribution", n: 2, asks: "sign with the secret", shown: []string{signed}},
	{part: "Distribution", n: 3, asks: "validate the signature", why: ofSubscribers},
}

// TestEachStatementOfTheRecommendationIsMetOrNotOurs holds the list against the scenarios
// there are, and against the statements themselves where the corpus is.
func TestEachStatementOfTheRecommendationIsMetOrNotOurs(t *testing.T) {
	var known []string
	for _, c := range conduct {
		known = append(known, c.name)
	}
	source := ""
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source += string(text)
	}
	for _, r := range requirements {
		if (len(r.shown) == 0) == (r.why == "") {
			t.Errorf("%s %d: it is either shown or not ours", r.part, r.n)
		}
		for _, s := range r.shown {
			if !slices.Contains(known, s) && !strings.Contains(source, "func "+s+"(") && !strings.HasPrefix(s, "elsewhere: ") {
				t.Errorf("%s %d: nothing is called %q", r.part, r.n, s)
			}
		}
	}
	corpus := os.Getenv("BROADSHEET_CORPUS")
	if corpus == "" {
		return
	}
	f, err := os.Open(filepath.Join(corpus, "suites", "websub", "requirements.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines = lines[1:]
	if len(lines) != len(requirements) {
		t.Fatalf("%d statements, %d in the list", len(lines), len(requirements))
	}
	count := map[string]int{}
	for i, line := range lines {
		count[line[0]]++
		if got := requirements[i]; got.part != line[0] || got.n != count[line[0]] {
			t.Errorf("%d: %s %d in the place of %s %d", i, got.part, got.n, line[0], count[line[0]])
		}
	}
}
