package fakeweb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// page is a static document with validators.
type page struct {
	contentType string
	body        []byte
	etag        string
	modified    time.Time
}

func newPage(contentType string, body []byte, modified time.Time) *page {
	sum := sha256.Sum256(body)
	return &page{
		contentType: contentType,
		body:        body,
		etag:        `"` + hex.EncodeToString(sum[:8]) + `"`,
		modified:    modified,
	}
}

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.contentType != "" {
		w.Header().Set("Content-Type", p.contentType)
	}
	w.Header().Set("ETag", p.etag)
	http.ServeContent(w, r, "", p.modified, bytes.NewReader(p.body))
}

// Page answers with a static document and its validators, as Serve does, for use
// inside other handlers.
func Page(contentType string, body []byte) http.Handler {
	return newPage(contentType, body, time.Now())
}

// Status answers with a status, headers given as name and value in turn, and a
// body that says no more than the status.
func Status(code int, headers ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		setAll(w.Header(), headers)
		w.WriteHeader(code)
		if code >= http.StatusBadRequest {
			w.Write([]byte(http.StatusText(code)))
		}
	})
}

// Redirect answers with a redirect to location, which is sent as it is.
func Redirect(code int, location string) http.Handler {
	return Status(code, "Location", location)
}

// Raw answers with a body and headers as they are: no validators, and any coding
// that the headers claim is the caller's to make true or not.
func Raw(body []byte, headers ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		setAll(w.Header(), headers)
		w.Write(body)
	})
}

// Slow waits before it lets next answer.
func Slow(wait time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sleep(r, wait) {
			next.ServeHTTP(w, r)
		}
	})
}

// Hang never answers.
func Hang() http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	})
}

// Truncated promises all of body and breaks the connection after n bytes.
func Truncated(contentType string, body []byte, n int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body[:n])
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
}

// Endless sends chunk again and again, resting in between, until the client goes
// away.
func Endless(contentType string, chunk []byte, rest time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for {
			if _, err := w.Write(chunk); err != nil {
				panic(http.ErrAbortHandler)
			}
			if rest == 0 {
				continue
			}
			http.NewResponseController(w).Flush()
			if !sleep(r, rest) {
				panic(http.ErrAbortHandler)
			}
		}
	})
}

// InTurn answers the first request with the first handler, the second with the
// second, and from then on with the last.
func InTurn(handlers ...http.Handler) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mu.Unlock()
		h.ServeHTTP(w, r)
	})
}

// sleep reports whether it slept to the end: false if the client went away.
func sleep(r *http.Request, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func setAll(h http.Header, headers []string) {
	for i := 0; i+1 < len(headers); i += 2 {
		h.Add(headers[i], headers[i+1])
	}
}
