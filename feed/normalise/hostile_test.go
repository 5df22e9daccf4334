package normalise

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// everywhere is an item that says the same in every field there is.
func everywhere(s string) feed.Item {
	text := feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(s)}
	guess := feed.Text{Value: feed.RawHTML(s)}
	person := feed.Person{Name: s, Email: s, URL: s, Avatar: s, Role: s, Group: s}
	extras := everyElement(head(s, 1<<11)) // no reader of feeds hands on more in one of them
	details := map[string]string{s: s}
	for name := range feed.FileDetails {
		details[name] = s
	}
	file := feed.Enclosure{URL: s, Type: s, Medium: s, Title: s, Text: s, Credit: s, Language: s, Rel: s, Details: details, Extras: extras}
	channel := feed.Channel{
		ID: s, Title: text, Subtitle: guess, Link: s, Self: s, Language: s, Rights: guess,
		Authors: []feed.Person{person}, Image: s, Icon: s, Updated: s, Extras: extras, BlockedBy: s,
	}
	return feed.Item{
		ID: s, Permalink: true, Title: guess, Summary: text, Content: text,
		Links: []feed.Link{
			{Rel: "alternate", Href: s, Type: s, Language: s, Title: s}, {Rel: s, Href: s}, {Rel: "related", Href: s, Title: s},
		},
		Authors: []feed.Person{person}, Contributors: []feed.Person{person},
		Categories: []feed.Category{{Term: s, Scheme: s, Label: s}},
		Published:  s, Updated: s, Rights: guess, Language: s, Base: s,
		Enclosures: []feed.Enclosure{file, {URL: "https://i.example/a.mp3", Type: s, Title: s}}, Image: s, Comments: s,
		Podcast: &feed.Podcast{Episode: s, Season: s, EpisodeType: s, Explicit: s,
			Transcripts: []feed.Enclosure{file}, Chapters: &file, Persons: []feed.Person{person}, Image: s},
		Place: &feed.Place{Shape: "point", At: []float64{1, 2}, Name: s}, Extras: extras, Block: s,
		Origin: &channel, Channel: channel,
	}
}

// everyElement is every element that may be passed on, with s for all that it says.
func everyElement(s string) []feed.Element {
	out := []feed.Element{{Name: s, Text: s}}
	for _, name := range slices.Sorted(maps.Keys(feed.Passages)) {
		e := feed.Element{Name: name, Text: s, Attrs: map[string]string{s: s}}
		for attr := range feed.Passages[name].Attrs {
			e.Attrs[attr] = s
		}
		for _, inner := range append(feed.Passages[name].Inner, s) {
			e.Children = append(e.Children, feed.Element{Name: inner, Text: s, Attrs: maps.Clone(e.Attrs)})
		}
		out = append(out, e)
	}
	return out
}

// judgeElement looks at an element that is passed on by what its passage says.
func judgeElement(t *testing.T, in string, e feed.Element) {
	t.Helper()
	p, known := feed.Passages[e.Name]
	if !known {
		t.Errorf("%q left the element %q", in, e.Name)
	}
	judgeForm(t, in, e.Text, p.Text, e.Name)
	for name, v := range e.Attrs {
		judgeForm(t, in, v, p.Attrs[name], e.Name+" "+name)
	}
	for _, c := range e.Children {
		if !slices.Contains(p.Inner, c.Name) {
			t.Errorf("%q left %q in %q", in, c.Name, e.Name)
		}
		judgeElement(t, in, c)
	}
}

func judgeForm(t *testing.T, in, s string, form feed.Form, where string) {
	t.Helper()
	switch form {
	case feed.FormNone:
		if s != "" {
			t.Errorf("%q left %q in %s, which has no text", in, s, where)
		}
	case feed.FormURL:
		judgeText(t, in, s, "URL")
	case feed.FormProse:
		judgeText(t, in, s, "Text")
	case feed.FormIRI, feed.FormWord:
		if strings.Contains(strings.ToLower(s), "script:") || strings.ContainsAny(s, " <>\"'`") && form == feed.FormWord {
			t.Errorf("%q left %q in %s", in, s, where)
		}
		fallthrough
	default:
		judgeText(t, in, s, where)
	}
}

// addresses are the fields that lead somewhere.
var addresses = []string{"Link", "Href", "URL", "Avatar", "Image", "Icon", "Self", "Comments", "Scheme"}

