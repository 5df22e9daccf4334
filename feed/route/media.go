package route

import (
	"path"
	"slices"
	"strings"

	"broadsheet/feed"
)

// media are what an entry can have.
var media = []string{"audio", "image", "video"}

// hasMedium reports whether an article comes with a medium: as a file, in its
// text, or as its lead image.
func (a *article) hasMedium(medium string) bool {
	e := a.entry
	if medium == "image" && e.Image != "" {
		return true
	}
	element := "<" + medium
	if medium == "image" {
		element = "<img"
	}
	return strings.Contains(string(e.Content), element) ||
		slices.ContainsFunc(e.Enclosures, func(c feed.Enclosure) bool {
			return mediumOf(c) == medium
		})
}

// mediumOf says what a file is: as declared, else as its name ends.
func mediumOf(c feed.Enclosure) string {
	kind, _, _ := strings.Cut(strings.ToLower(c.Type), "/")
	if slices.Contains(media, kind) {
		return kind
	}
	if c.Medium != "" {
		return strings.ToLower(c.Medium)
	}
	file, _, _ := strings.Cut(c.URL, "?")
	return extensions[strings.ToLower(path.Ext(file))]
}

// extensions of the files that feeds bring without saying what they are.
var extensions = map[string]string{
	".mp3": "audio", ".m4a": "audio", ".aac": "audio", ".ogg": "audio",
	".oga": "audio", ".opus": "audio", ".flac": "audio", ".wav": "audio",
	".mp4": "video", ".m4v": "video", ".webm": "video", ".mov": "video",
	".ogv": "video", ".mkv": "video",
	".jpg": "image", ".jpeg": "image", ".png": "image", ".gif": "image",
	".webp": "image", ".avif": "image", ".svg": "image",
}
