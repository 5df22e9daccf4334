package main

import (
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/fakeweb"
)

// walk calls do for every file of a tree.
func walk(root fs.FS, do func(name string, body []byte)) error {
	return fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		body, err := fs.ReadFile(root, name)
		do(filepath.ToSlash(name), body)
		return err
	})
}

const twoSections = `
sections:
  - {name: world, title: World, sources: ["*"]}
  - {name: iran, title: Iran, match: [{category: Iran}]}
sources:
  - {name: gulf-wire, title: Gulf Wire, url: "http://gulf.example/feed.xml", every: 1h}
`

func TestAnArticleIsInEverySectionItBelongsTo(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now,
		"1|http://gulf.example/1|Storm over Hormuz|2|Iran,Weather", "2|http://gulf.example/2|Harbour fair|3|Culture"))
	d.run("once")
	site := d.build()
	if got, want := len(ids(t, site, "world")), 2; got != want {
		t.Errorf("world shows %d articles, want %d", got, want)
	}
	if _, ok := ids(t, site, "iran")["Storm over Hormuz"]; !ok || len(ids(t, site, "iran")) != 1 {
		t.Errorf("iran shows %v", ids(t, site, "iran"))
	}
	for _, path := range []string{"index.html", "rss.xml", "atom.xml", "feed.json", "opml.xml", "sources.opml",
		"-/style.css", "world/index.html", "world/rss.xml", "world/atom.xml", "world/feed.json"} {
		if site[path] == "" {
			t.Errorf("the site has no %s", path)
		}
	}
	out := d.run("explain", "Storm", "over", "Hormuz")
	if !strings.Contains(out, "config.yaml:") || !strings.Contains(out, "Iran") {
		t.Errorf("explain does not name the rule with its place:\n%s", out)
	}
	if byLink := d.run("explain", "https://gulf.example/1?utm_source=mail#top"); byLink != out {
		t.Errorf("by a link as a person may have it, explain says\n%s", byLink)
	}
}

func TestASecondPollOfAnUnchangedOriginChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	body := rss(d.now, "1|http://gulf.example/1|Storm|2|Iran")
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", body)
	d.run("once")
	before := d.build()

	var second summary
	d.later(3 * time.Hour)
	d.runJSON(&second, "once")
	if second.Polled != 1 || second.Unchanged != 1 || second.New+second.Updated != 0 || second.Published.Documents != 0 {
		t.Errorf("the second poll did %+v, want one poll and nothing else", &second)
	}
	log := d.web.Log()
	if last := log[len(log)-1]; last.Status != http.StatusNotModified {
		t.Errorf("the origin answered %d to a conditional request", last.Status)
	}

	// The same bytes from a server without validators: still nothing.
	d.web.HandlePage("gulf.example", "/feed.xml", fakeweb.Raw(body, "Content-Type", "application/rss+xml"))
	for range 2 {
		var again summary
		d.later(3 * time.Hour)
		d.runJSON(&again, "once")
		if again.New+again.Updated+again.Published.Documents != 0 {
			t.Errorf("equal bytes did %+v", &again)
		}
	}
	if diff := cmp.Diff(before, d.build()); diff != "" {
		t.Errorf("published bytes changed (-before +after):\n%s", diff)
	}
}

