package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"broadsheet/feed"
)

// Result is what publishing did.
type Result struct {
	Sections  int // rendered and saved, the whole paper included
	Documents int // in them
	Archived  int // documents of pages of archives that were made
	Problems  []Problem
}

// Publish renders every section whose documents are older than it is, and saves
// them. A section that could not be read or saved does not keep the others from
// being published; the error joins what happened, and the section stays stale.
func (p *Press) Publish(ctx context.Context, store Store, now time.Time, log *slog.Logger) (Result, error) {
	var result Result
	stale, err := store.Stale(ctx)
	if err != nil {
		return result, fmt.Errorf("asking which sections are stale: %w", err)
	}
	var errs []error
	for _, name := range stale {
		if err := ctx.Err(); err != nil {
			return result, errors.Join(append(errs, err)...)
		}
		if err := result.section(ctx, p, store, now, name, log); err != nil {
			errs = append(errs, fmt.Errorf("publishing section %q: %w", name, err))
		}
	}
	return result, errors.Join(errs...)
}

func (r *Result) section(
	ctx context.Context, p *Press, store Store, now time.Time, name string, log *slog.Logger,
) error {
	if err := r.archive(ctx, store, now, name, log); err != nil {
		return err
	}
	view, err := store.View(ctx, name)
	if err != nil {
		return err
	}
	led, err := r.whole(ctx, store, name, &view, idsOf(view.Entries), log)
	if err != nil {
		return err
	}
	docs, problems, shown := p.render(view)
	if ids := published(shown, problems); !led && len(ids) < len(view.Entries) {
		if led, err = r.whole(ctx, store, name, &view, ids, log); err != nil {
			return err
		}
		if led {
			docs, problems, shown = p.render(view)
		}
	}
	r.tell(ctx, problems, log)
	err = store.SaveDocuments(ctx, now, name, view.Version, docs, leftOut(problems), published(shown, problems))
	if err != nil {
		return err
	}
	r.Sections++
	r.Documents += len(docs)
	return nil
}

// tell notes what could not be published.
func (r *Result) tell(ctx context.Context, problems []Problem, log *slog.Logger) {
	for _, p := range problems {
		log.WarnContext(ctx, "not published", "section", p.Section, "path", p.Path,
			"entry", p.Entry, "problem", p.Text)
	}
	r.Problems = append(r.Problems, problems...)
}

// published are the ids of the entries that documents have, of those that they were
// to show.
func published(entries []feed.Entry, problems []Problem) []string {
	bad := make(map[string]bool)
	for _, p := range problems {
		bad[p.Entry] = true
	}
	var ids []string
	for _, e := range entries {
		if !bad[e.ID] {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// leftOut are the paths of documents of which the last good one is to stay.
func leftOut(problems []Problem) []string {
	var paths []string
	for _, p := range problems {
		if p.Entry == "" {
			paths = append(paths, p.Path)
		}
	}
	return paths
}
