package publish

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

var sampleDay = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// hostile is a payload for fields that hold text. Nothing of it may come out as
// markup, end its container or make the document ill-formed.
const hostile = `</title>]]><script>alert(1)</script>"'><img src=x onerror=alert(1)>` +
	"\x00\x01\x0b\x1b[31m\x7f\u0085\ufffe\uffff\xff\xc0\xaf {{.}} %s"

// hostileURL is one for fields that hold URLs.
const hostileURL = "\x01java\tscript:alert(1)//https://x.example/"

func origin(title, host string) feed.Channel {
	return feed.Channel{
		ID: "tag:" + host + ",2020:feed", Title: feed.Plain(title),
		Subtitle: feed.Plain("Everything from " + title), Link: "https://" + host + "/",
		Self: "https://" + host + "/feed.xml", Language: "en",
		Rights: feed.Plain("© " + title), Authors: []feed.Person{{Name: title + " desk"}},
		Image: "https://" + host + "/logo.png", Icon: "https://" + host + "/icon.png",
		Updated: "Sat, 14 Mar 2026 09:00:00 GMT",
	}
}

func entry(minutes int, id, title string) feed.Entry {
	at := sampleDay.Add(-time.Duration(minutes) * time.Minute)
	return feed.Entry{
		ID: id, Title: title, Published: at, Updated: at, FirstSeen: at, SortAt: at,
	}
}

// sampleEntries are invented, one for each thing that a format has to say.
func sampleEntries() []feed.Entry {
	return []feed.Entry{
		full(), podcast(), hebrew(), chinese(), undated(), noLink(), titleOnly(), hostileEntry(),
	}
}

func full() feed.Entry {
	e := entry(5, "https://harbour.example/?p=1", `Ferries & "trains": <b> is no tag, AT&T is no entity`)
	e.Source, e.Link = "harbour", "https://harbour.example/2026/ferries?a=1&b=2"
	e.Updated = sampleDay
	e.Summary = "Boats run again, 3 < 4 & rising.\n\nTickets are sold on board."
	e.Content = `<p>Boats run <a href="https://harbour.example/map">again</a> &amp; again.</p>` +
		`<pre>if (a[b[0]]&gt;0) { }</pre><p>CDATA ends with ]]&gt; and a raw ]]> too.</p>`
	e.Language = "en-GB"
	e.Authors = []feed.Person{
		{Name: "Ada Quay", Email: "ada@harbour.example", URL: "https://harbour.example/ada"},
		{Name: "Ben Pier", Avatar: "https://harbour.example/ben.png"},
	}
	e.Contributors = []feed.Person{{Name: "Cy Dock", URL: "https://harbour.example/cy"}}
	e.Categories = []feed.Category{
		{Term: "transport", Scheme: "https://harbour.example/topics", Label: "Transport"},
		{Term: "Top/Islands", Scheme: "Syndic8"}, {Term: "R&D"},
	}
	e.Links = []feed.Link{
		{Rel: "via", Href: "https://wire.example/9"},
		{Rel: "related", Href: "https://harbour.example/maps", Type: "text/html", Title: "Maps & charts"},
		{Rel: "alternate", Href: "https://harbour.example/fr/ferries", Type: "text/html", Language: "fr"},
		{Rel: "alternate", Href: "https://harbour.example/other"},
		{Rel: "edit", Href: "https://harbour.example/wp-admin/1"},
	}
	e.Comments, e.CommentCount = "https://harbour.example/2026/ferries#comments", 12
	e.Image = "https://harbour.example/ferry.jpg"
	e.Rights = "© 2026 Harbour Wire & friends"
	e.Links = append(e.Links, feed.Link{Rel: "license", Href: "https://creativecommons.org/licenses/by/4.0/"},
		feed.Link{Rel: "replies", Href: "https://harbour.example/2026/ferries.rss", Type: "application/rss+xml"},
		feed.Link{Rel: "external", Href: "https://ferries.example/"})
	e.Place = &feed.Place{Shape: "point", At: []float64{45.256, -71.92}, Name: "North Quay"}
	e.Extras = []feed.Element{
		{Name: "dc:publisher", Text: "Harbour Press & Sons"}, {Name: "slash:department", Text: "from-the-quay"},
		{Name: "thr:in-reply-to", Attrs: map[string]string{"ref": "https://harbour.example/?p=0", "href": "https://harbour.example/0"}},
	}
	e.Also = []feed.Copy{{Source: "islander", Title: "The Islander & Son", Link: "https://islander.example/ferries?a=1&b=2"},
		{Source: "wire", Link: "https://www.wire.example/9"}}
	e.Enclosures = []feed.Enclosure{
		{URL: "https://harbour.example/ferry.jpg", Type: "image/jpeg", Medium: "image", Media: true,
			Width: 1200, Height: 800, Text: "A white ferry & its wake", Credit: "Dee Mole", Title: "Ferry", Language: "en", Details: map[string]string{"isDefault": "true"},
			Extras: []feed.Element{{Name: "media:credit", Text: "Dee Mole", Attrs: map[string]string{"role": "photographer"}},
				{Name: "media:credit", Text: "Ed Stay", Attrs: map[string]string{"role": "rower"}}}},
		{URL: "https://harbour.example/timetable.pdf", Length: 4096, Type: "application/pdf", Title: "Timetable"},
		{URL: "https://harbour.example/horn.ogg"},
	}
	e.Origin = origin("Harbour Wire", "harbour.example")
	return e
}

