package fakeweb

import (
	"fmt"
	"net/http"
	"strings"
)

// What came back is not what was asked for: the answers of this file are 200 and
// no feed, or a damaged one.

// Excuse is a page that stands where a feed was.
type Excuse struct{ title, text string }

// The pages that stand in a feed's place most often.
var (
	Login = Excuse{"Sign in", `<form method="post" action="/login"><label>E-mail <input name="user"></label>` +
		`<label>Password <input type="password" name="password"></label><button>Sign in</button></form>`}
	Consent = Excuse{"Before you continue", `<p>We and our 814 partners value your privacy and use cookies.</p>` +
		`<form method="post" action="/consent"><button>Accept all</button><button>Reject all</button></form>`}
	Parked = Excuse{"This domain is for sale", `<p>The domain may be for sale. Make an offer.</p>` +
		`<ul><li><a href="/s?q=insurance">Related searches</a></li></ul>`}
	BotWall = Excuse{"Just a moment...", `<p>Checking your browser before accessing the site. Please enable JavaScript ` +
		`and cookies to continue.</p><p>Verify you are human. Ray ID: 5f2c</p>`}
	Maintenance = Excuse{"Down for maintenance", `<p>We are performing scheduled maintenance and will be back shortly.</p>`}
)

// Excuses are the pages above by name.
func Excuses() map[string]Excuse {
	return map[string]Excuse{"login": Login, "consent": Consent, "parked": Parked, "bot-wall": BotWall,
		"maintenance": Maintenance}
}

// Instead answers 200 with a page of HTML and with validators, as if it were
// meant to be there. feeds are the addresses of feeds to which it links for
// autodiscovery.
func Instead(e Excuse, feeds ...string) http.Handler {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>\n", e.title)
	for _, f := range feeds {
		fmt.Fprintf(&b, "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"Feed\" href=\"%s\">\n", f)
	}
	fmt.Fprintf(&b, "</head><body><h1>%s</h1>%s</body></html>\n", e.title, e.text)
	return Page("text/html; charset=utf-8", []byte(b.String()))
}

// Empty answers 200 with no body, and with validators.
func Empty(contentType string) http.Handler { return Page(contentType, nil) }

// NoItems answers with a sound RSS feed that lists nothing.
func NoItems() http.Handler {
	n := Newsroom{}.filled()
	return Page(n.Format.mediaType(), n.Format.render(n, nil))
}

// CutAfter lets next answer and ends the body after n bytes, as if that were all
// of it: sound HTTP, broken XML.
func CutAfter(n int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&edited{ResponseWriter: w, left: n,
			edit: func(h http.Header) { h.Del("Content-Length") }}, r)
	})
}
