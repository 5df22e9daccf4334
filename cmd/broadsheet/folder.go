package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/serve"
)

// folder is a static site and how far it is up to date.
type folder struct {
	dir     string
	coded   bool
	written bool // by this process, as the documents of serial are
	serial  int64
	retry   time.Time // not before, after an error
	// What else it has: the hashes of the archives' documents by path, and the paths of
	// articles' pages by section.
	archived map[string]string
	articles map[string][]string
}

// archivesAtOnce is how many documents of archives are held in memory together.
const archivesAtOnce = 100

// update writes what was published since the last time: what others lead to first, so
// that no link leads nowhere meanwhile.
func (f *folder) update(ctx context.Context, n *newsroom) (written publish.Written, err error) {
	since := int64(0)
	if f.written {
		since = f.serial
	}
	docs, paths, serial, err := n.store.Shelf(ctx, since)
	if err != nil || f.written && serial == f.serial {
		return publish.Written{}, err
	}
	if !f.written {
		f.archived, f.articles = map[string]string{}, map[string][]string{}
	}
	f.written = false // until all is done: else the next time brings everything
	pages, old, err := f.articlePages(ctx, n, docs)
	if err != nil {
		return written, err
	}
	archives, stale, err := f.archives(ctx, n)
	if err != nil {
		return written, err
	}
	extra, err := n.hostFiles(ctx)
	if err != nil {
		return written, err
	}
	docs = slices.Concat(docs, pages, extra)
	paths = slices.Concat(paths, old, archives)
	for part := range slices.Chunk(stale, archivesAtOnce) {
		if err := f.archive(ctx, n, part, &written); err != nil {
			return written, err
		}
	}
	brought := make(map[string]bool, len(docs))
	for _, d := range docs {
		brought[d.Path] = true
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return brought[path] })
	err = f.write(ctx, docs, publish.SiteOptions{Keep: paths}, &written)
	f.written, f.serial = err == nil, serial
	return written, err
}

// write writes documents.
func (f *folder) write(ctx context.Context, docs []feed.Document, o publish.SiteOptions, sum *publish.Written) error {
	o.Coded = f.coded
	w, err := publish.WriteSite(ctx, f.dir, docs, o)
	sum.Files = w.Files
	sum.Changed += w.Changed
	sum.Removed += w.Removed
	return err
}

// articlePages are the pages of the articles of the sections that documents are of, and
// the paths of those of all other sections.
func (f *folder) articlePages(ctx context.Context, n *newsroom, docs []feed.Document) (pages []feed.Document, others []string, err error) {
	touched, seen := map[string]bool{}, map[string]bool{}
	for _, d := range docs {
		touched[d.Section] = true
	}
	next := map[string][]string{}
	// The front page leads to what sections may have no room for.
	for _, s := range append(slices.Clone(n.conf.Sections), feed.Section{Name: feed.WholePaper}) {
		if s.Private != "" {
			continue
		}
		if !touched[s.Name] {
			next[s.Name] = f.articles[s.Name]
			others = append(others, next[s.Name]...)
			continue
		}
		made, err := n.articlePages(ctx, s.Name, seen)
		if err != nil {
			return nil, nil, err
		}
		pages = append(pages, made...)
	}
	// A page that several sections show was made for the first of them only: all of these
	// name it, so that it stays whichever changes next.
	for name := range touched {
		for _, d := range pages {
			next[name] = append(next[name], d.Path)
		}
	}
	f.articles = next
	return pages, others, nil
}

// archives are the paths of all documents of archives, and those that the site has not
// as they are now.
func (f *folder) archives(ctx context.Context, n *newsroom) (paths, stale []string, err error) {
	list, err := n.store.Archives(ctx)
	for _, d := range list {
		paths = append(paths, d.Path)
		if f.archived[d.Path] != d.Hash {
			stale = append(stale, d.Path)
		}
	}
	return paths, stale, err
}

// archive writes some documents of archives, and nothing else of the site.
func (f *folder) archive(ctx context.Context, n *newsroom, part []string, sum *publish.Written) error {
	var docs []feed.Document
	for _, path := range part {
		doc, _, err := n.store.Archived(ctx, path)
		if err != nil {
			return err
		}
		if doc.Path == path && doc.Body != nil { // else it went on meanwhile
			docs = append(docs, doc)
		}
	}
	if err := f.write(ctx, docs, publish.SiteOptions{Add: true}, sum); err != nil {
		return err
	}
	for _, d := range docs {
		f.archived[d.Path] = d.Hash
	}
	return nil
}

// hostFiles are what hosts of static sites want besides.
func (n *newsroom) hostFiles(ctx context.Context) ([]feed.Document, error) {
	renamed, _, err := n.store.FormerNames(ctx)
	if err != nil {
		return nil, err
	}
	var docs []feed.Document
	for path, text := range serve.Static(n.site, renamed) {
		docs = append(docs, feed.Document{Path: path, Body: []byte(text)})
	}
	root := "/"
	if base, err := url.Parse(n.site.URL); err == nil {
		root = strings.TrimSuffix(base.Path, "/") + "/"
	}
	page, err := n.say(http.StatusNotFound, root)
	if err != nil {
		return nil, err
	}
	return append(docs, feed.Document{Path: "/404.html", Body: page}), nil
}

// folderRetry is when a folder that could not be written is tried again.
const folderRetry = time.Minute

// keepFolder keeps publish.dir up to date, if there is one, until ctx ends. It is apart from
// the press: no reader or subscriber waits until a large site is written.
func (n *newsroom) keepFolder(ctx context.Context) {
	if n.conf.Folder == "" {
		return
	}
	site := folder{dir: n.conf.Folder, coded: n.conf.Coded}
	tick := time.NewTicker(shelfPause)
	defer tick.Stop()
	for {
		if err := n.mirror(ctx, &site); err != nil && ctx.Err() == nil {
			n.log.Error("the static site is as it was, and is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// mirror keeps publish.dir up to date, if there is one.
func (n *newsroom) mirror(ctx context.Context, f *folder) error {
	if f.dir == "" || n.clock().Before(f.retry) {
		return nil
	}
	written, err := f.update(ctx, n)
	if err != nil {
		f.retry = n.clock().Add(folderRetry)
		return fmt.Errorf("publish.dir: %w", err)
	}
	if written.Changed+written.Removed > 0 {
		n.log.Debug("static site", "dir", f.dir, "changed", written.Changed, "removed", written.Removed)
	}
	return nil
}
