package publish

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/feed"
)

// mediaContent is a media:content (Media RSS 1.5.1) with what it holds.
type mediaContent struct {
	URL         string  `xml:"url,attr"`
	Type        string  `xml:"type,attr,omitempty"`
	Medium      string  `xml:"medium,attr,omitempty"`
	FileSize    int64   `xml:"fileSize,attr,omitempty"` // bytes
	Duration    string  `xml:"duration,attr,omitempty"` // seconds
	Width       int     `xml:"width,attr,omitempty"`    // pixels
	Height      int     `xml:"height,attr,omitempty"`
	Bitrate     string  `xml:"bitrate,attr,omitempty"`
	Framerate   string  `xml:"framerate,attr,omitempty"`
	Sampling    string  `xml:"samplingrate,attr,omitempty"`
	Channels    string  `xml:"channels,attr,omitempty"`
	Expression  string  `xml:"expression,attr,omitempty"`
	IsDefault   string  `xml:"isDefault,attr,omitempty"`
	Lang        string  `xml:"lang,attr,omitempty"`
	Title       string  `xml:"media:title,omitempty"`
	Description string  `xml:"media:description,omitempty"` // alternative text
	Credit      string  `xml:"media:credit,omitempty"`
	Extras      []extra `xml:"passed"`
}

// mediaGroup holds one thing in several forms.
type mediaGroup struct {
	Media []mediaContent `xml:"media:content"`
}

type mediaThumbnail struct {
	URL string `xml:"url,attr"`
}

// gallery is the part of an item or entry that Media RSS says.
type gallery struct {
	Groups    []mediaGroup    `xml:"media:group"`
	Media     []mediaContent  `xml:"media:content"`
	Thumbnail *mediaThumbnail `xml:"media:thumbnail"`
}

// galleryOf shows the files as media:content, and the lead image as thumbnail, unless that
// is among those that are passed on.
func galleryOf(files []feed.Enclosure, e feed.Entry) gallery {
	var g gallery
	size, at := map[int]int{}, map[int]int{}
	for _, m := range files {
		size[m.Group]++
	}
	for _, m := range files {
		if m.Group == 0 || size[m.Group] < 2 {
			g.Media = append(g.Media, newMediaContent(m))
			continue
		}
		if at[m.Group] == 0 {
			g.Groups = append(g.Groups, mediaGroup{})
			at[m.Group] = len(g.Groups)
		}
		group := &g.Groups[at[m.Group]-1]
		group.Media = append(group.Media, newMediaContent(m))
	}
	isLead := func(x feed.Element) bool { return x.Name == "media:thumbnail" && x.Attrs["url"] == e.Image }
	if e.Image != "" && !slices.ContainsFunc(e.Extras, isLead) {
		g.Thumbnail = &mediaThumbnail{URL: e.Image}
	}
	return g
}

func newMediaContent(m feed.Enclosure) mediaContent {
	c := mediaContent{
		URL: m.URL, Type: fileType(m), Medium: m.Medium, FileSize: m.Length,
		Duration: seconds(m.Duration), Width: m.Width, Height: m.Height, Lang: m.Language,
		Bitrate: m.Details["bitrate"], Framerate: m.Details["framerate"], Sampling: m.Details["samplingrate"],
		Channels: m.Details["channels"], Expression: m.Details["expression"], IsDefault: m.Details["isDefault"],
		Title: m.Title, Description: m.Text, Credit: m.Credit, Extras: extrasOf(m.Extras),
	}
	isCredit := func(x feed.Element) bool { return x.Name == "media:credit" }
	if slices.ContainsFunc(m.Extras, isCredit) { // they say what parts people had
		c.Credit = ""
	}
	return c
}

func (g gallery) empty() bool { return len(g.Groups) == 0 && len(g.Media) == 0 && g.Thumbnail == nil }

// seconds is d in seconds, with a fraction only if it has one; empty for 0.
func seconds(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// described reports whether the file has something to say that an enclosure
// has no place for and that should not get lost: for those who do not see it,
// for those who made it, and for those who must choose one of several.
func described(m feed.Enclosure) bool {
	return m.Text != "" || m.Credit != "" || len(m.Extras) > 0 || len(m.Details) > 0 || m.Group != 0 ||
		m.Width > 0 || m.Height > 0
}

// timed reports whether how long a file lasts is said nowhere but at the file.
func timed(m feed.Enclosure, e feed.Entry) bool {
	return m.Duration > 0 && (e.Podcast == nil || e.Podcast.Duration <= 0)
}

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
