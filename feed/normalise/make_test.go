package normalise

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

var seenTest = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// makeTest makes an entry of one item and fails if it is none.
func makeTest(t *testing.T, item feed.Item) feed.Entry {
	t.Helper()
	got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest})
	if err != nil {
		t.Fatal(err)
	}
	return got.Entry
}

func TestMakeFillsInAnEntry(t *testing.T) {
	in := Input{
		Sightings: []feed.Sighting{
			{Feed: "https://paper.example/world.xml", Item: feed.Item{
				ID:    "https://paper.example/?p=1",
				Title: feed.Text{Value: "Rain &amp; wind"}, Summary: feed.Text{Value: "Rain all week. [&#8230;]"},
				Content: feed.Text{Value: `<p>Rain all week.</p><p>Then <a href="/sun">sun</a>.</p>`},
				Links: []feed.Link{
					{Rel: "alternate", Href: "/rain?utm_source=rss"}, {Rel: "replies", Href: "/rain/comments.xml", Type: "application/rss+xml"},
					{Rel: "alternate", Href: "/pluie", Language: "fr"}, {Rel: "self", Href: "/self"}, {Rel: "related", Href: "javascript:x"},
				},
				Authors:    []feed.Person{{Name: "jo@paper.example (Jo Rain)"}, {Name: "By Jo  Rain"}},
				Categories: []feed.Category{{Term: "Weather", Scheme: "https://paper.example/tags"}, {Term: "weather"}, {Term: "News &amp; Views"}},
				Published:  "Sat, 14 Feb 2026 22:03:00", Updated: "2026-02-15T00:00:00Z", Language: "en_gb", Base: "https://paper.example/",
				Enclosures: []feed.Enclosure{{URL: "/rain.MP3"}, {URL: "/rain.jpg", Type: "image/jpg", Media: true}, {URL: "/rain.MP3", Length: 9}},
				Rights:     feed.Text{Kind: feed.TextHTML, Value: "&copy; Paper"}, Comments: "/rain#comments", CommentCount: 3,
				Channel: feed.Channel{ID: "not an iri", Title: feed.Text{Value: "The <i>Paper</i>"}, Link: "https://paper.example/", Self: "world.xml", Language: "EN", Updated: "Sun, 15 Feb 2026 00:00:00 GMT"},
			}},
			{Feed: "https://paper.example/all.xml", Item: feed.Item{Categories: []feed.Category{{Term: "Front page"}}}},
		},
		Outlet: feed.Outlet{Name: "paper", Title: "Paper", Categories: []string{"Dailies", "WEATHER"}, Feeds: []feed.Subscription{
			{URL: "https://paper.example/world.xml", Categories: []string{"World"}}, {URL: "https://paper.example/other.xml", Categories: []string{"Other"}},
		}},
		Zone: time.FixedZone("", 3600), FirstSeen: seenTest,
	}
	got, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	want := feed.Entry{
		Title: "Rain & wind", Link: "https://paper.example/rain",
		Content:    `<p>Rain all week.</p><p>Then <a href="https://paper.example/sun" rel="noopener noreferrer nofollow">sun</a>.</p>`,
		Authors:    []feed.Person{{Name: "Jo Rain", Email: "jo@paper.example"}},
		Categories: []feed.Category{{Term: "Weather", Scheme: "https://paper.example/tags"}, {Term: "News & Views"}, {Term: "Front page"}, {Term: "Dailies"}, {Term: "World"}},
		Language:   "en-GB",
		Links:      []feed.Link{{Rel: "replies", Href: "https://paper.example/rain/comments.xml", Type: "application/rss+xml"}, {Rel: "alternate", Href: "https://paper.example/pluie", Language: "fr"}},
		Enclosures: []feed.Enclosure{{URL: "https://paper.example/rain.MP3", Type: "audio/mpeg", Medium: "audio", Length: 9}, {URL: "https://paper.example/rain.jpg", Type: "image/jpeg", Medium: "image", Media: true}},
		Image:      "https://paper.example/rain.jpg", Rights: "© Paper", Comments: "https://paper.example/rain#comments", CommentCount: 3,
		Published: time.Date(2026, 2, 14, 21, 3, 0, 0, time.UTC), Updated: time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC), FirstSeen: seenTest,
		Origin: feed.Channel{Title: feed.Plain("Paper"), Link: "https://paper.example/", Self: "https://paper.example/world.xml", Language: "en", Updated: "2026-02-15T00:00:00Z"},
	}
	got.Entry.Digest = ""
	if diff := cmp.Diff(want, got.Entry); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestContentAndSummaryLoseNoWords(t *testing.T) {
	html := func(s string) feed.Text { return feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(s)} }
	long := strings.TrimSpace(strings.Repeat("Rain and wind. ", 50))
	tests := []struct {
		name             string
		summary, content feed.Text
		wantSummary      string
		wantContent      string
	}{
		{"nothing", feed.Text{}, feed.Text{}, "", ""},
		{"a short description is a summary", feed.Text{Value: "Rain &amp; wind."}, feed.Text{}, "Rain & wind.", ""},
		{"so it is in a paragraph", html("<p>Rain.</p>"), feed.Text{}, "Rain.", ""},
		{"a description with markup is the text", html("<p>Rain, <em>again</em>.</p>"), feed.Text{}, "", "<p>Rain, <em>again</em>.</p>"},
		{"a long description is the text", feed.Text{Value: feed.RawHTML(long)}, feed.Text{}, "", "<p>" + long + "</p>"},
		{"so is one with paragraphs", feed.Text{Value: "Rain.\n\nWind."}, feed.Text{}, "", "<p>Rain.</p><p>Wind.</p>"},
		{"a summary that the text begins with is not kept", html("Rain all week […]"), html("<p>Rain all week.</p><p>Then sun.</p>"), "", "<p>Rain all week.</p><p>Then sun.</p>"},
		{"nor one with a footer", html("Rain all week. <p>The post Rain appeared first on Paper.</p>"), html("<p>Rain all week.</p><p>Then sun.</p>"), "", "<p>Rain all week.</p><p>Then sun.</p>"},
		{"nor an equal one", html("<p>Rain.</p>"), html("<div>Rain.</div>"), "", "<div>Rain.</div>"},
		{"another summary is kept", html("What the weather brings"), html("<p>Rain all week.</p>"), "What the weather brings", "<p>Rain all week.</p>"},
		{"a summary that holds the text takes its place", html("<p>Rain all week.</p><p>Then sun, and a moon too.</p>"), html("Rain all week."), "", "<p>Rain all week.</p><p>Then sun, and a moon too.</p>"},
		{"media without words take the summary in", feed.Text{Value: "Rain."}, html(`<img src="https://i.example/a.png">`), "", `<img src="https://i.example/a.png" alt="" loading="lazy" referrerpolicy="no-referrer"/><p>Rain.</p>`},
		{"plain text is never markup", feed.Text{}, feed.Plain("1 < 2 & <b>\nnext\n\nlast"), "", "<p>1 &lt; 2 &amp; &lt;b&gt;<br/>next</p><p>last</p>"},
		{"an empty script element swallows nothing", feed.Text{}, html(`<script src="/x.js"/><p>Rain.</p>`), "", "<p>Rain.</p>"},
		{"nor do empty elements of XHTML", feed.Text{}, feed.Text{Kind: feed.TextXHTML, Value: `<a id="top"/><div class="x" /><p>Rain<br/>and <i/>wind.</p>`}, "", "<p>Rain<br/>and wind.</p>"},
		{"text in a second wrapping", feed.Text{Value: "<![CDATA[<p>Rain, <em>again</em>.</p>]]>"}, feed.Text{}, "", "<p>Rain, <em>again</em>.</p>"},
		{"tags that were escaped twice stay text", feed.Text{Value: "&lt;p&gt;Rain&lt;/p&gt;"}, feed.Text{}, "<p>Rain</p>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := makeTest(t, feed.Item{Title: feed.Plain("x"), Summary: tt.summary, Content: tt.content})
			if e.Summary != tt.wantSummary || string(e.Content) != tt.wantContent {
				t.Errorf("summary %q, content %q\n want %q, %q", e.Summary, e.Content, tt.wantSummary, tt.wantContent)
			}
		})
	}
}