func TestNoIDChangesWhenNamesAndAddressesDo(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	feed := rss(d.now, "1|http://gulf.example/1|Storm|2|Iran", "tag:gulf.example,2026:2|http://gulf.example/2|Calm|3|Iran",
		"|http://gulf.example/3|Fog|4|Iran")
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", feed)
	d.web.Serve("new.example", "/rss", "application/rss+xml", feed)
	d.run("once")
	before := ids(t, d.build(), "world")
	if len(before) != 3 {
		t.Fatalf("world shows %v", before)
	}
	renamed := strings.NewReplacer("gulf-wire,", "strait-wire, renamed_from: gulf-wire,").Replace(twoSections)
	moved := strings.NewReplacer("gulf.example/feed.xml", "new.example/rss").Replace(renamed)
	steps := []struct{ what, config string }{
		{"the source is renamed", renamed},
		{"the source's url moved", moved},
		{"the site moved", "site: {title: The Test, url: https://elsewhere.example/paper, id: paper.example}\n" + moved},
		{"a section is renamed", strings.Replace(moved, "name: world,", "name: planet, renamed_from: world,", 1)},
	}
	section := "world"
	for _, step := range steps {
		d.config(step.config)
		d.later(3 * time.Hour)
		var sum summary
		d.runJSON(&sum, "once")
		if strings.Contains(step.config, "planet") {
			section = "planet"
		}
		if diff := cmp.Diff(before, ids(t, d.build(), section)); diff != "" || sum.New != 0 {
			t.Errorf("%s: %d articles are new; ids (-before +after):\n%s", step.what, sum.New, diff)
		}
	}
}

func TestASiteWithoutAnIDKeepsItsFirstURLAsOne(t *testing.T) {
	d := newDesk(t)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	d.config("site: {title: T, url: http://first.example}\n" + twoSections)
	d.run("once")
	before := ids(t, d.build(), "world")
	d.config("site: {title: T, url: http://second.example}\n" + twoSections)
	d.web.Set("gulf.example", "/feed.xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran", "2|http://gulf.example/2|New|1|Iran"))
	d.later(3 * time.Hour)
	d.run("once")
	after := ids(t, d.build(), "world")
	if before["Storm"] != after["Storm"] || len(after) != 2 {
		t.Errorf("ids were %v and are %v", before, after)
	}
}

func TestOneOutletWithTwoFeedsShowsASharedArticleOnceInTheSectionsOfBoth(t *testing.T) {
	d := newDesk(t)
	d.config(`
sections:
  - {name: politics, title: Politics, match: [{category: Politics}]}
  - {name: world, title: World}
sources:
  - name: meridien
    title: Le Méridien
    feeds:
      - {url: "http://meridien.example/politique.xml", categories: [Politics]}
      - {url: "http://meridien.example/monde.xml", sections: [world]}
`)
	shared := "7|http://meridien.example/7|Sommet|2|Une"
	d.web.Serve("meridien.example", "/politique.xml", "application/rss+xml", rss(d.now, shared, "8|http://meridien.example/8|Vote|3|Une"))
	d.web.Serve("meridien.example", "/monde.xml", "application/rss+xml", rss(d.now, shared))
	d.run("once")
	site := d.build()
	politics, world := ids(t, site, "politics"), ids(t, site, "world")
	if len(politics) != 2 || len(world) != 1 || politics["Sommet"] != world["Sommet"] || world["Sommet"] == "" {
		t.Errorf("politics shows %v, world %v", politics, world)
	}
	var whole jsonFeed
	decode(t, site["feed.json"], &whole)
	if len(whole.Items) != 2 {
		t.Errorf("the whole paper has %d articles, want 2", len(whole.Items))
	}
}

func TestAChangedRuleIsAppliedToStoredArticlesWithoutARequest(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now,
		"1|http://gulf.example/1|Storm over Hormuz|2|Iran", "2|http://gulf.example/2|Harbour fair|30|Culture"))
	d.run("once")
	before := ids(t, d.build(), "world")
	d.web.Forget()
	d.config(strings.NewReplacer("category: Iran", "title: harbour").Replace(twoSections))
	d.later(time.Minute)
	site := d.build()
	if got := ids(t, site, "iran"); len(got) != 1 || got["Harbour fair"] != before["Harbour fair"] {
		t.Errorf("the changed section shows %v", got)
	}
	if diff := cmp.Diff(before, ids(t, site, "world")); diff != "" {
		t.Errorf("ids moved:\n%s", diff)
	}
	if log := d.web.Log(); len(log) != 0 {
		t.Errorf("%d requests were sent", len(log))
	}
}

