package article

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/article/siterule"
	"broadsheet/sources/fetch"
)

type openGate struct{}

func (openGate) Pass(context.Context, string) (func(), error) { return func() {}, nil }

// inWeb runs a test in a web of its own, whose clock stands at the bubble's.
func inWeb(t *testing.T, o Options, test func(t *testing.T, web *fakeweb.Web, r *Reader)) {
	synctest.Test(t, func(t *testing.T) {
		web := fakeweb.New()
		client := fetch.New(fetch.Options{Dial: web.DialContext, Roots: web.Roots()})
		defer func() { client.Close(); web.Close() }()
		o.Fetch = client
		test(t, web, New(o))
	})
}

func asked(web *fakeweb.Web) []string {
	var out []string
	for _, r := range web.Log() {
		if r.Path != "/robots.txt" {
			out = append(out, r.Path)
		}
	}
	return out
}

// leafOf is a page of an article: some paragraphs that name it, and links.
func leafOf(head, name string, links string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<html><head><title>Ferries</title>%s</head><body><article><h1>Ferries</h1>", head)
	for _, n := range []string{"first", "second", "third"} {
		fmt.Fprintf(&b, "<p>This is the %s paragraph of page %s, in which the boats leave the quay at the minute that they always leave it.</p>", n, name)
	}
	fmt.Fprintf(&b, "</article><div class=pages>%s</div></body></html>", links)
	return []byte(b.String())
}

func next(href string) string { return `<link rel="next" href="` + href + `">` }

const story = "http://courier.example/story"

var errand = feed.Errand{Source: "courier", URL: story, Title: "Ferries"}

// pagesIn are the pages whose paragraphs stand in a text, in order.
func pagesIn(p feed.Page) string {
	var out []string
	for part := range strings.SplitSeq(string(p.Content.Value), "first paragraph of page ") {
		if name, _, ok := strings.Cut(part, ","); ok && len(name) == 1 {
			out = append(out, name)
		}
	}
	return strings.Join(out, "")
}

func TestPagesAreFollowedToTheEnd(t *testing.T) {
	inWeb(t, Options{}, func(t *testing.T, web *fakeweb.Web, r *Reader) {
		web.Serve("courier.example", "/story", "text/html", leafOf(next("/story/2"), "A", ""))
		web.Serve("courier.example", "/story/2", "text/html", leafOf(next("/story/3"), "B", ""))
		web.Serve("courier.example", "/story/3", "text/html", leafOf(next("/another"), "C", ""))
		web.Serve("courier.example", "/another", "text/html", leafOf("", "X", ""))
		before := time.Now().UTC()
		page, leaves, err := r.Read(t.Context(), openGate{}, errand)
		if err != nil {
			t.Fatal(err)
		}
		if pagesIn(page) != "ABC" || page.Pages != 3 || len(leaves) != 3 || !page.Seen.Equal(before) || page.URL != story || page.Reader != Version {
			t.Errorf("%q of %d pages, %d leaves, %+v", pagesIn(page), page.Pages, len(leaves), page)
		}
		if d := cmp.Diff([]string{"/story", "/story/2", "/story/3"}, asked(web)); d != "" {
			t.Error(d)
		}
		again, err := r.Again(errand, leaves)
		again.Seen = page.Seen
		if d := cmp.Diff(page, again); d != "" || err != nil {
			t.Errorf("read again: %v %s", err, d)
		}
		if n := len(asked(web)); n != 3 {
			t.Errorf("reading again asked for %d pages", n-3)
		}
	})
}

