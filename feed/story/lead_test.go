package story

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestTheBestCopyLeads(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 4, hour, 0, 0, 0, time.UTC) }
	tests := []struct {
		name        string
		first, then Member
	}{
		{"a rank before none", Member{Rank: 9}, Member{Original: true, Length: 9000}},
		{"the better rank", Member{Rank: 1}, Member{Rank: 2, Original: true, Length: 9000}},
		{"the original", Member{Rank: 1, Original: true, Length: 200}, Member{Rank: 1, Length: 9000}},
		{"the fuller text", Member{Length: 2000, Published: at(9)}, Member{Length: 300, Published: at(8)}},
		{"the earlier one, if a credit line makes the difference", Member{Length: 2000, Published: at(8)},
			Member{Length: 2030, Published: at(9)}},
		{"the earlier one", Member{Published: at(8), ID: "b"}, Member{Published: at(9), ID: "a"}},
		{"the smaller id", Member{ID: "a"}, Member{ID: "b"}},
		{"any text before none", Member{Length: 1, ID: "b"}, Member{ID: "a"}},
	}
	for _, tt := range tests {
		if Lead([]Member{tt.first, tt.then}) != 0 || Lead([]Member{tt.then, tt.first}) != 1 {
			t.Errorf("%s: %+v does not lead %+v", tt.name, tt.first, tt.then)
		}
	}
	if got := Lead(nil); got != -1 {
		t.Errorf("of none %d leads", got)
	}
}

// TestWhoLeadsDoesNotDependOnTheOrder: of any members one leads, however they stand, and
// it leads each of them alone.
func TestWhoLeadsDoesNotDependOnTheOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		members := make([]Member, 2+r.IntN(6))
		for i := range members {
			members[i] = Member{Rank: r.IntN(3), Original: r.IntN(2) == 0, Length: 90 + r.IntN(60),
				Published: time.Unix(int64(r.IntN(2)), 0), ID: string(rune('a' + i))}
		}
		want := members[Lead(members)]
		for _, m := range members {
			if m != want && Lead([]Member{m, want}) != 1 {
				t.Fatalf("%+v leads all, but not %+v", want, m)
			}
		}
		r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		if got := members[Lead(members)]; got != want {
			t.Fatalf("%+v leads, and after shuffling %+v", want, got)
		}
	}
}