func TestASourceTakenOutLeavesItsSectionsAndComesBackWithTheSameIDs(t *testing.T) {
	d := newDesk(t)
	two := twoSections + `  - {name: other, title: Other, url: "http://other.example/feed.xml"}` + "\n"
	d.config(two)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	d.web.Serve("other.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://other.example/1|Calm|2|Iran"))
	d.run("once")
	before := ids(t, d.build(), "world")
	d.config(twoSections)
	if got := ids(t, d.build(), "world"); len(got) != 1 || got["Calm"] != "" {
		t.Errorf("without the source the section shows %v", got)
	}
	d.config(two)
	if diff := cmp.Diff(before, ids(t, d.build(), "world")); diff != "" {
		t.Errorf("put back (-before +after):\n%s", diff)
	}
}

func TestASourceThatFailsSaysSoAndKeepsItsArticles(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	good := rss(d.now, "1|http://gulf.example/1|Storm|2|Iran")
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", good)
	d.run("once")
	before := d.build()
	tests := []struct {
		what string
		page http.Handler
		says string
		bad  bool
	}{
		{"down", fakeweb.Status(500), "500", true},
		{"a web page", fakeweb.Raw([]byte("<!doctype html><html><body>Please log in</body></html>"), "Content-Type", "text/html"), "web page", true},
		{"empty", fakeweb.Raw(nil, "Content-Type", "application/rss+xml"), "", true},
		{"truncated", fakeweb.Raw(good[:len(good)-60], "Content-Type", "application/rss+xml"), "", false},
		{"no items", fakeweb.Raw(rss(d.now), "Content-Type", "application/rss+xml"), "", false},
		{"endless", fakeweb.Raw(make([]byte, 16<<20), "Content-Type", "application/rss+xml"), "15", true},
	}
	for _, tt := range tests {
		d.web.HandlePage("gulf.example", "/feed.xml", tt.page)
		d.later(26 * time.Hour)
		out, _, code := d.try("once", "gulf-wire")
		if failed := code != exitDone; failed != tt.bad {
			t.Errorf("%s: exit %d\n%s", tt.what, code, out)
		}
		var status statusReport
		d.runJSON(&status, "status")
		got := status.Sources[0]
		if (got.Error != "") != tt.bad || !strings.Contains(got.Error, tt.says) || strings.Contains(got.Error, "\n") {
			t.Errorf("%s: status says %q", tt.what, got.Error)
		}
		if after := d.build(); after["world/feed.json"] != before["world/feed.json"] {
			t.Errorf("%s: the section changed to %s", tt.what, after["world/feed.json"])
		}
	}
}

func TestABuildWithoutTheSecretsWritesWhatTheLastRunLeft(t *testing.T) {
	d := newDesk(t)
	d.config(strings.NewReplacer("http://gulf", "http://u:${KEY}@gulf", "every: 1h", "every: 1h, terms: full").Replace(twoSections))
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	p, _, errs := d.start()
	p.lookup = func(string) (string, bool) { return "secret", true }
	if code := p.main(t.Context(), []string{"-c", filepath.Join(d.dir, "config.yaml"), "once"}); code != exitDone {
		t.Fatal(errs)
	}
	site := d.build()
	if len(ids(t, site, "iran")) != 1 {
		t.Errorf("iran shows %v", ids(t, site, "iran"))
	}
	for path, body := range site {
		if strings.Contains(body, "secret") {
			t.Errorf("%s tells the password", path)
		}
	}
	for _, args := range [][]string{{"status"}, {"status", "--json"}, {"explain", "Storm"}, {"explain", "Storm", "--json"},
		{"preview", "gulf-wire"}, {"preview", "gulf-wire", "--json"}, {"once", "gulf-wire", "--json", "--log-level", "debug"}} {
		p, out, errs := d.start()
		p.lookup = func(string) (string, bool) { return "secret", true }
		p.main(t.Context(), append([]string{"-c", filepath.Join(d.dir, "config.yaml")}, args...))
		if strings.Contains(out.String()+errs.String(), "secret") {
			t.Errorf("broadsheet %v tells the password:\n%s%s", args, out, errs)
		}
	}
	d.web.Forget()
	if code := p.main(t.Context(), []string{"-c", filepath.Join(d.dir, "config.yaml"), "once"}); code != exitDone {
		t.Fatal(errs)
	}
	if log := d.web.Log(); len(log) != 0 {
		t.Errorf("after a build without the secret the feed is due again: its url seemed to have changed")
	}
}

