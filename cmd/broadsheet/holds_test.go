package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

// siblings is a configuration of feeds at servers of one domain.
func siblings(d *desk, names ...string) {
	var b strings.Builder
	b.WriteString("sections: [{name: all, title: All, sources: ['*']}]\nsources:\n")
	for _, name := range names {
		host := name + ".busy.example"
		fmt.Fprintf(&b, "  - {name: %s, url: 'http://%s/f.xml', every: 30m}\n", name, host)
		d.web.Serve(host, "/f.xml", "application/rss+xml", rss(time.Now(), name+"|http://"+host+"/1|A|1|A"))
	}
	d.config(b.String())
}

// longest is the longest time in which no request of a log came, its end included.
func longest(log []fakeweb.Request, end time.Time) time.Duration {
	gap := time.Duration(0)
	for i := 1; i < len(log); i++ {
		gap = max(gap, log[i].Start.Sub(log[i-1].Start))
	}
	if len(log) == 0 {
		return 1 << 62
	}
	return max(gap, end.Sub(log[len(log)-1].Start))
}

// TestOneHostileServerHoldsNoOther: H-4, DESIGN §7. A server under a domain
// answers 429 for ever: its siblings are polled on time.
func TestOneHostileServerHoldsNoOther(t *testing.T) {
	if testing.Short() {
		t.Skip("two days by the minute")
	}
	for name, refusal := range map[string]http.Handler{
		"without Retry-After": fakeweb.Status(429), "for five hours": fakeweb.Status(503, "Retry-After", "18000"),
		"for a year": fakeweb.Status(429, "Retry-After", "31536000"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				siblings(d, "hostile", "good", "fine")
				d.web.HandlePage("hostile.busy.example", "/f.xml", refusal)
				passes(t, d, paper(t, d), 48*time.Hour, 2*time.Minute)
				for _, good := range []string{"good.busy.example", "fine.busy.example"} {
					if gap := longest(fakeweb.To(d.web.Log(), good), time.Now()); gap > time.Hour+5*time.Minute {
						t.Errorf("%s was not asked for %v", good, gap)
					}
				}
				if n := len(fakeweb.To(d.web.Log(), "hostile.busy.example")); n > 12 {
					t.Errorf("the hostile server was asked %d times in two days", n)
				}
			})
		})
	}
}

// TestTwoHostileServersHoldTheirDomainForAnHourAtMost: their siblings wait for no
// longer, however long the two go on.
func TestTwoHostileServersHoldTheirDomainForAnHourAtMost(t *testing.T) {
	if testing.Short() {
		t.Skip("a day by the minute")
	}
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		siblings(d, "a", "b", "good")
		for _, host := range []string{"a", "b"} {
			d.web.HandlePage(host+".busy.example", "/f.xml", fakeweb.Status(429, "Retry-After", "7200"))
		}
		conf := paper(t, d)
		begun := time.Now()
		passes(t, d, conf, 72*time.Hour, 2*time.Minute)
		log := fakeweb.To(d.web.Log(), "good.busy.example")
		if gap := longest(log, time.Now()); gap > 2*time.Hour+5*time.Minute {
			t.Errorf("the sibling was not asked for %v: an interval of up to an hour and an hour's hold", gap)
		}
		if first := log[0].Start.Sub(begun); first < 50*time.Minute && len(fakeweb.To(d.web.Log()[:3], "good.busy.example")) == 0 {
			t.Errorf("the sibling was asked after %v, while its domain was held", first)
		}
	})
}

// TestARedirectToAHeldServerIsNotFollowed: H-4, H-6. No request reaches a server
// that asked to be left alone, whoever leads there; hold: source is an exception.
func TestARedirectToAHeldServerIsNotFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.config("fetch: {host_gap: 0s, hosts: {bridge.example: {hold: source}}}\n" +
			"sections: [{name: all, title: All, sources: ['*']}]\nsources:\n" +
			"  - {name: held, url: 'http://busy.example/f.xml', every: 30m}\n" +
			"  - {name: led, url: 'http://short.example/f.xml', every: 30m}\n" +
			"  - {name: loud, url: 'http://bridge.example/1.xml', every: 30m}\n" +
			"  - {name: calm, url: 'http://bridge.example/2.xml', every: 30m}\n")
		d.web.Handle("busy.example", fakeweb.Status(503, "Retry-After", "36000"))
		d.web.Handle("short.example", fakeweb.Redirect(302, "http://busy.example/g.xml"))
		d.web.HandlePage("bridge.example", "/1.xml", fakeweb.Status(429, "Retry-After", "36000"))
		d.web.Serve("bridge.example", "/2.xml", "application/rss+xml", rss(time.Now(), "1|http://bridge.example/1|A|1|A"))
		conf := paper(t, d)
		shift(t, d, conf, 4*time.Hour)
		if n := len(fakeweb.To(d.web.Log(), "busy.example")); n != 1 {
			t.Errorf("the held server was asked %d times", n)
		}
		if n := len(fakeweb.To(d.web.Log(), "short.example")); n != 1 {
			t.Errorf("who leads there was asked %d times", n)
		}
		if n := len(byURL(d.web.Log())["http://bridge.example/2.xml"]); n < 4 {
			t.Errorf("hold: source held the other feed: %d polls", n)
		}
		// A person who asks by name overrides no hold.
		for _, name := range []string{"held", "led", "loud"} {
			before := len(d.web.Log())
			p, _, _ := d.start()
			p.clock = time.Now
			if code := p.main(t.Context(), []string{"-c", filepath.Join(d.dir, "config.yaml"), "once", name}); code != exitFailed {
				t.Errorf("once %s exits %d", name, code)
			}
			if n := len(d.web.Log()) - before; n > 0 {
				t.Errorf("once %s made %d requests", name, n)
			}
		}
	})
}