func TestWherePagesEnd(t *testing.T) {
	for _, tc := range []struct {
		name  string
		set   func(web *fakeweb.Web)
		pages string
		asked []string
		kind  feed.Kind
	}{
		{"back to the first", func(web *fakeweb.Web) {
			web.Serve("courier.example", "/story/2", "text/html", leafOf(next("/story"), "B", ""))
		}, "AB", []string{"/story", "/story/2"}, ""},
		{"a redirect back to the first", func(web *fakeweb.Web) {
			web.HandlePage("courier.example", "/story/2", fakeweb.Redirect(302, "/story"))
		}, "A", []string{"/story", "/story/2", "/story"}, ""},
		{"the same text under another address", func(web *fakeweb.Web) {
			web.Serve("courier.example", "/story/2", "text/html", leafOf(next("/story/3"), "A", ""))
		}, "A", []string{"/story", "/story/2"}, ""},
		{"a page that is not there", func(web *fakeweb.Web) {}, "A", []string{"/story", "/story/2"}, ""},
		{"a page that robots may not see", func(web *fakeweb.Web) {
			web.Serve("courier.example", "/robots.txt", "text/plain", []byte("User-agent: *\nDisallow: /story/2"))
		}, "A", []string{"/story"}, ""},
		{"a page that is no page", func(web *fakeweb.Web) {
			web.Serve("courier.example", "/story/2", "application/pdf", []byte("%PDF-1.7"))
		}, "A", []string{"/story", "/story/2"}, ""},
		{"a page that cannot be had just now", func(web *fakeweb.Web) {
			web.HandlePage("courier.example", "/story/2", fakeweb.Status(503))
		}, "", []string{"/story", "/story/2"}, feed.KindHeld},
		{"pages without end", func(web *fakeweb.Web) {
			for n := 2; n < 40; n++ {
				web.Serve("courier.example", fmt.Sprintf("/story/%d", n), "text/html", leafOf(next(fmt.Sprintf("/story/%d", n+1)), string(rune('A'+n-1)), ""))
			}
		}, "ABCDEFGHIJ", []string{"/story", "/story/2", "/story/3", "/story/4", "/story/5", "/story/6", "/story/7", "/story/8", "/story/9", "/story/10"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inWeb(t, Options{}, func(t *testing.T, web *fakeweb.Web, r *Reader) {
				web.Serve("courier.example", "/story", "text/html", leafOf(next("/story/2"), "A", ""))
				tc.set(web)
				page, _, err := r.Read(t.Context(), openGate{}, errand)
				if feed.KindOf(err) != tc.kind || (err != nil) != (tc.kind != "") {
					t.Fatalf("%v, kind %q", err, feed.KindOf(err))
				}
				if pagesIn(page) != tc.pages {
					t.Errorf("pages %q, not %q", pagesIn(page), tc.pages)
				}
				if d := cmp.Diff(tc.asked, asked(web)); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

func TestTheSinglePageGoesBeforeTheNext(t *testing.T) {
	link := `<a href="/story?page=all">View as single page</a>`
	for _, tc := range []struct {
		name  string
		whole http.Handler
		pages string
		asked []string
	}{
		{"whole", fakeweb.Page("text/html", []byte(strings.ReplaceAll(string(leafOf("", "A", ""))+string(leafOf("", "B", "")), "</article>", "<hr>"))), "AB", []string{"/story", "/story?page=all"}},
		{"missing", fakeweb.Status(404), "AB", []string{"/story", "/story?page=all", "/story/2"}},
		{"less than the page", fakeweb.Page("text/html", []byte("<html><body><p>Print me.</p></body></html>")), "AB", []string{"/story", "/story?page=all", "/story/2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inWeb(t, Options{}, func(t *testing.T, web *fakeweb.Web, r *Reader) {
				web.Serve("courier.example", "/story", "text/html", leafOf(next("/story/2"), "A", link))
				web.Serve("courier.example", "/story/2", "text/html", leafOf("", "B", ""))
				web.HandlePage("courier.example", "/story?page=all", tc.whole)
				page, leaves, err := r.Read(t.Context(), openGate{}, errand)
				if err != nil || pagesIn(page) != tc.pages {
					t.Errorf("pages %q, %v", pagesIn(page), err)
				}
				if d := cmp.Diff(tc.asked, asked(web)); d != "" {
					t.Error(d)
				}
				again, err := r.Again(errand, leaves)
				if again.Seen = page.Seen; err != nil || cmp.Diff(page, again) != "" {
					t.Errorf("read again: %v %s", err, cmp.Diff(page, again))
				}
			})
		})
	}
}

func TestWhatIsNoPage(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.Handler
		robots string
		kind   feed.Kind
		says   string
	}{
		{"a PDF", fakeweb.Page("application/pdf", []byte("%PDF-1.7")), "", feed.KindNotFeed, "courier: reading the article: this is a PDF file, not a web page"},
		{"a picture", fakeweb.Page("image/png", []byte("\x89PNG")), "", feed.KindNotFeed, "courier: reading the article: this is of type image/png, not a web page"},
		{"nothing", fakeweb.Raw([]byte(" \n"), "Content-Type", "text/html"), "", feed.KindEmpty, "courier: reading the article: the page is empty"},
		{"too much", fakeweb.Raw(make([]byte, maxBytes+1), "Content-Type", "text/html"), "", feed.KindTooLarge, "courier: reading the article: the page has more than 5 MB"},
		{"robots", fakeweb.Page("text/html", leafOf("", "A", "")), "User-agent: *\nDisallow: /", feed.KindRobots, "courier: fetching: robots.txt of courier.example does not allow it"},
		{"gone", fakeweb.Status(410), "", feed.KindGone, "courier: fetching: the server answered 410 (Gone)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inWeb(t, Options{}, func(t *testing.T, web *fakeweb.Web, r *Reader) {
				web.HandlePage("courier.example", "/story", tc.answer)
				if tc.robots != "" {
					web.Serve("courier.example", "/robots.txt", "text/plain", []byte(tc.robots))
				}
				_, leaves, err := r.Read(t.Context(), openGate{}, errand)
				if feed.KindOf(err) != tc.kind || err.Error() != tc.says || leaves != nil {
					t.Errorf("%q: %v", feed.KindOf(err), err)
				}
			})
		})
	}
}

