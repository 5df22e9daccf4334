package story

import (
	"cmp"
	"math"
	"time"
)

// Member is an entry of a story, as far as it matters who leads.
type Member struct {
	Rank      int       // of its source in the configuration: 1 is best, 0 is after all ranks
	Original  bool      // Sketch.Original
	Length    int       // Sketch.Length
	Published time.Time // the entry's own date, or when it was first seen
	ID        string    // its published id: what decides when nothing else does
}

// Lead is the place in members of the one that stands for all; -1 of none. The better
// rank goes first, then an original before a copy, then the fuller text, then the earlier
// one, then the smaller id. It is a strict order: who leads does not depend on the order
// in which they stand.
func Lead(members []Member) int {
	best := -1
	for i, m := range members {
		if best < 0 || compare(m, members[best]) < 0 {
			best = i
		}
	}
	return best
}

func compare(a, b Member) int {
	return cmp.Or(
		cmp.Compare(place(a.Rank), place(b.Rank)),
		-cmp.Compare(number01(a.Original), number01(b.Original)),
		-cmp.Compare(fullness(a.Length), fullness(b.Length)),
		a.Published.Compare(b.Published),
		cmp.Compare(a.ID, b.ID),
	)
}

// place puts no rank after all.
func place(rank int) int {
	if rank <= 0 {
		return math.MaxInt
	}
	return rank
}

func number01(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// fullerBy is by how much a text must be longer to count as fuller: a credit line or a
// byline is no reason to prefer a copy.
const fullerBy = 1.25

// fullness is the length of a text in steps of fullerBy: lengths of one step count as
// equal, so that the order stays transitive.
func fullness(length int) int {
	if length <= 0 {
		return 0
	}
	return 1 + int(math.Log(float64(length))/math.Log(fullerBy))
}
