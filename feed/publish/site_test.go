package publish

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

var siteTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func siteDocument(path, body string) feed.Document {
	return feed.Document{Path: path, Body: []byte(body), Modified: siteTime}
}

func paperDocuments() []feed.Document {
	return []feed.Document{
		siteDocument("/", "front"), siteDocument("/-/style.css", "style"), siteDocument("/rss.xml", "all"),
		siteDocument("/world/", "world page"), siteDocument("/world/rss.xml", "world feed"),
	}
}

// siteTree reads a folder: names and contents, without the manifest.
func siteTree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == manifestName {
			return err
		}
		data, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func writeSite(t testing.TB, dir string, docs []feed.Document) Written {
	t.Helper()
	got, err := WriteSite(t.Context(), dir, docs, SiteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func putFile(t testing.TB, name, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestASiteHasEachDocumentAtItsPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "site")
	got := writeSite(t, dir, paperDocuments())
	if diff := cmp.Diff(Written{Files: 5, Changed: 5}, got); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{"index.html": "front", "-/style.css": "style", "rss.xml": "all",
		"world/index.html": "world page", "world/rss.xml": "world feed"}
	if diff := cmp.Diff(want, siteTree(t, dir)); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(dir, "world/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime().Equal(siteTime) || info.Mode() != siteMode {
		t.Errorf("time %v and mode %v, want %v and %v", info.ModTime(), info.Mode(), siteTime, siteMode)
	}
}

func TestAFileWithItsBytesIsNotTouched(t *testing.T) {
	dir := t.TempDir()
	writeSite(t, dir, paperDocuments())
	before := siteTimes(t, dir)
	later := paperDocuments()
	for i := range later {
		later[i].Modified = siteTime.Add(time.Hour) // a new version with the same bytes
	}
	later[3].Body = []byte("world page, newer")
	if diff := cmp.Diff(Written{Files: 5, Changed: 1}, writeSite(t, dir, later)); diff != "" {
		t.Error(diff)
	}
	after := siteTimes(t, dir)
	if !after["world/index.html"].Equal(siteTime.Add(time.Hour)) {
		t.Errorf("the changed file has the time %v", after["world/index.html"])
	}
	delete(before, "world/index.html")
	delete(after, "world/index.html")
	delete(before, manifestName)
	delete(after, manifestName)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("untouched files: %s", diff)
	}
}

