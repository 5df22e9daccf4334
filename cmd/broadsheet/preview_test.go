package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

const hostileFeed = `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed&#x202e; of LONG</title>
<link>http://gulf.example/</link><description>d</description>
<item><guid isPermaLink="false">1</guid><title>Storm&#x2028;&#x9b;31m over Hormuz</title><description>Eighteen letters..</description></item>
<item><guid isPermaLink="false">1</guid><title>Storm&#x2028;&#x9b;31m over Hormuz</title></item>
<item><guid isPermaLink="false">2</guid></item>
</channel></rss>`

func TestPreviewShowsWhatAPollWouldBring(t *testing.T) {
	d := newDesk(t)
	d.config(strings.Replace(twoSections, "feed.xml", "feed.xml?token=sesame", 1))
	d.web.HandlePage("gulf.example", "/feed.xml", fakeweb.Raw([]byte(strings.ReplaceAll(hostileFeed, "LONG",
		strings.Repeat("long ", 100))), "Content-Type", "application/rss+xml"))
	out := d.run("preview", "gulf-wire")
	for _, want := range []string{"1 entry\n", "(duplicate)", "(unusable)", "undated", "18 characters", "in world: config.yaml:"} {
		if !strings.Contains(out, want) {
			t.Errorf("preview does not say %q:\n%s", want, out)
		}
	}
	for line := range strings.SplitSeq(out, "\n") {
		if len([]rune(line)) > 250 || strings.ContainsAny(line, "\u202e\u2028\u009b") {
			t.Errorf("a line for a terminal is %q", line)
		}
	}
	var got struct{ Feeds []previewed }
	d.runJSON(&got, "preview", "gulf-wire")
	e := got.Feeds[0].Entries[0]
	if !e.SortAt.Equal(d.now) || e.Source != "gulf-wire" || len(e.Sections) == 0 || len(got.Feeds[0].Drops) != 2 {
		t.Errorf("preview --json gives %+v", got)
	}
	if out := d.run("preview", "gulf-wire", "--json"); strings.Contains(out, "sesame") {
		t.Errorf("preview --json tells the key:\n%s", out)
	}
	if _, err := os.Stat(d.dir + "/broadsheet.db"); err == nil {
		t.Error("preview made a store")
	}
}

func TestPreviewOfAURLThatNoSourceHas(t *testing.T) {
	d := newDesk(t)
	d.config(strings.Replace(twoSections, "gulf-wire,", "strait,", 1))
	d.web.Serve("other.example", "/a.xml", "application/rss+xml", rss(d.now, "1|http://other.example/1|Calm|2|Iran"))
	if out := d.run("preview", "http://other.example/a.xml"); !strings.Contains(out, "in iran: ") {
		t.Errorf("the rules are not applied to it:\n%s", out)
	}
	out, _, code := d.try("preview", "http://other.example/b.xml")
	if code != exitFailed || !strings.Contains(out, "404") {
		t.Errorf("a page that is missing: exit %d\n%s", code, out)
	}
	_, errs, code := d.try("preview", "other.example/a.xml")
	if code != exitUsage || !strings.Contains(errs, "there are: strait") || !strings.Contains(errs, "http://") {
		t.Errorf("neither a source nor a URL: exit %d\n%s", code, errs)
	}
}

// What a person needs who adds a site by the address of its front page (DISC-1).
func TestPreviewOfAWebPageNamesItsFeeds(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	d.web.Serve("other.example", "/", "text/html", []byte(`<html><head><title>Other</title>
<link rel="alternate" type="application/rss+xml" href="/news.xml"><link rel="alternate" type="application/atom+xml" href="/mine?token=sesame">`))
	out, _, code := d.try("preview", "http://other.example/", "--json")
	var got struct{ Feeds []previewed }
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitFailed || len(got.Feeds) != 1 {
		t.Fatalf("exit %d, %v\n%s", code, err, out)
	}
	if want := []string{"http://other.example/news.xml", "http://other.example/mine?token=***"}; !slices.Equal(got.Feeds[0].FeedsFound, want) {
		t.Errorf("feeds_found is %q, want %q", got.Feeds[0].FeedsFound, want)
	}
}

// A variable that is not set is only a warning for a preview; the feeds that need
// it are not asked without it, past their proxy or as nobody.
func TestAPreviewAsksNothingWithoutItsVariables(t *testing.T) {
	d := newDesk(t)
	d.config(`sections: [{name: all, sources: "*"}]
sources:
  - name: several
    terms: full
    feeds:
      - {url: "http://gulf.example/1", proxy: "http://${UNSET}@proxy.example"}
      - {url: "http://gulf.example/2", auth: {user: reader, password: "${UNSET}"}}
      - {url: "http://reader:${UNSET}@gulf.example/3"}
      - {url: "http://gulf.example/4"}
`)
	d.web.Serve("gulf.example", "/4", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Calm|2|Iran"))
	out, _, code := d.try("preview", "several")
	if code != exitFailed || strings.Count(out, "is not set here, so nothing is asked") != 3 || !strings.Contains(out, "Calm") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if log := d.web.Log(); len(log) != 1 || log[0].Path != "/4" {
		t.Errorf("asked %d times", len(log))
	}
}

func TestAPreviewRestsBetweenTwoRequestsToADomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spacing{budget: func(string) (string, time.Duration) { return "gulf.example", time.Second }}
		begun := time.Now()
		for _, host := range []string{"www.gulf.example", "feeds.gulf.example"} {
			done, err := s.Pass(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			done()
		}
		if rested := time.Since(begun); rested != time.Second {
			t.Errorf("it rested %v", rested)
		}
	})
}
