package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"broadsheet/feed"
	"broadsheet/feed/picture"
	"broadsheet/feed/serve"
)

// counter hands out what is made when it is asked for, by the beginning of its path.
type counter struct {
	makers []maker // the first that has what is asked for gives it
}

// maker makes the documents whose paths begin with prefix; see serve.Maker.
type maker struct {
	prefix string
	make   func(ctx context.Context, path string, query url.Values) (feed.Document, serve.Found, error)
}

// newCounter knows everything that is made on demand.
func (n *newsroom) newCounter() *counter {
	return &counter{makers: []maker{
		{feed.ArticlePath, n.makeArticle},
		{feed.PrivatePath, n.makePrivateArticle},
		{feed.SearchPath, n.makeSearch},
		{feed.ArchivePath, n.archived},
		{feed.PrivatePath, n.archived},
		{"/", n.makeSelection}, // the last: it begins all paths
	}}
}

// Make implements serve.Maker.
func (c *counter) Make(ctx context.Context, path string, query url.Values) (feed.Document, serve.Found, error) {
	for _, m := range c.makers {
		if !strings.HasPrefix(path, m.prefix) {
			continue
		}
		if doc, found, err := m.make(ctx, path, query); err != nil || found != serve.None {
			return doc, found, err
		}
	}
	return feed.Document{}, serve.None, nil
}

// doorways are those who answer requests that are for no document, by their paths.
func (n *newsroom) doorways() map[string]http.Handler {
	doors := map[string]http.Handler{}
	if n.conf.WebSub.Hub {
		doors[feed.HubPath] = n.hub
	}
	if n.ear != nil {
		doors[feed.PushPath] = n.ear
	}
	if n.site.Images == feed.ImagesProxy {
		doors[picture.Door] = n.pictures()
	}
	return doors
}
