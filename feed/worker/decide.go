package worker

import (
	"slices"

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
	// Guess is the entry that a new item may be: its link alone finds it, or its
	// title and text alone (By), and no other item could be meant. 0 if there is
	// none. It is believed only where a feed made its ids anew; see Trip.
	Guess int64
	By    feed.KeyKind
}

// Verdict is what a body means for what is stored.
type Verdict struct {
	Choices []Choice    // new and changed items, in the order listed
	Same    int         // items that are stored as they are
	Firm    int         // items found by what they are recognised by, changed or not
	Renamed int         // items found by link and text under a guid that is not known
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
// either by its text. For a new item that a weaker sign finds, that is noted as a
// guess.
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
		found := recognise(keys, known)
		if again := mark(taken, found.row, keys); again {
			v.Drops = append(v.Drops, feed.Drop{Code: "duplicate", Item: it.Identity.Original,
				Text: "the feed lists it more than once"})
			continue
		}
		switch {
		case found.renamed:
			v.Renamed++
		case found.row != 0:
			v.Firm++
		}
		if found.row != 0 && found.hash == it.Identity.Hash {
			v.Same++
			continue
		}
		it.Identity.Original = original(it.Identity, keys)
		v.Choices = append(v.Choices, Choice{Listed: it, Row: found.row, Keys: keys})
	}
	v.guess(known, taken)
	for _, k := range keysOf(items) {
		if ambiguous[k] && !known[k].Retired {
			v.Retired = append(v.Retired, k)
		}
	}
	return v
}

// match is the entry that an item is.
type match struct {
	row     int64  // 0 if it is new
	hash    string // of the item when this same feed last listed it
	renamed bool   // its guid is not known, and link and text are
}

// recognise gives the entry that an item with these keys is.
func recognise(keys []feed.Key, known map[feed.Key]feed.Known) match {
	by := map[feed.KeyKind]feed.Known{}
	has := map[feed.KeyKind]bool{}
	for _, k := range keys {
		by[k.Kind], has[k.Kind] = known[k], true
	}
	guid, link, text := by[feed.KeyGUID], by[feed.KeyLink], by[feed.KeyText]
	if !has[feed.KeyText] {
		text = by[feed.KeyBrief]
	}
	switch {
	case guid.Entry != 0:
		return match{row: guid.Entry, hash: guid.Hash}
	case has[feed.KeyGUID]:
		if link.Entry != 0 && link.Entry == text.Entry {
			return match{link.Entry, link.Hash, true}
		}
		return match{}
	case has[feed.KeyLink]:
		return match{row: link.Entry, hash: link.Hash}
	default:
		return match{row: text.Entry, hash: text.Hash}
	}
}

// guess notes for each new item which entry it may be: one that its link finds,
// else its text, that no other item of the body is or may be, and whose key no
// other entry came with.
func (v *Verdict) guess(known map[feed.Key]feed.Known, taken map[any]bool) {
	claims := map[int64]int{}
	for i := range v.Choices {
		c := &v.Choices[i]
		if c.Row != 0 {
			continue
		}
		for _, k := range c.Keys {
			old := known[k]
			if k.Kind != feed.KeyGUID && old.Entry != 0 && !old.Shared && !taken[old.Entry] {
				c.Guess, c.By = old.Entry, k.Kind
				claims[old.Entry]++
				break
			}
		}
	}
	for i := range v.Choices {
		if c := &v.Choices[i]; claims[c.Guess] > 1 {
			c.Guess, c.By = 0, ""
		}
	}
}

// Believe takes guesses by these kinds of key for true.
func (v Verdict) Believe(kinds ...feed.KeyKind) Verdict {
	v.Choices = slices.Clone(v.Choices)
	for i := range v.Choices {
		if c := &v.Choices[i]; c.Guess != 0 && slices.Contains(kinds, c.By) {
			c.Row = c.Guess
		}
	}
	return v
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
