package syndication

import (
	"errors"
	"fmt"
	"strings"

	"broadsheet/feed"
)

// errPage: the document is a web page, which is looked at more closely.
var errPage = errors.New("this is a web page")

// pageTags are the elements that pieces of web pages begin with, besides <html>.
var pageTags = map[string]bool{
	"head": true, "body": true, "meta": true, "script": true, "div": true, "title": true, "style": true, "p": true,
	"h1": true, "h2": true, "h3": true, "center": true, "form": true, "table": true, "span": true, "noscript": true,
	"br": true, "b": true, "a": true, "iframe": true, "frameset": true, "main": true, "section": true, "pre": true,
}

// magic are the beginnings of files that are asked for by mistake, as their bytes
// read in windows-1252 without control characters.
var magic = []struct{ begins, what string }{
	{"%PDF-", "a PDF document"}, {"‰PNG", "a picture"}, {"GIF8", "a picture"}, {"ÿØÿ", "a picture"},
	{"BEGIN:VCALENDAR", "a calendar"}, {"#EXTM3U", "a playlist"},
}

// notFeed says what a document is instead.
func notFeed(text, name string) error {
	switch name {
	case "opml":
		return refuse(feed.KindNotFeed, "this is an OPML list, not a feed")
	case "urlset", "sitemapindex":
		return refuse(feed.KindNotFeed, "this is a sitemap, not a feed")
	case "error":
		return refuse(feed.KindNotFeed, "this is an error message in XML, not a feed")
	}
	if pageTags[name] {
		return errPage
	}
	for _, m := range magic {
		if strings.HasPrefix(text, m.begins) {
			return refuse(feed.KindNotFeed, "this is %s, not a feed", m.what)
		}
	}
	const shown = 40
	start := clip(strings.Join(strings.Fields(clip(text, 4*shown)), " "), shown)
	return refuse(feed.KindNotFeed, "this is not a feed: it begins with %q", start)
}

// notJSON tells a damaged feed from something that only begins like one.
func notJSON(text string, err error) error {
	if strings.Contains(text[:min(len(text), 1024)], "jsonfeed.org") {
		return refuse(feed.KindMalformed, "the feed is not valid JSON: %s", err)
	}
	return notFeed(text, "")
}

// noJSONFeed says what a JSON object is instead of a feed: an error, if it says so
// (RFC 9457, and what other interfaces send).
func noJSONFeed(object map[string]any) *feed.Error {
	said, failed := complaint(object)
	switch {
	case !failed:
		return refuse(feed.KindNotFeed, "this is JSON, but not a feed")
	case said == "":
		return refuse(feed.KindNotFeed, "this is an error message in JSON, not a feed")
	}
	const shown = 120
	said = clip(legible(said, &warnings{}), shown)
	return refuse(feed.KindNotFeed, "this is an error message in JSON, not a feed: %s", fmt.Sprintf("%q", said))
}

// complaint is the error that an object reports.
func complaint(object map[string]any) (said string, failed bool) {
	for _, name := range []string{"error", "errors", "fault"} {
		v := object[name]
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		switch e := v.(type) {
		case string:
			return or(message(object), e), e != ""
		case map[string]any:
			return message(e), true
		case bool:
			return message(object), e
		}
	}
	_, status := object["status"]
	_, code := object["code"]
	said = message(object)
	return said, said != "" && (status || code)
}

// message is what an object says in words.
func message(object map[string]any) string {
	for _, name := range []string{"message", "detail", "error_description", "description", "title", "reason"} {
		if s, ok := object[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}
