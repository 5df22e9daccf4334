package normalise

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"broadsheet/feed"
)

// maxEnclosures bounds the media of one entry.
const maxEnclosures = 50

// enclosures fills in Enclosures, and Image if the feed names none and one of
// them is an image.
func enclosures(d *draft) {
	seen := map[string]int{}
	for _, e := range d.item.Enclosures {
		e, ok := d.enclosure(e)
		if !ok || len(d.entry.Enclosures) == maxEnclosures {
			d.note(stepEnclosures, "a media file without an absolute web address was left out")
			continue
		}
		if at, repeated := seen[e.URL]; repeated {
			d.entry.Enclosures[at] = merge(d.entry.Enclosures[at], e)
			continue
		}
		seen[e.URL] = len(d.entry.Enclosures)
		d.entry.Enclosures = append(d.entry.Enclosures, e)
	}
	for _, e := range d.entry.Enclosures {
		if d.entry.Image == "" && e.Medium == "image" {
			d.entry.Image = e.URL
		}
	}
}

// enclosure cleans a media file; ok is false if it has no usable address.
func (d *draft) enclosure(e feed.Enclosure) (feed.Enclosure, bool) {
	e.URL = resolveText(e.URL, d.bases)
	if e.URL == "" {
		return e, false
	}
	e.Type = mediaType(e.Type)
	if e.Type == "" || e.Type == "application/octet-stream" {
		e.Type = orElse(typeOf(e.URL), e.Type)
	}
	e.Medium = medium(e.Medium, e.Type)
	e.Length, e.Duration = max(0, e.Length), max(0, e.Duration)
	e.Width, e.Height = max(0, e.Width), max(0, e.Height)
	guess := func(s string) string {
		return shorten(plainLine(feed.Text{Value: feed.RawHTML(s)}), maxTitle)
	}
	e.Title, e.Text, e.Credit = guess(e.Title), guess(e.Text), guess(e.Credit)
	e.Language, e.Rel = canonicalLanguage(e.Language), d.inForm(e.Rel, feed.FormWord)
	e.Group = max(0, e.Group)
	e.Details = d.details(e.Details)
	e.Extras = d.elements(e.Extras, func(p feed.Passage) bool { return p.Files })
	return e, true
}

// merge adds to a what a second mention of the same file knows more of it.
func merge(a, b feed.Enclosure) feed.Enclosure {
	a.Type, a.Medium = orElse(a.Type, b.Type), orElse(a.Medium, b.Medium)
	a.Title, a.Text = orElse(a.Title, b.Title), orElse(a.Text, b.Text)
	a.Credit = orElse(a.Credit, b.Credit)
	a.Length, a.Duration = max(a.Length, b.Length), max(a.Duration, b.Duration)
	if a.Width == 0 && a.Height == 0 {
		a.Width, a.Height = b.Width, b.Height
	}
	a.Language, a.Rel = orElse(a.Language, b.Language), orElse(a.Rel, b.Rel)
	a.Group = max(a.Group, b.Group)
	if a.Details == nil {
		a.Details = b.Details
	}
	if a.Extras == nil {
		a.Extras = b.Extras
	}
	a.Media = a.Media && b.Media
	return a
}

var mediaForm = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}$`)

// mediaType is a media type in lower case without parameters (RFC 6838 §4.2), or
// empty if s is none.
func mediaType(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(head(s, maxDate)), ";")
	s = strings.TrimSpace(s)
	switch s {
	case "image/jpg", "image/pjpeg":
		return "image/jpeg"
	case "audio/mp3", "audio/x-mp3", "audio/mpeg3":
		return "audio/mpeg"
	}
	if !mediaForm.MatchString(s) {
		return ""
	}
	return s
}

// extensions are the media types of the files that feeds link to. The table is
// the program's own, so that the same item gives the same entry on every machine.
var extensions = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".aac": "audio/aac",
	".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac",
	".wav": "audio/wav", ".wma": "audio/x-ms-wma", ".aif": "audio/aiff", ".aiff": "audio/aiff",
	".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
	".ogv": "video/ogg", ".mkv": "video/x-matroska", ".avi": "video/x-msvideo",
	".mpg": "video/mpeg", ".mpeg": "video/mpeg", ".wmv": "video/x-ms-wmv", ".3gp": "video/3gpp",
	".m3u8": "application/vnd.apple.mpegurl", ".flv": "video/x-flv",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jpe": "image/jpeg", ".png": "image/png",
	".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
	".bmp": "image/bmp", ".tif": "image/tiff", ".tiff": "image/tiff", ".heic": "image/heic",
	".pdf": "application/pdf", ".epub": "application/epub+zip", ".zip": "application/zip",
	".torrent": "application/x-bittorrent", ".doc": "application/msword",
	".srt": "application/x-subrip", ".vtt": "text/vtt", ".json": "application/json",
	".txt": "text/plain", ".html": "text/html",
}

// typeOf is the media type that a file's name says; empty if it says none.
func typeOf(address string) string {
	l, ok := absolute(address)
	if !ok {
		return ""
	}
	return extensions[strings.ToLower(path.Ext(l.path))]
}

// medium is what a file is for people: as declared, else by its type.
func medium(declared, mediaType string) string {
	switch declared = strings.ToLower(strings.TrimSpace(declared)); declared {
	case "image", "audio", "video", "document":
		return declared
	}
	switch mediaType {
	case "application/pdf", "application/epub+zip", "application/msword":
		return "document"
	case "application/vnd.apple.mpegurl":
		return "video"
	}
	switch kind, _, _ := strings.Cut(mediaType, "/"); kind {
	case "image", "audio", "video":
		return kind
	}
	return ""
}

// cast are the persons of an episode; one may be in it in several parts.
func (d *draft) cast(said []feed.Person) []feed.Person {
	var out []feed.Person
	for _, p := range said {
		part := func(s string) string { return shorten(oneLine(cleanText(head(s, maxLine))), maxName) }
		role, group := part(p.Role), part(p.Group)
		for _, made := range d.people([]feed.Person{p}) {
			made.Role, made.Group = role, group
			if len(out) < maxPeople && !slices.Contains(out, made) {
				out = append(out, made)
			}
		}
	}
	return out
}

// podcast fills in Podcast.
func podcast(d *draft) {
	if d.item.Podcast == nil {
		return
	}
	p := *d.item.Podcast
	line := func(s string) string { return shorten(oneLine(cleanText(s)), maxName) }
	p.Duration = max(0, p.Duration)
	p.Episode, p.Season = line(p.Episode), line(p.Season)
	p.EpisodeType, p.Explicit = strings.ToLower(line(p.EpisodeType)), line(p.Explicit)
	p.Persons = d.cast(p.Persons)
	p.Image = resolveText(p.Image, d.bases)
	p.Transcripts = nil
	for _, t := range d.item.Podcast.Transcripts {
		if t, ok := d.enclosure(t); ok && len(p.Transcripts) < maxEnclosures {
			p.Transcripts = append(p.Transcripts, t)
		}
	}
	if p.Chapters != nil {
		chapters, ok := d.enclosure(*p.Chapters)
		p.Chapters = &chapters
		if !ok {
			p.Chapters = nil
		}
	}
	d.entry.Podcast = &p
}
