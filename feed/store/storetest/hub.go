package storetest

import (
	"fmt"
	"slices"
	"time"

	"broadsheet/feed"
)

// hubLimits are small, so that a test meets them.
var hubLimits = feed.HubLimits{Subscribers: 6, Intents: 8, PerDomain: 4, Burst: 3, Pace: time.Minute, InFlight: 2}

// asks sends a request to the hub.
func (b *bench) asks(mode feed.HubMode, path, callback string) feed.HubRefusal {
	b.Helper()
	refusal, err := b.HubAsk(b.ctx(), b.now, feed.Intent{Mode: mode, Topic: "https://paper.example" + path, Path: path,
		Callback: callback, Domain: domainOf(callback), Secret: "s", Lease: 24 * time.Hour}, hubLimits)
	b.ok(err)
	return refusal
}

// domainOf is the host of a callback of the tests: "https://a.example/1".
func domainOf(callback string) string {
	domain := callback[len("https://"):]
	return domain[:slices.Index([]byte(domain), '/')]
}

// intents claims what is to be verified.
func (b *bench) intents() []feed.Intent {
	b.Helper()
	out, err := b.HubIntents(b.ctx(), b.now, 100, hubLimits, b.now.Add(time.Minute))
	b.ok(err)
	return out
}

// subscribes makes a subscriber.
func (b *bench) subscribes(path, callback string) {
	b.Helper()
	b.same("refusal", b.asks(feed.HubSubscribe, path, callback), feed.HubTakes)
	for _, i := range b.intents() {
		b.ok(b.HubVerified(b.ctx(), b.now, i, hubLimits))
	}
}

// due claims deliveries of the fast lane.
func (b *bench) due() []feed.Delivery {
	b.Helper()
	return b.inLane(feed.FastLane)
}

func (b *bench) inLane(lane feed.Lane) []feed.Delivery {
	b.Helper()
	out, err := b.HubDeliveries(b.ctx(), b.now, lane, 100, hubLimits, b.now.Add(time.Minute))
	b.ok(err)
	return out
}

// what says what deliveries bring: the body of a document, or the titles of what was missed.
func what(deliveries []feed.Delivery) []string {
	var out []string
	for _, d := range deliveries {
		if len(d.Missed) > 0 {
			out = append(out, fmt.Sprint(titles(d.Missed)))
			continue
		}
		out = append(out, string(d.Document.Body))
	}
	return out
}

// take stores that deliveries were made.
func (b *bench) take(deliveries []feed.Delivery) {
	b.Helper()
	for _, d := range deliveries {
		b.ok(b.HubDelivered(b.ctx(), b.now, d, false))
	}
}

// prints polls one article into world and saves its document, whose body is what it shows.
func (b *bench) prints(id string) {
	b.Helper()
	b.later(time.Minute)
	b.poll("gulf", b.story(id, 0, "world"))
	b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
}

// narrow is a paper whose world shows two entries.
func narrow() feed.Plan {
	p := plan("gulf")
	p.Sections[0].Limit = 2
	p.Hubs = []string{"https://paper.example/-/hub", "https://hub.example/"}
	return p
}

const cb = "https://a.example/1"

