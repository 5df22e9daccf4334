package publish

import (
	"context"
	"time"

	"broadsheet/feed"
)

// Store is where views come from and documents go to.
type Store interface {
	Archive
	// Stale names the sections whose documents are older than they are, or whose
	// archives lack something; WholePaper comes last.
	Stale(ctx context.Context) ([]string, error)
	// View reads a section at one version.
	View(ctx context.Context, section string) (feed.View, error)
	// SaveDocuments replaces the documents of a section by those made of the
	// given version. A document whose Hash is that of the stored one leaves that
	// one alone, Modified included. Stored documents of the section that are not
	// in docs are removed, unless their path is in keep: those are documents that
	// did not pass their check this time, of which the last good one stays as it
	// is. A path in keep that was never stored is no error. ids are those of the
	// entries in docs, in order: the store remembers that they were published. The
	// section counts as published up to version.
	SaveDocuments(ctx context.Context, now time.Time, section string, version int64,
		docs []feed.Document, keep, ids []string) error
}
