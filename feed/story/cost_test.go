package story

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// press invents articles as they come: most are new, some are copies of an earlier one,
// some are filled into a template, some have a title that returns.
type press struct {
	r     *rand.Rand
	vocab []string
	past  []feed.Entry // of the last days
	n     int
}

func newPress() *press {
	p := &press{r: rand.New(rand.NewPCG(3, 5))}
	for i := range 20_000 {
		p.vocab = append(p.vocab, longWord(i*7+1))
	}
	return p
}

// words are some words, common ones more often (Zipf's law).
func (p *press) words(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		x := p.r.Float64()
		b.WriteString(p.vocab[int(x*x*x*x*float64(len(p.vocab)))])
	}
	return b.String()
}

// apartBy is the time from one article to the next: 5,000 a day, as from some hundred
// sources.
const apartBy = 17 * time.Second

// recent is from how many articles copies are taken, and in how many a template returns.
const recent = 5000

func (p *press) next(length int) feed.Entry {
	p.n++
	e := feed.Entry{
		Link:      fmt.Sprintf("https://s%d.example/%d", p.r.IntN(300), p.n),
		Published: dawn.Add(time.Duration(p.n) * apartBy),
		Language:  "en",
	}
	switch x := p.r.IntN(100); {
	case x < 10 && len(p.past) > 0:
		old := p.past[p.r.IntN(len(p.past))]
		e.Title, e.Summary = old.Title, "Arden (Wire) — "+old.Summary
	case x < 15: // one of ten notices with other names
		k := p.r.IntN(10)
		e.Title = fmt.Sprintf("Notice %s: %s", p.vocab[k], p.words(2))
		e.Summary = fmt.Sprintf("The %s office of %s tells %s that from now on and until further notice the rules for "+
			"all %s are these, and no others, as the county has decided. %s", p.vocab[k], p.vocab[k+10], p.words(3), p.vocab[k+20], p.words(20))
	case x < 20:
		e.Title, e.Summary = "Morning briefing from our newsroom", "Good morning, and welcome to the briefing of today. "+p.words(length)
	default:
		e.Title, e.Summary = p.words(8), p.words(length)+"."
	}
	if len(p.past) < recent {
		p.past = append(p.past, e)
	} else {
		p.past[p.n%recent] = e
	}
	return e
}

// drawer finds candidates as a store is advised to: of each mark the Popular newest, and
// those within the Window.
type drawer struct {
	byMark   map[uint64][]int32
	sketches []time.Time
}

func (d *drawer) add(s Sketch) (candidates int) {
	seen := map[int32]bool{}
	for _, m := range s.Marks() {
		list := d.byMark[m]
		for _, j := range slices.Backward(list[max(0, len(list)-Popular):]) {
			if m != s.LinkMark() && s.Published.Sub(d.sketches[j]) > Window {
				break
			}
			seen[j] = true
		}
		if len(list) == 2*Popular { // what nobody will look at
			list = slices.Clone(list[Popular:])
		}
		d.byMark[m] = append(list, int32(len(d.sketches)))
	}
	d.sketches = append(d.sketches, s.Published)
	return len(seen)
}

// million: half a minute is long for every run, and the step before shows as much.
var million = flag.Bool("million", false, "also compare with a million stored articles")

// TestWhatIsComparedDoesNotGrowWithWhatIsStored: with a million stored, a new article is
// compared with as few as with ten thousand.
func TestWhatIsComparedDoesNotGrowWithWhatIsStored(t *testing.T) {
	const words, sample, mostOnAverage = 16, 2000, 12.0
	sizes := []int{10_000, 100_000, 1_000_000}
	switch {
	case testing.Short() || cost.Race:
		sizes = sizes[:1]
	case !*million:
		sizes = sizes[:2]
	}
	const lazy = 800 // the index is large and nothing of it becomes garbage
	defer debug.SetGCPercent(debug.SetGCPercent(lazy))
	p, d := newPress(), &drawer{byMark: map[uint64][]int32{}}
	for _, size := range sizes {
		total, most := 0, 0
		for len(d.sketches) < size {
			n := d.add(Draw(p.next(words)))
			if len(d.sketches) > size-sample {
				total += n
				most = max(most, n)
			}
		}
		mean := float64(total) / sample
		t.Logf("%7d stored: a new one is compared with %.1f, at most %d", size, mean, most)
		if mean > mostOnAverage || most > MaxMarks*Popular {
			t.Error("that is too many")
		}
	}
}

// longText1000 is an article of a thousand words.
func article(words int) feed.Entry {
	e := newPress().next(words)
	var b strings.Builder
	for i, w := range strings.Fields(e.Summary) {
		if i%60 == 0 {
			b.WriteString("</p><p>")
		}
		b.WriteString(w + " ")
	}
	e.Content, e.Summary = feed.HTML(strings.TrimPrefix(b.String(), "</p>")+"</p>"), ""
	return e
}

func TestDrawingAndComparingCostLittle(t *testing.T) {
	const times = 100
	e := article(1000)
	cost.Within(t, times*time.Millisecond, func() {
		for range times {
			Draw(e)
		}
	})
	a, b := Draw(e), Draw(e)
	b.link++
	if m, why := Same(a, b, false); m != Text {
		t.Fatalf("they are not the same: %s", why)
	}
	const more = 1000
	cost.Within(t, more*5*time.Microsecond, func() {
		for range more {
			Same(a, b, false)
		}
	})
}

// TestAHostileTextCostsNoMore: whatever is written, drawing is linear.
func TestAHostileTextCostsNoMore(t *testing.T) {
	const size = 1 << 20
	for name, piece := range map[string]string{
		"digits": "1,", "groups": "1 111 ", "lines": "a\n", "captions": "<figcaption>", "open captions": "<figcaption></figcaption",
		"notices": "© 2026\n", "one word": "a", "numerals": "一", "accents": "a\u0301\u0323", "dashes": "a - ", "numbers": "7 x ",
	} {
		text := strings.Repeat(piece, size/len(piece))
		t.Run(name, func(t *testing.T) {
			cost.Within(t, 400*time.Millisecond, func() {
				Draw(feed.Entry{Title: text, Content: feed.HTML(text), Link: "https://a.example/" + text})
			})
		})
	}
}

func BenchmarkDraw(b *testing.B) {
	e := article(1000)
	b.ReportAllocs()
	for b.Loop() {
		Draw(e)
	}
}

func BenchmarkSame(b *testing.B) {
	x, y := Draw(article(1000)), Draw(article(1000))
	y.link++
	b.ReportAllocs()
	for b.Loop() {
		Same(x, y, false)
	}
}

func BenchmarkUnpack(b *testing.B) {
	data := Draw(article(1000)).Pack()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Unpack(data); err != nil {
			b.Fatal(err)
		}
	}
}
