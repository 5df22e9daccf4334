package serve

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"broadsheet/feed"
)

// Library is where the documents are.
type Library interface {
	// Shelf gives the documents that were saved after serial since, the paths of
	// all documents that there are now, and the serial of that moment, which moves
	// with each document that is saved or removed. A serial of 0 is before the
	// first document. If the serial is still since, nothing changed, and docs and
	// paths need not be filled in.
	Shelf(ctx context.Context, since int64) (docs []feed.Document, paths []string, serial int64, err error)
}

// Shelf holds all documents in memory, ready to be sent. Readers see one state
// of it from the beginning of an answer to its end.
type Shelf struct {
	library Library

	refreshing sync.Mutex // held during Refresh; guards serial
	serial     int64

	now    atomic.Pointer[snapshot] // nil until the first Refresh that succeeds
	failed atomic.Bool              // the last Refresh did
}

// snapshot is one state of a Shelf. It is never changed.
type snapshot struct {
	copies   map[string]*copies // by path
	sections []string           // names of the public sections that have a page, sorted
	serial   int64
}

// NewShelf is an empty shelf. It is filled by Refresh.
func NewShelf(library Library) *Shelf { return &Shelf{library: library} }

// Refresh takes over what changed in the library. changed is false if nothing
// did. After an error the shelf is as it was: the last good documents are served
// on, and the next Refresh tries again.
func (s *Shelf) Refresh(ctx context.Context) (changed bool, err error) {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	docs, paths, serial, err := s.library.Shelf(ctx, s.serial)
	s.failed.Store(err != nil)
	if err != nil {
		return false, fmt.Errorf("reading the documents: %w", err)
	}
	if serial == s.serial {
		return false, nil
	}
	s.serial = serial
	next := s.now.Load().with(docs, paths)
	next.serial = serial
	s.now.Store(next)
	return true, nil
}

// Documents is how many there are to serve.
func (s *Shelf) Documents() int {
	if now := s.now.Load(); now != nil {
		return len(now.copies)
	}
	return 0
}

// with is the state after s, which may be nil: the new documents and those of
// the old that are still among the paths.
func (s *snapshot) with(docs []feed.Document, paths []string) *snapshot {
	next := &snapshot{copies: make(map[string]*copies, len(paths))}
	fresh := make(map[string]feed.Document, len(docs))
	for _, doc := range docs {
		fresh[doc.Path] = doc
	}
	for _, p := range paths {
		if doc, ok := fresh[p]; ok {
			next.copies[p] = newCopies(doc)
		} else if s != nil && s.copies[p] != nil {
			next.copies[p] = s.copies[p]
		}
	}
	for _, p := range slices.Sorted(maps.Keys(next.copies)) {
		name := strings.Trim(p, "/")
		if strings.HasSuffix(p, "/") && name != "" && !strings.Contains(name, "/") {
			next.sections = append(next.sections, name)
		}
	}
	return next
}
