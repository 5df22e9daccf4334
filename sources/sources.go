// Package sources turns a subscription of the configuration into something that
// can be polled.
//
// It decides which kind of source reads a subscription, and nothing else. It
// must not know any kind by name: the kinds are a list that its caller holds,
// so a new kind touches no line here.
package sources

import (
	"fmt"
	"strings"

	"broadsheet/feed"
	"broadsheet/sources/fetch"
)

// Env is what every kind of source may use of the world outside.
type Env struct {
	// Fetch is the one way out: no kind may make a request by other means.
	Fetch *fetch.Client
}

// Kind is one way of finding items: RSS and its relatives, a web page, a sitemap.
type Kind struct {
	Name string // as written after "kind:" in the configuration
	// New makes a source of this kind. It does no I/O; an error is about the
	// subscription's settings and meant for the operator.
	New func(env Env, sub feed.Subscription) (feed.Source, error)
}

// New makes the source that reads sub, by its kind. If no kind has that name,
// the error names those that exist.
func New(kinds []Kind, env Env, sub feed.Subscription) (feed.Source, error) {
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		if k.Name == sub.Kind {
			return k.New(env, sub)
		}
		names = append(names, k.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("kind %q does not exist; there are no kinds", sub.Kind)
	}
	return nil, fmt.Errorf("kind %q does not exist; the kinds are: %s",
		sub.Kind, strings.Join(names, ", "))
}
