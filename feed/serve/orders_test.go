package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// maker is a Maker that says what it was asked.
type workshop struct {
	mu    sync.Mutex
	asked []string
	make  func(ctx context.Context, path, query string) (feed.Document, Found, error)
}

func (m *workshop) Make(ctx context.Context, path string, query url.Values) (feed.Document, Found, error) {
	m.mu.Lock()
	m.asked = append(m.asked, path+"?"+query.Encode())
	m.mu.Unlock()
	if m.make != nil {
		return m.make(ctx, path, query.Encode())
	}
	if !strings.HasPrefix(path, feed.ArticlePath) && !strings.Contains(path, "rss") && path != feed.SearchPath {
		return feed.Document{}, None, nil
	}
	made := doc("whatever", typeRSS, path+"?"+query.Encode())
	made.Fresh = 2 * time.Minute
	return made, Here, nil
}

// TestOnlyWhatCanBeSelectedCounts: queries of a feed go to the maker, in one form each; all
// else in a query is nobody's business, and so does not miss the cache.
func TestOnlyWhatCanBeSelectedCounts(t *testing.T) {
	for name, row := range map[string]struct {
		target string
		asked  string // of the maker; empty if the document on the shelf is sent
		code   int
	}{
		"no query":                            {"/world/rss.xml", "", 200},
		"a bare question mark":                {"/world/rss.xml?", "", 200},
		"a word to search for":                {"/world/rss.xml?q=boats", "/world/rss.xml?q=boats", 200},
		"in one order":                        {"/world/rss.xml?source=gulf&q=a", "/world/rss.xml?q=a&source=gulf", 200},
		"all four":                            {"/rss.xml?source=s&q=q&language=l&category=c", "/rss.xml?category=c&language=l&q=q&source=s", 200},
		"spaces":                              {"/world/rss.xml?q=%20%20a%09%20b+", "/world/rss.xml?q=a+b", 200},
		"the first of several":                {"/world/rss.xml?q=a&q=b", "/world/rss.xml?q=a", 200},
		"a key without a value":               {"/world/rss.xml?q=&source=x", "/world/rss.xml?source=x", 200},
		"nothing to select":                   {"/world/rss.xml?q=+&source=", "", 200},
		"a key that is none":                  {"/world/rss.xml?utm_source=x&_=1700000000", "", 200},
		"one of each":                         {"/world/rss.xml?_=17&q=a&fbclid=x", "/world/rss.xml?q=a", 200},
		"keys in other letters":               {"/world/rss.xml?Q=a", "", 200},
		"a damaged query":                     {"/world/rss.xml?q=%zz&;;", "", 200},
		"what is no text":                     {"/world/rss.xml?q=%ff%00a", "/world/rss.xml?q=a", 200},
		"a page is whole":                     {"/world/?q=a", "", 200},
		"a stylesheet is":                     {"/-/style.css?q=a", "", 200},
		"a page that is made":                 {"/-/search?q=a&_=1", "/-/search?q=a", 200},
		"one without a query":                 {"/-/a/17?_=1", "/-/a/17?", 200},
		"what nobody makes":                   {"/-/no?q=a", "/-/no?q=a", 404},
		"more than can be searched for":       {"/world/rss.xml?q=" + strings.Repeat("a", maxQuery), "", 414},
		"more of what is nobody's business":   {"/world/?q=" + strings.Repeat("a", maxQuery), "", 200},
		"a section that was renamed":          {"/monde/rss.xml?q=a&_=1", "/monde/rss.xml?q=a", 200},
		"a section's page by its old name":    {"/monde/?q=a&_=1", "/monde/?q=a", 301},
		"a page of an archive has no part":    {"/-/archive/world/1.xml?q=a", "", 200},
		"more than one part can hold: is cut": {"/world/rss.xml?q=" + strings.Repeat("a", 300), "/world/rss.xml?q=" + strings.Repeat("a", 200), 200},
	} {
		t.Run(name, func(t *testing.T) {
			l, m := paper(), &workshop{}
			l.save(doc("/-/archive/world/1.xml", typeAtom, "page"))
			h := Readers(filled(t, l), site(""), ReaderOptions{Maker: m, Renamed: map[string]string{"monde": "world"}})
			w := get(h, row.target)
			if got := strings.Join(m.asked, " "); w.Code != row.code || got != row.asked {
				t.Errorf("%d, made %q; want %d, %q", w.Code, got, row.code, row.asked)
			}
			if row.code == 301 && w.Header().Get("Location") != "/world/?q=a" {
				t.Errorf("to %q", w.Header().Get("Location"))
			}
		})
	}
}

