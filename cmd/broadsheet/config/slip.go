package config

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// slip is a mistake in YAML's syntax, told in our words.
type slip struct {
	line, column int
	key          string // the key on that line, if one can be seen
	text         string // what is wrong and what would be right
	mended       string // the line as it was most likely meant; empty if that cannot be told
}

// keyed is a line with a key: its indent and dashes, key, blanks and value.
var keyed = regexp.MustCompile(`^(\s*(?:- +)*)([\w.-]+)\s*:(\s+)(.*)$`)

// glued is a key whose colon has no space after it.
var glued = regexp.MustCompile(`^(\s*(?:- +)*[a-z_-]+):([^\s/:].*)$`)

// diagnose tells which of the usual slips is behind an error of the YAML
// reader, whose own words help nobody who does not know YAML's grammar.
func diagnose(lines []string, e *syntaxError) slip {
	s := slip{line: min(e.line, len(lines)), column: e.column}
	for _, known := range []func(*slip, []string, *syntaxError) bool{
		slipDocuments, slipTab, slipIndicator, slipEscape, slipQuote, slipGlued, slipColon,
		slipFlow,
		slipTail, slipIndent,
	} {
		if known(&s, lines, e) {
			s.key = keyAt(lines[s.line-1], s.column)
			return s
		}
	}
	s.key = keyAt(lines[s.line-1], s.column)
	s.text = "this is not YAML (" + e.message +
		"); a value with special characters belongs in quotes"
	return s
}

// nearest is the key whose value follows.
var nearest = regexp.MustCompile(`([\w.-]+)\s*:\s+[\["'{]?[^:]*$`)

// keyAt is the key whose value stands at the column; the line's if that cannot
// be seen, and empty if it has none.
func keyAt(line string, column int) string {
	before, _ := cut(line, column)
	if m := nearest.FindStringSubmatch(before); m != nil {
		return m[1]
	}
	return keyOf(line)
}

func keyOf(line string) string {
	if m := keyed.FindStringSubmatch(line); m != nil {
		return m[2]
	}
	return ""
}

func slipDocuments(s *slip, lines []string, e *syntaxError) bool {
	if e.message != severalDocuments {
		return false
	}
	s.text = "a second document begins here (---); the configuration is one: put it into " +
		"another file and include: that"
	return true
}

func slipTab(s *slip, lines []string, e *syntaxError) bool {
	line := lines[s.line-1]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if !strings.Contains(indent, "\t") && !strings.Contains(e.message, "tab") {
		return false
	}
	s.text = "the line is indented with a tab, which YAML does not allow; use spaces"
	s.mended = strings.ReplaceAll(indent, "\t", "  ") + line[len(indent):]
	return true
}

// started is the beginning of a line up to a value, and what is there of one
// that begins with *.
var started = regexp.MustCompile(`^(.*(?:[:,]\s+|[\[{]\s*|^\s*(?:- +)+))(\*.*)$`)

// slipIndicator: a value begins with a character that means something in YAML.
func slipIndicator(s *slip, lines []string, e *syntaxError) bool {
	line := lines[s.line-1]
	column := e.column
	if e.fromLine == e.line {
		column = e.from
	}
	before, rest := cut(line, column)
	if m := started.FindStringSubmatch(before); m != nil { // noticed in the middle of the value
		before, rest = m[1], m[2]+rest
		column = utf8.RuneCountInString(before) + 1
	}
	if rest == "" || !strings.ContainsRune("*@`%&!,]}", rune(rest[0])) {
		return false
	}
	if strings.ContainsRune(",]}", rune(rest[0])) && keyOf(before+"x") == "" {
		return false // a bracket in the middle of something else
	}
	token, after := rest, ""
	if strings.ContainsAny(before, "[{") && !strings.ContainsRune("]}", rune(rest[0])) {
		if i := strings.IndexAny(rest, ",]}"); i >= 0 {
			token, after = rest[:i], rest[i:]
		}
	}
	if token = withoutComment(token); token == "" {
		return false
	}
	s.column = column
	s.text = "a value that begins with " + string(rest[0]) + " must be in quotes: " +
		inQuotes(token)
	if rest[0] == '*' && strings.HasPrefix(e.message, "unknown anchor") {
		s.text = "there is no anchor &" + strings.Trim(token[1:], "*") + " above; " + s.text
	}
	s.mended = before + inQuotes(token) + after
	return true
}

// slipEscape: "\d" in double quotes, where \ means something.
func slipEscape(s *slip, lines []string, e *syntaxError) bool {
	if e.message != "found unknown escape character" || e.fromLine != e.line {
		return false
	}
	before, rest := cut(lines[s.line-1], e.from)
	s.column = e.from
	s.text = `in double quotes \ begins an escape that YAML knows, and this one it does not; use single quotes`
	if end := closing(rest); end > 0 {
		s.text += ": " + inQuotes(rest[1:end])
		s.mended = before + inQuotes(rest[1:end]) + rest[end+1:]
	}
	return true
}

// closing finds the quote that ends what the first one begins; 0 if there is
// none.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return 0
}

func slipQuote(s *slip, lines []string, e *syntaxError) bool {
	if e.message != "found unexpected end of stream" || e.fromLine == 0 {
		return false
	}
	s.line, s.column = e.fromLine, e.from
	s.text = "the quote that opens here is never closed"
	return true
}

// slipGlued: "title:Foo", here or on the line above.
func slipGlued(s *slip, lines []string, e *syntaxError) bool {
	for line := s.line; line >= max(1, s.line-1); line-- {
		m := glued.FindStringSubmatch(lines[line-1])
		if m == nil {
			continue
		}
		s.line, s.column = line, utf8.RuneCountInString(m[1])+1
		s.text = "the colon after a key needs a space behind it: " + strings.TrimSpace(m[1]) +
			": " + m[2]
		s.mended = m[1] + ": " + m[2]
		return true
	}
	return false
}

