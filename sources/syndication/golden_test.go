package syndication

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"broadsheet/feed"
)

var update = flag.Bool("update", false, "write what is read into the golden files")

// from is where the feeds of testdata come from.
const from = "http://gulf.example/feeds/rss.xml"

// reading is what a golden file shows of a document.
type reading struct {
	Header   feed.Header
	Encoding string `json:",omitempty"`
	Items    []feed.Item
	Warnings []feed.Warning    `json:",omitempty"`
	Drops    []feed.Drop       `json:",omitempty"`
	Gone     []feed.Retraction `json:",omitempty"`
}

// Each archive of testdata holds feeds, and after each the reading of it.
func TestFeedsAreReadAsTheGoldenFilesShow(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("testdata is empty", err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, f := range archive.Files {
			want[f.Name] = string(f.Data)
		}
		var out []txtar.File
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".golden") {
				continue
			}
			golden := f.Name + ".golden"
			got := show(t, f.Data)
			out = append(out, f, txtar.File{Name: golden, Data: got})
			t.Run(filepath.Base(name)+"/"+f.Name, func(t *testing.T) {
				if diff := cmp.Diff(want[golden], string(got)); diff != "" && !*update {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		}
		if *update {
			archive.Files = out
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// show reads a feed and writes it as JSON. What all items share is shown once,
// in the header.
func show(t *testing.T, body []byte) []byte {
	t.Helper()
	doc, err := Parse(body, Input{URL: from})
	if refusal, ok := errors.AsType[*feed.Error](err); ok {
		return []byte(err.Error() + "\n" + strings.Join(append(refusal.Feeds, ""), "\n"))
	}
	for i := range doc.Items {
		if diff := cmp.Diff(doc.Header.Channel, doc.Items[i].Channel); diff != "" {
			t.Errorf("item %d does not know its channel: %s", i, diff)
		}
		doc.Items[i].Channel = feed.Channel{}
	}
	var out bytes.Buffer
	if doc.Encoding == utf8Name {
		doc.Encoding = "" // goes without saying
	}
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(reading(doc)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
