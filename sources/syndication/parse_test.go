package syndication

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"

	"broadsheet/feed"
)

func TestWhatIsNoFeedIsRefusedInPlainWords(t *testing.T) {
	tests := []struct {
		name, body string
		kind       feed.Kind
		want       string
	}{
		{"nothing", "", feed.KindEmpty, "the answer is empty"},
		{"space and a byte order mark", "\xEF\xBB\xBF \n\t", feed.KindEmpty, "the answer is empty"},
		{"a web page", "<!DOCTYPE html>\n<html><body>hello</body></html>", feed.KindNotFeed, "this is a web page, not a feed"},
		{"a web page without a doctype", "<!-- x --><HTML><p>hello", feed.KindNotFeed, "this is a web page, not a feed"},
		{"an XHTML page", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, feed.KindNotFeed, "this is a web page, not a feed"},
		{"a piece of a page", "<div>Log in <rs></div>", feed.KindNotFeed, "this is a web page, not a feed"},
		{"an OPML list", `<?xml version="1.0"?><opml version="2.0"><body/></opml>`, feed.KindNotFeed, "this is an OPML list, not a feed"},
		{"a sitemap", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`, feed.KindNotFeed, "this is a sitemap, not a feed"},
		{"other XML", "<?xml version='1.0'?><soap:Envelope/>", feed.KindNotFeed, `this is not a feed: it begins with "<?xml version='1.0'?><soap:Envelope/>"`},
		{"a name that is none", "<0:RDF", feed.KindNotFeed, `this is not a feed: it begins with "<0:RDF"`},
		{"words", "503 Service\n\tUnavailable, please come back later and bring tea", feed.KindNotFeed, `this is not a feed: it begins with "503 Service Unavailable, please come bac"`},
		{"a picture", "\x89PNG\r\n\x1a\n", feed.KindNotFeed, "this is a picture, not a feed"},
		{"an image of another sort", "\x7FELF\x02", feed.KindNotFeed, `this is not a feed: it begins with "\x7fELF"`},
		{"other JSON", `{"posts": []}`, feed.KindNotFeed, "this is JSON, but not a feed"},
		{"an error in JSON", `{"error": "not\tfound \u001b[31m\u202e"}`, feed.KindNotFeed, `this is an error message in JSON, not a feed: "not\tfound [31m\u202e"`},
		{"an error in JSON, as an object", `{"error": {"code": 401, "message": "The key is not valid"}}`, feed.KindNotFeed, `this is an error message in JSON, not a feed: "The key is not valid"`},
		{"a list of errors in JSON", `{"errors": [{"code": 7, "message": "Over quota"}]}`, feed.KindNotFeed, `this is an error message in JSON, not a feed: "Over quota"`},
		{"a problem in JSON (RFC 9457)", `{"type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no such list"}`, feed.KindNotFeed, `this is an error message in JSON, not a feed: "There is no such list"`},
		{"a code and a message in JSON", `{"code": "rest_no_route", "message": "No route", "data": {"status": 404}}`, feed.KindNotFeed, `this is an error message in JSON, not a feed: "No route"`},
		{"an error in JSON without words", `{"error": true}`, feed.KindNotFeed, `this is an error message in JSON, not a feed`},
		{"no error in JSON", `{"error": null, "title": "Not a list"}`, feed.KindNotFeed, "this is JSON, but not a feed"},
		{"a JSON list", `[1, 2]`, feed.KindNotFeed, "this is JSON, but not a feed"},
		{"a curly brace", `{{ template }}`, feed.KindNotFeed, `this is not a feed: it begins with "{{ template }}"`},
		{"a JSON feed without items", `{"version": "https://jsonfeed.org/version/1.1"}`, feed.KindMalformed, "the feed has no list of items"},
		{"a JSON feed cut off", `{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"`, feed.KindMalformed, "the feed is not valid JSON: unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Parse([]byte(tt.body), Input{URL: from})
			var refusal *feed.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("it was read: %+v", doc)
			}
			if refusal.Kind != tt.kind || refusal.Sentence() != tt.want {
				t.Errorf("%s: %s\nwant %s: %s", refusal.Kind, refusal.Sentence(), tt.kind, tt.want)
			}
		})
	}
}

// A feed of one word in an encoding, declared or not.
func encoded(declared, word string, enc func(string) string) []byte {
	decl := "<?xml version=\"1.0\"?>"
	if declared != "" {
		decl = `<?xml version="1.0" encoding="` + declared + `"?>`
	}
	return []byte(enc(decl + `<rss version="2.0"><channel><title>` + word + `</title><item><guid>1</guid></item></channel></rss>`))
}