// judge looks at every text of an entry by what it is published as (T-12, T-13,
// T-14, T-32): markup is safe, an address leads to the web, all else is a line of
// text that a document can hold.
func judge(t *testing.T, in string, v reflect.Value, field string) {
	t.Helper()
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
	case v.Type() == reflect.TypeFor[feed.Element]():
		judgeElement(t, in, v.Interface().(feed.Element))
	case v.Kind() == reflect.Map:
		for _, key := range v.MapKeys() {
			judgeForm(t, in, v.MapIndex(key).String(), feed.FileDetails[key.String()], field)
		}
	case v.Type() == reflect.TypeFor[feed.HTML]():
		assertSafe(t, in, v.String())
	case v.Kind() == reflect.String:
		judgeText(t, in, v.String(), field)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			judge(t, in, v.Field(i), v.Type().Field(i).Name)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			judge(t, in, v.Index(i), field)
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		judge(t, in, v.Elem(), field)
	}
}

func judgeText(t *testing.T, in, s, field string) {
	t.Helper()
	lines := field == "Summary" || field == "Text" || field == "Value"
	for _, r := range s {
		if unicode.IsControl(r) && !(lines && (r == '\n' || r == '\t')) || r == utf8Lost {
			t.Errorf("%q left %q in %s", in, s, field)
			break
		}
	}
	if s == "" || !slices.Contains(addresses, field) {
		return
	}
	lower := strings.ToLower(s)
	if field == "Scheme" && (!strings.Contains(s, ":") || strings.HasPrefix(lower, "urn:") || strings.HasPrefix(lower, "tag:")) {
		return // a name, not an address
	}
	if !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://") || strings.ContainsAny(s, " \t\r\n\"<>`\\") {
		t.Errorf("%q left the address %q in %s", in, s, field)
	}
}

// utf8Lost is a character that XML has no place for.
const utf8Lost = '\uFFFE'

// judgeEverywhere makes an entry of a text in every field and judges all of it.
func judgeEverywhere(t *testing.T, s string) {
	t.Helper()
	for _, item := range []feed.Item{everywhere(s), {Title: feed.Plain("x"), Content: feed.Text{Kind: feed.TextXHTML, Value: feed.RawHTML(s)}}} {
		Identify(item)
		got, err := Make(Input{
			Sightings: []feed.Sighting{{Item: item}}, Outlet: feed.Outlet{Name: "wire", Title: "Wire", Link: "https://wire.example/"},
			FirstSeen: seenTest,
		})
		if err != nil {
			if feed.KindOf(err) != feed.KindEmpty {
				t.Errorf("%q: %v", s, err)
			}
			continue
		}
		judge(t, s, reflect.ValueOf(got.Entry), "")
		for _, note := range got.Notes {
			if strings.ContainsFunc(note.Text, unicode.IsControl) {
				t.Errorf("%q left the note %q", s, note.Text)
			}
		}
	}
}

func TestNothingHostileSurvivesInAnyField(t *testing.T) {
	more := []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#106;avascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
		"vbscript:x", "data:text/html,<script>alert(1)</script>", "feed:javascript:alert(1)", "view-source:javascript:x", "file:///etc/passwd", "blob:https://x.example/1",
		`https://x.example/"onmouseover="alert(1)`, "https://x.example/'><script>alert(1)</script>", "https://x.example/\r\nSet-Cookie: a=b", "//x.example/\x00",
		"https://user:secret@x.example/", "https://x.example\\@y.example/", `"><svg onload=alert(1)>`, `]]><script>alert(1)</script>`, "{{.}}{{printf \"%s\"}}%s%n${x}`id`",
	}
	for _, s := range slices.Concat(hostile, more) {
		judgeEverywhere(t, s)
	}
}

// What is made of an entry, if it comes back as an item, is the same entry: title,
// summary and content are as clean as they can be (T-13).
func TestWhatIsMadeAgainStaysAsItIs(t *testing.T) {
	n := 0
	again := func(s string) {
		item := everywhere(s)
		item.Links = link("https://paper.example/news/rain")
		for range 2 {
			first, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest})
			if err != nil {
				return
			}
			e := first.Entry
			item.Title, item.Summary, item.Content = feed.Plain(e.Title), feed.Plain(e.Summary), feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(e.Content)}
			second, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest})
			if err != nil || second.Entry.Title != e.Title || second.Entry.Content != e.Content || second.Entry.Summary != e.Summary {
				t.Errorf("%q\n once %q, %q, %q\ntwice %q, %q, %q (%v)", s, e.Title, e.Summary, e.Content,
					second.Entry.Title, second.Entry.Summary, second.Entry.Content, err)
			}
			n++
			item = everywhere(s)
			item.Links, item.Content = link("https://paper.example/news/rain"), feed.Text{Kind: feed.TextHTML, Value: firstTest + lastTest}
		}
	}
	for _, s := range hostile {
		again(s)
	}
	for _, tt := range []string{firstTest + lastTest + "<p>Share | Tweet</p>", `<p>x<a href="#n">1</a></p><p id="n">y</p>`, "<p>" + longText + "</p><p>12 comments</p>", "AT&amp;amp;T &lt;b&gt;"} {
		again(tt)
	}
	t.Logf("%d entries", n)
}

