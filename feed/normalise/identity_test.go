package normalise

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

const longText = "The harbour master said on Tuesday that the ferry would run again from Friday, an hour late."

// What these cases give is stored with every article. If one of them fails, every
// article would be announced again: change the code, never the case.
func TestIdentifyIsTheSameForEver(t *testing.T) {
	text := feed.Text{Value: "<p>" + longText + "</p>"}
	const textHash = "008ba34265c65bd47af0ed5e5d6c9651"
	tests := []struct {
		name string
		item feed.Item
		want feed.Identity
	}{
		{"an id, a link and a text",
			feed.Item{ID: "Tag:1 ", Title: feed.Text{Value: "The <b>Ferry</b>"}, Content: text, Links: link("http://Paper.example:80/Rain/?utm_source=rss&a=1#top")},
			feed.Identity{Original: "Tag:1 ", Hash: "cbcb71be038389622ac64de2998ee7aa", Keys: []feed.Key{
				{Kind: feed.KeyGUID, Value: "Tag:1 "}, {Kind: feed.KeyLink, Value: "https://paper.example/Rain?a=1"}, {Kind: feed.KeyText, Value: textHash},
			}}},
		{"the id 0 is an id", feed.Item{ID: "0"}, feed.Identity{Original: "0", Keys: []feed.Key{{Kind: feed.KeyGUID, Value: "0"}}}},
		{"white space is none", feed.Item{ID: " \n", Links: link("https://paper.example/a")}, feed.Identity{Original: "https://paper.example/a", Keys: []feed.Key{{Kind: feed.KeyLink, Value: "https://paper.example/a"}}}},
		{"a template's nothing is none", feed.Item{ID: "null", Links: link("https://paper.example/a")}, feed.Identity{Original: "https://paper.example/a", Keys: []feed.Key{{Kind: feed.KeyLink, Value: "https://paper.example/a"}}}},
		{"an id is the link, if it says so", feed.Item{ID: "http://paper.example/a/", Permalink: true}, feed.Identity{Original: "http://paper.example/a/", Keys: []feed.Key{{Kind: feed.KeyGUID, Value: "http://paper.example/a/"}, {Kind: feed.KeyLink, Value: "https://paper.example/a"}}}},
		{"a relative link", feed.Item{Base: "https://paper.example/x/", Links: link("../a")}, feed.Identity{Original: "https://paper.example/a", Keys: []feed.Key{{Kind: feed.KeyLink, Value: "https://paper.example/a"}}}},
		{"an anchor counts if there is no id", feed.Item{Links: link("https://paper.example/log#v1.2")}, feed.Identity{Original: "https://paper.example/log#v1.2", Keys: []feed.Key{{Kind: feed.KeyLink, Value: "https://paper.example/log#v1.2"}}}},
		{"an anchor does not count beside an id", feed.Item{ID: "1", Links: link("https://paper.example/log#v1.2")}, feed.Identity{Original: "1", Keys: []feed.Key{{Kind: feed.KeyGUID, Value: "1"}, {Kind: feed.KeyLink, Value: "https://paper.example/log"}}}},
		{"a file, if there is nothing else", feed.Item{Enclosures: []feed.Enclosure{{URL: "http://paper.example/a.mp3"}}}, feed.Identity{Original: "https://paper.example/a.mp3", Keys: []feed.Key{{Kind: feed.KeyLink, Value: "https://paper.example/a.mp3"}}}},
		{"a short text is a key only if there is no other", feed.Item{Title: feed.Plain("Morning briefing")}, feed.Identity{Original: "2546c7d20c8dac3997d1d494bfee3371", Keys: []feed.Key{{Kind: feed.KeyText, Value: "2546c7d20c8dac3997d1d494bfee3371"}}}},
		{"beside an id it is a brief one", feed.Item{ID: "1", Title: feed.Plain("Morning briefing")}, feed.Identity{Original: "1", Keys: []feed.Key{{Kind: feed.KeyGUID, Value: "1"}, {Kind: feed.KeyBrief, Value: "2546c7d20c8dac3997d1d494bfee3371"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Identify(tt.item)
			if got.Hash == "" || got.Original == "" {
				t.Error("there must be an original and a hash")
			}
			if tt.want.Hash == "" {
				got.Hash = ""
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// T-22: where guids, or links too, are made anew with every answer, the rest of
// an item is what it is recognised by, and its hash does not move with them.
func TestIdentityWithoutWhatIsNoID(t *testing.T) {
	item := func(id, href string) feed.Item {
		return feed.Item{ID: id, Title: feed.Plain("Ferry"), Content: feed.Plain(longText), Links: link(href)}
	}
	kinds := func(id feed.Identity) (out []feed.KeyKind) {
		for _, k := range id.Keys {
			out = append(out, k.Kind)
		}
		return out
	}
	tests := []struct {
		by   feed.KeyKind
		item feed.Item
		want []feed.KeyKind
	}{
		{"", item("1", "https://paper.example/a"), []feed.KeyKind{feed.KeyGUID, feed.KeyLink, feed.KeyText}},
		{feed.KeyGUID, item("1", "https://paper.example/a"), []feed.KeyKind{feed.KeyGUID, feed.KeyLink, feed.KeyText}},
		{feed.KeyLink, item("1", "https://paper.example/a"), []feed.KeyKind{feed.KeyLink, feed.KeyText}},
		{feed.KeyText, item("1", "https://paper.example/a"), []feed.KeyKind{feed.KeyText}},
		{feed.KeyText, feed.Item{ID: "1"}, []feed.KeyKind{feed.KeyGUID}},
	}
	for _, tt := range tests {
		got := IdentifyBy(tt.item, tt.by)
		if diff := cmp.Diff(tt.want, kinds(got)); diff != "" || got.Original != got.Keys[0].Value {
			t.Errorf("by %q, original %q (-want +got):\n%s", tt.by, got.Original, diff)
		}
	}
	a, b := item("1", "https://paper.example/a"), item("2", "https://paper.example/a")
	c := item("3", "https://paper.example/b")
	if IdentifyBy(a, feed.KeyLink).Hash != IdentifyBy(b, feed.KeyLink).Hash || IdentifyBy(a, feed.KeyText).Hash != IdentifyBy(c, feed.KeyText).Hash {
		t.Error("what is no id moves the hash")
	}
	if IdentifyBy(a, feed.KeyLink).Hash == IdentifyBy(c, feed.KeyLink).Hash {
		t.Error("a link that is an id does not move the hash")
	}
}

func link(href string) []feed.Link { return []feed.Link{{Rel: "alternate", Href: href}} }

func TestTextKeyIsBlindToMarkup(t *testing.T) {
	want, _ := textKey(feed.Item{Title: feed.Plain("Café am Fluß"), Content: feed.Plain(longText)})
	for _, item := range []feed.Item{
		{Title: feed.Text{Value: "CAFÉ am Fluß!"}, Content: feed.Text{Value: feed.RawHTML("<div class=x>" + strings.ReplaceAll(longText, " ", "\n ") + "<script>x<y</script></div>")}},
		{Title: feed.Text{Kind: feed.TextHTML, Value: "Caf&eacute; am <i>Fluß</i>"}, Summary: feed.Text{Value: longText}},
		{Title: feed.Text{Value: "Cafe\u0301 am Fluß"}, Content: feed.Text{Value: "<!-- a > b --><style>p>a{}</style>" + longText}},
	} {
		if got, enough := textKey(item); got != want || !enough {
			t.Errorf("textKey(%+v) = %q, want %q", item, got, want)
		}
	}
	if got, _ := textKey(feed.Item{Title: feed.Plain("Café am Fluß"), Content: feed.Plain(longText + " More.")}); got == want {
		t.Error("another text has the same key")
	}
}

func TestHashIsOfEverythingButTheChannel(t *testing.T) {
	item := feed.Item{ID: "1", Title: feed.Plain("a"), Channel: feed.Channel{Updated: "x"}}
	hash := Identify(item).Hash
	item.Channel.Updated = "y"
	if Identify(item).Hash != hash {
		t.Error("the channel changes the hash")
	}
	item.CommentCount++
	if Identify(item).Hash == hash {
		t.Error("another field does not change the hash")
	}
}

// T-23: the forms in which one link is written.
func TestCanonicalLinksAreEqualWhereThePageIsTheSame(t *testing.T) {
	tests := []struct{ name, a, b string }{
		{"scheme", "http://paper.example/a", "https://paper.example/a"},
		{"host", "https://PAPER.example/a", "https://paper.example/a"},
		{"an international name", "https://bücher.example/a", "https://xn--bcher-kva.example/a"},
		{"port", "https://paper.example:443/a", "http://paper.example:80/a"},
		{"fragment", "https://paper.example/a#comments", "https://paper.example/a"},
		{"slash", "https://paper.example/a/", "https://paper.example/a"},
		{"the front page", "https://paper.example", "https://paper.example/"},
		{"tracking", "https://paper.example/a?utm_source=rss&utm_medium=x&fbclid=1", "https://paper.example/a"},
		{"tracking among others", "https://paper.example/a?id=1&UTM_source=rss&b=2", "https://paper.example/a?id=1&b=2"},
		{"tracking, twice escaped", "https://paper.example/a?id=1&amp;utm_source=rss", "https://paper.example/a?id=1"},
		{"escapes", "https://paper.example/%7ejo/caf%c3%a9", "https://paper.example/~jo/café"},
		{"dots", "https://paper.example/x/../a/./b", "https://paper.example/a/b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := canonicalText(t, tt.a), canonicalText(t, tt.b)
			if a != b {
				t.Errorf("%q and %q differ", a, b)
			}
		})
	}
	for _, s := range []string{"https://paper.example/a?id=2", "https://paper.example/A?id=1", "https://paper.example/a", "https://www.paper.example/a?id=1", "https://paper.example/#!/a", "https://paper.example/#/b"} {
		if canonicalText(t, s) == canonicalText(t, "https://paper.example/a?id=1") {
			t.Errorf("%q is taken for another page", s)
		}
	}
}

func TestOnlyPagesHaveACanonicalLink(t *testing.T) {
	for link, want := range map[string]string{
		"http://Paper.example/a/?utm_source=x#top": "https://paper.example/a",
		"//paper.example/a":                        "https://paper.example/a",
		"/a":                                       "",
		"mailto:desk@paper.example":                "",
		"":                                         "",
	} {
		if got := CanonicalLink(link); got != want {
			t.Errorf("%q is %q, want %q", link, got, want)
		}
	}
}

func canonicalText(t *testing.T, s string) string {
	t.Helper()
	l, ok := absolute(s)
	if !ok {
		t.Fatalf("%q is no URL", s)
	}
	return canonical(l, false)
}

func TestIDsKeepAnAbsoluteIRIAndMintTheRest(t *testing.T) {
	tests := []struct {
		name, original string
		kept           bool
	}{
		{"a web address", "https://paper.example/a?b=1&c=(2)#d", true},
		{"a web address without a path", "http://paper.example", true},
		{"upper case is kept", "HTTP://Paper.example/A", true},
		{"escapes", "https://paper.example/caf%C3%A9", true},
		{"a broken escape", "https://paper.example/100%", false},
		{"an IRI", "https://paper.example/café/été", true},
		{"an IRI with a label that is too long", "https://paper.example/" + strings.Repeat("é", 60), false},
		{"an address in brackets", "http://[2001:db8::1]/a", true},
		{"brackets elsewhere", "https://paper.example/a[1]", false},
		{"no host", "http:///a", false},
		{"no slashes", "http:paper.example", false},
		{"a port without a host", "http://:80/a", false},
		{"a host with a space", "http://pa per.example/", false},
		{"a space", "https://paper.example/a b", false},
		{"a space at the end", "https://paper.example/a ", false},
		{"brackets", "https://paper.example/<a>", false},
		{"a quote", `https://paper.example/"a"`, false},
		{"braces", "https://paper.example/{guid}", false},
		{"a bar", "https://paper.example/a|b", false},
		{"a backslash", `https://paper.example\a`, false},
		{"a caret and a backtick", "https://paper.example/^`", false},
		{"two fragments", "https://paper.example/#a#b", false},
		{"a control character", "https://paper.example/\x01", false},
		{"bytes that are no UTF-8", "https://paper.example/\xff", false},
		{"a mark of direction", "https://paper.example/\u202e", false},
		{"a tag", "tag:paper.example,2020-01-02:a/b", true},
		{"a tag with a name", "tag:jo@paper.example,2020:a", true},
		{"a tag without a date", "tag:paper.example:a", false},
		{"a tag in upper case", "tag:Paper.example,2020:a", false},
		{"a tag from a well-known blog maker", "tag:blogger.example,1999:blog-1.post-2", true},
		{"a UUID", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", true},
		{"half a UUID", "urn:uuid:f81d4fae", false},
		{"a URN", "urn:isbn:0451450523", true},
		{"a URN with a slash", "urn:x-news:a/b", false},
		{"a URN without a name", "urn:isbn:", false},
		{"a scheme of the publisher's own", "yt:video:abc-123", true},
		{"a DOI", "doi:10.1000/182", true},
		{"a script", "javascript:alert(1)", false},
		{"a number", "12345", false},
		{"a path", "/a/b", false},
		{"a host", "paper.example/a", false},
		{"a title with a colon", "Rain: more of it", false},
		{"nothing", "", false},
		{"far too long", "https://paper.example/" + strings.Repeat("a", maxID), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := IDs("news.example", "wire", tt.original)
			last := got[len(got)-1]
			if last != feed.Mint("news.example", "wire", tt.original) {
				t.Errorf("the last candidate is %q", last)
			}
			if kept := len(got) == 2 && got[0] == tt.original; kept != tt.kept || len(got) > 2 {
				t.Errorf("IDs(%q) = %q", tt.original, got)
			}
		})
	}
}

func TestRecipeChangesWithTheSettingsThatMakeUses(t *testing.T) {
	base := feed.Outlet{Name: "wire", Feeds: []feed.Subscription{{URL: "https://wire.example/a"}}}
	seen := map[string]string{Recipe(base, nil, nil): "as it was"}
	for name, change := range map[string]func(*feed.Outlet){
		"title":          func(o *feed.Outlet) { o.Title = "x" },
		"link":           func(o *feed.Outlet) { o.Link = "x" },
		"image":          func(o *feed.Outlet) { o.Image = "x" },
		"language":       func(o *feed.Outlet) { o.Language = "x" },
		"rights":         func(o *feed.Outlet) { o.Rights = "x" },
		"categories":     func(o *feed.Outlet) { o.Categories = []string{"x"} },
		"two categories": func(o *feed.Outlet) { o.Categories = []string{"x", "y"} },
		"feed categories": func(o *feed.Outlet) {
			o.Feeds = []feed.Subscription{{URL: "https://wire.example/a", Categories: []string{"x"}}}
		},
	} {
		o := base
		change(&o)
		r := Recipe(o, nil, nil)
		if other, ok := seen[r]; ok {
			t.Errorf("%s gives the same recipe as %s", name, other)
		}
		seen[r] = name
	}
	if Recipe(base, time.FixedZone("x", 60), nil) == Recipe(base, nil, nil) {
		t.Error("the zone does not count")
	}
	same := base
	same.Name, same.Paused, same.Rank, same.Note = "other", true, 3, "x"
	if Recipe(base, nil, NewVocabulary([]string{"Trade"})) == Recipe(base, nil, nil) || Recipe(base, nil, NewVocabulary(nil)) != Recipe(base, nil, nil) {
		t.Error("the names that rules ask for are part of the recipe, and no names are none")
	}
	if Recipe(same, time.UTC, nil) != Recipe(base, nil, nil) {
		t.Error("a setting that Make does not use counts")
	}
}

func BenchmarkIdentify(b *testing.B) {
	item := benchItem()
	b.ReportAllocs()
	for b.Loop() {
		Identify(item)
	}
}
