package article

import (
	"strings"
	"testing"

	"broadsheet/feed"
)

// What the article says in the words of furniture stays: at its end, in its subheadings, in
// its examples and under its quotations.
func TestWordsOfFurnitureThatTheArticleMeans(t *testing.T) {
	before, after := plenty(1200), "<p>The second stage of the work begins in the autumn, when the wall is to be raised by a metre against the storms.</p>"
	for body, want := range map[string]string{
		before + "<p>Shares in Qasr Dredging closed two per cent higher on Monday.</p>":                                             "Shares in Qasr",
		before + "<p>Contact with the boat was lost on Tuesday, the ministry said.</p>":                                             "Contact with",
		before + "<p>The Post reported last week that the sum had been paid twice.</p>":                                             "The Post reported",
		before + "<p>Via Roma stays closed until the autumn.</p>":                                                                   "Via Roma",
		before + "<p>Comments are due by the first of May.</p><p>After that the council decides in public.</p>":                     "After that",
		before + `<h2 id="related-work">Related work</h2>` + after:                                                                  `<h2 id="related-work">Related work`,
		before + `<h2 id="how-cookies-work">How cookies work</h2>` + after:                                                          "How cookies work",
		before + `<h2 class="wp-block-heading" id="h-the-share-price">The share price</h2>` + after:                                 "The share price",
		before + `<h3>Video</h3>` + after:                                                                                           "Video",
		before + `<div class="code-toolbar"><pre><code>go build ./...</code></pre></div>` + after:                                   "go build",
		before + `<table class="votes"><tr><td>Lund</td><td>12</td></tr><tr><td>Dow</td><td>9</td></tr></table>` + after:            "Lund",
		before + `<blockquote><p>We waited three weeks for this morning.</p><footer>Ana Lund, fisher</footer></blockquote>` + after: "Ana Lund",
	} {
		page, _, err := Read(feed.Leaf{URL: somewhere, ContentType: "text/html", Body: []byte("<html><title>The wall</title><body><article><h1>The wall</h1>" + body + "</article></body></html>")}, Input{})
		if err != nil || !strings.Contains(string(page.Content.Value), want) {
			t.Errorf("%q is lost: %v", want, err)
		}
	}
	for _, body := range []string{
		"<p>Share this with a friend</p>", "<p>Contact us at desk@paper.example.</p>", `<p>Follow <a href="https://paper.example/jo">Jo Rain</a>.</p>`, "<p>Copyright 2026 The Paper</p>",
		"<p>Comments (3)</p><p>I like it.</p>",
	} {
		page, _, err := Read(feed.Leaf{URL: somewhere, ContentType: "text/html", Body: []byte("<html><title>The wall</title><body><article><h1>The wall</h1>" + before + body + "</article></body></html>")}, Input{})
		if s := string(page.Content.Value); err != nil || strings.Contains(s, "Share this") || strings.Contains(s, "I like it") || strings.Contains(s, "Contact us") || strings.Contains(s, "Jo Rain") || strings.Contains(s, "Copyright") {
			t.Errorf("%s stays: %v", body, err)
		}
	}
}
