package main

import (
	"strings"
	"testing"
)

func TestTheShellIsOfferedWhatACommandTakes(t *testing.T) {
	d := newDesk(t)
	d.config(threeSources)
	tests := []struct{ line, want string }{
		{"once |", "gulf tide sleepy :4"},
		{"once gulf |t", "tide :4"},
		{"once gulf |g", ":4"},
		{"preview |s", "sleepy :4"},
		{"status |", ":4"},
		{"run --log-level |", "debug info warn error :4"},
		{"run -c |", "yaml yml :8"},
		{"build -o |", ":16"},
	}
	for _, tt := range tests {
		before, typed, _ := strings.Cut(tt.line, "|")
		out := d.run(append(append([]string{"__complete"}, strings.Fields(before)...), typed)...)
		if got := strings.Join(strings.Fields(out), " "); got != tt.want {
			t.Errorf("%q offers %q, want %q", tt.line, got, tt.want)
		}
	}
	if out := d.run("completion", "bash"); !strings.Contains(out, "bash completion V2 for broadsheet") {
		t.Errorf("completion bash prints %.80q", out)
	}
}
