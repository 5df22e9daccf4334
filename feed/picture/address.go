package picture

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// Path is the path below the site's base at which the picture at an absolute URL is passed
// on. It is signed: nobody has us fetch what no page shows.
func Path(key, src string) string {
	return feed.ImagePath + signature(key, src) + "/" + base64.RawURLEncoding.EncodeToString([]byte(src))
}

// Of is the URL that a path of Path stands for; empty if it was not signed with key.
func Of(key, path string) string {
	rest, ok := strings.CutPrefix(path, feed.ImagePath)
	signed, coded, cut := strings.Cut(rest, "/")
	if !ok || !cut || key == "" || len(coded) > maxAddress {
		return ""
	}
	src, err := base64.RawURLEncoding.Strict().DecodeString(coded)
	if err != nil || !hmac.Equal([]byte(signed), []byte(signature(key, string(src)))) {
		return ""
	}
	if u, err := url.Parse(string(src)); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return string(src)
}

const (
	// signatureSize is how many bytes of HMAC-SHA-256 stand in a path: more than can be
	// guessed at any rate of requests.
	signatureSize = 16
	// maxAddress bounds a coded URL; servers on the way take about as much.
	maxAddress = 8 << 10
)

func signature(key, src string) string {
	mac := hmac.New(sha256.New, []byte("picture\n"+key))
	mac.Write([]byte(src))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:signatureSize])
}
