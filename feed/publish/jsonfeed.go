package publish

import (
	"bytes"
	"encoding/json"

	"github.com/gorilla/feeds"

	"broadsheet/feed"
)

// jsonFeed is gorilla's feed whose items are there even if there are none
// (JSON Feed 1.1 requires them).
type jsonFeed struct {
	feeds.JSONFeed
	Items []*jsonItem `json:"items"`
}

// jsonItem is gorilla's item with what it lacks. Dates are written by
// ourselves: gorilla's would keep the zone and the nanoseconds.
type jsonItem struct {
	feeds.JSONItem
	Published   string           `json:"date_published,omitempty"`
	Modified    string           `json:"date_modified,omitempty"`
	Language    string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
	Source      *jsonSource      `json:"_source,omitempty"`
	Details     *jsonDetails     `json:"_broadsheet,omitempty"`
}

// jsonAttachment is a file of an item; gorilla's has a size of another name and
// of 32 bits.
type jsonAttachment struct {
	URL      string  `json:"url"`
	MIMEType string  `json:"mime_type"`
	Title    string  `json:"title,omitempty"`
	Size     int64   `json:"size_in_bytes,omitempty"`
	Duration float64 `json:"duration_in_seconds,omitempty"`
}

// jsonSource is the feed that an item comes from: what atom:source says, in
// the words of JSON Feed.
type jsonSource struct {
	ID          string              `json:"id,omitempty"`
	Title       string              `json:"title"`
	HomePageURL string              `json:"home_page_url,omitempty"`
	FeedURL     string              `json:"feed_url,omitempty"`
	Language    string              `json:"language,omitempty"`
	Icon        string              `json:"icon,omitempty"`
	Authors     []*feeds.JSONAuthor `json:"authors,omitempty"`
	Rights      string              `json:"rights,omitempty"`
	Modified    string              `json:"date_modified,omitempty"`
}

// jsonDetails is what the other formats say of an item and JSON Feed has no
// word for.
type jsonDetails struct {
	Rights       string              `json:"rights,omitempty"`
	Contributors []*feeds.JSONAuthor `json:"contributors,omitempty"`
	Comments     string              `json:"comments_url,omitempty"`
	Replies      int                 `json:"comments,omitempty"`
	Links        []jsonLink          `json:"links,omitempty"`
	Also         []jsonCopy          `json:"also,omitempty"`
}

// jsonCopy is another place that has an item's story.
type jsonCopy struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

type jsonLink struct {
	Rel      string `json:"rel"`
	URL      string `json:"url"`
	Type     string `json:"mime_type,omitempty"`
	Language string `json:"language,omitempty"`
	Title    string `json:"title,omitempty"`
}

func renderJSON(v feed.View) ([]byte, error) {
	m := head(v)
	var f jsonFeed
	f.Version = "https://jsonfeed.org/version/1.1"
	f.Title, f.Description, f.Language = m.title, v.Section.Description, m.language
	// The feed is told by its address: that of its newest items, on every page.
	f.HomePageUrl, f.FeedUrl = m.home(), m.base+m.path+"feed.json"+m.query
	if v.Chain.Older > 0 {
		f.NextUrl = older(v, m, "feed.json")
	}
	f.Icon = v.Section.Image
	if v.Site.Title != "" {
		f.JSONFeed.Authors = []*feeds.JSONAuthor{{Name: v.Site.Title, Url: m.base + "/"}}
	}
	for _, hub := range v.Hubs {
		f.Hubs = append(f.Hubs, &feeds.JSONHub{Type: "WebSub", Url: hub})
	}
	f.Items = make([]*jsonItem, len(v.Entries))
	for i := range v.Entries {
		f.Items[i] = newJSONItem(v.Entries[i], v.Site)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the document is never part of a page
	if err := enc.Encode(&f); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func newJSONItem(e feed.Entry, site feed.Site) *jsonItem {
	item := &jsonItem{
		Published: date3339(e.Published), Modified: date3339(e.Updated),
		Language: e.Language, Source: jsonSourceOf(e), Details: jsonDetailsOf(e),
	}
	item.Id, item.Url, item.Title, item.Image = e.ID, e.Link, e.Title, e.Image
	if e = told(e); e.Content != "" {
		item.ContentHTML, item.Summary = string(e.Content), e.Summary
	} else {
		item.ContentText = plainText(e)
	}
	item.Authors = jsonAuthors(bylines(e, site))
	item.Tags = tags(e.Categories)
	for _, m := range e.Enclosures {
		item.Attachments = append(item.Attachments, jsonAttachment{
			URL: m.URL, MIMEType: sureType(m), Title: m.Title, Size: m.Length,
			Duration: m.Duration.Seconds(),
		})
	}
	return item
}

// plainText is the text of an entry that has no content.
func plainText(e feed.Entry) string {
	if e.Summary != "" {
		return e.Summary
	}
	return e.Title
}

// jsonAuthors names the people; JSON Feed has no place for their addresses.
func jsonAuthors(people []feed.Person) []*feeds.JSONAuthor {
	var out []*feeds.JSONAuthor
	for _, p := range people {
		out = append(out, &feeds.JSONAuthor{Name: p.Name, Url: p.URL, Avatar: p.Avatar})
	}
	return out
}

func jsonSourceOf(e feed.Entry) *jsonSource {
	c := e.Origin
	if c.ID == "" && c.Self == "" && c.Link == "" {
		return nil
	}
	s := &jsonSource{
		Title: sourceName(e), HomePageURL: c.Link, FeedURL: c.Self,
		Language: c.Language, Icon: c.Icon, Authors: jsonAuthors(c.Authors),
		Rights: string(c.Rights.Value), Modified: date3339(sourceDate(c.Updated)),
	}
	if isIRI(c.ID) {
		s.ID = c.ID
	}
	if c.Title.Value != "" {
		s.Title = string(c.Title.Value)
	}
	return s
}

func jsonDetailsOf(e feed.Entry) *jsonDetails {
	d := jsonDetails{
		Rights: e.Rights, Contributors: jsonAuthors(e.Contributors),
		Comments: e.Comments, Replies: max(0, e.CommentCount),
	}
	for _, l := range e.Links {
		if linkRels[l.Rel] != "" {
			d.Links = append(d.Links, jsonLink{
				Rel: l.Rel, URL: l.Href, Type: l.Type, Language: l.Language, Title: l.Title,
			})
		}
	}
	for _, c := range e.Also {
		d.Also = append(d.Also, jsonCopy{Title: c.Title, URL: c.Link})
	}
	if d.Rights == "" && len(d.Contributors) == 0 && d.Comments == "" &&
		d.Replies == 0 && len(d.Links) == 0 && len(d.Also) == 0 {
		return nil
	}
	return &d
}
