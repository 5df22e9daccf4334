package robots

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxBytes is how much of a file is read; what follows is ignored. A parser must
// read at least 500 KiB (RFC 9309 §2.5).
const MaxBytes = 512 << 10

// maxDelay bounds a Crawl-delay, so that sums of durations cannot overflow. How
// much of it is kept is decided elsewhere.
const maxDelay = 24 * time.Hour

// File is what a robots.txt says to one crawler. The zero value allows all.
type File struct {
	rules []rule
	delay time.Duration
}

// rule is a line that allows or disallows the paths of a pattern.
type rule struct {
	pattern pattern
	allow   bool
}

// Delay is the rest between two requests that the file asks for with
// Crawl-delay, which is not part of the standard: from 0 to 24 hours.
func (f *File) Delay() time.Duration { return f.delay }

// Size is about how much memory the file takes, in bytes.
func (f *File) Size() int {
	const (
		overhead = 96 // of a rule and of a file
		part     = 16 // of the header of a string, on top of what it holds
	)
	n := overhead
	for _, r := range f.rules {
		n += overhead + r.pattern.size + part*len(r.pattern.parts)
	}
	return n
}

// Parse reads a robots.txt for the crawler of that product token. Anything is a
// robots.txt: lines that cannot be understood say nothing (RFC 9309 §2.2.4).
func Parse(data []byte, product string) *File {
	if len(data) > MaxBytes {
		// The last line is cut off too: a shorter pattern would mean more paths.
		data = data[:MaxBytes]
		data = data[:bytes.LastIndexAny(data, "\r\n")+1]
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	p := parser{product: product}
	for len(data) > 0 {
		end := bytes.IndexAny(data, "\r\n")
		if end < 0 {
			p.line(string(data))
			break
		}
		p.line(string(data[:end]))
		data = data[end+1:]
	}
	// A copy: a pointer into the parser would keep the rules of the other one.
	f := p.everyone
	if p.named {
		f = p.own
	}
	f.rules = slices.Clone(f.rules) // nor what append took beyond their number
	return &f
}

// parser collects the rules of all groups that name the crawler, and those of
// all that name everyone: several groups of one name are one (RFC 9309 §2.2.1).
type parser struct {
	product       string
	own, everyone File
	named         bool // some group names the crawler
	// The group that is being read, and whether its names are complete.
	isOwn, isEveryone bool
	ruled             bool
}

// line reads one line. Other records, Sitemap for one, neither end a group nor
// begin one (RFC 9309 §2.2.4).
func (p *parser) line(text string) {
	text, _, _ = strings.Cut(text, "#")
	key, value, ok := strings.Cut(text, ":")
	if !ok {
		return
	}
	value = strings.Trim(value, " \t")
	switch strings.ToLower(strings.Trim(key, " \t")) {
	case "user-agent":
		p.agent(value)
	case "allow":
		p.rule(value, true)
	case "disallow":
		p.rule(value, false)
	case "crawl-delay":
		p.delay(value)
	}
}

func (p *parser) agent(value string) {
	if p.ruled {
		p.isOwn, p.isEveryone, p.ruled = false, false, false
	}
	switch token := Product(value); {
	case value == "*" || strings.HasPrefix(value, "* ") || strings.HasPrefix(value, "*\t"):
		p.isEveryone = true
	case token != "" && strings.EqualFold(token, p.product):
		p.isOwn, p.named = true, true
	}
}

// Product is the product token that a User-Agent begins with: its letters,
// dashes and underscores (RFC 9309 §2.2.1).
func Product(userAgent string) string {
	end := strings.IndexFunc(userAgent, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
	})
	if end < 0 {
		return userAgent
	}
	return userAgent[:end]
}

// rule adds a line to the groups it stands in. An empty pattern matches nothing,
// and so does one that begins with neither / nor a wildcard.
func (p *parser) rule(value string, allow bool) {
	p.ruled = true
	if value == "" || value[0] != '/' && value[0] != '*' {
		return
	}
	if !p.isOwn && !p.isEveryone {
		return
	}
	r := rule{pattern: compile(value), allow: allow}
	if p.isOwn {
		p.own.rules = append(p.own.rules, r)
	}
	if p.isEveryone {
		p.everyone.rules = append(p.everyone.rules, r)
	}
}

// delay notes a Crawl-delay, in seconds; the longest one counts.
func (p *parser) delay(value string) {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 {
		return
	}
	d := maxDelay
	if seconds < maxDelay.Seconds() {
		d = time.Duration(seconds * float64(time.Second))
	}
	if p.isOwn {
		p.own.delay = max(p.own.delay, d)
	}
	if p.isEveryone {
		p.everyone.delay = max(p.everyone.delay, d)
	}
}
