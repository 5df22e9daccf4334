package main

import (
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/sources/fetch"
)

// told is what the normaliser did to an article, step by step.
type told struct {
	notes   []feed.Note
	changes []normalise.Change
}

// inText is an address in a text or in markup.
var inText = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+.-]*:)?//[^\s"'<>“”]+`)

// discreet is a text without the secrets of the addresses in it. What follows a "#" stays:
// it is a place in a text more often than not, and feeds are asked for without it.
func discreet(s string) string {
	return inText.ReplaceAllStringFunc(s, func(written string) string {
		address, _, _ := strings.Cut(written, "#")
		if strings.Contains(address, "&") {
			address = html.UnescapeString(written)
			address, _, _ = strings.Cut(address, "#")
		}
		u, err := url.Parse(address)
		if err != nil && !strings.ContainsAny(address, "@?") {
			return written
		}
		shown := fetch.Redact(address)
		if err == nil && shown == u.String() {
			return written
		}
		return shown
	})
}

// discreetly is what was done to an article without the secrets of the addresses in it.
func discreetly(notes []feed.Note, changes []normalise.Change) ([]feed.Note, []normalise.Change) {
	notes, changes = slices.Clone(nonNil(notes)), slices.Clone(nonNil(changes))
	for i := range notes {
		notes[i].Text = discreet(notes[i].Text)
	}
	for i := range changes {
		changes[i].Before, changes[i].After = discreet(changes[i].Before), discreet(changes[i].After)
	}
	return notes, changes
}

// How much of what an article was is shown.
type detail int

const (
	remarks detail = iota // the notes, and what was before and after what they remark on
	briefly               // every change, in a line
	wholly                // every change, line by line
)

// print shows the steps in their order; what is said of none of them comes first.
func (s told) print(w io.Writer, indent string, how detail) {
	steps := normalise.Steps()
	for _, note := range s.notes {
		if !slices.Contains(steps, note.Step) {
			fmt.Fprintf(w, "%s%s: %s\n", indent, note.Step, brief(note.Text))
		}
	}
	for _, step := range steps {
		said := false
		for _, note := range s.notes {
			if note.Step == step {
				said = true
				fmt.Fprintf(w, "%s%s: %s\n", indent, step, brief(note.Text))
			}
		}
		for _, c := range s.changes {
			switch {
			case c.Step != step || how == remarks && !said:
			case how == wholly && isLong(c):
				fmt.Fprintf(w, "%s%s:%s\n", indent, step, partOf(c))
				printDiff(w, indent+"  ", c.Before, c.After)
			case how != remarks || !isLong(c):
				fmt.Fprintf(w, "%s%s:%s %s\n", indent, step, partOf(c), arrow(c))
			}
		}
	}
}

// isLong tells whether a change is more than a line shows.
func isLong(c normalise.Change) bool {
	const fits = 70 // characters
	return c.Part == "content" || strings.Contains(c.Before+c.After, "\n") || utf8.RuneCountInString(c.Before) > fits || utf8.RuneCountInString(c.After) > fits
}

// arrow is a change in one line.
func arrow(c normalise.Change) string {
	const side = 70 // characters
	show := func(s string) string {
		if s == "" {
			return "nothing"
		}
		return "“" + shorten(printable(s), side) + "”"
	}
	return show(c.Before) + " → " + show(c.After)
}

// partOf names the part that a change is of, where its step does not.
func partOf(c normalise.Change) string {
	if c.Part == c.Step || c.Part+"s" == c.Step {
		return ""
	}
	return " " + c.Part
}

// blockTag is where markup that is written in one line may be broken for a person.
var blockTag = regexp.MustCompile(`(?i)<(?:p|div|h[1-6]|ul|ol|li|blockquote|figure|figcaption|table|tr|pre|section|aside|article|hr|script|style|iframe|noscript|dl|dt|dd|img|video|audio)\b[^>]*>` +
	`|</(?:ul|ol|div|blockquote|figure|table|section|aside|article)>|<br\s*/?>`)

// readableLines breaks markup and text into lines that mean something.
func readableLines(s string) []string {
	s = strings.TrimSpace(blockTag.ReplaceAllString(s, "\n$0"))
	if s == "" {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = printable(strings.TrimSpace(line)); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// mostLines is how many lines of either side are compared: what a person reads, and
// the cost of comparing grows with the square of it.
const mostLines = 400

// printDiff shows what became of a text, line by line: "-" was taken out or changed, "+"
// is in its place. Of what stayed, the lines beside a change are shown.
func printDiff(w io.Writer, indent, before, after string) {
	lines := compare(readableLines(before), readableLines(after))
	for i, l := range lines {
		switch {
		case l.sign != ' ', i > 0 && lines[i-1].sign != ' ', i+1 < len(lines) && lines[i+1].sign != ' ':
			fmt.Fprintf(w, "%s%c %s\n", indent, l.sign, brief(l.text))
		case i == 0 || lines[i-1].sign == ' ' && i > 1 && lines[i-2].sign != ' ':
			fmt.Fprintf(w, "%s  …\n", indent)
		}
	}
}

// line is a line of one text or the other ('-', '+'), or of both (' ').
type line struct {
	sign rune
	text string
}

// compare finds the longest common sequence of two lists of lines.
func compare(a, b []string) (out []line) {
	cut := len(a) > mostLines || len(b) > mostLines
	a, b = a[:min(len(a), mostLines)], b[:min(len(b), mostLines)]
	common := make([][]int, len(a)+1) // of what comes after
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for k := len(b) - 1; k >= 0; k-- {
			if a[i] == b[k] {
				common[i][k] = common[i+1][k+1] + 1
			} else {
				common[i][k] = max(common[i+1][k], common[i][k+1])
			}
		}
	}
	i, k := 0, 0
	for i < len(a) || k < len(b) {
		switch {
		case i < len(a) && k < len(b) && a[i] == b[k]:
			out = append(out, line{' ', a[i]})
			i, k = i+1, k+1
		case k == len(b) || i < len(a) && common[i+1][k] >= common[i][k+1]:
			out = append(out, line{'-', a[i]})
			i++
		default:
			out = append(out, line{'+', b[k]})
			k++
		}
	}
	if cut {
		out = append(out, line{'~', fmt.Sprintf("what comes after %d lines is not compared; --json has all", mostLines)})
	}
	return out
}
