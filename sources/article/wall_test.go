package article

import (
	"strings"
	"testing"

	"broadsheet/feed"
)

// words make paragraphs of so many letters that nothing else is to be said about them.
func plenty(n int) string {
	const sentence = "The boats left the quay at the same minute as on every other day, and nobody on the pier took any notice of it. "
	var b strings.Builder
	for b.Len() < n {
		b.WriteString("<p>" + strings.Repeat(sentence, 3) + "</p>\n")
	}
	return b.String()
}

func TestWalls(t *testing.T) {
	article := func(head, text string) string {
		return "<html><head><title>Ferries - Courier</title>" + head + "</head><body><article><h1>Ferries</h1>" + text + "</article></body></html>"
	}
	closed := `<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Ferries","isAccessibleForFree":"False","hasPart":{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".paid"}}</script>`
	for _, tc := range []struct{ name, url, page, want string }{
		{"an article", "", article("", plenty(4000)), ""},
		{"a short article", "", article("", plenty(500)), ""},
		{"a short article with a cookie bar", "", article("", plenty(500)+`<div class="cookie-bar"><p>We and our partners use cookies. We value your privacy, and so on.</p></div>`), ""},
		{"an article on error 404", "", article("", "<h2>Page not found</h2>"+plenty(3000)), ""},
		{"a long article that says it is not free, and is whole", "", article(closed, plenty(6000)), ""},
		{"the beginning of an article that is not free", "", article(closed, plenty(700)), wallPay},
		{"the beginning, and a call", "", article("", plenty(700)+`<div class="offer"><p>Subscribe to continue reading this article and all others.</p></div>`), wallPay},
		{"a short article, and what subscribers get elsewhere", "", article("", plenty(700)+`<div class="cards"><div><span>Subscribers only</span><h3><a href="/tar">The price of tar</a></h3></div></div>`), ""},
		{"a short article, and a list of what is for subscribers", "", article("", plenty(700)+`<ul><li><a href="/tar">The price of tar</a> Subscribers only</li></ul>`), ""},
		{"a short article, and a footer that asks", "", article("", plenty(700)) + `<footer><p>Subscribe to read the paper on paper.</p></footer>`, ""},
		{"a short article, and a line that asks", "", article("", plenty(700)+`<p>Subscribe to read more stories of the sound.</p>`), ""},
		{"the beginning, and a line that says for whom", "", article("", plenty(700)+`<p>The rest of this text is for subscribers only.</p>`), wallPay},
		{"the beginning, and a button", "", article("", plenty(700)+`<div class="offer"><a href="/join">Subscribe to read more</a></div>`), wallPay},
		{"the beginning, and a box", "", article("", "<p>The boats left.</p>"+`<div class="paywall-box"><p>Only for members of the club.</p></div>`), wallPay},
		{"half of what it says it has", "", article(`<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false,"wordCount":900}</script>`, plenty(700)), wallPay},
		{"consent", "", `<html><title>Before you continue to Courier</title><body><h1>Before you continue</h1><p>We and our partners store and/or access information on a device. Choose what you accept; you can change it at any time in the settings.</p><button>Accept all</button></body></html>`, wallConsent},
		{"consent at its own host", "https://consent.courier.example/collect?to=x", `<html><title>Courier</title><body><p>Wir verwenden Cookies, und unsere 214 Partner auch.</p></body></html>`, wallConsent},
		{"a challenge", "", `<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script></body></html>`, wallChallenge},
		{"a captcha", "", `<html><head><title>courier.example</title></head><body><iframe src="https://geo.captcha-delivery.com/captcha/?x"></iframe><script src="https://ct.captcha-delivery.com/c.js"></script></body></html>`, wallChallenge},
		{"a soft 404 with all its furniture", "", "<html><title>Page not found - Courier</title><body><nav>" + strings.Repeat(`<a href="/x">Section of some name</a> `, 60) + "</nav><h1>Page not found</h1><p>It may have been moved. Try the search.</p><footer>" + strings.Repeat("Imprint, contact, and so on. ", 30) + "</footer></body></html>", wallError},
		{"an error, in German", "", "<html><title>Seite nicht gefunden | Kurier</title><body><p>Diese Seite gibt es nicht.</p></body></html>", wallError},
		{"login", "", `<html><title>Sign in</title><body><h1>Sign in</h1><form><input name=u><input type=password name=p></form></body></html>`, wallLogin},
		{"a shell", "", `<html><title>Courier</title><body><div id="root"></div><script src="/app.js"></script></body></html>`, wallScript},
		{"a picture and a line", "", article("", `<figure><img src="/a.jpg"></figure><p>Caption of the day.</p>`), ""},
	} {
		address := tc.url
		if address == "" {
			address = "https://courier.example/2026/ferries"
		}
		page, _ := mustRead(t, address, tc.page, Input{})
		if page.Wall != tc.want {
			t.Errorf("%s: %q, not %q (text of %d bytes)", tc.name, page.Wall, tc.want, len(page.Content.Value))
		}
	}
}

// An article about walls says what walls say; that it bears the title that its feed gave it
// tells them apart.
func TestArticlesAboutWallsAreNone(t *testing.T) {
	for title, says := range map[string]string{
		"What cookie banners mean": "“We value your privacy” is what each of them says, and few do.",
		"The end of captchas":      "Sites that asked to verify you are human ask no more.",
		"404 – a short history":    "“The page you are looking for” is a phrase that was born in Qasr.",
	} {
		body := "<html><head><title>" + title + " | The Paper</title></head><body><h1>" + title + "</h1><p>" + says + "</p>" + plenty(700) + "</body></html>"
		leaf := feed.Leaf{URL: somewhere, ContentType: "text/html", Body: []byte(body)}
		if p, _, err := Read(leaf, Input{Title: title}); err != nil || p.Wall != "" {
			t.Errorf("%s: %q, %v", title, p.Wall, err)
		}
		if p, _, err := Read(leaf, Input{Title: "Rain over Port Amity"}); err != nil || p.Wall == "" {
			t.Errorf("%s: it is no wall for an article of another title", title)
		}
	}
}