// T-32: what moves a cursor, breaks a line or a header, or colours a terminal is
// gone from every line of text; titles are one line.
func TestNoControlCharacterSurvivesInAnyField(t *testing.T) {
	for _, s := range []string{
		"Rain\r\nSet-Cookie: a=b", "Rain\x1b[31mred\x1b[0m", "Rain\u009b31m", "Rain\x07\x08\x7f", "Rain\u2028and\u2029wind", "Rain&#13;&#10;&#27;[2Jwind", "Rain\x00wind",
		"=cmd|'/c calc'!A0", "Rain\u0085wind",
	} {
		judgeEverywhere(t, s)
		e := makeTest(t, feed.Item{Title: feed.Text{Value: feed.RawHTML(s)}})
		if strings.ContainsFunc(e.Title, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
			t.Errorf("%q is the title %q", s, e.Title)
		}
	}
}

// T-12, T-13: the payloads that sanitisers of other people are tested with, in
// every field.
func TestCorpusOfHostileMarkupInAnyField(t *testing.T) {
	for _, suite := range []string{"dompurify", "loofah", "bleach"} {
		n := 0
		eachCase(t, filepath.Join("suites", suite, "cases.jsonl"), func(line []byte) {
			var c struct {
				HTML string `json:"html"`
			}
			if err := json.Unmarshal(line, &c); err != nil {
				t.Fatal(err)
			}
			judgeEverywhere(t, c.HTML)
			n++
		})
		if n < 20 {
			t.Errorf("%s: only %d texts", suite, n)
		}
		t.Logf("%s: %d texts, nothing that runs is left in any field", suite, n)
	}
}

// T-09: a mebibyte of markup that nests without end becomes text, and so does one
// of nothing but tags as far as it is read; both within 200 ms.
func TestHostileNestingBecomesTextAndSoon(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	const limit = 200 * time.Millisecond
	// places is the limit of links alone, as many as are read: none of them is taken out, and
	// each gets attributes, so that three readings of what is written, two by the parser and
	// one by the gate, are two thirds of what it costs. The longest articles have a tenth of it.
	const places = 400 * time.Millisecond
	fill := func(unit string) string { return strings.Repeat(unit, (1<<20)/len(unit)) }
	tests := map[string]string{
		"elements":   fill("<div>"),
		"formatting": fill("<b>"),
		"formatting, all different": func() string {
			var b strings.Builder
			for i := 0; b.Len() < 1<<20; i++ {
				b.WriteString("<b id=" + strings.Repeat("x", i%40) + "><p>")
			}
			return b.String()
		}(),
		"formatting in paragraphs":                fill("<p><i><b></p>"),
		"many formats, and paragraphs of nothing": "<p>" + many(400, "<b id=%d>") + "</p>" + fill("<p>x"),
		"many links, and paragraphs of nothing":   "<p>" + many(400, "<font id=%d>") + "</p>" + fill("<li>x"),
		"five hundred deep, and end tags":         strings.Repeat("<div>", 500) + fill("</x>"),
		"five hundred deep, and paragraphs":       strings.Repeat("<div>", 500) + fill("<p>"),
		"five hundred deep, and formats":          strings.Repeat("<div>", 500) + fill("<b></b>"),
		"five hundred deep, misnested":            "<b>" + strings.Repeat("<div>", 490) + fill("</b><b>"),
		"five hundred deep, and cells":            strings.Repeat("<div>", 500) + fill("<td></td>"),
		"foster parents":                          "<table>" + fill("x<b>y</b>"),
		"tables":                                  fill("<table><tr><td>"),
		"tables in a row":                         fill("<table><a>"),
		"links":                                   fill("<a href=x><table>"),
		"lists":                                   fill("<ul><li>"),
		"selects":                                 fill("<select><option>"),
		"templates":                               fill("<template>"),
		"SVG":                                     fill("<svg><g>"),
		"MathML":                                  fill("<math><mi>"),
		"end tags":                                fill("</p>"),
		"end tags of formatting":                  fill("<b></p></b>"),
		"misnested":                               fill("<b><i></b></i>"),
		"comments":                                fill("<!--"),
		"attributes":                              "<p " + fill("a=b ") + ">",
		"one attribute":                           `<p title="` + fill("a") + `">`,
		"references":                              fill("&notit;"),
		"brackets":                                fill("<"),
		"headings":                                fill("<h1><h2>"),
		"forms":                                   fill("<form><button>"),
		"rubies":                                  fill("<ruby><rt><rp>"),
		"frames":                                  fill("<iframe>"),
		"noscript":                                fill("<noscript>"),
		"plain text":                              fill("word "),
		"adverts":                                 fill("<p>Advertisement</p>"),
		"bars of buttons":                         fill(`<p><a href="https://wa.me/?text=x">x</a> | Tweet</p>`),
		"other articles":                          fill(`<h3>Related</h3><a href="/a">x</a>`),
		"ways to read on":                         fill(`<a href="/a">Read more</a> `),
		"lists in lists":                          strings.Repeat("<ul><li>x", 100) + fill("<ul><li></li></ul>"),
		"classes":                                 strings.Repeat(`<div class="ad-slot related-posts">`, 100) + fill("<p>x</p>"),
		"places":                                  fill(`<a href="#a" id="a">x</a>`),
		"counters":                                "<p>" + fill("12 comments ") + "</p>",
	}
	for name, markup := range tests {
		t.Run(name, func(t *testing.T) {
			item := feed.Item{Title: feed.Plain("x"), Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML("<p>The ferry was late.</p>" + markup)}}
			in := Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest}
			var got Result
			var err error
			limit := limit
			if name == "places" {
				limit = places
			}
			cost.Within(t, limit, func() { got, err = Make(in) })
			if err != nil || !strings.Contains(PlainText(got.Entry.Content)+got.Entry.Summary, "The ferry was late.") {
				t.Errorf("%v; what is left: %.80q", err, got.Entry.Content)
			}
		})
	}
}

