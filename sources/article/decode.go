package article

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sniffed is how much of a page is looked at for its encoding, in bytes (HTML,
// "determining the character encoding"). Real pages have their <meta> later than that
// standard's 1024.
const sniffed = 4 << 10

// decode gives the characters of a page: by byte order mark, Content-Type and <meta>, in
// this order; what is UTF-8 although something else is declared is read as UTF-8, and what
// is not, although it is declared, as windows-1252.
func decode(body []byte, contentType string) string {
	if utf16(body) {
		if out, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), body); err == nil {
			return string(out)
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if utf8.Valid(body) && !bytes.Contains(body, []byte("\x1b$")) { // the sign of ISO-2022-JP, which is ASCII otherwise
		return string(body)
	}
	head := body[:min(len(body), sniffed)]
	enc, name, _ := charset.DetermineEncoding(head, contentType)
	if name == "windows-1252" && len(head) > 1024 {
		// DetermineEncoding stops early; the rest of the head may declare one.
		if i := bytes.Index(bytes.ToLower(head), []byte("charset=")); i >= 0 {
			if later, known := charset.Lookup(label(head[i+len("charset="):])); later != nil {
				enc, name = later, known
			}
		}
	}
	if name == "utf-8" {
		return mostly(body)
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return mostly(body)
	}
	return string(out)
}

func utf16(body []byte) bool {
	return bytes.HasPrefix(body, []byte("\xFE\xFF")) || bytes.HasPrefix(body, []byte("\xFF\xFE"))
}

// label is the name of an encoding at the beginning of b.
func label(b []byte) string {
	s := strings.TrimLeft(string(b[:min(len(b), 40)]), `"' `)
	if i := strings.IndexAny(s, `"'> ;/`); i >= 0 {
		s = s[:i]
	}
	return s
}

// mostly reads UTF-8 in which some bytes are wrong: each of these is a character of
// windows-1252, as browsers of old wrote them.
func mostly(body []byte) string {
	var out strings.Builder
	out.Grow(len(body))
	latin, _ := charset.Lookup("windows-1252")
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		if r == utf8.RuneError && n == 1 {
			if b, err := latin.NewDecoder().Bytes(body[:1]); err == nil {
				out.Write(b)
			}
		} else {
			out.Write(body[:n])
		}
		body = body[n:]
	}
	return out.String()
}
