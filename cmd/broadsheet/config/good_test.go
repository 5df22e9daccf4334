package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/feed/route"
)

// write puts files (name, content, name, content, …) into a new folder and
// gives the path of the first.
func write(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0])
}

// load reads files that must be without fault.
func load(t testing.TB, files ...string) *Paper {
	t.Helper()
	paper, problems := Load(write(t, files...), testEnv)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return paper
}

const (
	someSite    = "site: {url: https://paper.example}\n"
	someSection = "sections: [{name: all, sources: \"*\"}]\n"
	someSource  = "sources: [{name: gulf-wire, url: https://gulf.example/feed}]\n"
)

func TestDefaultsStandWhereTheFileSaysNothing(t *testing.T) {
	path := write(t, "config.yaml", someSection+someSource)
	paper, problems := Load(path, Env{})
	if problems.Failed() || len(problems) != 1 || problems[0].Key != "site.url" {
		t.Fatal(problems)
	}
	paper.Router, paper.Spec = nil, route.Spec{}
	want := &Paper{
		Path: path, Site: feed.Site{Title: "Broadsheet", URL: "http://localhost:8080", Language: "en"},
		Zone: time.UTC, Listen: "127.0.0.1:8080", Admin: "127.0.0.1:8081",
		Store: filepath.Join(filepath.Dir(path), "broadsheet.db"), KeepPages: 30 * 24 * time.Hour,
		Fetch: Fetch{
			Every: "1h", Floor: 15 * time.Minute, Ceiling: 24 * time.Hour, Timeout: time.Minute, HostGap: time.Second,
			Concurrency: 32, MaxBody: 15 << 20, Hosts: map[string]Host{},
		},
		WebSub:    WebSub{Hub: true},
		Listening: Listening{Why: "site.url is no public address, so that no hub can reach it"},
		Outlets: []feed.Outlet{{
			Name: "gulf-wire", Pos: feed.Pos{File: "config.yaml", Line: 2, Column: 11},
			Feeds: []feed.Subscription{{
				Source: "gulf-wire", URL: "https://gulf.example/feed", Kind: "feed", Every: "1h",
				Host: "gulf.example", Server: "gulf.example", Slots: 1, Gap: time.Second,
				Pos:    feed.Pos{File: "config.yaml", Line: 2, Column: 11},
				URLPos: feed.Pos{File: "config.yaml", Line: 2, Column: 34},
			}},
		}},
		Sections: []feed.Section{{Name: "all", Title: "All", Limit: 50, MaxSize: 250_000}},
	}
	zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, paper, zones, cmp.AllowUnexported()); diff != "" {
		t.Error(diff)
	}
}

