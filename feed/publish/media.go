package publish

import (
	"path"
	"strconv"
	"strings"
	"time"

	"broadsheet/feed"
)

// mediaContent is a media:content (Media RSS 1.5.1) with what it holds.
type mediaContent struct {
	URL         string `xml:"url,attr"`
	Type        string `xml:"type,attr,omitempty"`
	Medium      string `xml:"medium,attr,omitempty"`
	FileSize    int64  `xml:"fileSize,attr,omitempty"` // bytes
	Duration    string `xml:"duration,attr,omitempty"` // seconds
	Width       int    `xml:"width,attr,omitempty"`    // pixels
	Height      int    `xml:"height,attr,omitempty"`
	Title       string `xml:"media:title,omitempty"`
	Description string `xml:"media:description,omitempty"` // alternative text
	Credit      string `xml:"media:credit,omitempty"`
}

type mediaThumbnail struct {
	URL string `xml:"url,attr"`
}

// gallery is the part of an item or entry that Media RSS says.
type gallery struct {
	Media     []mediaContent  `xml:"media:content"`
	Thumbnail *mediaThumbnail `xml:"media:thumbnail"`
}

// galleryOf shows the files as media:content, and the lead image as thumbnail.
func galleryOf(files []feed.Enclosure, image string) gallery {
	var g gallery
	for _, m := range files {
		g.Media = append(g.Media, mediaContent{
			URL: m.URL, Type: fileType(m), Medium: m.Medium, FileSize: m.Length,
			Duration: seconds(m.Duration), Width: m.Width, Height: m.Height,
			Title: m.Title, Description: m.Text, Credit: m.Credit,
		})
	}
	if image != "" {
		g.Thumbnail = &mediaThumbnail{URL: image}
	}
	return g
}

func (g gallery) empty() bool { return len(g.Media) == 0 && g.Thumbnail == nil }

// seconds is d in seconds, with a fraction only if it has one; empty for 0.
func seconds(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// described reports whether the file has something to say that an enclosure
// has no place for and that should not get lost: for those who do not see it,
// and for those who made it.
func described(m feed.Enclosure) bool { return m.Text != "" || m.Credit != "" }

// fileTypes are the media types of files by the extension of their names. They
// are a table of our own, because those of the machine differ.
var fileTypes = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg",
	".oga": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac", ".wav": "audio/wav",
	".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg",
	".mov": "video/quicktime", ".m3u8": "application/vnd.apple.mpegurl",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
	".pdf": "application/pdf", ".epub": "application/epub+zip", ".zip": "application/zip",
	".srt": "application/x-subrip", ".vtt": "text/vtt", ".json": "application/json",
	".txt": "text/plain", ".html": "text/html",
}

// anyType is the media type of a file of which nothing is known.
const anyType = "application/octet-stream"

// fileType is the media type of a file: as said, else by its name; empty if
// neither tells.
func fileType(m feed.Enclosure) string {
	if m.Type != "" {
		return m.Type
	}
	name, _, _ := strings.Cut(m.URL, "?")
	name, _, _ = strings.Cut(name, "#")
	return fileTypes[strings.ToLower(path.Ext(name))]
}

// sureType is the media type of a file where a format insists on one.
func sureType(m feed.Enclosure) string {
	if t := fileType(m); t != "" {
		return t
	}
	return anyType
}
