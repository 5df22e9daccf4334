package normalise

import (
	"strings"
	"testing"

	"broadsheet/feed"
)

func TestFootnotesLeadToPlacesOfTheirOwnText(t *testing.T) {
	to := func(id string) string { return `<a href="#` + markTest + id + `"` + relTest + ">" }
	at := func(id string) string { return ` id="` + markTest + id + `"` }
	out := func(url string) string { return `<a href="https://paper.example/news/` + url + `"` + relTest + ">" }
	tests := []struct{ name, in, want string }{
		{"a footnote and back", `<p>Rain<sup id="ref1"><a href="#fn1">1</a></sup></p><ol><li id="fn1">All night. <a href="#ref1">↩</a></li></ol>`,
			"<p>Rain<sup" + at("ref1") + ">" + to("fn1") + "1</a></sup></p><ol><li" + at("fn1") + ">All night. " + to("ref1") + "↩</a></li></ol>"},
		{"by the address of the page", `<a href="https://paper.example/news/rain#fn1">1</a><p id="fn1">x</p>`, to("fn1") + "1</a><p" + at("fn1") + ">x</p>"},
		{"a place without a text", `<a href="#n">1</a><p><a name="n"></a>x</p>`, to("n") + "1</a><p><span" + at("n") + "></span>x</p>"},
		{"a place in what is unwrapped", `<a href="#n">1</a><form id="n"><p>x</p></form>`, to("n") + "1</a><span" + at("n") + "><p>x</p></span>"},
		{"a picture", `<a href="#n">1</a><img id="n" src="/a.png">`, to("n") + `1</a><img` + at("n") + ` src="https://paper.example/a.png" alt=""` + imgTest + `/>`},
		{"names of WordPress and Markdown", `<a href="#fn:1">1</a><p id="fn:1">x</p><a href="#easy-footnote_2.b">2</a><p id="easy-footnote_2.b">y</p>`,
			to("fn:1") + "1</a><p" + at("fn:1") + ">x</p>" + to("easy-footnote_2.b") + "2</a><p" + at("easy-footnote_2.b") + ">y</p>"},
		{"a place that is not in the text", `<a href="#fn9">9</a>`, out("rain#fn9") + "9</a>"},
		{"a place that goes", `<a href="#n">1</a><script id="n">x</script>`, out("rain#n") + "1</a>"},
		{"a place in what goes", `<a href="#n">1</a><template><p id="n">x</p></template>`, out("rain#n") + "1</a>"},
		{"a place of another page", `<a href="/news/wind#fn1">1</a><p id="fn1">x</p>`, out("wind#fn1") + "1</a><p>x</p>"},
		{"a name that nobody leads to", `<p id="content" name="x">x</p>`, "<p>x</p>"},
		{"a name twice", `<a href="#n">1</a><p id="n">x</p><p id="n">y</p>`, to("n") + "1</a><p" + at("n") + ">x</p><p>y</p>"},
		{"a name that could be the page's", `<a href="#location">1</a><p id="location">x</p>`, to("location") + "1</a><p" + at("location") + ">x</p>"},
		{"other letters", `<a href="#fu%C3%9F">1</a><p id="fuß">x</p>`, to(hash("fuß")) + "1</a><p" + at(hash("fuß")) + ">x</p>"},
		{"markup in a name", `<a href="#&quot;><b>">1</a><p id='"><b>'>x</p>`, to(hash(`"><b>`)) + "1</a><p" + at(hash(`"><b>`)) + ">x</p>"},
		{"the mark of another entry", `<a href="#eabcdefabcd-x">1</a><p id="eabcdefabcd-x">x</p>`, to("eabcdefabcd-x") + "1</a><p" + at("eabcdefabcd-x") + ">x</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cleanTest(tt.in)
			if got != tt.want {
				t.Errorf("clean(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
			assertSafe(t, tt.in, got)
		})
	}
}

// Two articles on one page do not take each other's footnotes, and what is edited
// keeps its own.
func TestFootnotesAreMarkedByEntry(t *testing.T) {
	of := func(feedURL, id, extra string) string {
		item := feed.Item{ID: id, Title: feed.Plain("x"), Links: link("https://paper.example/" + id), Content: feed.Text{Kind: feed.TextHTML,
			Value: feed.RawHTML(extra + `<p>Rain.<a href="#fn1">1</a></p><p id="fn1">All night.</p>`)}}
		got, err := Make(Input{Sightings: []feed.Sighting{{Feed: feedURL, Item: item}}, FirstSeen: seenTest})
		if err != nil {
			t.Fatal(err)
		}
		_, after, ok := strings.Cut(string(got.Entry.Content), ` id="`)
		mark, _, _ := strings.Cut(after, "fn1")
		if !ok || !strings.Contains(string(got.Entry.Content), `href="#`+mark+`fn1"`) {
			t.Fatalf("content %q", got.Entry.Content)
		}
		return mark
	}
	const world, sport = "https://paper.example/world.xml", "https://other.example/sport.xml"
	if of(world, "1", "") != of(world, "1", "<p>Corrected.</p>") {
		t.Error("an edited entry has another mark")
	}
	if of(world, "1", "") == of(world, "2", "") || of(world, "1", "") == of(sport, "1", "") {
		t.Error("two entries have the same mark")
	}
}
