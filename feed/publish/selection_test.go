package publish

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"broadsheet/feed"
)

// selection is the sample section, narrowed.
func selection(s feed.Selection) feed.View {
	v := sampleView()
	v.Selection, v.Hubs = s, []string{"https://hub.example/"}
	v.Chain, v.Gone = feed.Chain{Older: 3}, []feed.Tombstone{{ID: "urn:gone", At: sampleDay}}
	v.Sources = []feed.SourceLine{{Name: "gulf-wire", Title: "Gulf Wire"}}
	return v
}

func TestAFeedOfASelectionIsAFeedOfItsOwn(t *testing.T) {
	ids := map[string]bool{sampleView().ID: true}
	for _, s := range []feed.Selection{
		{Query: "ferry"}, {Query: `"the ferry" -tram & <b>`}, {Source: "gulf-wire"}, {Category: "R&D / Été"}, {Language: "en"},
		{Query: "北京 大学", Source: "gulf-wire", Category: "x", Language: "de"}, {Query: "bad \ufffe\uffff end"},
	} {
		for _, file := range []string{"rss.xml", "atom.xml", "feed.json"} {
			v := selection(s)
			doc, problems, err := RenderSelection(v, file)
			if err != nil || len(problems) > 0 {
				t.Fatalf("%+v %s: %v %v", s, file, err, problems)
			}
			self := v.Site.URL + v.Section.Path() + file + "?" + s.Encode()
			if want := v.Section.Path() + file + "?" + s.Encode(); doc.Path != want {
				t.Errorf("its path is %s, want %s", doc.Path, want)
			}
			if err := Check(doc); err != nil {
				t.Error(err)
			}
			for _, not := range []string{"hub.example", "prev-archive", "urn:gone", "next_url"} {
				if bytes.Contains(doc.Body, []byte(not)) {
					t.Errorf("%+v %s has %s", s, file, not)
				}
			}
			title, at, id := selfTold(t, file, doc.Body)
			if at != self {
				t.Errorf("it says it is at %s, want %s", at, self)
			}
			if !strings.HasPrefix(title, v.Section.Title+": ") {
				t.Errorf("its title is %q", title)
			}
			if s.Source != "" && !strings.Contains(title, "Gulf Wire") {
				t.Errorf("its title %q does not name the source", title)
			}
			if file == "atom.xml" {
				if ids[id] {
					t.Errorf("another feed has the id %s", id)
				}
				ids[id] = true
			}
		}
	}
}

// selfTold is what a feed says of itself: its title, its own address and, in Atom, its id.
func selfTold(t *testing.T, file string, body []byte) (title, self, id string) {
	t.Helper()
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var links []link
	switch file {
	case "feed.json":
		var f struct {
			Title string
			URL   string `json:"feed_url"`
		}
		if err := json.Unmarshal(body, &f); err != nil {
			t.Fatal(err)
		}
		return f.Title, f.URL, ""
	case "atom.xml":
		var f struct {
			Title string `xml:"title"`
			ID    string `xml:"id"`
			Links []link `xml:"link"`
		}
		if err := xml.Unmarshal(body, &f); err != nil {
			t.Fatal(err)
		}
		title, id, links = f.Title, f.ID, f.Links
	default:
		var f struct {
			Channel struct {
				Title string `xml:"title"`
				Links []link `xml:"http://www.w3.org/2005/Atom link"`
			} `xml:"channel"`
		}
		if err := xml.Unmarshal(body, &f); err != nil {
			t.Fatal(err)
		}
		title, links = f.Channel.Title, f.Channel.Links
	}
	for _, l := range links {
		if l.Rel == "self" {
			self = l.Href
		}
	}
	return title, self, id
}

func TestAFeedOfNothingFoundIsAFeed(t *testing.T) {
	for _, file := range []string{"rss.xml", "atom.xml", "feed.json"} {
		v := selection(feed.Selection{Query: "nowhere"})
		v.Entries = nil
		if doc, problems, err := RenderSelection(v, file); err != nil || len(problems) > 0 || Check(doc) != nil {
			t.Errorf("%s: %v %v", file, problems, err)
		}
	}
}

func TestAFeedOfASelectionLeadsToAPage(t *testing.T) {
	v := selection(feed.Selection{Query: "the ferry"})
	if got := head(v).home(); got != v.Site.URL+v.Section.Path() {
		t.Errorf("of a section, to %s", got)
	}
	v.Section.Name = feed.WholePaper
	if got := head(v).home(); got != v.Site.URL+"/-/search?q=the+ferry" {
		t.Errorf("of the whole paper, to %s", got)
	}
}

func TestAnEntryAtFaultIsLeftOutOfAFeedOfASelection(t *testing.T) {
	v := selection(feed.Selection{Query: "ferry"})
	v.Entries = append([]feed.Entry{entry(1, "no IRI", "Bad")}, v.Entries...)
	doc, problems, err := RenderSelection(v, "atom.xml")
	if err != nil || len(problems) != 1 || problems[0].Entry != "no IRI" || bytes.Contains(doc.Body, []byte("no IRI")) {
		t.Errorf("%v %v", problems, err)
	}
	if _, _, err := RenderSelection(v, "opml.xml"); err == nil {
		t.Error("a list is a feed")
	}
}
