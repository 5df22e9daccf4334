package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet/feed"
)

var noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"":     0,
		"120":  2 * time.Minute,
		" 60 ": time.Minute,
		"0":    time.Second,
		"-5":   0, "1.5": 0, "soon": 0, "1h": 0,
		"99999999999999999999":            maxHint,
		"Tue, 01 Jan 2030 12:30:00 GMT":   30 * time.Minute,
		"Tuesday, 01-Jan-30 12:30:00 GMT": 30 * time.Minute,
		"Tue Jan  1 12:30:00 2030":        30 * time.Minute,
		"Tue, 01 Jan 2030 11:00:00 GMT":   time.Second,
		"Tue, 01 Jan 2999 12:00:00 GMT":   maxHint,
	} {
		if got := parseRetryAfter(value, noon); got != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}

func TestFreshnessIsWhatTheAnswerSaysLessItsAge(t *testing.T) {
	for _, tc := range []struct {
		name                       string
		cacheControl, expires, age string
		want                       time.Duration
	}{
		{"nothing said", "", "", "", 0},
		{"max-age", "public, max-age=600", "", "", 10 * time.Minute},
		{"max-age in capitals and quotes", `MAX-AGE="600"`, "", "", 10 * time.Minute},
		{"less age", "max-age=600", "", "60", 9 * time.Minute},
		{"older than fresh", "max-age=600", "", "6000", 0},
		{"age nonsense", "max-age=600", "", "-1", 10 * time.Minute},
		{"max-age beats Expires", "max-age=60", "Wed, 02 Jan 2030 12:00:00 GMT", "", time.Minute},
		{"the first max-age counts", "max-age=60, max-age=600", "", "", time.Minute},
		{"broken max-age is stale", "max-age=ten", "Wed, 02 Jan 2030 12:00:00 GMT", "", 0},
		{"no-cache", "no-cache, max-age=600", "", "", 0},
		{"no-store after max-age", "max-age=600, no-store", "", "", 0},
		{"s-maxage is not for us", "s-maxage=600", "", "", 0},
		{"Expires", "", "Tue, 01 Jan 2030 13:00:00 GMT", "", time.Hour},
		{"Expires less age", "", "Tue, 01 Jan 2030 13:00:00 GMT", "600", 50 * time.Minute},
		{"Expires zero", "", "0", "", 0},
		{"Expires past", "", "Mon, 01 Jan 2029 13:00:00 GMT", "", 0},
		{"sixteen years", "max-age=504576000", "", "", maxHint},
		{"overflow", "max-age=99999999999999999999999", "", "1", maxHint - time.Second},
	} {
		h := http.Header{}
		for name, value := range map[string]string{
			"Cache-Control": tc.cacheControl, "Expires": tc.expires, "Age": tc.age} {
			if value != "" {
				h.Set(name, value)
			}
		}
		silent := tc.name == "nothing said" || tc.name == "s-maxage is not for us"
		if got, said := freshness(h, noon); got != tc.want || said == silent {
			t.Errorf("%s: got %s, said %t, want %s", tc.name, got, said, tc.want)
		}
	}
}

var feedURL = &url.URL{Scheme: "https", Host: "gulf.example", Path: "/news/feed"}

