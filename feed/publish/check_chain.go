package publish

import (
	"encoding/xml"
	"errors"
	"slices"
	"time"
)

// chainSeen is what a document says of its place among others (RFC 5005).
type chainSeen struct {
	archive, complete bool
	rels              []string // of its own links that lead to others
}

// historyRels are the relations of links that belong to a feed and not to an entry.
var historyRels = []string{"current", "first", "last", "next", "previous", "prev-archive", "next-archive"}

// fault is what is wrong with the place as a whole.
func (c chainSeen) fault() error {
	switch {
	case c.archive && c.complete:
		return errors.New("a document is a page of an archive or complete, not both")
	case c.archive && !slices.Contains(c.rels, "current"):
		return errors.New("a page of an archive has no link to the current feed (RFC 5005 §4)")
	case c.complete && len(c.rels) > 0:
		return errors.New("a complete feed leads to other pages of it (RFC 5005 §2)")
	}
	for i, rel := range c.rels {
		if slices.Contains(c.rels[:i], rel) {
			return errors.New("there are two links rel=" + rel)
		}
	}
	return nil
}

// history notes a link, and that it does not stand in an entry if it is one of those
// that lead through an archive.
func (r *xmlReader) history(rel string) {
	switch {
	case !slices.Contains(historyRels, rel):
	case r.entry != noEntry:
		r.blame("link rel="+rel, errors.New("it stands in an entry and leads through the feed (RFC 5005)"))
	default:
		r.chain.rels = append(r.chain.rels, rel)
	}
}

// deleted checks a tombstone (RFC 6721 §3).
func (r *xmlReader) deleted(attrs []xml.Attr) {
	ref := attribute(attrs, "ref")
	r.blame("deleted-entry ref", absoluteIRI(ref))
	r.blame("deleted-entry when", dateOf(time.RFC3339)(attribute(attrs, "when")))
	r.blame("deleted-entry ref", r.unique(ref))
}
