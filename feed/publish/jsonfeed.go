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
	URL      string    `json:"url"`
	MIMEType string    `json:"mime_type"`
	Title    string    `json:"title,omitempty"`
	Size     int64     `json:"size_in_bytes,omitempty"`
	Duration float64   `json:"duration_in_seconds,omitempty"`
	Details  *jsonFile `json:"_broadsheet,omitempty"`
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
	Extras      []jsonElement       `json:"elements,omitempty"`
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
	if e = told(e, site); e.Content != "" {
		item.ContentHTML, item.Summary = string(e.Content), e.Summary
	} else {
		item.ContentText = plainText(e)
	}
	item.ExternalUrl = firstLink(e.Links, "external", "")
	item.Authors = jsonAuthors(bylines(e, site))
	item.Tags = tags(e.Categories)
	for _, m := range e.Enclosures {
		item.Attachments = append(item.Attachments, jsonAttachment{
			URL: m.URL, MIMEType: sureType(m), Title: m.Title, Size: m.Length,
			Duration: m.Duration.Seconds(), Details: jsonFileOf(m),
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

// jsonAuthors names the people, each with a page, else with the address (JSON Feed 1.1,
// "authors").
func jsonAuthors(people []feed.Person) []*feeds.JSONAuthor {
	var out []*feeds.JSONAuthor
	for _, p := range people {
		page := p.URL
		if page == "" && p.Email != "" {
			page = mailTo + p.Email
		}
		out = append(out, &feeds.JSONAuthor{Name: p.Name, Url: page, Avatar: p.Avatar})
	}
	return out
}

const mailTo = "mailto:"

func jsonSourceOf(e feed.Entry) *jsonSource {
	c := e.Origin
	s := &jsonSource{
		Title: sourceName(e), HomePageURL: c.Link, FeedURL: c.Self,
		Language: c.Language, Icon: c.Icon, Authors: jsonAuthors(c.Authors),
		Rights: string(c.Rights.Value), Modified: date3339(sourceDate(c.Updated)),
		Extras: jsonElements(c.Extras),
	}
	if isIRI(c.ID) {
		s.ID = c.ID
	}
	if c.Title.Value != "" {
		s.Title = string(c.Title.Value)
	}
	if s.Title == "" && s.ID == "" && s.FeedURL == "" && s.HomePageURL == "" {
		return nil
	}
	return s
}
