package publish

import (
	"testing"

	"broadsheet/feed"
)

// The places that have the same story are named wherever its text is, and do not
// stand in the excerpt of it.
func TestTheOtherPlacesOfAStoryAreTold(t *testing.T) {
	also := []feed.Copy{{Source: "quay", Title: "Quay & Co", Link: "https://quay.example/1?a=1&b=2"}, {Title: "Lamp", Link: "https://lamp.example/1"}}
	const line = `<p>Also at: <a href="https://quay.example/1?a=1&amp;b=2" rel="noopener noreferrer nofollow">Quay &amp; Co</a>, ` +
		`<a href="https://lamp.example/1" rel="noopener noreferrer nofollow">Lamp</a></p>`
	for name, tc := range map[string]struct {
		summary, content  string
		want, description string // content; the description of RSS
	}{
		"content":             {content: "<p>Boats.</p>", want: "<p>Boats.</p>" + line, description: "Boats."},
		"content and summary": {summary: "Short.", content: "<p>Boats.</p>", want: "<p>Boats.</p>" + line, description: "Short."},
		"summary":             {summary: "A < B.", want: "<p>A &lt; B.</p>" + line, description: "A &lt; B."},
		"paragraphs":          {summary: "One.\n\nTwo.", want: "<p>One.</p>\n<p>Two.</p>" + line, description: "<p>One.</p>\n<p>Two.</p>"},
		"title alone":         {want: line},
	} {
		e := entry(1, "https://harbour.example/1", "Ferries")
		e.Link, e.Summary, e.Content, e.Also = "https://harbour.example/1", tc.summary, feed.HTML(tc.content), also
		item, atom, js := newRSSItem(e, feed.Site{}), newAtomEntry(e, feed.Site{}), newJSONItem(e, feed.Site{})
		if item.Content == nil || item.Content.Content != tc.want || item.Description != tc.description {
			t.Errorf("%s: RSS has %+v and describes it as %q", name, item.Content, item.Description)
		}
		if atom.Content == nil || atom.Content.Type != "html" || atom.Content.Content != tc.want {
			t.Errorf("%s: Atom has %+v", name, atom.Content)
		}
		if tc.content == "" && atom.Summary != nil {
			t.Errorf("%s: Atom says it twice", name)
		}
		if js.ContentHTML != tc.want || js.ContentText != "" {
			t.Errorf("%s: JSON has %q and %q", name, js.ContentHTML, js.ContentText)
		}
		for i, c := range also {
			if l := atom.Links[1+i]; l.Rel != "related" || l.Href != c.Link || l.Title != c.Title {
				t.Errorf("%s: Atom links to %+v", name, l)
			}
			if a := js.Details.Also[i]; a.URL != c.Link || a.Title != c.Title {
				t.Errorf("%s: JSON names %+v", name, a)
			}
		}
		if e.Also = nil; told(e, feed.Site{}).Content != e.Content || told(e, feed.Site{}).Summary != e.Summary {
			t.Errorf("%s: it is told otherwise without other places", name)
		}
	}
}

// Places that cannot be linked to are left out, and one without a name has its host's.
func TestWhatIsNoPlaceIsNotNamed(t *testing.T) {
	got := soundAlso([]feed.Copy{{Title: "A", Link: "javascript:alert(1)"}, {Title: "B"}, {Link: "https://www.quay.example/x"},
		{Title: "\x00", Link: "https://user:secret@lamp.example/"}})
	if len(got) != 2 || got[0].Title != "quay.example" || got[1].Title != "lamp.example" || got[1].Link != "https://lamp.example/" {
		t.Fatalf("%+v", got)
	}
}
