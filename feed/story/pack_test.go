package story

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

func TestASketchIsTheSameAfterTheStore(t *testing.T) {
	most := 0
	for _, p := range pairs(t) {
		for _, side := range []side{p.a, p.b} {
			s := Draw(side.entry)
			packed := s.Pack()
			most = max(most, len(packed))
			got, err := Unpack(packed)
			if err != nil || !reflect.DeepEqual(got, s) {
				t.Fatalf("%s: %v; want %v, %v", p.name, got, s, err)
			}
		}
	}
	t.Logf("the largest is %d bytes", most)
}

func TestTheLargestSketchIsSmall(t *testing.T) {
	var text strings.Builder
	for i := range 9000 {
		text.WriteString(longWord(i))
		text.WriteString(" 1")
		text.WriteString(strings.Repeat("7", i%19))
		text.WriteString(" and ")
	}
	e := feed.Entry{Title: text.String(), Summary: text.String(), Link: "https://ledger.example/a", Language: "zh-Hant-TW"}
	if n := len(Draw(e).Pack()); n > MaxPacked || n < MaxPacked/2 {
		t.Errorf("it has %d bytes", n)
	}
}

// longWord is one of many words.
func longWord(i int) string {
	var b []byte
	for ; i > 0; i /= 26 {
		b = append(b, 'a'+byte(i%26))
	}
	return "w" + string(b)
}

func TestDamagedSketchesAreRefused(t *testing.T) {
	good := Draw(pairs(t)[0].a.entry).Pack()
	other := bytes.Clone(good)
	other[0]++
	short, turned := Draw(pairs(t)[0].a.entry), Draw(pairs(t)[0].a.entry)
	short.size = 3
	slices.Reverse(turned.grams)
	bad := map[string][]byte{"too many grams": short.Pack(), "out of order": turned.Pack(), "nothing": nil, "another version": other, "more": append(bytes.Clone(good), 0)}
	for _, n := range []int{1, 2, 3, 10, len(good) / 2, len(good) - 1} {
		bad["cut off"] = good[:n]
		for name, data := range bad {
			_, err := Unpack(data)
			if e, ok := errors.AsType[*feed.Error](err); !ok || e.Kind != feed.KindMalformed {
				t.Errorf("%s (%d bytes): %v", name, len(data), err)
			}
		}
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(Draw(feed.Entry{}).Pack())
	for _, p := range pairs(f)[:20] {
		f.Add(Draw(p.a.entry).Pack())
	}
	good := Draw(pairs(f)[0].a.entry)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Unpack(data)
		if err != nil {
			return
		}
		again, err := Unpack(s.Pack())
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%v is read back as %v: %v", s, again, err)
		}
		one, _ := Same(s, good, false)
		if other, _ := Same(good, s, false); one != other {
			t.Errorf("%v one way, %v the other", one, other)
		}
		Same(s, s, true)
	})
}

func FuzzDraw(f *testing.F) {
	for _, p := range pairs(f)[:40] {
		f.Add(p.a.entry.Title, string(p.a.entry.Content), p.a.entry.Summary, p.a.entry.Link, p.a.entry.Language)
	}
	f.Add("1 000", "<p>12 345 678,9 – x</p>", "【", "https://a.example/%zz", "x-")
	f.Fuzz(func(t *testing.T, title, content, summary, link, language string) {
		e := feed.Entry{Title: title, Content: feed.HTML(content), Summary: summary, Link: link, Language: language,
			Published: time.Unix(1e9, 0)}
		s := Draw(e)
		packed := s.Pack()
		if len(packed) > MaxPacked {
			t.Errorf("%d bytes", len(packed))
		}
		again, err := Unpack(packed)
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%v is read back as %v: %v", s, again, err)
		}
		if n := len(s.Marks()); n > MaxMarks {
			t.Errorf("%d marks", n)
		}
	})
}
