package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"golang.org/x/term"
)

// terminal reports whether w is a terminal that a person looks at.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// printJSON writes v to stdout for programs.
func (p *program) printJSON(v any) error {
	enc := json.NewEncoder(p.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// logger writes to stderr: for people on a terminal, else as JSON.
func (p *program) logger(usual slog.Level) (*slog.Logger, error) {
	level := usual
	if p.logLevel != "" {
		if err := level.UnmarshalText([]byte(p.logLevel)); err != nil {
			return nil, usageError{fmt.Errorf("--log-level is %q; it may be debug, info, warn or error", p.logLevel)}
		}
	}
	format := p.logFormat
	if format == "" && !terminal(p.stderr) {
		format = "json"
	}
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level})), nil
	case "", "text":
		return slog.New(tint.NewTextHandler(p.stderr, &tint.Options{
			Level: level, TimeFormat: time.TimeOnly, NoColor: !terminal(p.stderr)})), nil
	default:
		return nil, usageError{fmt.Errorf("--log-format is %q; it may be text or json", format)}
	}
}

// printable is upstream text for a terminal: one line without control
// characters, which could move the cursor or colour what follows.
func printable(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == '\u2028' || r == '\u2029' ||
			(r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
	}), " ")
}

// briefWidth is how much of an upstream text a line shows; --json has all.
const briefWidth = 160

// brief is printable, and short.
func brief(s string) string { return shorten(printable(s), briefWidth) }

// shorten cuts s to about n characters at the end.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// plural is "1 source" or "3 sources".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	if strings.HasSuffix(one, "y") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(one, "y"))
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// stamp is a time as people on this machine read it; empty for no time.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// ownDate is an article's date as people read it.
func ownDate(published time.Time, undated bool, zone *time.Location) string {
	if undated {
		return "undated"
	}
	return stamp(published, zone)
}
