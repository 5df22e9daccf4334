package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"broadsheet/feed"
)

// SaveDocuments implements publish.Store. A document that replaces another one is
// modified at least a second after it, whatever the clock and the number of
// changes in that second say: a reader that asks by If-Modified-Since gets each
// change. Documents older than the stored ones change nothing, nor do those of a
// section that is not configured any more, nor those that give a story an id though
// it was published under another one meanwhile.
func (s *Store) SaveDocuments(ctx context.Context, now time.Time, section string, version int64,
	docs []feed.Document, keep, ids []string) error {
	return s.write(ctx, "storing documents", func(t *tx) error {
		var id, published int64
		found, err := t.one(`SELECT section, published FROM sections WHERE name = ? AND active`,
			list(section), &id, &published)
		if err != nil || !found || version < published {
			return err
		}
		if of, err := t.issue(now, id, ids); err != nil || of {
			return err
		}
		if err := t.nameArticles(ids); err != nil {
			return err
		}
		if err := t.replace(id, docs, keep); err != nil {
			return err
		}
		if err := t.announce(now, id, ids); err != nil {
			return err
		}
		if version == published {
			return nil
		}
		_, err = t.exec(`UPDATE sections SET published = ? WHERE section = ?`, version, id)
		return err
	})
}

// filed is what must be known of a stored document.
type filed struct {
	section  int64
	hash     string
	media    string
	modified int64
	prepared prepared
}

// prepared is what is made beside a document's bytes: how long it is fresh, in seconds,
// and the lengths of its codings. If only this is new, the document is the same one.
type prepared struct {
	fresh              int64
	gzip, brotli, zstd int
}

func preparedOf(d feed.Document) prepared {
	return prepared{int64(d.Fresh / time.Second), len(d.Gzip), len(d.Brotli), len(d.Zstd)}
}

// same reports whether the document is the one that was filed, whatever was made beside it.
func (f filed) same(section int64, d feed.Document) bool {
	return f.section == section && f.hash == d.Hash && f.media == d.MediaType
}

func (t *tx) replace(section int64, docs []feed.Document, keep []string) error {
	old := map[string]filed{}
	paths := make([]string, len(docs))
	for i, d := range docs {
		paths[i] = d.Path
	}
	if err := t.each(`SELECT path, section, hash, media_type, modified, fresh,
		coalesce(length(gzip), 0), coalesce(length(brotli), 0), coalesce(length(zstd), 0) FROM documents
		WHERE section = ? OR path IN (`+marks(len(paths))+`)`, anys(paths, section),
		func(s scan) error {
			var path string
			var f filed
			err := s(&path, &f.section, &f.hash, &f.media, &f.modified, &f.prepared.fresh,
				&f.prepared.gzip, &f.prepared.brotli, &f.prepared.zstd)
			old[path] = f
			return err
		}); err != nil {
		return err
	}
	changed := false
	for _, path := range keep {
		delete(old, path)
	}
	for _, d := range docs {
		was, ok := old[d.Path]
		delete(old, d.Path)
		if ok && was.same(section, d) && was.prepared == preparedOf(d) {
			continue
		}
		changed = true
		if err := t.file(section, d, was, ok); err != nil {
			return fmt.Errorf("%s: %w", d.Path, err)
		}
	}
	for path, was := range old {
		if was.section != section {
			continue
		}
		changed = true
		if _, err := t.exec(`DELETE FROM documents WHERE path = ?`, path); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	_, err := t.exec(`UPDATE site SET serial = serial + 1`)
	return err
}

// file writes a document in the place of the one that was there. The same document with
// other things beside it was not modified.
func (t *tx) file(section int64, d feed.Document, was filed, replaces bool) error {
	modified := micros(d.Modified.Truncate(time.Second))
	switch {
	case replaces && was.same(section, d):
		modified = was.modified
	case replaces:
		modified = max(modified, was.modified+time.Second.Microseconds())
	}
	_, err := t.exec(`INSERT INTO documents
		(path, section, media_type, version, modified, hash, serial, fresh, body, gzip, brotli, zstd)
		VALUES (?, ?, ?, ?, ?, ?, (SELECT serial + 1 FROM site), ?, ?, ?, ?, ?)
		ON CONFLICT (path) DO UPDATE SET section = excluded.section,
		media_type = excluded.media_type, version = excluded.version,
		modified = excluded.modified, hash = excluded.hash, serial = excluded.serial,
		fresh = excluded.fresh, body = excluded.body, gzip = excluded.gzip,
		brotli = excluded.brotli, zstd = excluded.zstd`,
		d.Path, section, d.MediaType, d.Version, modified, d.Hash, int64(d.Fresh/time.Second),
		d.Body, d.Gzip, d.Brotli, d.Zstd)
	return err
}

// Shelf gives what was published since serial: the documents that changed, and
// the paths of all that there are. If nothing changed it returns nil, nil and
// since. A since that this store has not reached (it was put back from a copy) is
// taken for 0: everything.
func (s *Store) Shelf(ctx context.Context, since int64) (
	docs []feed.Document, paths []string, serial int64, err error) {
	err = s.read(ctx, "reading documents", func(t *tx) error {
		docs, paths, serial = nil, nil, 0
		from := since
		if _, err := t.one(`SELECT serial FROM site`, nil, &serial); err != nil || serial == from {
			return err
		}
		if from > serial {
			from = 0
		}
		if err := t.each(`SELECT path FROM documents ORDER BY path`, nil, func(s scan) error {
			var path string
			err := s(&path)
			paths = append(paths, path)
			return err
		}); err != nil {
			return err
		}
		docs, err = t.documents(from)
		return err
	})
	return docs, paths, serial, err
}

// documents are those saved after serial, by path.
func (t *tx) documents(serial int64) (docs []feed.Document, err error) {
	err = t.each(`SELECT d.path, c.name, d.media_type, d.version, d.modified, d.hash, d.fresh, d.body,
		d.gzip, d.brotli, d.zstd FROM documents d JOIN sections c ON c.section = d.section WHERE d.serial > ?`,
		list(serial), func(s scan) error {
			var d feed.Document
			var modified, fresh int64
			err := s(&d.Path, &d.Section, &d.MediaType, &d.Version, &modified, &d.Hash, &fresh,
				&d.Body, &d.Gzip, &d.Brotli, &d.Zstd)
			d.Modified, d.Fresh = moment(modified), time.Duration(fresh)*time.Second
			docs = append(docs, d)
			return err
		})
	slices.SortFunc(docs, func(a, b feed.Document) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return docs, err
}
