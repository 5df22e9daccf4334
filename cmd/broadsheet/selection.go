package main

import (
	"context"
	"errors"
	"net/url"
	slashed "path"

	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/serve"
)

// selectionLimit is how many entries a feed of a selection has, if its section shows so
// many: about what a reader asks for once an hour.
const selectionLimit = 50

// makeSelection makes the feed of what a query selects of the section at a path. There
// is none for a section, source or format that there is not; where nothing fits, there is
// an empty one.
func (n *newsroom) makeSelection(ctx context.Context, path string, query url.Values) (feed.Document, serve.Found, error) {
	folder, file := slashed.Split(path)
	selection := feed.SelectionOf(query)
	if !publish.IsFeed(file) || selection.IsZero() {
		return feed.Document{}, serve.None, nil
	}
	section, found, err := n.store.SectionAt(ctx, folder)
	if err != nil || !found {
		return feed.Document{}, serve.None, err
	}
	view, err := n.store.Select(ctx, section, selection, selectionLimit)
	if errors.Is(err, feed.ErrUnknown) {
		return feed.Document{}, serve.None, nil
	}
	if err != nil {
		return feed.Document{}, serve.None, err
	}
	doc, problems, err := publish.RenderSelection(view, file)
	for _, p := range problems {
		n.log.WarnContext(ctx, "not published", "section", p.Section, "path", p.Path, "entry", p.Entry, "problem", p.Text)
	}
	if err != nil {
		n.log.ErrorContext(ctx, "a feed of a selection could not be made", "section", section, "error", err)
		return feed.Document{}, serve.None, err
	}
	return doc, serve.Here, nil
}

// index puts articles that were stored before there was an index into it.
func (n *newsroom) index(ctx context.Context) error {
	indexed, err := n.store.Index(ctx)
	if indexed > 0 {
		n.log.Info("stored articles can be searched now", "articles", indexed)
	}
	return err
}
