package fakeweb

import (
	"bufio"
	"net"
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
	Status int         // as sent; 0 if the connection was broken before
	Sent   http.Header // of the answer: those headers that tell a client what to ask next
	Bytes  int64       // of the answer's body, as sent
	Start  time.Time   // when its header had come
	End    time.Time   // when its answer was handed to the connection; zero if it was not yet
}

// told are the headers of an answer that a client's next request depends on.
var told = []string{"Etag", "Last-Modified", "Retry-After", "Location", "Cache-Control", "Expires", "Age",
	"Content-Type", "Content-Encoding", "Set-Cookie"}

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

// Pending is how many requests are under way.
func (w *Web) Pending() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending
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

// Take removes the requests from the front of the log that have been answered,
// up to the first that has not, and gives them in the order they came: a web
// that serves for long is emptied so.
func (w *Web) Take() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	var taken []Request
	for len(w.log) > 0 && !w.log[0].End.IsZero() {
		taken, w.log = append(taken, *w.log[0]), w.log[1:]
	}
	return taken
}

// InFlight is how many requests of a log were under way at once, at most.
func InFlight(log []Request) int {
	var starts, ends []time.Time
	for _, r := range log {
		starts = append(starts, r.Start)
		if !r.End.IsZero() {
			ends = append(ends, r.End)
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	slices.SortFunc(ends, time.Time.Compare)
	most, ended := 0, 0
	for begun, t := range starts {
		for ended < len(ends) && !ends[ended].After(t) {
			ended++
		}
		most = max(most, begun+1-ended)
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
	r = w.named(r)
	entry := &Request{
		Method: r.Method, Scheme: "http", Host: r.Host, Path: r.URL.RequestURI(),
		Proto: r.Proto, Header: r.Header.Clone(),
	}
	if r.TLS != nil {
		entry.Scheme = "https"
	}
	w.mu.Lock()
	entry.Start = time.Now() // in the order of the log
	w.log = append(w.log, entry)
	w.pending++
	w.mu.Unlock()
	w.begin()
	defer w.end()
	rec := &recorder{ResponseWriter: out}
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.pending--
		entry.Status, entry.Sent, entry.Bytes, entry.End = rec.status, rec.told, rec.bytes, time.Now()
	}()
	w.handlerFor(r).ServeHTTP(rec, r)
	if rec.status == 0 && !rec.hijacked { // net/http sends this for a handler that wrote nothing
		rec.note(http.StatusOK)
	}
}

// recorder remembers what was sent.
type recorder struct {
	http.ResponseWriter
	status   int
	told     http.Header
	bytes    int64
	hijacked bool
}

// note keeps the first final status and the headers that go with it.
func (r *recorder) note(status int) {
	if r.status != 0 || status < http.StatusOK {
		return
	}
	r.status, r.told = status, http.Header{}
	for _, name := range told {
		if v := r.Header()[name]; v != nil {
			r.told[name] = slices.Clone(v)
		}
	}
}

func (r *recorder) WriteHeader(status int) {
	r.note(status)
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.note(http.StatusOK)
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Hijack gives the bare connection away; fails where there is none (HTTP/2).
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(r.ResponseWriter).Hijack()
	r.hijacked = r.hijacked || err == nil
	return c, rw, err
}

// Unwrap gives http.ResponseController the connection's own writer.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Flush sends what was written so far.
func (r *recorder) Flush() {
	http.NewResponseController(r.ResponseWriter).Flush() // always supported by net/http
}
