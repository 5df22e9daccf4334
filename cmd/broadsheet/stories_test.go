package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// wireText is the text of an agency's report, as invented for these tests.
const wireText = `<p>The last of the three stone bridges of Varmouth opened to carts and walkers on Sunday, nineteen months
after the flood that carried its middle arch away.</p><p>Masons from four valleys had cut every block by hand, because the
council wanted the old tool marks to be seen again. The mayor, Ilse Brandt, walked over first, with the oldest of the
ferrymen who had rowed people across meanwhile.</p><p>"We shall miss the boats and not the waiting," she said. The ferry
company will keep one boat for visitors. The council has not said what the bridge cost in the end; a vote on the last
payment is due before the winter.</p><p>Two of the ferrymen have been hired as keepers of the bridge, and will light its
lamps at dusk.</p>`

// wireSources are sources of which the first three have the agency's report, each in
// its own way, and all have something of their own.
var wireSources = map[string]func(now time.Time) string{
	"varmouth": func(now time.Time) string {
		return wireItem("tag:varmouth.example,2026:bridge", "http://varmouth.example/bridge", "Last stone bridge of Varmouth opens after flood", wireText, now.Add(-3*time.Hour))
	},
	"courier": func(now time.Time) string { // a later copy, with a credit
		return wireItem("c-17", "http://courier.example/2026/17", "Last stone bridge of Varmouth opens after flood | The courier",
			wireText+`<p>Source: The varmouth</p>`, now.Add(-2*time.Hour))
	},
	"digest": func(time.Time) string { // an aggregator: the other one's link and id, and no date
		return wireItem("tag:varmouth.example,2026:bridge", "http://varmouth.example/bridge?utm_source=digest", "Last stone bridge of Varmouth opens after flood", wireText, time.Time{})
	},
	"weather": func(time.Time) string { return "" },
}

// wireItem is an item of an RSS feed.
func wireItem(id, link, title, text string, at time.Time) string {
	date := ""
	if !at.IsZero() {
		date = "<pubDate>" + at.Format(time.RFC1123Z) + "</pubDate>"
	}
	return fmt.Sprintf(`<item><guid isPermaLink="false">%s</guid><link>%s</link><title>%s</title>%s<description><![CDATA[%s]]></description></item>`,
		id, link, title, date, text)
}

// wireDesk is a desk with the sources above; rank is a line of configuration each.
func wireDesk(t *testing.T, ranks map[string]int) *desk {
	d := newDesk(t)
	for _, name := range slices.Sorted(sourceKeys()) {
		own := wireItem(name+"-own", "http://"+name+".example/own", "What "+name+" alone has to tell of the "+name+" fair",
			"<p>The "+name+" fair of this year had more visitors than any before it, and more rain.</p>", d.now.Add(-5*time.Hour))
		d.web.Serve(name+".example", "/feed.xml", "application/rss+xml", []byte(`<?xml version="1.0"?><rss version="2.0"><channel><title>The `+name+
			`</title><link>http://`+name+`.example/</link><description>d</description><language>en</language>`+wireSources[name](d.now)+own+`</channel></rss>`))
	}
	d.wireConfig(ranks, "")
	return d
}

func sourceKeys() func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range wireSources {
			if !yield(name) {
				return
			}
		}
	}
}

// wireConfig writes a configuration of the sources above; section is more of a section.
func (d *desk) wireConfig(ranks map[string]int, section string) {
	var b strings.Builder
	fmt.Fprintf(&b, "sections:\n  - {name: world, sources: '*'%s}\n  - {name: copies, sources: [courier, digest]}\nsources:\n", section)
	for _, name := range slices.Sorted(sourceKeys()) {
		fmt.Fprintf(&b, "  - {name: %s, url: 'http://%s.example/feed.xml', rank: %d}\n", name, name, ranks[name])
	}
	d.config(b.String())
}

