package picture

import "bytes"

// typeOf is the media type of a picture by its first bytes; empty for anything that does
// not hold pixels alone, SVG among them, which is a program (T-15).
func typeOf(body []byte) string {
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(body, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(body, []byte("GIF87a")), bytes.HasPrefix(body, []byte("GIF89a")):
		return "image/gif"
	case len(body) >= 16 && bytes.HasPrefix(body, []byte("RIFF")) && string(body[8:15]) == "WEBPVP8":
		return "image/webp"
	case len(body) >= 12 && string(body[4:8]) == "ftyp" && (string(body[8:12]) == "avif" || string(body[8:12]) == "avis"):
		return "image/avif"
	default:
		return ""
	}
}
