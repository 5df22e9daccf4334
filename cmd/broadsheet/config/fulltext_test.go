package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

func TestFullTextIsAKeyOfProfilesAndSources(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSection+`
keep_pages: 7d
defaults: {source: {full_text: auto, remove: .share}}
profiles: {whole: {full_text: always, content: [article, .story]}}
sources:
  - {name: default, url: https://a.example/feed}
  - {name: profiled, url: https://b.example/feed, profile: whole}
  - {name: own, url: https://c.example/feed, profile: whole, full_text: never, content: main}
`)
	got := map[string]feed.FullText{}
	for _, o := range paper.Outlets {
		got[o.Name] = o.FullText
	}
	want := map[string]feed.FullText{"default": feed.FullTextAuto, "profiled": feed.FullTextAlways, "own": feed.FullTextNever}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if paper.KeepPages != 7*24*time.Hour {
		t.Errorf("pages are kept for %s", paper.KeepPages)
	}
	versions := map[string]bool{}
	for _, name := range []string{"default", "profiled", "own"} {
		versions[paper.Selectors[name].Version()] = true
	}
	if len(versions) != 3 || versions[""] {
		t.Errorf("the selectors of the three sources are not told apart: %v", versions)
	}
}

func TestSelectorsAreCheckedWhereTheyStand(t *testing.T) {
	_, problems := Load(write(t, "config.yaml", someSite+someSection+`
sources:
  - name: gulf-wire
    url: https://gulf.example/feed
    full_text: auto
    content: [article, "article >"]
    remove: ["//div", ""]
`), Env{})
	var said []string
	for _, p := range problems {
		said = append(said, p.String())
	}
	if len(said) != 3 || !strings.HasPrefix(said[0], `config.yaml:8:24: sources.content: "article >" is not a CSS selector`) ||
		!strings.HasPrefix(said[1], `config.yaml:9:14: sources.remove: "//div" is an XPath`) ||
		!strings.HasPrefix(said[2], `config.yaml:9:23: sources.remove: an empty selector`) {
		t.Errorf("said:\n%s", strings.Join(said, "\n"))
	}
}

func TestAPageCountsAgainstTheBudgetOfItsHost(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSection+someSource+
		`fetch: {hosts: {"gulf.example": {concurrency: 3}, "127.0.0.1:1200": {gap: 0s}}}`+"\n")
	for url, want := range map[string][3]any{
		"https://www.gulf.example/a?b=c":     {"gulf.example", "www.gulf.example", 3},
		"https://News.Tide.example:443/a":    {"tide.example", "news.tide.example", 1},
		"http://127.0.0.1:1200/bridge/thing": {"127.0.0.1:1200", "127.0.0.1:1200", 1},
	} {
		host, server, slots, err := paper.Fetch.Place(url)
		if err != nil || (want != [3]any{host, server, slots}) {
			t.Errorf("%s: %s, %s, %d, %v", url, host, server, slots, err)
		}
	}
	if _, _, _, err := paper.Fetch.Place("mailto:desk@gulf.example"); err == nil {
		t.Error("an address of mail counts against a budget")
	}
}
