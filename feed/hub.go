package feed

import "time"

// TopicFiles are the documents of a section that a subscriber may have pushed, by their
// names below Section.Path: its feeds, and not its pages (WebSub §2, "topic").
func TopicFiles() []string { return []string{"rss.xml", "atom.xml", "feed.json"} }

// HubMode is what a request to our hub is about (WebSub §5.1).
type HubMode string

// The modes of requests, and of what is told to a subscriber unasked.
const (
	HubSubscribe   HubMode = "subscribe"
	HubUnsubscribe HubMode = "unsubscribe"
	HubDenied      HubMode = "denied" // told to a callback (WebSub §5.2)
)

// Intent is what somebody asked of our hub for a callback, until the callback itself has
// said that it wants it (WebSub §5.3); or a denial that is to be told to it.
type Intent struct {
	Row      int64  // filled in by the store
	Token    string // of the claim under which it is being verified; filled in by the store
	Mode     HubMode
	Topic    string // URL, as the subscriber wrote it
	Path     string // of the topic's document, below the site's base: "/world/atom.xml"
	Callback string // URL, exact
	Domain   string // whose budget its requests are counted against
	Secret   string // empty for none
	Lease    time.Duration
	Reason   string // of a denial
	Tries    int    // that got no answer before this one
}

// HubLimits is how much our hub takes.
type HubLimits struct {
	Subscribers int // in all
	Intents     int // that are not verified yet, in all
	PerDomain   int // subscribers of one domain
	// Burst is how many requests to verify an intent a domain gets at once, and how many
	// unverified intents it may have; one more may be made after each Pace. Those that
	// were verified do not count.
	Burst int
	Pace  time.Duration
	// InFlight is how many deliveries to one domain are under way at once.
	InFlight int
}

// HubRefusal says why the hub does not take a request; empty if it does.
type HubRefusal string

// The reasons to refuse a request.
const (
	HubTakes       HubRefusal = ""
	HubNoTopic     HubRefusal = "topic"  // no feed is there
	HubFull        HubRefusal = "full"   // too much in all
	HubDomainFull  HubRefusal = "domain" // too many subscribers of the domain
	HubDomainWaits HubRefusal = "waits"  // the domain has too much to verify
)

// Delivery is the next thing that a subscriber of ours is to get.
type Delivery struct {
	Row      int64
	Token    string // of the claim under which it is delivered
	Callback string
	Domain   string
	Secret   string // empty for none
	Path     string // of the topic's document
	Tries    int    // that failed before this one
	// Document is the topic as it is stored, if Missed is empty.
	Document Document
	// Missed are entries that the topic had since the last delivery and that Document
	// does not have any more: they are delivered first, as a document of their own, which
	// is to be made of View with the entries missed.
	Missed []Entry
	View   View // without entries; set if there are entries missed
	// Hash and Upto are what the subscriber has once it got this: the document, and the
	// entries up to a number.
	Hash string
	Upto int64
}

// Lane is which deliveries are asked for.
type Lane bool

// The lanes: subscribers that failed last time or took long are delivered apart.
const (
	FastLane Lane = false
	SlowLane Lane = true
)

// Ping is a document that another hub does not know of yet.
type Ping struct {
	Hub   string // URL
	Path  string // of the document
	Hash  string // that it has now
	Token string // of the claim under which it is told
	Tries int    // that failed before this one, for this Hash
}

// HubStatus is how our hub is doing.
type HubStatus struct {
	Subscribers int // that were verified and whose leases last
	Failing     int // of these, whose last delivery failed
	Unverified  int
	Behind      int // subscribers that have not got what is published now
}
