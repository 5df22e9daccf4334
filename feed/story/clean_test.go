package story

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"broadsheet/feed"
)

func TestFurnitureIsNotText(t *testing.T) {
	const text = "The north basin took its first ship in eleven weeks on Tuesday, after divers had cleared the wreckage."
	tests := []struct{ name, content, want string }{
		{"a byline and a credit", "<p>By Lena Marsh</p><p>" + text + "</p><p>— Gulf Wire</p>", text},
		{"a date on a line of its own", "<p>Published: Wednesday 4 March 2026, 08.15</p><p>" + text + "</p>", text},
		{"a dateline", "<p>PORT VESSEL, March 4 (Gulf Wire) — " + text + "</p>", text},
		{"a dateline in a language without spaces", "<p>海湾社云溪3月4日电 港务局宣布恢复通航，首艘货轮清晨靠岸。</p>", "港务局宣布恢复通航，首艘货轮清晨靠岸。"},
		{"an agency in brackets", "<p>【白磯＝湾岸通信】北岸壁が十一週間ぶりに再開した。</p>", "北岸壁が十一週間ぶりに再開した。"},
		{"a box of links", "<p>" + text + "</p><h4>Related:</h4><ul><li>Five things to do</li><li>The ferry</li></ul>", text},
		{"a notice that is a sentence", "<p>" + text + "</p><p>© 2026 Estuary Post. All rights reserved.</p>", text},
		{"a caption", "<figure><img src=x><figcaption>The basin on Monday.</figcaption></figure><p>" + text + "</p>", text},
		{"results are text", "<p>" + text + "</p><p>Rivertown 3, Lakeside 1</p>", text + " | Rivertown 3, Lakeside 1"},
		{"a heading within", "<p>" + text + "</p><h2>Mending</h2><p>" + text + "</p>", text + " | Mending | " + text},
		{"a text that is nothing else", "<p>Source: Gulf Wire</p>", "Source: Gulf Wire"},
		{"mostly short lines", "<p>Barley</p><p>Wheat</p><p>Oats and rye</p><p>Done.</p>", "Barley | Wheat | Oats and rye | Done."},
	}
	for _, tt := range tests {
		lines, _ := trim(body(feed.Entry{Content: feed.HTML(tt.content)}))
		lines = slices.Clone(lines)
		lines[0], _ = dateline(lines[0])
		if got := strings.Join(lines, " | "); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestTheOutletIsNoPartOfATitle(t *testing.T) {
	tests := []struct{ title, outlet, want string }{
		{"Port Vessel reopens - Estuary Post", "Estuary Post", "Port Vessel reopens"},
		{"Port Vessel reopens | The Estuary", "The Estuary Post", "Port Vessel reopens"},
		{"Estuary Post: Port Vessel reopens", "Estuary Post", "Port Vessel reopens"},
		{"Port Vessel reopens - with cheers", "Estuary Post", "Port Vessel reopens - with cheers"},
		{"Port Vessel reopens", "", "Port Vessel reopens"},
	}
	for _, tt := range tests {
		if got := withoutOutlet(tt.title, tt.outlet); got != tt.want {
			t.Errorf("%q at %q: %q, want %q", tt.title, tt.outlet, got, tt.want)
		}
	}
}

func TestWordsInAnyScript(t *testing.T) {
	tests := []struct{ text, want string }{
		{"L’été, déjà!", "l ete deja"},
		{"22 000 meules, 4,7 millions, 1.800, ٣٤٥ و ۱۲", "#22000 meules #47 millions #1800 #345 و #12"},
		{"in 2025 300 people, 21:17", "in #2025 #300 people #21 #17"},
		{"covid19 3rd", "covid19 #3 rd"},
		{"محمّلة مـحـملة", "محملة محملة"},
		{"باغ\u200cها کی", "باغها كي"},
		{"载有一万八千吨", "载 有 一 万 八 千 =一万八千 吨"},
		{"一般に三人が", "一 般 に 三 =三 人 か"},
		{"ﾌｧｲﾙ Ａ１", "フ ァ イ ル a1"},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		words(tt.text, func(piece []byte, k kind) {
			got = append(got, map[kind]string{number: "#", figure: "="}[k]+string(piece))
		})
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestLinksOfOnePageAreEqual(t *testing.T) {
	same := []string{"https://paper.example/a/1", "http://www.paper.example/a/1/?utm_source=x", "https://m.paper.example/a/1#top",
		"https://amp.paper.example/a/1", "https://paper.example/a/1/amp/", "https://paper.example/a/1?outputType=amp"}
	for _, link := range same {
		if linkHash(link) != linkHash(same[0]) || linkHash(link) == 0 {
			t.Errorf("%s is not %s", link, same[0])
		}
	}
	for _, link := range []string{"https://paper.example/a/2", "https://other.example/a/1", "https://paper.example/a/1?id=7"} {
		if linkHash(link) == linkHash(same[0]) {
			t.Errorf("%s is %s", link, same[0])
		}
	}
	for _, none := range []string{"", "https://paper.example/", "http://paper.example", "mailto:desk@paper.example"} {
		if linkHash(none) != 0 {
			t.Errorf("%q names an article", none)
		}
	}
}

func TestOriginalsAndCopies(t *testing.T) {
	at := func(title, home string) feed.Channel { return feed.Channel{Title: feed.Plain(title), Link: home} }
	const text = "<p>The north basin took its first ship in eleven weeks on Tuesday, after divers had cleared it.</p>"
	tests := []struct {
		name string
		e    feed.Entry
		want bool
	}{
		{"its own", feed.Entry{Link: "https://news.gulf.example/1", Origin: at("Gulf Wire", "https://gulf.example/")}, true},
		{"its own with its own credit", feed.Entry{Link: "https://gulf.example/1", Origin: at("Gulf Wire", "https://gulf.example/"),
			Content: text + "<p>— Gulf Wire</p>"}, true},
		{"somebody else's credit", feed.Entry{Link: "https://post.example/1", Origin: at("Post", "https://post.example/"),
			Content: text + "<p>— Gulf Wire</p>"}, false},
		{"somebody else's dateline", feed.Entry{Link: "https://post.example/1", Origin: at("Post", "https://post.example/"),
			Content: "<p>ARDEN (Gulf Wire) — " + feed.HTML(text[len("<p>"):])}, false},
		{"a link elsewhere", feed.Entry{Link: "https://gulf.example/1", Origin: at("Links", "https://links.example/")}, false},
		{"a feed on another host", feed.Entry{Link: "https://gulf.example/1",
			Origin: feed.Channel{Link: "https://www.gulf.example/", Self: "https://feeds.example/gulf"}}, true},
		{"a page that names another address", feed.Entry{Link: "https://post.example/1", Canonical: "https://gulf.example/1", Origin: at("Post", "https://post.example/")}, false},
		{"no link", feed.Entry{Origin: at("Gulf", "https://gulf.example/")}, false},
	}
	for _, tt := range tests {
		if got := Draw(tt.e).Original; got != tt.want {
			t.Errorf("%s: original is %v", tt.name, got)
		}
	}
}

// TestTheRules are the rules that a person may ask about, each by one change of a pair
// that is the same.
func TestTheRules(t *testing.T) {
	const title = "Port Vessel reopens its north basin"
	text := "The north basin of Port Vessel took its first ship in eleven weeks on Tuesday, after divers finished clearing " +
		"the wreckage that the January storms had left. "
	const more = "The harbour office said that a bulk carrier loaded with barley was guided in by tugs shortly after dawn, and that " +
		"another vessel was expected before the evening tide. Repairs to the outer mole are not finished, and larger ships will " +
		"have to wait outside whenever the wind is strong. The closure had cost the town dearly, according to the chamber of trade."
	base := func(source string) feed.Entry {
		return feed.Entry{Title: title, Summary: text, Language: "en-GB", Published: dawn,
			Link: "https://" + source + ".example/1", Origin: feed.Channel{Link: "https://" + source + ".example/"}}
	}
	tests := []struct {
		name   string
		one    bool
		change func(a, b *feed.Entry)
		want   Match
	}{
		{"nothing", false, func(a, b *feed.Entry) {}, Text},
		{"another dialect", false, func(a, b *feed.Entry) { b.Language = "en-US" }, Text},
		{"no language", false, func(a, b *feed.Entry) { b.Language = "" }, Text},
		{"another language", false, func(a, b *feed.Entry) { b.Language = "fr" }, No},
		{"two days later", false, func(a, b *feed.Entry) { b.Published = dawn.AddDate(0, 0, 2) }, Text},
		{"four days earlier", false, func(a, b *feed.Entry) { b.Published = dawn.AddDate(0, 0, -4) }, No},
		{"a number in one title", false, func(a, b *feed.Entry) { b.Title = "Update 2: " + title }, Text},
		{"other numbers in the titles", false, func(a, b *feed.Entry) { a.Title, b.Title = title+", part 1", title+", part 2" }, No},
		{"another number in the text", false, func(a, b *feed.Entry) { b.Summary = strings.ReplaceAll(text, "eleven", "twelve") }, No},
		{"a number written otherwise", false, func(a, b *feed.Entry) { b.Summary = strings.ReplaceAll(text, "eleven", "11") }, Text},
		{"six words", false, func(a, b *feed.Entry) {
			a.Summary, b.Summary = "Work for everybody on the quays.", "Work for everybody on the quays."
		}, No},
		{"a headline turned round over a long text", false, func(a, b *feed.Entry) {
			a.Summary, b.Summary, b.Title = text+more, text+more, "North basin of Port Vessel opens again"
		}, Text},
		{"a headline turned round over a short text", false, func(a, b *feed.Entry) { b.Title = "North basin of Port Vessel opens again" }, No},
		{"one pattern of title over a long text", false, func(a, b *feed.Entry) {
			a.Summary, b.Summary = text+more, text+more
			a.Title, b.Title = "Notice of the harbour office: crane drivers", "Notice of the harbour office: customs"
		}, No},
		{"no text", false, func(a, b *feed.Entry) { b.Summary = "" }, No},
		{"a new beginning", false, func(a, b *feed.Entry) { b.Summary = "Nobody saw it coming, least of all the gulls. " + text }, No},
		{"one source, two links", true, func(a, b *feed.Entry) {}, No},
		{"one source, one link", true, func(a, b *feed.Entry) { b.Link = a.Link }, Link},
		{"one source, one link, another text", true, func(a, b *feed.Entry) { b.Link, b.Summary = a.Link, text+"Nobody was hurt, and the tugs are back." }, No},
		{"one source, one link, another title", true, func(a, b *feed.Entry) { b.Link, b.Title = a.Link, "Weather" }, No},
		{"one link, a year later", false, func(a, b *feed.Entry) { b.Link, b.Published = a.Link, dawn.AddDate(1, 0, 0) }, Link},
		{"one link, pointed at without a word", false, func(a, b *feed.Entry) { b.Link, b.Summary = a.Link, "Comments" }, Link},
		{"one link, another title", false, func(a, b *feed.Entry) { b.Link, b.Title, b.Summary = a.Link, "A fine day", "" }, No},
		{"one link, somebody else's words", false, func(a, b *feed.Entry) {
			b.Link, b.Summary = a.Link, "I like this, and so will you, if you love ships as I do."
		}, No},
		{"one link, quoted", false, func(a, b *feed.Entry) {
			b.Link, b.Summary = a.Link, text+"I like this, and so will you, if you love ships."
		}, No},
		{"one link, its own site in other words", false, func(a, b *feed.Entry) {
			b.Link, b.Origin, b.Summary = a.Link, a.Origin, "After eleven weeks there is work again for everybody on the quays."
		}, Link},
		{"one link, a part of it quoted", false, func(a, b *feed.Entry) {
			b.Link, a.Summary, b.Summary = a.Link, text+more, "My friends in Port Vessel write to me: "+text+more[:strings.Index(more, "Repairs")]
		}, No},
		{"one link, its own site in other words, a year later", false, func(a, b *feed.Entry) {
			b.Link, b.Origin, b.Summary = a.Link, a.Origin, "After eleven weeks there is work again for everybody on the quays."
			b.Published = dawn.AddDate(1, 0, 0)
		}, No},
		{"one link, another long text", false, func(a, b *feed.Entry) {
			b.Link, b.Origin, a.Summary, b.Summary = a.Link, a.Origin, text+more, wordsBackwards(text+more)
		}, No},
		{"the home page", false, func(a, b *feed.Entry) { a.Link, b.Link, b.Summary = "https://x.example/", "https://x.example/", "" }, No},
	}
	for _, tt := range tests {
		a, b := base("ledger"), base("post")
		tt.change(&a, &b)
		for range 2 {
			if m, why := Same(Draw(a), Draw(b), tt.one); m != tt.want || why == "" {
				t.Errorf("%s: %v, %s", tt.name, m, why)
			}
			a, b = b, a
		}
	}
}

// wordsBackwards is another text of the same words.
func wordsBackwards(s string) string {
	w := strings.Fields(s)
	slices.Reverse(w)
	return strings.Join(w, " ")
}

func ExampleSame() {
	text := "The north basin of Port Vessel took its first ship in eleven weeks on Tuesday."
	wire := Draw(feed.Entry{Title: "Port Vessel reopens its north basin", Summary: text, Published: dawn, Link: "https://wire.example/1"})
	copied := Draw(feed.Entry{Title: "Port Vessel reopens its north basin | Post", Summary: "ARDEN (Wire) — " + text,
		Published: dawn, Link: "https://post.example/7"})
	_, why := Same(wire, copied, false)
	fmt.Println(why)
	// Output: they have the same title and text
}
