package storetest

import (
	"context"
	"errors"
	"time"

	"broadsheet/feed"
)

// dying is a store whose process ends after some steps that write.
type dying struct {
	Store
	left int
}

var errDied = errors.New("the process was killed")

func (d *dying) step() error {
	if d.left--; d.left < 0 {
		return errDied
	}
	return nil
}

func (d *dying) Number(ctx context.Context, now time.Time, section string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Store.Number(ctx, now, section)
}

func (d *dying) SaveSheet(ctx context.Context, section string, sheet feed.Sheet, docs []feed.Document, ids []string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Store.SaveSheet(ctx, section, sheet, docs, ids)
}

func (d *dying) SaveDocuments(ctx context.Context, now time.Time, section string, version int64,
	docs []feed.Document, keep, ids []string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Store.SaveDocuments(ctx, now, section, version, docs, keep, ids)
}