// slipColon: "title: a: b".
func slipColon(s *slip, lines []string, e *syntaxError) bool {
	if !strings.HasPrefix(e.message, "mapping values are not allowed") {
		return false
	}
	m := keyed.FindStringSubmatch(lines[s.line-1])
	if m == nil {
		return false
	}
	value := withoutComment(m[4])
	if !strings.Contains(value, ":") {
		s.text = "this line is indented below a line that already has a value; line keys up, " +
			"or give the key above no value"
		return true
	}
	at := m[1] + m[2] + ":" + m[3]
	s.column = utf8.RuneCountInString(at) + 1
	s.text = "a value with a colon and a space in it must be in quotes: " + inQuotes(value)
	s.mended = at + inQuotes(value) + m[4][len(value):]
	return true
}

// maxFlow is how many lines above the place where it is noticed a bracket is
// looked for that a comment keeps open.
const maxFlow = 10

// slipFlow: something wrong within [ ] or { }.
func slipFlow(s *slip, lines []string, e *syntaxError) bool {
	if e.message == "did not find expected node content" {
		for line := max(1, s.line-maxFlow); line <= s.line; line++ {
			if mendComment(s, lines, line) {
				return true
			}
		}
		return false
	}
	if !strings.HasPrefix(e.message, "did not find expected ','") {
		return false
	}
	bracket := strings.Trim(e.message[strings.LastIndex(e.message, " ")+1:], "'")
	last := min(e.line, len(lines))
	for line := e.fromLine; line <= last; line++ {
		if mendComment(s, lines, line) {
			return true
		}
	}
	before, rest := cut(lines[s.line-1], e.column)
	if i := strings.LastIndex(before, "$"); i >= 0 && strings.HasPrefix(rest, "{") && i == len(before)-1 {
		if end := strings.Index(rest, "}"); end > 0 {
			s.column = e.column - 1
			s.text = "within [ ] and { } a ${…} must be in quotes: " +
				inQuotes("$"+rest[:end+1])
			s.mended = before[:i] + inQuotes("$"+rest[:end+1]) + rest[end+1:]
			return true
		}
	}
	s.text = "a comma or the closing " + bracket +
		" is missing here; within [ ] and { } a value that holds , : # [ ] { or } must be in " +
		"quotes"
	if e.fromLine != e.line {
		s.line, s.column = e.fromLine, e.from
		s.text = "the " + map[string]string{"]": "[", "}": "{"}[bracket] +
			" that opens here is not closed with " + bracket
	}
	return true
}

// mendComment: [Iran, #metoo], where the rest of the line is a comment.
func mendComment(s *slip, lines []string, number int) bool {
	line := lines[number-1]
	i := strings.Index(line, " #")
	if i < 0 || !strings.ContainsAny(line[:i], "[{") {
		return false
	}
	word := line[i+1:]
	after := ""
	if end := strings.IndexAny(word, ",]}"); end >= 0 {
		word, after = word[:end], word[end:]
	}
	if after == "" {
		return false
	}
	s.line, s.column = number, utf8.RuneCountInString(line[:i+1])+1
	s.text = "# begins a comment here, so the closing bracket is not seen; put the value in " +
		"quotes: " + inQuotes(strings.TrimSpace(word))
	s.mended = line[:i+1] + inQuotes(strings.TrimSpace(word)) + after
	return true
}

// slipTail: text after a closing quote or bracket.
func slipTail(s *slip, lines []string, e *syntaxError) bool {
	m := keyed.FindStringSubmatch(lines[s.line-1])
	if e.message != "did not find expected key" || m == nil || m[4] == "" || !strings.ContainsRune(`"'[{`, rune(m[4][0])) {
		return false
	}
	at := m[1] + m[2] + ":" + m[3]
	if utf8.RuneCountInString(at) >= e.column {
		return false
	}
	value := withoutComment(m[4])
	s.column = utf8.RuneCountInString(at) + 1
	s.text = "there is text after the closing " + closers[m[4][0]] +
		"; put the whole value in quotes: " + inQuotes(value)
	s.mended = at + inQuotes(value) + m[4][len(value):]
	return true
}

var closers = map[byte]string{'"': "quote", '\'': "quote", '[': "bracket", '{': "brace"}

func slipIndent(s *slip, lines []string, e *syntaxError) bool {
	switch {
	case e.message == "did not find expected key", e.message == "did not find expected '-' indicator":
		s.text = "this line does not line up with those above; the keys of one block begin " +
			"in the same column, and so do the dashes of one list"
	case strings.HasPrefix(e.message, "block sequence entries"):
		s.text = "the first item of a list belongs on the next line, or write the list as " +
			"[a, b]"
	case e.message == "could not find expected ':'":
		s.text = "there is no colon after this key; a text over several lines must be in quotes"
		if e.fromLine > 0 {
			s.line, s.column = e.fromLine, e.from
		}
	default:
		return false
	}
	return true
}

// cut divides a line before the column, counted in characters from 1.
func cut(line string, column int) (before, rest string) {
	for i := range line {
		if column--; column == 0 {
			return line[:i], line[i:]
		}
	}
	return line, ""
}

// withoutComment drops a trailing comment and blanks.
func withoutComment(s string) string {
	if i := strings.Index(s, " #"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, " \t\r")
}

// inQuotes is s as YAML in single quotes, in which nothing but the quote itself
// means anything; double quotes where that reads more easily.
func inQuotes(s string) string {
	if !strings.ContainsAny(s, `"\`) {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