func TestEveryEntryHasATitle(t *testing.T) {
	tests := []struct {
		name string
		item feed.Item
		want string
	}{
		{"its own", feed.Item{Title: feed.Text{Value: " Rain\n again "}}, "Rain again"},
		{"the first words of its text", feed.Item{Content: feed.Text{Value: feed.RawHTML("<p>" + longText + "</p><p>More</p>")}}, "The harbour master said on Tuesday that the ferry would run again from Friday, an hour late. More"},
		{"cut at a word", feed.Item{Summary: feed.Text{Value: feed.RawHTML(longText + " " + longText)}}, "The harbour master said on Tuesday that the ferry would run again from Friday, an hour late. The…"},
		{"what its image shows", feed.Item{Content: feed.Text{Value: `<img src="https://i.example/a.png" alt="A map">`}}, "A map"},
		{"the name of its file", feed.Item{Enclosures: []feed.Enclosure{{URL: "https://i.example/a.mp3", Title: "Episode 1"}}}, "Episode 1"},
		{"its address", feed.Item{Links: link("https://paper.example/rain/?a=1")}, "paper.example/rain"},
		{"the address of its file", feed.Item{Enclosures: []feed.Enclosure{{URL: "https://i.example/a.mp3"}}}, "i.example/a.mp3"},
		{"the address of its image", feed.Item{Content: feed.Text{Value: `<img src="https://i.example/a.png">`}}, "i.example/a.png"},
		{"its id, if that is an address", feed.Item{ID: "https://paper.example/rain", Permalink: true}, "paper.example/rain"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := makeTest(t, tt.item).Title; got != tt.want {
				t.Errorf("title %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAnItemWithNothingToShowIsRefused(t *testing.T) {
	for _, item := range []feed.Item{
		{}, {ID: "x"}, {Title: feed.Text{Value: " <br> "}, Content: feed.Text{Value: "<script>x</script>"}},
		{Links: link("javascript:alert(1)")}, {Links: link("/relative")}, {Published: "2020-01-01"},
	} {
		_, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, Outlet: feed.Outlet{Name: "wire"}, FirstSeen: seenTest})
		var e *feed.Error
		if !errors.As(err, &e) || e.Kind != feed.KindEmpty || e.Source != "wire" || e.Text == "" {
			t.Errorf("Make(%+v): %v", item, err)
		}
	}
	if _, err := Make(Input{}); feed.KindOf(err) != feed.KindEmpty {
		t.Errorf("without a sighting: %v", err)
	}
}

func TestPersons(t *testing.T) {
	tests := []struct {
		in   feed.Person
		want feed.Person
	}{
		{feed.Person{Name: "jo@paper.example (Jo Rain)"}, feed.Person{Name: "Jo Rain", Email: "jo@paper.example"}},
		{feed.Person{Name: "Jo Rain <jo@paper.example>"}, feed.Person{Name: "Jo Rain", Email: "jo@paper.example"}},
		{feed.Person{Name: "Jo Rain (jo@paper.example)"}, feed.Person{Name: "Jo Rain", Email: "jo@paper.example"}},
		{feed.Person{Name: "jo@paper.example"}, feed.Person{Email: "jo@paper.example"}},
		{feed.Person{Email: "jo@paper.example (Jo Rain)"}, feed.Person{Name: "Jo Rain", Email: "jo@paper.example"}},
		{feed.Person{Name: "noreply@paper.example (Jo Rain)"}, feed.Person{Name: "Jo Rain"}},
		{feed.Person{Name: "By Jo Rain"}, feed.Person{Name: "Jo Rain"}},
		{feed.Person{Name: "By the Sea Press"}, feed.Person{Name: "By the Sea Press"}},
		{feed.Person{Name: "Byron Rain"}, feed.Person{Name: "Byron Rain"}},
		{feed.Person{Name: "Written by Jo Rain"}, feed.Person{Name: "Jo Rain"}},
		{feed.Person{Name: "Von Jo Rain"}, feed.Person{Name: "Jo Rain"}},
		{feed.Person{Name: "Von Jo Rain und Al Wind"}, feed.Person{Name: "Jo Rain und Al Wind"}},
		{feed.Person{Name: "von Rain"}, feed.Person{Name: "von Rain"}},
		{feed.Person{Name: "Von Rain"}, feed.Person{Name: "Von Rain"}},
		{feed.Person{Name: "Par Lund"}, feed.Person{Name: "Par Lund"}},
		{feed.Person{Name: "Jo Rain, Weather Correspondent"}, feed.Person{Name: "Jo Rain"}},
		{feed.Person{Name: "Jo Rain, Staff Writer"}, feed.Person{Name: "Jo Rain"}},
		{feed.Person{Name: "Rain, Editor"}, feed.Person{Name: "Rain, Editor"}},
		{feed.Person{Name: "Staff Writer"}, feed.Person{Name: "Staff Writer"}},
		{feed.Person{Name: "JO RAIN"}, feed.Person{Name: "JO RAIN"}},
		{feed.Person{Name: "J@n"}, feed.Person{Name: "J@n"}},
		{feed.Person{Name: "jo.rain@paper.example(Jo Rain)"}, feed.Person{Name: "Jo Rain", Email: "jo.rain@paper.example"}},
		{feed.Person{Name: "nobody@paper.example (Jo)"}, feed.Person{Name: "Jo"}},
		{feed.Person{Name: "Rain, Jo"}, feed.Person{Name: "Rain, Jo"}},
		{feed.Person{Name: "<b>Jo</b> &amp; Al"}, feed.Person{Name: "Jo & Al"}},
		{feed.Person{Name: "Jo", Email: "not an address", URL: "javascript:x", Avatar: "https://i.example/a.png"}, feed.Person{Name: "Jo", Avatar: "https://i.example/a.png"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, person(tt.in, nil)); diff != "" {
			t.Errorf("person(%+v) -want +got:\n%s", tt.in, diff)
		}
	}
}

// TestListsOfNames: names are taken apart where nothing else can be meant.
func TestListsOfNames(t *testing.T) {
	for in, want := range map[string]string{
		"Jo Rain and Al Wind":                  "Jo Rain|Al Wind",
		"By Jo Rain and Al Wind":               "Jo Rain|Al Wind",
		"JO RAIN and AL WIND":                  "JO RAIN|AL WIND",
		"Jo Rain, Al Wind and Di van der Hail": "Jo Rain|Al Wind|Di van der Hail",
		"Jo Rain, Al Wind, and Di B. Hail":     "Jo Rain|Al Wind|Di B. Hail",
		"Jo Rain, Al Wind, Di O’Hail":          "Jo Rain|Al Wind|Di O’Hail",
		"Jo Rain; Al Wind":                     "Jo Rain|Al Wind",
		"Jo Rain und Al Wind":                  "Jo Rain|Al Wind",
		"Jo Rain et Anne-Marie Grêle":          "Jo Rain|Anne-Marie Grêle",
		"Иван Дождь и Анна Ветрова":            "Иван Дождь|Анна Ветрова",
		"Jo Rain, Jo Rain and Al Wind":         "Jo Rain|Al Wind",
		"Rain Hail, Jo Marie":                  "Rain Hail, Jo Marie",
		"Rain, J. B., Wind, A., Hail, D.":      "Rain, J. B., Wind, A., Hail, D.",
		"Rain, Jo, Wind, Al":                   "Rain, Jo, Wind, Al",
		"Jo Rain, The Daily Drop":              "Jo Rain, The Daily Drop",
		"Jo and Al":                            "Jo and Al",
		"Jo Rain and agencies":                 "Jo Rain and agencies",
		"Jo Rain and Al Wind in New Haven":     "Jo Rain and Al Wind in New Haven",
		"Rain & Wind Umbrella Company":         "Rain & Wind Umbrella Company",
		"Moon Yakitori & Beer Garden":          "Moon Yakitori & Beer Garden",
		"Royal Society and Rain Academy":       "Royal Society and Rain Academy",
		"Department of Rain and Drain Works":   "Department of Rain and Drain Works",
		"José Lluvia y Viento Sur":             "José Lluvia y Viento Sur",
		"Rui Chuva e Vento Norte":              "Rui Chuva e Vento Norte",
		"Karl von und zu Regen":                "Karl von und zu Regen",
		"Jo Rain and Al Wind and Di Hail":      "Jo Rain and Al Wind and Di Hail",
		"Jo Rain (now) and Al Wind (earlier)":  "Jo Rain (now) and Al Wind (earlier)",
		"Jo Rain, Ph.D.":                       "Jo Rain, Ph.D.",
		"admin":                                "", "Administrator": "", "(author unknown)": "", "-": "", "no-reply@paper.example": "",
		"Admiral Rain": "Admiral Rain", "Anonymous": "Anonymous", "34": "34",
	} {
		var got []string
		for _, p := range makeTest(t, feed.Item{Title: feed.Plain("x"), Authors: []feed.Person{{Name: in}}}).Authors {
			got = append(got, p.Name)
		}
		if text := strings.Join(got, "|"); text != want {
			t.Errorf("%q becomes %q, want %q", in, text, want)
		}
	}
	listed := makeTest(t, feed.Item{Title: feed.Plain("x"), Authors: []feed.Person{{Name: "Jo Rain and Al Wind", Email: "jo@paper.example"}}})
	if len(listed.Authors) != 1 {
		t.Errorf("whose address it is was made up: %v", listed.Authors)
	}
}

// FuzzPersons: names stay text of a line, none is made up, and what was made once is
// made again of the result.
func FuzzPersons(f *testing.F) {
	for _, s := range []string{"By Jo Rain and Al Wind", "jo@paper.example (Jo Rain)", "Jo Rain, Al Wind, Di Hail", "admin",
		"Von Jo Rain", "Jo; Al", "Rain, J. B.", "<b>Jo</b> &amp; Al", "a@b", "Jo Rain, Editor", "и", " and ", ";;", "\xff and \xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := &draft{}
		once := d.people([]feed.Person{{Name: s}})
		again := d.people(once)
		if len(once) > maxPeople {
			t.Errorf("%d people", len(once))
		}
		for _, p := range once {
			if p.Name != oneLine(cleanText(p.Name)) || p.Name == "" && p.Email == "" {
				t.Errorf("%q gives %q", s, p)
			}
		}
		if len(again) < len(once) {
			t.Errorf("%q gives %q, and that %q", s, once, again)
		}
	})
}

func TestAuthorsFallBackToTheFeed(t *testing.T) {
	channel := feed.Channel{Title: feed.Plain("Paper"), Authors: []feed.Person{{Name: "Desk"}}}
	if got := makeTest(t, feed.Item{Title: feed.Plain("x"), Channel: channel}).Authors; len(got) != 1 || got[0].Name != "Desk" {
		t.Errorf("authors %v", got)
	}
	origin := &feed.Channel{Title: feed.Plain("Wire"), Authors: []feed.Person{{Name: "Wire desk"}}}
	e := makeTest(t, feed.Item{Title: feed.Plain("x"), Channel: channel, Origin: origin})
	if len(e.Authors) != 1 || e.Authors[0].Name != "Wire desk" || e.Origin.Title.Value != "Wire" {
		t.Errorf("authors %v of %v", e.Authors, e.Origin)
	}
}

func TestAFeedThatNamesItselfAsTheSourceIsNoAggregator(t *testing.T) {
	channel := feed.Channel{Title: feed.Plain("Paper: all the news"), Self: "https://paper.example/feed/"}
	item := feed.Item{Title: feed.Plain("x"), Channel: channel}
	item.Origin = &feed.Channel{Title: feed.Plain("Paper"), Self: "http://paper.example/feed"}
	got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, Outlet: feed.Outlet{Title: "The Paper"}, FirstSeen: seenTest})
	if err != nil || got.Entry.Origin.Title.Value != "The Paper" {
		t.Errorf("origin %+v, %v", got.Entry.Origin, err)
	}
}