func TestCharactersAreThoseThatTheSourceMeant(t *testing.T) {
	utf8 := func(s string) string { return s }
	latin := func(s string) string { return must(charmap.Windows1252.NewEncoder().String(s)) }
	koi := func(s string) string { return must(charmap.KOI8R.NewEncoder().String(s)) }
	sjis := func(s string) string { return must(japanese.ShiftJIS.NewEncoder().String(s)) }
	gbk := func(s string) string { return must(simplifiedchinese.GBK.NewEncoder().String(s)) }
	tests := []struct {
		name        string
		body        []byte
		contentType string
		want        string
		warned      bool
	}{
		{"UTF-8 by default", encoded("", "Grüße", utf8), "text/xml", "Grüße", false},
		{"UTF-8 with a byte order mark that beats the declaration", encoded("iso-8859-1", "Grüße", func(s string) string { return "\uFEFF" + s }), "", "Grüße", false},
		{"UTF-16, little end first", encoded("utf-16", "Grüße 😀", wide(binary.LittleEndian, "\uFEFF")), "", "Grüße 😀", false},
		{"UTF-16, big end first", encoded("utf-16", "Grüße 😀", wide(binary.BigEndian, "\uFEFF")), "", "Grüße 😀", false},
		{"UTF-16 without a mark", encoded("", "Grüße", wide(binary.LittleEndian, "")), "", "Grüße", false},
		{"UTF-32", encoded("", "Grüße", func(s string) string {
			out := []byte{0, 0, 0xFE, 0xFF}
			for _, r := range s {
				out = binary.BigEndian.AppendUint32(out, uint32(r))
			}
			return string(out)
		}), "", "Grüße", false},
		{"declared in the document", encoded("koi8-r", "Привет", koi), "", "Привет", false},
		{"the server's word goes before the document's", encoded("utf-8", "Привет", koi), `text/xml; charset="koi8-r"`, "Привет", false},
		{"us-ascii is a default that servers add", encoded("koi8-r", "Привет", koi), "text/xml; charset=us-ascii", "Привет", false},
		{"Japanese", encoded("Shift_JIS", "新聞", sjis), "", "新聞", false},
		{"nothing declared and not UTF-8", encoded("", "Grüße – “so”", latin), "", "Grüße – “so”", true},
		{"UTF-8 declared, but it is not", encoded("utf-8", "Grüße", latin), "", "Grüße", true},
		{"another one declared, but it is UTF-8", encoded("iso-8859-1", "Grüße", utf8), "", "Grüße", true},
		{"the server is wrong, the bytes are UTF-8", encoded("utf-8", "Grüße", utf8), "text/xml; charset=iso-8859-1", "Grüße", true},
		{"Chinese declared, but it is UTF-8", encoded("gb2312", "新聞記者在這裡工作", utf8), "", "新聞記者在這裡工作", true},
		{"two Chinese characters that UTF-8 could be, too", encoded("gbk", "联通", gbk), "", "联通", false},
		{"an encoding that does not exist", encoded("x-mars", "Grüße", utf8), "", "Grüße", true},
		{"UTF-7 is never believed", encoded("utf-7", "+ADw-script+AD4-", utf8), "", "+ADw-script+AD4-", true},
		{"UTF-16 declared in single bytes", encoded("utf-16", "plain", utf8), "", "plain", true},
		{"mostly UTF-8 with a stray byte", encoded("utf-8", "Grüße, Grüße \x93so", utf8), "", "Grüße, Grüße “so", true},
		{"control characters", encoded("", "a\x01b\x00c\uFFFEd", utf8), "", "abcd", true},
		{"references to characters that do not exist", encoded("", "a&#0;b&#x1F;c&#xD800;d&#x110000;e&#99999999999;", utf8), "", "abcde&#99999999999;", true},
		{"references to windows-1252", encoded("", "&#147;so&#148;", utf8), "", "“so”", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Parse(tt.body, Input{URL: from, ContentType: tt.contentType})
			if err != nil {
				t.Fatal(err)
			}
			if got := string(doc.Header.Title.Value); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if warned := len(doc.Warnings) > 0; warned != tt.warned {
				t.Errorf("warnings: %v", doc.Warnings)
			}
		})
	}
}