// TestWhatIsMadeIsADocumentLikeOthers: ETag, 304, codings, caching and Link are as for
// what is on the shelf.
func TestWhatIsMadeIsADocumentLikeOthers(t *testing.T) {
	h := Readers(filled(t, paper()), site(""), ReaderOptions{Maker: &workshop{}})
	w := get(h, "/world/rss.xml?q=boats&source=gulf", "Accept-Encoding: gzip")
	want := map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
		"Cache-Control": "public, max-age=120, stale-while-revalidate=120, stale-if-error=86400", "Vary": "Accept-Encoding, Sec-Fetch-Dest",
		"Content-Encoding": "gzip", "Content-Length": fmt.Sprint(w.Body.Len()), "Content-Security-Policy": dataPolicy,
		"Content-Type": typeRSS, "Etag": `"hwhatever-gzip"`, "Last-Modified": same, "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex",
		"Link": `<https://news.example/world/rss.xml?q=boats&source=gulf>; rel="self"`,
	}
	if diff := cmp.Diff(want, flat(w.Header())); w.Code != 200 || diff != "" {
		t.Error(w.Code, diff)
	}
	if w := get(h, "/world/rss.xml?q=boats&source=gulf", `If-None-Match: "hwhatever"`); w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("asked again: %d", w.Code)
	}
	if w := ask(h, http.MethodHead, "/world/rss.xml?q=boats"); w.Code != 200 || w.Body.Len() > 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: %d %v", w.Code, w.Header())
	}
}

// TestWhatIsSelectedNamesNoHub: none would take it for a topic.
func TestWhatIsSelectedNamesNoHub(t *testing.T) {
	m := &workshop{make: func(_ context.Context, path, query string) (feed.Document, Found, error) {
		return doc(path, typeRSS, query), Here, nil
	}}
	h := Readers(filled(t, paper()), site(""), ReaderOptions{Maker: m, Hubs: []string{"https://hub.example/"}})
	want := `<https://news.example/world/rss.xml?q=ferry>; rel="self"`
	if got := get(h, "/world/rss.xml?q=ferry").Header().Get("Link"); got != want {
		t.Errorf("Link: %s", got)
	}
}

// TestACrowdHasItMadeOnce: whoever asks while it is made waits for it, and whoever asks
// afterwards gets the same until something is published.
func TestACrowdHasItMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, m := paper(), &workshop{}
		m.make = func(_ context.Context, path, query string) (feed.Document, Found, error) {
			time.Sleep(time.Second)
			return doc(path, typeRSS, query), Here, nil
		}
		shelf := filled(t, l)
		h := Readers(shelf, site(""), ReaderOptions{Maker: m})
		crowd := func() {
			var readers sync.WaitGroup
			for i := range 500 {
				readers.Go(func() {
					if w := get(h, fmt.Sprintf("/world/rss.xml?_=%d&q=a", i)); w.Code != 200 || w.Body.String() != "q=a" {
						t.Errorf("%d %q", w.Code, w.Body)
					}
				})
			}
			readers.Wait()
		}
		crowd()
		crowd()
		if len(m.asked) != 1 {
			t.Errorf("made %d times for one crowd and another", len(m.asked))
		}
		l.save(doc("/world/rss.xml", typeRSS, "newer"))
		refresh(t, shelf, true)
		crowd()
		if len(m.asked) != 2 {
			t.Errorf("made %d times after something was published", len(m.asked))
		}
		time.Sleep(keptTime + time.Second)
		crowd()
		if len(m.asked) != 3 {
			t.Errorf("made %d times after it was kept for long", len(m.asked))
		}
	})
}

// TestMoreThanCanBeMadeIsToldToComeAgain is S-5: overload is 503 with Retry-After, and what
// is on the shelf is served meanwhile.
func TestMoreThanCanBeMadeIsToldToComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &workshop{}
		var mu sync.Mutex
		atOnce, most := 0, 0
		m.make = func(ctx context.Context, path, query string) (feed.Document, Found, error) {
			mu.Lock()
			atOnce++
			most = max(most, atOnce)
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			atOnce--
			mu.Unlock()
			return doc(path, typeRSS, query), Here, nil
		}
		h := Readers(filled(t, paper()), site(""), ReaderOptions{Maker: m})
		codes := map[int]int{}
		var readers sync.WaitGroup
		for i := range 100 {
			readers.Go(func() {
				w := get(h, fmt.Sprintf("/world/rss.xml?q=%d", i))
				mu.Lock()
				defer mu.Unlock()
				codes[w.Code]++
				if w.Code == 503 && (w.Header().Get("Retry-After") != "5" || w.Header().Get("Cache-Control") != "no-store") {
					t.Errorf("503 with %v", w.Header())
				}
			})
		}
		synctest.Wait()
		if w := get(h, "/world/rss.xml"); w.Code != 200 {
			t.Errorf("the shelf: %d", w.Code)
		}
		readers.Wait()
		if diff := cmp.Diff(map[int]int{200: makersAtOnce + makersWaiting, 503: 100 - makersAtOnce - makersWaiting}, codes); diff != "" || most != makersAtOnce {
			t.Errorf("%d at once; %s", most, diff)
		}
	})
}