func podcast() feed.Entry {
	e := entry(10, "urn:uuid:6f0e3c52-4f1d-5b0a-9c7e-5a1b2e8d4391", "Episode 7: the lighthouse")
	e.Source, e.Link = "lamp", "https://lamp.example/7"
	e.Content = "<p>A talk about <em>light</em>.</p>"
	e.Enclosures = []feed.Enclosure{
		{URL: "http://studio/7.wav", Type: "audio/wav"},
		{URL: "https://lamp.example/7.mp3", Type: "audio/mpeg", Length: 48123456, Duration: 25*time.Minute + 400*time.Millisecond},
		{URL: "https://lamp.example/7.m4a", Type: "audio/mp4", Length: 30123456, Duration: 25 * time.Minute},
		{URL: "https://lamp.example/7.mp3", Type: "audio/mpeg", Media: true},
	}
	e.Image = "https://lamp.example/7.png"
	e.Podcast = &feed.Podcast{
		Duration: 25 * time.Minute, Season: "2", Episode: "7", EpisodeType: "Full", Explicit: "clean",
		Transcripts: []feed.Enclosure{{URL: "https://lamp.example/7.vtt", Type: "text/vtt", Language: "en", Rel: "captions"}},
		Image:       "https://lamp.example/7-square.png",
		Chapters:    &feed.Enclosure{URL: "https://lamp.example/7.json", Type: "application/json+chapters"},
		Persons:     []feed.Person{{Name: "Eve Lamp", URL: "https://lamp.example/eve", Avatar: "https://lamp.example/eve.png", Role: "host", Group: "cast"}},
	}
	e.Extras = []feed.Element{
		{Name: "itunes:title", Text: "The lighthouse"}, {Name: "itunes:keywords", Text: "light, oil"},
		{Name: "podcast:soundbite", Text: "The wick", Attrs: map[string]string{"startTime": "73.0", "duration": "60.0"}},
		{Name: "podcast:value", Attrs: map[string]string{"type": "lightning", "method": "keysend"}, Children: []feed.Element{
			{Name: "podcast:valueRecipient", Attrs: map[string]string{"name": "Eve", "type": "node", "address": "02d5c1", "split": "99"}}}},
		{Name: "media:rating", Text: "nonadult"}, {Name: "media:thumbnail", Attrs: map[string]string{"url": "https://lamp.example/7.png", "width": "300", "height": "300"}},
	}
	e.Authors = []feed.Person{{Name: "Eve (host) Lamp", Email: "eve@lamp.example"}}
	e.Origin = origin("The Lamp", "lamp.example")
	e.Origin.ID, e.Origin.Updated = "", "yesterday"
	e.Origin.Extras = []feed.Element{{Name: "podcast:medium", Text: "podcast"}, {Name: "podcast:locked", Text: "yes"}}
	return e
}