func wide(order binary.AppendByteOrder, mark string) func(string) string {
	return func(s string) string {
		var out []byte
		for _, u := range utf16.Encode([]rune(mark + s)) {
			out = order.AppendUint16(out, u)
		}
		return string(out)
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func TestReferencesResolveAsInABrowser(t *testing.T) {
	const base = "http://gulf.example/a/b.xml?x"
	tests := []struct{ base, ref, want string }{
		{base, "c", "http://gulf.example/a/c"},
		{base, "../c d", "http://gulf.example/c%20d"},
		{base, "//north.example/é", "http://north.example/%C3%A9"},
		{base, "?y=1", "http://gulf.example/a/b.xml?y=1"},
		{base, "#f", "http://gulf.example/a/b.xml?x#f"},
		{base, " http://North.example/%7e \n", "http://North.example/%7e"},
		{base, "mailto:x@gulf.example", "mailto:x@gulf.example"},
		{base, "tag:gulf.example,2026:1", "tag:gulf.example,2026:1"},
		{base, "", ""},
		{base, "%zz", "%zz"},
		{base, "://", "://"},
		{base, "a:b c", "a:b c"},
		{"", "c", "c"},
		{"urn:x", "c", "c"},
	}
	for _, tt := range tests {
		if got := resolve(tt.base, tt.ref); got != tt.want {
			t.Errorf("resolve(%q, %q) = %q, want %q", tt.base, tt.ref, got, tt.want)
		}
	}
}

func TestRelativeTextIsReadOnThePageItStandsOn(t *testing.T) {
	const site = "https://gulf.example/"
	tests := []struct{ name, link, want string }{
		{"the article's own page", "https://www.gulf.example/2026/1", "https://www.gulf.example/2026/1"},
		{"somebody else's page", "https://north.example/x", site},
		{"a counting service", "http://count.example/~r/1", site},
		{"no page", "", site},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var links []feed.Link
			if tt.link != "" {
				links = []feed.Link{{Rel: "alternate", Href: tt.link}}
			}
			if got := ownPage(links, site); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestDurationsAreReadInEveryNotation(t *testing.T) {
	tests := map[string]string{
		"90": "1m30s", "1:30": "1m30s", "01:01:30": "1h1m30s", " 90.5 ": "1m30.5s", "0": "0s", "": "0s",
		"PT5M": "0s", "1:2:3:4": "0s", "-5": "0s", "1e99": "0s", "NaN": "0s", "about an hour": "0s",
		"99999:59:59": "0s",
	}
	for in, want := range tests {
		if got := seconds(in).String(); got != want {
			t.Errorf("seconds(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestHintsThatMakeNoSenseAreNone(t *testing.T) {
	for in, want := range map[string]string{
		"60": "1h0m0s", " 5 ": "5m0s", "": "0s", "0": "0s", "-1": "0s", "1.5": "0s", "an hour": "0s", "99999999": "0s",
	} {
		if got := ttl(in).String(); got != want {
			t.Errorf("ttl(%q) = %s, want %s", in, got, want)
		}
	}
	everyHour := strings.Split("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23", " ")
	if got := skipHours(everyHour); got != nil {
		t.Errorf("a feed that is never to be asked: %v", got)
	}
	week := []string{"Monday", "tuesday", "WEDNESDAY", "Thursday", "Friday", "Saturday", "Sunday"}
	if got := skipDays(week); got != nil {
		t.Errorf("a feed that is never to be asked: %v", got)
	}
}

func TestTheServersLinksGoBeforeTheDocuments(t *testing.T) {
	body := `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>
		<atom:link rel="self" href="http://gulf.example/own"/><atom:link rel="hub" href="http://hub.example/2"/>
		<item><guid>1</guid></item></channel></rss>`
	doc, err := Parse([]byte(body), Input{URL: from, Links: []feed.Link{
		{Rel: "hub", Href: "http://hub.example/1"}, {Rel: "self", Href: "http://gulf.example/header"},
		{Rel: "next", Href: "http://gulf.example/next"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	h := doc.Header
	if diff := cmp.Diff([]string{"http://hub.example/1"}, h.Hubs); diff != "" {
		t.Error("WebSub §4: what is embedded counts in the absence of Link headers only:", diff)
	}
	if h.Self != "http://gulf.example/header" || h.Next != "http://gulf.example/next" || doc.Items[0].Channel.Self != h.Self {
		t.Errorf("self %q, next %q, the item's channel %q", h.Self, h.Next, doc.Items[0].Channel.Self)
	}
}
