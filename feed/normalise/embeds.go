package normalise

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// frameSite is a site whose frames are made links: what they show is worth a link,
// and a frame is somebody else's program in the reader's page.
type frameSite struct {
	host string         // the host of the frame, with or without something before it
	path *regexp.Regexp // of the frame's path, with what names the thing in groups; nil is any
	page string         // where a person sees it: "$1" is the first group; empty is the frame itself
	name string         // what it is, for a frame without a title
}

var frameSites = []frameSite{
	{
		"youtube.com", regexp.MustCompile(`^/(?:embed|v|shorts|live)/([\w-]{6,20})`),
		"https://www.youtube.com/watch?v=$1", "Video on YouTube",
	},
	{
		"youtube-nocookie.com", regexp.MustCompile(`^/(?:embed|v)/([\w-]{6,20})`),
		"https://www.youtube.com/watch?v=$1", "Video on YouTube",
	},
	{"youtube.com", nil, "", "Video on YouTube"},
	{"youtu.be", nil, "", "Video on YouTube"},
	{
		"player.vimeo.com", regexp.MustCompile(`^/video/(\d+)`),
		"https://vimeo.com/$1", "Video on Vimeo",
	},
	{"vimeo.com", nil, "", "Video on Vimeo"},
	{
		"dailymotion.com", regexp.MustCompile(`^/embed/video/(\w+)`),
		"https://www.dailymotion.com/video/$1", "Video on Dailymotion",
	},
	{"geo.dailymotion.com", nil, "", "Video on Dailymotion"},
	{
		"open.spotify.com", regexp.MustCompile(`^/embed(?:-podcast)?/(\w+/\w+)`),
		"https://open.spotify.com/$1", "Audio on Spotify",
	},
	{"w.soundcloud.com", nil, "", "Audio on SoundCloud"},
	{"bandcamp.com", nil, "", "Audio on Bandcamp"},
	{"embed.podcasts.apple.com", nil, "", "Podcast on Apple Podcasts"},
	{"player.twitch.tv", nil, "", "Video on Twitch"},
	{"embed.ted.com", regexp.MustCompile(`^(/talks/.+)`), "https://www.ted.com$1", "Talk on TED"},
	{
		"archive.org", regexp.MustCompile(`^/embed/(.+)`),
		"https://archive.org/details/$1", "Media on the Internet Archive",
	},
	{"rumble.com", nil, "", "Video on Rumble"},
	{"odysee.com", nil, "", "Video on Odysee"},
	{"rutube.ru", nil, "", "Video on Rutube"},
	{"player.bilibili.com", nil, "", "Video on Bilibili"},
	{"facebook.com", regexp.MustCompile(`^/plugins/(?:video|post)\.php`), "", "Post on Facebook"},
	{
		"instagram.com", regexp.MustCompile(`^(/(?:p|reel)/[\w-]+/)`),
		"https://www.instagram.com$1", "Post on Instagram",
	},
	{"platform.twitter.com", nil, "", "Post on X"},
	{"tiktok.com", nil, "", "Video on TikTok"},
	{"datawrapper.dwcdn.net", nil, "", "Chart on Datawrapper"},
	{"flo.uri.sh", nil, "", "Chart on Flourish"},
	{"google.com", regexp.MustCompile(`^/maps`), "", "Map on Google Maps"},
	{"openstreetmap.org", nil, "", "Map on OpenStreetMap"},
	{"documentcloud.org", nil, "", "Document on DocumentCloud"},
	{"scribd.com", nil, "", "Document on Scribd"},
	{"slideshare.net", nil, "", "Slides on SlideShare"},
	{"codepen.io", nil, "", "Example on CodePen"},
	{"peertube.tv", nil, "", "Video on PeerTube"},
	{"player.podigee-cdn.net", nil, "", "Podcast on Podigee"},
	{"podbean.com", nil, "", "Podcast on Podbean"},
	{"buzzsprout.com", nil, "", "Podcast on Buzzsprout"},
}

// embed gives a link in place of a frame of a known site, and nothing in place of
// others, which are advertisements and forms.
func (c *cleaner) embed(n *html.Node) []*html.Node {
	src := attribute(n, "src")
	for _, name := range []string{"data-src", "data-lazy-src"} {
		if lazy := attribute(n, name); lazy != "" {
			src = lazy
		}
	}
	if link := c.frameLink(src, attribute(n, "title")); link != nil {
		return link
	}
	c.removed[n.Data]++
	return nil
}

// object gives a link in place of an old player, or what was meant for readers
// who have none.
func (c *cleaner) object(n *html.Node) []*html.Node {
	candidates := []string{attribute(n, "data")}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		switch {
		case child.Data == "param" && strings.EqualFold(attribute(child, "name"), "movie"):
			candidates = append(candidates, attribute(child, "value"))
		case child.Data == "embed":
			candidates = append(candidates, attribute(child, "src"))
		}
	}
	for _, src := range candidates {
		if link := c.frameLink(src, attribute(n, "title")); link != nil {
			return link
		}
	}
	return c.children(n)
}

// frameLink is a link to what a frame shows; nil if it is no known site's.
func (c *cleaner) frameLink(src, title string) []*html.Node {
	address, ok := c.resolve(src)
	if !ok {
		return nil
	}
	l, _ := absolute(address)
	for _, site := range frameSites {
		if l.host != site.host && !strings.HasSuffix(l.host, "."+site.host) {
			continue
		}
		page := address
		if site.path != nil {
			m := site.path.FindStringSubmatch(l.path)
			if m == nil {
				continue
			}
			if site.page != "" {
				page = strings.ReplaceAll(site.page, "$1", m[1])
			}
		}
		out := newElement("a")
		setAttribute(out, "href", page)
		setAttribute(out, "rel", linkRelation)
		name := oneLine(cleanText(title))
		if name == "" || len(name) > maxTitle {
			name = site.name
		}
		adopt(out, textNode(name))
		return []*html.Node{out}
	}
	return nil
}
