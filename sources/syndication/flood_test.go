package syndication

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

var midnight = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// crowd is a feed of n items; date gives the text of an item's date.
func crowd(format string, n int, date func(i int) string) string {
	var out strings.Builder
	open, item, end := `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Gulf</title>`,
		`<item><title>Boat %[1]d came</title><link>http://gulf.example/</link><guid>%[1]d</guid>`+
			`<pubDate>%[2]s</pubDate></item>`,
		`</channel></rss>`
	switch format {
	case "atom":
		open, item, end = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Gulf</title>`,
			`<entry><title>Boat %[1]d came in</title><link href="http://gulf.example/%[1]d"/><id>%[1]d</id><updated>%[2]s</updated></entry>`, `</feed>`
	case "json":
		open, item, end = `{"version":"https://jsonfeed.org/version/1.1","title":"Gulf","items":[`,
			`{"id":"%[1]d","title":"Boat [%[1]d], \"it\" came in","url":"http://gulf.example/%[1]d","date_published":"%[2]s","content_text":"It was late."},`,
			`null]}`
	}
	out.WriteString(open)
	for i := range n {
		fmt.Fprintf(&out, item, i, date(i))
	}
	out.WriteString(end)
	return out.String()
}

// T-21: of 100,000 items the newest are kept, in well under two seconds, with a
// word on the others.
func TestAFloodIsReadAndItsNewestItemsKept(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	n := 100_000
	if cost.Race {
		n = 20_000
	}
	older := func(i int) string { return midnight.Add(-time.Duration(i) * time.Minute).Format(time.RFC1123Z) }
	newer := func(i int) string { return midnight.Add(time.Duration(i) * time.Minute).Format(time.RFC3339) }
	third := func(i int) string {
		if i%3 > 0 {
			return ""
		}
		return newer(i)
	}
	// Two thirds dated, and all over the document: 70,001 steps visit every place.
	strewn := func(i int) string {
		if i%3 == 0 {
			return "a while ago"
		}
		return newer(i * 70_001 % n)
	}
	tests := []struct {
		name, format string
		date         func(int) string
		which        string
		first, last  int // items that must be kept, at the ends
	}{
		{"newest first", "rss", older, "newest", 0, maxItems - 1},
		{"newest last", "rss", newer, "newest", n - maxItems, n - 1},
		{"newest last, Atom", "atom", newer, "newest", n - maxItems, n - 1},
		{"without dates", "rss", func(int) string { return "" }, "first", 0, maxItems - 1},
		{"with dates on one in three", "atom", third, "first", 0, maxItems - 1},
		{"newest last, JSON", "json", newer, "newest", n - maxItems, n - 1},
		{"without dates, JSON", "json", func(int) string { return "" }, "first", 0, maxItems - 1},
		{"strewn", "rss", strewn, "newest", -1, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := []byte(crowd(tt.format, n, tt.date))
			var doc Document
			var err error
			cost.Within(t, 2*time.Second, func() { doc, err = Parse(body, Input{URL: from}) })
			if err != nil || len(doc.Items) != maxItems {
				t.Fatalf("%d items, %v", len(doc.Items), err)
			}
			seen := n
			if tt.format == "json" {
				seen++ // null is one, if of no use
			}
			want := fmt.Sprintf("the feed lists %d items; the %s 5000 were read, the other %d were left out", seen, tt.which, seen-maxItems)
			if i := slices.IndexFunc(doc.Warnings, func(w feed.Warning) bool { return w.Code == "too-many-items" }); i < 0 || doc.Warnings[i].Text != want {
				t.Errorf("warnings %v, want %q", doc.Warnings, want)
			}
			got := ids(t, doc)
			if !slices.IsSorted(got) {
				t.Error("the items are not in the order of the document")
			}
			if tt.first >= 0 && (got[0] != tt.first || got[maxItems-1] != tt.last) {
				t.Errorf("items %d to %d are kept, want %d to %d", got[0], got[maxItems-1], tt.first, tt.last)
			}
			if tt.first < 0 {
				checkNewest(t, got, n)
			}
		})
	}
}

func ids(t *testing.T, doc Document) []int {
	t.Helper()
	var out []int
	for _, it := range doc.Items {
		i, err := strconv.Atoi(it.ID)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, i)
	}
	return out
}

// checkNewest compares with a sorting of all items at once.
func checkNewest(t *testing.T, got []int, n int) {
	t.Helper()
	var all []int
	for i := range n {
		if i%3 > 0 {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return b*70_001%n - a*70_001%n })
	want := all[:maxItems]
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Error("these are not the newest items")
	}
}

// A feed whose items are large is cut where the tree is full, not refused; one that
// is within the limits is read whole.
func TestALongFeedOfLargeItemsIsReadAsFarAsThereIsRoom(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	large := func(items, parts int) string {
		body := many(parts, "<category>c%d</category>")
		return `<rss><channel>` + strings.Repeat("<item><title>x</title>"+body+"</item>", items) + `</channel></rss>`
	}
	doc, err := Parse([]byte(large(4000, 70)), Input{URL: from})
	if err != nil || len(doc.Items) != 4000 || len(doc.Warnings) > 0 {
		t.Errorf("within the limits: %d items, %v, %v", len(doc.Items), doc.Warnings, err)
	}
	doc, err = Parse([]byte(large(4000, 200)), Input{URL: from})
	if err != nil || len(doc.Items) != maxParts/2/(1+2+2*200) || len(doc.Warnings) != 1 || doc.Warnings[0].Code != "too-many-items" {
		t.Errorf("past them: %d items, %v, %v", len(doc.Items), doc.Warnings, err)
	}
}

// An item that is larger than all that is left to the items is left out alone, not
// with all that are older.
func TestOneItemThatIsTooLargeIsLeftOutAlone(t *testing.T) {
	huge := "<item><guid>huge</guid>" + many(maxParts*3/10, "<category>c%d</category>") + "</item>"
	small := many(3000, "<item><guid>%d</guid>"+strings.Repeat("<category>x</category>", 60)+"</item>")
	doc, err := Parse([]byte("<rss><channel>"+huge+small+"</channel></rss>"), Input{URL: from})
	if err != nil || len(doc.Items) < 2000 || doc.Items[0].ID != "0" || len(doc.Warnings) != 1 || doc.Warnings[0].Code != "too-many-items" {
		t.Errorf("%d items, %v, %v", len(doc.Items), doc.Warnings, err)
	}
}

// A feed without items is sound, and told of (T-35); one that was cut off before
// its first item is not called so.
func TestAFeedWithoutItemsIsToldOf(t *testing.T) {
	for body, want := range map[string]string{
		`<rss version="2.0"><channel><title>x</title></channel></rss>`:                "no-items",
		`<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>`:           "no-items",
		`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[]}`:       "no-items",
		`<rss version="2.0"><channel><title>x</title><item><title>half`:               "truncated",
		`<rss version="2.0"><channel><item><title>x</title></item></channel></rss>`:   "",
		`{"version":"https://jsonfeed.org/version/1.1","items":[{"title":"no id"}]}`:  "",
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>`: "no-items",
	} {
		doc, err := Parse([]byte(body), Input{URL: from})
		got := ""
		for _, w := range doc.Warnings {
			got += w.Code
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", body, got, err, want)
		}
	}
}

