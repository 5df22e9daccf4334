package publish

import (
	"cmp"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"broadsheet/feed"
)

// sound is the view with everything in it that no document may contain taken
// out: characters that XML cannot carry, URLs that lead elsewhere than to the
// web, language tags and media types that are none. An entry that came through
// the normaliser is left as it is. Ids are not touched: an id that cannot be
// published as it is must not be published as another one. What the terms of a source or
// a section do not let through is not in it any more, whatever is made of it.
func sound(v feed.View) feed.View {
	v.Site = soundSite(v.Site)
	v.Section = soundSection(v.Section)
	v.Entries = soundEntries(v.Entries, v.Section.Terms)
	v.Hubs = soundURLs(v.Hubs)
	v.Gone = soundGone(v)
	v.Index = slices.Clone(v.Index)
	for i, line := range v.Index {
		v.Index[i] = feed.IndexLine{
			Section: soundSection(line.Section), Entries: soundEntries(line.Entries, line.Section.Terms),
		}
	}
	v.Sources = slices.Clone(v.Sources)
	for i, s := range v.Sources {
		s.Title, s.Link = soundText(s.Title), publicURL(s.Link)
		s.Image, s.Language = publicURL(s.Image), languageTag(s.Language)
		s.Feeds = soundURLs(s.Feeds)
		v.Sources[i] = s
	}
	return v
}

// soundGone are the tombstones of articles that are not there.
func soundGone(v feed.View) []feed.Tombstone {
	var out []feed.Tombstone
	for _, g := range v.Gone {
		if isIRI(g.ID) && !slices.ContainsFunc(v.Entries, func(e feed.Entry) bool { return e.ID == g.ID }) {
			out = append(out, g)
		}
	}
	return out
}

func soundSite(s feed.Site) feed.Site {
	s.Title, s.Language = soundText(s.Title), languageTag(s.Language)
	return s
}

func soundSection(s feed.Section) feed.Section {
	s.Title, s.Description = soundText(s.Title), soundText(s.Description)
	s.Image = publicURL(s.Image)
	s.ItemTitle, s.Show = soundText(s.ItemTitle), soundShow(s.Show)
	return s
}

func soundEntries(entries []feed.Entry, terms feed.Terms) []feed.Entry {
	out := make([]feed.Entry, len(entries))
	for i := range entries {
		out[i] = soundEntry(termed(entries[i], terms))
	}
	return out
}

func soundEntry(e feed.Entry) feed.Entry {
	e.Title, e.Link = soundText(e.Title), publicURL(e.Link)
	e.Source = soundText(e.Source)
	e.Summary = soundText(e.Summary)
	e.Content = feed.HTML(soundText(string(e.Content)))
	e.Authors, e.Contributors = soundPeople(e.Authors), soundPeople(e.Contributors)
	e.Categories = soundCategories(e.Categories)
	e.Language = languageTag(e.Language)
	e.Links = soundLinks(e.Links)
	e.Also = soundAlso(e.Also)
	e.Enclosures = soundMedia(e.Enclosures)
	e.Image, e.Comments = publicURL(e.Image), publicURL(e.Comments)
	e.Rights = soundText(e.Rights)
	e.Podcast = soundPodcast(e.Podcast)
	e.Place, e.Extras = soundPlace(e.Place), soundExtras(e.Extras, ofItem)
	e.Origin = soundChannel(e.Origin)
	return e
}

func soundPeople(people []feed.Person) []feed.Person {
	var out []feed.Person
	for _, p := range people {
		p.Name, p.Email = strings.TrimSpace(soundText(p.Name)), emailAddress(p.Email)
		p.URL, p.Avatar = publicURL(p.URL), publicURL(p.Avatar)
		p.Role, p.Group = soundText(p.Role), soundText(p.Group)
		if p.Name == "" { // every format wants a name
			p.Name = cmp.Or(p.Email, p.URL)
		}
		if p.Name != "" {
			out = append(out, p)
		}
	}
	return out
}

func soundCategories(categories []feed.Category) []feed.Category {
	var out []feed.Category
	for _, c := range categories {
		c.Term, c.Scheme = soundText(c.Term), soundText(c.Scheme)
		c.Label = soundText(c.Label)
		c.Term = cmp.Or(c.Term, c.Label)
		if strings.TrimSpace(c.Term) != "" {
			out = append(out, c)
		}
	}
	return out
}

func soundLinks(links []feed.Link) []feed.Link {
	var out []feed.Link
	for _, l := range links {
		l.Href, l.Type = publicURL(l.Href), mediaType(l.Type)
		l.Language, l.Title = languageTag(l.Language), soundText(l.Title)
		if l.Href != "" {
			out = append(out, l)
		}
	}
	return out
}

// soundMedia keeps each file once: what a feed lists as enclosure and as media
// is one file, and readers show it as often as it is named.
func soundMedia(files []feed.Enclosure) []feed.Enclosure {
	var out []feed.Enclosure
	for _, m := range files {
		m = soundFile(m)
		same := func(o feed.Enclosure) bool { return o.URL == m.URL }
		if m.URL != "" && !slices.ContainsFunc(out, same) {
			out = append(out, m)
		}
	}
	return out
}