func TestASecondRunTouchesNothingAtAll(t *testing.T) {
	dir := t.TempDir()
	writeSite(t, dir, paperDocuments())
	before := siteTimes(t, dir)
	if diff := cmp.Diff(Written{Files: 5}, writeSite(t, dir, paperDocuments())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, siteTimes(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// siteTimes are those of every file and folder.
func siteTimes(t testing.TB, dir string) map[string]time.Time {
	t.Helper()
	out := make(map[string]time.Time)
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		name, _ := filepath.Rel(dir, p)
		if !e.IsDir() {
			out[filepath.ToSlash(name)] = info.ModTime()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOnlyWhatAnEarlierRunWroteIsRemoved(t *testing.T) {
	dir := t.TempDir()
	writeSite(t, dir, append(paperDocuments(), siteDocument("/gone/", "gone"), siteDocument("/edited/", "ours")))
	putFile(t, filepath.Join(dir, "robots.txt"), "theirs")
	putFile(t, filepath.Join(dir, "world/notes.txt"), "theirs")
	putFile(t, filepath.Join(dir, "edited/index.html"), "edited by hand")
	docs := paperDocuments()[:3]
	if diff := cmp.Diff(Written{Files: 3, Removed: 3}, writeSite(t, dir, docs)); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{"index.html": "front", "-/style.css": "style", "rss.xml": "all",
		"robots.txt": "theirs", "world/notes.txt": "theirs", "edited/index.html": "edited by hand"}
	if diff := cmp.Diff(want, siteTree(t, dir)); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty folder is still there: %v", err)
	}
}

func TestWhatWasSpoiledIsMended(t *testing.T) {
	dir := t.TempDir()
	writeSite(t, dir, paperDocuments())
	putFile(t, filepath.Join(dir, "index.html"), "FRONT") // of the same size
	if err := os.Remove(filepath.Join(dir, "rss.xml")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Written{Files: 5, Changed: 2}, writeSite(t, dir, paperDocuments())); diff != "" {
		t.Error(diff)
	}
	if got := siteTree(t, dir)["index.html"]; got != "front" {
		t.Errorf("index.html is %q", got)
	}
}

func TestAForeignFolderIsRefusedAndLeftAlone(t *testing.T) {
	for name, row := range map[string]struct {
		prepare func(t *testing.T, dir string)
		says    string
	}{
		"a file of someone's": {func(t *testing.T, dir string) {
			putFile(t, filepath.Join(dir, "thesis.txt"), "theirs")
		}, "thesis.txt"},
		"a hidden folder": {func(t *testing.T, dir string) {
			putFile(t, filepath.Join(dir, ".git/config"), "theirs")
		}, ".git"},
		"our folder, with a file of someone's in the way": {func(t *testing.T, dir string) {
			writeSite(t, dir, paperDocuments()[:1])
			putFile(t, filepath.Join(dir, "world/index.html"), "theirs")
		}, "world/index.html"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			row.prepare(t, dir)
			before := siteTree(t, dir)
			_, err := WriteSite(t.Context(), dir, paperDocuments(), SiteOptions{})
			if !errors.Is(err, ErrForeignFolder) || !strings.Contains(err.Error(), row.says) {
				t.Errorf("error %v, want one that names %s", err, row.says)
			}
			if diff := cmp.Diff(before, siteTree(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADamagedManifestIsNotGuessedAt(t *testing.T) {
	for name, content := range map[string]string{
		"not JSON":            "{",
		"a path outside":      `{"files":{"../thesis.txt":["00"]}}`,
		"an absolute path":    `{"files":{"/etc/passwd":["00"]}}`,
		"the manifest itself": `{"files":{".broadsheet.json":["00"]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			putFile(t, filepath.Join(dir, manifestName), content)
			_, err := WriteSite(t.Context(), dir, paperDocuments(), SiteOptions{})
			if err == nil || !strings.Contains(err.Error(), manifestName) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(map[string]string{}, siteTree(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNothingOutsideTheFolderIsTouched(t *testing.T) {
	for name, swap := range map[string]struct{ link, target string }{
		"a folder that became a link": {"world", "../outside"},
		"an absolute link":            {"world", ""},
	} {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			dir, outside := filepath.Join(base, "site"), filepath.Join(base, "outside")
			putFile(t, filepath.Join(outside, "index.html"), "theirs")
			putFile(t, filepath.Join(outside, "rss.xml"), "world feed")
			writeSite(t, dir, paperDocuments())
			if err := os.RemoveAll(filepath.Join(dir, swap.link)); err != nil {
				t.Fatal(err)
			}
			target := swap.target
			if target == "" {
				target = outside
			}
			if err := os.Symlink(target, filepath.Join(dir, swap.link)); err != nil {
				t.Fatal(err)
			}
			before := siteTree(t, outside)
			for _, docs := range [][]feed.Document{paperDocuments(), paperDocuments()[:1]} {
				if _, err := WriteSite(t.Context(), dir, docs, SiteOptions{}); err == nil {
					t.Error("a link out of the folder was followed without an error")
				}
			}
			if diff := cmp.Diff(before, siteTree(t, outside)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAFileThatIsALinkIsReplacedNotFollowed(t *testing.T) {
	base := t.TempDir()
	dir, theirs := filepath.Join(base, "site"), filepath.Join(base, "theirs.txt")
	putFile(t, theirs, "theirs")
	writeSite(t, dir, paperDocuments())
	if err := os.Remove(filepath.Join(dir, "rss.xml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(theirs, filepath.Join(dir, "rss.xml")); err != nil {
		t.Fatal(err)
	}
	writeSite(t, dir, paperDocuments())
	if got := siteTree(t, dir)["rss.xml"]; got != "all" {
		t.Errorf("rss.xml is %q", got)
	}
	if data, err := os.ReadFile(theirs); err != nil || string(data) != "theirs" {
		t.Errorf("the link was followed: %q, %v", data, err)
	}
}

func TestPathsThatAreNoFilesOfASiteAreRefused(t *testing.T) {
	for _, path := range []string{
		"", "world/", "/../thesis.txt", "/world/../../x", "//", "/a//b", "/./x", "/.broadsheet.json",
		"/.git/config", "/world/.htaccess", "/a\\b", "/a\x00b", "/a b", "/a%2e", "/ü",
	} {
		dir := filepath.Join(t.TempDir(), "site")
		if _, err := WriteSite(t.Context(), dir, []feed.Document{siteDocument(path, "x")}, SiteOptions{}); err == nil {
			t.Errorf("path %q was written", path)
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("path %q: the folder was made before the paths were looked at", path)
		}
	}
}

func TestTwoDocumentsInOneFileAreRefused(t *testing.T) {
	for _, pair := range [][2]string{{"/world/", "/world/index.html"}, {"/World/", "/world/"}, {"/", "/"}} {
		docs := []feed.Document{siteDocument(pair[0], "x"), siteDocument(pair[1], "y")}
		if _, err := WriteSite(t.Context(), t.TempDir(), docs, SiteOptions{}); err == nil {
			t.Errorf("%q and %q were both written", pair[0], pair[1])
		}
	}
}

// stopsAfter is a context that ends at the nth look at it.
type stopsAfter struct {
	context.Context
	looks *int
}

func (c stopsAfter) Err() error {
	if *c.looks--; *c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// TestARunThatWasCutShortIsFinishedByTheNext stops a run at each of its steps:
// no file is ever half of something, and the next run ends as if nothing
// happened, even one that wants neither the old nor the new set.
func TestARunThatWasCutShortIsFinishedByTheNext(t *testing.T) {
	older := append(paperDocuments(), siteDocument("/gone/", "gone"), siteDocument("/gone/rss.xml", "gone feed"))
	newer := append(paperDocuments()[1:], siteDocument("/", "front, newer"), siteDocument("/fresh/", "fresh"))
	for steps := 0; ; steps++ {
		dir := t.TempDir()
		writeSite(t, dir, older)
		putFile(t, filepath.Join(dir, ".broadsheet-XYZ.tmp"), "half a fi")
		looks := steps
		_, err := WriteSite(stopsAfter{t.Context(), &looks}, dir, newer, SiteOptions{})
		whole := map[string][]string{"index.html": {"front", "front, newer"}, "fresh/index.html": {"fresh"},
			"gone/index.html": {"gone"}, "gone/rss.xml": {"gone feed"}}
		for name, body := range siteTree(t, dir) {
			if want, ok := whole[name]; ok && body != want[0] && body != want[len(want)-1] {
				t.Fatalf("after %d steps %s is %q", steps, name, body)
			}
		}
		third := paperDocuments()[1:2]
		writeSite(t, dir, third)
		if diff := cmp.Diff(map[string]string{"-/style.css": "style"}, siteTree(t, dir)); diff != "" {
			t.Fatalf("after %d steps and another run: %s", steps, diff)
		}
		if err == nil {
			if steps < 8 {
				t.Errorf("a run had %d steps only", steps)
			}
			return
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}

func TestASiteKeepsWhatIsNotBrought(t *testing.T) {
	dir := t.TempDir()
	whole := paperDocuments()
	whole[4].Gzip, whole[4].Brotli = []byte("gz"), []byte("br")
	if _, err := WriteSite(t.Context(), dir, whole, SiteOptions{Coded: true}); err != nil {
		t.Fatal(err)
	}
	got, err := WriteSite(t.Context(), dir, []feed.Document{siteDocument("/rss.xml", "more")},
		SiteOptions{Keep: []string{"/", "/world/rss.xml"}, Coded: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Written{Files: 5, Changed: 1, Removed: 2}, got); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{"index.html": "front", "rss.xml": "more", "world/rss.xml": "world feed",
		"world/rss.xml.gz": "gz", "world/rss.xml.br": "br"}
	if diff := cmp.Diff(want, siteTree(t, dir)); diff != "" {
		t.Error(diff)
	}
	// What is brought without a coding has none any more; what was kept may be changed later.
	got, err = WriteSite(t.Context(), dir, []feed.Document{siteDocument("/world/rss.xml", "plain")},
		SiteOptions{Keep: []string{"/", "/rss.xml"}, Coded: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Written{Files: 3, Changed: 1, Removed: 2}, got); diff != "" {
		t.Error(diff)
	}
}

func TestASiteIsAddedTo(t *testing.T) {
	dir := t.TempDir()
	writeSite(t, dir, paperDocuments())
	got, err := WriteSite(t.Context(), dir, []feed.Document{siteDocument("/-/archive/world/1/rss.xml", "old news")}, SiteOptions{Add: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Written{Files: 6, Changed: 1}, got); diff != "" {
		t.Error(diff)
	}
	if n := len(siteTree(t, dir)); n != 6 {
		t.Errorf("%d files, want those of before and one", n)
	}
}

func TestWhatIsLedToIsWrittenFirst(t *testing.T) {
	names := []string{"index.html", "world/index.html", "rss.xml", "world/rss.xml", "-/archive/world/1/rss.xml", "-/style.css"}
	slices.SortFunc(names, ledTo)
	want := []string{"-/archive/world/1/rss.xml", "-/style.css", "rss.xml", "world/rss.xml", "index.html", "world/index.html"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkWriteSiteUnchanged(b *testing.B) {
	dir := b.TempDir()
	var docs []feed.Document
	for _, name := range strings.Fields("a b c d e f g h i j") {
		for _, file := range []string{"/", "/rss.xml", "/atom.xml", "/feed.json"} {
			docs = append(docs, siteDocument("/"+name+file, strings.Repeat("x", 100_000)))
		}
	}
	writeSite(b, dir, docs)
	b.ReportAllocs()
	for b.Loop() {
		writeSite(b, dir, docs)
	}
}
