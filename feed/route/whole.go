package route

import (
	"strings"
	"unicode/utf8"

	"broadsheet/feed/lexis"
)

// foldURL folds a URL as everything else, after undoing the escapes of letters
// beyond ASCII, so that a path can be written as it is read. Escapes of ASCII
// stay: they keep a %2F from being a slash.
func foldURL(url string) string { return lexis.Whole(unescapeLetters(url)) }

func unescapeLetters(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		escaped := escapedBytes(s[i:])
		if r, size := utf8.DecodeRune(escaped); r != utf8.RuneError && size > 1 {
			b.WriteRune(r)
			i += 3 * size // "%" and two digits for each byte
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// escapedBytes decodes the escapes that s begins with, at most one character's.
func escapedBytes(s string) []byte {
	var decoded []byte
	for len(decoded) < utf8.UTFMax && len(s) >= 3 && s[0] == '%' {
		high, low := hexDigit(s[1]), hexDigit(s[2])
		if high < 0 || low < 0 {
			break
		}
		decoded = append(decoded, byte(high<<4|low))
		s = s[3:]
	}
	return decoded
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	default:
		return -1
	}
}