func hebrew() feed.Entry {
	e := entry(15, "https://namal.example/1", "המעבורת חוזרת לאיים")
	e.Source, e.Link, e.Language = "namal", "https://namal.example/כתבה/1?ש=א b", "he"
	e.Summary = "הסירה הראשונה עזבה את הרציף עם שחר."
	e.Content = "<p>הסירה <strong>הראשונה</strong> עזבה את הרציף עם שחר ועליה 40 נוסעים (EUR 12).</p>"
	e.Origin = feed.Channel{Title: feed.Plain("עיתון הנמל"), Link: "https://namal.example/",
		Self: "https://reader:secret@namal.example/rss", Language: "he"}
	return e
}

func chinese() feed.Entry {
	e := entry(20, "https://gangwan.example/zh/1", "渡轮恢复通往北部岛屿的航线")
	e.Source, e.Link, e.Language = "gangwan", "https://港湾.example/zh/1", "zh-Hans"
	e.Content = feed.HTML("<p>" + strings.Repeat("首班船于黎明时分载着四十名乘客和邮件驶离码头。", 12) + "</p>")
	e.Place = &feed.Place{Shape: "box", At: []float64{38.5, 117.2, 39.5, 118.25}}
	e.Enclosures = []feed.Enclosure{
		{URL: "https://gangwan.example/1.mp4", Type: "video/mp4", Medium: "video", Media: true, Group: 1, Details: map[string]string{"bitrate": "700"}},
		{URL: "https://gangwan.example/1.webm", Type: "video/webm", Medium: "video", Media: true, Group: 1},
	}
	e.Origin = feed.Channel{Title: feed.Plain("港湾日报"), Link: "https://gangwan.example/"}
	return e
}

func undated() feed.Entry {
	e := entry(25, "https://quay.example/undated", "A page without a date of its own")
	e.Source, e.Link, e.Undated = "quay", "https://quay.example/undated", true
	e.Summary = "First paragraph.\n\nSecond paragraph with <angle brackets>."
	e.Also = []feed.Copy{{Source: "lamp", Title: "The Lamp", Link: "https://lamp.example/undated"}}
	return e
}

func noLink() feed.Entry {
	e := entry(30, "urn:uuid:0b1c6f0e-52aa-5b0a-8c7e-5a1b2e8d4392", "A note without a link")
	e.Source, e.Summary = "notes", "There is nowhere else to read this."
	e.Origin = origin("Notes", "notes.example")
	return e
}

func titleOnly() feed.Entry {
	e := entry(35, "tag:quay.example,2026:bare", "A headline and nothing else")
	e.Source, e.Link = "quay", "https://quay.example"
	return e
}

// hostileEntry has a payload in every field that is not the normaliser's
// promise (Content) or that is never published otherwise than as it is (ID).
func hostileEntry() feed.Entry {
	e := entry(40, "https://evil.example/1", hostile)
	e.Source, e.Link, e.Summary = hostile, hostileURL, hostile
	e.Content = "<p>harmless \x00\x0b\ufffe]]></p>"
	person := feed.Person{Name: hostile, Email: hostile, URL: hostileURL, Avatar: hostileURL, Role: hostile, Group: hostile}
	extras := hostileElements()
	file := feed.Enclosure{URL: "https://evil.example/a b\"<>.mp3?x=[1]", Type: hostile, Medium: hostile,
		Length: -5, Duration: -time.Second, Title: hostile, Text: hostile, Credit: hostile, Width: -1, Height: -1,
		Media: true, Group: -1, Language: hostile, Rel: hostile, Details: map[string]string{hostile: hostile, "bitrate": hostile, "expression": hostile},
		Extras: extras}
	e.Authors, e.Contributors = []feed.Person{person}, []feed.Person{person, {URL: hostileURL}}
	e.Categories = []feed.Category{{Term: hostile, Scheme: hostile, Label: hostile}, {Scheme: hostile}}
	e.Language, e.Image, e.Comments, e.CommentCount = hostile, hostileURL, hostileURL, -1
	e.Links = []feed.Link{{Rel: "via", Href: hostileURL}, {Rel: hostile, Href: "https://evil.example/"},
		{Rel: "related", Href: "https://evil.example/r", Type: hostile, Language: hostile, Title: hostile, Length: -1}}
	e.Enclosures = []feed.Enclosure{{URL: hostileURL}, file}
	e.Rights, e.Canonical = hostile, hostileURL
	e.Also = []feed.Copy{{Title: hostile, Link: hostileURL}, {Title: hostile, Link: "https://evil.example/\"><script>"}}
	e.Podcast = &feed.Podcast{Duration: -1, Episode: hostile, Season: "-3", EpisodeType: hostile, Explicit: hostile,
		Transcripts: []feed.Enclosure{{URL: hostileURL}}, Chapters: &feed.Enclosure{URL: hostileURL}, Persons: []feed.Person{person}, Block: true,
		Image: hostileURL}
	e.Place = &feed.Place{Shape: hostile, At: []float64{1, 2}, Name: hostile}
	e.Extras, e.Block = extras, hostile
	text := feed.Plain(hostile)
	e.Origin = feed.Channel{ID: hostile, Title: text, Subtitle: text, Link: hostileURL,
		Self: "https://evil.example/feed?<x>", Language: hostile, Rights: text, Authors: []feed.Person{person},
		Image: hostileURL, Icon: hostileURL, Updated: hostile, Extras: extras, BlockedBy: hostile}
	return e
}

