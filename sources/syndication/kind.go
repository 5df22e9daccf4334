package syndication

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"broadsheet/feed"
	"broadsheet/sources"
	"broadsheet/sources/fetch"
)

// Kind is the kind of source that reads RSS, Atom and JSON feeds: "feed". It has
// no settings.
func Kind() sources.Kind {
	return sources.Kind{
		Name: "feed",
		New: func(env sources.Env, sub feed.Subscription) (feed.Source, error) {
			return &source{client: env.Fetch, url: sub.URL, access: sub.Access}, nil
		},
	}
}

// accept names the types of feeds, better ones first.
const accept = "application/atom+xml, application/rss+xml, application/feed+json, " +
	"application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"

// source is one feed. It keeps nothing between polls.
type source struct {
	client *fetch.Client
	url    string // the configured one: access is for its origin
	access feed.Access
}

// Poll gets the feed once and reads it if it is not the one that the memo is of.
func (s *source) Poll(ctx context.Context, gate feed.Gate, visit feed.Visit) (feed.Outcome, error) {
	memo := visit.Memo
	res, err := s.client.Get(ctx, gate, fetch.Request{URL: visit.URL, Accept: accept, Memo: memo,
		Access: s.access, Home: s.url})
	out := feed.Outcome{Memo: res.Memo, Hints: res.Hints, Trace: res.Trace}
	if err != nil {
		return out, err
	}
	if res.NotModified {
		out.Status = feed.NotModified
		return out, nil
	}
	in := Input{URL: res.Trace.URL, ContentType: res.ContentType, Links: res.Links}
	out.Memo.Digest = digest(res.Body, in)
	if out.Memo.Digest == memo.Digest {
		out.Status = feed.Unchanged
		return out, nil
	}
	doc, err := Parse(res.Body, in)
	if err != nil {
		out.Memo = memo // a body that cannot be read must be asked for again
		return out, err
	}
	out.Status, out.Reader = feed.Changed, "feed "+Version
	out.Header, out.Items, out.Warnings, out.Drops = doc.Header, doc.Items, doc.Warnings, doc.Drops
	out.Gone = doc.Gone
	return out, nil
}

// digest is of all that Parse depends on: its version, the body, and what came
// with it.
func digest(body []byte, in Input) string {
	h := sha256.New()
	fmt.Fprintf(h, "feed %s\n%q %q\n", Version, in.URL, in.ContentType)
	for _, l := range in.Links {
		fmt.Fprintf(h, "%q %q\n", l.Rel, l.Href)
	}
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