func TestLanguages(t *testing.T) {
	for in, want := range map[string]string{
		"en": "en", "EN_us": "en-US", " fr-FR ": "fr-FR", "zh-hant-tw": "zh-Hant-TW", "iw": "he", "en-uk": "en-GB", "en-en": "en",
		"": "", "english": "", "en US": "", "en-US, de-DE": "", "français": "", `"><script>`: "", "und": "", "mul": "", "x-default": "",
		"en\u202eus": "", "qq-qq": "", strings.Repeat("a-", 50): "",
	} {
		if got := canonicalLanguage(in); got != want {
			t.Errorf("canonicalLanguage(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestALanguageIsGuessedOnlyIfNobodySaysAndItIsPlain(t *testing.T) {
	german := "Der Hafenmeister sagte am Dienstag, dass die Fähre ab Freitag wieder fährt, allerdings eine Stunde später als bisher."
	tests := []struct {
		name string
		item feed.Item
		out  feed.Outlet
		want string
	}{
		{"guessed", feed.Item{Summary: feed.Plain(german)}, feed.Outlet{}, "de"},
		{"too short to guess", feed.Item{Title: feed.Plain("Hafenmeister")}, feed.Outlet{}, ""},
		{"Japanese with many Chinese signs", feed.Item{Title: feed.Plain("東京都知事選挙、投票率は前回を上回る見通し")}, feed.Outlet{}, "ja"},
		{"the outlet's", feed.Item{Summary: feed.Plain(german)}, feed.Outlet{Language: "nl"}, "nl"},
		{"the feed's", feed.Item{Summary: feed.Plain(german), Channel: feed.Channel{Language: "da"}}, feed.Outlet{}, "da"},
		{"the outlet's goes before the feed's", feed.Item{Summary: feed.Plain(german), Channel: feed.Channel{Language: "da"}}, feed.Outlet{Language: "nl"}, "nl"},
		{"an item that says it is unknown is not in the feed's", feed.Item{Summary: feed.Plain(german), Language: "und", Channel: feed.Channel{Language: "da"}}, feed.Outlet{Language: "nl"}, "de"},
		{"nor is a text that says so", feed.Item{Content: feed.Text{Kind: feed.TextPlain, Value: feed.RawHTML(german), Language: "und"}, Language: "da"}, feed.Outlet{}, "de"},
		{"a feed that says so says nothing", feed.Item{Summary: feed.Plain(german), Channel: feed.Channel{Language: "und"}}, feed.Outlet{}, "de"},
		{"the item's goes before all", feed.Item{Summary: feed.Plain(german), Language: "sv", Channel: feed.Channel{Language: "da"}}, feed.Outlet{Language: "nl"}, "sv"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Make(Input{Sightings: []feed.Sighting{{Item: tt.item}}, Outlet: tt.out, FirstSeen: seenTest})
			if err != nil || got.Entry.Language != tt.want {
				t.Errorf("language %q (%v), want %q", got.Entry.Language, err, tt.want)
			}
		})
	}
}

// TestATextInOtherLettersIsNotInTheDeclaredLanguage: what a template declares is
// believed until the letters of the text say otherwise.
func TestATextInOtherLettersIsNotInTheDeclaredLanguage(t *testing.T) {
	const (
		german   = "Der Hafenmeister sagte am Dienstag, dass die Fähre ab Freitag wieder fährt, allerdings eine Stunde später als bisher."
		russian  = "Начальник порта сказал во вторник, что паром снова пойдёт с пятницы, хотя и на час позже, чем раньше."
		persian  = "رئیس بندر روز سه\u200cشنبه گفت که کشتی از روز جمعه دوباره حرکت می\u200cکند، اما یک ساعت دیرتر از گذشته خواهد بود و مسافران باید بدانند."
		chinese  = "港口负责人星期二表示渡轮将从星期五起恢复航行不过时间比以前晚一小时港口负责人星期二表示渡轮将从星期五起恢复航行不过时间比以前晚一小时乘客请留意。"
		numerals = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30"
	)
	tests := []struct{ name, declared, text, want, note string }{
		{"as declared", "de", german, "de", ""},
		{"another language in the same letters is believed", "en-US", german, "en-US", ""},
		{"a template's English over Russian", "en-US", russian, "ru", "declared as en-US and written in Cyrillic letters; it reads like ru (confidence 0.9"},
		{"over Persian, which is too near to others", "en", persian, "", "Arabic letters; which language it is the text does not tell"},
		{"over Chinese", "en", chinese, "zh", "East Asian letters"},
		{"a German text in a Russian feed", "ru", german, "de", "Latin letters"},
		{"Chinese of either kind", "zh-TW", chinese, "zh-TW", ""},
		{"a language with two scripts", "sr", german, "sr", ""},
		{"a named script", "sr-Cyrl", russian, "sr-Cyrl", ""},
		{"quotations in other letters", "en", german + " " + german + " «" + russian[:60] + "»", "en", ""},
		{"too short to tell", "en", "Порт открыт", "en", ""},
		{"no letters", "ar", numerals, "ar", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			item := feed.Item{Summary: feed.Plain(tt.text), Language: tt.declared}
			got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest})
			if err != nil || got.Entry.Language != tt.want {
				t.Errorf("language %q (%v), want %q", got.Entry.Language, err, tt.want)
			}
			told := ""
			for _, n := range got.Notes {
				if n.Step == stepLanguage {
					told += n.Text
				}
			}
			if (told == "") != (tt.note == "") || !strings.Contains(told, tt.note) {
				t.Errorf("told %q, want %q", told, tt.note)
			}
		})
	}
}

