package fakeweb

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// FromTxtar makes a Web of an archive in which every file is a page, and its
// name is the page's URL:
//
//	Anything before the first file is a comment.
//	-- http://gulf.example/feed.xml --
//	<rss version="2.0">…
//	-- http://meridien.example/monde application/atom+xml; charset=utf-8 --
//	<feed xmlns="http://www.w3.org/2005/Atom">…
//	-- http://meridien.example/old.xml 301 http://meridien.example/monde --
//	-- http://closed.example/feed.xml 410 --
//	-- http://busy.example/feed.xml 503 Retry-After: 600 --
//
// After the URL may stand a content type (else it follows from the extension),
// or a status; after a redirect's status its location, after another status one
// header. Pages answer over http and https alike, whichever the name says.
func FromTxtar(data []byte) (*Web, error) {
	w := New()
	for _, f := range txtar.Parse(data).Files {
		if err := w.add(f); err != nil {
			w.Close()
			return nil, fmt.Errorf("-- %s --: %w", f.Name, err)
		}
	}
	return w, nil
}

func (w *Web) add(f txtar.File) error {
	rawURL, rest, _ := strings.Cut(f.Name, " ")
	u, err := url.Parse(rawURL)
	if err != nil {
		return err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("a file's name begins with a URL, http://host/path")
	}
	h, err := answerOf(strings.TrimSpace(rest), u.Path, f.Data)
	if err != nil {
		return err
	}
	if p, ok := h.(*page); ok {
		w.Serve(u.Host, u.RequestURI(), p.contentType, p.body)
		return nil
	}
	w.HandlePage(u.Host, u.RequestURI(), h)
	return nil
}

// answerOf reads what stands after the URL in a file's name.
func answerOf(spec, urlPath string, body []byte) (http.Handler, error) {
	first, rest, _ := strings.Cut(spec, " ")
	code, err := strconv.Atoi(first)
	switch {
	case spec == "":
		return &page{contentType: typeOf(urlPath), body: body}, nil
	case err != nil && !strings.Contains(first, "/"):
		return nil, fmt.Errorf("%q is neither a content type nor a status", first)
	case err != nil:
		return &page{contentType: spec, body: body}, nil
	case code < http.StatusOK || code > 599:
		return nil, fmt.Errorf("%d is not a status of an answer", code)
	case rest == "":
		return Status(code), nil
	case code < http.StatusBadRequest && code >= http.StatusMultipleChoices:
		return Redirect(code, rest), nil
	}
	name, value, ok := strings.Cut(rest, ":")
	if !ok {
		return nil, fmt.Errorf("after the status %d stands a header, Name: value", code)
	}
	return Status(code, name, strings.TrimSpace(value)), nil
}

// typeOf is the content type that a careful origin would send.
func typeOf(urlPath string) string {
	switch path.Ext(urlPath) {
	case ".rss":
		return "application/rss+xml; charset=utf-8"
	case ".atom":
		return "application/atom+xml; charset=utf-8"
	case ".rdf":
		return "application/rdf+xml; charset=utf-8"
	case ".json":
		return "application/feed+json; charset=utf-8"
	case ".xml":
		return "application/xml; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".opml":
		return "text/x-opml; charset=utf-8"
	default:
		return "text/html; charset=utf-8"
	}
}
