package publish

import (
	"cmp"
	"strings"
	"time"

	"broadsheet/feed"
)

// languageTag is s if it has the form of a BCP 47 tag, else empty.
func languageTag(s string) string {
	for i, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 || !allBytes(part, isAlnum) {
			return ""
		}
		if i == 0 && !allBytes(part, func(c byte) bool { return c > '9' }) {
			return ""
		}
	}
	return s
}

// mediaType is s if it has the form of a media type (RFC 9110 §8.3.1), without
// its parameters and in lower case; otherwise it is empty.
func mediaType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	s = strings.ToLower(strings.TrimSpace(s))
	kind, sub, ok := strings.Cut(s, "/")
	if !ok || kind == "" || sub == "" || !allBytes(kind+sub, isTokenByte) {
		return ""
	}
	return s
}

func isTokenByte(c byte) bool {
	return isAlnum(c) || strings.IndexByte("!#$&^_.+-", c) >= 0
}

// emailAddress is s if it looks like a bare address, else empty. It is not
// known to work; RSS wants its form (RFC 5322 §3.4.1, without quoting).
func emailAddress(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "mailto:")
	name, host, ok := strings.Cut(s, "@")
	if !ok || name == "" || !allBytes(name, isMailByte) || !isDomain(host) {
		return ""
	}
	return s
}

// isDomain reports whether host has the form of a name in the public DNS, or
// of an IPv4 address: labels of letters, digits and hyphens, at least two.
func isDomain(host string) bool {
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || !allBytes(label, func(c byte) bool { return isAlnum(c) || c == '-' }) {
			return false
		}
	}
	return len(labels) > 1
}

func isMailByte(c byte) bool {
	return isAlnum(c) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) >= 0
}

func allBytes(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

// isIRI reports whether s has the form of an absolute IRI (RFC 3987 §2.2): a
// scheme, something after it, and nothing that may not stand in one.
func isIRI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || scheme == "" || scheme[0] <= '9' {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0xfffd || !publishable(r) || strings.ContainsRune("<>\"{}|\\^`", r) {
			return false
		}
	}
	return allBytes(scheme, func(c byte) bool {
		return isAlnum(c) || c == '+' || c == '-' || c == '.'
	})
}

// bylines are the people an entry is by: its own authors, else those of the
// feed that it comes from, else that feed by its title. There is always one.
func bylines(e feed.Entry, site feed.Site) []feed.Person {
	switch {
	case len(e.Authors) > 0:
		return e.Authors
	case len(e.Origin.Authors) > 0:
		return e.Origin.Authors
	default:
		name := cmp.Or(sourceName(e), site.Title)
		return []feed.Person{{Name: name, URL: e.Origin.Link}}
	}
}

// tags are the names of the categories, each once.
func tags(categories []feed.Category) []string {
	var names []string
	seen := make(map[string]bool, len(categories))
	for _, c := range categories {
		if name := c.Name(); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// date3339 is t as Atom and JSON Feed want it (RFC 3339), in UTC, to the
// second; empty for the zero time.
func date3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// date822 is t as RSS wants it (RFC 822 with a year of four digits), in UTC;
// empty for the zero time.
func date822(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC1123Z)
}

// sourceDates are the forms in which feeds say when they changed.
var sourceDates = []string{
	time.RFC3339,
	"Mon, _2 Jan 2006 15:04:05 -0700", "Mon, _2 Jan 2006 15:04 -0700",
	"_2 Jan 2006 15:04:05 -0700", "_2 Jan 2006 15:04 -0700",
	"2006-01-02T15:04:05-0700", "2006-01-02T15:04-07:00", "2006-01-02T15:04Z07:00",
}

// sourceZones are the names of zones that have one meaning (RFC 822 §5.1, and
// UTC, which came later).
var sourceZones = map[string]string{
	"UT": "+0000", "UTC": "+0000", "GMT": "+0000", "Z": "+0000",
	"EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500",
	"MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
}

// sourceDate reads when a source says that it changed. A date without a zone,
// or with one whose name may mean several, is not guessed at: it is better to
// leave a date out than to publish a false one.
func sourceDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, ' '); i >= 0 && sourceZones[s[i+1:]] != "" {
		s = s[:i+1] + sourceZones[s[i+1:]]
	}
	for _, layout := range sourceDates {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 && t.Year() <= 9999 {
			return t
		}
	}
	return time.Time{}
}

// masthead is what a feed says of itself, the same in every format.
type masthead struct {
	title       string
	description string
	base        string // the site's URL, without a slash at the end
	path        string // of the section's page, with slashes at both ends
	query       string // of what is selected of it, with a question mark; empty for all
	folder      string // of the documents: path, or that of a page of the archive
	language    string
	updated     time.Time
}

func head(v feed.View) masthead {
	m := masthead{
		title:    cmp.Or(v.Section.Title, v.Site.Title, v.Section.Name),
		base:     strings.TrimRight(v.Site.URL, "/"),
		path:     v.Section.Path(),
		language: v.Site.Language,
		updated:  v.Created,
	}
	if !v.Selection.IsZero() {
		m.query = "?" + v.Selection.Encode()
		m.title += ": " + selected(v)
	}
	m.folder = m.path
	if v.Chain.IsArchive() {
		m.folder = v.Section.ArchivePage(v.Chain.Page, v.Chain.Part)
	}
	m.description = cmp.Or(v.Section.Description, m.title)
	for i, e := range v.Entries {
		if i == 0 || e.Updated.After(m.updated) {
			m.updated = e.Updated
		}
	}
	return m
}

// home is the URL of the section's page, or of what was found in the whole paper.
func (m masthead) home() string {
	if m.query != "" && m.path == "/" {
		return m.base + feed.SearchPath + m.query
	}
	return m.base + m.path
}

// file is the path of one of the section's documents below the site's base, with the
// query if it has one.
func (m masthead) file(name string) string { return m.folder + name + m.query }
