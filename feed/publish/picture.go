package publish

import (
	"strings"

	"broadsheet/feed"
	pictures "broadsheet/feed/picture"
)

// pictureURL is where a page shows the picture at an address from: there, or from us;
// empty if the page may not show it.
func (d desk) pictureURL(src string) string {
	src = webURL(src)
	switch {
	case src == "" || d.site.Images == feed.ImagesNone:
		return ""
	case d.site.Images == feed.ImagesProxy:
		return d.root + strings.TrimPrefix(pictures.Path(d.site.ImageKey, src), "/")
	case d.secure && !strings.HasPrefix(src, "https:"):
		return "" // browsers show no http picture on an https page
	default:
		return src
	}
}
