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
	path *regexp.Regexp // of the frame's path and query, with what names the thing in a group; nil is any
	page string         // where a person sees it: "$1" is the first group; empty is the frame itself
	name string         // what it is, for a frame without a title
	// still is a picture of it that the site has at an address which follows from the
	// frame's, so that nobody need be asked; empty if there is none.
	still string
}

// youTubeStill is a picture that every video of YouTube has.
const youTubeStill = "https://i.ytimg.com/vi/$1/hqdefault.jpg"

var frameSites = []frameSite{
	{host: "youtube.com", path: regexp.MustCompile(`^/embed/(videoseries|live_stream)\b`), name: "Videos on YouTube"},
	{
		"youtube.com", regexp.MustCompile(`^/(?:embed|v|shorts|live)/([\w-]{6,20})`),
		"https://www.youtube.com/watch?v=$1", "Video on YouTube", youTubeStill,
	},
	{
		"youtube-nocookie.com", regexp.MustCompile(`^/(?:embed|v)/([\w-]{6,20})`),
		"https://www.youtube.com/watch?v=$1", "Video on YouTube", youTubeStill,
	},
	{
		"youtu.be", regexp.MustCompile(`^/([\w-]{11})(?:\?|$)`),
		"https://www.youtube.com/watch?v=$1", "Video on YouTube", youTubeStill,
	},
	{host: "youtube.com", name: "Video on YouTube"},
	{host: "youtu.be", name: "Video on YouTube"},
	{
		host: "player.vimeo.com", path: regexp.MustCompile(`^/video/(\d+)`),
		page: "https://vimeo.com/$1", name: "Video on Vimeo",
	},
	{host: "vimeo.com", name: "Video on Vimeo"},
	{
		"dailymotion.com", regexp.MustCompile(`^/embed/video/(\w+)`),
		"https://www.dailymotion.com/video/$1", "Video on Dailymotion",
		"https://www.dailymotion.com/thumbnail/video/$1",
	},
	{
		"geo.dailymotion.com", regexp.MustCompile(`^/player(?:/\w+)?\.html\?(?:.*&)?video=(\w+)`),
		"https://www.dailymotion.com/video/$1", "Video on Dailymotion",
		"https://www.dailymotion.com/thumbnail/video/$1",
	},
	{host: "geo.dailymotion.com", name: "Video on Dailymotion"},
	{
		"open.spotify.com", regexp.MustCompile(`^/embed(?:-podcast)?/(\w+/\w+)`),
		"https://open.spotify.com/$1", "Audio on Spotify", "",
	},
	{host: "w.soundcloud.com", name: "Audio on SoundCloud"},
	{host: "bandcamp.com", name: "Audio on Bandcamp"},
	{host: "embed.podcasts.apple.com", name: "Podcast on Apple Podcasts"},
	{
		"player.twitch.tv", regexp.MustCompile(`^/\?(?:.*&)?video=v?(\d+)`),
		"https://www.twitch.tv/videos/$1", "Video on Twitch", "",
	},
	{host: "player.twitch.tv", name: "Video on Twitch"},
	{"embed.ted.com", regexp.MustCompile(`^(/talks/[^?]+)`), "https://www.ted.com$1", "Talk on TED", ""},
	{
		"archive.org", regexp.MustCompile(`^/embed/([^/?]+)`),
		"https://archive.org/details/$1", "Media on the Internet Archive", "https://archive.org/services/img/$1",
	},
	{host: "rumble.com", name: "Video on Rumble"},
	{"odysee.com", regexp.MustCompile(`^/\$/embed/([^?]+)`), "https://odysee.com/$1", "Video on Odysee", ""},
	{host: "odysee.com", name: "Video on Odysee"},
	{"rutube.ru", regexp.MustCompile(`^/play/embed/(\w+)`), "https://rutube.ru/video/$1/", "Video on Rutube", ""},
	{host: "rutube.ru", name: "Video on Rutube"},
	{
		"player.bilibili.com", regexp.MustCompile(`^/player\.html\?(?:.*&)?bvid=(BV\w+)`),
		"https://www.bilibili.com/video/$1", "Video on Bilibili", "",
	},
	{host: "player.bilibili.com", name: "Video on Bilibili"},
	{"facebook.com", regexp.MustCompile(`^/plugins/(?:video|post)\.php`), "", "Post on Facebook", ""},
	{
		"instagram.com", regexp.MustCompile(`^(/(?:p|reel)/[\w-]+/)`),
		"https://www.instagram.com$1", "Post on Instagram", "",
	},
	{
		"platform.twitter.com", regexp.MustCompile(`^/embed/Tweet\.html\?(?:.*&)?id=(\d+)`),
		"https://x.com/i/status/$1", "Post on X", "",
	},
	{host: "platform.twitter.com", name: "Post on X"},
	{host: "tiktok.com", name: "Video on TikTok"},
	{host: "datawrapper.dwcdn.net", name: "Chart on Datawrapper"},
	{host: "flo.uri.sh", name: "Chart on Flourish"},
	{"google.com", regexp.MustCompile(`^/maps`), "", "Map on Google Maps", ""},
	{host: "openstreetmap.org", name: "Map on OpenStreetMap"},
	{host: "documentcloud.org", name: "Document on DocumentCloud"},
	{host: "scribd.com", name: "Document on Scribd"},
	{host: "slideshare.net", name: "Slides on SlideShare"},
	{host: "codepen.io", name: "Example on CodePen"},
	{host: "peertube.tv", name: "Video on PeerTube"},
	{host: "player.podigee-cdn.net", name: "Podcast on Podigee"},
	{host: "podbean.com", name: "Podcast on Podbean"},
	{host: "buzzsprout.com", name: "Podcast on Buzzsprout"},
}

