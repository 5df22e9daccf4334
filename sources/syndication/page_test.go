package syndication

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"broadsheet/feed"
)

// The pages themselves are in testdata/pages.txtar, with what is said of each
// (T-35, H-11, DISC-1).

func refusal(t *testing.T, body, contentType string) *feed.Error {
	t.Helper()
	_, err := Parse([]byte(body), Input{URL: from, ContentType: contentType})
	e, ok := errors.AsType[*feed.Error](err)
	if !ok {
		t.Fatalf("it was read, or failed strangely: %v", err)
	}
	return e
}

// Nobody is told of something that a page may only seem to be: each phrase of the
// table, in the title of an article of ordinary length, names a web page.
func TestNoPhraseMakesAnArticleSomethingElse(t *testing.T) {
	story := strings.Repeat("<p>The ferry to the north shore was an hour late, because fog lay on the gulf.</p>", 120)
	for _, s := range signs {
		for _, phrase := range slices.Concat(s.heads, s.words, s.marks) {
			page := "<html><title>" + phrase + "</title><h1>" + phrase + "</h1><script>x='" + phrase + "'</script><p>" + phrase + "</p>" + story
			if got := refusal(t, page, "").Sentence(); got != "this is a web page, not a feed" {
				t.Errorf("an article with %q: %s", phrase, got)
			}
		}
	}
}

// Each phrase works, and is written the way in which it is compared.
func TestEachPhraseNamesItsSortOfPage(t *testing.T) {
	for _, s := range signs {
		want := "this is " + s.name + ", not a feed"
		field := ""
		if s.login {
			field = "<input>"
		}
		for _, phrase := range s.heads {
			if got := refusal(t, "<html><title>"+strings.ToUpper(phrase)+" | Gulf</title>"+field, "").Sentence(); got != want {
				t.Errorf("a title with %q: %s, want %s", phrase, got, want)
			}
		}
		for _, phrase := range s.words {
			if got := refusal(t, "<html><p>Gulf. "+phrase+"<br>.</p>", "").Sentence(); got != want {
				t.Errorf("a text with %q: %s, want %s", phrase, got, want)
			}
		}
		for _, mark := range s.marks {
			if got := refusal(t, "<html><script>"+mark+"</script>", "").Sentence(); got != want {
				t.Errorf("a script with %q: %s, want %s", mark, got, want)
			}
		}
	}
}

func TestAPageIsReadInTheEncodingThatItNames(t *testing.T) {
	russian := `<html><head><meta charset="windows-1251"><title>Страница не найдена</title></head></html>`
	body := must(charmap.Windows1251.NewEncoder().String(russian))
	if got := refusal(t, body, "").Sentence(); !strings.Contains(got, "an error page") {
		t.Error(got)
	}
}

// The Content-Type is advice (H-11): what the bytes are decides.
func TestTheBytesDecideNotTheContentType(t *testing.T) {
	doc, err := Parse([]byte(inItem("<title>One</title>")), Input{URL: from, ContentType: "text/html; charset=utf-8"})
	if err != nil || len(doc.Items) != 1 {
		t.Errorf("a feed that is called a page: %v, %d items", err, len(doc.Items))
	}
	if e := refusal(t, "<html><title>Sign in</title><input type=password>", "application/rss+xml"); e.Kind != feed.KindNotFeed {
		t.Errorf("a page that is called a feed: %v", e)
	}
}

// A page that links to very many feeds, or to odd ones, names a few sound ones.
func TestFewFeedsAreNamedAndOnlySoundOnes(t *testing.T) {
	alternate := func(href string) string {
		return `<link rel="alternate" type="application/rss+xml" href="` + href + `">`
	}
	odd := []string{
		"", " ", "#top", "mailto:x@gulf.example", "javascript:alert(1)", "data:text/xml,x", "http://", "http:///x", "ftp://gulf.example/x",
		"http://gulf.example/" + strings.Repeat("x", maxFeed), "http://[::1", "feed://gulf.example/x", "http://gulf.example:x/",
	}
	for _, href := range odd {
		if e := refusal(t, "<html><head>"+alternate(href)+"</head>words and more words", ""); len(e.Feeds) > 0 {
			t.Errorf("%.60q: %q", href, e.Feeds)
		}
	}
	e := refusal(t, "<html><head>"+strings.ReplaceAll(many(100, alternate("/feed/%d")), "\n", "")+"</head>", "")
	if len(e.Feeds) != maxFeeds || e.Feeds[0] != "http://gulf.example/feed/0" {
		t.Errorf("%d feeds: %q", len(e.Feeds), e.Feeds)
	}
}

