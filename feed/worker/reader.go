package worker

import (
	"context"

	"broadsheet/feed"
)

// Reader reads the pages of articles.
type Reader interface {
	// Read asks for an article's page, and for those that it goes on with. Every request
	// goes through gate. The leaves are what came, in order, for Again. An error is an
	// *Error; one of KindHeld says for how long, and who.
	Read(ctx context.Context, gate feed.Gate, errand feed.Errand) (feed.Page, []feed.Leaf, error)
	// Again reads what came once more, and asks nobody.
	Again(errand feed.Errand, leaves []feed.Leaf) (feed.Page, error)
	// Version names how the pages of a source are read: another one may read the same
	// leaves otherwise.
	Version(source string) string
}