func TestLinksOfTheHeader(t *testing.T) {
	for _, tc := range []struct {
		name    string
		headers []string
		want    []feed.Link
	}{
		{"none", nil, nil},
		{"two in one field", []string{`<https://hub.example/>; rel="hub", <feed?p=2>; rel=next`}, []feed.Link{
			{Rel: "hub", Href: "https://hub.example/"},
			{Rel: "next", Href: "https://gulf.example/news/feed?p=2"}}},
		{"one in each field", []string{`<https://hub.example/>;rel=hub`,
			`</feed>; REL=Self; type="application/rss+xml"; title="a, \"b\"; c"`}, []feed.Link{
			{Rel: "hub", Href: "https://hub.example/"},
			{Rel: "self", Href: "https://gulf.example/feed",
				Type: "application/rss+xml", Title: `a, "b"; c`}}},
		{"several relations", []string{`<https://hub.example/>; rel="preconnect hub self"`}, []feed.Link{
			{Rel: "hub", Href: "https://hub.example/"}, {Rel: "self", Href: "https://hub.example/"}}},
		{"one relation, again and again", []string{`<https://hub.example/>; rel="` + strings.Repeat("hub ", 10_000) + `"`}, []feed.Link{
			{Rel: "hub", Href: "https://hub.example/"}}},
		{"a comma and a semicolon in the target", []string{`</a,b;c>; rel=self`}, []feed.Link{
			{Rel: "self", Href: "https://gulf.example/a,b;c"}}},
		{"the first rel counts", []string{`</a>; rel=self; rel=hub`}, []feed.Link{
			{Rel: "self", Href: "https://gulf.example/a"}}},
		{"other relations", []string{`<https://gulf.example/wp-json/>; rel="https://api.w.org/"`}, nil},
		{"about another document", []string{`</a>; rel=self; anchor="#x"`}, nil},
		{"no web address", []string{`<javascript:alert(1)>; rel=hub, <mailto:a@b.example>; rel=self`,
			`<https:///x>; rel=hub`}, nil},
		{"empty target", []string{`<>; rel=self`}, nil},
		{"damage does not hide what follows", []string{`nonsense; rel=hub, </a>; rel=self`}, []feed.Link{
			{Rel: "self", Href: "https://gulf.example/a"}}},
		{"cut off", []string{`</a>; rel="self`, `</b`, `</c>; rel`, `</d>; rel=`, `<`}, []feed.Link{
			{Rel: "self", Href: "https://gulf.example/a"}}},
	} {
		if d := cmp.Diff(tc.want, parseLinks(tc.headers, feedURL)); d != "" {
			t.Errorf("%s: -want +got\n%s", tc.name, d)
		}
	}
}

func TestOnlySoManyLinksAreKept(t *testing.T) {
	header := strings.Repeat(`</a>; rel="hub self next", `, 1000)
	if n := len(parseLinks([]string{header, header}, feedURL)); n != maxLinks {
		t.Errorf("%d links were kept", n)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "0", "-1", "1.5", "+1", "0120", "1e3", "120, 60", "120s",
		"Tue, 01 Jan 2030 12:30:00 GMT", "Tue, 01 Jan 2030 11:30:00 GMT", "Tuesday, 01-Jan-30 12:30:00 GMT",
		"Tue Jan  1 12:30:00 2030", "Tue, 01 Jan 2030 12:30:00 UTC", "Fri, 31 Dec 9999 23:59:59 GMT",
		"99999999999999999999", "9223372036854775807", "31536001", "Mon, 02 Jan 0000 00:00:00 GMT", " 1", "\x00",
		"\u0661\u0662"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := parseRetryAfter(s, noon)
		if d < 0 || d > maxHint || d != 0 && d < time.Second {
			t.Errorf("%q: %s", s, d)
		}
		if parseRetryAfter(" "+s+"\t", noon) != d {
			t.Errorf("%q: blanks around it matter", s)
		}
		at, err := http.ParseTime(strings.TrimSpace(s))
		n, isNumber := seconds(strings.TrimSpace(s))
		switch { // whatever is neither a number nor a date says nothing
		case err == nil && at.After(noon.Add(time.Second)) && d != min(at.Sub(noon), maxHint):
			t.Errorf("%q: %s, but the date is %s away", s, d, at.Sub(noon))
		case isNumber && d != max(n, time.Second), err != nil && !isNumber && d != 0:
			t.Errorf("%q: %s", s, d)
		}
		// What was said earlier is nearer now, and never further.
		if later := parseRetryAfter(s, noon.Add(time.Hour)); later > d {
			t.Errorf("%q: %s, and %s an hour later", s, d, later)
		}
	})
}

