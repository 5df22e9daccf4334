package syndication

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// declaration finds the encoding named by an XML declaration.
var declaration = regexp.MustCompile(
	`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)

// proofOfUTF8 is how many multi-byte characters make it certain that bytes
// declared as an East Asian encoding are UTF-8: a few may be so by accident.
const proofOfUTF8 = 8

// decode gives the characters of a body. The order is byte order mark, charset
// of the Content-Type, XML declaration (RFC 7303 §3), and what the bytes
// themselves say beats a label that they contradict; windows-1252 is what is
// left when nothing fits.
// It names the encoding as the WHATWG's Encoding Standard does.
func decode(body []byte, contentType string, w *warnings) (text, name string) {
	if text, name := decodeMarked(body); name != "" {
		return text, name
	}
	body = trimPartialRune(bytes.TrimPrefix(body, markUTF8)) // a mark that lies is no text
	shape := shapeOf(body)
	for _, label := range labels(body, contentType) {
		enc, name := lookup(label)
		switch {
		case enc == nil:
			w.add(warnEncoding, fmt.Sprintf("the declared encoding %q is unknown", label))
		case name == utf8Name:
			if shape.bad == 0 {
				return string(body), utf8Name
			}
			if shape.wide > shape.bad {
				w.add(warnEncoding, "some bytes are not UTF-8 as declared; they were read as windows-1252")
				return mixed(body), utf8Name
			}
			w.add(warnEncoding, "the declared encoding is UTF-8, but the bytes are not")
		case shape.contradicts(name):
			w.add(warnEncoding, fmt.Sprintf("the declared encoding is %s, but the bytes are UTF-8", label))
			return string(body), utf8Name
		default:
			if text, ok := decodeWith(enc, body); ok {
				return text, name
			}
			w.add(warnEncoding, fmt.Sprintf("the bytes are not %s as declared", label))
		}
	}
	return guess(body, shape, w)
}

// guess decodes bytes of which nothing usable is declared.
func guess(body []byte, shape shape, w *warnings) (text, name string) {
	switch {
	case shape.bad == 0:
		return string(body), utf8Name
	case shape.wide > shape.bad:
		w.add(warnEncoding, "some bytes are not UTF-8; they were read as windows-1252")
		return mixed(body), utf8Name
	}
	w.add(warnEncoding, "the bytes are not UTF-8; they were read as windows-1252")
	text, _ = decodeWith(charmap.Windows1252, body)
	return text, "windows-1252"
}

// labels are the declared encodings, strongest first.
func labels(body []byte, contentType string) []string {
	var out []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		// The old default of text/xml, which servers added unasked (RFC 7303 §1).
		// Quotes are double (RFC 9110 §5.6.4); some servers write single ones.
		if label := strings.Trim(params["charset"], "'"); label != "" && !strings.EqualFold(label, "us-ascii") {
			out = append(out, label)
		}
	}
	head := body[:min(len(body), 1024)]
	if m := declaration.FindSubmatch(head); m != nil {
		out = append(out, string(m[1]))
	}
	return out
}

// lookup finds an encoding that leaves ASCII alone; others cannot have been
// used for a document whose declaration could be read.
func lookup(label string) (encoding.Encoding, string) {
	enc, name := charset.Lookup(label)
	if name == "replacement" || strings.HasPrefix(name, "utf-16") {
		return nil, ""
	}
	return enc, name
}

// shape is what bytes look like as UTF-8.
type shape struct {
	wide int // characters of several bytes
	bad  int // bytes that belong to none
}

func shapeOf(body []byte) shape {
	var s shape
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			s.bad++
		} else {
			s.wide++
		}
		i += n
	}
	return s
}

// contradicts reports whether the bytes are UTF-8 although another encoding is
// declared. A single multi-byte character proves it for single-byte encodings,
// in which it would be two odd letters in a row.
func (s shape) contradicts(name string) bool {
	if s.bad > 0 || s.wide == 0 {
		return false
	}
	switch name {
	case "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "iso-2022-jp":
		return s.wide >= proofOfUTF8
	}
	return true
}

// decodeWith reports false if the bytes are hardly of that encoding.
func decodeWith(enc encoding.Encoding, body []byte) (string, bool) {
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return "", false
	}
	// One character in fifty may be broken in a document that is otherwise right.
	lost := bytes.Count(out, []byte("\uFFFD"))
	return string(out), lost*50 <= len(out)
}

// mixed reads UTF-8 and takes each byte that is not as windows-1252.
func mixed(body []byte) string {
	var out strings.Builder
	out.Grow(len(body) + len(body)/8)
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(body[i])
		}
		out.WriteRune(r)
		i += n
	}
	return out.String()
}

// trimPartialRune drops a character that the end of the body cuts in two.
func trimPartialRune(body []byte) []byte {
	for n := 1; n <= 3 && n <= len(body); n++ {
		b := body[len(body)-n]
		if utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(body[len(body)-n:]) {
				return body[:len(body)-n]
			}
			return body
		}
	}
	return body
}

// utf8Name is the name of the encoding that nearly everything is in.
const utf8Name = "utf-8"

// markUTF8 is the byte order mark of UTF-8.
var markUTF8 = []byte("\xEF\xBB\xBF")

// decodeMarked decodes what a byte order mark announces, and UTF-16 and UTF-32 without
// one that begin with "<".
func decodeMarked(body []byte) (text, name string) {
	switch {
	case bytes.HasPrefix(body, markUTF8):
		rest := bytes.TrimPrefix(body, markUTF8)
		if !utf8.Valid(rest) {
			return "", "" // the mark lies; read on as if it was not there
		}
		return string(rest), utf8Name
	case bytes.HasPrefix(body, []byte("\x00\x00\xFE\xFF")):
		return decode32(body[4:], binary.BigEndian), "utf-32be"
	case bytes.HasPrefix(body, []byte("\xFF\xFE\x00\x00")):
		return decode32(body[4:], binary.LittleEndian), "utf-32le"
	case bytes.HasPrefix(body, []byte("\xFE\xFF")):
		return decode16(body[2:], binary.BigEndian), "utf-16be"
	case bytes.HasPrefix(body, []byte("\xFF\xFE")):
		return decode16(body[2:], binary.LittleEndian), "utf-16le"
	case bytes.HasPrefix(body, []byte("\x00\x00\x00<\x00\x00\x00")):
		return decode32(body, binary.BigEndian), "utf-32be"
	case bytes.HasPrefix(body, []byte("<\x00\x00\x00")):
		return decode32(body, binary.LittleEndian), "utf-32le"
	case bytes.HasPrefix(body, []byte("\x00<\x00")):
		return decode16(body, binary.BigEndian), "utf-16be"
	case bytes.HasPrefix(body, []byte("<\x00")) && len(body) > 3 && body[3] == 0:
		return decode16(body, binary.LittleEndian), "utf-16le"
	}
	return "", ""
}

func decode16(body []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(body)/2)
	for i := range units {
		units[i] = order.Uint16(body[2*i:])
	}
	return string(utf16.Decode(units))
}

func decode32(body []byte, order binary.ByteOrder) string {
	var out strings.Builder
	for ; len(body) >= 4; body = body[4:] {
		r := rune(utf8.RuneError)
		if u := order.Uint32(body); u <= utf8.MaxRune {
			r = rune(u)
		}
		out.WriteRune(r)
	}
	return out.String()
}

// illegal reports whether XML 1.0 §2.2 has no place for a character.
func illegal(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// legible drops characters that no XML document may hold, and makes each line
// end one "\n" (XML 1.0 §2.11).
func legible(text string, w *warnings) string {
	if strings.IndexFunc(text, illegal) >= 0 {
		w.add(warnCharacters, "the document holds control characters, which were dropped")
		text = strings.Map(func(r rune) rune {
			if illegal(r) {
				return -1
			}
			return r
		}, text)
	}
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return strings.TrimPrefix(text, "\uFEFF")
}
