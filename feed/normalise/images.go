package normalise

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// lazySources are attributes in which pages keep the image that a script puts
// in place later, likeliest first.
var lazySources = []string{
	"data-src", "data-lazy-src", "data-original", "data-lazy", "data-orig-file",
	"data-full-src", "data-hi-res-src", "data-img-src", "data-echo", "data-url",
	"data-lazyload", "data-cfsrc", "data-actualsrc", "data-image", "data-ll-src", "nitro-lazy-src",
	"data-wpfc-original-src", "data-ezsrc", "data-runner-src",
}

var lazySets = []string{
	"data-srcset", "data-lazy-srcset", "data-original-set", "data-ll-srcset", "nitro-lazy-srcset",
	"data-wpfc-original-srcset", "data-ezsrcset",
}

// placeholder matches images that stand in for one which comes later.
var placeholder = regexp.MustCompile(
	`(?i)placeholder|lazy[-_]?load|` +
		`/(?:blank|spacer|grey|gray|transparent|trans|loading|loader|pixel|1x1)\.`)

// image gives an image that can be seen: lazy ones are made real, the text of
// emoji takes their place, and trackers and pixels are dropped.
func (c *cleaner) image(n *html.Node) []*html.Node {
	src, ok := c.imageSource(n)
	if !ok {
		c.removed["an image without a source"]++
		return textNode(imageText(n))
	}
	if isTracker(src) || isPixel(n) {
		c.removed["a tracking image"]++
		return nil
	}
	if text := emoji(n, src); text != "" {
		c.made["a picture of a sign became the sign"]++
		return textNode(text)
	}
	out := newElement("img")
	c.place(out, n)
	copyAttributes(out, n, commonAttributes)
	setAttribute(out, "src", src)
	if set := c.srcset(n); set != "" {
		setAttribute(out, "srcset", set)
		copyAttributes(out, n, []string{"sizes"})
	}
	copyAttributes(out, n, allowed["img"])
	if !hasAttribute(out, "alt") {
		setAttribute(out, "alt", "")
	}
	setAttribute(out, "loading", "lazy")
	setAttribute(out, "referrerpolicy", "no-referrer")
	if !c.repeating {
		c.images[src] = true
	}
	return []*html.Node{out}
}

// imageText stands for an image that cannot be shown.
func imageText(n *html.Node) string { return oneLine(cleanText(attribute(n, "alt"))) }

// imageSource finds the address of the image itself.
func (c *cleaner) imageSource(n *html.Node) (string, bool) {
	for _, name := range lazySources {
		value := attribute(n, name)
		if !strings.ContainsAny(value, "./") || strings.ContainsAny(value, "{}<>\"") {
			continue
		}
		if src, ok := c.resolve(value); ok {
			c.made["a lazy image became real"]++
			return src, true
		}
	}
	src, ok := c.resolve(attribute(n, "src"))
	if ok && !placeholder.MatchString(src) {
		return src, true
	}
	if set := c.srcset(n); set != "" {
		return largest(set), true
	}
	return src, ok
}

// srcset gives the set of sources of an image, each absolute.
func (c *cleaner) srcset(n *html.Node) string {
	for _, name := range lazySets {
		if set := c.resolveSet(attribute(n, name)); set != "" {
			return set
		}
	}
	return c.resolveSet(attribute(n, "srcset"))
}

var descriptor = regexp.MustCompile(`^[0-9]{1,5}(?:\.[0-9]{1,3})?[wx]$`)

// maxSources bounds the set of sources of one image.
const maxSources = 16

// resolveSet reads a srcset as the HTML Standard says (§4.8.4.3.10): addresses
// may hold commas, but not begin or end with one.
func (c *cleaner) resolveSet(s string) string {
	var set []string
	for len(set) < maxSources && len(s) <= maxMarkup {
		s = strings.TrimLeft(s, " \t\r\n,")
		if s == "" {
			break
		}
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			end = len(s)
		}
		ref, size := s[:end], ""
		s = s[end:]
		if trimmed := strings.TrimRight(ref, ","); trimmed != ref {
			ref = trimmed
		} else {
			size, s, _ = strings.Cut(s, ",")
			size = strings.TrimSpace(size)
		}
		src, ok := c.resolve(ref)
		src = strings.TrimRight(src, ",")
		if !ok || isTracker(src) || size != "" && !descriptor.MatchString(size) {
			continue
		}
		set = append(set, strings.TrimSpace(src+" "+size))
	}
	return strings.Join(slices.Compact(set), ", ")
}

// largest is the address of the biggest image of a set written by resolveSet.
func largest(set string) string {
	best, most := "", -1
	for candidate := range strings.SplitSeq(set, ", ") {
		src, size, _ := strings.Cut(candidate, " ")
		if n := number(strings.TrimRight(size, "wx")); n > most {
			best, most = src, n
		}
	}
	return best
}

// source gives a source of a picture or a player.
func (c *cleaner) source(n *html.Node) []*html.Node {
	out := newElement("source")
	if n.Parent != nil && n.Parent.Data == "picture" {
		set := c.srcset(n)
		if set == "" {
			return nil
		}
		setAttribute(out, "srcset", set)
		copyAttributes(out, n, []string{"type", "media", "sizes"})
		return []*html.Node{out}
	}
	src, ok := c.resolve(attribute(n, "src"))
	if !ok {
		src, ok = c.resolve(attribute(n, "data-src"))
	}
	if !ok || n.Parent == nil || n.Parent.Data != "video" && n.Parent.Data != "audio" {
		return nil
	}
	setAttribute(out, "src", src)
	copyAttributes(out, n, []string{"type"})
	return []*html.Node{out}
}

