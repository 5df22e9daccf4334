package publish

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"broadsheet/feed"
)

// Archive is where the whole of each section is kept, in pages that never change (RFC
// 5005 §4): see feed.Chain.
type Archive interface {
	// Number gives all that is shown in a section for the first time its place in the
	// archive, in the order in which it stands there.
	Number(ctx context.Context, now time.Time, section string) error
	// Sheets gives the next pages of an archive that are to be made, or made anew because
	// something on them was taken back or their addresses changed: the oldest first, some
	// of them if they are many, none if all are made.
	Sheets(ctx context.Context, section string) ([]feed.Sheet, error)
	// SaveSheet stores the documents of a page. ids are those of the entries in them.
	SaveSheet(ctx context.Context, section string, sheet feed.Sheet, docs []feed.Document, ids []string) error
	// Rest gives the page that is not full yet. It is needed if something on it is not
	// among the ids that the section's own documents show.
	Rest(ctx context.Context, section string, shown []string) (sheet feed.Sheet, needed bool, err error)
}

// archive makes the pages of a section's archive that are due. They are stored before
// the documents that lead to them, and each after the one before it, so that wherever
// this ends the chain is whole.
func (r *Result) archive(ctx context.Context, store Store, now time.Time, name string, log *slog.Logger) error {
	if err := store.Number(ctx, now, name); err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		sheets, err := store.Sheets(ctx, name)
		if err != nil || len(sheets) == 0 {
			return err
		}
		for _, sheet := range sheets {
			if err := r.sheet(ctx, store, name, sheet, log); err != nil {
				return err
			}
		}
	}
}

// sheet makes one page of an archive.
func (r *Result) sheet(ctx context.Context, store Store, name string, sheet feed.Sheet, log *slog.Logger) error {
	docs, problems := Render(sheet.View)
	r.tell(ctx, problems, log)
	if err := store.SaveSheet(ctx, name, sheet, docs, published(sheet.View.Entries, problems)); err != nil {
		return fmt.Errorf("page %d of its archive: %w", sheet.View.Chain.Page, err)
	}
	r.Archived += len(docs)
	return nil
}

// whole has a section's documents lead to all of it that they do not show: if the page of
// the archive that is not full is needed for that, it is made, and they lead to it.
func (r *Result) whole(ctx context.Context, store Store, name string, view *feed.View, shown []string, log *slog.Logger) (
	changed bool, err error) {
	sheet, needed, err := store.Rest(ctx, name, shown)
	if err != nil || !needed {
		return false, err
	}
	if !sheet.Made {
		if err := r.sheet(ctx, store, name, sheet, log); err != nil {
			return false, err
		}
	}
	view.Chain.Older, view.Chain.OlderPart = sheet.View.Chain.Page, sheet.View.Chain.Part
	return true, nil
}

// idsOf are the ids of entries.
func idsOf(entries []feed.Entry) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	return ids
}
