package publish

import (
	"html"
	"strings"

	"broadsheet/feed"
)

// told is the entry as feeds tell it: if there are other places that have its story
// they are named in a line at the end of its content. What has no content but a
// summary has it as content then, for a line can only stand in markup.
func told(e feed.Entry, site feed.Site) feed.Entry {
	if len(e.Also) == 0 {
		return e
	}
	if e.Content == "" {
		e.Content, e.Summary = feed.HTML(paragraphed(e.Summary)), ""
	}
	e.Content += feed.HTML(alsoLine(e.Also, siteWords(site)))
	return e
}

// paragraphed is plain text as HTML, each paragraph in its own element.
func paragraphed(s string) string {
	if s == "" || strings.Contains(s, "\n\n") {
		return paragraphs(s)
	}
	return "<p>" + paragraphs(s) + "</p>"
}

// alsoLine names the other places, each with a link to what it has. The words before
// them are the site's, whatever language the article is in.
func alsoLine(also []feed.Copy, w *words) string {
	var b strings.Builder
	b.WriteString("<p>" + html.EscapeString(w.Also) + " ")
	for i, c := range also {
		if i > 0 {
			b.WriteString(w.comma)
		}
		b.WriteString(`<a href="` + html.EscapeString(c.Link) + `" rel="noopener noreferrer nofollow">` +
			html.EscapeString(c.Title) + "</a>")
	}
	b.WriteString("</p>")
	return b.String()
}

// soundAlso leaves out what cannot be linked to; a place without a name has that of
// its host.
func soundAlso(also []feed.Copy) []feed.Copy {
	var out []feed.Copy
	for _, c := range also {
		c.Link = publicURL(c.Link)
		if c.Title = clip(soundText(c.Title), titleWidth); c.Title == "" {
			c.Title = strings.TrimPrefix(hostname(c.Link), "www.")
		}
		if c.Link != "" {
			out = append(out, c)
		}
	}
	return out
}

// alsoMedia are the other places as pages link to them.
func alsoMedia(also []feed.Copy) []medium {
	var out []medium
	for _, c := range also {
		if link := webURL(c.Link); link != "" {
			out = append(out, medium{Label: c.Title, URL: link})
		}
	}
	return out
}