func soundFile(m feed.Enclosure) feed.Enclosure {
	m.URL, m.Type = publicURL(m.URL), mediaType(m.Type)
	m.Title, m.Text = soundText(m.Title), soundText(m.Text)
	m.Credit = soundText(m.Credit)
	m.Length, m.Duration = max(0, m.Length), max(0, m.Duration)
	m.Width, m.Height = max(0, m.Width), max(0, m.Height)
	m.Language, m.Rel = languageTag(m.Language), soundForm(m.Rel, feed.FormWord)
	m.Group = max(0, m.Group)
	m.Details, m.Extras = soundDetails(m.Details), soundExtras(m.Extras, ofFile)
	switch m.Medium {
	case "image", "audio", "video", "document", "executable":
	default:
		m.Medium = ""
	}
	return m
}

func soundPodcast(p *feed.Podcast) *feed.Podcast {
	if p == nil {
		return nil
	}
	q := *p
	q.Transcripts = soundMedia(p.Transcripts)
	q.Persons = soundPeople(p.Persons)
	q.Image = publicURL(p.Image)
	if p.Chapters != nil {
		if c := soundFile(*p.Chapters); c.URL != "" {
			q.Chapters = &c
		} else {
			q.Chapters = nil
		}
	}
	return &q
}

func soundChannel(c feed.Channel) feed.Channel {
	for _, t := range []*feed.Text{&c.Title, &c.Subtitle, &c.Rights} {
		t.Value = feed.RawHTML(soundText(string(t.Value)))
	}
	c.Link, c.Self = publicURL(c.Link), readersURL(c.Self)
	c.Image, c.Icon = publicURL(c.Image), publicURL(c.Icon)
	c.Language = languageTag(c.Language)
	c.Authors = soundPeople(c.Authors)
	c.Extras = soundExtras(c.Extras, ofFeed)
	if c.BlockedBy != "itunes:block" && c.BlockedBy != "podcast:block" {
		c.BlockedBy = ""
	}
	return c
}

// readersURL is the public URL of a feed that anyone may subscribe to; empty if
// its URL holds a key, which was given to the operator and not to readers (T-25).
func readersURL(s string) string {
	if feed.SecretQuery(s) {
		return ""
	}
	return publicURL(s)
}

// soundURLs are those of the feeds of a source that anyone may subscribe to.
func soundURLs(urls []string) []string {
	var out []string
	for _, u := range urls {
		if u = readersURL(u); u != "" {
			out = append(out, u)
		}
	}
	return out
}

// soundText is s without the characters that XML 1.0 §2.2 leaves out or
// discourages (controls) and with "\n" for every kind of line end. Bytes that
// are no UTF-8 become U+FFFD.
func soundText(s string) string {
	if isSound(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u0085':
			return '\n'
		case !publishable(r):
			return -1
		}
		return r
	}, s)
}

func isSound(s string) bool {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return false
			}
		}
		if !publishable(r) {
			return false
		}
	}
	return true
}

func publishable(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n'
	case r < 0xfdd0:
		return r < 0x7f || r > 0x9f
	default: // U+FDD0–U+FDEF and the last two of each plane are no characters
		return r > 0xfdef && r&0xfffe != 0xfffe
	}
}

// publicURL is s, written with the characters of RFC 3986 only, if it is an
// absolute http(s) URL with a host; otherwise it is empty. Credentials in it
// are not published.
func publicURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Opaque != "" || !isWeb(u.Scheme) {
		return ""
	}
	if u.User == nil && u.Path != "" && isURI(s) {
		return s
	}
	host, ok := asciiHost(u)
	if !ok {
		return ""
	}
	rest := u.EscapedPath()
	if rest == "" {
		rest = "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		rest += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		rest += "#" + u.EscapedFragment()
	}
	return strings.ToLower(u.Scheme) + "://" + host + escapeURI(rest)
}

func isWeb(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

func asciiHost(u *url.URL) (string, bool) {
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Is6() {
			host = "[" + host + "]"
		}
	} else if !isURI(host) {
		if host, err = idna.Lookup.ToASCII(host); err != nil || !isURI(host) {
			return "", false
		}
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	return host, true
}

// uriMarks are the characters besides letters and digits that may stand in a
// URI (RFC 3986 §2), less the brackets, which only an address may have.
const uriMarks = ";/?:@&=+$.-_!~*'()%,#"

func isURI(s string) bool {
	for i := range len(s) {
		if !uriByte(s, i) {
			return false
		}
	}
	return true
}

// uriByte reports whether the byte at i may stand in a URI as it is.
func uriByte(s string, i int) bool {
	c := s[i]
	switch {
	case c == '%':
		return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
	case c >= utf8.RuneSelf:
		return false
	default:
		return isAlnum(c) || strings.IndexByte(uriMarks, c) >= 0
	}
}

func escapeURI(s string) string {
	if isURI(s) {
		return s
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; uriByte(s, i) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func isAlnum(c byte) bool {
	return c-'0' < 10 || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func isHex(c byte) bool {
	return c-'0' < 10 || c|0x20 >= 'a' && c|0x20 <= 'f'
}
