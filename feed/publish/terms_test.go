package publish

import (
	"reflect"
	"strings"
	"testing"

	"broadsheet/feed"
)

// S-10: what the terms of a source or a section do not let through is in no document, in
// no format; what an article owes its source is in all of them.
func TestNoMoreIsPublishedThanTheTermsAllow(t *testing.T) {
	secret := strings.Repeat("Only subscribers read this. ", 40)
	e := full()
	e.Summary, e.Content = "", feed.HTML("<p>The beginning is free.</p><p>"+secret+"</p><p>And the end of it.</p>")
	e.Extras = append(e.Extras, feed.Element{Name: "itunes:summary", Text: "Told in other words."})
	e.Enclosures[0].Extras = append(e.Enclosures[0].Extras, feed.Element{Name: "media:text", Text: "Spoken words."})
	const (
		whole   = "And the end of it."
		begin   = "The beginning is free."
		other   = "Told in other words."
		spoken  = "Spoken words."
		picture = "https://harbour.example/ferry.jpg"
		place   = "North Quay"
	)
	owed := []string{"Ada Quay", "https://harbour.example/2026/ferries", "https://harbour.example/feed.xml", "Harbour Wire"}
	for _, c := range []struct {
		source, section feed.Terms
		has, hasNot     []string
	}{
		{feed.TermsUnsaid, feed.TermsUnsaid, []string{whole, picture, other, spoken}, nil},
		{feed.TermsFull, feed.TermsUnsaid, []string{whole, picture, other, spoken}, nil},
		{feed.TermsExcerpt, feed.TermsFull, []string{begin, picture, place}, []string{whole, other, spoken}},
		{feed.TermsUnsaid, feed.TermsExcerpt, []string{begin, picture, place}, []string{whole, other, spoken}},
		{feed.TermsFull, feed.TermsLink, nil, []string{whole, begin, picture, other, place, "timetable.pdf"}},
		{feed.TermsLink, feed.TermsExcerpt, nil, []string{whole, begin, picture, other, place, "timetable.pdf"}},
		{"a later word", feed.TermsUnsaid, nil, []string{whole, begin, picture}},
	} {
		e.Terms = c.source
		v := sampleView()
		v.Section.Terms, v.Entries, v.Index = c.section, []feed.Entry{e}, nil
		docs, problems := Render(v)
		if len(docs) != 4 || problems != nil {
			t.Fatalf("%d documents, problems %v", len(docs), problems)
		}
		for _, d := range docs {
			body := string(d.Body)
			for _, text := range c.hasNot {
				if strings.Contains(body, text) {
					t.Errorf("%q and %q: %s has %q", c.source, c.section, d.Path, text)
				}
			}
			if d.MediaType == typePage {
				continue // shows less
			}
			for _, text := range append(c.has, owed...) {
				if !strings.Contains(body, text) {
					t.Errorf("%q and %q: %s lacks %q", c.source, c.section, d.Path, text)
				}
			}
		}
	}
}

// The front page keeps to the terms of the section that an article stands in.
func TestTheFrontPageKeepsTheTermsOfEachSection(t *testing.T) {
	v := paperView()
	e := undated()
	v.Entries = nil
	v.Index = []feed.IndexLine{{Section: feed.Section{Name: "harbour", Title: "Harbour", Terms: feed.TermsLink}, Entries: []feed.Entry{e}}}
	got := sound(v).Index[0].Entries[0]
	if got.Summary != "" || got.Title != e.Title {
		t.Errorf("summary %q, title %q", got.Summary, got.Title)
	}
}

// bare must be decided about for each field that an entry will ever have.
func TestEveryFieldIsKeptOrTakenAwayByALink(t *testing.T) {
	taken := []string{"Summary", "Content", "Categories", "Enclosures", "Image", "Comments", "CommentCount", "Podcast",
		"Place", "Extras"}
	e := hostileEntry()
	e.ID, e.Feeds, e.Digest, e.Address = "urn:x:1", []string{"https://x.example/"}, "d", "a"
	e.Terms, e.NoIndex, e.Undated, e.CommentCount = feed.TermsLink, true, true, 3
	e.Links = append(e.Links, feed.Link{Rel: "license", Href: "https://licence.example/"})
	was, is := reflect.ValueOf(e), reflect.ValueOf(termed(e, feed.TermsUnsaid))
	for i := range was.NumField() {
		name := was.Type().Field(i).Name
		if was.Field(i).IsZero() {
			t.Errorf("the test says nothing of %s", name)
		}
		gone := false
		for _, n := range taken {
			gone = gone || n == name
		}
		if is.Field(i).IsZero() != gone {
			t.Errorf("%s: gone is %v, want %v", name, is.Field(i).IsZero(), gone)
		}
	}
}
