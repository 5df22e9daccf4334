package fakeweb

import (
	"net/http"
	"strconv"
	"time"
)

// hop is the query parameter in which a chain counts how far it is.
const hop = "hop"

// RedirectChain redirects n times, to its own path with a count, before end
// answers.
func RedirectChain(code, n int, end http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.Atoi(r.URL.Query().Get(hop)) // none is the first
		if at >= n {
			end.ServeHTTP(w, r)
			return
		}
		Redirect(code, "?"+hop+"="+strconv.Itoa(at+1)).ServeHTTP(w, r)
	})
}

// RedirectLoop redirects for ever through n addresses: 1 is a redirect to itself.
func RedirectLoop(code, n int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.Atoi(r.URL.Query().Get(hop)) // none is the first
		Redirect(code, "?"+hop+"="+strconv.Itoa(1+at%n)).ServeHTTP(w, r)
	})
}

// Hold answers 429 or 503 with a Retry-After in seconds (RFC 9110 §10.2.3).
func Hold(code int, wait time.Duration) http.Handler {
	return Status(code, "Retry-After", strconv.Itoa(int(wait/time.Second)))
}

// HoldUntil answers 429 or 503 with a Retry-After that is a date: now and wait.
func HoldUntil(code int, wait time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		until := time.Now().Add(wait).UTC().Format(http.TimeFormat)
		Status(code, "Retry-After", until).ServeHTTP(w, r)
	})
}