func TestWrongWordsOnTheCommandLineSayWhatExists(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	tests := []struct {
		args []string
		want []string
	}{
		{[]string{"statsu"}, []string{"there is no command", `did you mean "status"?`, "explain"}},
		{[]string{"once", "gulf-wier"}, []string{"there is no source", "gulf-wire"}},
		{[]string{"build"}, []string{"-o DIR"}},
		{[]string{"preview"}, []string{"SOURCE|URL"}},
		{[]string{"once", "--fast"}, []string{"--fast", "--help"}},
		{[]string{"status"}, []string{"broadsheet.db", "once"}},
		{[]string{"--log-level", "loud", "once"}, []string{"loud", "debug"}},
	}
	for _, tt := range tests {
		_, errs, code := d.try(tt.args...)
		if code == exitDone {
			t.Errorf("%v succeeded", tt.args)
		}
		for _, want := range tt.want {
			if !strings.Contains(errs, want) {
				t.Errorf("%v says %q, without %q", tt.args, errs, want)
			}
		}
	}
}

func TestRunPollsPublishesServesAndStops(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	base, admin, stop := d.serve()
	body := waitFor(t, base+"/iran/atom.xml", "Storm")
	resp := get(t, base+"/iran/atom.xml", "If-None-Match", body.Header.Get("ETag"))
	if resp.StatusCode != http.StatusNotModified {
		t.Errorf("a second fetch got %s", resp.Status)
	}
	if r := get(t, admin+"/status"); r.StatusCode != http.StatusOK {
		t.Errorf("/status answers %s", r.Status)
	}
	stop()
	base, _, _ = d.serve() // what is stored is served at once
	if r := get(t, base+"/iran/atom.xml"); r.StatusCode != http.StatusOK || r.Header.Get("ETag") != body.Header.Get("ETag") {
		t.Errorf("after a restart: %s with ETag %s, want %s", r.Status, r.Header.Get("ETag"), body.Header.Get("ETag"))
	}
}

// get asks once; pairs are header fields.
func get(t testing.TB, url string, pairs ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		req.Header.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	return resp
}

// waitFor asks until the page says what it should; a real server takes a moment.
func waitFor(t *testing.T, url, want string) *http.Response {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		resp := get(t, url)
		body, _ := io.ReadAll(resp.Body)
		if strings.Contains(string(body), want) {
			return resp
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s never said %q; the last answer was %s\n%s", url, want, resp.Status, body)
		}
	}
}

func TestRetentionDropsTextsAndNeverAnnouncesThemAgain(t *testing.T) {
	d := newDesk(t)
	d.config("keep: 30d\n" + twoSections)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now,
		"1|http://gulf.example/1|Storm|2|Iran", "2|http://gulf.example/2|Old tale|960|Iran"))
	d.run("once")
	if got := ids(t, d.build(), "iran"); len(got) != 1 || got["Storm"] == "" {
		t.Errorf("iran shows %v", got)
	}
	if out := d.run("explain", "http://gulf.example/2"); !strings.Contains(out, "no longer stored") {
		t.Errorf("explain does not say that the text is gone:\n%s", out)
	}
	d.web.Set("gulf.example", "/feed.xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran",
		"2|http://gulf.example/2|Old tale, still listed|960|Iran"))
	d.later(3 * time.Hour)
	var sum summary
	d.runJSON(&sum, "once")
	if got := ids(t, d.build(), "iran"); len(got) != 1 || sum.New != 0 {
		t.Errorf("an old article that is still listed came back: %v, %d new", got, sum.New)
	}
}