func TestWhatThePageSaysOfAuthorsAndLanguage(t *testing.T) {
	page := feed.Page{Title: feed.Plain("x"), Content: feed.Plain("x is in the harbour"),
		Authors: []feed.Person{{Name: "By Jo Rain"}}, Language: "sv"}
	wall := page
	wall.Wall = "a consent page"
	channel := feed.Channel{Language: "da", Authors: []feed.Person{{Name: "Desk"}}}
	for name, tt := range map[string]struct {
		item           feed.Item
		channel        feed.Channel
		page           feed.Page
		author, tongue string
	}{
		"before the feed's":   {feed.Item{}, channel, page, "Jo Rain", "da"},
		"after the article's": {feed.Item{Language: "nb", Authors: []feed.Person{{Name: "Al Wind"}}}, channel, page, "Al Wind", "nb"},
		"for nobody":          {feed.Item{Authors: []feed.Person{{Name: "admin"}}}, feed.Channel{}, page, "Jo Rain", "sv"},
		"not of a wall":       {feed.Item{}, channel, wall, "Desk", "da"},
	} {
		tt.item.Title, tt.item.Channel = feed.Plain("x"), tt.channel
		got, err := Make(Input{Sightings: []feed.Sighting{{Item: tt.item}}, Page: &tt.page, FirstSeen: seenTest})
		if e := got.Entry; err != nil || len(e.Authors) != 1 || e.Authors[0].Name != tt.author || e.Language != tt.tongue {
			t.Errorf("%s: authors %v, language %q, %v", name, e.Authors, e.Language, err)
		}
	}
}