func TestSourceTakesOverProfileThenDefaultsThenFetch(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSection+`
fetch: {every: 3h}
defaults: {source: {tags: [all], rank: 5, language: en}}
profiles:
  journal: {every: 6h, rank: 1}
  slow: {every: 2d}
sources:
  - {name: own, url: https://a.example/feed, profile: journal, every: 30m, rank: 2, tags: [mine]}
  - {name: profiled, url: https://b.example/feed, profile: journal}
  - {name: bare, url: https://c.example/feed}
  - name: feeds
    profile: slow
    feeds: [{url: https://d.example/1}, {url: https://d.example/2, every: "*/30 * * * *"}]
`)
	got := map[string][]any{}
	for _, o := range paper.Outlets {
		got[o.Name] = []any{o.Feeds[0].Every, o.Rank, strings.Join(o.Tags, ","), o.Language}
	}
	want := map[string][]any{
		"own": {"30m", 2, "mine", "en"}, "profiled": {"6h", 1, "all", "en"},
		"bare": {"3h", 5, "all", "en"}, "feeds": {"2d", 5, "all", "en"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := paper.Outlets[3].Feeds[1].Every; got != "*/30 * * * *" {
		t.Errorf("the feed's own cadence is lost: %q", got)
	}
}

func TestFilesAreIncludedInOrderAndListsReadFromFiles(t *testing.T) {
	paper := load(t,
		"config.yaml", someSite+`
include: [parts/*.yaml, extra.yaml]
lists: {energy: {file: lists/energy.txt}, iran: [iran*, Тегеран]}
sections:
  - {name: energy, match: [{words: [list:energy, list:iran, "list price"]}]}
  - {name: tagged, sources: ["tag:b", "!one"]}
`,
		"parts/b.yaml", "sources: [{name: two, url: https://two.example/feed, tags: b}]\n",
		"parts/a.yaml", "sources: [{name: one, url: https://one.example/feed}]\n",
		"extra.yaml", "# only a remark\n",
		"lists/energy.txt", "\ufeff# what moves us\noil\n  natural gas  # and its kin\n\nC#\n",
	)
	var names []string
	for _, o := range paper.Outlets {
		names = append(names, o.Name+" "+o.Pos.File)
	}
	if diff := cmp.Diff([]string{"one parts/a.yaml", "two parts/b.yaml"}, names); diff != "" {
		t.Error(diff)
	}
	want := []route.Value{
		{Text: "oil", Pos: feed.Pos{File: "lists/energy.txt", Line: 2, Column: 1}},
		{Text: "natural gas", Pos: feed.Pos{File: "lists/energy.txt", Line: 3, Column: 1}},
		{Text: "C#", Pos: feed.Pos{File: "lists/energy.txt", Line: 5, Column: 1}},
		{Text: "iran*", Pos: feed.Pos{File: "config.yaml", Line: 4, Column: 50}},
		{Text: "Тегеран", Pos: feed.Pos{File: "config.yaml", Line: 4, Column: 57}},
		{Text: "list price", Pos: feed.Pos{File: "config.yaml", Line: 6, Column: 61}},
	}
	if diff := cmp.Diff(want, paper.Spec.Sections[0].Match[0].Conditions[0].Values); diff != "" {
		t.Error(diff)
	}
}

func TestRulesKeepTheOrderAndPlacesOfTheFile(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSource+`
sections:
  - name: all
    match:
      - words: [a, "/b/i"]
        not: {category: sport}
        longer: 100
        when: length > 5
        has: audio
    exclude: [{title: "x"}]
    from: gulf-wire
`)
	s := paper.Spec.Sections[0]
	at := func(line, column int) feed.Pos {
		return feed.Pos{File: "config.yaml", Line: line, Column: column}
	}
	want := route.SectionSpec{
		Name: "all", Pos: at(5, 5),
		From: []route.Selector{{Text: "gulf-wire", Pos: at(13, 11)}},
		Match: []route.Rule{{Pos: at(7, 9), Conditions: []route.Condition{
			{Pos: at(7, 9), Field: "words", Values: []route.Value{{Text: "a", Pos: at(7, 17)}, {Text: "/b/i", Pos: at(7, 20)}}},
			{Pos: at(8, 14), Field: "not", Not: &route.Rule{Pos: at(8, 14), Conditions: []route.Condition{
				{Pos: at(8, 15), Field: "category", Values: []route.Value{{Text: "sport", Pos: at(8, 25)}}},
			}}},
			{Pos: at(9, 17), Field: "longer", Number: 100},
			{Pos: at(10, 15), Field: "when", Values: []route.Value{{Text: "length > 5", Pos: at(10, 15)}}},
			{Pos: at(11, 9), Field: "has", Values: []route.Value{{Text: "audio", Pos: at(11, 14)}}},
		}}},
		Exclude: []route.Rule{{Pos: at(12, 15), Conditions: []route.Condition{
			{Pos: at(12, 16), Field: "title", Values: []route.Value{{Text: "x", Pos: at(12, 23)}}},
		}}},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

func TestAnchorsAliasesAndMergesWorkAndPrivateKeysAreIgnored(t *testing.T) {
	paper := load(t, "config.yaml", `
x-anything: {goes: [here, {and: there}]}
x-slow: &slow {every: 6h, language: fr, x-note: mine}
x-tags: &tags [a, b]
`+someSite+`
sections:
  - &first {name: one, sources: "*", limit: 10}
  - {<<: *first, name: two}
sources:
  - {name: merged, url: https://a.example/feed, <<: *slow, language: de, tags: *tags}
  - {<<: [{rank: 1}, {rank: 2, note: kept}], name: several, url: https://b.example/feed}
`)
	merged, several := paper.Outlets[0], paper.Outlets[1]
	if merged.Feeds[0].Every != "6h" || merged.Language != "de" || len(merged.Tags) != 2 {
		t.Errorf("merged: %+v", merged)
	}
	if several.Rank != 1 || several.Note != "kept" {
		t.Errorf("several: %+v", several)
	}
	if s := paper.Sections[1]; s.Name != "two" || s.Limit != 10 {
		t.Errorf("section: %+v", s)
	}
}

func TestVariablesArePutIn(t *testing.T) {
	path := write(t, "config.yaml", `
site: {url: "${SITE_URL}/news/", title: "Costs $${5} and ${PORT}"}
serve: {listen: "127.0.0.1:${PORT}"}
fetch: {concurrency: "${N}", every: "${EVERY}"}
`+someSection+`
sources: [{name: a, url: "https://user:${file:secrets/password}@a.example/feed", paused: "${OFF}", terms: full}]
`, "secrets/password", "p%20w\n")
	env := Env{NeedSecrets: true, Getenv: func(name string) (string, bool) {
		value, ok := map[string]string{"SITE_URL": "https://paper.example", "PORT": "90", "N": "7", "EVERY": "2h", "OFF": "true"}[name]
		return value, ok
	}}
	paper, problems := Load(path, env)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := []any{paper.Site.URL, paper.Site.Title, paper.Listen, paper.Fetch.Concurrency, paper.Outlets[0].Feeds[0].Every,
		paper.Outlets[0].Feeds[0].URL,
		paper.Outlets[0].Feeds[0].Access.User, paper.Outlets[0].Feeds[0].Access.Password, paper.Outlets[0].Paused}
	want := []any{"https://paper.example/news", "Costs ${5} and 90", "127.0.0.1:90", 7, "2h", "https://a.example/feed", "user", "p w", true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnsetVariableIsOnlyAWarningWhereNothingIsAsked(t *testing.T) {
	path := write(t, "config.yaml", someSite+someSection+
		`sources: [{name: a, url: "https://user:${MISSING}@a.example/feed", every: "${EVERY}", terms: full}]`)
	paper, problems := Load(path, Env{})
	if paper == nil || len(problems) != 2 || problems.Failed() || !paper.Unset {
		t.Fatalf("paper %v, problems:\n%s", paper != nil, problems)
	}
	f := paper.Outlets[0].Feeds[0]
	if f.URL != "https://user:${MISSING}@a.example/feed" || f.Host != "a.example" || f.Every != "1h" {
		t.Errorf("%+v", f)
	}
	if _, problems := Load(path, Env{NeedSecrets: true}); !problems.Failed() {
		t.Error("no error where the origin is asked")
	}
}

func TestRequestsCountAgainstTheNearestException(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSection+`
fetch:
  host_gap: 2s
  allow_networks: [127.0.0.0/8, "::1"]
  hosts:
    arxiv.example: {gap: 3s}
    "127.0.0.1:1200": {gap: 0s, concurrency: 4, hold: source}
    feeds.big.example: {concurrency: 2, unconditional: never}
sources:
  - {name: a, url: https://export.arxiv.example/rss, every: auto}
  - {name: b, url: "http://127.0.0.1:1200/bridge"}
  - {name: c, url: "https://feeds.big.example:8443/rss"}
  - {name: d, url: https://www.big.example/rss}
`)
	type budget struct {
		Host  string
		Slots int
		Gap   time.Duration
	}
	got := map[string]budget{}
	for _, o := range paper.Outlets {
		f := o.Feeds[0]
		got[o.Name] = budget{f.Host, f.Slots, f.Gap}
	}
	want := map[string]budget{
		"a": {"arxiv.example", 1, 3 * time.Second}, "b": {"127.0.0.1:1200", 4, 0},
		"c": {"feeds.big.example", 2, 2 * time.Second}, "d": {"big.example", 1, 2 * time.Second},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if h := paper.Fetch.Hosts["127.0.0.1:1200"]; h.Hold != "source" {
		t.Errorf("hold: %+v", h)
	}
	for _, o := range paper.Outlets {
		if f := o.Feeds[0]; f.HoldAlone != (o.Name == "b") {
			t.Errorf("%s: a hold is for this feed alone: %t", o.Name, f.HoldAlone)
		}
		if f := o.Feeds[0]; f.Conditional != (o.Name == "c") || (f.Every == "auto") != (o.Name == "a") {
			t.Errorf("%s: never without validators: %t; every: %s", o.Name, f.Conditional, f.Every)
		}
	}
	if n := len(paper.Fetch.Allow); n != 2 {
		t.Errorf("%d networks", n)
	}
}

func TestKindsOfValue(t *testing.T) {
	tests := []struct {
		name string
		kind kind
		text string
		want any // nil: it is refused
	}{
		{"a size in binary units", new(size), "15MiB", size(15 << 20)},
		{"a size in decimal units", new(size), "1.5 GB", size(1_500_000_000)},
		{"a size in bytes", new(size), "512B", size(512)},
		{"a size needs its unit", new(size), "15", nil},
		{"a size is not negative", new(size), "-1MiB", nil},
		{"a size has a bound", new(size), "999999999TiB", nil},
		{"days", new(period), "2d", period(48 * time.Hour)},
		{"days and hours", new(period), "1d12h", period(36 * time.Hour)},
		{"nothing", new(period), "0", period(0)},
		{"no unit", new(period), "90", nil},
		{"a negative duration", new(period), "-5m", nil},
		{"for ever", new(retention), "forever", retention(0)},
		{"a year", new(retention), "365d", retention(365 * 24 * time.Hour)},
		{"no retention is not for ever", new(retention), "0s", nil},
		{"all entries", new(limit), "all", limit(0)},
		{"so many entries", new(limit), "60", limit(60)},
		{"no entries", new(limit), "0", nil},
		{"octal", new(count), "010", nil},
		{"hexadecimal", new(count), "0x1F", nil},
		{"grouped", new(count), "1_000", nil},
		{"a title on two lines", new(title), " The\n Paper ", title("The Paper")},
		{"an IPv6 listener", new(address), "[::1]:8080", address("[::1]:8080")},
		{"a socket", new(address), "unix:/run/x.sock", address("unix:/run/x.sock")},
		{"a port alone", new(address), "8080", nil},
		{"a port out of range", new(address), ":70000", nil},
		{"credentials in a URL", new(webURL), "https://u:p@a.example/", webURL("https://u:p@a.example/")},
		{"an upper-case scheme", new(webURL), "HTTPS://a.example/", webURL("HTTPS://a.example/")},
		{"an international host", new(webURL), "https://bücher.example/", webURL("https://bücher.example/")},
		{"a URL of a local file", new(webURL), "file:///etc/passwd", nil},
		{"a URL of two slashes", new(webURL), "//a.example/feed", nil},
		{"a language with a region", new(tongue), "pt-BR", tongue("pt-BR")},
		{"a language of YAML", new(tongue), "off", nil},
		{"a descriptor of cron", new(cadence), "@hourly", cadence("@hourly")},
		{"a zone in a cron spec", new(cadence), "TZ=UTC * * * * *", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.kind.read(tt.text)
			if tt.want == nil {
				if err == nil {
					t.Errorf("%q was taken", tt.text)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]any{
				"size": deref[size](tt.kind), "period": deref[period](tt.kind), "retention": deref[retention](tt.kind),
				"limit": deref[limit](tt.kind), "title": deref[title](tt.kind), "address": deref[address](tt.kind),
				"webURL": deref[webURL](tt.kind), "tongue": deref[tongue](tt.kind), "cadence": deref[cadence](tt.kind),
				"count": deref[count](tt.kind),
			}
			found := false
			for _, v := range got {
				found = found || v == tt.want
			}
			if !found {
				t.Errorf("%q is not %v", tt.text, tt.want)
			}
		})
	}
}

// deref is the value behind a kind of type T; nil for another kind.
func deref[T any](k kind) any {
	if p, ok := any(k).(*T); ok {
		return *p
	}
	return nil
}

// Every default of the tags is one that the file could say.
func TestDefaultsOfTheTagsAreValid(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSection+someSource)
	if paper.Fetch.Timeout == 0 || paper.Zone == nil {
		t.Error("a default was not read")
	}
	forEachKey(t, func(f *field, set setting) {
		p, ok := set.(presettable)
		if f.preset == "" || !ok {
			return
		}
		if err := p.preset(f.preset); err != nil {
			t.Errorf("%s: default %q %s", f.key, f.preset, err)
		}
		if len(f.enum) > 0 && !contains(f.enum, f.preset) {
			t.Errorf("%s: default %q is none of %v", f.key, f.preset, f.enum)
		}
	})
}

// Every key is described in one sentence.
func TestEveryKeyIsDescribed(t *testing.T) {
	n := 0
	forEachKey(t, func(f *field, _ setting) {
		n++
		if !strings.HasSuffix(f.doc, ".") {
			t.Errorf("%s: %q is no sentence", f.key, f.doc)
		}
	})
	if n < 60 {
		t.Errorf("only %d keys", n)
	}
}

func TestUnreadableConfigurationIsTold(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{filepath.Join(dir, "none.yaml"), dir} {
		paper, problems := Load(path, Env{})
		if paper != nil || len(problems) != 1 || !strings.Contains(problems[0].Text, "cannot be read") {
			t.Errorf("%s: %v", path, problems)
		}
	}
}

func TestOversizedFilesAreRefused(t *testing.T) {
	big := "# " + strings.Repeat("x", maxFile) + "\n"
	_, problems := Load(write(t, "config.yaml", big), Env{})
	if len(problems) != 1 || !strings.Contains(problems[0].Text, "MiB") {
		t.Errorf("%v", problems)
	}
}

func TestStoriesOfASection(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSource+`
defaults: {section: {stories: link}}
sections:
  - {name: a, sources: "*"}
  - {name: b, sources: "*", stories: on}
  - {name: c, sources: "*", stories: off}
`)
	var got []feed.Stories
	for _, s := range paper.Sections {
		got = append(got, s.Stories)
	}
	if diff := cmp.Diff([]feed.Stories{feed.StoriesLink, feed.StoriesOn, feed.StoriesOff}, got); diff != "" {
		t.Error(diff)
	}
	if s := load(t, "config.yaml", someSite+someSource+someSection).Sections[0].Stories; s != feed.StoriesOn {
		t.Errorf("unless said it is %q", s)
	}
}