// A page behind a login links to the reader's own feed: the sentence, which is
// logged and published, does not tell the key.
func TestTheSentenceTellsNoKeyOfAFeed(t *testing.T) {
	own := `<link rel="alternate" type="application/rss+xml" href="/feed?user=7&amp;token=sesame">`
	for _, page := range []string{own, own + strings.Replace(own, "user=7", "user=8", 1)} {
		e := refusal(t, "<html><head>"+page+"</head>", "")
		if strings.Contains(e.Error(), "sesame") || !strings.Contains(e.Error(), "http://gulf.example/feed?user=7&token=***") {
			t.Error(e)
		}
		if len(e.Feeds) == 0 || e.Feeds[0] != "http://gulf.example/feed?user=7&token=sesame" {
			t.Errorf("%q", e.Feeds)
		}
	}
}

// The pages of the autodiscovery suite link to one feed each. Of two kinds the
// suite asks for what HTML does not: it ignores a <base> that comes after the
// link (052).
func TestAutodiscoverySuiteOfTheCorpus(t *testing.T) {
	dir := filepath.Join(corpus(t), "suites", "autodiscovery")
	text, err := os.ReadFile(filepath.Join(dir, "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	right, wrong := 0, []string{}
	for line := range strings.Lines(string(text)) {
		var c struct {
			ID, Input, Expect string
			PageURL           string `json:"page_url"`
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(filepath.Join(dir, c.Input))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(body, Input{URL: c.PageURL})
		e, _ := errors.AsType[*feed.Error](err)
		if e == nil || len(e.Feeds) == 0 || e.Feeds[0] != c.Expect {
			wrong = append(wrong, c.ID)
			t.Logf("%s: %v, want %s", c.ID, err, c.Expect)
			continue
		}
		right++
	}
	t.Logf("%d of the pages link to what the suite expects, %q do not", right, wrong)
	if right < 56 || !slices.Equal(wrong, []string{"html4-052.html"}) {
		t.Fail()
	}
}

// FuzzPage looks for pages that stop the program, or about which it says something
// that cannot be shown or followed.
func FuzzPage(f *testing.F) {
	seeds(f)
	for _, s := range signs {
		for _, phrase := range slices.Concat(s.heads, s.words, s.marks) {
			f.Add([]byte("<html><title>"+phrase+"</title><h1>"+phrase+"<input type=password><script>"+phrase), "")
		}
	}
	f.Add([]byte(`<base href="//x.example/"><link rel="alternate" type="application/atom+xml" href=" a b#c ">`), "text/html; charset=utf-16")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		in := Input{URL: from, ContentType: contentType}
		text := characters(body, contentType, &warnings{})
		e := refusePage(text, body, in)
		if e.Kind != feed.KindNotFeed || !printable(e.Text) || !strings.HasPrefix(e.Text, "this is ") {
			t.Errorf("%s: %q", e.Kind, e.Text)
		}
		if len(e.Feeds) > maxFeeds || len(e.Feeds) > 0 != strings.Contains(e.Text, "it links to") {
			t.Errorf("%q, with %d feeds", e.Text, len(e.Feeds))
		}
		for _, u := range e.Feeds {
			if !isWeb(u) || len(u) > maxFeed || strings.ContainsAny(u, " <>\"#") || strings.ContainsFunc(u, unicode.IsSpace) {
				t.Errorf("a feed at %q", u)
			}
		}
	})
}
