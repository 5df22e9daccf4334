package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"broadsheet/feed"
)

const (
	// maxArchived bounds what decompressing a document of an archive may give.
	maxArchived = 1 << 30
	// archiveFresh is how long a copy of a full page need not be asked for again: it
	// changes only if something on it was taken back, which caches should hear of within a day.
	archiveFresh = 24 * time.Hour
)

// SaveSheet implements publish.Store. A document that replaces another one is modified at
// least a second after it, as in SaveDocuments. What happened to the page since it was
// read stays noted, so that it is made once more.
func (s *Store) SaveSheet(ctx context.Context, section string, sheet feed.Sheet,
	docs []feed.Document, ids []string) error {
	has := make(map[string]bool, len(ids))
	for _, id := range ids {
		has[id] = true
	}
	byID := make(map[string]feed.Entry, len(sheet.View.Entries))
	for _, e := range sheet.View.Entries {
		byID[e.ID] = e
	}
	var entries []frozen
	for _, p := range sheet.Places {
		if has[p.ID] {
			entries = append(entries, freeze(p.Seq, byID[p.ID]))
		}
	}
	packed, err := pack(entries)
	if err != nil {
		return fmt.Errorf("store: storing an archive: %w", err)
	}
	return s.write(ctx, "storing a page of an archive", func(t *tx) error {
		var id, places int64
		found, err := t.one(`SELECT section, places FROM sections WHERE name = ? AND active`, list(section), &id, &places)
		if err != nil || !found {
			return err
		}
		page, part := sheet.View.Chain.Page, sheet.View.Chain.Part
		if part > 0 && int64(page-1)*pageSize+int64(part) != places {
			if made, err := t.made(id, sheetOf{page: page, part: part}); err != nil || !made {
				return err // another process was faster
			}
		}
		if err := t.occupy(id, sheet, has); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO volumes (section, page, part, entries) VALUES (?, ?, ?, ?)
			ON CONFLICT (section, page) DO UPDATE SET part = excluded.part, entries = excluded.entries,
			stale = CASE WHEN stale = ? THEN 0 ELSE stale END`, id, page, part, packed, sheet.Stale); err != nil {
			return err
		}
		if part == 0 {
			if _, err := t.exec(`UPDATE sections SET bound = ? WHERE section = ? AND bound < ?`, page, id, page); err != nil {
				return err
			}
		}
		return t.fileArchived(id, page, part, docs)
	})
}

// occupy writes what stands in the places of a page that was made. Places that show
// nothing are given up.
func (t *tx) occupy(section int64, sheet feed.Sheet, has map[string]bool) error {
	gone := map[string]bool{}
	for _, g := range sheet.View.Gone {
		gone[g.ID] = true
	}
	for _, p := range sheet.Places {
		if !has[p.ID] && !gone[p.ID] {
			if _, err := t.exec(`DELETE FROM sequence WHERE section = ? AND seq = ? AND again = ?`,
				section, p.Seq, p.Mark); err != nil {
				return err
			}
			continue
		}
		var teller any // null
		if p.Row != 0 && has[p.ID] {
			teller = p.Row
		}
		if _, err := t.exec(`UPDATE sequence SET teller = ?, again = CASE WHEN again = ? THEN 0 ELSE again END
			WHERE section = ? AND seq = ?`, teller, p.Mark, section, p.Seq); err != nil {
			return err
		}
	}
	return nil
}

// fileArchived writes the documents of a page in the place of those that were there.
func (t *tx) fileArchived(section int64, page, part int, docs []feed.Document) error {
	type filed struct {
		hash     string
		modified int64
	}
	old := map[string]filed{}
	if err := t.each(`SELECT path, hash, modified FROM archived WHERE section = ? AND page = ?`,
		list(section, page), func(s scan) error {
			var path string
			var f filed
			err := s(&path, &f.hash, &f.modified)
			old[path] = f
			return err
		}); err != nil {
		return err
	}
	for _, d := range docs {
		was, replaces := old[d.Path]
		delete(old, d.Path)
		if replaces && was.hash == d.Hash {
			continue
		}
		modified := micros(d.Modified.Truncate(time.Second))
		if replaces {
			modified = max(modified, was.modified+time.Second.Microseconds())
		}
		body := d.Body
		if d.Gzip != nil {
			body = nil
		}
		if _, err := t.exec(`INSERT INTO archived (path, section, page, part, media_type, version, modified, hash, gzip, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET section = excluded.section,
			page = excluded.page, part = excluded.part, media_type = excluded.media_type, version = excluded.version,
			modified = excluded.modified, hash = excluded.hash, gzip = excluded.gzip, body = excluded.body`,
			d.Path, section, page, part, d.MediaType, d.Version, modified, d.Hash, d.Gzip, body); err != nil {
			return fmt.Errorf("%s: %w", d.Path, err)
		}
	}
	for path := range old {
		if _, err := t.exec(`DELETE FROM archived WHERE path = ?`, path); err != nil {
			return err
		}
	}
	return nil
}

// Archived gives the document of an archive at a path. If it is at another path now (the
// page was published in part, and is further on), only that Path is filled in. gone: there
// was one, and it is not kept any longer. Otherwise Path is empty if there is none.
func (s *Store) Archived(ctx context.Context, path string) (doc feed.Document, gone bool, err error) {
	err = s.read(ctx, "reading an archive", func(t *tx) error {
		doc, gone = feed.Document{}, false
		var modified int64
		var part int
		found, err := t.one(`SELECT a.path, c.name, a.media_type, a.version, a.modified, a.hash, a.gzip, a.body, a.part
			FROM archived a JOIN sections c ON c.section = a.section WHERE a.path = ? AND c.active`, list(path),
			&doc.Path, &doc.Section, &doc.MediaType, &doc.Version, &modified, &doc.Hash, &doc.Gzip, &doc.Body, &part)
		if err != nil {
			return err
		}
		if !found {
			doc.Path, gone, err = t.forwarded(path)
			return err
		}
		doc.Modified = moment(modified)
		if part == 0 {
			doc.Fresh = archiveFresh
		}
		if doc.Gzip != nil {
			doc.Body, err = gunzip(doc.Gzip)
		}
		return err
	})
	return doc, gone, err
}

func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("a stored document is damaged: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(z, maxArchived))
	if err != nil {
		return nil, fmt.Errorf("a stored document is damaged: %w", err)
	}
	return body, z.Close()
}

// forwarded is the path that a document of an archive has now, if it was at another one:
// parts of a page are forgotten when it goes on.
func (t *tx) forwarded(path string) (target string, gone bool, err error) {
	base, page, part, file, ok := archivePath(path)
	if !ok {
		return "", false, nil
	}
	var section, places int64
	var first int
	found, err := t.one(`SELECT c.section, c.places, coalesce((SELECT min(page) FROM volumes v WHERE v.section = c.section), 0)
		FROM sections c WHERE c.active AND c.section =
		(SELECT section FROM archived WHERE path >= ? AND path < ? LIMIT 1)`, list(base, base+"\xff"), &section, &places, &first)
	if err != nil || !found {
		return "", false, err
	}
	if page < first {
		return "", true, nil
	}
	if int64(page-1)*pageSize+int64(max(part, 1)) > places || part == 0 {
		return "", false, nil // not yet
	}
	var now string
	_, err = t.one(`SELECT path FROM archived WHERE section = ? AND page = ? AND path LIKE '%/' || ?`,
		list(section, page, file), &now)
	return now, false, err
}

// archivePath takes a path such as "/-/archive/world/3-27/atom.xml" apart.
func archivePath(path string) (base string, page, part int, file string, ok bool) {
	cut := strings.LastIndexByte(path, '/')
	if cut < 0 {
		return "", 0, 0, "", false
	}
	folder, file := path[:cut], path[cut+1:]
	cut = strings.LastIndexByte(folder, '/')
	if cut < 0 || !slices.Contains([]string{"rss.xml", "atom.xml", "feed.json"}, file) {
		return "", 0, 0, "", false
	}
	base = folder[:cut+1]
	first, second, divided := strings.Cut(folder[cut+1:], "-")
	page, err := strconv.Atoi(first)
	if err == nil && divided {
		part, err = strconv.Atoi(second)
	}
	ok = err == nil && page > 0 && page < math.MaxInt32 && part >= 0 && part < pageSize && (part > 0) == divided
	return base, page, part, file, ok
}

// Archives lists the documents of the archives of public sections, by path, without their
// bytes.
func (s *Store) Archives(ctx context.Context) (docs []feed.Document, err error) {
	err = s.read(ctx, "listing the archives", func(t *tx) error {
		docs = nil
		return t.each(`SELECT a.path, a.hash FROM archived a JOIN sections c ON c.section = a.section
			WHERE c.active AND c.private = '' ORDER BY a.path`, nil, func(s scan) error {
			var d feed.Document
			err := s(&d.Path, &d.Hash)
			docs = append(docs, d)
			return err
		})
	})
	return docs, err
}
