package article

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// Three paragraphs that stand around what a case is about.
const (
	para1 = "The councils of three towns have agreed on one timetable for the ferries between them, after nine years, and many letters."
	para2 = "From the first of March a boat will leave each quay every forty minutes, in the words of the agreement, weather permitting."
	para3 = "The agreement runs for six years, and each of the towns may leave it, but only with two winters' notice to the others."
)

// around puts something between paragraphs of an article.
func around(between string) string {
	return "<html><head><title>One timetable</title></head><body><article><h1>One timetable</h1><p>" + para1 + "</p><p>" + para2 + "</p>" + between + "<p>" + para3 + "</p></article></body></html>"
}

func TestWhatStaysBetweenParagraphs(t *testing.T) {
	for _, tc := range []struct{ name, between, stays string }{
		{"a heading", "<h2>What it says</h2>", "h2: What it says"},
		{"a list", "<ul><li>Boats</li><li>Tickets</li></ul>", "li: Boats|li: Tickets"},
		{"a list of footnotes", `<ol><li id="fn1"><a href="#ref1">Minutes of the council</a></li><li id="fn2"><a href="#ref2">Letters, volume nine</a></li></ol>`, "li: Minutes of the council|li: Letters, volume nine"},
		{"links to other sites", `<p>Three papers wrote of it:</p><ul><li><a href="https://b.example/x">The Mast</a></li><li><a href="https://c.example/y">The Anchor</a></li></ul>`, "p: Three papers wrote of it:|li: The Mast|li: The Anchor"},
		{"code", `<pre><code class="language-go">for { ferry() }</code></pre>`, "pre: for { ferry() }"},
		{"a table", "<table><tr><th>Quay<th>Boat</tr><tr><td>North<td>05:00</tr></table>", "th: Quay|th: Boat|td: North|td: 05:00"},
		{"a quote", "<blockquote><p>It was not difficult, after that, to count the people and the boats.</p></blockquote>", "p: It was not difficult, after that, to count the people and the boats."},
		{"a lazy picture with a caption", `<figure><img src="data:," data-src="/a.jpg" data-srcset="/a-2.jpg 2x"><figcaption>The quay at dawn</figcaption></figure>`, "img: /a.jpg|figcaption: The quay at dawn"},
		{"a picture with a caption of old", `<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">The quay at dawn</p></div>`, "img: https://a.example/a.jpg|figcaption: The quay at dawn"},
		{"a video", `<iframe src="https://player.vimeo.com/video/1"></iframe>`, "iframe: https://player.vimeo.com/video/1"},
		{"a paragraph that is called what it is not", `<p class="related-to-ferries">The boats are those that were bought in the year of the flood, and they have been painted since.</p>`, "p: The boats are those that were bought in the year of the flood, and they have been painted since."},
		{"a block that hides its label only", `<div class="field field--label-hidden"><p>The boats are those that were bought in the year of the flood, and they have been painted since.</p></div>`, "p: The boats are those that were bought in the year of the flood, and they have been painted since."},
		{"the place that a report comes from", `<p><span class="dateline">SANKT OLIN, 20 November</span> The boats are those that were bought in the year of the flood, and they have been painted since.</p>`, "p: SANKT OLIN, 20 November The boats are those that were bought in the year of the flood, and they have been painted since."},

		{"a share bar", `<div class="share-buttons"><a href="/s">Share</a> <a href="/t">Tweet</a></div>`, ""},
		{"a share bar without a name", `<p><a href="https://www.facebook.com/sharer/sharer.php?u=x">Facebook</a> <a href="whatsapp://send?text=x">WhatsApp</a></p>`, ""},
		{"a related box", `<div class="relatedArticles"><h4>More on this</h4><a href="/x">Bridge plan is dropped</a> <a href="/y">Fares rise for the third time</a></div>`, ""},
		{"a line that leads elsewhere", `<p>Read more: <a href="/x">Bridge plan is dropped for good</a></p>`, ""},
		{"a link that stands alone", `<p><strong><a href="/x">Bridge plan is dropped for good, says the council</a></strong></p>`, ""},
		{"a list of headlines", `<ul><li><a href="/x">Bridge plan is dropped</a></li><li><a href="/y">Fares rise for the third time</a></li></ul>`, ""},
		{"a newsletter", `<div class="newsletter-box"><p>Get the news of the sound before breakfast, every day but Sunday, for nothing at all.</p></div>`, ""},
		{"an advertisement", `<div class="ad-slot">Advertisement</div>`, ""},
		{"what nobody sees", `<div style="display: none"><p>This text is only for machines that read pages, and not for anybody who looks at them.</p></div><p hidden>Nor is this.</p>`, ""},
		{"a form", `<form><label>Your name <input name=n></label><button>Send</button></form>`, ""},
		{"a frame of anybody", `<iframe src="https://poll.example/1"></iframe>`, ""},
		{"a caption without its picture", `<figure><figcaption>The quay at dawn</figcaption></figure>`, ""},
		{"a menu that pops up", `<p>The chair of the council <span><span><a href="/1">Chair says no to the bridge, and yes</a> <a href="/2">A chair for the chair of the council</a> <a href="/3">Seventeen chairs are bought from abroad, at the price of nine of them, and a stool</a></span></span> says that the boats are to be painted in the year that comes, all of them.</p>`,
			"p: The chair of the council says that the boats are to be painted in the year that comes, all of them."},
		{"Back to top", `<p><a href="#top">Back to top</a></p>`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			page, _ := mustRead(t, "https://a.example/story", around(tc.between), Input{})
			want := []string{"p: " + para1, "p: " + para2}
			if tc.stays != "" {
				want = append(want, strings.Split(tc.stays, "|")...)
			}
			if d := cmp.Diff(append(want, "p: "+para3), blocksOf(t, page.Content)); d != "" {
				t.Errorf("-want +got\n%s\n%s", d, page.Content.Value)
			}
		})
	}
}

