package publish

import (
	"slices"
	"strings"

	"broadsheet/feed"
)

// minShown is how many entries a feed has however large they are: what a burst of long
// articles brings between two polls of a reader must not be lost to it.
const minShown = 10

// tooLarge tells whether a feed of a view is larger than the section says, and there
// are entries that it can do without. A page of an archive has what it has.
func tooLarge(v feed.View, drafts []draft) bool {
	limit := v.Section.MaxSize
	return limit > 0 && !v.Chain.IsArchive() && len(v.Entries) > minShown && slices.ContainsFunc(drafts, func(d draft) bool {
		switch d.mediaType {
		case typeRSS, typeAtom, typeJSON:
			return int64(len(d.body)) > limit
		}
		return false
	})
}

// fitting is the view with as many of its entries, from the first on, as leave each of
// its feeds as small as the section says (Section.MaxSize), but minShown at least. All
// formats show the same.
//
// How much an entry adds to a feed is found by rendering each alone, which together
// costs about as much as rendering all: feeds that are too large are not made again
// and again. A feed of several is at most as large as that says (what entries share,
// such as the names of namespaces, counts for each of them), so that no other attempt
// is needed; one is made all the same, for who adds something that is not so.
func fitting(v feed.View) feed.View {
	limit, all := int(v.Section.MaxSize), v.Entries
	n := len(all)
	for _, p := range printers {
		bare := size(p, v, nil)
		total, room := bare, 0
		for ; room < n; room++ {
			if total += size(p, v, all[room:room+1]) - bare; total > limit {
				break
			}
		}
		n = min(n, room)
	}
	for n = max(n, minShown); n > minShown && largest(v, all[:n]) > limit; {
		n--
	}
	v.Entries = slices.Clip(all[:n])
	return v
}

// largest is the size of the largest feed of some entries of a view.
func largest(v feed.View, entries []feed.Entry) int {
	most := 0
	for _, p := range printers {
		most = max(most, size(p, v, entries))
	}
	return most
}

// size is how large a document of some entries of a view is; nothing if it cannot be
// made, which is told of elsewhere.
func size(p printer, v feed.View, entries []feed.Entry) int {
	v.Entries = entries
	d, _ := p.draw(v)
	return len(d.body)
}

// titled is the view with the titles of its entries as the section's feeds write them
// (Section.ItemTitle).
func titled(v feed.View) feed.View {
	if v.Section.ItemTitle == "" {
		return v
	}
	entries := slices.Clone(v.Entries)
	for i, e := range entries {
		entries[i].Title = strings.NewReplacer("{source}", sourceName(e), "{title}", e.Title).
			Replace(v.Section.ItemTitle)
	}
	v.Entries = entries
	return v
}
