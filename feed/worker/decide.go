package worker

import (
	"broadsheet/feed"
)

// Listed is an item of a body that was read, with its identity.
type Listed struct {
	Item     feed.Item
	Identity feed.Identity
}

// Choice is what is to be done with a listed item.
type Choice struct {
	Listed
	Row  int64      // of the entry that it is; 0 is a new one
	Keys []feed.Key // that it may be found by from now on
}

// Verdict is what a body means for what is stored.
type Verdict struct {
	Choices []Choice    // new and changed items, in the order listed
	Same    int         // items that are stored as they are
	Drops   []feed.Drop // items listed twice
	Retired []feed.Key  // keys that several different items share: they identify nothing
}

// Ambiguous gives the keys that stand for several different items of one body.
// A guid is ambiguous if items that carry it have different links or headlines;
// a link, if items without a usable guid carry it under different headlines.
// The same headline twice under one key is one article listed twice.
func Ambiguous(items []Listed) map[feed.Key]bool {
	out := map[feed.Key]bool{}
	spread(items, out, feed.KeyGUID, func(it Listed) string {
		link, _ := it.Identity.Key(feed.KeyLink)
		return link.Value + "\n" + headline(it)
	})
	spread(items, out, feed.KeyLink, func(it Listed) string {
		if guid, ok := it.Identity.Key(feed.KeyGUID); ok && !out[guid] {
			return "" // found by its guid; its link may be anything
		}
		return "\n" + headline(it)
	})
	return out
}

// headline is the item's title, or its text key where it has none.
func headline(it Listed) string {
	if !it.Item.Title.Empty() {
		return string(it.Item.Title.Value)
	}
	text, _ := it.Identity.Key(feed.KeyText)
	return text.Value
}

// spread marks the keys of a kind whose items differ in what tell says of them.
// Items of which it says nothing are left aside.
func spread(items []Listed, out map[feed.Key]bool, kind feed.KeyKind, tell func(Listed) string) {
	first := map[feed.Key]string{}
	for _, it := range items {
		key, ok := it.Identity.Key(kind)
		what := tell(it)
		if !ok || what == "" {
			continue
		}
		if said, seen := first[key]; !seen {
			first[key] = what
		} else if said != what {
			out[key] = true
		}
	}
}

// Decide says which listed items are new, which are changed and which are
// neither. known holds what the store knows under the items' keys.
//
// A guid that is known finds its entry. An item with a guid that is not known is
// still an old one if link and text both find the same entry: sources re-make
// their guids. An item without a guid is found by its link, and one without
// either by its text.
func Decide(items []Listed, known map[feed.Key]feed.Known) Verdict {
	ambiguous := Ambiguous(items)
	usable := func(k feed.Key) bool { return !ambiguous[k] && !known[k].Retired }
	v := Verdict{}
	taken := map[any]bool{} // rows of entries and keys of new items already listed
	for _, it := range items {
		keys := make([]feed.Key, 0, len(it.Identity.Keys))
		for _, k := range it.Identity.Keys {
			if usable(k) {
				keys = append(keys, k)
			}
		}
		row, hash := find(keys, known)
		if again := mark(taken, row, keys); again {
			v.Drops = append(v.Drops, feed.Drop{Code: "duplicate", Item: it.Identity.Original,
				Text: "the feed lists it more than once"})
			continue
		}
		if row != 0 && hash == it.Identity.Hash {
			v.Same++
			continue
		}
		it.Identity.Original = original(it.Identity, keys)
		v.Choices = append(v.Choices, Choice{Listed: it, Row: row, Keys: keys})
	}
	for _, k := range keysOf(items) {
		if ambiguous[k] && !known[k].Retired {
			v.Retired = append(v.Retired, k)
		}
	}
	return v
}

// find gives the entry that an item is, and its hash when this feed last listed
// it.
func find(keys []feed.Key, known map[feed.Key]feed.Known) (row int64, hash string) {
	by := map[feed.KeyKind]feed.Known{}
	has := map[feed.KeyKind]bool{}
	for _, k := range keys {
		by[k.Kind], has[k.Kind] = known[k], true
	}
	guid, link, text := by[feed.KeyGUID], by[feed.KeyLink], by[feed.KeyText]
	switch {
	case guid.Entry != 0:
		return guid.Entry, guid.Hash
	case has[feed.KeyGUID]:
		if link.Entry != 0 && link.Entry == text.Entry {
			return link.Entry, link.Hash
		}
		return 0, ""
	case has[feed.KeyLink]:
		return link.Entry, link.Hash
	default:
		return text.Entry, text.Hash
	}
}

// mark notes that an item was listed and tells whether it was before: as the
// same entry, or as a new item found by the same key.
func mark(taken map[any]bool, row int64, keys []feed.Key) (again bool) {
	var sign any = row
	if row == 0 {
		if len(keys) == 0 {
			return false
		}
		sign = keys[0] // the strongest: what it will be found by
	}
	again = taken[sign]
	taken[sign] = true
	return again
}

// original is the id that the published id is made of: the item's own, unless
// what that stands on turned out to stand for several items.
func original(id feed.Identity, usable []feed.Key) string {
	if len(usable) == 0 || usable[0] == id.Keys[0] {
		return id.Original
	}
	return usable[0].Value
}

// keysOf lists every key of a body once, for one look into the store.
func keysOf(items []Listed) []feed.Key {
	seen := map[feed.Key]bool{}
	var keys []feed.Key
	for _, it := range items {
		for _, k := range it.Identity.Keys {
			if !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	return keys
}
