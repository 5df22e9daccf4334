package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// shelf is a Store of a few views, which keeps what it is told to save.
type shelf struct {
	sheets map[string][]feed.Sheet // of archives, to be made
	rest   map[string]feed.Sheet   // of archives, not full
	order  []string                // what was numbered and saved, in order
	stale  []string
	views  map[string]feed.View
	full   string // section that cannot be saved
	saved  map[string]saved
}

type saved struct {
	now     time.Time
	version int64
	docs    map[string]feed.Document
	keep    []string
	ids     []string
}

var errFull = errors.New("no room")

func (s *shelf) Stale(context.Context) ([]string, error) { return s.stale, nil }

func (s *shelf) View(_ context.Context, section string) (feed.View, error) {
	v, ok := s.views[section]
	if !ok {
		return v, errors.New("no such section")
	}
	return v, nil
}

func (s *shelf) SaveDocuments(_ context.Context, now time.Time, section string, version int64,
	docs []feed.Document, keep, ids []string,
) error {
	if section == s.full {
		return errFull
	}
	s.order = append(s.order, "documents of "+section)
	s.saved[section] = saved{now, version, byPath(docs), keep, ids}
	return nil
}

func (s *shelf) Number(_ context.Context, _ time.Time, section string) error {
	if _, ok := s.views[section]; !ok {
		return errors.New("no such section")
	}
	s.order = append(s.order, "numbers of "+section)
	return nil
}

func (s *shelf) Sheets(_ context.Context, section string) ([]feed.Sheet, error) {
	return s.sheets[section], nil
}

func (s *shelf) SaveSheet(_ context.Context, section string, sheet feed.Sheet, docs []feed.Document, ids []string) error {
	c := sheet.View.Chain
	s.order = append(s.order, fmt.Sprintf("page %d-%d of %s: %d entries in %d documents", c.Page, c.Part, section, len(ids), len(docs)))
	s.sheets[section] = slices.DeleteFunc(s.sheets[section], func(o feed.Sheet) bool { return o.View.Chain == c })
	return nil
}

func (s *shelf) Rest(_ context.Context, section string, shown []string) (feed.Sheet, bool, error) {
	sheet, ok := s.rest[section]
	needed := ok && slices.ContainsFunc(sheet.View.Entries, func(e feed.Entry) bool { return !slices.Contains(shown, e.ID) })
	return sheet, needed, nil
}

func newShelf() *shelf {
	return &shelf{
		stale: []string{"harbour", feed.WholePaper},
		views: map[string]feed.View{"harbour": sampleView(), feed.WholePaper: paperView()},
		full:  "nothing is",
		saved: make(map[string]saved),
	}
}

func TestPublishSavesEachStaleSectionAtTheVersionItWasRead(t *testing.T) {
	s := newShelf()
	got, err := BuiltIn.Publish(t.Context(), s, sampleDay, slog.New(slog.DiscardHandler))
	if err != nil || got.Sections != 2 || got.Documents != 15 || got.Problems != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, name := range s.stale {
		if d := s.saved[name]; d.version != 7 || !d.now.Equal(sampleDay) || len(d.docs) == 0 || d.keep != nil {
			t.Errorf("%q: %d documents of version %d at %v, keeping %v", name, len(d.docs), d.version, d.now, d.keep)
		}
	}
}

func TestPublishKeepsTheLastGoodOneOfADocumentThatFails(t *testing.T) {
	s := newShelf()
	v := s.views["harbour"]
	v.ID = "no id at all"
	v.Entries[1].Content = "<script>x()</script>"
	s.views["harbour"] = v
	var log bytes.Buffer
	got, err := BuiltIn.Publish(t.Context(), s, sampleDay, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil || got.Sections != 2 || got.Documents != 14 || len(got.Problems) != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
	d := s.saved["harbour"]
	if _, ok := d.docs["/harbour/atom.xml"]; ok || !slices.Equal(d.keep, []string{"/harbour/atom.xml"}) {
		t.Errorf("kept %v; the Atom feed was saved: %v", d.keep, ok)
	}
	if slices.Contains(d.ids, v.Entries[1].ID) || len(d.ids) != len(v.Entries)-1 || d.ids[0] != v.Entries[0].ID {
		t.Errorf("published were %q", d.ids)
	}
	for _, want := range []string{v.Entries[1].ID, "<script>", "/harbour/atom.xml"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, &log)
		}
	}
}

func TestASectionThatCannotBeSavedDoesNotHoldUpTheOthers(t *testing.T) {
	s := newShelf()
	s.stale, s.full = []string{"lost", "harbour", feed.WholePaper}, "harbour"
	got, err := BuiltIn.Publish(t.Context(), s, sampleDay, slog.New(slog.DiscardHandler))
	if !errors.Is(err, errFull) || !strings.Contains(err.Error(), `"lost"`) {
		t.Errorf("error %v, want both", err)
	}
	if _, ok := s.saved[feed.WholePaper]; !ok || got.Sections != 1 {
		t.Errorf("got %+v; the paper was saved: %v", got, ok)
	}
}

func TestPublishStopsWhenAsked(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	s := newShelf()
	got, err := BuiltIn.Publish(ctx, s, sampleDay, slog.New(slog.DiscardHandler))
	if !errors.Is(err, context.Canceled) || got.Sections != 0 || len(s.saved) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}
