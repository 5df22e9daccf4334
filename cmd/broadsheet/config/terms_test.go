package config

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/feed"
)

func TestTermsOfASource(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSection+`sources:
  - {name: whole, url: https://a.example/feed, terms: full}
  - {name: part, url: https://b.example/feed, terms: excerpt, noindex: true}
  - {name: title, url: https://c.example/feed, terms: link}
  - {name: unsaid, url: https://d.example/feed}
`)
	for i, want := range []feed.Outlet{{Terms: feed.TermsFull}, {Terms: feed.TermsExcerpt, NoIndex: true},
		{Terms: feed.TermsLink}, {}} {
		if got := paper.Outlets[i]; got.Terms != want.Terms || got.NoIndex != want.NoIndex {
			t.Errorf("%s: terms %q, noindex %v", got.Name, got.Terms, got.NoIndex)
		}
	}
}

// S-10: who republishes the texts of others where everybody can read them is asked once
// whether he may.
func TestAPublicPaperIsAskedForTerms(t *testing.T) {
	sources := func(n int, more string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "  - {name: s%d, url: \"https://s%d.example/feed\"%s}\n", i, i, more)
		}
		return "sources:\n" + b.String()
	}
	for _, c := range []struct {
		url, sources, want string // want is the beginning of the text
	}{
		{"https://paper.example.org/news", sources(1, ""), "the source s0 does not say"},
		{"https://paper.example.org", sources(3, ""), "3 sources (s0, s1, s2) do not say"},
		{"https://paper.example.org", sources(5, ""), "5 sources (s0, s1, s2, …) do not say"},
		{"https://paper.example.org", sources(5, ", terms: link"), ""},
		{"https://203.0.113.9:8443", sources(1, ""), "the source s0"},
		{"http://[2001:db8::1]", sources(1, ""), "the source s0"},
		{"http://127.0.0.1:8080", sources(1, ""), ""},
		{"http://[::1]:8080", sources(1, ""), ""},
		{"http://192.168.2.4", sources(1, ""), ""},
		{"http://[fd00::4]", sources(1, ""), ""},
		{"http://169.254.2.4", sources(1, ""), ""},
		{"http://localhost", sources(1, ""), ""},
		{"http://nas", sources(1, ""), ""},
		{"http://paper.local.", sources(1, ""), ""},
		{"http://paper.fritz.lan", sources(1, ""), ""},
	} {
		paper := load(t, "config.yaml", "site: {url: \""+c.url+"\"}\n"+someSection+c.sources)
		warning, ok := paper.UnsaidTerms()
		if ok != (c.want != "") || !strings.HasPrefix(warning.Text, c.want) {
			t.Errorf("%s: warned %v: %s", c.url, ok, warning)
		}
		if ok && (!warning.Warning || warning.Pos.Line != 4) {
			t.Errorf("%s: %+v", c.url, warning)
		}
	}
}
