package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
		if got := freshness(h, noon); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
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
	if n := len(parseLinks([]string{header, header}, feedURL)); n > maxLinks+2 {
		t.Errorf("%d links were kept", n)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "0", "-1", "Tue, 01 Jan 2030 12:30:00 GMT",
		"99999999999999999999", "Mon, 02 Jan 0000 00:00:00 GMT", " 1", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d := parseRetryAfter(s, noon); d < 0 || d > maxHint {
			t.Errorf("%q: %s", s, d)
		}
	})
}

func FuzzFreshness(f *testing.F) {
	f.Add("max-age=600, public", "Tue, 01 Jan 2030 13:00:00 GMT", "60")
	f.Add(`max-age="1",,=,no-cache`, "0", "-1")
	f.Add("max-age=99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "99999999999999999999")
	f.Fuzz(func(t *testing.T, cacheControl, expires, age string) {
		h := http.Header{"Cache-Control": {cacheControl}, "Expires": {expires}, "Age": {age}}
		if d := freshness(h, noon); d < 0 || d > maxHint {
			t.Errorf("%q %q %q: %s", cacheControl, expires, age, d)
		}
	})
}

func FuzzLinks(f *testing.F) {
	for _, s := range []string{`<https://hub.example/>; rel="hub", </feed>; rel=self`, `<`,
		`<>;`, `<a>;rel="\`,
		`<a>;;;,,;rel=next`, `</a>; rel="self" junk; x=y, </b>; rel=hub`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range parseLinks([]string{s}, feedURL) {
			u, err := url.Parse(l.Href)
			if err != nil || !u.IsAbs() || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
				t.Errorf("%q: %q is no absolute web address", s, l.Href)
			}
			if l.Rel != "hub" && l.Rel != "self" && l.Rel != "next" {
				t.Errorf("%q: rel %q", s, l.Rel)
			}
		}
	})
}
