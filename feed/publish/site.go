package publish

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"broadsheet/feed"
)

// manifestName is the file by which a folder is known as ours: it lists what we
// wrote there. No document can have its name (sitePath).
const manifestName = ".broadsheet.json"

// siteMode and siteFolderMode are those of what a web server is to read.
const (
	siteMode       fs.FileMode = 0o644
	siteFolderMode fs.FileMode = 0o755
)

// ErrForeignFolder says that a folder holds what this program did not write.
var ErrForeignFolder = errors.New("it holds files that this program did not write")

// Written says what WriteSite did.
type Written struct {
	Files   int // of the site now
	Changed int // of these, written anew
	Removed int // written by an earlier run and no longer part of the site
}

// SiteOptions say how a static site is written. The zero value will do.
type SiteOptions struct {
	// Keep are the paths of documents that are part of the site and stay as an earlier
	// run wrote them: whoever knows what changed need not bring everything.
	Keep []string
	// Add only adds and replaces: everything else of before stays.
	Add bool
	// Coded puts the prepared codings of a document beside it, as .gz, .br and .zst: what
	// gzip_static and its like look for.
	Coded bool
}

// WriteSite makes dir a static site of the documents: each at its path, a path
// that ends in a slash as the index.html in there. dir is created if it does not
// exist. Files get the document's Modified as their time, so that a web server
// tells a true Last-Modified. What others lead to is written before what leads there:
// archives and articles, then feeds, then pages; what goes, goes last.
//
// Each file appears whole or not at all, and one that has its bytes already is
// not touched. Only what an earlier run wrote is removed, and only if it is still
// as that run left it. After a crash, or an error, the next run finishes the work.
//
// It fails with ErrForeignFolder, having written nothing, if dir is not empty
// and was not made by it, or if a file of another's is in the way. Nothing
// outside dir is read or written, whatever symbolic links there are in it.
func WriteSite(ctx context.Context, dir string, docs []feed.Document, o SiteOptions) (Written, error) {
	wanted, err := siteFiles(docs, o.Coded)
	if err != nil {
		return Written{}, fmt.Errorf("site in %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, siteFolderMode); err != nil {
		return Written{}, fmt.Errorf("site: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Written{}, fmt.Errorf("site: %w", err)
	}
	defer root.Close()
	w := siteWriter{root: root, wanted: wanted, keep: make(map[string]bool), folders: make(map[string]bool)}
	for _, p := range o.Keep {
		name, err := sitePath(p)
		if err != nil {
			return Written{}, fmt.Errorf("site in %s: %w", dir, err)
		}
		w.keep[name] = true
	}
	w.add = o.Add
	if err := w.write(ctx); err != nil {
		return w.done, fmt.Errorf("site in %s: %w", dir, err)
	}
	return w.done, nil
}

// The endings of a document's codings beside it. No document's own name ends so.
const (
	gzipEnding   = ".gz"
	brotliEnding = ".br"
	zstdEnding   = ".zst"
)

// siteFiles gives the documents by the file that each is to be, with their codings if
// these are asked for. Those of private sections are none: whoever can list the files of
// a site would find them.
func siteFiles(docs []feed.Document, coded bool) (map[string]feed.Document, error) {
	files := make(map[string]feed.Document, len(docs))
	folded := make(map[string]string, len(docs)) // file systems may be blind to case
	for _, doc := range docs {
		if strings.HasPrefix(doc.Path, feed.PrivatePath) {
			continue
		}
		name, err := sitePath(doc.Path)
		if err != nil {
			return nil, err
		}
		if other, taken := folded[strings.ToLower(name)]; taken {
			return nil, fmt.Errorf("documents %q and %q would be one file", other, doc.Path)
		}
		folded[strings.ToLower(name)] = doc.Path
		files[name] = doc
		if !coded {
			continue
		}
		for ending, body := range map[string][]byte{gzipEnding: doc.Gzip, brotliEnding: doc.Brotli, zstdEnding: doc.Zstd} {
			if body != nil {
				files[name+ending] = feed.Document{Body: body, Modified: doc.Modified}
			}
		}
	}
	return files, nil
}

// sitePath is the file for a document's path, relative to the folder of the
// site and with forward slashes. Paths are made of section names and words of
// our own; anything else is refused.
func sitePath(p string) (string, error) {
	name := strings.TrimPrefix(p, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	sound := strings.HasPrefix(p, "/") && fs.ValidPath(name)
	for _, r := range name {
		sound = sound && (r == '/' || r == '-' || r == '_' || r == '.' ||
			'0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}
	if !sound || strings.Contains("/"+name, "/.") {
		return "", fmt.Errorf("document path %q cannot be a file of a site", p)
	}
	return name, nil
}

// siteWriter is one run of WriteSite.
type siteWriter struct {
	root    *os.Root
	wanted  map[string]feed.Document
	keep    map[string]bool // of the site, and not brought
	add     bool            // everything of before stays
	old     manifest
	folders map[string]bool // in which names changed: to be synced
	done    Written
}

// manifest is what a folder holds of ours.
type manifest struct {
	// Files lists our files, each with the hex SHA-256 of the bytes it may have:
	// one, or two while a run is under way or was cut short.
	Files map[string][]string `json:"files"`
}

// write goes in an order in which a crash at any point leaves every file of ours
// listed: first the list of all that was and will be, then the files, then what
// goes, then the list of all that is.
func (w *siteWriter) write(ctx context.Context) error {
	if err := w.open(); err != nil {
		return err
	}
	w.keepOld()
	names := slices.SortedFunc(maps.Keys(w.wanted), ledTo)
	changed, err := w.changed(ctx, names)
	if err != nil {
		return err
	}
	if err := w.saveManifest(w.during()); err != nil {
		return err
	}
	for _, name := range changed {
		if err := ctx.Err(); err != nil {
			return err
		}
		doc := w.wanted[name]
		if err := w.replace(name, doc); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		w.done.Changed++
	}
	if err := w.removeOld(ctx); err != nil {
		return err
	}
	if err := w.syncFolders(); err != nil {
		return err
	}
	w.done.Files = len(names) + len(w.keep)
	return w.saveManifest(w.after())
}

// keepOld finds the files that stay: those of the kept documents, with their codings,
// that an earlier run wrote.
func (w *siteWriter) keepOld() {
	kept := make(map[string]bool, len(w.keep))
	for name := range w.old.Files {
		base := name
		for _, ending := range []string{gzipEnding, brotliEnding, zstdEnding} {
			base = strings.TrimSuffix(base, ending)
		}
		if _, brought := w.wanted[base]; !brought && (w.add || w.keep[base]) {
			kept[name] = true
		}
	}
	w.keep = kept
}

// ledTo is the order in which files are written: those that lead nowhere first.
func ledTo(a, b string) int {
	rank := func(name string) int {
		switch {
		case strings.HasPrefix(name, "-/"):
			return 0
		case path.Base(name) != "index.html":
			return 1
		default:
			return 2
		}
	}
	return cmp.Or(rank(a)-rank(b), strings.Compare(a, b))
}

// open reads the manifest and clears away what a crash left.
func (w *siteWriter) open() error {
	data, err := w.root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return w.mustBeEmpty()
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &w.old); err != nil {
		return fmt.Errorf("%s is damaged (%w): empty the folder, or name another one", manifestName, err)
	}
	for name := range w.old.Files {
		if clean, err := sitePath("/" + name); err != nil || clean != name {
			return fmt.Errorf("%s lists %q, which cannot be a file of a site: empty the folder, or name another one", manifestName, name)
		}
	}
	return w.removeLeftovers()
}

func (w *siteWriter) mustBeEmpty() error {
	entries, err := fs.ReadDir(w.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !isLeftover(e.Name()) {
			return fmt.Errorf("%w (%s): name an empty or a new folder", ErrForeignFolder, e.Name())
		}
	}
	return w.removeLeftovers()
}

// changed names the wanted files that are not there with the right bytes.
func (w *siteWriter) changed(ctx context.Context, names []string) ([]string, error) {
	var changed []string
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		same, there, err := w.holds(name, w.wanted[name].Body)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if same {
			continue
		}
		if _, ours := w.old.Files[name]; there && !ours {
			return nil, fmt.Errorf("%w (%s): move it away, or name another folder", ErrForeignFolder, name)
		}
		changed = append(changed, name)
	}
	return changed, nil
}

// holds reports whether the file is there, and with these bytes.
func (w *siteWriter) holds(name string, body []byte) (same, there bool, err error) {
	info, err := w.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, false, nil
	case err != nil:
		return false, false, err
	case !info.Mode().IsRegular() || info.Size() != int64(len(body)):
		return false, true, nil
	}
	data, err := w.root.ReadFile(name)
	return bytes.Equal(data, body), true, err
}

// during lists what there may be from now on until the run is over.
func (w *siteWriter) during() manifest {
	m := w.after()
	for name, hashes := range w.old.Files {
		for _, h := range hashes {
			if !slices.Contains(m.Files[name], h) {
				m.Files[name] = append(m.Files[name], h)
			}
		}
		slices.Sort(m.Files[name])
	}
	return m
}

// after lists what there is when the run is over.
func (w *siteWriter) after() manifest {
	m := manifest{Files: make(map[string][]string, len(w.wanted))}
	for name, doc := range w.wanted {
		m.Files[name] = []string{hexSum(doc.Body)}
	}
	for name := range w.keep {
		m.Files[name] = w.old.Files[name]
	}
	return m
}

func (w *siteWriter) saveManifest(m manifest) error {
	data, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if same, _, err := w.holds(manifestName, data); err != nil || same {
		return err
	}
	if err := w.replace(manifestName, feed.Document{Body: data}); err != nil {
		return fmt.Errorf("writing %s: %w", manifestName, err)
	}
	return w.syncFolders()
}

// removeOld takes away what earlier runs wrote and the site no longer has.
func (w *siteWriter) removeOld(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(w.old.Files)) {
		if _, still := w.wanted[name]; still || w.keep[name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if ours, err := w.asWritten(name); err != nil || !ours {
			if err != nil {
				return fmt.Errorf("reading %s: %w", name, err)
			}
			continue
		}
		if err := w.root.Remove(name); err != nil {
			return fmt.Errorf("removing %s: %w", name, err)
		}
		w.done.Removed++
		w.removeEmptyFolders(path.Dir(name))
	}
	return nil
}

// asWritten reports whether the file has bytes that a run of ours gave it.
func (w *siteWriter) asWritten(name string) (bool, error) {
	info, err := w.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	f, err := w.root.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return false, err
	}
	return slices.Contains(w.old.Files[name], hex.EncodeToString(h.Sum(nil))), nil
}

// removeEmptyFolders removes the folder and those it is in as far as nothing is
// left in them: removing a folder that is not empty fails, which ends it.
func (w *siteWriter) removeEmptyFolders(folder string) {
	for ; folder != "."; folder = path.Dir(folder) {
		if w.root.Remove(folder) != nil {
			break
		}
		delete(w.folders, folder)
	}
	w.folders[folder] = true
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
