package publish

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// pictureURL is where a page shows the picture at an address from: there, or from us;
// empty if the page may not show it.
func (d desk) pictureURL(src string) string {
	src = webURL(src)
	switch {
	case src == "" || d.site.Images == feed.ImagesNone:
		return ""
	case d.site.Images == feed.ImagesProxy:
		return d.root + strings.TrimPrefix(PicturePath(d.site.ImageKey, src), "/")
	case d.secure && !strings.HasPrefix(src, "https:"):
		return "" // browsers show no http picture on an https page
	default:
		return src
	}
}

// PicturePath is the path below the site's base at which the picture at an absolute URL
// is passed on. It is signed: nobody has us fetch what no article shows.
func PicturePath(key, src string) string {
	return feed.ImagePath + pictureSignature(key, src) + "/" + base64.RawURLEncoding.EncodeToString([]byte(src))
}

// PictureOf is the URL that a path of a picture stands for; empty if it was not signed
// with key.
func PictureOf(key, path string) string {
	rest, ok := strings.CutPrefix(path, feed.ImagePath)
	signature, coded, cut := strings.Cut(rest, "/")
	if !ok || !cut || key == "" {
		return ""
	}
	src, err := base64.RawURLEncoding.Strict().DecodeString(coded)
	if err != nil || !hmac.Equal([]byte(signature), []byte(pictureSignature(key, string(src)))) {
		return ""
	}
	if u, err := url.Parse(string(src)); err != nil || !isWeb(u.Scheme) {
		return ""
	}
	return string(src)
}

// signatureSize is how many bytes of HMAC-SHA-256 stand in a path: more than can be
// guessed at any rate of requests.
const signatureSize = 16

func pictureSignature(key, src string) string {
	mac := hmac.New(sha256.New, []byte("picture\n"+key))
	mac.Write([]byte(src))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:signatureSize])
}