// Themes say "en" where nobody set them up.
func TestAPageThatSaysEnglishByDefault(t *testing.T) {
	const german = "Der Hafen von Amity wurde am Montag nach drei Wochen wieder geöffnet, und die ersten sieben Boote fuhren hinaus, bevor die Sonne über der Mauer stand."
	const plain = "The harbour of Amity was opened on Monday after three weeks, and the first seven boats left before the sun stood above the wall of the town."
	for text, want := range map[string]string{german: "de", plain: "en-US"} {
		page := &feed.Page{Language: "en-US", Title: feed.Plain("x"), Content: feed.Plain(text + " " + text)}
		got, err := Make(Input{Sightings: []feed.Sighting{{Item: feed.Item{Title: feed.Plain("x"), Summary: feed.Plain(text)}}}, Page: page, FirstSeen: seenTest})
		if err != nil || got.Entry.Language != want {
			t.Errorf("%q, %v; %+v", got.Entry.Language, err, got.Choice)
		}
	}
}

func TestDigestIsOfWhatAReaderWouldNotice(t *testing.T) {
	of := func(title, content string) string {
		return makeTest(t, feed.Item{Title: feed.Plain(title), Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(content)}}).Digest
	}
	want := of("Rain", "<p>Rain all week.</p><p>12 comments, 3 hours ago</p>")
	for _, content := range []string{
		"<div>Rain  all week.</div><p>13 Comments, 4 hours ago</p>",
		`<p>Rain <a href="/x">all</a> week<img src="https://i.example/a.png"></p><p>1,204 comments, 2 days ago</p>`,
	} {
		if of("Rain", content) != want {
			t.Errorf("%q has another digest", content)
		}
	}
	for _, other := range [][2]string{{"Rain", "<p>Rain all month.</p>"}, {"Wind", "<p>Rain all week.</p>"}, {"Rain", "<p>Rain all week. 12 dead.</p>"}} {
		if of(other[0], other[1]) == want {
			t.Errorf("%q has the same digest", other)
		}
	}
	for _, news := range [][2]string{ // numbers that somebody corrected
		{"<p>Lund won with 1,204 votes against 998.</p>", "<p>Lund won with 1,240 votes against 998.</p>"},
		{"<p>He sold 5,000 shares on Monday.</p>", "<p>He sold 50,000 shares on Monday.</p>"},
		{"<p>“They lead by 3 points.”</p>", "<p>“They lead by 5 points.”</p>"},
	} {
		if of("Rain", news[0]) == of("Rain", news[1]) {
			t.Errorf("%q and %q have the same digest", news[0], news[1])
		}
	}
	if of("Rain", "<p>12 points | 3 votes</p><p>Rain.</p>") != of("Rain", "<p>13 points | 4 votes</p><p>Rain.</p>") {
		t.Error("points and votes in a line of counters count")
	}
}

