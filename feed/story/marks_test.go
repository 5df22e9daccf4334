package story

import (
	"slices"
	"testing"

	"broadsheet/feed"
)

// TestWhatIsTheSameSharesAMark: the store finds what Same would merge.
func TestWhatIsTheSameSharesAMark(t *testing.T) {
	const leastFound = 0.99
	same, found, linked, shared := 0, 0, 0, map[int]int{}
	for _, p := range pairs(t) {
		a, b := Draw(p.a.entry), Draw(p.b.entry)
		m, _ := Same(a, b, p.a.source == p.b.source)
		if m == No {
			continue
		}
		n := 0
		for _, mark := range a.Marks() {
			if slices.Contains(b.Marks(), mark) {
				n++
			}
		}
		same++
		shared[n]++
		if n > 0 {
			found++
		} else {
			t.Logf("%s shares none", p.name)
		}
		if m == Link && (a.LinkMark() == 0 || a.LinkMark() != b.LinkMark() || a.Marks()[0] != a.LinkMark()) {
			t.Errorf("%s: the link is no mark of it", p.name)
		}
		if m == Link {
			linked++
		}
	}
	t.Logf("%d of %d are found, %d by the link; so many marks are shared: %v", found, same, linked, shared)
	if ratio(found, same) < leastFound {
		t.Error("too many are not found")
	}
}

// TestOnlyWhatCanMatchHasMarks: "Comments" is no text, and would be the mark of thousands.
func TestOnlyWhatCanMatchHasMarks(t *testing.T) {
	e := feed.Entry{Title: "Port Vessel reopens its north basin", Summary: "Comments", Link: "https://paper.example/a"}
	if s := Draw(e); len(s.Marks()) != 1 || s.Marks()[0] != s.LinkMark() {
		t.Errorf("it has the marks %v", s.Marks())
	}
	e.Link = "https://paper.example/"
	if s := Draw(e); len(s.Marks()) != 0 || s.LinkMark() != 0 {
		t.Errorf("a home page has the marks %v", s.Marks())
	}
}
