package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The tags and dates of the document that the conditional requests are about.
const (
	tag     = `"h/world/rss.xml"`
	gzipTag = `"h/world/rss.xml-gzip"`
	same    = "Sun, 22 Nov 2026 12:00:00 GMT"
	before  = "Sun, 22 Nov 2026 11:59:59 GMT"
	after   = "Sun, 22 Nov 2026 12:00:01 GMT"
)

// TestConditionalRequests is RFC 9110 §13 as far as it is about reading.
func TestConditionalRequests(t *testing.T) {
	gzip := "Accept-Encoding: gzip"
	for name, row := range map[string]struct {
		fields []string
		code   int
		etag   string
	}{
		"no condition":             {nil, 200, tag},
		"no condition, compressed": {[]string{gzip}, 200, gzipTag},

		"the tag":                                  {[]string{"If-None-Match: " + tag}, 304, tag},
		"the tag of the compressed copy":           {[]string{gzip, "If-None-Match: " + gzipTag}, 304, gzipTag},
		"the other copy's tag, asking for gzip":    {[]string{gzip, "If-None-Match: " + tag}, 304, tag},
		"the other copy's tag, asking for neither": {[]string{"If-None-Match: " + gzipTag}, 304, gzipTag},
		"both tags: the one that would be sent":    {[]string{gzip, "If-None-Match: " + tag + ", " + gzipTag}, 304, gzipTag},
		"a weak tag":                               {[]string{"If-None-Match: W/" + tag}, 304, tag},
		"a weak tag of the compressed copy":        {[]string{"If-None-Match: W/" + gzipTag}, 304, gzipTag},
		"another tag":                              {[]string{`If-None-Match: "x"`}, 200, tag},
		"another weak tag":                         {[]string{`If-None-Match: W/"x"`}, 200, tag},
		"an old tag, compressed":                   {[]string{gzip, `If-None-Match: "x-gzip"`}, 200, gzipTag},
		"any":                                      {[]string{"If-None-Match: *"}, 304, tag},
		"any, compressed":                          {[]string{gzip, "If-None-Match: *"}, 304, gzipTag},
		"any, with white space":                    {[]string{"If-None-Match:  * "}, 304, tag},
		"a list that has it":                       {[]string{`If-None-Match: "a", W/"b" ,` + tag}, 304, tag},
		"a list that has it first":                 {[]string{"If-None-Match: " + tag + `,"a"`}, 304, tag},
		"a list with empty members":                {[]string{"If-None-Match: ,, ," + tag}, 304, tag},
		"a list on two lines":                      {[]string{`If-None-Match: "a"`, "If-None-Match: " + tag}, 304, tag},
		"a list that has it not":                   {[]string{`If-None-Match: "a", "b"`}, 200, tag},
		"a tag with a comma in it":                 {[]string{`If-None-Match: "a, h/world/rss.xml", "b"`}, 200, tag},
		"a tag in a tag":                           {[]string{`If-None-Match: "x` + tag + `x"`}, 200, tag},
		"without quotes it is no tag":              {[]string{"If-None-Match: h/world/rss.xml"}, 200, tag},
		"without its end":                          {[]string{`If-None-Match: "h/world/rss.xml`}, 200, tag},
		"in other letters":                         {[]string{`If-None-Match: "H/WORLD/RSS.XML"`}, 200, tag},
		"a small w is not weak":                    {[]string{"If-None-Match: w/" + tag}, 200, tag},
		"an empty tag":                             {[]string{`If-None-Match: ""`}, 200, tag},
		"an empty field":                           {[]string{"If-None-Match: "}, 200, tag},

		"the date":                        {[]string{"If-Modified-Since: " + same}, 304, tag},
		"the date, compressed":            {[]string{gzip, "If-Modified-Since: " + same}, 304, gzipTag},
		"a later date":                    {[]string{"If-Modified-Since: " + after}, 304, tag},
		"an earlier date":                 {[]string{"If-Modified-Since: " + before}, 200, tag},
		"the date as of 1994":             {[]string{"If-Modified-Since: Sunday, 22-Nov-26 12:00:00 GMT"}, 304, tag},
		"the date as of C":                {[]string{"If-Modified-Since: Sun Nov 22 12:00:00 2026"}, 304, tag},
		"no date":                         {[]string{"If-Modified-Since: yesterday"}, 200, tag},
		"a number is no date":             {[]string{"If-Modified-Since: 1795348800"}, 200, tag},
		"two dates are none":              {[]string{"If-Modified-Since: " + same, "If-Modified-Since: " + same}, 200, tag},
		"no tag beside a date":            {[]string{"If-None-Match: ", "If-Modified-Since: " + same}, 304, tag},
		"the tag wins: it has it":         {[]string{"If-None-Match: " + tag, "If-Modified-Since: " + before}, 304, tag},
		"the tag wins: it has it not":     {[]string{`If-None-Match: "x"`, "If-Modified-Since: " + after}, 200, tag},
		"a damaged tag wins all the same": {[]string{"If-None-Match: x", "If-Modified-Since: " + after}, 200, tag},

		"if it is this one":                           {[]string{"If-Match: " + tag}, 200, tag},
		"if it is this one, in the other coding":      {[]string{"If-Match: " + gzipTag}, 200, tag},
		"if it is any":                                {[]string{"If-Match: *"}, 200, tag},
		"if it is one of these":                       {[]string{`If-Match: "a", ` + tag}, 200, tag},
		"if it is another":                            {[]string{`If-Match: "x"`}, 412, ""},
		"if it is this one, weakly: never":            {[]string{"If-Match: W/" + tag}, 412, ""},
		"if unchanged since then: it is":              {[]string{"If-Unmodified-Since: " + same}, 200, tag},
		"if unchanged since before: it is not":        {[]string{"If-Unmodified-Since: " + before}, 412, ""},
		"if unchanged since no date":                  {[]string{"If-Unmodified-Since: yesterday"}, 200, tag},
		"If-Match wins over If-Unmodified-Since":      {[]string{"If-Match: " + tag, "If-Unmodified-Since: " + before}, 200, tag},
		"If-Match first, then If-None-Match":          {[]string{"If-Match: " + tag, "If-None-Match: " + tag}, 304, tag},
		"a failed If-Match ends it":                   {[]string{`If-Match: "x"`, "If-None-Match: " + tag}, 412, ""},
		"a range is not needed: the whole":            {[]string{"Range: bytes=0-1"}, 200, tag},
		"a range with its condition: the whole":       {[]string{"Range: bytes=0-1", "If-Range: " + tag}, 200, tag},
		"a delta is not offered: the whole":           {[]string{"A-IM: feed"}, 200, tag},
		"a delta is not offered: or nothing new":      {[]string{"A-IM: feed", "If-None-Match: " + tag}, 304, tag},
		"a client that wants no cached answer at all": {[]string{"Cache-Control: no-cache", "If-None-Match: " + tag}, 304, tag},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			t.Run(name+" "+method, func(t *testing.T) {
				h := Readers(filled(t, paper()), site(""), ReaderOptions{})
				w := ask(h, method, "/world/rss.xml", row.fields...)
				if w.Code != row.code || w.Header().Get("ETag") != row.etag {
					t.Errorf("%d with tag %s, want %d with %s", w.Code, w.Header().Get("ETag"), row.code, row.etag)
				}
				if w.Code == 304 && w.Body.Len() > 0 || method == http.MethodHead && w.Body.Len() > 0 {
					t.Errorf("a body: %q", w.Body)
				}
			})
		}
	}
}

