package worker

import (
	"fmt"
	"slices"

	"broadsheet/feed"
)

// firstShown is how many old articles a new source may publish in sections that
// people read already, unless its configuration says otherwise (first).
const firstShown = 10

// keepBack marks those new articles of a feed's first poll that are older than it
// may publish. first is what the configuration says, nil if nothing: then an
// article is kept back only if it is not among the newest firstShown and would
// come into a section that people read already, which settled names. shown is how
// many other feeds of the source published just now.
func keepBack(arrivals []feed.Arrival, first *int, shown int, settled map[string]bool) {
	most := firstShown
	if first != nil {
		most = *first
	}
	var fresh []*feed.Arrival
	for i := range arrivals {
		if arrivals[i].Row == 0 {
			fresh = append(fresh, &arrivals[i])
		}
	}
	slices.SortStableFunc(fresh, func(a, b *feed.Arrival) int { return b.Entry.SortAt.Compare(a.Entry.SortAt) })
	for i, a := range fresh {
		read := slices.ContainsFunc(a.Members, func(m feed.Membership) bool { return settled[m.Section] })
		if i+shown >= most && (first != nil || read) {
			a.Standing = feed.Backlog
			a.Why = fmt.Sprintf("it is not among the newest %d of a new source (first)", most)
		}
	}
}
