package main

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/serve"
)

// Pages that are made when somebody asks for them: of articles, and of searches.

// makeArticle makes the page of an article that a public section has.
func (n *newsroom) makeArticle(ctx context.Context, path string, _ url.Values) (feed.Document, serve.Found, error) {
	address, ok := strings.CutSuffix(strings.TrimPrefix(path, feed.ArticlePath), "/")
	if !ok || address == "" || strings.Contains(address, "/") {
		return feed.Document{}, serve.None, nil
	}
	return n.article(ctx, address, "")
}

// makePrivateArticle makes the page of an article below the path of a private section
// that has it, and only there: /-/p/TOKEN/a/ADDRESS/.
func (n *newsroom) makePrivateArticle(ctx context.Context, path string, _ url.Values) (feed.Document, serve.Found, error) {
	parts := strings.Split(strings.TrimPrefix(path, feed.PrivatePath), "/")
	if len(parts) != 4 || parts[0] == "" || parts[1] != "a" || parts[2] == "" || parts[3] != "" {
		return feed.Document{}, serve.None, nil
	}
	return n.article(ctx, parts[2], parts[0])
}

func (n *newsroom) article(ctx context.Context, address, private string) (feed.Document, serve.Found, error) {
	view, err := n.store.Article(ctx, address, private)
	switch {
	case err != nil:
		return feed.Document{}, serve.None, err
	case len(view.Entries) == 0 && len(view.Gone) > 0:
		return feed.Document{}, serve.Gone, nil
	case len(view.Entries) == 0:
		return feed.Document{}, serve.None, nil
	}
	doc, err := n.look.RenderArticle(view)
	if errors.Is(err, publish.ErrNoPage) {
		return feed.Document{}, serve.None, nil
	}
	return doc, serve.Here, err
}

// articlePages are the pages of the articles that a public section shows, for a static
// site. Those that seen has are left out, and the others are put into it. One that cannot
// be made does not keep the others from being there.
func (n *newsroom) articlePages(ctx context.Context, section string, seen map[string]bool) ([]feed.Document, error) {
	view, err := n.store.View(ctx, section)
	if err != nil {
		return nil, err
	}
	var docs []feed.Document
	for _, e := range view.Entries {
		if seen[e.Address] {
			continue
		}
		seen[e.Address] = true
		one, err := n.store.Article(ctx, e.Address, "")
		if err != nil {
			return nil, err
		}
		switch doc, err := n.look.RenderArticle(one); {
		case err == nil:
			docs = append(docs, doc)
		case !errors.Is(err, publish.ErrNoPage):
			n.log.WarnContext(ctx, "an article has no page in the static site", "section", section, "entry", e.ID, "problem", err)
		}
	}
	return docs, nil
}

// makeSearch makes the page of a search in the whole paper; without a query, that with
// the form.
func (n *newsroom) makeSearch(ctx context.Context, path string, query url.Values) (feed.Document, serve.Found, error) {
	if path != feed.SearchPath || n.site.NoSearch {
		return feed.Document{}, serve.None, nil
	}
	selection := feed.SelectionOf(query)
	view, err := n.store.Select(ctx, feed.WholePaper, selection, selectionLimit)
	if selection.IsZero() || errors.Is(err, feed.ErrUnknown) { // nothing is of a source that there is not
		view, err = n.store.View(ctx, feed.WholePaper)
		view.Entries = nil
	}
	if err != nil {
		return feed.Document{}, serve.None, err
	}
	view.Selection = selection
	doc, err := n.look.RenderSearch(view)
	return doc, serve.Here, err
}

// say makes the page that says that there is nothing to read.
func (n *newsroom) say(code int, root string) ([]byte, error) {
	return n.look.Notice(n.site, n.conf.Sections, code, root)
}
