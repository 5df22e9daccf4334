package publish

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"broadsheet/feed"
)

// archiveView is the sample as a page of an archive.
func archiveView() feed.View {
	v := sampleView()
	v.Chain = feed.Chain{Page: 3, Older: 2, Newer: 4}
	v.Gone = []feed.Tombstone{{ID: "tag:tides.example,2026:lost", At: sampleDay}, {ID: v.Entries[0].ID, At: sampleDay}}
	return v
}

// FH-1, ATOM-*: a page of an archive says that it is one, and where the others are.
func TestAPageOfAnArchive(t *testing.T) {
	docs, problems := Render(archiveView())
	if len(docs) != 3 || problems != nil {
		t.Fatalf("%d documents, %v", len(docs), problems)
	}
	want := map[string][]string{
		"rss.xml": {`<fh:archive></fh:archive>`, `rel="current" href="BASE/harbour/rss.xml"`, `rel="self" href="BASE/-/archive/harbour/3/rss.xml"`,
			`rel="prev-archive" href="BASE/-/archive/harbour/2/rss.xml"`, `rel="next-archive" href="BASE/-/archive/harbour/4/rss.xml"`},
		"atom.xml": {`<fh:archive></fh:archive>`, `href="BASE/harbour/atom.xml" rel="current"`, `href="BASE/-/archive/harbour/3/atom.xml" rel="self"`,
			`href="BASE/-/archive/harbour/2/atom.xml" rel="prev-archive"`, `<at:deleted-entry ref="tag:tides.example,2026:lost" when="`},
		"feed.json": {`"feed_url":"BASE/harbour/feed.json"`, `"next_url":"BASE/-/archive/harbour/2/feed.json"`},
	}
	for file, parts := range want {
		d, ok := byPath(docs)["/-/archive/harbour/3/"+file]
		if !ok {
			t.Fatalf("no %s in %v", file, docs)
		}
		for _, part := range parts {
			part = strings.ReplaceAll(part, "BASE", archiveView().Site.URL)
			if !strings.Contains(string(d.Body), part) {
				t.Errorf("%s lacks %s:\n%.3000s", d.Path, part, d.Body)
			}
		}
		if n := strings.Count(string(d.Body), "deleted-entry ref"); n > 1 {
			t.Errorf("%s has a tombstone of what is there", d.Path)
		}
	}
}

// The rules of the W3C validator's cases of ext/fh, and of RFC 6721.
func TestWhatIsWrongWithAChainIsFound(t *testing.T) {
	docs, _ := Render(archiveView())
	atom := byPath(docs)["/-/archive/harbour/3/atom.xml"]
	cases := map[string]struct{ old, new, want string }{
		"MissingCurrentInArchive": {`rel="current"`, `rel="related"`, "no link to the current feed"},
		"ArchiveIncomplete":       {`<fh:archive></fh:archive>`, `<fh:archive></fh:archive><fh:complete></fh:complete>`, "not both"},
		"FeedRelInCompleteFeed":   {`<fh:archive></fh:archive>`, `<fh:complete></fh:complete>`, "leads to other pages"},
		"FeedHistoryRelInEntry":   {`<entry>`, `<entry><link rel="prev-archive" href="https://a.example/"></link>`, "stands in an entry"},
		"two of one":              {`rel="next-archive"`, `rel="prev-archive"`, "two links rel=prev-archive"},
		"a tombstone of nothing":  {`ref="tag:tides`, `ref="tides`, "deleted-entry ref"},
		"a tombstone without day": {`when="`, `when="then `, "deleted-entry when"},
		"a tombstone of an entry": {`ref="tag:tides.example,2026:lost"`, `ref="` + archiveView().Entries[0].ID + `"`, "it was there before"},
	}
	for name, c := range cases {
		bad := atom
		bad.Body = []byte(strings.Replace(string(atom.Body), c.old, c.new, 1))
		if err := Check(bad); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	json := byPath(docs)["/-/archive/harbour/3/feed.json"]
	for _, next := range []string{"/harbour/feed.json", "/-/archive/harbour/3/feed.json"} { // JSON-4
		bad := json
		bad.Body = []byte(strings.Replace(string(json.Body), "/-/archive/harbour/2/feed.json", next, 1))
		if err := Check(bad); err == nil || !strings.Contains(err.Error(), "next_url") {
			t.Errorf("next_url %s: %v", next, err)
		}
	}
}

// What leads to a page comes after it, whatever makes the page needed.
func TestPagesAreStoredBeforeWhatLeadsToThem(t *testing.T) {
	s := newShelf()
	s.stale = []string{"harbour"}
	full, rest := archiveView(), sampleView()
	rest.Chain = feed.Chain{Page: 4, Part: 9, Older: 3}
	s.sheets = map[string][]feed.Sheet{"harbour": {{View: full}}}
	s.rest = map[string]feed.Sheet{"harbour": {View: rest}}
	v := s.views["harbour"]
	v.Entries = slices.Clone(v.Entries)
	v.Entries[1].Content = "<script>x()</script>" // it fails, so that the rest is needed
	s.views["harbour"] = v
	if _, err := BuiltIn.Publish(t.Context(), s, sampleDay, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	n := len(full.Entries)
	want := []string{"numbers of harbour", "page 3-0 of harbour: " + strconv.Itoa(n) + " entries in 3 documents",
		"page 4-9 of harbour: " + strconv.Itoa(n) + " entries in 3 documents", "documents of harbour"}
	if !slices.Equal(s.order, want) {
		t.Errorf("got %q, want %q", s.order, want)
	}
	if body := s.saved["harbour"].docs["/harbour/rss.xml"].Body; !strings.Contains(string(body), "/-/archive/harbour/4-9/rss.xml") {
		t.Errorf("it does not lead there:\n%.1000s", body)
	}
}
