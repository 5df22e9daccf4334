package main

import (
	"strings"
	"testing"
)

const blockedFeed = `<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>The Lamp</title>
<link>http://lamp.example/</link><description>Light</description><itunes:block>yes</itunes:block>
<item><title>Oil for lamps</title><link>http://lamp.example/1</link><guid>http://lamp.example/1</guid>
<description>A short word about oil.</description><pubDate>Sat, 14 Mar 2026 09:00:00 GMT</pubDate></item></channel></rss>`

const openFeed = `<rss version="2.0"><channel><title>The Quay</title><link>http://quay.example/</link><description>Quay</description>
<item><title>Ferries run again</title><link>http://quay.example/1</link><guid>http://quay.example/1</guid>
<description>The first boat left at dawn.</description><pubDate>Sat, 14 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>`

// What asks not to be republished is not, and what may be told in part is told in part; one
// line of the configuration changes either, without asking anybody (POD-1, S-10).
func TestTermsAndBlocksFromTheFeedToTheSite(t *testing.T) {
	d := newDesk(t)
	d.web.Serve("lamp.example", "/feed", "application/rss+xml", []byte(blockedFeed))
	d.web.Serve("quay.example", "/feed", "application/rss+xml", []byte(openFeed))
	conf := func(lamp, quay string) {
		d.config(`site: {url: "https://paper.example.org"}
sections: [{name: all, sources: ["*"]}]
sources:
  - {name: lamp, url: "http://lamp.example/feed"` + lamp + `}
  - {name: quay, url: "http://quay.example/feed"` + quay + `}
`)
	}
	feeds := func() string {
		site := d.build()
		return site["all/rss.xml"] + site["all/atom.xml"] + site["all/feed.json"] + site["rss.xml"] + site["all/index.html"]
	}
	has := func(what, text string, want bool, in string) {
		t.Helper()
		if strings.Contains(in, text) != want {
			t.Errorf("%s: %q is there: %v", what, text, !want)
		}
	}
	conf("", "")
	d.run("once")
	all := feeds()
	has("a blocked feed", "Oil for lamps", false, all)
	has("an open one", "The first boat left at dawn.", true, all)
	has("explain", "its feed asks not to be republished (itunes:block); terms: in the source's stanza overrides it", true,
		d.run("explain", "http://lamp.example/1"))
	has("check", "2 sources (lamp, quay) do not say how much of the articles may be published", true, d.run("check"))

	conf(", terms: full", ", terms: link")
	d.run("once")
	all = feeds()
	has("with terms", "A short word about oil.", true, all)
	has("a link alone", "The first boat left at dawn.", false, all)
	has("a link alone", "Ferries run again", true, all)
	has("check", "do not say", false, d.run("check"))

	conf("", ", terms: excerpt")
	d.run("once")
	all = feeds()
	has("terms taken back", "Oil for lamps", false, all)
	has("an excerpt", "The first boat left at dawn.", true, all)
}