// What reading 15 MiB of the worst that anybody thought of takes: the limits of a
// body (fetch.max_body) and of a document bound it together.
func TestMemoryIsBoundedForALargeBody(t *testing.T) {
	if cost.Race || testing.Short() {
		t.Skip("it measures memory")
	}
	const body = 15 << 20
	const bound = 256 << 20
	fill := func(before, unit, after string) string {
		width := len(unit)
		if strings.Contains(unit, "%d") {
			width += len("54321") - len("%d")
		}
		return before + many((body-len(before)-len(after))/width, unit) + after
	}
	item := `<item><title>Boat %d came in</title><guid>1</guid><pubDate>Sun, 01 Mar 2026 00:00:00 GMT</pubDate><description>It was late.</description></item>`
	tests := map[string]string{
		"items":                     fill(`<rss><channel>`, item, `</channel></rss>`),
		"empty items":               fill(`<rss><channel>`, `<item/>`, `</channel></rss>`),
		"elements of a channel":     fill(`<rss><channel>`, `<a/>`, `</channel></rss>`),
		"attributes":                fill(`<rss><channel><item>`, `<media:a a="" b="" c="" d="" e="" f="" g="" h="" i="" j=""/>`, `</item></channel></rss>`),
		"as much as is read":        inItem(many(195_000, `<media:a a="" b=""/>`)),
		"one text":                  fill(`<rss><channel><item><title>x</title><description>`, `word `, `</description></item></channel></rss>`),
		"texts of a description":    fill(`<rss><channel><item><description>`, `a<!---->`, `</description></item></channel></rss>`),
		"references":                fill(`<rss><channel><item><description>`, `&lt;p&gt;`, `</description></item></channel></rss>`),
		"JSON items":                fill(`{"version":"https://jsonfeed.org/version/1","items":[`, `{"id":"%d","title":"Boat","tags":["a","b"]},`, `null]}`),
		"JSON nulls":                fill(`{"version":"https://jsonfeed.org/version/1","items":[`, `null,`, `null]}`),
		"JSON values beside":        fill(`{"version":"https://jsonfeed.org/version/1","items":[],"x":[`, `{},`, `null]}`),
		"JSON members":              fill(`{"version":"https://jsonfeed.org/version/1","items":[],`, `"abcd":1,`, `"x":1}`),
		"JSON members, different":   fill(`{"version":"https://jsonfeed.org/version/1","items":[],`, `"%d":1,`, `"x":1}`),
		"JSON members of an item":   `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1",` + many(500_000, `"%d":1,`) + `"x":1}]}`,
		"JSON members of a member":  `{"version":"https://jsonfeed.org/version/1","items":[],"x":{` + many(500_000, `"%d":1,`) + `"x":1}}`,
		"JSON of one text":          fill(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_html":"`, `word `, `"}]}`),
		"a web page":                fill(`<html>`, `<p>word</p>`, ``),
		"bytes of no known meaning": fill(``, "\xfe\x01", ``),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			peak := peakMemory(func() {
				doc, err := Parse([]byte(text), Input{URL: from})
				t.Logf("%d items, %v", len(doc.Items), err)
			})
			t.Logf("%d bytes took %d MiB more and %s", len(text), peak>>20, time.Since(start).Round(time.Millisecond))
			if peak > bound {
				t.Errorf("%d MiB more", peak>>20)
			}
		})
	}
}

// peakMemory is how much the heap grows at most while do runs, in bytes. Garbage is
// collected early, so that it is mostly of what is in use.
func peakMemory(do func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapAlloc, uint64(0)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}()
	do()
	close(stop)
	<-done
	return peak - min(peak, before)
}