// hostileElements is every element that is passed on, with payloads for all that it says;
// and one that nobody passes on.
func hostileElements() []feed.Element {
	out := []feed.Element{{Name: "script xmlns=\"x\"", Text: hostile}}
	for _, name := range slices.Sorted(maps.Keys(feed.Passages)) {
		attrs := map[string]string{hostile: hostile}
		for attr, form := range feed.Passages[name].Attrs {
			attrs[attr] = hostile
			if form == feed.FormURL || form == feed.FormIRI {
				attrs[attr] = hostileURL
			}
		}
		out = append(out, feed.Element{Name: name, Text: hostile, Attrs: attrs,
			Children: []feed.Element{{Name: "podcast:valueRecipient", Text: hostile, Attrs: attrs}}})
	}
	return out
}

func sampleView() feed.View {
	return feed.View{
		Site: feed.Site{Title: "The Broadsheet", URL: "https://news.example.org/paper", Language: "en"},
		Section: feed.Section{Name: "harbour", Title: "Harbour & Islands",
			Description: "Boats, islands & weather", Image: "https://news.example.org/harbour.png"},
		ID:      "urn:uuid:d1f3a6a2-7c53-5a55-9a6e-27d3f1b0c001",
		Version: 7, Modified: sampleDay.Add(time.Minute), Created: sampleDay.Add(-24 * time.Hour),
		Entries: sampleEntries(),
		Hubs:    []string{"https://hub.example/"},
		Index: []feed.IndexLine{
			{Section: feed.Section{Name: "harbour", Title: "Harbour & Islands", Description: "Boats, islands & weather"}},
			{Section: feed.Section{Name: "rest", Title: `Else"where`}},
		},
	}
}

func paperView() feed.View {
	v := sampleView()
	v.ID = "urn:uuid:d1f3a6a2-7c53-5a55-9a6e-27d3f1b0c000"
	v.Section = feed.Section{Name: feed.WholePaper, Title: "The Broadsheet"}
	v.Index[0].Entries = v.Entries[:3]
	v.Sources = []feed.SourceLine{
		{Name: "harbour", Title: "Harbour Wire", Link: "https://harbour.example/", Language: "en",
			Feeds: []string{"https://harbour.example/feed.xml"}},
		{Name: "namal", Title: "עיתון הנמל", Language: "he",
			Feeds: []string{"https://user:pass@namal.example/a.xml", "https://namal.example/b.xml?x=1&y=2"}},
		{Name: "bare", Feeds: []string{"https://bare.example/rss", hostileURL}},
	}
	return v
}

// manyEntries are n entries of about 3 KB of content each.
func manyEntries(n int) []feed.Entry {
	paragraph := `<p>The first boat left the quay at dawn with <a href="https://harbour.example/passengers">forty
passengers</a> &amp; the post, after eleven weeks in which the northern islands had been reached by air alone.</p>`
	out := make([]feed.Entry, n)
	for i := range out {
		e := full()
		e.ID = fmt.Sprintf("https://harbour.example/?p=%d", i)
		e.Content = feed.HTML(strings.Repeat(paragraph, 14))
		out[i] = e
	}
	return out
}
