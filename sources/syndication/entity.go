package syndication

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxEntity is the length of the longest HTML entity with "&" and ";", and a
// few bytes more.
const maxEntity = 40

// unescape decodes the references of XML text. Names that only HTML defines are
// taken from HTML's fixed table, whatever a DOCTYPE says; what is no reference
// stays as it is.
func unescape(s string, w *warnings) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for i >= 0 {
		out.WriteString(s[:i])
		s = s[i:]
		text, n := reference(s, w)
		out.WriteString(text)
		s = s[n:]
		i = strings.IndexByte(s, '&')
	}
	out.WriteString(s)
	return out.String()
}

// reference decodes the reference that s begins with, and says how many bytes
// it takes. What is none stands for itself.
func reference(s string, w *warnings) (text string, n int) {
	end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
	if end < 2 {
		w.add(warnMalformed, "an & stands alone, where &amp; was meant")
		return "&", 1
	}
	name := s[1:end]
	switch name {
	case "amp":
		return "&", end + 1
	case "lt":
		return "<", end + 1
	case "gt":
		return ">", end + 1
	case "quot":
		return `"`, end + 1
	case "apos":
		return "'", end + 1
	}
	if name[0] == '#' {
		return numeric(s, name[1:], w)
	}
	// UnescapeString also knows names without a semicolon ("&copy=2;"): only a
	// decoding that took the semicolon is one.
	if text := html.UnescapeString(s[:end+1]); name == "semi" || !strings.HasSuffix(text, ";") {
		w.add(warnEntity, "the document uses names of HTML characters, such as &"+name+
			";, that XML does not define")
		return text, end + 1
	}
	w.add(warnMalformed, "an & stands alone, where &amp; was meant")
	return "&", 1
}

// numeric decodes "&#digits;". Numbers of the C1 range are meant as
// windows-1252, as in HTML.
func numeric(s, digits string, w *warnings) (text string, n int) {
	whole := len("&#;") + len(digits)
	base := 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		digits, base = digits[1:], 16
	}
	code, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil:
		w.add(warnMalformed, "an & stands alone, where &amp; was meant")
		return "&", 1
	case code > utf8.MaxRune || illegal(rune(code)) || code >= 0xD800 && code < 0xE000:
		w.add(warnCharacters,
			"the document refers to characters that do not exist, which were dropped")
		return "", whole
	}
	return html.UnescapeString(s[:whole]), whole
}
