package layout

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "broadsheet"

// only names the folders that may import a module, because its types must not
// leak further than the edge that wraps them. The invented web codes what the
// client decodes: its bombs are made with the same coders.
var only = map[string]string{
	"github.com/mmcdole/gofeed":       "sources/syndication",
	"github.com/gorilla/feeds":        "feed/publish",
	"modernc.org/sqlite":              "feed/store",
	"github.com/jackc/pgx":            "feed/store",
	"github.com/pressly/goose":        "feed/store",
	"go.yaml.in/yaml":                 "cmd",
	"github.com/spf13/cobra":          "cmd",
	"github.com/robfig/cron":          "feed/worker",
	"github.com/expr-lang/expr":       "feed/route",
	"github.com/microcosm-cc":         "feed/normalise",
	"github.com/andybalholm/brotli":   "sources/fetch internal/fakeweb feed/publish",
	"golang.org/x/crypto/acme":        "cmd",
	"github.com/coreos/go-systemd":    "cmd",
	"github.com/invopop/jsonschema":   "cmd",
	"codeberg.org/readeck":            "sources/article",
	"github.com/antchfx":              "sources/article",
	"github.com/abadojack/whatlanggo": "feed/normalise",
}

// imports gives every Go file of the tree, by its path, with what it imports.
func imports(t *testing.T, root string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		for _, spec := range file.Imports {
			what, _ := strconv.Unquote(spec.Path.Value)
			out[filepath.ToSlash(rel)] = append(out[filepath.ToSlash(rel)], what)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// refuse says why file may not import what; empty if it may.
func refuse(file, what string) string {
	dir := path.Dir(file)
	test := strings.HasSuffix(file, "_test.go")
	for lib, home := range only {
		at := func(home string) bool { return within(dir, home) }
		if (what == lib || strings.HasPrefix(what, lib+"/")) && !slices.ContainsFunc(strings.Fields(home), at) && !test {
			return "only " + home + " may import " + lib
		}
	}
	inner, ours := strings.CutPrefix(what, module+"/")
	switch {
	case dir == "feed" && (ours || strings.Contains(strings.Split(what, "/")[0], ".")) && !test:
		return "feed is the words of the program: it imports the standard library only"
	case !ours:
		return ""
	case within(dir, "internal") && !within(inner, "internal") && !test:
		return "internal knows nothing of the program"
	case within(dir, "cmd/origin") && !within(inner, "internal/fakeweb") && !test:
		return "the load-test origin is an origin: it knows the invented web and nothing of what asks it"
	case within(dir, "feed") && (within(inner, "sources") || within(inner, "cmd")):
		return "feed does not know where bytes come from"
	case within(dir, "feed") && within(inner, "internal") && !test:
		return "feed needs nothing from internal"
	case within(dir, "sources") && within(inner, "feed") && inner != "feed":
		return "a source knows the words of the program and nothing else of feed"
	case within(dir, "sources") && within(inner, "cmd"):
		return "nothing knows cmd"
	case kind(dir) != "" && kind(inner) != "" && kind(dir) != kind(inner):
		return "kinds of source do not know each other"
	default:
		return ""
	}
}

// within reports whether dir is home or below it.
func within(dir, home string) bool { return dir == home || strings.HasPrefix(dir, home+"/") }

// kind is the kind of source that a folder holds; fetch serves them all.
func kind(dir string) string {
	name, ok := strings.CutPrefix(dir, "sources/")
	name, _, _ = strings.Cut(name, "/")
	if !ok || name == "fetch" {
		return ""
	}
	return name
}

func TestEachPackageKnowsOnlyWhatItMay(t *testing.T) {
	files := imports(t, filepath.Join("..", ".."))
	if len(files) < 20 {
		t.Fatalf("only %d Go files were found: the test looks in the wrong place", len(files))
	}
	for file, list := range files {
		for _, what := range list {
			if why := refuse(file, what); why != "" {
				t.Errorf("%s imports %s: %s", file, what, why)
			}
		}
	}
}

func TestTheRuleRefuses(t *testing.T) {
	tests := []struct{ file, what string }{
		{"feed/item.go", "broadsheet/feed/route"},
		{"feed/item.go", "github.com/mmcdole/gofeed"},
		{"feed/worker/poll.go", "broadsheet/sources/fetch"},
		{"sources/syndication/kind.go", "broadsheet/feed/store"},
		{"sources/page/page.go", "broadsheet/sources/syndication"},
		{"feed/publish/rss.go", "github.com/mmcdole/gofeed"},
		{"feed/normalise/text.go", "go.yaml.in/yaml/v4"},
		{"cmd/broadsheet/run.go", "modernc.org/sqlite"},
		{"cmd/origin/main.go", "broadsheet/sources/fetch"},
		{"cmd/origin/main.go", "broadsheet/cmd/broadsheet/config"},
		{"internal/fakeweb/web.go", "broadsheet/feed"},
		{"internal/layout/layout.go", "github.com/andybalholm/brotli"},
	}
	for _, tt := range tests {
		if refuse(tt.file, tt.what) == "" {
			t.Errorf("%s may import %s, and must not", tt.file, tt.what)
		}
	}
	for file, what := range map[string]string{
		"cmd/broadsheet/run.go":    "broadsheet/feed/store",
		"cmd/origin/main.go":       "broadsheet/internal/fakeweb",
		"internal/fakeweb/bomb.go": "github.com/andybalholm/brotli",
		"sources/fetch/body.go":    "github.com/andybalholm/brotli",
	} {
		if why := refuse(file, what); why != "" {
			t.Errorf("%s may import %s, but: %s", file, what, why)
		}
	}
}

// TestOneClientSendsEverything: every outbound byte goes through sources/fetch.
func TestOneClientSendsEverything(t *testing.T) {
	forbidden := []string{"http.Get(", "http.Post(", "http.Client{", "http.DefaultClient", "http.DefaultTransport",
		"http.Transport{", "net.Dial(", "net.Dialer{"}
	root := filepath.Join("..", "..")
	for file := range imports(t, root) {
		if within(path.Dir(file), "sources/fetch") || within(path.Dir(file), "internal") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range forbidden {
			if strings.Contains(string(text), f) {
				t.Errorf("%s uses %s: every request goes through sources/fetch", file, f)
			}
		}
	}
}
