package publish

import (
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

func TestPublicURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?y=1&z=%20#f": "https://a.example/x?y=1&z=%20#f",
		"HTTP://a.example/x":              "HTTP://a.example/x", // is one as it is
		"https://a.example":               "https://a.example/",
		"https://a.example?q":             "https://a.example/?q",
		" https://a.example/x ":           "https://a.example/x",
		"https://u:p@a.example/x":         "https://a.example/x",
		"https://é.example/ü?ß=ä b#ö":     "https://xn--9ca.example/%C3%BC?%C3%9F=%C3%A4%20b#%C3%B6",
		"https://a.example/a|b?c[]=<d>":   "https://a.example/a%7Cb?c%5B%5D=%3Cd%3E",
		"https://a.example/100%":          "",
		"https://a.example/?q=100%":       "https://a.example/?q=100%25",
		"https://[2001:db8::1]:8080/x":    "https://[2001:db8::1]:8080/x",
		"https://a_b.example/ü":           "https://a_b.example/%C3%BC",
		"//a.example/x":                   "",
		"/x":                              "",
		"x":                               "",
		"":                                "",
		"mailto:a@a.example":              "",
		"javascript:alert(1)":             "",
		"java\nscript:alert(1)":           "",
		"data:text/html,x":                "",
		"https:a.example":                 "",
		"https:///x":                      "",
		"ftp://a.example/":                "",
	} {
		if got := publicURL(in); got != want {
			t.Errorf("publicURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSoundText(t *testing.T) {
	for in, want := range map[string]string{
		"plain עברית 渡轮 👍🏽":             "plain עברית 渡轮 👍🏽",
		"a\x00b\x1bc\x7fd\u0080e":       "abcde",
		"a\r\nb\rc\u0085d\te":           "a\nb\nc\nd\te",
		"\ufffe\uffff\U0001ffff\ufdd0x": "x",
		"\ufffd stays":                  "\ufffd stays",
		"\xffbad\xc0":                   "\ufffdbad\ufffd",
		"\u200f\u2066bidi\u2069":        "\u200f\u2066bidi\u2069",
	} {
		if got := soundText(in); got != want {
			t.Errorf("soundText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLanguageTag(t *testing.T) {
	for _, tag := range []string{"en", "zh-Hans", "de-DE-1996", "es-419"} {
		if languageTag(tag) != tag {
			t.Errorf("%q was refused", tag)
		}
	}
	for _, tag := range []string{"", "en_US", "9x", "a b", "en-", "toolonglanguage", "é"} {
		if languageTag(tag) != "" {
			t.Errorf("%q was taken", tag)
		}
	}
}

func TestMediaType(t *testing.T) {
	for in, want := range map[string]string{
		"audio/mpeg": "audio/mpeg", "Image/JPEG; q=1": "image/jpeg", "image/svg+xml": "image/svg+xml",
		"mp3": "", "audio/": "", "/x": "", "a b/c": "", "a/b/c": "",
	} {
		if got := mediaType(in); got != want {
			t.Errorf("mediaType(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEmailAddress(t *testing.T) {
	for in, want := range map[string]string{
		"a.b+c@d.example": "a.b+c@d.example", "mailto:a@d.example": "a@d.example",
		"a": "", "a@": "", "@d.example": "", "a@localhost": "", "a b@d.example": "",
		"a@d.example (A)": "", "a@b@d.example": "", "a@d..example": "",
	} {
		if got := emailAddress(in); got != want {
			t.Errorf("emailAddress(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSourceDateGuessesNothing(t *testing.T) {
	at := time.Date(2026, 3, 4, 9, 26, 53, 0, time.UTC)
	for in, want := range map[string]time.Time{
		"2026-03-04T09:26:53Z":          at,
		"2026-03-04T10:26:53+01:00":     at,
		"2026-03-04T10:26:53+0100":      at,
		"2026-03-04T09:26:53.4Z":        at.Add(400 * time.Millisecond),
		"Wed, 04 Mar 2026 09:26:53 GMT": at,
		"Wed, 4 Mar 2026 09:26:53 UT":   at,
		"4 Mar 2026 10:26:53 +0100":     at,
		"Wed, 04 Mar 2026 09:26 +0000":  at.Truncate(time.Minute),
		"Wed, 04 Mar 2026 04:26:53 EST": at,
		"Wed, 04 Mar 2026 09:26:53 BST": {},
		"Wed, 04 Mar 2026 09:26:53 CET": {},
		"Wed, 04 Mar 2026 09:26:53":     {},
		"2026-03-04 09:26:53":           {},
		"2026-03-04":                    {},
		"yesterday":                     {},
		"":                              {},
		"12026-03-04T09:26:53Z":         {},
	} {
		if got := sourceDate(in); !got.Equal(want) {
			t.Errorf("sourceDate(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestThereIsAlwaysAnAuthor(t *testing.T) {
	site := feed.Site{Title: "Paper"}
	for name, test := range map[string]struct {
		entry feed.Entry
		want  string
	}{
		"its own": {feed.Entry{Authors: []feed.Person{{Name: "Ada"}},
			Origin: feed.Channel{Authors: []feed.Person{{Name: "Desk"}}}}, "Ada"},
		"those of the feed": {feed.Entry{Origin: feed.Channel{Title: feed.Plain("Wire"),
			Authors: []feed.Person{{Name: "Desk"}}}}, "Desk"},
		"the feed":              {feed.Entry{Origin: feed.Channel{Title: feed.Plain("Wire")}}, "Wire"},
		"the host":              {feed.Entry{Link: "https://www.a.example/1", Source: "a"}, "a.example"},
		"the source":            {feed.Entry{Source: "a"}, "a"},
		"the paper":             {feed.Entry{}, "Paper"},
		"an address for a name": {feed.Entry{Authors: []feed.Person{{Email: "a@a.example"}}}, "a@a.example"},
		"nobody of no name":     {feed.Entry{Authors: []feed.Person{{Name: " \x00"}}, Source: "a"}, "a"},
	} {
		if got := bylines(soundEntry(test.entry), site); len(got) != 1 || got[0].Name != test.want {
			t.Errorf("%s: got %v, want %s", name, got, test.want)
		}
	}
}

func TestDescription(t *testing.T) {
	long := feed.HTML("<h2>Head</h2><p>" + strings.Repeat("word ", 100) + "</p>")
	for name, test := range map[string]struct {
		entry feed.Entry
		want  string
	}{
		"a summary is HTML-escaped":            {feed.Entry{Summary: "AT&T <b>", Content: "<p>c</p>"}, "AT&amp;T &lt;b&gt;"},
		"a summary alone keeps its paragraphs": {feed.Entry{Summary: "a\n\nb & c"}, "<p>a</p>\n<p>b &amp; c</p>"},
		"the content's beginning stands in":    {feed.Entry{Content: "<p>5 &lt; 6 &amp;amp; so on</p>"}, "5 &lt; 6 &amp;amp; so on"},
		"but not all of it":                    {feed.Entry{Content: long}, "Head " + strings.TrimSpace(strings.Repeat("word ", 59)) + "…"},
		"a picture without words is all there": {feed.Entry{Content: `<img src="https://a.example/1.jpg">`}, `<img src="https://a.example/1.jpg">`},
		"a headline alone is not said twice":   {feed.Entry{Title: "T"}, ""},
	} {
		if got := description(test.entry); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
