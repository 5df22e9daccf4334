package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"broadsheet/feed"
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

// TestTheBestCodingThatTheClientTakesIsSent is RFC 9110 §12.5.3: the highest weight wins,
// then what leaves the fewest bytes.
func TestTheBestCodingThatTheClientTakesIsSent(t *testing.T) {
	all := feed.Document{Hash: "h", Body: []byte("b"), Gzip: []byte("g"), Zstd: []byte("z"), Brotli: []byte("r")}
	few, none := all, all
	few.Zstd, few.Brotli = nil, nil
	none.Gzip, none.Zstd, none.Brotli = nil, nil, nil
	for accept, want := range map[string][2]coding{ // of all, of a document that has gzip only
		"":                           {identity, identity},
		"gzip":                       {gzip, gzip},
		"GZIP":                       {gzip, gzip},
		"x-gzip":                     {gzip, gzip},
		"br":                         {brotli, identity},
		"BR":                         {brotli, identity},
		"zstd":                       {zstd, identity},
		"gzip, deflate":              {gzip, gzip},
		"gzip, deflate, br":          {brotli, gzip},
		"gzip, deflate, br, zstd":    {brotli, gzip},
		"gzip, zstd":                 {zstd, gzip},
		"zstd;q=0.9, br;q=0.8":       {zstd, identity},
		"deflate,gzip;q=1.0,*;q=0.5": {gzip, gzip},
		"br;q=1, gzip;q=0.2":         {brotli, gzip},
		"br;q=0.1, gzip;q=0.2":       {gzip, gzip},
		"br;q=0, *":                  {zstd, gzip},
		"br;q=0, zstd;q=0, gzip":     {gzip, gzip},
		"*":                          {brotli, gzip},
		"*;q=0.1":                    {brotli, gzip},
		"deflate":                    {identity, identity},
		"identity":                   {identity, identity},
		"gzip;q=0":                   {identity, identity},
		"gzip;q=0.000":               {identity, identity},
		"gzip; q=0":                  {identity, identity},
		"gzip ; Q=0.5":               {gzip, gzip},
		"*;q=0":                      {identity, identity},
		"*;q=0, gzip":                {gzip, gzip},
		"gzip;q=0, *":                {brotli, identity},
		"identity;q=1, gzip;q=0.5":   {identity, identity},
		"identity;q=0.5, gzip;q=0.5": {gzip, gzip},
		"identity;q=0, gzip;q=0.1":   {gzip, gzip},
		"identity;q=0":               {identity, identity},
		"gzip;q=1.5":                 {identity, identity},
		"gzip;q=1.001":               {identity, identity},
		"gzip;q=0.0001":              {identity, identity},
		"gzip;q=-1":                  {identity, identity},
		"gzip;q=yes":                 {identity, identity},
		"gzip;level=9":               {identity, identity},
		"gzip;":                      {identity, identity},
		"not-gzip":                   {identity, identity},
		",,gzip,":                    {gzip, gzip},
		"brotli, zstandard":          {identity, identity},
	} {
		fields := []string{accept}
		if accept == "" {
			fields = nil
		}
		got := [2]coding{newCopies(all).choose(fields), newCopies(few).choose(fields)}
		if got != want {
			t.Errorf("Accept-Encoding %q: %v, want %v", accept, got, want)
		}
		if got := newCopies(none).choose(fields); got != identity {
			t.Errorf("Accept-Encoding %q of a document without codings: %v", accept, got)
		}
	}
	if newCopies(all).choose([]string{"zstd", "gzip, br"}) != brotli {
		t.Error("the second line of Accept-Encoding was not read")
	}
}

// TestATagIsThatOfItsBytes is S-3: the tag of each coding is another, and each of them is
// answered with 304, whatever coding the client asks for now, also one that was put on by
// a server in front of us.
func TestATagIsThatOfItsBytes(t *testing.T) {
	l := paper()
	all := doc("/all.xml", typeRSS, "body")
	all.Brotli, all.Zstd = []byte("br body"), []byte("zstd body")
	l.save(all)
	h := Readers(filled(t, l), site(""), ReaderOptions{})
	seen := map[string]bool{}
	for _, token := range []string{"identity", "gzip", "zstd", "br"} {
		w := get(h, "/all.xml", "Accept-Encoding: "+token)
		etag, want := w.Header().Get("ETag"), strings.TrimPrefix(token+" body", "identity ")
		if seen[etag] || w.Body.String() != want || w.Header().Get("Content-Encoding") != strings.TrimPrefix(token, "identity") {
			t.Errorf("%s: %q with tag %s and %v", token, w.Body, etag, w.Header())
		}
		seen[etag] = true
		for _, now := range []string{"", "gzip", "br, zstd"} {
			if w := get(h, "/all.xml", "Accept-Encoding: "+now, "If-None-Match: "+etag); w.Code != 304 || w.Header().Get("ETag") != etag {
				t.Errorf("%s asked for as %q: %d with tag %s", etag, now, w.Code, w.Header().Get("ETag"))
			}
		}
	}
	for match, code := range map[string]int{
		`"h/-/style.css-gzip"`: 304, `"h/-/style.css-br"`: 304, `W/"h/-/style.css-zstd"`: 304, `"h/-/style.css-deflate"`: 200, `"h/-/style.css-"`: 200,
	} {
		w := get(h, "/-/style.css", "If-None-Match: "+match)
		if w.Code != code || w.Header().Get("ETag") != `"h/-/style.css"` {
			t.Errorf("a coding that we do not have, %s: %d with tag %s", match, w.Code, w.Header().Get("ETag"))
		}
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
