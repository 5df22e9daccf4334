package main

import (
	"context"
	"net/url"
	"strings"

	"broadsheet/feed"
	"broadsheet/feed/serve"
)

// archived gives a document of an archive. A page of a section that was renamed is at
// another path since, and so is one that was published in part and has gone on.
func (n *newsroom) archived(ctx context.Context, path string, query url.Values) (feed.Document, serve.Found, error) {
	if len(query) > 0 {
		return feed.Document{}, serve.None, nil
	}
	for asked := path; ; {
		doc, gone, err := n.store.Archived(ctx, asked)
		switch {
		case err != nil:
			return feed.Document{}, serve.None, err
		case gone:
			return feed.Document{}, serve.Gone, nil
		case doc.Path != "" && doc.Path != path:
			return feed.Document{Path: doc.Path}, serve.Moved, nil
		case doc.Path != "":
			return doc, serve.Here, nil
		}
		next := n.renamedArchive(asked)
		if next == "" || next == path {
			return feed.Document{}, serve.None, nil
		}
		asked = next
	}
}

// renamedArchive is a path of an archive under the name that its section had next; empty
// if it has none.
func (n *newsroom) renamedArchive(path string) string {
	rest, ok := strings.CutPrefix(path, feed.ArchivePath)
	name, rest, below := strings.Cut(rest, "/")
	if !ok || !below {
		return ""
	}
	for _, s := range n.conf.Sections {
		if s.RenamedFrom == name && s.RenamedFrom != "" && s.Private == "" {
			return s.Archive() + rest
		}
	}
	return ""
}
