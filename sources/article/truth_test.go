package article

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	readability "codeberg.org/readeck/go-readability/v2"
	"codeberg.org/readeck/go-readability/v2/render"
	"golang.org/x/net/html"
)

// known is a page of the corpus with what is true of it.
type known struct {
	ID, File, URL, Source, Kind string
	Title, Date, Image          string
	Author                      any // a name, or a list of them
	Body                        string
	BodyStart                   string `json:"body_start"`
	Lang                        string
	Must, MustNot               []string
	bytes                       []byte
}

// corpus is every page of the corpus; the test is skipped where there is none.
func corpus(t testing.TB) []known {
	t.Helper()
	root := os.Getenv("BROADSHEET_CORPUS")
	if root == "" {
		t.Skip("BROADSHEET_CORPUS is not set")
	}
	dir := filepath.Join(root, "articles")
	file, err := os.Open(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []known
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var k known
		if err := json.Unmarshal(lines.Bytes(), &k); err != nil {
			t.Fatal(err)
		}
		if k.bytes, err = os.ReadFile(filepath.Join(dir, k.File)); err != nil {
			t.Fatal(err)
		}
		out = append(out, k)
	}
	return out
}

// textOf is what a reader of a piece of HTML sees.
func textOf(t testing.TB, markup string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	return render.InnerText(doc)
}

// bare is what the library alone makes of a page.
func bare(k known) string {
	at, err := url.Parse(k.URL)
	if err != nil {
		return ""
	}
	found, err := readability.FromReader(bytes.NewReader(k.bytes), at)
	if err != nil || found.Node == nil {
		return ""
	}
	return render.InnerText(found.Node)
}