func FuzzFreshness(f *testing.F) {
	f.Add("max-age=600, public", "Tue, 01 Jan 2030 13:00:00 GMT", "60")
	f.Add(`max-age="1",,=,no-cache`, "0", "-1")
	f.Add("max-age=99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "99999999999999999999")
	f.Add("", "Tue, 01 Jan 2030 13:00:00 GMT", "600")
	f.Add("", "Mon, 01 Jan 1601 00:00:00 GMT", "")
	f.Add("MAX-AGE = 60 , max-age=600", "Tuesday, 01-Jan-30 13:00:00 GMT", " 1 ")
	f.Add(`no-cache="Set-Cookie", max-age=60`, "", "0")
	f.Add("private=\"x, max-age=5\", max-age=60", "", "")
	f.Add("s-maxage=60;max-age=7, stale-while-revalidate=5", "-1", "1.5")
	f.Fuzz(func(t *testing.T, cacheControl, expires, age string) {
		h := http.Header{"Cache-Control": {cacheControl}, "Expires": {expires}, "Age": {age}}
		d, _ := freshness(h, noon)
		if d < 0 || d > maxHint {
			t.Errorf("%q %q %q: %s", cacheControl, expires, age, d)
		}
		fresh := http.Header{"Cache-Control": {cacheControl}, "Expires": {expires}}
		if full, _ := freshness(fresh, noon); d > full {
			t.Errorf("%q %q: %s, and %s less an age of %q", cacheControl, expires, full, d, age)
		}
		if _, said := maxAge(h); said {
			h.Set("Expires", "Wed, 02 Jan 2030 12:00:00 GMT")
			if again, _ := freshness(h, noon); again != d {
				t.Errorf("%q: Expires counts beside Cache-Control: %s, %s", cacheControl, d, again)
			}
		}
		h.Set("Cache-Control", "no-store, "+cacheControl)
		if d, _ := freshness(h, noon); d != 0 {
			t.Errorf("%q after no-store: %s", cacheControl, d)
		}
	})
}

func FuzzLinks(f *testing.F) {
	for _, s := range []string{`<https://hub.example/>; rel="hub", </feed>; rel=self`, `<`,
		`<>;`, `<a>;rel="\`, `<https://hub.example/?a,b;c>; title="a, \"b\"; <c>"; rel=hub`,
		`<//other.example/x>; rel="NEXT prefetch"; type="text/html"; hreflang=fr`,
		`</a>; anchor="/x"; rel=self`, `<javascript:alert(1)>; rel=hub`, `<https://u:p@hub.example/>; rel=hub`,
		`<a>;;;,,;rel=next`, `</a>; rel="self" junk; x=y, </b>; rel=hub`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		links := parseLinks([]string{s}, feedURL)
		if len(links) > maxLinks {
			t.Errorf("%d links of %d bytes", len(links), len(s))
		}
		for _, l := range links {
			u, err := url.Parse(l.Href)
			if err != nil || !u.IsAbs() || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
				t.Errorf("%q: %q is no absolute web address", s, l.Href)
			}
			if l.Rel != "hub" && l.Rel != "self" && l.Rel != "next" {
				t.Errorf("%q: rel %q", s, l.Rel)
			}
		}
		// A link that is whole stays found, whatever follows it.
		after := parseLinks([]string{`</whole>; rel="self", ` + s}, feedURL)
		if len(after) == 0 || after[0].Href != "https://gulf.example/whole" {
			t.Errorf("%q hides the link before it: %v", s, after)
		}
		// And the same links are found in a header of their own.
		if apart := parseLinks([]string{`</whole>; rel="self"`, s}, feedURL); len(links) < maxLinks-1 &&
			!cmp.Equal(apart[1:], links, cmpopts.EquateEmpty()) {
			t.Errorf("%q: %v, and %v behind another header", s, links, apart[1:])
		}
	})
}
