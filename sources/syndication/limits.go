package syndication

import (
	"fmt"

	"broadsheet/feed"
)

// Limits of one document. The widest and deepest of some thousand real feeds
// stay below a third of each; past one, a document is refused as a whole,
// because it was made to cost time. Only a list that is too long is cut.
const (
	maxDepth      = 200     // open elements
	maxAttributes = 100     // of one element, xmlns included
	maxNamespaces = 64      // declarations in scope
	maxParts      = 600_000 // elements, attributes and runs of text, without items that were left out
	maxJSONDepth  = 100     // open objects and arrays
	// maxJSONMembers is how many members the document itself has; feeds have some
	// thirty. They are counted before any of them is read.
	maxJSONMembers = 10_000
	// maxJSONValues is how many names and values there are in these members and in
	// the items, without items that were left out.
	maxJSONValues = 1 << 20
	// maxItems is how many items of a document are read (T-21): more than any feed
	// needs, and few enough to be looked up, made and stored in one poll.
	maxItems = 5000
)

// Limits of one item: more than a reader could use.
const (
	maxURL   = 8192 // bytes of a link; longer ones are no use to anybody
	maxDate  = 128  // bytes of a date
	maxShort = 1024 // bytes of a name, a term or another short field
	maxList  = 1000 // links, people, categories or files; the rest is left out
)

const step = "reading the feed"

func tooLarge(format string, args ...any) *feed.Error {
	return &feed.Error{Step: step, Kind: feed.KindTooLarge, Text: fmt.Sprintf(format, args...)}
}

func refuse(kind feed.Kind, format string, args ...any) *feed.Error {
	return &feed.Error{Step: step, Kind: kind, Text: legibly(fmt.Sprintf(format, args...))}
}

// clip cuts a short field at a limit, between characters.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && s[limit]&0xC0 == 0x80 {
		limit--
	}
	return s[:limit]
}
