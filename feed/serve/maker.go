package serve

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// Maker makes documents that are not on the shelf when they are asked for: pages of
// archives and of single articles, results of a search, feeds of a view.
type Maker interface {
	// Make gives the document at a path below the site's base for a query, in which there
	// is nothing but a feed.Selection. What it gives is a pure function of both and of
	// the store. An error is the program's own trouble: the reader is told to come again.
	Make(ctx context.Context, path string, query url.Values) (feed.Document, Found, error)
}

// Found is what came of looking for a document.
type Found int

// What can come of looking for a document.
const (
	None Found = iota // there never was one
	Here
	Gone  // there was one, and it was taken back
	Moved // it is at another path, for good: the Path of a document that has nothing else
)

// door is who answers a request before anything else; nil for nobody.
func (s *readers) door(r *http.Request) http.Handler {
	if len(s.options.Doors) == 0 {
		return nil
	}
	path, below := strings.CutPrefix(r.URL.Path, s.prefix)
	if !below {
		return nil
	}
	if h := s.options.Doors[path]; h != nil {
		return h
	}
	// All doors to what is below a path are two names deep: "/-/push/".
	if parts := strings.SplitN(path, "/", 4); len(parts) == 4 {
		return s.options.Doors["/"+parts[1]+"/"+parts[2]+"/"]
	}
	return nil
}