func TestACompressedCopyIsSentToWhoWantsIt(t *testing.T) {
	for accept, want := range map[string]bool{
		"":                           false,
		"gzip":                       true,
		"GZIP":                       true,
		"x-gzip":                     true,
		"gzip, deflate, br, zstd":    true,
		"deflate,gzip;q=1.0,*;q=0.5": true,
		"br;q=1, gzip;q=0.2":         true,
		"*":                          true,
		"*;q=0.1":                    true,
		"deflate":                    false,
		"identity":                   false,
		"gzip;q=0":                   false,
		"gzip;q=0.000":               false,
		"gzip; q=0":                  false,
		"gzip ; Q=0.5":               true,
		"*;q=0":                      false,
		"*;q=0, gzip":                true,
		"gzip;q=0, *":                false,
		"identity;q=1, gzip;q=0.5":   false,
		"identity;q=0.5, gzip;q=0.5": true,
		"identity;q=0, gzip;q=0.1":   true,
		"identity;q=0":               false,
		"gzip;q=1.5":                 false,
		"gzip;q=1.001":               false,
		"gzip;q=0.0001":              false,
		"gzip;q=-1":                  false,
		"gzip;q=yes":                 false,
		"gzip;level=9":               false,
		"gzip;":                      false,
		"not-gzip":                   false,
		",,gzip,":                    true,
	} {
		fields := []string{accept}
		if accept == "" {
			fields = nil
		}
		if got := prefersGzip(fields); got != want {
			t.Errorf("Accept-Encoding %q: gzip %v, want %v", accept, got, want)
		}
	}
	if !prefersGzip([]string{"br", "gzip"}) {
		t.Error("the second line of Accept-Encoding was not read")
	}
}

func FuzzConditions(f *testing.F) {
	f.Add(`W/"a", "b"`, "gzip;q=0.5", same)
	f.Add(`"`, ";;;,q=", "")
	f.Add("W/", "*", "x")
	shelf := filled(f, paper())
	h := Readers(shelf, site(""), ReaderOptions{})
	f.Fuzz(func(t *testing.T, match, accept, since string) {
		r := httptest.NewRequest(http.MethodGet, "/world/rss.xml", nil)
		r.Header = http.Header{"If-None-Match": {match}, "Accept-Encoding": {accept}, "If-Modified-Since": {since}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 304 {
			t.Errorf("status %d", w.Code)
		}
		if w.Code == 304 && trim(match) != "" && trim(match) != "*" && !strings.Contains(match, "h/world/rss.xml") {
			t.Errorf("304 for If-None-Match %q", match)
		}
	})
}
