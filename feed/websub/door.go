package websub

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"broadsheet/feed"
)

// ServeHTTP answers requests to the hub (WebSub §5.1). Whether a callback wants what is
// asked for in its name is found out afterwards: no answer depends on it.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	code, text, wait := h.answer(r)
	if wait > 0 {
		header.Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
	}
	if code == http.StatusMethodNotAllowed {
		header.Set("Allow", http.MethodPost)
	}
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, text+"\n") // whoever has gone needs no answer
	}
}

// answer gives a status code and a sentence, and how long to wait before trying again.
func (h *Hub) answer(r *http.Request) (code int, text string, wait time.Duration) {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed, "This is the WebSub hub of " + h.site.URL +
			"/. Subscribe by POST; see https://www.w3.org/TR/websub/.", 0
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return http.StatusUnsupportedMediaType, "Send the request as application/x-www-form-urlencoded.", 0
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
	switch {
	case err != nil:
		return http.StatusBadRequest, "The request did not come to its end.", 0
	case len(body) > maxRequest:
		return http.StatusRequestEntityTooLarge, "The request is larger than 16 KiB.", 0
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return http.StatusBadRequest, "The body is not a form: some % or & in it is wrong.", 0
	}
	ask, publish, err := read(form, h.site.URL)
	switch {
	case err != nil:
		return http.StatusBadRequest, err.Error(), 0
	case publish:
		return http.StatusAccepted, "This hub knows by itself when its feeds change; thank you.", 0
	}
	// The form is here: whoever sends one slowly keeps no place from others.
	select {
	case h.handling <- struct{}{}:
		defer func() { <-h.handling }()
	default:
		return http.StatusServiceUnavailable, "Many requests came at once. Please try again.", time.Second
	}
	ask.Domain = h.domain(ask.Callback)
	refusal, err := h.store.HubAsk(r.Context(), h.clock(), ask, Limits())
	if err != nil {
		h.log.Error("a request to the hub could not be stored", "error", err)
		return http.StatusServiceUnavailable, "The hub is in trouble just now. Please try again.", 10 * time.Second
	}
	return h.told(ask, refusal)
}

// told is the answer to a request that can be understood.
func (h *Hub) told(ask feed.Intent, refusal feed.HubRefusal) (code int, text string, wait time.Duration) {
	switch refusal {
	case feed.HubTakes:
		h.Poke()
		return http.StatusAccepted, "Accepted. The callback will be asked whether it wants this.", 0
	case feed.HubNoTopic:
		return http.StatusNotFound, "hub.topic is no feed of this site; its feeds end in rss.xml, atom.xml or feed.json " +
			"and name themselves by rel=self.", 0
	case feed.HubDomainWaits:
		return http.StatusTooManyRequests, "Many requests for " + ask.Domain +
			" wait to be verified, or were not. Please try again later.", verifyPace
	case feed.HubDomainFull:
		return http.StatusTooManyRequests, "There are as many subscriptions of " + ask.Domain + " as this hub takes.", time.Hour
	default:
		return http.StatusServiceUnavailable, "This hub has no room for more subscriptions.", time.Hour
	}
}
