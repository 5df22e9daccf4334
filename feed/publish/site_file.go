package publish

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"broadsheet/feed"
)

// The names of files that are not whole yet. They are made beside the manifest,
// where the next run finds those that a crash left, and are renamed into place.
const (
	leftoverPrefix = ".broadsheet-"
	leftoverSuffix = ".tmp"
)

func isLeftover(name string) bool {
	return strings.HasPrefix(name, leftoverPrefix) && strings.HasSuffix(name, leftoverSuffix)
}

func (w *siteWriter) removeLeftovers() error {
	entries, err := fs.ReadDir(w.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !isLeftover(e.Name()) {
			continue
		}
		if err := w.root.Remove(e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// replace puts the document in the place of the file: written aside, synced and
// renamed, so that whoever reads meanwhile sees all of the old or of the new.
func (w *siteWriter) replace(name string, doc feed.Document) error {
	folder := path.Dir(name)
	if err := w.root.MkdirAll(folder, siteFolderMode); err != nil {
		return err
	}
	aside := leftoverPrefix + rand.Text() + leftoverSuffix
	if err := w.writeAside(aside, doc); err != nil {
		return errors.Join(err, w.forget(aside))
	}
	if err := w.root.Rename(aside, name); err != nil {
		return errors.Join(err, w.forget(aside))
	}
	for ; folder != "."; folder = path.Dir(folder) {
		w.folders[folder] = true
	}
	w.folders["."] = true
	return nil
}

func (w *siteWriter) writeAside(name string, doc feed.Document) error {
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, siteMode)
	if err != nil {
		return err
	}
	_, err = f.Write(doc.Body)
	if err == nil {
		err = f.Chmod(siteMode) // whatever the umask is
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if doc.Modified.IsZero() {
		return nil
	}
	return w.root.Chtimes(name, doc.Modified, doc.Modified)
}

func (w *siteWriter) forget(name string) error {
	if err := w.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolders makes the new names last: a rename is durable when its folder is.
func (w *siteWriter) syncFolders() error {
	for folder := range w.folders {
		f, err := w.root.Open(folder)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	clear(w.folders)
	return nil
}
