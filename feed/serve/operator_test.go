package serve

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

type sourceLine struct {
	Name     string         `json:"name"`
	State    string         `json:"state"`
	Error    string         `json:"error,omitempty"`
	Warnings []string       `json:"warnings"`
	Drops    map[string]int `json:"drops"`
	Entries  int            `json:"entries"`
}

func fine(context.Context) (any, error) {
	return map[string]any{
		"paused": true,
		"sections": []map[string]any{
			{"name": "world"},
			{"name": "arts", "newest_story": "2026-11-22T12:00:00.123456+01:00", "shown": 12},
			{"name": "quiet", "newest_story": nil, "feeds": []any{
				map[string]any{"a_url": "https://quiet.example/rss", "state": "ok"}, map[string]any{}}},
		},
		"sources": []sourceLine{
			{Name: "harbour", State: "ok", Warnings: []string{}, Entries: 12},
			{Name: "<script>alert(1)</script>", State: "failing", Error: `the server answered "503" & nothing else`,
				Warnings: []string{"truncated", "encoding"}, Drops: map[string]int{"no-id": 2}},
		},
		"empty": []string{},
	}, nil
}

func operatorOf(t *testing.T, o OperatorOptions) http.Handler {
	t.Helper()
	o.Title = "The Tideway"
	if o.Shelf == nil {
		o.Shelf = filled(t, paper())
	}
	if o.Status == nil {
		o.Status = fine
	}
	return Operator(o)
}

func TestReadinessIsHavingSomethingToServe(t *testing.T) {
	broken := &library{err: errors.New("disk on fire")}
	never := NewShelf(broken)
	if _, err := never.Refresh(t.Context()); err == nil {
		t.Fatal("no error")
	}
	l := paper()
	degraded := filled(t, l)
	l.err = errors.New("disk on fire")
	if _, err := degraded.Refresh(t.Context()); err == nil {
		t.Fatal("no error")
	}
	for name, row := range map[string]struct {
		shelf *Shelf
		code  int
		body  string
	}{
		"before the first documents":  {NewShelf(&library{}), 503, `{"ready":false,"degraded":false,"documents":0}`},
		"a store that never answered": {never, 503, `{"ready":false,"degraded":true,"documents":0}`},
		"all is well":                 {filled(t, paper()), 200, `{"ready":true,"degraded":false,"documents":6}`},
		"the store does not answer":   {degraded, 200, `{"ready":true,"degraded":true,"documents":6}`},
	} {
		t.Run(name, func(t *testing.T) {
			h := operatorOf(t, OperatorOptions{Shelf: row.shelf})
			if w := get(h, "/readyz"); w.Code != row.code || strings.TrimSpace(w.Body.String()) != row.body {
				t.Errorf("%d %s, want %d %s", w.Code, w.Body, row.code, row.body)
			}
			if w := get(h, "/livez"); w.Code != 200 {
				t.Errorf("/livez: %d", w.Code)
			}
		})
	}
}

func TestStatusIsJSONForProgramsAndTablesForPeople(t *testing.T) {
	h := operatorOf(t, OperatorOptions{})
	for path, file := range map[string]string{"/status": "testdata/status.json", "/": "testdata/status.html"} {
		got := get(h, path).Body.String()
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s changed (-want +got); if meant so, run with -update:\n%s", path, diff)
		}
	}
}

func TestAFailedStatusTellsNoSecrets(t *testing.T) {
	for name, row := range map[string]struct {
		err  error
		want string
	}{
		"an error for people": {&feed.Error{Kind: feed.KindBusy, Text: "the store is busy"}, "the store is busy"},
		"any other error":     {errors.New("postgres://u:hunter2@db"), "the status could not be read; the log says why"},
		"a store that hangs":  {context.DeadlineExceeded, "the store did not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			h := operatorOf(t, OperatorOptions{
				Status: func(context.Context) (any, error) { return nil, row.err },
				Log:    slog.New(slog.NewTextHandler(&log, nil)),
			})
			for _, path := range []string{"/status", "/"} {
				w := get(h, path)
				if w.Code != 503 || !strings.Contains(w.Body.String(), row.want) || strings.Contains(w.Body.String(), "hunter2") {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
			if !strings.Contains(log.String(), row.err.Error()) {
				t.Errorf("the log does not say why: %s", &log)
			}
		})
	}
}

func TestStatusThatIsNoObjectIsAnErrorNotAPanic(t *testing.T) {
	for _, status := range []any{nil, 5, "text", []int{1}, map[string]any{"a": []any{map[string]any{}, 1}}, func() {}} {
		h := operatorOf(t, OperatorOptions{Status: func(context.Context) (any, error) { return status, nil }})
		if w := get(h, "/"); w.Code != 503 {
			t.Errorf("%v: status %d", status, w.Code)
		}
	}
}

func TestTheOperatorsPathsAreAFewAndReadOnly(t *testing.T) {
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("m 1\n")) })
	with, without := operatorOf(t, OperatorOptions{Metrics: metrics}), operatorOf(t, OperatorOptions{})
	for path, code := range map[string]int{"/": 200, "/status": 200, "/livez": 200, "/readyz": 200,
		"/metrics": 200, "/style.css": 200, "/world/": 404, "/status/x": 404, "/debug/pprof/": 404} {
		if w := get(with, path); w.Code != code {
			t.Errorf("GET %s: %d, want %d", path, w.Code, code)
		}
	}
	if w := get(without, "/metrics"); w.Code != 404 {
		t.Errorf("metrics without metrics: %d", w.Code)
	}
	if w := ask(with, http.MethodPost, "/status"); w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
}
