package serve

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// modified is when all documents of the tests changed last, unless they say
// otherwise.
var modified = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// library is a Library in memory.
type library struct {
	docs  map[string]feed.Document
	saved map[string]int64 // path → serial at which it was saved
	now   int64
	err   error
	asked []int64
}

func (l *library) Shelf(_ context.Context, since int64) ([]feed.Document, []string, int64, error) {
	l.asked = append(l.asked, since)
	if l.err != nil {
		return nil, nil, 0, l.err
	}
	if since == l.now {
		return nil, nil, l.now, nil
	}
	var docs []feed.Document
	var paths []string
	for p, doc := range l.docs {
		paths = append(paths, p)
		if l.saved[p] > since {
			docs = append(docs, doc)
		}
	}
	return docs, paths, l.now, nil
}

func (l *library) save(docs ...feed.Document) {
	l.now++
	if l.docs == nil {
		l.docs, l.saved = make(map[string]feed.Document), make(map[string]int64)
	}
	for _, doc := range docs {
		l.docs[doc.Path], l.saved[doc.Path] = doc, l.now
	}
}

func (l *library) remove(path string) {
	l.now++
	delete(l.docs, path)
}

const (
	typeHTML = "text/html; charset=utf-8"
	typeRSS  = "application/rss+xml; charset=utf-8"
	typeAtom = "application/atom+xml; charset=utf-8"
	typeJSON = "application/feed+json; charset=utf-8"
	typeCSS  = "text/css; charset=utf-8"
)

// doc is a document whose hash is "h" and its path, and whose compressed form
// is the word "gzip" and its body; it has no others.
func doc(path, mediaType, body string) feed.Document {
	return feed.Document{Path: path, MediaType: mediaType, Modified: modified, Hash: "h" + path,
		Body: []byte(body), Gzip: []byte("gzip " + body)}
}

func paper() *library {
	l := &library{}
	small := doc("/-/style.css", typeCSS, "style")
	small.Gzip = nil
	l.save(doc("/", typeHTML, "front"), small, doc("/rss.xml", typeRSS, "all"),
		doc("/world/", typeHTML, "world page"), doc("/world/rss.xml", typeRSS, "world feed"),
		doc("/arts/", typeHTML, "arts page"))
	return l
}

func filled(t testing.TB, l *library) *Shelf {
	t.Helper()
	s := NewShelf(l)
	refresh(t, s, true)
	return s
}

func refresh(t testing.TB, s *Shelf, want bool) {
	t.Helper()
	changed, err := s.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if changed != want {
		t.Errorf("changed = %v, want %v", changed, want)
	}
}

func (s *Shelf) bodies() map[string]string {
	out := make(map[string]string)
	for p, c := range s.now.Load().copies {
		out[p] = string(c.variants[identity].body)
	}
	return out
}

func TestAShelfFollowsItsLibrary(t *testing.T) {
	l := &library{}
	l.save(doc("/", typeHTML, "front"), doc("/world/", typeHTML, "world"))
	s := filled(t, l)
	refresh(t, s, false)

	l.save(doc("/world/", typeHTML, "world, newer"), doc("/arts/", typeHTML, "arts"))
	refresh(t, s, true)
	want := map[string]string{"/": "front", "/world/": "world, newer", "/arts/": "arts"}
	if diff := cmp.Diff(want, s.bodies()); diff != "" {
		t.Error(diff)
	}

	l.remove("/world/")
	refresh(t, s, true)
	if diff := cmp.Diff(map[string]string{"/": "front", "/arts/": "arts"}, s.bodies()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"arts"}, s.now.Load().sections); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{0, 1, 1, 2}, l.asked); diff != "" {
		t.Errorf("asked for what changed since: %s", diff)
	}
}

func TestAShelfKeepsTheLastGoodDocumentsWhileTheLibraryFails(t *testing.T) {
	l := paper()
	s := filled(t, l)
	l.err = errors.New("disk on fire")
	if changed, err := s.Refresh(t.Context()); changed || !errors.Is(err, l.err) {
		t.Errorf("changed %v, error %v", changed, err)
	}
	if s.Documents() != 6 || !s.failed.Load() {
		t.Errorf("%d documents, failed %v", s.Documents(), s.failed.Load())
	}
	l.err = nil
	l.save(doc("/new/", typeHTML, "new"))
	refresh(t, s, true)
	if s.Documents() != 7 || s.failed.Load() {
		t.Errorf("%d documents, failed %v", s.Documents(), s.failed.Load())
	}
}

func TestOnlySectionsOfThePaperAreListed(t *testing.T) {
	l := &library{}
	l.save(doc("/", typeHTML, ""), doc("/world/", typeHTML, ""), doc("/-/private/x/", typeHTML, ""),
		doc("/arts/", typeHTML, ""), doc("/rss.xml", typeRSS, ""), doc("/world/rss.xml", typeRSS, ""))
	if diff := cmp.Diff([]string{"arts", "world"}, filled(t, l).now.Load().sections); diff != "" {
		t.Error(diff)
	}
}

func TestDocumentsAreReplacedWhileTheyAreRead(t *testing.T) {
	l := paper()
	s := filled(t, l)
	h := Readers(s, site(""), ReaderOptions{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 200 {
				if code := get(h, "/world/").Code; code != 200 {
					t.Errorf("status %d", code)
				}
			}
		})
	}
	for range 50 {
		l.save(doc("/world/", typeHTML, "newer"))
		refresh(t, s, true)
	}
	readers.Wait()
}
