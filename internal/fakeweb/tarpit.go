package fakeweb

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// HeaderDrip begins an answer and sends one more header after each rest, for
// ever. Over HTTP/2, where an answer's headers are one piece, it never answers.
func HeaderDrip(rest time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil { // HTTP/2
			Hang().ServeHTTP(w, r)
		}
		// Whoever does not read keeps the write waiting; the web's end does not.
		stop := context.AfterFunc(r.Context(), func() { c.Close() })
		defer stop()
		defer c.Close()
		line := "HTTP/1.1 200 OK\r\n"
		for i := 0; ; i++ {
			if _, err := c.Write([]byte(line)); err != nil || !sleep(r, rest) {
				return
			}
			line = fmt.Sprintf("X-Drip-%d: plip\r\n", i)
		}
	})
}

// BodyDrip sends all of body, n bytes at a time with a rest in between.
func BodyDrip(contentType string, body []byte, n int, rest time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for left := body; len(left) > 0; {
			part := left[:min(n, len(left))]
			if _, err := w.Write(part); err != nil {
				panic(http.ErrAbortHandler)
			}
			http.NewResponseController(w).Flush()
			if left = left[len(part):]; len(left) > 0 && !sleep(r, rest) {
				panic(http.ErrAbortHandler)
			}
		}
	})
}

// HeaderFlood lets next answer, behind n headers of size bytes each.
func HeaderFlood(n, size int, next http.Handler) http.Handler {
	value := strings.Repeat("x", size)
	return editing(next, nil, func(h http.Header) {
		for i := range n {
			h.Set(fmt.Sprintf("X-Flood-%d", i), value)
		}
	})
}
