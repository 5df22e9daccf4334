package normalise

import (
	"time"

	"broadsheet/feed"
)

// origin fills in Origin: the feed that the item says it comes from, if the
// source is an aggregator, else the feed that listed it, under the name and the
// address that the operator gives the outlet.
func origin(d *draft) {
	if o := d.item.Origin; o != nil && named(*o) && !d.ownFeed(*o) {
		d.entry.Origin = d.channel(*o)
		return
	}
	c := d.channel(d.item.Channel)
	o := d.in.Outlet
	if t := oneLine(cleanText(o.Title)); t != "" {
		c.Title = feed.Plain(t)
	}
	bases := d.bases
	c.Link = orElse(resolveText(o.Link, bases), c.Link)
	c.Image = orElse(resolveText(o.Image, bases), c.Image)
	c.Language = orElse(c.Language, canonicalLanguage(o.Language))
	if r := oneLine(cleanText(o.Rights)); r != "" && c.Rights.Empty() {
		c.Rights = feed.Plain(r)
	}
	d.entry.Origin = c
}

// named tells whether a channel says enough of itself to be told from others.
func named(c feed.Channel) bool {
	return plainLine(c.Title) != "" || c.Self != "" || c.Link != "" || c.ID != ""
}

// ownFeed tells whether a channel is the feed that listed the item: some feeds
// name themselves as the source of each item.
func (d *draft) ownFeed(c feed.Channel) bool {
	own, ok := absolute(d.item.Channel.Self)
	other, named := absolute(c.Self)
	return ok && named && canonical(own, false) == canonical(other, false)
}

// channel makes what a feed says of itself fit to travel with an entry.
func (d *draft) channel(c feed.Channel) feed.Channel {
	bases := itemBases(feed.Item{Channel: feed.Channel{Self: c.Self, Link: c.Link}})
	line := func(t feed.Text) feed.Text { return feed.Plain(shorten(plainLine(t), maxTitle)) }
	out := feed.Channel{
		Title: line(c.Title), Subtitle: line(c.Subtitle), Rights: line(c.Rights),
		Link: resolveText(c.Link, bases), Self: resolveText(c.Self, bases),
		Image: resolveText(c.Image, bases), Icon: resolveText(c.Icon, bases),
		Language: canonicalLanguage(c.Language),
		Authors:  d.people(c.Authors),
		Extras:   d.elements(c.Extras, func(p feed.Passage) bool { return p.Feeds }), BlockedBy: blockName(c.BlockedBy),
	}
	if absoluteIRI(c.ID) {
		out.ID = c.ID
	}
	if t, ok := parseDate(c.Updated, d.in.Zone, dateOrder(d.item)); ok {
		out.Updated = t.Format(time.RFC3339)
	}
	return out
}
