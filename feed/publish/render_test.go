package publish

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

var update = flag.Bool("update", false, "write the golden feeds and lists anew")

// documents renders a view of which everything can be published.
func documents(t *testing.T, v feed.View) map[string]feed.Document {
	t.Helper()
	docs, problems := Render(v)
	for _, p := range problems {
		t.Errorf("problem: %+v", p)
	}
	out := make(map[string]feed.Document)
	for _, d := range docs {
		out[d.Path] = d
	}
	return out
}

func TestEverythingThatAnEntryCanSayIsInEachFormat(t *testing.T) {
	empty := sampleView()
	empty.Entries, empty.Section.Description, empty.Hubs = nil, "", nil
	for name, v := range map[string]feed.View{
		"section": sampleView(), "paper": paperView(), "empty": empty,
	} {
		docs := documents(t, v)
		for _, file := range []string{"rss.xml", "atom.xml", "feed.json", "opml.xml", "sources.opml"} {
			if d, ok := docs[head(v).file(file)]; ok {
				golden(t, filepath.Join("testdata", name+"_"+file), d.Body)
			}
		}
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