// T-09: what the parser makes of a text is bounded by what is written, also where end
// tags stand in wrong places, do not reach what they seem to close, or are no tags.
func TestMarkupDoesNotMultiply(t *testing.T) {
	const limit, memory = 200 * time.Millisecond, 64 << 20
	bold, paragraphs := many(400, "<b a%d>"), strings.Repeat("<p>x", 2000)
	open := "<p>" + bold + "</p>"
	var swaps strings.Builder
	swaps.WriteString(many(240, "<b a%d>"))
	for range 10 {
		swaps.WriteString(many(240, "<i a%d>") + strings.Repeat("</b>x", 240))
		swaps.WriteString(many(240, "<b a%d>") + strings.Repeat("</i>x", 240))
	}
	deep := strings.Repeat("<div>", 10)
	tests := map[string]string{
		"paragraphs":                        open + paragraphs,
		"misnested":                         swaps.String(),
		"misnested, and short":              many(250, "<b a%d>") + many(250, "<i a%d>") + strings.Repeat("</b>x", 250),
		"short":                             open + strings.Repeat("<p>x", 1000),
		"end tags in an object":             open + "<p><object>" + strings.Repeat("</b>", 400) + "</object>" + paragraphs,
		"end tags in a cell":                open + "<table><tr><td>" + strings.Repeat("</b>", 400) + "</td></tr></table>" + paragraphs,
		"end tags in CDATA":                 open + "<p><svg><![CDATA[>" + strings.Repeat("</b>", 400) + "]]></svg>" + paragraphs,
		"end tags in a description":         open + "<p><svg><desc><span></svg>" + strings.Repeat("</b>", 400) + "</span></desc></svg>" + paragraphs,
		"end tags in a style sheet":         "<p><svg>" + bold + "<style>" + strings.Repeat("</b>", 400) + "</style></p>" + paragraphs,
		"hidden in noscript":                "<noscript>" + bold + "</noscript>" + paragraphs,
		"hidden in a style sheet of an SVG": "<p><svg><style>" + bold + "</p>" + paragraphs,
		"closed from too deep":              "<div>" + many(400, "<b a%d>"+deep+"</b>"+strings.Repeat("</div>", 10)) + "</div>" + paragraphs,
		"forgotten in another order":        "<p>" + strings.Repeat("<b>", 3) + many(400, "<b a%d><b></b>") + "</p>" + paragraphs,
		"alike in and out of objects":       "<p>" + many(130, strings.Repeat("<b a%[1]d>", 3)+"<object>"+strings.Repeat("<b a%[1]d>", 3)+strings.Repeat("</b>", 3)+"</object>") + "</p>" + paragraphs,
	}
	for name, markup := range tests {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			cost.Within(t, limit, func() {
				_, _ = newCleaner(location{}, location{}).pass(markup)
				runtime.ReadMemStats(&after)
			})
			if got := after.TotalAlloc - before.TotalAlloc; got > memory {
				t.Errorf("%d bytes of markup took %d MiB", len(markup), got>>20)
			}
		})
	}
}

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// An article that forgets to close its formatting is no attack.
func TestSloppyFormattingIsKept(t *testing.T) {
	in := "<p>" + strings.Repeat("<b><i><font color=red>", 20) + "</p>" + strings.Repeat("<p>The ferry was late.</p>", 3000)
	if amplifies(in) {
		t.Error("it is taken for an attack")
	}
	if got := cleanTest(in); strings.Count(got, "<p>") != 3000 || !strings.HasPrefix(got, "<p><b>") {
		t.Errorf("the formatting is lost: %.200q", got)
	}
}

