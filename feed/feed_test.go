package feed_test

import (
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"broadsheet/feed"
)

// T-20: no date of a source keeps an article on top, or announces an old one.
func TestAnEntryHasOnePlace(t *testing.T) {
	seen := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		firstPoll bool
		published time.Time
		want      time.Time
	}{
		"first poll: by its own date":                          {true, seen.Add(-90 * 24 * time.Hour), seen.Add(-90 * 24 * time.Hour)},
		"first poll: never later than it was seen":             {true, seen.Add(3 * time.Hour), seen},
		"first poll, undated: first seen":                      {true, time.Time{}, seen},
		"later, a little late: when it became known":           {false, seen.Add(-6 * 24 * time.Hour), seen},
		"later, exactly seven days late: when it became known": {false, seen.Add(-feed.LateLimit), seen},
		"later, more than seven days late: its own date":       {false, seen.Add(-feed.LateLimit - 1), seen.Add(-feed.LateLimit - 1)},
		"later, with a date in the future: first seen":         {false, seen.Add(time.Hour), seen},
		"later, undated: first seen":                           {false, time.Time{}, seen},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := feed.SortAt(tt.firstPoll, tt.published, seen); !got.Equal(tt.want) {
				t.Errorf("SortAt = %v, want %v", got, tt.want)
			}
		})
	}
}

// Published ids are made by Mint: these values must never change, or every
// subscriber would see every article again.
func TestMintedIDsAreForEver(t *testing.T) {
	forEver := map[string][]string{
		"urn:uuid:31224910-4efb-59c4-9773-e3f1d813393c": {"paper.example", "gulf-wire", "4101"},
		"urn:uuid:1be7728d-5e0d-58a0-b834-73ef0a9f281d": {"paper.example", "الخليج", "été"},
		"urn:uuid:8582cf3c-0066-5144-b46b-c51b730bfe77": {"paper.example", "world"},
	}
	for want, parts := range forEver {
		if got := feed.Mint(parts...); got != want {
			t.Errorf("Mint(%q) = %s, want %s", parts, got, want)
		}
	}
}

func TestMintedIDsAreUUIDsThatKeepPartsApart(t *testing.T) {
	form := regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string][]string{}
	for _, parts := range [][]string{{}, {""}, {"", ""}, {"a", "bc"}, {"ab", "c"}, {"a", "b", "c"}, {"abc"}, {"a;1:b"}, {"a", "b"}} {
		id := feed.Mint(parts...)
		if !form.MatchString(id) {
			t.Errorf("Mint(%q) = %s is no version 5 UUID", parts, id)
		}
		if other, ok := seen[id]; ok {
			t.Errorf("Mint(%q) and Mint(%q) are both %s", parts, other, id)
		}
		seen[id] = parts
	}
}

func TestAnErrorReadsSourceStepCause(t *testing.T) {
	cause := errors.New("connection refused")
	tests := []struct {
		err  *feed.Error
		want string
	}{
		{&feed.Error{Source: "gulf-wire", Step: "fetching", Text: "the server answered 503", Err: cause},
			"gulf-wire: fetching: the server answered 503"},
		{&feed.Error{Step: "fetching", Err: cause}, "fetching: connection refused"},
		{&feed.Error{Source: "gulf-wire", Kind: feed.KindEmpty}, "gulf-wire: empty"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	wrapped := fmt.Errorf("polling: %w", &feed.Error{Kind: feed.KindTimeout, Err: cause})
	if feed.KindOf(wrapped) != feed.KindTimeout || !errors.Is(wrapped, cause) {
		t.Errorf("a wrapped error lost its kind %q or its cause", feed.KindOf(wrapped))
	}
	if feed.KindOf(cause) != feed.KindUnknown || feed.KindOf(nil) != feed.KindUnknown {
		t.Error("an error that is none of ours has a kind")
	}
}

func TestIdentityGivesItsKeysByKind(t *testing.T) {
	id := feed.Identity{Keys: []feed.Key{{Kind: feed.KeyLink, Value: "l"}, {Kind: feed.KeyText, Value: "t"}}}
	if k, ok := id.Key(feed.KeyLink); !ok || k.Value != "l" {
		t.Errorf("the link key is %v, %t", k, ok)
	}
	if k, ok := id.Key(feed.KeyGUID); ok {
		t.Errorf("it has no guid, and gives %v", k)
	}
}