// pollOne polls one source as a process of its own would, and publishes if it is told to.
func (d *desk) pollOne(source string, publish bool) {
	d.t.Helper()
	n := d.newsroom()
	if left, err := n.worker.Pass(d.t.Context(), []string{source}); err != nil || left != 0 {
		d.t.Fatalf("%s: %d left, %v", source, left, err)
	}
	if publish {
		if _, err := n.publish(d.t.Context()); err != nil {
			d.t.Fatal(err)
		}
	}
	if err := n.close(); err != nil {
		d.t.Fatal(err)
	}
}

// published are the bodies of all stored documents by path.
func (d *desk) published() map[string]string {
	d.t.Helper()
	n := d.newsroom()
	defer n.close()
	if _, err := n.publish(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	docs, _, _, err := n.store.Shelf(d.t.Context(), 0)
	if err != nil {
		d.t.Fatal(err)
	}
	out := map[string]string{}
	for _, doc := range docs {
		out[doc.Path] = string(doc.Body)
	}
	return out
}

// storyIDs are the ids under which the bridge is published, by section.
func storyIDs(t *testing.T, site map[string]string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, path := range []string{"/feed.json", "/world/feed.json", "/copies/feed.json"} {
		if site[path] == "" {
			continue
		}
		var f jsonFeed
		decode(t, site[path], &f)
		for _, it := range f.Items {
			if !strings.Contains(it.Title, "stone bridge") {
				continue
			}
			if out[path] != "" {
				t.Errorf("%s shows the bridge twice", path)
			}
			out[path] = it.ID
		}
	}
	return out
}

// TestAWireStoryAtThreeSourcesIsOneInWhateverOrderItArrives: ten shuffles of arrival
// inside one publish give the same bytes; ten with a publish between arrivals, each by
// another process, give one entry whose id never changes, all else equal.
func TestAWireStoryAtThreeSourcesIsOneInWhateverOrderItArrives(t *testing.T) {
	if testing.Short() {
		t.Skip("opens some hundred newsrooms")
	}
	for name, ranks := range map[string]map[string]int{"of one rank": {}, "the copy first": {"courier": 1, "varmouth": 2}, "the undated first": {"digest": 1}} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(4, 2))
			var first map[string]string // without publishing between
			for i := range 20 {
				order := []string{"courier", "digest", "varmouth"}
				random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
				between := i >= 10
				d := wireDesk(t, ranks)
				d.pollOne("weather", between)
				id := ""
				for _, source := range order {
					d.later(20 * time.Minute)
					d.pollOne(source, between)
					for path, now := range storyIDs(t, d.published0(between)) {
						if id == "" {
							id = now
						}
						if now != id {
							t.Errorf("%v: after %s it is published as %s in %s, and was as %s", order, source, now, path, id)
						}
					}
				}
				site := d.published()
				got := storyIDs(t, site)
				if len(got) != 3 || got["/world/feed.json"] != got["/copies/feed.json"] || got["/world/feed.json"] != got["/feed.json"] {
					t.Fatalf("%v: the bridge is %v", order, got)
				}
				if between {
					for path := range site {
						site[path] = strings.ReplaceAll(site[path], got["/feed.json"], storyIDs(t, first)["/feed.json"])
					}
				}
				for path := range site { // an article's page has its address from the id
					site[path] = ownPages.ReplaceAllString(site[path], "-/a/SAME/")
				}
				if first == nil {
					first = site
				}
				if diff := cmp.Diff(first, site); diff != "" {
					t.Fatalf("%v, publishing between: %t: other bytes (-first +now):\n%s", order, between, diff)
				}
			}
			lead := map[string]string{"of one rank": "The varmouth", "the copy first": "The courier", "the undated first": "The digest"}[name]
			if at := strings.Index(first["/world/rss.xml"], "stone bridge"); !strings.Contains(first["/world/rss.xml"][at:], "<dc:creator>"+lead) {
				t.Errorf("%s does not lead:\n%s", lead, first["/world/rss.xml"])
			}
		})
	}
}

// published0 is what is published so far; nothing if nothing was meant to be.
func (d *desk) published0(any bool) map[string]string {
	if !any {
		return nil
	}
	return d.published()
}