// TestTheProgramsOwnTroubleIsNoDocument: an error, or a bug, is logged and answered with
// 503, is never kept and never 200; a slow one ends.
func TestTheProgramsOwnTroubleIsNoDocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, row := range map[string]struct {
			make func(context.Context, string, string) (feed.Document, Found, error)
			says string
		}{
			"an error": {func(context.Context, string, string) (feed.Document, Found, error) {
				return feed.Document{}, None, errors.New("disk on fire")
			}, "disk on fire"},
			"an error and a document": {func(_ context.Context, p, _ string) (feed.Document, Found, error) {
				return doc(p, typeRSS, "x"), Here, errors.New("disk on fire")
			}, "disk on fire"},
			"a bug": {func(context.Context, string, string) (feed.Document, Found, error) { panic("oh no") }, "oh no"},
			"one without an end": {func(ctx context.Context, _, _ string) (feed.Document, Found, error) {
				<-ctx.Done()
				return feed.Document{}, None, ctx.Err()
			}, "deadline"},
		} {
			var log bytes.Buffer
			m := &workshop{make: row.make}
			h := Readers(filled(t, paper()), site(""), ReaderOptions{Maker: m, Log: slog.New(slog.NewTextHandler(&log, nil))})
			for range 2 {
				w := get(h, "/world/rss.xml?q=a")
				if w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("ETag") != "" {
					t.Errorf("%s: %d %v", name, w.Code, w.Header())
				}
			}
			if len(m.asked) != 2 || !strings.Contains(log.String(), row.says) {
				t.Errorf("%s: made %d times, log %q", name, len(m.asked), log.String())
			}
			m.make = nil
			if w := get(h, "/world/rss.xml?q=a"); w.Code != 200 {
				t.Errorf("%s: afterwards %d", name, w.Code)
			}
		}
	})
}

// TestAReaderWhoLeavesSpoilsNothing: the one who asked first is gone, and those who wait
// with him get the document.
func TestAReaderWhoLeavesSpoilsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &workshop{make: func(ctx context.Context, path, query string) (feed.Document, Found, error) {
			select {
			case <-time.After(time.Second):
				return doc(path, typeRSS, query), Here, nil
			case <-ctx.Done():
				return feed.Document{}, None, ctx.Err()
			}
		}}
		h := Readers(filled(t, paper()), site(""), ReaderOptions{Maker: m})
		ctx, leave := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		readers.Go(func() {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/world/rss.xml?q=a", nil)
			h.ServeHTTP(httptest.NewRecorder(), r)
		})
		synctest.Wait()
		readers.Go(func() {
			if w := get(h, "/world/rss.xml?q=a"); w.Code != 200 {
				t.Errorf("status %d", w.Code)
			}
		})
		synctest.Wait()
		leave()
		readers.Wait()
	})
}

func TestWhatWasTakenBackIsGone(t *testing.T) {
	m := &workshop{make: func(context.Context, string, string) (feed.Document, Found, error) {
		return feed.Document{}, Gone, nil
	}}
	w := get(Readers(filled(t, paper()), site(""), ReaderOptions{Maker: m}), "/-/a/17")
	if w.Code != 410 || !strings.Contains(w.Body.String(), "taken back") || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

// TestMadeDocumentsTakeBoundedMemory: the ones that nobody asked for for longest go, and one
// that is too large is not kept at all.
func TestMadeDocumentsTakeBoundedMemory(t *testing.T) {
	body := strings.Repeat("x", keptBytes/keptShare/2)
	m := &workshop{make: func(_ context.Context, path, query string) (feed.Document, Found, error) {
		d := doc(path, typeRSS, body)
		if d.Gzip = nil; query == "q=huge" {
			d.Body = []byte(strings.Repeat("x", keptBytes/keptShare+1))
		}
		return d, Here, nil
	}}
	o := newOrders(m, nil)
	ask := func(query string) (made bool) {
		before := len(m.asked)
		o.get(t.Context(), 1, "/rss.xml", query)
		if o.bytes > keptBytes || o.recent.Len() != len(o.kept) {
			t.Fatalf("%d bytes in %d documents, %d in a row", o.bytes, len(o.kept), o.recent.Len())
		}
		return len(m.asked) > before
	}
	for i := range 40 {
		ask(fmt.Sprint("q=", i))
		if ask("q=0") && i > 0 {
			t.Fatalf("what is asked for all the time was dropped after %d others", i)
		}
	}
	if !ask("q=1") || ask("q=39") {
		t.Error("not the ones of long ago were dropped")
	}
	ask("q=huge")
	if !ask("q=huge") {
		t.Error("one that takes too much was kept")
	}
}

func FuzzQuery(f *testing.F) {
	f.Add("q=boats&source=gulf&_=1")
	f.Add("%zz;q=%ff&q=\x00")
	m := &workshop{}
	h := Readers(filled(f, paper()), site(""), ReaderOptions{Maker: m})
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/world/rss.xml", nil)
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 414 {
			t.Errorf("status %d", w.Code)
		}
		if link := w.Header()["Link"]; w.Code == 200 && (len(link) != 1 || strings.Count(link[0], `rel="self"`) != 1 || strings.ContainsAny(link[0], "\r\n\x00")) {
			t.Errorf("Link %q", link)
		}
		if len(m.asked) > 1<<16 {
			m.asked = nil
		}
	})
}
