package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"broadsheet/feed"
)

// Problem is something wrong with the configuration, for the operator.
type Problem struct {
	Pos     feed.Pos `json:"pos"`     // File is relative to the folder of config.yaml
	Key     string   `json:"key"`     // the key that it is about, e.g. "sections.match.words"
	Text    string   `json:"text"`    // what is wrong and what would be right
	Warning bool     `json:"warning"` // the file may be used all the same
}

// String reads "config.yaml:12:5: sources.every: what is wrong and what would
// be right".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Pos.File)
	if p.Pos.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Pos.Line, p.Pos.Column)
	}
	b.WriteString(": ")
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// Problems are all that is wrong with a configuration, in the order of files
// and lines.
type Problems []Problem

// Failed reports whether any of them is more than a warning.
func (ps Problems) Failed() bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return !p.Warning })
}

// String has one problem on each line, warnings marked as such.
func (ps Problems) String() string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(p.String())
		if p.Warning {
			b.WriteString(" (warning)")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// maxProblems is how many errors are told, and as many warnings: nobody reads
// more, and a hostile file must not make more.
const maxProblems = 1000

// findings collects problems, each once: what is wrong with defaults is found
// again in every source that inherits them.
type findings struct {
	list  Problems
	seen  map[Problem]bool
	count map[bool]int // of all that were found: errors (false), warnings (true)
}

func (f *findings) add(p Problem) {
	if f.seen == nil {
		f.seen, f.count = map[Problem]bool{}, map[bool]int{}
	}
	if f.seen[p] {
		return
	}
	if f.count[p.Warning]++; f.count[p.Warning] > maxProblems {
		return
	}
	f.seen[p] = true
	f.list = append(f.list, p)
}

// refuse reports an error; warn reports what may stay.
func (f *findings) refuse(pos feed.Pos, key, format string, args ...any) {
	f.add(Problem{Pos: pos, Key: key, Text: fmt.Sprintf(format, args...)})
}

func (f *findings) warn(pos feed.Pos, key, format string, args ...any) {
	f.add(Problem{Pos: pos, Key: key, Text: fmt.Sprintf(format, args...), Warning: true})
}

// sorted gives what was found, by file, line and column.
func (f *findings) sorted() Problems {
	slices.SortStableFunc(f.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	f.untold(false, "errors")
	f.untold(true, "warnings")
	return f.list
}

// credentials are what stands before the host of a URL.
var credentials = regexp.MustCompile(`(://)[^/\s"]*@`)

// untold tells how many were too many to tell.
func (f *findings) untold(warning bool, what string) {
	if more := f.count[warning] - maxProblems; more > 0 {
		text := fmt.Sprintf("%d more %s are not shown", more, what)
		last := f.list[len(f.list)-1]
		f.list = append(f.list, Problem{Pos: last.Pos, Text: text, Warning: warning})
	}
}

// maxQuoted is how many characters of a value a message repeats.
const maxQuoted = 60

// quote shows a value of the file in a message.
func quote(s string) string {
	if r := []rune(s); len(r) > maxQuoted {
		s = string(r[:maxQuoted]) + "…"
	}
	s = credentials.ReplaceAllString(s, "$1…@")
	return `"` + strings.NewReplacer(`"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}
