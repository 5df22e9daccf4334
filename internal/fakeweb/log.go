package fakeweb

import (
	"net/http"
	"slices"
	"time"
)

// Request is one request that the web was asked.
type Request struct {
	Method string
	Scheme string // "http" or "https"
	Host   string // as in the URL
	Path   string // with the query
	Proto  string // "HTTP/1.1" or "HTTP/2.0"
	Header http.Header
	Status int       // as sent; 0 if the connection was broken before
	Start  time.Time // when its header had come
	End    time.Time // when its answer was handed to the connection; zero if it was not yet
}

// URL is what was asked for.
func (r Request) URL() string { return r.Scheme + "://" + r.Host + r.Path }

// Log is every request so far, in the order they came.
func (w *Web) Log() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	log := make([]Request, len(w.log))
	for i, r := range w.log {
		log[i] = *r
	}
	return log
}

// Forget empties the log. Requests under way are forgotten too.
func (w *Web) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = nil
}

// To is the part of a log that went to these hosts.
func To(log []Request, hosts ...string) []Request {
	return slices.DeleteFunc(slices.Clone(log), func(r Request) bool {
		return !slices.Contains(hosts, r.Host)
	})
}

// InFlight is how many requests of a log were under way at once, at most.
func InFlight(log []Request) int {
	most := 0
	for _, r := range log {
		n := 0
		for _, o := range log {
			if !o.Start.After(r.Start) && (o.End.IsZero() || o.End.After(r.Start)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// Gap is the shortest rest in a log between the end of a request and the start
// of the next; less than zero if two overlapped. ok is false if it holds fewer
// than two requests.
func Gap(log []Request) (gap time.Duration, ok bool) {
	byStart := slices.SortedStableFunc(slices.Values(log), func(a, b Request) int {
		return a.Start.Compare(b.Start)
	})
	for i := 1; i < len(byStart); i++ {
		rest := byStart[i].Start.Sub(byStart[i-1].End)
		if !ok || rest < gap {
			gap, ok = rest, true
		}
	}
	return gap, ok
}

// serve logs a request and has it answered.
func (w *Web) serve(out http.ResponseWriter, r *http.Request) {
	entry := &Request{
		Method: r.Method, Scheme: "http", Host: r.Host, Path: r.URL.RequestURI(),
		Proto: r.Proto, Header: r.Header.Clone(), Start: time.Now(),
	}
	if r.TLS != nil {
		entry.Scheme = "https"
	}
	w.mu.Lock()
	w.log = append(w.log, entry)
	w.mu.Unlock()
	w.begin()
	defer w.end()
	rec := &recorder{ResponseWriter: out}
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		entry.Status, entry.End = rec.status, time.Now()
	}()
	w.handlerFor(r).ServeHTTP(rec, r)
	if rec.status == 0 { // net/http sends this for a handler that wrote nothing
		rec.status = http.StatusOK
	}
}

// recorder remembers the status that was sent.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap gives http.ResponseController the connection's own writer.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Flush sends what was written so far.
func (r *recorder) Flush() {
	http.NewResponseController(r.ResponseWriter).Flush() // always supported by net/http
}
