package publish

import (
	"time"

	"broadsheet/feed"
)

// trialViews are an invented paper with everything that a template may meet, and an
// empty one: what a folder of templates is tried on.
func trialViews(site feed.Site) []feed.View {
	day := time.Date(2026, 3, 14, 9, 26, 0, 0, time.UTC)
	whole := feed.Entry{
		ID: "https://harbour.example/1", Title: "The ferry is back", Link: "https://harbour.example/1",
		Summary: "After eleven weeks the first boat left the quay at dawn.", Language: "en",
		Content: `<p>After eleven weeks the first boat left the quay at dawn with forty passengers, the post and two goats.</p>` +
			`<figure><img src="https://harbour.example/a.jpg"><figcaption>The quay</figcaption></figure>`,
		Authors:    []feed.Person{{Name: "Ada Quay"}, {Name: "Ben Pier"}, {Name: "Cy Dock"}, {Name: "Di Mole"}},
		Categories: []feed.Category{{Term: "Islands"}},
		Image:      "https://harbour.example/a.jpg",
		Enclosures: []feed.Enclosure{{URL: "https://harbour.example/a.mp3", Type: "audio/mpeg", Duration: 5 * time.Minute}, {URL: "https://harbour.example/a.pdf", Type: "application/pdf"}},
		Origin:     feed.Channel{Title: feed.Plain("Harbour Wire"), Link: "https://harbour.example/"},
		Also:       []feed.Copy{{Title: "Lamp", Link: "https://lamp.example/1"}},
		Rights:     "© Harbour Wire", Address: "abcdefghijklmnopqrst", Published: day, Updated: day.Add(time.Hour),
	}
	bare := feed.Entry{ID: "urn:uuid:1", Title: "A note", Undated: true, Published: day, Updated: day, NoIndex: true}
	long := make([]feed.Entry, 0, fullStories+2)
	for len(long) < cap(long)-1 {
		long = append(long, whole)
	}
	long = append(long, bare)
	index := []feed.IndexLine{
		{Section: feed.Section{Name: "world", Title: "World"}, Entries: []feed.Entry{whole, bare}},
		{Section: feed.Section{Name: "islands", Title: "Islands", Parent: "world"}, Entries: []feed.Entry{bare}},
	}
	section := feed.Section{Name: "world", Title: "World", Description: "From every quay", Limit: 50}
	found := feed.View{Site: site, Section: feed.Section{Title: site.Title}, Index: index, Entries: long[:3], Selection: feed.Selection{Query: "ferry"}}
	return []feed.View{
		{Site: site, Section: section, Index: index, Entries: long},
		{Site: site, Section: feed.Section{Name: "secret", Title: "Secret", Private: "token"}, Entries: long[:2]},
		{Site: site, Section: feed.Section{Title: site.Title}, Index: index, Entries: long[:8], Sources: []feed.SourceLine{{Title: "Harbour Wire"}}},
		{Site: site, Section: feed.Section{Name: "world", Title: "World", Terms: feed.TermsExcerpt}, Entries: long[:1]},
		{Site: site, Section: feed.Section{Title: site.Title}},
		found,
	}
}
