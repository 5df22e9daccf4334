package normalise

import (
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// The text that furniture stands around.
const (
	firstTest = "<p>Rain fell on the port of Amity all night.</p>"
	lastTest  = "<p>The ferry to Marfa was an hour late.</p>"
)

func TestFurnitureIsTakenOut(t *testing.T) {
	const page, site = "https://paper.example/news/rain", "https://paper.example/"
	share := `<a href="https://www.facebook.com/sharer/sharer.php?u=x">Share on Facebook</a> | <a href="https://twitter.com/intent/tweet?text=x">Tweet</a>`
	tests := []struct{ name, before, middle, after string }{
		{name: "the line of a program, with links", after: `<p>The post <a href="` + page + `">Rain over Port Amity</a> appeared first on <a href="` + site + `">The Paper</a>.</p>`},
		{name: "the line of a program, without", after: `<p>The post Rain over Port Amity first appeared on The Paper.</p>`},
		{name: "in German", after: `<p>Der Beitrag <a href="` + page + `">Regen</a> erschien zuerst auf <a href="` + site + `">Das Blatt</a>.</p>`},
		{name: "in French", after: `<p>L’article <a href="` + page + `">Pluie</a> est apparu en premier sur <a href="` + site + `">Le Journal</a>.</p>`},
		{name: "in Spanish", after: `<p>La entrada <a href="` + page + `">Lluvia</a> se publicó primero en <a href="` + site + `">El Diario</a>.</p>`},
		{name: "in Italian", after: `<p>L'articolo <a href="` + page + `">Pioggia</a> proviene da <a href="` + site + `">Il Foglio</a>.</p>`},
		{name: "in Dutch", after: `<p>Het bericht <a href="` + page + `">Regen</a> verscheen eerst op <a href="` + site + `">De Krant</a>.</p>`},
		{name: "in Polish", after: `<p>Artykuł <a href="` + page + `">Deszcz</a> pochodzi z serwisu <a href="` + site + `">Gazeta</a>.</p>`},
		{name: "in Russian", after: `<p>Запись <a href="` + page + `">Дождь</a> впервые появилась на <a href="` + site + `">Газета</a>.</p>`},
		{name: "in Japanese", after: `<p>投稿 <a href="` + page + `">雨</a> は <a href="` + site + `">新聞</a> に最初に表示されました。</p>`},
		{name: "in Arabic", after: `<p>ظهرت المقالة <a href="` + page + `">مطر</a> أولاً على <a href="` + site + `">الصحيفة</a>.</p>`},
		{name: "a bar of buttons at the end", after: "<div>" + share + "</div>"},
		{name: "a bar of buttons at the beginning", before: "<div>" + share + "</div>"},
		{name: "a bar of buttons in the middle", middle: "<p>Share this: " + share + "</p>"},
		{name: "a bar of pictures", middle: `<p><a href="https://www.facebook.com/sharer.php?u=x"><img src="/f.png" alt="Facebook"></a> <a href="https://wa.me/?text=x"><img src="/w.png"></a></p>`},
		{name: "a bar in a list", middle: `<ul><li><a href="https://www.reddit.com/submit?url=x">Reddit</a></li><li><a href="https://t.me/share/url?url=x">Telegram</a></li></ul>`},
		{name: "a bar without links", after: "<p>Share on Facebook | Tweet | WhatsApp | E-mail</p>"},
		{name: "a bar without links, in a list", after: "<ul><li>Facebook</li><li>Twitter</li><li>Teilen</li></ul>"},
		{name: "a bar by its class", middle: `<div class="sharedaddy sd-sharing-enabled"><h3>Like this:</h3><span>Loading…</span></div>`},
		{name: "flares", after: `<div class="feedflare"><a href="http://feeds.feedburner.com/~ff/x?a=1"><img src="http://feeds.feedburner.com/~ff/x?d=1"></a></div>`},
		{name: "counters in links", after: `<a rel="nofollow" href="http://feeds.wordpress.com/1.0/gocomments/x/"><img alt="" src="http://feeds.wordpress.com/1.0/comments/x/"></a>`},
		{name: "a way to read on", after: `<p><a href="` + page + `?utm_source=rss">Read more »</a></p>`},
		{name: "a way to read on, without a link", after: `<p>Continue reading…</p>`},
		{name: "in German, to read on", after: `<a href="` + page + `">Weiterlesen</a>`},
		{name: "in Chinese, to read on", after: `<p><a href="` + page + `">阅读全文</a></p>`},
		{name: "a way back", after: "<p>Back to top button</p>"},
		{name: "a way back in the middle", middle: `<p><a href="#top">↑ Zurück nach oben</a></p>`},
		{name: "beside an advertisement", middle: "<p>Advertisement</p>"},
		{name: "an advertisement", middle: `<p><small>ADVERTISEMENT</small></p><p><a href="https://shop.example/boots?c=1">Boots that laugh at rain</a></p>`},
		{name: "an advertisement with a picture", middle: `<p>Anzeige</p><a href="https://shop.example/boots"><img src="https://shop.example/boots.jpg"></a>`},
		{name: "an advertisement by its class", middle: `<div class="wp-block ad-slot"><p>Boots that laugh at rain, from 20 marks</p></div>`},
		{name: "comments", after: "<p>12 comments</p>"},
		{name: "comments and an hour", after: "<p>Comments (12) · 5 hours ago · 1,204 views</p>"},
		{name: "a link to comments", after: `<p><a href="` + page + `#comments">Leave a comment</a></p>`},
		{name: "other articles at the end", after: `<h3>Related articles</h3><ul><li><a href="/a">Wind over Port Amity</a></li><li><a href="/b">Fog over Port Amity</a></li></ul>`},
		{name: "other articles with pictures", after: `<h3>You may also like:</h3><div><a href="/a"><img src="/a.jpg"> Wind over Port Amity</a></div><div><a href="/b">Fog</a></div>`},
		{name: "many other articles", after: `<p><b>Related</b></p><ul>` + strings.Repeat(`<li><a href="/a">A long headline about wind over Port Amity and what came after it</a></li>`, 12) + "</ul>"},
		{name: "other articles in the middle", middle: `<p>Lesen Sie auch</p><ul><li><a href="/a">Wind</a></li></ul>`},
		{name: "another article in a line", middle: `<p><strong>Read also:</strong> <a href="/a">Wind over Port Amity</a></p>`},
		{name: "other articles by their class", middle: `<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><a href="https://other.example/">Wind</a></div>`},
		{name: "all of it", before: "<p>Share</p>", after: `<hr><p>Advertisement</p><p>Share on Facebook | Tweet</p><h4>Related posts</h4><ul><li><a href="/a">Wind</a></li></ul>` +
			`<p>3 comments</p><p>The post <a href="` + page + `">Rain</a> appeared first on <a href="` + site + `">The Paper</a>.</p><p>Back to top</p>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.before + firstTest + tt.middle + lastTest + tt.after
			if got := cleanTest(in); got != firstTest+lastTest {
				t.Errorf("clean(%q)\n got %q", in, got)
			}
		})
	}
}

// What an author wrote stays, though furniture has the same words.
func TestWhatOnlyLooksLikeFurnitureStays(t *testing.T) {
	const page = "https://paper.example/news/rain"
	long := strings.Repeat("The harbour master spoke of it. ", 20)
	tests := []struct{ name, before, middle, after, lost string }{
		{name: "a sentence about a post", after: "<p>The post he held at the ministry appeared first on Monday to be safe.</p>"},
		{name: "a sentence with such words", after: "<p>Read more about the ferry at the town hall.</p>"},
		{name: "a sentence that says to share", after: "<p>Share the bread, she said.</p>"},
		{name: "a heading", middle: "<h2>Advertising</h2>"},
		{name: "a heading with such a word", middle: "<h2>Werbung</h2><p>Posters hung in the rain.</p>"},
		{name: "an item of a list", after: "<ul><li>Open the menu</li><li>Choose the file</li><li>Save</li></ul>"},
		{name: "an item in the middle", middle: "<ul><li>Radio</li><li>Advertising</li><li>Print</li></ul>"},
		{name: "a cell of a table", middle: "<table><tbody><tr><td>Advertising</td><td>12 comments</td></tr></tbody></table>"},
		{name: "a link to read on elsewhere", after: `<p><a href="https://other.example/long">Read more</a></p>`},
		{name: "links of the author's", after: `<p><b>Related</b></p><ul><li><a href="https://museum.example/rain">A history of rain</a></li></ul>`},
		{name: "a list after words of the author's", after: `<p>Three texts on the matter:</p><ul><li><a href="/a">Wind</a></li><li><a href="/b">Fog</a></li></ul>`},
		{name: "a link to a page of the network", middle: `<p><a href="https://www.facebook.com/portofamity">The port on Facebook</a></p>`},
		{name: "a share link in a sentence", middle: `<p>The mayor asked that everybody <a href="https://twitter.com/intent/tweet?text=x">tweet the new hours</a> before the end of the week.</p>`},
		{name: "more in the middle", middle: "<p>More</p>"},
		{name: "a counter in the middle", middle: "<p>12 votes</p>"},
		{name: "a quotation", after: "<blockquote>Back to top</blockquote>"},
		{name: "code", after: "<pre>Share</pre>"},
		{name: "much text in a class of furniture", middle: `<div class="related-posts"><p>` + long + "</p></div>"},
		{name: "a class that only begins so", middle: `<p class="advertisement-history">Posters were painted by hand.</p>`},
		{name: "a picture that leads to the article", after: `<p><a href="` + page + `"><img src="/a.png" alt="A"></a></p>`},
		{name: "a section of a newsletter", middle: "<h2>Trending</h2>" + `<ul><li><a href="/a">Wind over Port Amity</a></li><li><a href="/b">Fog over Port Amity</a></li></ul>` + "<h2>The weather</h2>"},
		{name: "most of a newsletter", before: `<h2>Most read</h2>`, after: `<h3>Trending</h3><ul>` + strings.Repeat(`<li><a href="/a">A long headline about wind over Port Amity and what came after it</a></li>`, 6) + "</ul>"},
		{name: "a link to a channel", middle: `<p><a href="https://t.me/sharepoint_news">SharePoint News</a></p>`},
		{name: "a link below a line", middle: `<p>Story continues below</p><p><a href="https://museum.example/rain">A history of rain</a></p>`, lost: "Story continues below"},
		{name: "a heading about a top", middle: `<p><b>To the top</b></p><p>The climbers set out at four in the morning and were at the hut before the sun was, with nothing to drink.</p>`},
		{name: "a credit of another site", after: `<p>The article <a href="https://other.example/x">Fog</a> was first published in <a href="https://other.example/">The Other</a>.</p>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.before + firstTest + tt.middle + lastTest + tt.after
			text := visible(strings.Replace(in, "<p>"+tt.lost+"</p>", "", min(len(tt.lost), 1)), true)
			if got := visible(cleanTest(in), true); got != text {
				t.Errorf("clean(%q)\n leaves %q\n of     %q", in, got, text)
			}
		})
	}
	for _, whole := range []string{
		`<a href="https://talk.example/1">Comments</a>`, "<p>12 comments</p>", `<p><a href="` + page + `">Read more</a></p>`, "<p>Share</p><p>Advertisement</p>",
	} {
		if got := visible(cleanTest(whole), false); got != visible(whole, false) {
			t.Errorf("a text that is nothing but %q became %q", whole, got)
		}
	}
}