// Nor is one of many links, however they are set: what is closed is closed.
func TestManyLinksAreKept(t *testing.T) {
	for _, link := range []string{
		`<p><a href="/%d">x</a></p>`,
		`<p><a href="/%d"><b>x</a></b></p>`,
		`<p><a href="/%d">x</p>`,
		`<a href="/%d"><div><h2>x</h2><p>y<ul><li>z<li>z</ul></div></a>`,
		`<a href="/%d"><svg><g><path d="M0"/></g></svg>x</a>`,
		`<a href="/%d"><img src="/x"><noscript><img src="/x"></noscript></a><br>`,
		`<table><tr><td><a href="/%d">x</a></td><td><font size=%[1]d>y</font></td></tr></table>`,
		`<object><param name=a><a href="/%d">x</a></object><iframe src="/y"></iframe>`,
		`<li><a href="/%d">x</a><select><option>x</select><form><a href="/x%[1]d">y</a></form>`,
	} {
		if amplifies(many(8000, link)) {
			t.Errorf("many times %s is taken for an attack", link)
		}
	}
}

// T-20: no date puts an article where it does not belong: not on top of newer
// ones, and not among them only because nobody saw it before.
func TestOddDatesMoveNoArticle(t *testing.T) {
	const skew = 10 * time.Minute
	tests := []struct {
		name, date   string
		first, later time.Duration // where it stands, from the moment it was seen: on a first poll, and on a later one
		published    time.Duration
	}{
		{"1601", "1601-01-01T00:00:00Z", 0, 0, 0},
		{"1970", "Thu, 01 Jan 1970 00:00:00 GMT", 0, 0, 0},
		{"9999", "9999-12-31T23:59:59Z", 0, 0, 0},
		{"in an hour", "2026-03-01T13:00:00Z", 0, 0, 0},
		{"in five minutes", "2026-03-01T12:05:00Z", 0, 0, 5 * time.Minute},
		{"an hour ago", "2026-03-01T11:00:00Z", -time.Hour, 0, -time.Hour},
		{"forty days ago", "2026-01-20T12:00:00Z", -40 * 24 * time.Hour, -40 * 24 * time.Hour, -40 * 24 * time.Hour},
		{"no date", "", 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := makeTest(t, feed.Item{Title: feed.Plain("Rain"), Published: tt.date})
			if got := e.Published.Sub(seenTest); got != tt.published || got > skew {
				t.Errorf("published %s from when it was seen, want %s", got, tt.published)
			}
			own := e.Published
			if e.Undated {
				own = time.Time{}
			}
			for first, want := range map[bool]time.Duration{true: tt.first, false: tt.later} {
				at := feed.SortAt(first, own, seenTest)
				if got := at.Sub(seenTest); got != want || at.After(e.Published) && at.After(seenTest) {
					t.Errorf("it stands %s from when it was seen (first poll: %v), want %s", got, first, want)
				}
			}
		})
	}
}

// T-10: a mebibyte in any field costs little, and does not cost the article.
func TestAMebibyteInAnyFieldCostsLittle(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	const limit = time.Second // of every field at once
	for _, unit := range []string{"x", "../", "a@b.example (", "a/b; ", "=?utf-8?q?a?= ", "1:", "word ", "&amp;", "<b", "2026-", "en-", "\u202e", "%2e%2e/"} {
		item := everywhere(strings.Repeat(unit, (1<<20)/len(unit)))
		item.Summary, item.Content = feed.Plain("The ferry was late."), feed.Text{}
		in := Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest}
		var got Result
		var err error
		cost.Within(t, limit, func() {
			Identify(item)
			got, err = Make(in)
		})
		if err != nil || got.Entry.Summary != "The ferry was late." {
			t.Errorf("%q: %v", unit, err)
		}
	}
}
