package config

import (
	"net/url"
	"slices"

	"broadsheet/feed"
)

type websubBlock struct {
	Hub       value[switched] `key:"hub" default:"true" doc:"Whether run is a hub for its own feeds, which name it, so that their subscribers are told of new articles at once. A static site has none: false."`
	Hubs      list[webURL]    `key:"hubs" doc:"Other hubs that the feeds name and that are told of changes, e.g. [https://pubsubhubbub.appspot.com/]. Private sections are not told to them."`
	Subscribe value[line]     `key:"subscribe" default:"auto" enum:"auto,always,never" doc:"Whether run subscribes at the hubs that sources name, which then push what is new and need not be polled as often: auto is if site.url is an address that they can reach."`
}

// WebSub is how new articles are pushed.
type WebSub struct {
	Hub  bool     // we are a hub for our own feeds
	Hubs []string // other hubs, absolute
}

// websub checks the hubs.
func (b *builder) websub(site feed.Site) WebSub {
	s := &b.file.WebSub
	out := WebSub{Hub: bool(s.Hub.V)}
	own := site.URL + feed.HubPath
	for _, h := range s.Hubs.Items {
		u, err := url.Parse(string(h.V))
		switch {
		case !h.good() || err != nil: // it is refused already
		case u.User != nil || u.Fragment != "":
			b.found.refuse(h.Pos, "websub.hubs", "every reader sees it, so write it without user and #")
		case string(h.V) == own:
			b.found.refuse(h.Pos, "websub.hubs", "is our own hub; leave it out, it is named because of websub.hub")
		case !slices.Contains(out.Hubs, string(h.V)):
			out.Hubs = append(out.Hubs, string(h.V))
		}
	}
	return out
}
