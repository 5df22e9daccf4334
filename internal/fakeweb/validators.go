package fakeweb

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// The handlers of this file change which validators (RFC 9110 §8.8) next has. It
// is a handler that has both, such as Page or Newsroom.Handler.

var (
	byETag = []string{"If-None-Match"}
	byDate = []string{"If-Modified-Since"}
	byAny  = []string{"If-None-Match", "If-Modified-Since"}
)

// ETagOnly has no Last-Modified and does not heed If-Modified-Since.
func ETagOnly(next http.Handler) http.Handler {
	return editing(next, byDate, func(h http.Header) { h.Del("Last-Modified") })
}

// LastModifiedOnly has no ETag and does not heed If-None-Match.
func LastModifiedOnly(next http.Handler) http.Handler {
	return editing(next, byETag, func(h http.Header) { h.Del("ETag") })
}

// NoValidators has none and never answers 304.
func NoValidators(next http.Handler) http.Handler {
	return editing(next, byAny, func(h http.Header) { h.Del("ETag"); h.Del("Last-Modified") })
}

// WeakETag makes the ETag a weak one.
func WeakETag(next http.Handler) http.Handler {
	return editing(next, nil, func(h http.Header) {
		if tag := h.Get("ETag"); tag != "" {
			h.Set("ETag", "W/"+tag)
		}
	})
}

// ChangingValidators has other validators in each answer, whatever the body, and
// so never answers 304.
func ChangingValidators(next http.Handler) http.Handler {
	var answers atomic.Int64
	return editing(next, byAny, func(h http.Header) {
		h.Set("ETag", fmt.Sprintf(`"answer-%d"`, answers.Add(1)))
		h.Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
	})
}

// RotatingValidators answers 304 as next does, but has a new ETag in each answer,
// as servers behind a balancer do: only the last one sent is still known.
func RotatingValidators(next http.Handler) http.Handler {
	var mu sync.Mutex
	turn, inner := 0, "" // of the last answer: its number, and next's own ETag
	tag := func() string { return fmt.Sprintf(`"turn-%d"`, turn) }
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		known := r.Header.Get("If-None-Match") == tag()
		r = without(r, byAny...)
		if known {
			r.Header.Set("If-None-Match", inner)
		}
		mu.Unlock()
		next.ServeHTTP(&edited{ResponseWriter: w, left: -1, edit: func(h http.Header) {
			mu.Lock()
			defer mu.Unlock()
			turn, inner = turn+1, h.Get("ETag")
			h.Set("ETag", tag())
			h.Del("Last-Modified")
		}}, r)
	})
}

// AlwaysNotModified answers 304 to everyone who sends a validator, whichever it
// is and whatever has changed; only an unconditional request reaches next (H-8
// of what a client does about it).
func AlwaysNotModified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		next.ServeHTTP(w, r)
	})
}
