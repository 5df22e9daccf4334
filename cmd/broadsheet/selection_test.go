package main

import (
	"net/url"
	"strings"
	"testing"

	"broadsheet/feed/publish"
	"broadsheet/feed/serve"
)

// searched is a desk with articles of two sources in two sections.
func searched(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.config("sections:\n  - {name: world, title: World, sources: [gulf, tide]}\n  - {name: sport, title: Sport, sources: [tide]}\n" +
		"sources:\n  - {name: gulf, title: Gulf Wire, url: 'http://gulf.example/feed'}\n  - {name: tide, url: 'http://tide.example/feed'}\n")
	d.web.Serve("gulf.example", "/feed", "application/rss+xml", rss(d.clock(), "g1|http://gulf.example/1|The ferry left|1|Ports",
		"g2|http://gulf.example/2|北京大学的渡轮|2|Politics"))
	d.web.Serve("tide.example", "/feed", "application/rss+xml", rss(d.clock(), "t1|http://tide.example/1|A ferry regatta|3|Boats"))
	d.run("once")
	return d
}

// TestAFeedOfAViewIsMadeOnDemand by the path of the section's feed and a query.
func TestAFeedOfAViewIsMadeOnDemand(t *testing.T) {
	d := searched(t)
	counter := d.open().newCounter()
	for _, c := range []struct {
		path, query string
		want        string // titles, in order
		found       serve.Found
	}{
		{"/world/feed.json", "q=FERRY", "The ferry left|A ferry regatta", serve.Here},
		{"/feed.json", "q=ferry&unknown=x", "The ferry left|A ferry regatta", serve.Here},
		{"/sport/feed.json", "q=ferry", "A ferry regatta", serve.Here},
		{"/world/feed.json", "q=大学", "北京大学的渡轮", serve.Here},
		{"/world/feed.json", "source=tide", "A ferry regatta", serve.Here},
		{"/world/feed.json", "category=ports", "The ferry left", serve.Here},
		{"/world/feed.json", "category=ports&q=-ferry", "", serve.Here},
		{"/world/feed.json", "q=nowhere", "", serve.Here},
		{"/world/feed.json", "source=nobody", "", serve.None},
		{"/nowhere/feed.json", "q=ferry", "", serve.None},
		{"/world/feed.json", "", "", serve.None},
		{"/world/feed.json", "utm_source=x", "", serve.None},
		{"/world/opml.xml", "q=ferry", "", serve.None},
		{"/world/", "q=ferry", "", serve.None},
		{"/world/x/feed.json", "q=ferry", "", serve.None},
		{"/-/archive/world/feed.json", "q=ferry", "", serve.None},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		doc, found, err := counter.Make(t.Context(), c.path, query)
		if err != nil || found != c.found {
			t.Errorf("%s?%s: %v, %v", c.path, c.query, found, err)
			continue
		}
		if found != serve.Here {
			continue
		}
		if err := publish.Check(doc); err != nil {
			t.Error(err)
		}
		var f jsonFeed
		decode(t, string(doc.Body), &f)
		var titles []string
		for _, it := range f.Items {
			titles = append(titles, it.Title)
		}
		if got := strings.Join(titles, "|"); got != c.want {
			t.Errorf("%s?%s has %s, want %s", c.path, c.query, got, c.want)
		}
	}
	for _, file := range []string{"rss.xml", "atom.xml"} {
		doc, found, err := counter.Make(t.Context(), "/world/"+file, url.Values{"q": {"ferry"}, "source": {"gulf"}})
		if err != nil || found != serve.Here || !strings.Contains(string(doc.Body), "<title>World: ferry, Gulf Wire</title>") ||
			!strings.Contains(string(doc.Body), "http://paper.example/world/"+file+"?q=ferry&amp;source=gulf") {
			t.Errorf("%s: %v %v\n%s", file, found, err, doc.Body)
		}
	}
}

func TestFindSearchesAllThatIsStored(t *testing.T) {
	d := searched(t)
	var list struct {
		Articles   []foundArticle
		More       bool
		NotIndexed int `json:"not_indexed"`
	}
	d.runJSON(&list, "find", "ferry")
	if len(list.Articles) != 2 || list.More || list.NotIndexed != 0 || list.Articles[0].Title != "The ferry left" ||
		list.Articles[0].Source != "gulf" || strings.Join(list.Articles[1].Sections, " ") != "world sport" {
		t.Errorf("found %+v", list)
	}
	d.runJSON(&list, "find", "-n", "1", "ferry")
	if len(list.Articles) != 1 || !list.More {
		t.Errorf("the newest: %+v", list)
	}
	if out := d.run("find", "a ferry", "boats"); !strings.Contains(out, "A ferry regatta") || strings.Contains(out, "left") {
		t.Errorf("a phrase and a word: %s", out)
	}
	d.run("withdraw", "http://tide.example/1")
	if out := d.run("find", "regatta"); !strings.Contains(out, "tide in withdrawn") {
		t.Errorf("a withdrawn one: %s", out)
	}
	if out, _, code := d.try("find", "nowhere"); code != exitFailed || !strings.Contains(out, "nothing that is stored") {
		t.Errorf("exit %d: %s", code, out)
	}
	if _, errs, code := d.try("find", "-n", "0", "x"); code != exitUsage || !strings.Contains(errs, "at least 1") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
