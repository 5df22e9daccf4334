package publish

import (
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/feed"
)

// showView is a section that is a podcast.
func showView() feed.View {
	v := sampleView()
	v.Entries = []feed.Entry{podcast()}
	v.Section.Image = "https://paper.example/cover.png"
	v.Section.Show = feed.Show{Author: "Eve & Ada", Owner: "Ada Quay", Email: "ada@paper.example",
		Category: "Society & Culture > Places & Travel", Explicit: true, Type: "serial",
		GUID: "9b024349-ccf0-5f69-a609-6b82873eab3c"}
	return v
}

// ITUNES-1, POD-2.
func TestAPodcastSaysWhatDirectoriesAskFor(t *testing.T) {
	docs := documents(t, showView())
	golden(t, filepath.Join("testdata", "show_rss.xml"), docs["/harbour/rss.xml"].Body)
	for path, image := range map[string]string{
		"/harbour/rss.xml": "<url>https://paper.example/cover.png</url>", "/harbour/atom.xml": "<logo>https://paper.example/cover.png</logo>",
		"/harbour/feed.json": `"icon":"https://paper.example/cover.png"`,
	} {
		if !strings.Contains(string(docs[path].Body), image) {
			t.Errorf("%s has no picture: %s", path, docs[path].Body)
		}
	}
}

func TestAPodcastOfFewWordsIsOneAllTheSame(t *testing.T) {
	v := showView()
	v.Section.Image, v.Section.Show = "", feed.Show{Type: "episodic"}
	body := string(documents(t, v)["/harbour/rss.xml"].Body)
	for _, want := range []string{"<itunes:author>" + v.Site.Title, "<itunes:explicit>false<", "<itunes:type>episodic<", "<podcast:guid>"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	for _, not := range []string{"<itunes:owner", "<itunes:category", "<itunes:image"} {
		if channel, _, _ := strings.Cut(body, "<item>"); strings.Contains(channel, not) {
			t.Errorf("%s in %s", not, body)
		}
	}
	v.Section.Show = feed.Show{}
	if channel, _, _ := strings.Cut(string(documents(t, v)["/harbour/rss.xml"].Body), "<item>"); strings.Contains(channel, "<itunes:") {
		t.Errorf("it is none: %s", channel)
	}
}

func TestAHostilePodcastIsNoMarkup(t *testing.T) {
	v := showView()
	v.Section.Show = feed.Show{Author: hostile, Owner: hostile, Email: hostile, Category: hostile + " > " + hostile, Type: hostile}
	body := string(documents(t, v)["/harbour/rss.xml"].Body)
	if strings.Contains(body, "<script") || strings.Contains(body, "<itunes:owner") || strings.Contains(body, "<itunes:type") {
		t.Error(body)
	}
}
