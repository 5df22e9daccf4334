package syndication

import (
	"context"

	"broadsheet/feed"
)

// Hear reads a feed that a hub pushed, as Poll reads one that it asked for: as if it had
// come from where the last body did, so that nothing in it counts as changed that is not.
// What comes with it in the way of links says nothing of the feed (WebSub §7).
func (s *source) Hear(ctx context.Context, visit feed.Visit, header feed.Header, d feed.Pushed) (feed.Outcome, error) {
	out := feed.Outcome{Trace: feed.Trace{URL: visit.URL, Bytes: int64(len(d.Body))}}
	if err := ctx.Err(); err != nil {
		return out, &feed.Error{Step: step, Kind: feed.KindCanceled, Text: "the program is stopping", Err: err}
	}
	in := Input{URL: visit.URL, ContentType: d.ContentType}
	if visit.Memo.URL != "" {
		in.URL = visit.Memo.URL
	}
	if header.Self != "" {
		in.Links = []feed.Link{{Rel: "self", Href: header.Self}}
	}
	doc, err := Parse(d.Body, in)
	if err != nil {
		return out, err
	}
	out.Status, out.Reader = feed.Changed, "feed "+Version
	out.Header, out.Items, out.Warnings, out.Drops = doc.Header, doc.Items, doc.Warnings, doc.Drops
	return out, nil
}
