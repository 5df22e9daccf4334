package publish

import (
	"encoding/xml"

	"broadsheet/feed"
)

// The namespaces of what says where the rest of a feed is, and what was taken back.
const (
	nsHistory   = "http://purl.org/syndication/history/1.0"
	nsTombstone = "http://purl.org/atompub/tombstones/1.0"
)

// mark is an element that says something by being there.
type mark struct{}

// deleted is an entry that was taken back (RFC 6721 §3).
type deleted struct {
	XMLName xml.Name `xml:"at:deleted-entry"`
	Ref     string   `xml:"ref,attr"`
	When    string   `xml:"when,attr"`
}

func deletedOf(gone []feed.Tombstone) []deleted {
	var out []deleted
	for _, g := range gone {
		out = append(out, deleted{Ref: g.ID, When: date3339(g.At)})
	}
	return out
}

// relation is a link of a document to another one of its chain.
type relation struct{ rel, href string }

// chain are the links of a document to the others that make the section whole. file is
// what they are called in its format.
func chain(v feed.View, m masthead, file string) []relation {
	var out []relation
	c := v.Chain
	if c.IsArchive() {
		out = append(out, relation{"current", m.home() + file})
	}
	if c.Older > 0 {
		out = append(out, relation{"prev-archive", older(v, m, file)})
	}
	if c.Newer > 0 {
		out = append(out, relation{"next-archive", m.base + v.Section.ArchivePage(c.Newer, 0) + file})
	}
	return out
}

// older is the URL of the page of the archive before a document.
func older(v feed.View, m masthead, file string) string {
	return m.base + v.Section.ArchivePage(v.Chain.Older, v.Chain.OlderPart) + file
}