// TestProcessesThatStoreCopiesAtOnceDoNotMissEachOther: two processes poll twelve
// sources that have the same report.
func TestProcessesThatStoreCopiesAtOnceDoNotMissEachOther(t *testing.T) {
	t.Parallel() // one waits for what the other holds
	d := newDesk(t)
	var conf strings.Builder
	conf.WriteString("sections: [{name: world, sources: '*'}]\nsources:\n")
	const sources = 12
	for i := range sources {
		host := fmt.Sprintf("s%d.example", i)
		d.web.Serve(host, "/feed.xml", "application/rss+xml", []byte(`<?xml version="1.0"?><rss version="2.0"><channel><title>S</title><link>http://`+host+
			`/</link><description>d</description>`+wireItem("bridge", "http://"+host+"/bridge", "Last stone bridge of Varmouth opens after flood", wireText, d.now.Add(-time.Hour))+`</channel></rss>`))
		fmt.Fprintf(&conf, "  - {name: s%d, url: 'http://%s/feed.xml'}\n", i, host)
	}
	d.config(conf.String())
	var rooms sync.WaitGroup
	for range 2 {
		n := d.newsroom()
		rooms.Go(func() {
			if _, err := n.worker.Pass(t.Context(), nil); err != nil {
				t.Error(err)
			}
			if err := n.close(); err != nil {
				t.Error(err)
			}
		})
	}
	rooms.Wait()
	var f jsonFeed
	decode(t, d.published()["/world/feed.json"], &f)
	if len(f.Items) != 1 || strings.Count(f.Items[0].HTML, "<a href") != 10 {
		t.Fatalf("world shows %+v", f.Items)
	}
}

// TestExplainTellsOfAStory: who else has it, why that is the same, and who leads and why.
func TestExplainTellsOfAStory(t *testing.T) {
	d := wireDesk(t, map[string]int{"courier": 2, "varmouth": 1})
	d.run("once")
	out := d.run("explain", "http://courier.example/2026/17")
	for _, want := range []string{"one story of 3 articles, published as tag:varmouth.example,2026:bridge", "http://varmouth.example/bridge\n      is the same: they have the same title and text",
		"goes before the next: the rank of its source (1 before 2)", "http://courier.example/2026/17\n      is this one", "goes before the next: the rank of its source (2 before none)",
		"the article of varmouth is shown there in its place", "copies: in"} {
		if !strings.Contains(out, want) {
			t.Errorf("explain does not say %q", want)
		}
	}
	if strings.Count(out, "shown there in its place") != 1 {
		t.Error("where it leads another one is shown")
	}
	if t.Failed() {
		t.Log(out)
	}
	var told struct {
		Articles []struct {
			Story   explainedStory    `json:"story"`
			Instead map[string]string `json:"shown_instead"`
		} `json:"articles"`
	}
	d.runJSON(&told, "explain", "http://courier.example/2026/17")
	if a := told.Articles[0]; len(a.Story.Members) != 3 || a.Story.Members[0].Source != "varmouth" || a.Instead["world"] != "varmouth" {
		t.Errorf("in JSON it is %+v", a)
	}
}

// TestStoriesOfASectionMayBeTurnedOff: the next start sorts the section anew, without
// asking anybody.
func TestStoriesOfASectionMayBeTurnedOff(t *testing.T) {
	d := wireDesk(t, nil)
	d.run("once")
	d.web.Forget()
	shown := func() int {
		t.Helper()
		var f jsonFeed
		decode(t, d.build()["world/feed.json"], &f)
		return len(f.Items)
	}
	for _, tc := range []struct {
		stories string
		want    int
	}{{"on", 5}, {"off", 7}, {"link", 6}, {"on", 5}} {
		d.wireConfig(nil, ", stories: "+tc.stories)
		if got := shown(); got != tc.want {
			t.Errorf("stories: %s shows %d articles, want %d", tc.stories, got, tc.want)
		}
	}
	if log := d.web.Log(); len(log) != 0 {
		t.Errorf("%d requests were sent", len(log))
	}
}

var ownPages = regexp.MustCompile(`-/a/[a-z2-7]{20}/`)
