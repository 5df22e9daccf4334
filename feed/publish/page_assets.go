package publish

import (
	"bytes"
	"strconv"
	"strings"

	"broadsheet/feed"
)

const (
	typeStyle = "text/css; charset=utf-8"
	typeText  = "text/plain; charset=utf-8"
	typeSVG   = "image/svg+xml"
	typeIcon  = "image/vnd.microsoft.icon"
)

// Paths below the site's base of what all pages have.
const (
	stylePath     = "/-/style.css"
	feedStylePath = "/-/feed.css" // of feeds that are opened in a browser
	iconPath      = "/-/icon.svg"
	oldIconPath   = "/favicon.ico" // where browsers look that were told of no icon
	robotsPath    = "/robots.txt"
)

// assets are the documents that all pages have, and what a browser or a search engine
// asks every site for. prefix is the path of site.URL.
func (p *Press) assets(site feed.Site, prefix string) []draft {
	return []draft{
		{path: stylePath, mediaType: typeStyle, body: p.files["style.css"]},
		{path: feedStylePath, mediaType: typeStyle, body: p.feedStyle(site)},
		{path: iconPath, mediaType: typeSVG, body: p.files["icon.svg"]},
		{path: oldIconPath, mediaType: typeIcon, body: p.files["favicon.ico"]},
		{path: robotsPath, mediaType: typeText, body: robots(strings.TrimSuffix(prefix, "/"))},
	}
}

// robots lets crawlers read everything but what is made for each request. Pages that are
// not to be listed say so themselves: a crawler that may not read them would not know.
func robots(prefix string) []byte {
	var b bytes.Buffer
	b.WriteString("User-agent: *\n")
	for _, path := range []string{feed.SearchPath, feed.HubPath, feed.PushPath, feed.ImagePath} {
		b.WriteString("Disallow: " + prefix + path + "\n")
	}
	b.WriteString("Allow: " + prefix + "/\n")
	return b.Bytes()
}

// feedStyle is the stylesheet of feeds with our words in it, which only the stylesheet
// can add: a feed says nothing but its own (S-9).
func (p *Press) feedStyle(site feed.Site) []byte {
	w := siteWords(site)
	return []byte(strings.NewReplacer("{{this-is-a-feed}}", cssString(w.ThisIsAFeed), "{{how-to}}", cssString(w.FeedHowTo),
		"{{direction}}", w.Dir()).Replace(string(p.files["feed.css"])))
}

// cssString is a text as a string of CSS (CSS Syntax §4.3.5).
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || r < ' ':
			b.WriteString(`\` + strconv.FormatInt(int64(r), 16) + " ")
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// dressed is an RSS or Atom document that names its stylesheet, by the way from its own
// path: whoever opens it in a browser is told what it is. It is an instruction to
// processors (xml-stylesheet, W3C 2010), which feed readers overlook.
func dressed(path, mediaType string, body []byte) []byte {
	if mediaType != typeRSS && mediaType != typeAtom {
		return body
	}
	const end = "?>"
	at := bytes.Index(body, []byte(end))
	if !bytes.HasPrefix(body, []byte("<?xml ")) || at < 0 {
		return body
	}
	at += len(end)
	href := strings.TrimPrefix(wayUp(path), "./") + strings.TrimPrefix(feedStylePath, "/")
	out := make([]byte, 0, len(body)+100)
	out = append(out, body[:at]...)
	out = append(out, `<?xml-stylesheet type="text/css" href="`+href+`"?>`...)
	return append(out, body[at:]...)
}