// A rule may name any link as the next page: pages are not asked for twice, nor those of
// another site.
func TestNextPagesByRule(t *testing.T) {
	rule, problems := siterule.Parse("courier.example", []byte("next_page_link: //a[@id='next']\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	to := func(href string) string { return `<a id="next" href="` + href + `">On</a>` }
	o := Options{Rules: func(string, string) *siterule.Rule { return rule }}
	inWeb(t, o, func(t *testing.T, web *fakeweb.Web, r *Reader) {
		web.Serve("courier.example", "/story", "text/html", leafOf("", "A", to("/b")))
		web.Serve("courier.example", "/b", "text/html", leafOf("", "B", to("/c")))
		web.Serve("courier.example", "/c", "text/html", leafOf("", "C", to("/b#again")))
		page, _, err := r.Read(t.Context(), openGate{}, errand)
		if d := cmp.Diff([]string{"/story", "/b", "/c"}, asked(web)); err != nil || d != "" || pagesIn(page) != "ABC" {
			t.Errorf("%q %v %s", pagesIn(page), err, d)
		}
	})
	inWeb(t, o, func(t *testing.T, web *fakeweb.Web, r *Reader) {
		web.Serve("courier.example", "/story", "text/html", leafOf("", "A", to("http://www.courier.example/b")))
		web.Serve("www.courier.example", "/b", "text/html", leafOf("", "B", to("http://other.example/c")))
		web.Serve("other.example", "/c", "text/html", leafOf("", "C", ""))
		page, _, err := r.Read(t.Context(), openGate{}, errand)
		if d := cmp.Diff([]string{"/story", "/b"}, asked(web)); err != nil || d != "" || pagesIn(page) != "AB" {
			t.Errorf("%q %v %s", pagesIn(page), err, d)
		}
	})
}

// The rule of the host that a page came from reads it, whatever host the article's link is of.
func TestRules(t *testing.T) {
	rule, err := siterule.Selectors([]string{".text"}, []string{".note"})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Rules: func(source, host string) *siterule.Rule {
		if source == "courier" && host == "www.courier.example" {
			return rule
		}
		return nil
	}, Settings: func(source string) string {
		if source == "courier" {
			return rule.Version()
		}
		return ""
	}}
	inWeb(t, o, func(t *testing.T, web *fakeweb.Web, r *Reader) {
		web.HandlePage("courier.example", "/story", fakeweb.Redirect(301, "http://www.courier.example/story"))
		web.Serve("www.courier.example", "/story", "text/html", []byte(`<html><body><div class=text>The <b>text</b>.<p class=note>Note</p></div>`+plenty(3000)))
		page, _, err := r.Read(t.Context(), openGate{}, errand)
		if err != nil || page.Content.Value != "<div>The <b>text</b>.</div>" || page.URL != "http://www.courier.example/story" {
			t.Errorf("%+v, %v", page, err)
		}
		if page.Reader != r.Version("courier") || r.Version("courier") == r.Version("other") || r.Version("other") != Version {
			t.Errorf("versions: %q %q %q", page.Reader, r.Version("courier"), r.Version("other"))
		}
	})
}
