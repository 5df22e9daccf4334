package main

import (
	"context"
	"fmt"
	"time"

	"broadsheet/feed/publish"
)

// folder is a static site and how far it is up to date.
type folder struct {
	dir     string
	coded   bool
	written bool // by this process, as the documents of serial are
	serial  int64
	retry   time.Time // not before, after an error
}

// update writes what was published since the last time.
func (f *folder) update(ctx context.Context, n *newsroom) (publish.Written, error) {
	since := int64(0)
	if f.written {
		since = f.serial
	}
	docs, paths, serial, err := n.store.Shelf(ctx, since)
	if err != nil || f.written && serial == f.serial {
		return publish.Written{}, err
	}
	brought := make(map[string]bool, len(docs))
	for _, d := range docs {
		brought[d.Path] = true
	}
	o := publish.SiteOptions{Coded: f.coded}
	for _, p := range paths {
		if !brought[p] {
			o.Keep = append(o.Keep, p)
		}
	}
	written, err := publish.WriteSite(ctx, f.dir, docs, o)
	f.written, f.serial = err == nil, serial // else the next time brings everything
	return written, err
}

// folderRetry is when a folder that could not be written is tried again.
const folderRetry = time.Minute

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
