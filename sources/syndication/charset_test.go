package syndication

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"broadsheet/internal/cost"
)

// checkCharacters judges what decode and legible make of bytes (T-11): it is UTF-8,
// it holds only what XML 1.0 §2.2 allows, and an XML parser of other people takes
// it, once it is escaped, and gives it back.
func checkCharacters(t *testing.T, body []byte, contentType string) string {
	t.Helper()
	var w warnings
	text := characters(body, contentType, &w)
	if !utf8.ValidString(text) {
		t.Fatalf("%q became %q, which is not UTF-8", body, text)
	}
	for _, r := range text {
		sound := r == '\t' || r == '\n' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
		if !sound {
			t.Fatalf("%q became %q, with U+%04X", body, text, r)
		}
	}
	for _, warning := range w.list {
		if warning.Code == "" || !printable(warning.Text) {
			t.Errorf("the warning %q", warning)
		}
	}
	if len(text) > 3*len(body)+3 {
		t.Errorf("%d bytes became %d", len(body), len(text))
	}
	var read strings.Builder
	d := xml.NewDecoder(strings.NewReader("<a>" + escapeText.Replace(text) + "</a>"))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%q became %q: %v", body, text, err)
		}
		if chars, ok := token.(xml.CharData); ok {
			read.Write(chars)
		}
	}
	if read.String() != text {
		t.Fatalf("%q became %q, which is read as %q", body, text, read.String())
	}
	return text
}

// T-11: bytes that are wrong in every way that somebody thought of.
func TestTheWorstBytesBecomeCharacters(t *testing.T) {
	tests := []struct{ name, body, contentType, want string }{
		{"overlong forms", "a\xc0\xafb\xe0\x80\xaf\xc0\xbcc", "text/xml; charset=utf-8", ""},
		{"a surrogate in UTF-8", "a\xed\xa0\x80b", "", ""},
		{"above the last character", "a\xf4\x90\x80\x80b", "", ""},
		{"a lone surrogate in UTF-16", "\xff\xfea\x00\x00\xd8b\x00", "", "a\uFFFDb"},
		{"surrogates the wrong way round", "\xfe\xff\xdc\x00\xd8\x00\x00a", "", "\uFFFD\uFFFDa"},
		{"half a unit of UTF-16", "\xff\xfea\x00b", "", "a"},
		{"a surrogate in UTF-32", "\x00\x00\xfe\xff\x00\x00\xd8\x00\x00\x00\x00a", "", "\uFFFDa"},
		{"beyond Unicode in UTF-32", "\xff\xfe\x00\x00\xff\xff\xff\xffa\x00\x00\x00", "", "\uFFFDa"},
		{"NUL, U+0001 and U+FFFE", "a\x00b\x01c\uFFFEd\uFFFFe", "", "abcde"},
		{"a byte order mark that lies", "\xef\xbb\xbfcaf\xe9 x", "", "café x"},
		{"two byte order marks", "\uFEFF\uFEFFa", "", "a"},
		{"UTF-7", "+ADw-script+AD4-", "text/xml; charset=utf-7", "+ADw-script+AD4-"},
		{"UTF-7 by another name", "+ADw-", "text/xml; charset=unicode-1-1-utf-7", "+ADw-"},
		{"an escape into another set", "\x1b$B%K%e\x1b(B", "text/xml; charset=iso-2022-jp", "ニュ"},
		{"an escape that never ends", "\x1b$B%", "text/xml; charset=iso-2022-jp", ""},
		{"HZ", "~{<:Ky2;~}", "text/xml; charset=hz-gb-2312", "~{<:Ky2;~}"},
		{"what the standard calls replacement", "abc", "text/xml; charset=iso-2022-kr", "abc"},
		{"anything goes", "\x80\xff", "text/xml; charset=x-user-defined", ""},
		{"every line end", "a\r\nb\rc\nd", "", "a\nb\nc\nd"},
		{"every byte", allBytes(), "", ""},
		{"every byte, twice", allBytes() + allBytes(), "text/xml; charset=big5", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := checkCharacters(t, []byte(tt.body), tt.contentType)
			if tt.want != "" && got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func allBytes() string {
	var out []byte
	for i := range 256 {
		out = append(out, byte(i))
	}
	return string(out)
}

// encodings are labels to try bytes with: every family that browsers know, names
// that mean something else, and names that mean nothing.
var encodings = []string{
	"", "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "iso-8859-8-i", "koi8-r", "macintosh", "windows-1251", "ibm866",
	"gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr", "iso-2022-kr", "hz-gb-2312", "replacement",
	"utf-16", "utf-16be", "utf-16le", "utf-32", "utf-7", "x-user-defined", "x-mars",
}

// A decoder that looks at its input again and again would take seconds.
func TestCharactersCostInProportionToBytes(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	patterns := []string{"a", "\xff", "\x80a", "é", "\xe9 ", "\r", "\r\n", "\x00", "\x1b$B", "\x81\x30\x81\x30", "\uFFFE", "\xff\xfe\x00\xd8", "~{"}
	for _, label := range encodings {
		contentType := "text/xml; charset=" + label
		for _, p := range patterns {
			body := []byte(strings.Repeat(p, (256<<10)/len(p)))
			t.Run(fmt.Sprintf("%q as %q", p, label), func(t *testing.T) {
				cost.Within(t, 100*time.Millisecond, func() {
					var w warnings
					characters(body, contentType, &w)
				})
			})
		}
	}
}

// FuzzDecode looks for bytes that stop the decoder, or that leave it as something
// that is no text (T-11).
func FuzzDecode(f *testing.F) {
	for i, label := range encodings {
		f.Add([]byte("Grüße aus dem Hafen \xe9\x80\x1b$B"), uint8(i), "text/xml")
		f.Add([]byte(`<?xml version="1.0" encoding="`+label+`"?><rss>Fähre 港 \xff\r\n`), uint8(0), "")
	}
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\x00\x00\xfe\xff", "\xff\xfe\x00\x00", "\xef\xbb\xbf", "\x00<\x00", "<\x00r\x00"} {
		f.Add([]byte(mark+"a\x00\xd8\x00\xdc\x00\xd8"), uint8(0), "text/xml; charset=koi8-r")
	}
	f.Add([]byte(allBytes()), uint8(11), "text/xml")
	f.Fuzz(func(t *testing.T, body []byte, encoding uint8, contentType string) {
		checkCharacters(t, body, contentType)
		label := encodings[int(encoding)%len(encodings)]
		text := checkCharacters(t, body, `text/xml; charset="`+label+`"`)
		// What was made legible stays as it is.
		var w warnings
		if again := characters([]byte(text), "", &w); again != text && !strings.HasPrefix(text, "\uFEFF") && !declaration.MatchString(text) && !strings.HasPrefix(text, "<\x00") {
			t.Errorf("%q is read as %q a second time", text, again)
		}
	})
}

// characters are those of a body, as Parse reads them.
func characters(body []byte, contentType string, w *warnings) string {
	text, _ := decode(body, contentType, w)
	return legible(text, w)
}
