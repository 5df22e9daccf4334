package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/fakeweb"
)

const threeSources = `
sections: [{name: all, title: All, sources: ["*"]}]
sources:
  - {name: gulf, url: "http://gulf.example/feed.xml"}
  - {name: tide, url: "http://tide.example/feed.xml?token=sesame"}
  - {name: sleepy, url: "http://sleepy.example/feed.xml", paused: true}
`

func threeDesk(t *testing.T) *desk {
	d := newDesk(t)
	d.config(threeSources)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	d.web.HandlePage("tide.example", "/feed.xml", fakeweb.Status(429, "Retry-After", "7200"))
	return d
}

func TestOnceAsksANamedSourceThatIsNotDueAndNeverOneThatIsHeldOrPaused(t *testing.T) {
	d := threeDesk(t)
	d.run("once")
	tests := []struct {
		name     string
		code     int
		says     string
		requests int
	}{
		{"gulf", exitDone, "1 feed polled", 1}, // cadence is overridden
		{"tide", exitFailed, "tide waits until 2026-11-22 14:00", 0},
		{"sleepy", exitFailed, "sleepy is paused in", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d.web.Forget()
			d.later(time.Minute)
			out, errs, code := d.try("once", tt.name)
			if code != tt.code || !strings.Contains(out+errs, tt.says) || len(d.web.Log()) != tt.requests {
				t.Errorf("exit %d after %d requests:\n%s%s", code, len(d.web.Log()), out, errs)
			}
		})
	}
}

func TestTheSummaryOfAPassNamesWhatFailedAndWhatWaits(t *testing.T) {
	d := threeDesk(t)
	out, _, code := d.try("once", "--json", "--strict")
	var sum map[string]any
	decode(t, out, &sum)
	delete(sum, "seconds")
	tide := map[string]any{"source": "tide", "url": "http://tide.example/feed.xml?token=***"}
	want := map[string]any{"polled": 2., "unchanged": 0., "listed": 1., "new": 1., "updated": 0., "kept_back": 0.,
		"drops": map[string]any{}, "waiting": []any{},
		"pages":     map[string]any{"asked": 0., "read": 0., "refused": 0., "failed": 0.},
		"failed":    []any{with(tide, "kind", "held", "error", "the server answered 429 (Too Many Requests)")},
		"published": map[string]any{"sections": 2., "documents": 15., "problems": 0.}}
	if diff := cmp.Diff(want, sum); diff != "" || code != exitFailed {
		t.Errorf("exit %d; the summary (-want +got):\n%s", code, diff)
	}
	d.later(time.Minute)
	out, _, code = d.try("once", "tide", "--json")
	decode(t, out, &sum)
	held := []any{with(tide, "next_poll", "2026-11-22T14:00:00Z", "next_reason", "Retry-After")}
	if diff := cmp.Diff(held, sum["waiting"]); diff != "" || code != exitFailed {
		t.Errorf("exit %d; waiting (-want +got):\n%s", code, diff)
	}
}

// with is a copy of m with more members.
func with(m map[string]any, pairs ...any) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out
}

func TestAPassThatIsStoppedSaysThatNothingIsLost(t *testing.T) {
	d := threeDesk(t)
	ctx, stop := context.WithCancel(t.Context())
	d.web.HandlePage("gulf.example", "/feed.xml", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		stop()
	}))
	p, _, errs := d.start()
	code := p.main(ctx, []string{"-c", filepath.Join(d.dir, "config.yaml"), "once"})
	if code != exitFailed || !strings.Contains(errs.String(), "stopped before all was done; what came is stored") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
