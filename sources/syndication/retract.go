package syndication

import (
	"slices"

	"broadsheet/feed"
)

// maxRetractions is how many articles one document may take back: more than any feed
// lists, and few enough to be looked up at once.
const maxRetractions = 1000

// retractions reads which articles an Atom feed says were taken back (RFC 6721 §3). One
// that it lists as well was put back, if that is the later word (§5); otherwise it is not
// listed.
func (r *reader) retractions(root *element) {
	for e := range root.children {
		ref := e.attr("ref")
		if !e.is("at", "deleted-entry") || ref == "" || len(r.doc.Gone) == maxRetractions {
			continue
		}
		gone := feed.Retraction{ID: ref, When: moment(e.attr("when"))}
		i := slices.IndexFunc(r.doc.Items, func(it feed.Item) bool { return it.ID == ref })
		if i >= 0 {
			it := r.doc.Items[i]
			if !gone.When.After(moment(or(it.Updated, it.Published))) {
				continue
			}
			r.drop("retracted", it, "the feed takes the item back (at:deleted-entry)")
			r.doc.Items = slices.Delete(r.doc.Items, i, i+1)
		}
		r.doc.Gone = append(r.doc.Gone, gone)
	}
}
