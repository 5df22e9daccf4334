package syndication

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"

	"broadsheet/feed"
)

// media is what Media RSS says in one item. Of an attribute given on several
// levels the nearest wins: in the content, in its group, in the item.
type media struct {
	enclosures  []feed.Enclosure
	image       string // first thumbnail
	title       feed.Text
	description feed.Text
	players     []string // pages that play content which has no URL of its own
	rights      string
	categories  []feed.Category
	groups      int // media:group elements so far
	extras      []feed.Element
}

// level is what stands in one element: the item, a group or a content.
type level = map[string][]ext.Extension

// readMedia reads the media elements of an item; abs makes its URLs absolute.
func readMedia(x extensions, abs func(string) string) media {
	item := x["media"]
	if len(item) == 0 {
		return media{}
	}
	levels := []level{item}
	var m media
	for _, c := range item["content"] {
		m.content(c, levels, abs)
	}
	for _, g := range item["group"] {
		levels := []level{g.Children, item}
		m.groups++
		for _, c := range g.Children["content"] {
			m.content(c, levels, abs)
		}
		m.scan(g.Children, abs)
		m.extras = append(m.extras, extrasOf("media", g.Children, abs, ofItem)...)
	}
	m.settleGroups()
	// What stands on the item itself is about the item, so it goes before what a
	// group or a content says.
	var direct media
	direct.scan(item, abs)
	m.image = or(direct.image, m.image)
	if !direct.title.Empty() {
		m.title = direct.title
	}
	m.rights = or(direct.rights, m.rights)
	m.categories = append(direct.categories, m.categories...)
	if !direct.description.Empty() {
		m.description = direct.description
	}
	if len(m.enclosures) == 0 {
		m.players = append(direct.players, m.players...)
	}
	return m
}

// settleGroups forgets the groups of those files that have one for themselves, which are
// no choice, and have no number then.
func (m *media) settleGroups() {
	size := map[int]int{}
	for _, e := range m.enclosures {
		size[e.Group]++
	}
	for i := range m.enclosures {
		if e := &m.enclosures[i]; size[e.Group] < 2 {
			e.Group = 0
		}
	}
}

// inherited are the elements about an article that its files have taken over.
var inherited = map[string]bool{"media:credit": true, "media:title": true, "media:description": true}

// itemExtras are the elements of an item that are passed on: its own, those of its media
// groups, and those of the show that hold for every episode.
func (r *reader) itemExtras(x extensions, m media, abs func(string) string) []feed.Element {
	out := readExtras(x, abs, ofItem)
	for _, e := range m.extras {
		n := 0
		for _, o := range out {
			if o.Name == e.Name {
				n++
			}
		}
		if n < feed.Passages[e.Name].Most {
			out = append(out, e)
		}
	}
	if len(m.enclosures) > 0 {
		out = slices.DeleteFunc(out, func(e feed.Element) bool { return inherited[e.Name] })
	}
	return lasting(out, r.show, abs)
}

// scan takes what one level says of the item as a whole, unless it is known.
func (m *media) scan(at level, abs func(string) string) {
	for _, t := range at["thumbnail"] {
		m.image = or(m.image, abs(or(attrOf(t, "url"), t.Value)))
	}
	if t := nearest("title", at); t.Value != "" && m.title.Empty() {
		m.title = mediaText(t)
		if strings.EqualFold(attrOf(t, "type"), "plain") {
			m.title.Kind = feed.TextPlain
		}
	}
	if d := nearest("description", at); d.Value != "" && m.description.Empty() {
		m.description = mediaText(d)
	}
	for _, p := range at["player"] {
		if u := abs(attrOf(p, "url")); u != "" {
			m.players = append(m.players, u)
		}
	}
	m.rights = or(m.rights, nearest("copyright", at).Value)
	for _, c := range at["category"] {
		m.categories = addCategory(m.categories, feed.Category{
			Term: c.Value, Scheme: or(attrOf(c, "scheme"), mediaScheme), Label: attrOf(c, "label"),
		})
	}
}

// content adds a media:content. One without a URL is only a page with a player.
func (m *media) content(c ext.Extension, outer []level, abs func(string) string) {
	levels := append([]level{c.Children}, outer...)
	e := feed.Enclosure{
		URL:      abs(attrOf(c, "url")),
		Type:     clip(attrOf(c, "type"), maxShort),
		Medium:   strings.ToLower(attrOf(c, "medium")),
		Length:   size(attrOf(c, "fileSize")),
		Duration: seconds(attrOf(c, "duration")),
		Title:    nearest("title", levels...).Value,
		Text:     nearest("description", levels...).Value,
		Credit:   nearest("credit", levels...).Value,
		Width:    int(min(size(attrOf(c, "width")), 1<<20)),
		Height:   int(min(size(attrOf(c, "height")), 1<<20)),
		Media:    true,
		Group:    m.groups,
		Language: clip(or(attrOf(c, "lang"), attrOf(c, "language")), maxShort),
		Extras:   extrasOf("media", c.Children, abs, ofFile),
	}
	for name := range feed.FileDetails {
		if v := attrOf(c, name); v != "" && len(v) <= maxShort {
			if e.Details == nil {
				e.Details = map[string]string{}
			}
			e.Details[name] = v
		}
	}
	e.Extras = credits(e.Extras, levels, abs)
	if e.URL != "" && len(e.URL) <= maxURL {
		m.enclosures = addEnclosure(m.enclosures, e)
	}
	description := m.description
	m.scan(c.Children, abs)
	m.description = description // a caption of one file is no summary
}