func TestStepsAreNamedOnceAndEachNoteNamesOne(t *testing.T) {
	names := map[string]bool{}
	for _, s := range Steps() {
		if names[s] {
			t.Errorf("%s occurs twice", s)
		}
		names[s] = true
	}
	item := feed.Item{Published: "x", Summary: feed.Text{Value: "<script>x</script>" + longText + longText}, Links: link("https://paper.example/a?utm_source=x"), Enclosures: []feed.Enclosure{{URL: "x:y"}}}
	got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest})
	if err != nil || len(got.Notes) < 5 {
		t.Fatalf("%v, %v", got.Notes, err)
	}
	for _, n := range got.Notes {
		if !names[n.Step] || n.Text == "" {
			t.Errorf("the note %+v names no step", n)
		}
	}
}

func TestMakeIsPure(t *testing.T) {
	in := Input{Sightings: []feed.Sighting{{Item: benchItem()}}, FirstSeen: seenTest}
	first, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		again, err := Make(in)
		if diff := cmp.Diff(first, again); diff != "" || err != nil {
			t.Fatalf("%v -first +again:\n%s", err, diff)
		}
	}
	if diff := cmp.Diff(benchItem(), in.Sightings[0].Item); diff != "" {
		t.Errorf("the item was changed:\n%s", diff)
	}
}

