package siterule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
)

// Rule says how the pages of one site are read. A nil Rule names nothing. A Rule never
// changes once made, and may be used by many at once.
type Rule struct {
	lines []line
}

// line is one directive of a rule.
type line struct {
	directive directive
	inside    string // what stands in parentheses after the directive's name
	value     string
	when      string                 // an XPath: the line holds only where it finds something
	at        int                    // its line in the file, from 1; 0 for a selector of the configuration
	selector  cascadia.SelectorGroup // in the place of an XPath
}

// Selectors makes a rule of CSS selectors, as the configuration has them: content names
// the article's text (the first selector that finds something is obeyed, with all that it
// finds), remove what is taken away first. The error names the selector that is none.
func Selectors(content, remove []string) (*Rule, error) {
	r := &Rule{}
	for _, group := range []struct {
		directive directive
		selectors []string
	}{{body, content}, {strip, remove}} {
		for _, text := range group.selectors {
			if strings.TrimSpace(text) == "" {
				return nil, fmt.Errorf("an empty selector selects nothing; write one such as %q", "article .story")
			}
			if strings.HasPrefix(text, "//") {
				return nil, fmt.Errorf("%q is an XPath; a CSS selector such as %q is expected", text, "article .story")
			}
			sel, err := cascadia.ParseGroupWithPseudoElements(text)
			if err != nil {
				return nil, fmt.Errorf("%q is not a CSS selector: %w", text, err)
			}
			for _, s := range sel {
				if s.PseudoElement() != "" {
					return nil, fmt.Errorf("%q asks for ::%s, which is not a part of a page; leave it away", text, s.PseudoElement())
				}
			}
			r.lines = append(r.lines, line{directive: group.directive, value: text, selector: sel})
		}
	}
	return r, nil
}

// Over is r with what other says besides: r's selectors are tried before other's, what
// either takes away is taken away, and where both answer yes or no, r's answer holds.
// The test pages are r's alone.
func (r *Rule) Over(other *Rule) *Rule {
	if r == nil || len(r.lines) == 0 {
		return other
	}
	if other == nil || len(other.lines) == 0 {
		return r
	}
	both := slices.Clone(r.lines)
	for _, l := range other.lines {
		if l.directive != testURL && l.directive != testContains && !slices.ContainsFunc(r.lines, l.same) {
			both = append(both, l)
		}
	}
	return &Rule{lines: both}
}

// same reports whether two lines say the same.
func (l line) same(other line) bool {
	return l.directive == other.directive && l.inside == other.inside && l.value == other.value &&
		l.when == other.when && (l.selector == nil) == (other.selector == nil)
}

// Version is a digest of all that the rule says about the reading of a page: another one
// may read a page otherwise. It is empty for a rule that says nothing.
func (r *Rule) Version() string {
	sum, any := sha256.New(), false
	for l := range r.each {
		if l.directive == testURL || l.directive == testContains || vocabulary[l.directive].passed != "" {
			continue
		}
		any = true
		kind := "xpath"
		if l.selector != nil {
			kind = "css"
		}
		for _, part := range []string{string(l.directive), kind, l.inside, l.value, l.when} {
			fmt.Fprintf(sum, "%d:%s,", len(part), part)
		}
	}
	if !any {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Test is a page that a rule says it reads.
type Test struct {
	URL      string
	Contains []string // pieces of the text that is to be found
	Line     int      // of the test_url in the rule's file
}

// Tests are the pages that the rule names to try it on.
func (r *Rule) Tests() []Test {
	var tests []Test
	for l := range r.each {
		switch {
		case l.directive == testURL:
			tests = append(tests, Test{URL: l.value, Line: l.at})
		case l.directive == testContains && len(tests) > 0:
			last := &tests[len(tests)-1]
			last.Contains = append(last.Contains, l.value)
		}
	}
	return tests
}

// each goes through the lines of the rule; nil has none.
func (r *Rule) each(yield func(line) bool) {
	if r == nil {
		return
	}
	for _, l := range r.lines {
		if !yield(l) {
			return
		}
	}
}

// all goes through the lines of one directive.
func (r *Rule) all(d directive) func(yield func(line) bool) {
	return func(yield func(line) bool) {
		for l := range r.each {
			if l.directive == d && !yield(l) {
				return
			}
		}
	}
}

// says is the rule's answer to a directive of yes or no: the first that it gives.
func (r *Rule) says(d directive, otherwise bool) bool {
	for l := range r.all(d) {
		return l.value == yes
	}
	return otherwise
}

// Unmet names what the rule has lines for, of a page's body, title, author and date, and
// did not find.
func (r *Rule) Unmet(f Found) []string {
	var unmet []string
	for _, part := range []struct {
		directive directive
		found     bool
	}{{body, len(f.Body) > 0}, {title, f.Title != ""}, {author, len(f.Authors) > 0}, {date, f.Date != ""}} {
		for range r.all(part.directive) {
			if !part.found {
				unmet = append(unmet, string(part.directive))
			}
			break
		}
	}
	return unmet
}
