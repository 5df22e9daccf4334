package push

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"broadsheet/feed"
)

// running runs the listener until the function is called.
func (b *bench) running(done chan<- error) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	go func() { done <- b.ear.Run(ctx) }()
	return cancel
}

// counter counts what is logged.
type counter struct{ n *int }

func counting(n *int) *slog.Logger { return slog.New(counter{n}) }

func (c counter) Enabled(context.Context, slog.Level) bool  { return true }
func (c counter) Handle(context.Context, slog.Record) error { *c.n++; return nil }
func (c counter) WithAttrs([]slog.Attr) slog.Handler        { return c }
func (c counter) WithGroup(string) slog.Handler             { return c }

// onePush is a store that has one subscription, which anything may be done to.
type onePush struct{}

func (onePush) PlanPushes(context.Context, time.Time, feed.PushPlan) (int, error)    { return 0, nil }
func (onePush) ClaimPush(context.Context, time.Time) (p feed.Push, ok bool, _ error) { return }
func (onePush) FinishPush(context.Context, feed.Push) error                          { return nil }
func (onePush) Hasten(context.Context, time.Time, int64, time.Duration) error        { return nil }
func (onePush) LeavePush(context.Context, string, string) (bool, error)              { return true, nil }

func (onePush) PushAt(_ context.Context, token string) (feed.Push, bool, error) {
	return feed.Push{Token: token, Topic: "https://wire-0.example/feed", Secret: "secret", State: feed.PushVerified,
		Until: time.Now().Add(time.Hour)}, true, nil
}

func (onePush) ConfirmPush(context.Context, time.Time, string, string, time.Duration) (bool, error) {
	return true, nil
}

func (onePush) DenyPush(context.Context, time.Time, string, string, string) (bool, error) {
	return true, nil
}

// raw is a call with a query as it is.
func (b *bench) raw(method, query, signature, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, feed.PushPath+strings.Repeat("A", tokenLength), strings.NewReader(body))
	r.URL = &url.URL{Path: r.URL.Path, RawQuery: query}
	r.Header = http.Header{"X-Hub-Signature": {signature}}
	w := httptest.NewRecorder()
	b.ear.ServeHTTP(w, r)
	return w
}
