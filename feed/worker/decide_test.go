package worker

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// item is a listed item in short: each part may be empty.
func item(guid, link, title, text string) Listed {
	it := Listed{Item: feed.Item{ID: guid, Title: feed.Plain(title)}}
	for kind, value := range map[feed.KeyKind]string{feed.KeyGUID: guid, feed.KeyLink: link, feed.KeyText: text} {
		if value != "" {
			it.Identity.Keys = append(it.Identity.Keys, feed.Key{Kind: kind, Value: value})
		}
	}
	order := map[feed.KeyKind]int{feed.KeyGUID: 0, feed.KeyLink: 1, feed.KeyText: 2}
	keys := it.Identity.Keys
	for i := range keys {
		for j := i; j > 0 && order[keys[j].Kind] < order[keys[j-1].Kind]; j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
		}
	}
	it.Identity.Original = keys[0].Value
	it.Identity.Hash = fmt.Sprint(guid, link, title, text)
	return it
}

func key(kind feed.KeyKind, value string) feed.Key { return feed.Key{Kind: kind, Value: value} }

// brief is a verdict in short: "new ORIGINAL" or "ROW ORIGINAL" a choice.
func brief(v Verdict) []string {
	var out []string
	for _, c := range v.Choices {
		who := "new"
		if c.Row != 0 {
			who = fmt.Sprint(c.Row)
		}
		out = append(out, who+" "+c.Identity.Original)
	}
	for range v.Same {
		out = append(out, "same")
	}
	for _, d := range v.Drops {
		out = append(out, d.Code+" "+d.Item)
	}
	for _, k := range v.Retired {
		out = append(out, "retired "+string(k.Kind)+" "+k.Value)
	}
	return out
}

func TestDecideWhatIsNew(t *testing.T) {
	stored := item("g1", "l1", "Storm", "t1")
	tests := map[string]struct {
		items []Listed
		known map[feed.Key]feed.Known
		want  []string
	}{
		"nothing is known: all are new": {
			items: []Listed{item("g1", "l1", "A", "t1"), item("", "l2", "B", "t2"), item("", "", "C", "t3")},
			want:  []string{"new g1", "new l2", "new t3"},
		},
		"an item stored with this hash is left alone": {
			items: []Listed{stored},
			known: map[feed.Key]feed.Known{key("guid", "g1"): {Entry: 7, Hash: stored.Identity.Hash}},
			want:  []string{"same"},
		},
		"another hash under a known guid is a change": {
			items: []Listed{stored},
			known: map[feed.Key]feed.Known{key("guid", "g1"): {Entry: 7, Hash: "before"}},
			want:  []string{"7 g1"},
		},
		"another feed of the source lists it for the first time: it is the same entry": {
			items: []Listed{stored},
			known: map[feed.Key]feed.Known{key("guid", "g1"): {Entry: 7}},
			want:  []string{"7 g1"},
		},
		"T-22 a new guid with the same link and text is an old article": {
			items: []Listed{item("g2", "l1", "Storm", "t1")},
			known: map[feed.Key]feed.Known{key("link", "l1"): {Entry: 7}, key("text", "t1"): {Entry: 7}},
			want:  []string{"7 g2"},
		},
		"a new guid that shares only the link is a new article": {
			items: []Listed{item("g2", "l1", "Storm", "t9")},
			known: map[feed.Key]feed.Known{key("link", "l1"): {Entry: 7}, key("text", "t1"): {Entry: 7}},
			want:  []string{"new g2"},
		},
		"without a guid the link finds it, though the text changed": {
			items: []Listed{item("", "l1", "Storm", "t2")},
			known: map[feed.Key]feed.Known{key("link", "l1"): {Entry: 7, Hash: "before"}},
			want:  []string{"7 l1"},
		},
		"listed twice: once": {
			items: []Listed{item("g1", "l1", "A", "t1"), item("g1", "l1", "A", "t1")},
			want:  []string{"new g1", "duplicate g1"},
		},
		"two items that are one stored entry: the first": {
			items: []Listed{item("g1", "l1", "A", "t1"), item("g2", "l1", "A", "t1")},
			known: map[feed.Key]feed.Known{key("guid", "g1"): {Entry: 7, Hash: "x"}, key("guid", "g2"): {Entry: 7, Hash: "x"}},
			want:  []string{"7 g1", "duplicate g2"},
		},
		"one guid for different articles identifies none of them": {
			items: []Listed{item("home", "l1", "A", "t1"), item("home", "l2", "B", "t2")},
			want:  []string{"new l1", "new l2", "retired guid home"},
		},
		"nor does it for articles that share a link too": {
			items: []Listed{item("home", "home", "A", "t1"), item("home", "home", "B", "t2")},
			want:  []string{"new t1", "new t2", "retired guid home", "retired link home"},
		},
		"a guid retired by an earlier poll is not used again": {
			items: []Listed{item("home", "l3", "C", "t3")},
			known: map[feed.Key]feed.Known{key("guid", "home"): {Retired: true}},
			want:  []string{"new l3"},
		},
		"items without guid on one page are told apart by their text": {
			items: []Listed{item("", "live", "14:05", "t1"), item("", "live", "14:20", "t2")},
			want:  []string{"new t1", "new t2", "retired link live"},
		},
		"items with guids may share a link": {
			items: []Listed{item("g1", "live", "14:05", "t1"), item("g2", "live", "14:20", "t2")},
			want:  []string{"new g1", "new g2"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := brief(Decide(tt.items, tt.known))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decided (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSettleMovesUpdatedOnlyForAChangeThatReadersNotice(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	stored := feed.Entry{ID: "urn:x", Digest: "old recipe", Published: at("2026-11-20 08:00:00"),
		Updated: at("2026-11-20 08:00:00"), FirstSeen: at("2026-11-20 09:00:00"), SortAt: at("2026-11-20 09:00:00")}
	made := func(digest string, updated time.Time) feed.Entry {
		return feed.Entry{Title: "new", Digest: digest, Published: at("1999-01-01 00:00:00"), Updated: updated}
	}
	tests := map[string]struct {
		before, after feed.Entry
		want          time.Time
	}{
		"only the recipe changed":                   {made("b", now), made("b", now), stored.Updated},
		"the text changed":                          {made("a", time.Time{}), made("b", time.Time{}), now},
		"the source says when":                      {made("a", now), made("b", at("2026-11-21 10:00:00")), at("2026-11-21 10:00:00")},
		"a date in the future is not believed":      {made("a", now), made("b", now.Add(time.Hour)), now},
		"a date before the last one is not, either": {made("a", now), made("b", at("2026-11-19 10:00:00")), now},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Settle(stored, tt.before, tt.after, now)
			if !got.Updated.Equal(tt.want) {
				t.Errorf("updated %v, want %v", got.Updated, tt.want)
			}
			if got.ID != stored.ID || !got.Published.Equal(stored.Published) ||
				!got.FirstSeen.Equal(stored.FirstSeen) || !got.SortAt.Equal(stored.SortAt) || got.Title != "new" {
				t.Errorf("settled as %+v", got)
			}
		})
	}
}