// player writes the attributes of a video or audio player, which never starts by
// itself and asks for nothing before it is started.
func (c *cleaner) player(out, n *html.Node) {
	if src, ok := c.resolve(attribute(n, "src")); ok {
		setAttribute(out, "src", src)
	}
	if poster, ok := c.resolve(attribute(n, "poster")); ok && out.Data == "video" {
		setAttribute(out, "poster", poster)
	}
	if !hasAttribute(out, "src") {
		if src, ok := c.resolve(attribute(n, "data-src")); ok {
			setAttribute(out, "src", src)
		}
	}
	setAttribute(out, "controls", "")
	setAttribute(out, "preload", "none")
}

// noscript gives what readers without scripts see, less the images that are
// there already because lazy ones were made real.
func (c *cleaner) noscript(n *html.Node) []*html.Node {
	if c.repeating { // one within another: the outer one looks for repeats in all of it
		return c.children(n)
	}
	c.repeating = true
	children := c.children(n)
	c.repeating = false
	return slices.DeleteFunc(children, func(child *html.Node) bool {
		images := imagesOf(child)
		return len(images) > 0 && all(images, c.images)
	})
}

// imagesOf lists the images in n.
func imagesOf(n *html.Node) []string {
	var out []string
	if n.Type == html.ElementNode && n.Data == "img" {
		out = append(out, attribute(n, "src"))
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		out = append(out, imagesOf(child)...)
	}
	return out
}

func all(names []string, in map[string]bool) bool {
	return !slices.ContainsFunc(names, func(s string) bool { return !in[s] })
}

// emoji is the character that an image of an emoji stands for.
func emoji(n *html.Node, src string) string {
	const longest = 16 // bytes of one emoji with its modifiers, and some
	alt := attribute(n, "alt")
	if alt == "" || len(alt) > longest*2 || isASCII(alt) {
		return ""
	}
	if strings.Contains(src, "/emoji/") || strings.Contains(src, "/twemoji") ||
		strings.Contains(attribute(n, "class"), "emoji") {
		return cleanText(alt)
	}
	return ""
}

// isPixel tells whether an image is too small to be seen, or hidden.
func isPixel(n *html.Node) bool {
	for _, name := range []string{"width", "height"} {
		switch strings.TrimSuffix(strings.TrimSpace(attribute(n, name)), "px") {
		case "0", "1":
			return true
		}
	}
	style := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") ||
		tinyStyle.MatchString(style)
}

var tinyStyle = regexp.MustCompile(`(?:^|;)(?:width|height):[01](?:px)?(?:;|$|!)`)

// trackerPaths are hosts, with all below them, that serve images which count
// readers, or buttons, and where in them.
var trackerPaths = map[string][]string{
	"ads.pheedo.com":                 {"/"},
	"api.follow.it":                  {"/track"},
	"assets.feedblitz.com":           {"/i/"},
	"awin1.com":                      {"/cshow"},
	"bat.bing.com":                   {"/"},
	"blogger.googleusercontent.com":  {"/tracker/"},
	"cdn.jwplayer.com":               {"/pixel"},
	"counter.theconversation.com":    {"/"},
	"counter.theconversation.edu.au": {"/"},
	"counter.yadro.ru":               {"/"},
	"da.feedsportal.com":             {"/"},
	"doubleclick.net":                {"/"},
	"facebook.com":                   {"/tr/"},
	"feeds.feedblitz.com":            {"/_/"},
	"feeds.feedburner.com":           {"/~"},
	"feeds.wordpress.com":            {"/1.0/"},
	"google-analytics.com":           {"/"},
	"googleadservices.com":           {"/"},
	"googlesyndication.com":          {"/"},
	"googletagmanager.com":           {"/"},
	"hits.blogsoft.org":              {"/"},
	"ir-de.amazon-adsystem.com":      {"/"},
	"ir-na.amazon-adsystem.com":      {"/"},
	"ir-uk.amazon-adsystem.com":      {"/"},
	"mc.yandex.ru":                   {"/"},
	"medium.com":                     {"/_/stat"},
	"p.feedblitz.com":                {"/"},
	"pi.feedsportal.com":             {"/"},
	"pixel.parsely.com":              {"/"},
	"pixel.quantserve.com":           {"/"},
	"pixel.wp.com":                   {"/"},
	"px.ads.linkedin.com":            {"/"},
	"res.feedsportal.com":            {"/"},
	"rss.buysellads.com":             {"/"},
	"rss.feedsportal.com":            {"/"},
	"scorecardresearch.com":          {"/"},
	"sitemeter.com":                  {"/"},
	"statcounter.com":                {"/"},
	"stats.wordpress.com":            {"/"},
	"stats.wp.com":                   {"/"},
	"top-fwz1.mail.ru":               {"/"},
	"vgwort.de":                      {"/"},
	"wms-eu.amazon-adsystem.com":     {"/"},
	"www.pheedo.com":                 {"/"},
	"zenaps.com":                     {"/"},
}

// isTracker tells whether an image's address is that of a counter.
func isTracker(src string) bool {
	l, ok := absolute(src)
	if !ok {
		return false
	}
	for host := l.host; ; {
		for _, path := range trackerPaths[host] {
			if strings.HasPrefix(l.path+"/", path) {
				return true
			}
		}
		_, parent, ok := strings.Cut(host, ".")
		if !ok {
			return strings.HasPrefix(l.host, "matomo.") || strings.HasPrefix(l.host, "piwik.")
		}
		host = parent
	}
}

// firstImage is the address of the first image in safe markup.
func firstImage(markup string) string {
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "img" {
				return attribute(&html.Node{Attr: t.Attr}, "src")
			}
		}
	}
}
