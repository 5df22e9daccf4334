package serve

import (
	"net/url"
	"strings"

	"broadsheet/feed"
)

// linkOf is the Link field of a feed (RFC 8288): the hubs that announce it and its own
// address, by which they know it (WebSub §4), and the page that shows the same. It is
// made when the document is asked for first.
func (s *readers) linkOf(c *copies, at, query string) []string {
	if made := c.link.Load(); made != nil {
		return *made
	}
	var links []string
	add := func(target, parameters string) {
		links = append(links, "<"+strings.ReplaceAll(target, ">", "%3E")+">; "+parameters)
	}
	base := strings.TrimSuffix(s.site.URL, "/")
	for _, hub := range s.options.Hubs {
		if query != "" {
			break // no hub takes what is selected for a topic
		}
		if !c.private || strings.HasPrefix(hub, base+"/") {
			add(hub, `rel="hub"`)
		}
	}
	self := base + (&url.URL{Path: at}).EscapedPath()
	if query != "" {
		self += "?" + query
	}
	add(self, `rel="self"`)
	if !strings.HasPrefix(at, feed.ArchivePath) && query == "" {
		add(base+at[:strings.LastIndexByte(at, '/')+1], `rel="alternate"; type="text/html"`)
	}
	made := []string{strings.Join(links, ", ")}
	c.link.Store(&made)
	return made
}