var hubRules = []rule{
	{"the hubs are in every view, and another one makes documents anew", func(b *bench) {
		p := narrow()
		b.sync(p)
		b.same("hubs", b.view("world").Hubs, p.Hubs)
		b.same("again", b.bumped(func() { b.sync(p) }), []string(nil))
		b.same("bumped", b.bumped(func() { p.Hubs = p.Hubs[:1]; b.sync(p) }), []string{"", "sport", "world"})
		b.same("hubs", b.view("world").Hubs, p.Hubs)
		p.Hubs = nil
		b.sync(p)
		b.same("none", b.view("world").Hubs, []string(nil))
	}},
	{"only feeds that are published are topics", func(b *bench) {
		b.sync(narrow())
		b.same("before it is published", b.asks(feed.HubSubscribe, "/world/rss.xml", cb), feed.HubNoTopic)
		b.save("world", document("/world/rss.xml", "0"), document("/world/", "a page"))
		for path, want := range map[string]feed.HubRefusal{"/world/rss.xml": feed.HubTakes, "/world/": feed.HubNoTopic,
			"/world/atom.xml": feed.HubNoTopic, "/nowhere/rss.xml": feed.HubNoTopic, "": feed.HubNoTopic} {
			b.same(path, b.asks(feed.HubSubscribe, path, cb), want)
		}
	}},
	{"nothing is delivered before the callback was asked", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.asks(feed.HubSubscribe, "/world/rss.xml", cb)
		b.prints("two")
		b.same("due", len(b.due()), 0)
		i := b.intents()
		b.same("claimed once", []int{len(i), len(b.intents())}, []int{1, 0})
		b.ok(b.HubVerified(b.ctx(), b.now, i[0], hubLimits))
		b.same("what came meanwhile", what(b.due()), []string{"[Story two Story one]"})
	}},
	{"who subscribed to a section in public is not told what it has, nor where it is, once it is private", func(b *bench) {
		b.sync(secretive("", "gulf"))
		shows := func(id string) {
			b.later(time.Minute)
			b.poll("gulf", b.story(id, 0, "sport"))
			b.save("sport", document(b.view("sport").Section.Path()+"rss.xml", id))
		}
		shows("one")
		b.subscribes("/sport/rss.xml", cb)
		b.same("refusal", b.asks(feed.HubSubscribe, "/sport/rss.xml", "https://b.example/1"), feed.HubTakes)
		b.sync(secretive("true", "gulf"))
		shows("two")
		b.same("due", len(b.due()), 0)
		told := b.intents()
		b.same("told", []any{len(told), told[0].Mode, told[0].Callback, told[0].Topic},
			[]any{1, feed.HubDenied, cb, "https://paper.example/sport/rss.xml"})
		b.ok(b.HubUnverified(b.ctx(), told[0], time.Time{}))
		// Whoever was given the address may subscribe there, until it is another one.
		b.subscribes(b.view("sport").Section.Path()+"rss.xml", cb)
		b.sync(secretive("another word", "gulf"))
		shows("three")
		b.same("due at the next address", len(b.due()), 0)
	}},
	{"intents outlive the process", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.asks(feed.HubSubscribe, "/world/rss.xml", cb)
		next := b.open()
		i, err := next.HubIntents(b.ctx(), b.now, 10, hubLimits, b.now.Add(time.Minute))
		b.ok(err)
		b.same("intents", []any{len(i), i[0].Callback, i[0].Secret, i[0].Lease}, []any{1, cb, "s", 24 * time.Hour})
		// Its process is killed while it asks.
		b.later(time.Minute)
		b.same("claimed anew", len(b.intents()), 1)
		b.ok(next.HubVerified(b.ctx(), b.now, i[0], hubLimits)) // the dead one's token
		b.prints("two")
		b.same("which changes nothing", len(b.due()), 0)
	}},
	{"a subscriber gets each version it has not got, the last one in the end", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.same("it has what was there", len(b.due()), 0)
		b.prints("two")
		first := b.due()
		b.same("one", what(first), []string{"[Story two Story one]"})
		b.same("nobody else takes it", len(b.due()), 0)
		b.prints("three") // while it is being delivered
		b.take(first)
		b.same("two", what(b.due()), []string{"[Story three Story two]"})
	}},
	{"entries that came and went between two deliveries are delivered first", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		for i := range 5 {
			b.prints(fmt.Sprint(i))
		}
		missed := b.due()
		b.same("missed", what(missed), []string{"[Story 4 Story 3 Story 2 Story 1 Story 0]"})
		b.same("frame", []string{missed[0].View.Section.Name, missed[0].View.Site.URL, missed[0].View.Hubs[0]},
			[]string{"world", "https://paper.example", "https://paper.example/-/hub"})
		b.take(missed)
		last := b.due()
		b.same("then the document", what(last), []string{"[Story 4 Story 3]"})
		b.take(last)
		b.same("then nothing", len(b.due()), 0)
		b.prints("5")
		b.same("and the next one as ever", what(b.due()), []string{"[Story 5 Story 4]"})
	}},
	{"what was taken back while it was missed is not delivered", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.prints("two")
		b.prints("three")
		b.prints("four") // two is not shown any more
		b.judge("withdraw", feed.Withdrawn, b.find("two"))
		b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
		missed := b.due()
		b.same("missed", what(missed), []string{"[Story four Story three]"})
	}},
	{"what was missed comes in several parts", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		var all []feed.Arrival
		for i := range 120 {
			b.later(time.Second)
			all = append(all, b.story(fmt.Sprintf("%03d", i), 0, "world"))
		}
		var got []string
		for part := range slices.Chunk(all, 2) { // each is shown once
			b.poll("gulf", part...)
			b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
		}
		for range 10 {
			d := b.due()
			if len(d) == 0 {
				break
			}
			got = append(got, titles(d[0].Missed)...)
			b.take(d)
		}
		slices.Sort(got)
		if len(got) < 118 || got[0] != "Story 000" || len(slices.Compact(got)) < 118 {
			b.Fatalf("%d were delivered: %v", len(got), got)
		}
	}},
	{"a story that was missed comes once, under the id that was published", func(b *bench) {
		p := plan("a", "b")
		p.Sections[0].Limit = 2
		p.Outlets[0].Rank, p.Outlets[1].Rank = 2, 1 // b leads, once it is there
		b.sync(p)
		print := func(source string, arrival feed.Arrival) {
			b.later(time.Minute)
			b.poll(source, b.news(arrival))
			b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
		}
		print("a", b.wire("zero", "a", 0, "world"))
		b.subscribes("/world/rss.xml", cb)
		print("a", b.wire("x", "a", 0, "world"))
		print("b", b.wire("x", "b", 0, "world"))
		print("a", b.wire("y", "a", 0, "world"))
		print("a", b.wire("z", "a", 0, "world"))
		d := b.due()
		var ids []string
		for _, e := range d[0].Missed {
			ids = append(ids, e.ID+" of "+e.Source)
		}
		b.same("missed", ids, []string{"https://a.example/z of a", "https://a.example/y of a", "https://a.example/x of b"})
	}},
	{"more than a document shows comes at once", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.prints("two")
		b.subscribes("/world/rss.xml", cb)
		b.later(time.Hour)
		old := b.story("old", 30*24*time.Hour, "world") // stands behind what was shown
		b.poll("gulf", b.story("a", 4*time.Minute, "world"), b.story("b", 3*time.Minute, "world"), b.story("c", 2*time.Minute, "world"),
			b.story("d", time.Minute, "world"), old)
		b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
		missed := b.due()
		got := titles(missed[0].Missed)
		slices.Sort(got)
		b.same("missed", got, []string{"Story a", "Story b", "Story c", "Story d"})
		b.take(missed)
		b.same("then the document", what(b.due()), []string{fmt.Sprint(b.titles("world"))})
	}},
	{"more than a document shows comes at one moment", func(b *bench) {
		b.sync(narrow())
		at := func(ids ...string) {
			b.later(time.Minute)
			var all []feed.Arrival
			for _, id := range ids {
				all = append(all, b.story(id, 0, "world"))
			}
			b.poll("gulf", all...)
			b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
		}
		at("a", "b", "c", "d")
		b.subscribes("/world/rss.xml", cb)
		got := func() (all []string) {
			for d := b.due(); len(d) > 0; d = b.due() {
				all = append(all, titles(d[0].Missed)...)
				b.take(d)
			}
			slices.Sort(all)
			return all
		}
		at("e")
		b.same("nothing that was there before", got(), []string(nil))
		at("f", "g", "h", "i")
		b.same("all that is new", got(), []string{"Story f", "Story g", "Story h", "Story i"})
		at("j")
		b.same("each once", got(), []string(nil))
		at("k", "l", "m")
		b.same("and the next", got(), []string{"Story k", "Story l", "Story m"})
	}},
	{"a failed delivery is tried when it is due, in the slow lane", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.prints("two")
		d := b.due()[0]
		b.ok(b.HubUndelivered(b.ctx(), d, b.now.Add(time.Hour), "it answered 500"))
		b.prints("three")
		b.same("not yet", len(b.inLane(feed.SlowLane)), 0)
		b.later(time.Hour)
		b.same("not in the fast lane", len(b.due()), 0)
		again := b.inLane(feed.SlowLane)
		b.same("the last version", what(again), []string{"[Story three Story two]"})
		b.same("tries", again[0].Tries, 1)
		b.ok(b.HubDelivered(b.ctx(), b.now, again[0], true))
		b.prints("four")
		b.same("it was slow", len(b.due()), 0)
		again = b.inLane(feed.SlowLane)
		b.same("tries", again[0].Tries, 0)
		b.ok(b.HubDelivered(b.ctx(), b.now, again[0], false))
		b.prints("five")
		b.same("and is quick again", len(b.due()), 1)
	}},
	{"a claim that was not tried is given back as it was", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.prints("two")
		b.ok(b.HubUndelivered(b.ctx(), b.due()[0], b.now, ""))
		b.same("tries", b.due()[0].Tries, 0)
	}},
	{"a dead process holds its deliveries up until the claim ends", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.prints("two")
		dead := b.due()[0]
		b.later(time.Minute)
		b.same("claimed anew", len(b.due()), 1)
		b.ok(b.HubDelivered(b.ctx(), b.now, dead, false))
		b.ok(b.HubDrop(b.ctx(), dead))
		b.later(time.Minute)
		b.same("the dead one's word does not count", len(b.due()), 1)
	}},
	{"a domain has so many deliveries under way, others are not held up", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		for _, callback := range []string{cb, cb + "2", cb + "3", "https://b.example/1"} {
			b.subscribes("/world/rss.xml", callback)
		}
		b.prints("two")
		d := b.due()
		var callbacks []string
		for _, d := range d {
			callbacks = append(callbacks, d.Callback)
		}
		b.same("under way", callbacks, []string{cb, cb + "2", "https://b.example/1"})
		b.take(d)
		b.same("then the rest", len(b.due()), 1)
	}},
	{"asking again gives another lease and secret, once it is verified", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.later(20 * time.Hour)
		ask := feed.Intent{Mode: feed.HubSubscribe, Topic: "https://paper.example/world/rss.xml", Path: "/world/rss.xml",
			Callback: cb, Domain: "a.example", Secret: "other", Lease: 24 * time.Hour}
		_, err := b.HubAsk(b.ctx(), b.now, ask, hubLimits)
		b.ok(err)
		b.prints("two")
		d := b.due()
		b.same("until then the old one", d[0].Secret, "s")
		b.take(d)
		for _, i := range b.intents() {
			b.ok(b.HubUnverified(b.ctx(), i, time.Time{}))
		}
		b.prints("three")
		d = b.due()
		b.same("it failed: unchanged", d[0].Secret, "s")
		b.take(d)
		_, err = b.HubAsk(b.ctx(), b.now, ask, hubLimits)
		b.ok(err)
		for _, i := range b.intents() {
			b.ok(b.HubVerified(b.ctx(), b.now, i, hubLimits))
		}
		b.later(10 * time.Hour) // past the first lease
		b.ok(b.HubKeep(b.ctx(), b.now))
		b.prints("four")
		d = b.due()
		b.same("one subscriber", []any{len(d), d[0].Secret, what(d)}, []any{1, "other", []string{"[Story four Story three]"}})
	}},
	{"a lease ends", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.later(24 * time.Hour)
		b.prints("two")
		b.same("due", len(b.due()), 0)
		b.ok(b.HubKeep(b.ctx(), b.now))
		status, err := b.HubStatus(b.ctx(), b.now)
		b.ok(err)
		b.same("subscribers", status, feed.HubStatus{})
	}},
	{"unsubscribing ends it, once it is verified", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		b.asks(feed.HubUnsubscribe, "/world/rss.xml", cb)
		i := b.intents()
		b.same("mode", i[0].Mode, feed.HubUnsubscribe)
		b.prints("two")
		b.same("until then", len(b.due()), 1)
		b.ok(b.HubVerified(b.ctx(), b.now, i[0], hubLimits))
		b.later(time.Hour)
		b.prints("three")
		b.same("due", len(b.due()), 0)
		b.same("what never was one", b.asks(feed.HubUnsubscribe, "/world/rss.xml", cb), feed.HubTakes)
	}},
	{"strangers cannot have a domain asked often", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		refused, asked := 0, 0
		for n := range 100 { // a request in twelve seconds
			b.later(12 * time.Second)
			if b.asks(feed.HubSubscribe, "/world/rss.xml", fmt.Sprintf("https://victim.example/%d", n)) != feed.HubTakes {
				refused++
			}
			for _, i := range b.intents() {
				asked++
				b.ok(b.HubUnverified(b.ctx(), i, time.Time{}))
			}
		}
		if most := 3 + 20; asked > most || refused == 0 {
			b.Fatalf("%d requests in 20 minutes, %d refused", asked, refused)
		}
		b.same("another domain", b.asks(feed.HubSubscribe, "/world/rss.xml", cb), feed.HubTakes)
	}},
	{"those who agree are not held up", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		for range 20 {
			b.subscribes("/world/rss.xml", cb)
		}
	}},
	{"there is an end to subscribers, of a domain and in all", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		for n := range 4 {
			b.subscribes("/world/rss.xml", fmt.Sprintf("https://a.example/%d", n))
		}
		b.same("of a domain", b.asks(feed.HubSubscribe, "/world/rss.xml", "https://a.example/5"), feed.HubDomainFull)
		b.same("who is one may ask again", b.asks(feed.HubSubscribe, "/world/rss.xml", "https://a.example/0"), feed.HubTakes)
		b.subscribes("/world/rss.xml", "https://b.example/1")
		b.subscribes("/world/rss.xml", "https://c.example/1")
		b.same("in all", b.asks(feed.HubSubscribe, "/world/rss.xml", "https://d.example/1"), feed.HubFull)
	}},
	{"whoever subscribed to a section that is taken out is told so", func(b *bench) {
		p := narrow()
		b.sync(p)
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		p.Sections = p.Sections[1:]
		b.sync(p)
		b.ok(b.HubKeep(b.ctx(), b.now))
		i := b.intents()
		b.same("told", []any{len(i), i[0].Mode, i[0].Callback, i[0].Topic, i[0].Reason},
			[]any{1, feed.HubDenied, cb, "https://paper.example/world/rss.xml", "this feed is not published any more"})
		b.ok(b.HubUnverified(b.ctx(), i[0], time.Time{}))
		b.ok(b.HubKeep(b.ctx(), b.now))
		b.same("once", len(b.intents()), 0)
	}},
	{"a section that is renamed keeps its subscribers", func(b *bench) {
		p := narrow()
		b.sync(p)
		b.prints("one")
		b.subscribes("/world/rss.xml", cb)
		p.Sections[0].Name, p.Sections[0].RenamedFrom = "planet", "world"
		b.sync(p)
		b.save("planet", document("/planet/rss.xml", "renamed"))
		d := b.due()
		b.same("delivery", []any{len(d), d[0].Path, what(d)}, []any{1, "/planet/rss.xml", []string{"renamed"}})
	}},
	{"another hub hears of each change once, a rest after it", func(b *bench) {
		b.sync(narrow())
		b.prints("one")
		pings := func() []feed.Ping {
			out, err := b.HubPings(b.ctx(), b.now, []string{"https://hub.example/"}, 9, 2*time.Second, b.now.Add(time.Minute))
			b.ok(err)
			return out
		}
		b.same("not at once", len(pings()), 0)
		b.later(2 * time.Second)
		p := pings()
		b.same("ping", []any{len(p), p[0].Hub, p[0].Path}, []any{1, "https://hub.example/", "/world/rss.xml"})
		b.same("claimed", len(pings()), 0)
		b.ok(b.HubPinged(b.ctx(), p[0]))
		b.later(time.Hour)
		b.same("once", len(pings()), 0)
		b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
		b.same("the same bytes", len(pings()), 0)
		b.prints("two")
		b.same("noted", len(pings()), 0)
		b.later(2 * time.Second)
		p = pings()
		b.ok(b.HubUnpinged(b.ctx(), p[0], b.now.Add(time.Hour), "it answered 500"))
		b.later(time.Minute)
		b.same("not yet again", len(pings()), 0)
		b.later(time.Hour)
		p = pings()
		b.same("tries", p[0].Tries, 1)
		b.ok(b.HubUnpinged(b.ctx(), p[0], b.now.Add(time.Hour), "it answered 500"))
		b.prints("three")
		b.same("another version", len(pings()), 0)
		b.later(2 * time.Second)
		b.same("is not held up", pings()[0].Tries, 0)
	}},
	{"a hub hears of a document that changes all the time", func(b *bench) {
		b.sync(narrow())
		heard := 0
		for i := range 10 {
			b.poll("gulf", b.story(fmt.Sprint(i), 0, "world"))
			b.save("world", document("/world/rss.xml", fmt.Sprint(b.titles("world"))))
			out, err := b.HubPings(b.ctx(), b.now, []string{"https://hub.example/"}, 9, 2*time.Second, b.now.Add(time.Minute))
			b.ok(err)
			for _, p := range out {
				heard++
				b.ok(b.HubPinged(b.ctx(), p))
			}
			b.later(time.Second)
		}
		if heard < 3 {
			b.Fatalf("heard %d times", heard)
		}
	}},
	{"what is published is known as far as it must be", func(b *bench) {
		b.sync(narrow())
		for i := range 30 {
			b.prints(fmt.Sprint("a", i))
		}
		b.subscribes("/world/rss.xml", cb)
		b.same("nothing of before", len(b.due()), 0)
	}},
}
