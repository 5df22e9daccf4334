package siterule

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// The answers to a directive of yes or no, as a Rule keeps them.
const (
	yes = "yes"
	no  = "no"
)

// Problem is a line of a rule that is not understood. The others hold.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"` // from 1; 0 is the file as a whole
	Text string `json:"text"`           // what is wrong, and what would be right
}

// String reads "news.example.txt:3: …".
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Parse reads the text of a rule's file, which problems call name. A line that is not
// understood is reported and left out; the others hold.
func Parse(name string, text []byte) (*Rule, []Problem) {
	p := parser{file: name}
	written := strings.TrimPrefix(strings.ToValidUTF8(string(text), "\ufffd"), "\ufeff")
	if !strings.Contains(written, "\n") {
		written = strings.ReplaceAll(written, "\r", "\n")
	}
	for written := range strings.SplitSeq(written, "\n") {
		p.at++
		written = strings.TrimSpace(written)
		if written != "" && !strings.HasPrefix(written, "#") {
			p.read(written)
		}
	}
	for _, find := range p.finds {
		p.at = find.at
		p.wrong("find_string has no replace_string; write one below it, empty to take the text away")
	}
	return &Rule{lines: p.lines}, p.problems
}

// parser is a rule's file being read.
type parser struct {
	file     string
	at       int
	lines    []line
	finds    []line // find_string lines whose replace_string has not come
	problems []Problem
}

// wrong reports the line being read.
func (p *parser) wrong(text string, args ...any) {
	p.problems = append(p.problems, Problem{File: p.file, Line: p.at, Text: fmt.Sprintf(text, args...)})
}

// read reads one line that holds something.
func (p *parser) read(written string) {
	l, ok := split(written)
	if !ok || strings.HasPrefix(l.value, "//") && strings.HasPrefix(string(l.directive), "http") {
		if strings.HasPrefix(written, "http://") || strings.HasPrefix(written, "https://") {
			p.wrong("a URL stands alone; write test_url: %s if it is a page to test the rule on", written)
			return
		}
		p.wrong("%q is not a directive; write DIRECTIVE: VALUE, or # before a comment", clip(written))
		return
	}
	l.at = p.at
	word, known := vocabulary[l.directive]
	switch {
	case !known:
		p.wrong("there is no directive %q; there are %s", clip(string(l.directive)), meant(string(l.directive)))
	case l.inside != "" && word.inside == "":
		p.wrong("%s takes nothing in parentheses; write %s: %s", l.directive, l.directive, clip(l.value))
	case l.inside == "" && word.inside != "" && !word.bare:
		p.wrong("%s needs %s in parentheses, as in %s(…): %s", l.directive, word.inside, l.directive, clip(l.value))
	case l.value == "" && l.directive != replaceString:
		p.wrong("%s has no value; write one, or leave the line out", l.directive)
	case p.fits(&l, word):
		p.take(l)
	}
}

// split takes a line apart at its colon: the first one, or the first after the closing
// parenthesis where something stands in parentheses.
func split(written string) (line, bool) {
	name, value, ok := strings.Cut(written, ":")
	if before, after, paren := strings.Cut(written, "("); paren && wordlike(before) && len(before) < len(name) {
		inside, rest, closed := strings.Cut(after, "):")
		if !closed {
			return line{}, false
		}
		return line{directive: directive(strings.TrimSpace(before)), inside: strings.TrimSpace(inside), value: strings.TrimSpace(rest)}, true
	}
	name = strings.TrimSpace(name)
	return line{directive: directive(name), value: strings.TrimSpace(value)}, ok && wordlike(name)
}

// wordlike reports whether a text could be a directive's name.
func wordlike(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// elementName is what wrap_in may wrap in.
var elementName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// fits reports whether the line's value is what its directive takes, and puts it into
// the form that the rule keeps; else it reports the line.
func (p *parser) fits(l *line, w word) bool {
	switch w.form {
	case xpathExpr:
		if err := compiles(l.value); err != nil {
			p.wrong("%s: %q is not an XPath: %v", l.directive, clip(l.value), err)
			return false
		}
	case yesOrNo:
		switch strings.ToLower(l.value) {
		case yes, "true":
			l.value = yes
		case no, "false":
			l.value = no
		default:
			p.wrong("%s is yes or no, not %q", l.directive, clip(l.value))
			return false
		}
	case webAddress:
		if u, err := url.Parse(l.value); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			p.wrong("%s: %q is not the URL of a page; it begins with http:// or https://", l.directive, clip(l.value))
			return false
		}
	}
	switch {
	case l.directive == wrapIn && !elementName.MatchString(l.inside):
		p.wrong("wrap_in(%s): no element has such a name; write one such as blockquote", clip(l.inside))
		return false
	case l.directive == moveInto && l.inside != string(body):
		if err := compiles(l.inside); err != nil {
			p.wrong("move_into(%s) is not an XPath, nor body: %v", clip(l.inside), err)
			return false
		}
	}
	return true
}

// take adds a line that is understood. Some lines belong to the one before them.
func (p *parser) take(l line) {
	last := len(p.lines) - 1
	switch l.directive {
	case findString:
		p.finds = append(p.finds, l)
		return
	case replaceString:
		if l.inside != "" {
			break
		}
		if len(p.finds) == 0 {
			p.wrong("replace_string has no find_string; write one above it, or replace_string(TEXT): TEXT")
			return
		}
		l.inside, l.at = p.finds[0].value, p.finds[0].at
		p.finds = p.finds[1:]
	case ifPageContains:
		if last < 0 || p.lines[last].directive != singlePageLink && p.lines[last].directive != nextPageLink {
			p.wrong("if_page_contains says when the line above it holds, and that is no single_page_link and no next_page_link; move it below one")
			return
		}
		p.lines[last].when = l.value
		return
	case testContains:
		if last < 0 || p.lines[last].directive != testURL && p.lines[last].directive != testContains {
			p.wrong("test_contains says what the page of the test_url above it holds; write that above it")
			return
		}
	}
	p.lines = append(p.lines, l)
}

// clip shortens what is quoted in a problem.
func clip(text string) string {
	const most = 80
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
