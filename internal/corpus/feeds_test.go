package corpus

import (
	"os"
	"path/filepath"
	"testing"

	"broadsheet/feed"
	"broadsheet/internal/cost"
	"broadsheet/sources/syndication"
)

// eachFeed reads every feed of the corpus that can be read.
func eachFeed(t *testing.T, do func(name string, doc syndication.Document)) {
	t.Helper()
	if testing.Short() || cost.Race {
		t.Skip("it reads the whole corpus")
	}
	root := os.Getenv("BROADSHEET_CORPUS")
	if root == "" {
		t.Skip("BROADSHEET_CORPUS does not name a corpus")
	}
	dir := filepath.Join(root, "feeds")
	feeds := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		switch filepath.Ext(path) {
		case ".rss", ".rdf", ".atom", ".json":
		default:
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		doc, failure := syndication.Parse(body, syndication.Input{URL: "https://corpus.example/" + name})
		if failure == nil {
			feeds++
			do(name, doc)
		}
		return nil
	})
	if err != nil || feeds == 0 {
		t.Fatalf("%d feeds were read: %v", feeds, err)
	}
}

// eachItem reads every article of the corpus.
func eachItem(t *testing.T, do func(name string, it feed.Item)) {
	t.Helper()
	eachFeed(t, func(name string, doc syndication.Document) {
		for _, it := range doc.Items {
			do(name, it)
		}
	})
}
