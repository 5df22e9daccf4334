package fakeweb

import (
	"net/http"
)

// edited is an answer whose headers are changed just before they are sent, and
// whose body may be cut.
type edited struct {
	http.ResponseWriter
	edit func(http.Header) // nil changes nothing
	left int64             // bytes of the body still to be sent; less than zero is all
	sent bool              // the headers were
}

func (e *edited) WriteHeader(status int) {
	if !e.sent && status >= http.StatusOK {
		e.sent = true
		if e.edit != nil {
			e.edit(e.Header())
		}
	}
	e.ResponseWriter.WriteHeader(status)
}

// Write reports all of p as written, also what was cut off.
func (e *edited) Write(p []byte) (int, error) {
	if !e.sent {
		e.WriteHeader(http.StatusOK)
	}
	part := p
	if e.left >= 0 {
		part = p[:min(int64(len(p)), e.left)]
		e.left -= int64(len(part))
	}
	if n, err := e.ResponseWriter.Write(part); err != nil {
		return n, err
	}
	return len(p), nil
}

// Unwrap gives http.ResponseController the writer below.
func (e *edited) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// without is r less some of its headers.
func without(r *http.Request, names ...string) *http.Request {
	r = r.Clone(r.Context())
	for _, name := range names {
		r.Header.Del(name)
	}
	return r
}

// editing has next answer a request that lacks some headers, and changes the
// headers of its answer.
func editing(next http.Handler, hide []string, edit func(http.Header)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&edited{ResponseWriter: w, edit: edit, left: -1}, without(r, hide...))
	})
}

// With adds headers, given as name and value in turn, to what next answers, or
// puts them in place of its own.
func With(next http.Handler, headers ...string) http.Handler {
	return editing(next, nil, func(h http.Header) {
		for i := 0; i+1 < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
	})
}