// benchItem is an ordinary item with a text of about 3 KB.
func benchItem() feed.Item {
	var text string
	for range 8 {
		text += `<p class="x">` + longText + ` <a href="/more?utm_source=rss">More</a> &amp; <b>more</b>.</p>` +
			`<figure><img src="/i.jpg" srcset="/i.jpg 1x, /j.jpg 2x" width="640" height="480"><figcaption>Rain</figcaption></figure>`
	}
	return feed.Item{
		ID: "https://paper.example/?p=1", Title: feed.Text{Value: "Rain &amp; wind over the <i>harbour</i>"},
		Summary: feed.Text{Value: longText + " [&#8230;]"}, Content: feed.Text{Value: feed.RawHTML(text)},
		Links: link("https://paper.example/rain?utm_source=rss"), Published: "Sat, 14 Feb 2026 22:03:00 +0100",
		Authors: []feed.Person{{Name: "jo@paper.example (Jo Rain)"}}, Categories: []feed.Category{{Term: "Weather"}},
		Language: "en-us", Base: "https://paper.example/feed", Channel: feed.Channel{Title: feed.Text{Value: "Paper"}},
	}
}

func BenchmarkMake(b *testing.B) {
	in := Input{Sightings: []feed.Sighting{{Item: benchItem()}}, FirstSeen: seenTest}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Make(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlainText(b *testing.B) {
	content := feed.HTML(cleanTest(string(benchItem().Content.Value)))
	b.ReportAllocs()
	for b.Loop() {
		PlainText(content)
	}
}
