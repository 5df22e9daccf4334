package publish

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"broadsheet/feed"
)

// longReads is a section of n entries whose texts have so many bytes, a little more
// with each.
func longReads(n, bytes int) feed.View {
	v := sampleView()
	v.Entries = nil
	for i := range n {
		e := entry(i, fmt.Sprintf("https://quay.example/%03d", i), fmt.Sprintf("Long read %d", i))
		e.Source, e.Link, e.Origin = "quay", e.ID, origin("The Quay", "quay.example")
		e.Content = feed.HTML("<p>" + strings.Repeat("The tide goes out & comes in. ", bytes/30+i) + "</p>")
		e.Content = feed.HTML(strings.ReplaceAll(string(e.Content), "&", "&amp;"))
		v.Entries = append(v.Entries, e)
	}
	return v
}

// ids are those that the JSON feed of a view has, in order.
func ids(t *testing.T, docs map[string]feed.Document) (out []string) {
	t.Helper()
	var f struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(docs["/harbour/feed.json"].Body, &f); err != nil {
		t.Fatal(err)
	}
	for _, item := range f.Items {
		out = append(out, item.ID)
	}
	return out
}

// JSON-2: at most 250 kB.
func TestAFeedIsAsLargeAsItsSectionSaysAndShowsTheSameInAllFormats(t *testing.T) {
	v := longReads(60, 8_000)
	v.Section.MaxSize = 250_000
	docs := documents(t, v)
	shown := ids(t, docs)
	if len(shown) <= minShown || len(shown) >= 60 {
		t.Fatalf("%d entries are shown", len(shown))
	}
	for path, d := range docs {
		if d.MediaType != typePage && len(d.Body) > 250_000 {
			t.Errorf("%s has %d bytes", path, len(d.Body))
		}
		for i := range 60 { // links may differ in the form of their names, ids do not
			has := strings.Contains(string(d.Body), fmt.Sprintf("Long read %d<", i)) ||
				strings.Contains(string(d.Body), fmt.Sprintf("Long read %d\"", i))
			if has != (i < len(shown)) {
				t.Errorf("%s has entry %d: %v, of %d that are shown", path, i, has, len(shown))
			}
		}
	}
	// One more would be too much.
	v.Entries = v.Entries[:len(shown)+1]
	if largest(v, v.Entries) <= 250_000 {
		t.Errorf("there is room for more than %d", len(shown))
	}
	v.Section.MaxSize = 0
	if got := len(ids(t, documents(t, v))); got != len(v.Entries) {
		t.Errorf("without a bound there are %d of %d", got, len(v.Entries))
	}
}

func TestABurstOfLongReadsIsNotLostToAReader(t *testing.T) {
	v := longReads(30, 30_000)
	v.Section.MaxSize = 250_000
	if got := ids(t, documents(t, v)); len(got) != minShown || got[0] != v.Entries[0].ID {
		t.Errorf("%d are shown: %v", len(got), got)
	}
}

// What is not shown was not published: its story may still come under another id.
func TestOnlyWhatIsShownCountsAsPublished(t *testing.T) {
	v := longReads(30, 30_000)
	v.Section.MaxSize = 250_000
	s := newShelf()
	s.stale, s.views["harbour"] = []string{"harbour"}, v
	if _, err := BuiltIn.Publish(t.Context(), s, sampleDay, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if got := s.saved["harbour"].ids; len(got) != minShown {
		t.Errorf("%d ids: %v", len(got), got)
	}
}

// A few sizes are found, not a rendering for each number of entries.
func TestRoomIsFoundWithoutManyRenderings(t *testing.T) {
	v := longReads(200, 4_000)
	v.Section.MaxSize = 250_000
	rendered := 0
	was := slices.Clone(printers)
	defer func() { printers = was }()
	printers = nil
	for _, p := range was {
		render := p.render
		p.render = func(v feed.View) ([]byte, error) {
			rendered += len(v.Entries)
			return render(v)
		}
		printers = append(printers, p)
	}
	Render(v)
	// All, those that fit one by one, those that fit as a check, and those that fit.
	if limit := 3 * 2 * 200; rendered > limit {
		t.Errorf("%d entries were rendered", rendered)
	}
}

func TestTitlesOfFeedsAreWrittenAsTheSectionSays(t *testing.T) {
	v := longReads(1, 100)
	v.Entries[0].Title = `Boats {source} & "tides" %s {title}`
	v.Section.ItemTitle = "{source}: {title} ({source})"
	docs := documents(t, v)
	const want = `The Quay: Boats {source} &#x26; "tides" %s {title} (The Quay)`
	if !strings.Contains(string(docs["/harbour/rss.xml"].Body), "<title>"+want+"</title>") {
		t.Errorf("%s", docs["/harbour/rss.xml"].Body)
	}
	for _, path := range []string{"/harbour/atom.xml", "/harbour/feed.json"} {
		if !strings.Contains(string(docs[path].Body), "The Quay: Boats {source}") {
			t.Errorf("%s: %s", path, docs[path].Body)
		}
	}
	if strings.Contains(string(docs["/harbour/"].Body), "The Quay: Boats") {
		t.Error("the page, which names the source in its own way, has it too")
	}
	if v.Entries[0].Title != `Boats {source} & "tides" %s {title}` {
		t.Error("the view was changed")
	}
}