func TestReadMoreAtTheEndOfAParagraphIsTakenOut(t *testing.T) {
	for in, want := range map[string]string{
		`<p>Rain fell … <a href="https://paper.example/news/rain?utm_medium=rss">Continue reading <span>Rain over Port Amity</span> →</a></p>`: "<p>Rain fell … </p>",
		`<p>Rain fell. <a href="/news/rain">[Weiterlesen]</a> </p>`:                                                                            "<p>Rain fell. </p>",
		`Rain fell. <b><a href="/news/rain/">Lire la suite</a></b>`:                                                                            "Rain fell.",
		`<p>Rain fell. <a href="/news/wind">Read more</a></p>`:                                                                                 `<p>Rain fell. <a href="https://paper.example/news/wind"` + relTest + `>Read more</a></p>`,
		`<p>Rain fell. <a href="/news/rain">The port said so</a></p>`:                                                                          `<p>Rain fell. <a href="https://paper.example/news/rain"` + relTest + `>The port said so</a></p>`,
	} {
		if got := cleanTest(in); got != want {
			t.Errorf("clean(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

// Each thing that is taken out is told, with what it said.
func TestWhatIsTakenOutIsNoted(t *testing.T) {
	item := feed.Item{Title: feed.Plain("Rain"), Links: link("https://paper.example/news/rain"), Content: feed.Text{Kind: feed.TextHTML, Value: firstTest +
		`<p onclick="x()">It stopped.</p><script>x</script><img src="https://pixel.wp.com/g.gif"><iframe src="https://www.youtube.com/embed/abcdef12345"></iframe>` +
		`<a href="javascript:x">y</a><a href="/a?utm_source=rss">z</a>` + lastTest + `<p>Share on Facebook | Tweet</p><p>Back to top</p>`}}
	got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest})
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	for _, n := range got.Notes {
		if n.Step == stepSanitise {
			notes = append(notes, n.Text)
		}
	}
	want := []string{
		"taken out: a click counter in a link (1), a link that runs a program (1), a program on an element (1), a tracking image (1), script (1)",
		"made readable: a player became a link (1)",
		"taken out: a bar of buttons to share it: “Share on Facebook | Tweet”",
		"taken out: a way back to the top: “Back to top”",
	}
	slices.Sort(want[2:])
	slices.Sort(notes[min(2, len(notes)):])
	if !slices.Equal(notes, want) {
		t.Errorf("notes\n got %q\nwant %q", notes, want)
	}
}

// What has the form of furniture, and is all that the author wrote, or a part of it.
func TestWhatLooksLikeFurnitureAndIsTheText(t *testing.T) {
	for body, want := range map[string]string{
		`<div class="advert"><p>Flat to let in Amity, two rooms, from May.</p></div>`:                    "Flat to let",
		firstTest + `<p>Three of them were down:</p><ul><li>Facebook</li><li>WhatsApp</li></ul>`:         "WhatsApp",
		firstTest + `<div class="advert"><p>Boots that laugh at rain</p></div>` + lastTest:               "ferry",
		firstTest + `<p>Go and <a href="https://paper.example/news/rain">read more</a> of it there.</p>`: "read more",
	} {
		e := makeTest(t, feed.Item{Title: feed.Plain("Rain"), Links: []feed.Link{{Rel: "alternate", Href: "https://paper.example/news/rain"}},
			Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(body)}})
		if got := string(e.Content); !strings.Contains(got, want) || strings.Contains(got, "Boots") {
			t.Errorf("%s became %s", body, got)
		}
	}
}

// Links to read on that stand in a row, and what stands within itself, cost no more than
// their number (T-09).
func TestFurnitureInARowCostsLittle(t *testing.T) {
	for name, body := range map[string]string{
		"ways to read on": "<p>Rain " + strings.Repeat(`<a href="/news/rain">read more</a> `, maxTags/2-2),
		"noscripts":       strings.Repeat("<noscript>", 200) + strings.Repeat("<img src=a.png>", maxTags-300),
	} {
		page, _ := absolute("https://paper.example/news/rain")
		t.Run(name, func(t *testing.T) {
			cost.Within(t, time.Second, func() { newCleaner(page, page).clean(body) })
		})
	}
	many := feed.Item{Title: feed.Plain("Rain")}
	for range 10 {
		many.Authors = append(many.Authors, feed.Person{Email: strings.Repeat("a@b ", 1<<18)})
	}
	cost.Within(t, time.Second, func() { makeTest(t, many) })
}