// An element that holds most of the page is its text, whatever it is called.
func TestNamesThatLie(t *testing.T) {
	for _, name := range []string{"popup", "sidebar", "related-layout", "comments", "newsletter-page", "site-footer", "cookie-wrap", "paywall-content"} {
		page, _ := mustRead(t, "https://a.example/story", `<html><body><div class="`+name+`"><p>`+para1+"</p><p>"+para2+"</p><p>"+para3+"</p></div></body></html>", Input{})
		if got := blocksOf(t, page.Content); len(got) != 3 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What a picture is made of stays for the normaliser, and so do anchors of notes and the
// language of code.
func TestWhatTheNormaliserNeedsStays(t *testing.T) {
	page, _ := mustRead(t, "https://a.example/story", around(`<p id="n1">See <a href="#fn1">1</a>, and the list of all boats that ever crossed.</p>`+
		`<figure><picture><source srcset="/a.webp" type="image/webp"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src="/a.jpg" class="lazyload" alt="Quay" width="600" height="400"></picture></figure>`+
		`<pre><code class="language-go hljs">x := 1</code></pre>`), Input{})
	for _, piece := range []string{`id="n1"`, `href="#fn1"`, `data-src="/a.jpg"`, `a.webp`, `alt="Quay"`, `width="600"`, `class="language-go hljs"`} {
		if !strings.Contains(string(page.Content.Value), piece) {
			t.Errorf("%s is lost in %s", piece, page.Content.Value)
		}
	}
}

func TestWhatStandsAtTheEnds(t *testing.T) {
	before := `<div class=x><p>One timetable</p><p>By Ines Falk</p><p>20 November 2026, 07:15</p></div>`
	after := `<p>Ines Falk writes about harbours for this paper.</p><p>Follow us on <a href="/t">Twitter</a> for more.</p><h3>More from Trade</h3><p><a href="/x">Bridge plan is dropped</a></p><p><a href="/y">Fares rise</a></p><p>© 2026 The Courier. All rights reserved.</p>`
	page, _ := mustRead(t, "https://a.example/story", `<html><head><title>One timetable</title><meta name=author content="Ines Falk"></head><body><div>`+before+"<p>"+para1+"</p><p>"+para2+"</p><p>"+para3+"</p>"+after+"</div></body></html>", Input{})
	if d := cmp.Diff([]string{"p: " + para1, "p: " + para2, "p: " + para3}, blocksOf(t, page.Content)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// Of several articles on a page the one with the headline is read.
func TestThePagesOwnArticle(t *testing.T) {
	teaser := `<article><h2><a href="/x">Bridge plan is dropped</a></h2><p>The bridge that was to span the sound will not be built, the three councils said, and nobody was much surprised by it, least of all the builders.</p></article>`
	page, _ := mustRead(t, "https://a.example/story", `<html><head><title>One timetable</title></head><body><section><article><h1>One timetable</h1><p>`+para1+"</p><p>"+para2+"</p><p>"+para3+"</p></article>"+teaser+teaser+"</section></body></html>", Input{})
	if d := cmp.Diff([]string{"p: " + para1, "p: " + para2, "p: " + para3}, blocksOf(t, page.Content)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// What a page says for machines is the check: a text that is found elsewhere is found
// there, and one that the page does not show at all is made of it.
func TestWhatMachinesAreTold(t *testing.T) {
	body := para1 + "\n" + para2 + "\n" + para3 + "\n" + strings.Repeat(para1+" ", 4)
	ld := script(`{"@type":"NewsArticle","headline":"One timetable","articleBody":"` + strings.ReplaceAll(body, "\n", `\n`) + `"}`)
	t.Run("only there", func(t *testing.T) {
		page, _ := mustRead(t, "https://a.example/story", `<html><head>`+ld+`</head><body><div id=app></div><script src=/a.js></script></body></html>`, Input{})
		if got := blocksOf(t, page.Content); len(got) != 4 || got[1] != "p: "+para2 || page.Wall != "" {
			t.Errorf("%q, %s", got, page.Wall)
		}
	})
	t.Run("elsewhere", func(t *testing.T) {
		page, _ := mustRead(t, "https://a.example/story", `<html><head>`+ld+`</head><body><div class="content main article"><p>`+strings.Repeat("Terms of this paper, which nobody reads, are long, and dull, and full of commas, and of law. ", 30)+
			`</p></div><div><table><tr><td><p>`+para1+"</p><p>"+para2+"</p><p>"+para3+"</p><p>"+strings.Repeat(para1+" ", 4)+"</p></td></tr></table></div></body></html>", Input{})
		if got := blocksOf(t, page.Content); len(got) != 4 || got[0] != "p: "+para1 {
			t.Errorf("%q", got)
		}
	})
	t.Run("microdata", func(t *testing.T) {
		page, _ := mustRead(t, "https://a.example/story", `<html><body><div itemprop="articleBody"><div><section><p>`+para1+"</p></section></div>"+
			"<ul><li><p>"+para2+"</p></li></ul><div><div><p>"+para3+"</p></div></div></div></body></html>", Input{})
		if got := blocksOf(t, page.Content); len(got) != 3 {
			t.Errorf("%q", got)
		}
	})
}

// Encodings by header, by <meta>, by mark and by the bytes.
func TestEncodings(t *testing.T) {
	for _, tc := range []struct{ name, contentType, body string }{
		{"UTF-8", "text/html", "<p>Fähre"},
		{"header", "text/html; charset=iso-8859-1", "<p>F\xE4hre"},
		{"meta", "text/html", `<meta charset="windows-1252"><p>F` + "\xE4hre"},
		{"meta, far down", "text/html", "<!--" + strings.Repeat("x", 1500) + `--><meta charset="iso-8859-2"><p>F` + "\xE4hre"},
		{"a header that is wrong", "text/html; charset=iso-8859-1", "<p>Fähre"},
		{"UTF-8 but for a byte", "text/html; charset=utf-8", "<p>Fähre f\xFCr alle, überall"},
		{"UTF-16", "text/html", "\xFF\xFE<\x00p\x00>\x00F\x00\xE4\x00h\x00r\x00e\x00"},
		{"a mark", "text/html; charset=iso-8859-1", "\xEF\xBB\xBF<p>Fähre"},
	} {
		if got := decode([]byte(tc.body), tc.contentType); !strings.Contains(got, "Fähre") || strings.Contains(got, "\uFEFF") {
			t.Errorf("%s: %q", tc.name, got)
		}
	}
}

// An error says what stands in the place of a page.
func TestWhatIsNotRead(t *testing.T) {
	for _, tc := range []struct {
		leaf feed.Leaf
		kind feed.Kind
	}{
		{feed.Leaf{URL: somewhere, Body: []byte("%PDF-1.7")}, feed.KindNotFeed},
		{feed.Leaf{URL: somewhere, ContentType: "application/json", Body: []byte("{}")}, feed.KindNotFeed},
		{feed.Leaf{URL: somewhere, ContentType: "text/html"}, feed.KindEmpty},
		{feed.Leaf{URL: somewhere, ContentType: "TEXT/HTML ;x", Body: []byte("<p>x")}, ""},
		{feed.Leaf{URL: somewhere, ContentType: "application/xhtml+xml", Body: []byte("<html/>")}, ""},
		{feed.Leaf{URL: "::", ContentType: "", Body: []byte("\xEF\xBB\xBF <p>x")}, ""},
	} {
		if _, _, err := Read(tc.leaf, Input{}); feed.KindOf(err) != tc.kind || (err != nil) != (tc.kind != "") {
			t.Errorf("%q %q: %v", tc.leaf.ContentType, tc.leaf.Body, err)
		}
	}
}
