package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"broadsheet/feed"
)

// statusTimeout is how long the operator is kept waiting for a store that may
// not answer at all.
const statusTimeout = 10 * time.Second

// operatorPolicy is for the operator's pages: their own stylesheet and nothing
// else.
const operatorPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

// OperatorOptions are for Operator. Shelf and Status are needed.
type OperatorOptions struct {
	Title string // of the site, for the page
	Shelf *Shelf
	// Status gives what "broadsheet status --json" prints: anything that
	// encoding/json takes.
	Status  func(ctx context.Context) (any, error)
	Metrics http.Handler // nil: there is no /metrics
	Log     *slog.Logger // nil: nothing is logged
}

// Operator answers whoever runs the program, on a listener of its own that is
// not for the public:
//
//	/livez    200 while the process answers; it asks nobody
//	/readyz   200 once there is a document to serve, else 503; "degraded" is
//	          true while the store does not answer and the last good ones are served
//	/status   what Status gives, as JSON
//	/         the same as tables, for people
//	/metrics  what Metrics gives
func Operator(o OperatorOptions) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := operator{o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", s.live)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("GET /status", s.status)
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /style.css", s.style)
	if o.Metrics != nil {
		mux.Handle("GET /metrics", o.Metrics)
	}
	return mux
}

type operator struct{ OperatorOptions }

func (s operator) live(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready     bool `json:"ready"`
	Degraded  bool `json:"degraded"`
	Documents int  `json:"documents"`
}

func (s operator) ready(w http.ResponseWriter, _ *http.Request) {
	r := readiness{Documents: s.Shelf.Documents(), Degraded: s.Shelf.failed.Load()}
	r.Ready = r.Documents > 0
	code := http.StatusOK
	if !r.Ready {
		code = http.StatusServiceUnavailable
	}
	answerJSON(w, code, r)
}

func (s operator) status(w http.ResponseWriter, r *http.Request) {
	data, err := s.report(r.Context())
	if err != nil {
		answerJSON(w, http.StatusServiceUnavailable, map[string]string{"error": s.sentence(err)})
		return
	}
	answer(w, http.StatusOK, "application/json; charset=utf-8", data)
}

// page shows the status to people.
func (s operator) page(w http.ResponseWriter, r *http.Request) {
	p := statusPage{Title: s.Title, Metrics: s.Metrics != nil}
	code := http.StatusOK
	data, err := s.report(r.Context())
	if err == nil {
		p.Tables, err = tables(data)
	}
	if err != nil {
		code, p.Error = http.StatusServiceUnavailable, s.sentence(err)
	}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "status.html", p); err != nil {
		s.Log.ErrorContext(r.Context(), "status page", "error", err)
		answer(w, http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("The page is broken; see the log.\n"))
		return
	}
	answer(w, code, "text/html; charset=utf-8", b.Bytes())
}

func (s operator) style(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "text/css; charset=utf-8", operatorStyle)
}

func (s operator) report(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	report, err := s.Status(ctx)
	if err != nil {
		s.Log.ErrorContext(ctx, "status", "error", err)
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // it is served as JSON, and for people to read
	err = e.Encode(report)
	return b.Bytes(), err
}

// sentence is what of an error may be shown: the words that were written for
// people. Others may hold addresses and passwords, and are in the log.
func (s operator) sentence(err error) string {
	if e, ok := errors.AsType[*feed.Error](err); ok && e.Text != "" {
		return e.Text
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "the store did not answer in time"
	}
	return "the status could not be read; the log says why"
}

func answerJSON(w http.ResponseWriter, code int, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		code, data = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written"}`)
	}
	answer(w, code, "application/json; charset=utf-8", append(data, '\n'))
}

func answer(w http.ResponseWriter, code int, mediaType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", operatorPolicy)
	w.WriteHeader(code)
	_, _ = w.Write(body) // a client who has gone needs no answer
}
