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
		before + `<p>The court struck down the <a href="/policy">privacy policy of the port</a> on Friday.</p>` + after:                                                        "struck down",
		before + `<p>The court struck down the privacy policy of the port on Friday.</p>`:                                                                                      "struck down",
		before + `<p>Four hundred men were told to sign up at the <a href="/office">office of the harbour</a> on Friday.</p>` + after:                                          "Four hundred",
		before + `<h2>Sources</h2><ul><li><a href="https://b.example/x">Minutes of the council, 1911</a></li><li><a href="https://c.example/y">The Mast, May</a></li></ul>`:    "Minutes of",
		before + `<h3>References</h3><ol><li><a href="https://b.example/x">Minutes of the council, 1911</a></li><li><a href="https://c.example/y">The Mast, May</a></li></ol>`: "The Mast",
		before + `<section id="discussion"><h2>Discussion</h2>` + after + `<p>Whether the wall holds depends on the stones.</p></section>` + after:                             "depends on the stones",
		before + `<figure class="quote"><p>We waited three weeks for this morning.</p></figure>` + after:                                                                       "three weeks",
		before + `<p>The paper <a href="https://t.me/sharepoint_news">has a channel</a>, where it says the same in fewer words.</p>`:                                           "has a channel",
		before + `<p class="related">Nobody waved from the mole that morning.</p>` + after:                                                                                     "Nobody waved",
		`<p>By nine, was anybody left on the quay?</p>` + before:                                                                                                               "By nine",
		before + `<p>By then nobody came: “The boat is gone!”</p>`:                                                                                                             "By then",
		before + `<p>Written by hand, the list hangs in the harbour to this day.</p>`:                                                                                          "Written by hand",
		before + `<p>First published in 1911, the book sold ten copies.</p>`:                                                                                                   "First published",
		before + "<p>Shares in Qasr Dredging closed two per cent higher on Monday.</p>":                                                                                        "Shares in Qasr",
		before + "<p>Contact with the boat was lost on Tuesday, the ministry said.</p>":                                                                                        "Contact with",
		before + "<p>The Post reported last week that the sum had been paid twice.</p>":                                                                                        "The Post reported",
		before + "<p>Via Roma stays closed until the autumn.</p>":                                                                                                              "Via Roma",
		before + "<p>Comments are due by the first of May.</p><p>After that the council decides in public.</p>":                                                                "After that",
		before + `<h2 id="related-work">Related work</h2>` + after:                                                                                                             `<h2 id="related-work">Related work`,
		before + `<h2 id="how-cookies-work">How cookies work</h2>` + after:                                                                                                     "How cookies work",
		before + `<h2 class="wp-block-heading" id="h-the-share-price">The share price</h2>` + after:                                                                            "The share price",
		before + `<h3>Video</h3>` + after: "Video",
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
		"<p>Comments (3)</p><p>I like it.</p>", `<p>Written by <a href="/jo">Jo Rain</a></p>`, `<p>To share this with us, see our <a href="/policy">privacy policy</a>. Contact us.</p>`,
		`<section id="discussion"><h2>Discussion</h2><div class="comment"><p>I like it. ` + strings.Repeat("And so does everybody on the quay. ", 5) + `</p></div></section>`,
		before + `<figure class="quote"><p>Share this</p></figure>` + after,
	} {
		page, _, err := Read(feed.Leaf{URL: somewhere, ContentType: "text/html", Body: []byte("<html><title>The wall</title><body><article><h1>The wall</h1>" + before + body + "</article></body></html>")}, Input{})
		if s := string(page.Content.Value); err != nil || strings.Contains(s, "Share this") || strings.Contains(s, "I like it") || strings.Contains(s, "Contact us") || strings.Contains(s, "Jo Rain") || strings.Contains(s, "Copyright") {
			t.Errorf("%s stays: %v", body, err)
		}
	}
}
