package config

import (
	"broadsheet/feed"
	"broadsheet/sources/fetch"
)

// Listening says which hubs of sources are subscribed at.
type Listening struct {
	On    bool
	Why   string   // why not, in words; empty if On
	Quiet []string // names of sources that are not subscribed to
}

// listening decides whether hubs can call us back.
func (b *builder) listening(site feed.Site) Listening {
	var out Listening
	for i := range b.file.Sources.Items {
		if s := &b.file.Sources.Items[i]; s.Push.good() && !bool(s.Push.V) {
			out.Quiet = append(out.Quiet, string(s.Name.V))
		}
	}
	switch s := &b.file.WebSub.Subscribe; s.V {
	case "never":
		out.Why = "websub.subscribe is never"
	case "always":
		out.On = true
		if b.site != nil && !fetch.PublicHost(b.site.Host) && s.good() {
			b.found.warn(s.Pos, "websub.subscribe", "is always, but hubs can hardly reach %s (site.url)", site.URL)
		}
	default:
		out.On = b.site != nil && fetch.PublicHost(b.site.Host)
		if !out.On {
			out.Why = "site.url is no public address, so that no hub can reach it"
		}
	}
	return out
}