// peerTube is the path of a frame of PeerTube, which anybody may run at a host of
// their own: what it is shows in the form of its address.
var peerTube = regexp.MustCompile(`^/videos/embed/([0-9A-Za-z]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// lazyFrames are attributes in which pages keep a frame that a script loads later.
var lazyFrames = []string{"data-src", "data-lazy-src", "data-litespeed-src", "data-cmp-src", "data-cookieblock-src"}

// stills are attributes in which pages keep a picture of what a frame shows.
var stills = []string{"data-thumbnail-src", "data-thumb", "data-poster", "poster"}

// videoElements are elements of scripts that put a player in their place, with the
// attribute that names the video.
var videoElements = map[string]string{
	"lite-youtube": "videoid", "youtube-video": "videoid", "amp-youtube": "data-videoid",
	"lite-vimeo": "videoid", "amp-vimeo": "data-videoid", "amp-dailymotion": "data-videoid",
}

// videoSites are where those elements have their videos.
var videoSites = map[string]string{
	"youtube": "https://www.youtube.com/embed/", "vimeo": "https://player.vimeo.com/video/",
	"dailymotion": "https://www.dailymotion.com/embed/video/",
}

// embed gives a link in place of a frame of a known site, and nothing in place of
// others, which are advertisements and forms.
func (c *cleaner) embed(n *html.Node) []*html.Node {
	src := attribute(n, "src")
	for _, name := range lazyFrames {
		if lazy := attribute(n, name); lazy != "" {
			src = lazy
			break
		}
	}
	if link := c.frameLink(src, n); link != nil {
		return link
	}
	c.removed[n.Data]++
	return nil
}

// videoElement gives a link in place of an element that a script makes a player of.
func (c *cleaner) videoElement(n *html.Node) []*html.Node {
	for site, address := range videoSites {
		if strings.Contains(n.Data, site) {
			if link := c.frameLink(address+attribute(n, videoElements[n.Data]), n); link != nil {
				return link
			}
		}
	}
	return c.children(n)
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
		if link := c.frameLink(src, n); link != nil {
			return link
		}
	}
	return c.children(n)
}

// frameLink is a link to what the frame n shows, under a picture of it if there is
// one; nil if it is no known site's.
func (c *cleaner) frameLink(src string, n *html.Node) []*html.Node {
	address, ok := c.resolve(src)
	if !ok {
		return nil
	}
	l, _ := absolute(address)
	page, still, name, ok := shownAt(l)
	if !ok {
		return nil
	}
	if title := oneLine(cleanText(attribute(n, "title"))); title != "" && len(title) <= maxTitle {
		name = title
	}
	out := newElement("a")
	setAttribute(out, "href", page)
	setAttribute(out, "rel", linkRelation)
	for _, attr := range stills {
		if given, ok := c.resolve(attribute(n, attr)); ok && still == "" && !isTracker(given) {
			still = given
		}
	}
	if still != "" {
		adopt(out, []*html.Node{picture(still), newElement("br")})
	}
	adopt(out, textNode(name))
	c.made["a player became a link"]++
	return []*html.Node{out}
}

// picture is an image of which nothing but the address is known.
func picture(src string) *html.Node {
	img := newElement("img")
	setAttribute(img, "src", src)
	setAttribute(img, "alt", "")
	setAttribute(img, "loading", "lazy")
	setAttribute(img, "referrerpolicy", "no-referrer")
	return img
}

// shownAt is the page where a person sees what a frame shows, a picture of it if one
// is known, and what it is; ok is false for a frame of no known site.
func shownAt(l location) (page, still, name string, ok bool) {
	for _, site := range frameSites {
		if l.host != site.host && !strings.HasSuffix(l.host, "."+site.host) {
			continue
		}
		if site.path == nil {
			return l.String(), "", site.name, true
		}
		m := site.path.FindStringSubmatch(l.path + l.query)
		if m == nil {
			continue
		}
		if page = l.String(); site.page != "" {
			page = strings.ReplaceAll(site.page, "$1", m[1])
		}
		if site.still != "" {
			still = strings.ReplaceAll(site.still, "$1", m[1])
		}
		return page, still, site.name, true
	}
	if m := peerTube.FindStringSubmatch(l.path); m != nil {
		return "https://" + l.host + "/w/" + m[1], "", "Video on PeerTube", true
	}
	return "", "", "", false
}