// credits puts the credits that hold for a file in the place of its own, unless there is
// one alone, without a role: that is the file's Credit.
func credits(extras []feed.Element, levels []level, abs func(string) string) []feed.Element {
	isCredit := func(e feed.Element) bool { return e.Name == "media:credit" }
	extras = slices.DeleteFunc(extras, isCredit)
	for _, at := range levels {
		found := extrasOf("media", level{"credit": at["credit"]}, abs, ofFile)
		switch {
		case len(found) == 0:
			continue
		case len(found) > 1 || found[0].Attrs != nil:
			extras = append(extras, found...)
		}
		break
	}
	return extras
}

// nearest is the first element of that name that says something, from the
// innermost level outwards.
func nearest(name string, levels ...level) ext.Extension {
	for _, at := range levels {
		for _, e := range at[name] {
			if e.Value != "" {
				return e
			}
		}
	}
	return ext.Extension{}
}

// mediaScheme is what a media:category is of that does not say (Media RSS 1.5.1).
const mediaScheme = "http://search.yahoo.com/mrss/category_schema"

// mediaText is a media:description or media:title. What says that it is plain often
// holds markup nevertheless.
func mediaText(e ext.Extension) feed.Text {
	if strings.EqualFold(attrOf(e, "type"), "html") {
		return feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(e.Value)}
	}
	return feed.Text{Kind: feed.TextGuess, Value: feed.RawHTML(e.Value)}
}

// addEnclosure adds a file once. What a second mention of it knows more is
// taken over. The type and the medium are completed from each other and from
// the name of the file.
func addEnclosure(list []feed.Enclosure, e feed.Enclosure) []feed.Enclosure {
	if e.URL == "" || len(e.URL) > maxURL || len(list) >= maxList {
		return list
	}
	for i := range list {
		if list[i].URL == e.URL {
			complete(&list[i], e)
			return list
		}
	}
	if e.Type == "" {
		file, _, _ := strings.Cut(e.URL, "?")
		e.Type = types[strings.ToLower(path.Ext(file))]
	}
	e.Medium = or(e.Medium, mediumOf(e.Type))
	return append(list, e)
}

// complete takes over what a second mention of a file says more.
func complete(old *feed.Enclosure, e feed.Enclosure) {
	old.Type, old.Medium = or(old.Type, e.Type), or(old.Medium, e.Medium)
	old.Title, old.Text = or(old.Title, e.Title), or(old.Text, e.Text)
	old.Credit = or(old.Credit, e.Credit)
	old.Length, old.Duration = max(old.Length, e.Length), max(old.Duration, e.Duration)
	old.Width, old.Height = max(old.Width, e.Width), max(old.Height, e.Height)
	old.Language, old.Rel = or(old.Language, e.Language), or(old.Rel, e.Rel)
	if old.Group == 0 {
		old.Group = e.Group
	}
	if old.Details == nil {
		old.Details = e.Details
	}
	if old.Extras == nil {
		old.Extras = e.Extras
	}
}

// mediumOf is the medium of a media type; empty if it has none.
func mediumOf(mediaType string) string {
	switch kind, _, _ := strings.Cut(mediaType, "/"); kind {
	case "image", "audio", "video":
		return kind
	case "text":
		return "document"
	}
	if mediaType == "application/pdf" {
		return "document"
	}
	return ""
}

// types are the media types of files that feeds enclose without naming one.
var types = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".oga": "audio/ogg",
	".opus": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac", ".aac": "audio/aac",
	".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime",
	".ogv": "video/ogg", ".avi": "video/x-msvideo", ".mpg": "video/mpeg", ".mpeg": "video/mpeg",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml",
	".pdf": "application/pdf", ".epub": "application/epub+zip", ".zip": "application/zip",
}

// separators are what people write into numbers, maxNumber is how long those
// get.
var separators = strings.NewReplacer(",", "", " ", "", "px", "")

const maxNumber = 40

// size reads a number of bytes or pixels; 0 if it is none.
func size(s string) int64 {
	s = separators.Replace(clip(s, maxNumber))
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || !(f > 0 && f < 1<<62) {
			return 0
		}
		n = int64(f)
	}
	return max(n, 0)
}

// maxDuration is longer than any recording; more is nonsense.
const maxDuration = 1000 * time.Hour

// seconds reads a duration: seconds, MM:SS or HH:MM:SS; 0 if it is none.
func seconds(s string) time.Duration {
	parts := strings.Split(strings.TrimSpace(clip(s, maxNumber)), ":")
	if len(parts) > 3 {
		return 0
	}
	var total float64
	for _, p := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || !(f >= 0 && f < maxDuration.Seconds()) {
			return 0
		}
		total = total*60 + f
	}
	if total > maxDuration.Seconds() {
		return 0
	}
	return time.Duration(total * float64(time.Second)).Round(time.Millisecond)
}
