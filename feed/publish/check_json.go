package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// readJSON is a JSON Feed as far as it is checked.
type readJSON struct {
	Version string          `json:"version"`
	Title   string          `json:"title"`
	Home    string          `json:"home_page_url"`
	Self    string          `json:"feed_url"`
	Next    string          `json:"next_url"`
	Icon    string          `json:"icon"`
	Authors []readAuthor    `json:"authors"`
	Items   *[]readJSONItem `json:"items"`
}

type readAuthor struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Avatar string `json:"avatar"`
}

type readJSONItem struct {
	ID          string       `json:"id"`
	URL         string       `json:"url"`
	HTML        string       `json:"content_html"`
	Text        string       `json:"content_text"`
	Image       string       `json:"image"`
	Published   string       `json:"date_published"`
	Modified    string       `json:"date_modified"`
	Authors     []readAuthor `json:"authors"`
	Attachments []struct {
		URL  string `json:"url"`
		Type string `json:"mime_type"`
	} `json:"attachments"`
	Source struct {
		Home string `json:"home_page_url"`
		Self string `json:"feed_url"`
		Icon string `json:"icon"`
	} `json:"_source"`
	Details struct {
		Comments string `json:"comments_url"`
		Links    []struct {
			URL string `json:"url"`
		} `json:"links"`
		Also []struct {
			Title string `json:"title"`
			URL   string `json:"url"`
		} `json:"also"`
	} `json:"_broadsheet"`
}

func (in *inspection) json(body []byte) {
	if !utf8.Valid(body) {
		in.blame("document", errors.New("it is not UTF-8"))
		return
	}
	var f readJSON
	if err := json.Unmarshal(body, &f); err != nil {
		in.blame("not well-formed", err)
		return
	}
	if f.Version != "https://jsonfeed.org/version/1.1" {
		in.blame("version", fmt.Errorf("it is %.60q", f.Version))
	}
	in.blame("title", present(f.Title))
	in.blame("home_page_url", absoluteURL(f.Home))
	in.blame("feed_url", in.feedURL(f.Self))
	in.blame("next_url", in.nextURL(f.Next, f.Self))
	in.optional("icon", f.Icon, absoluteURL)
	in.authors(f.Authors)
	if f.Items == nil {
		in.blame("items", errors.New("they are missing"))
		return
	}
	for i := range *f.Items {
		in.entry = i
		in.jsonItem(&(*f.Items)[i])
	}
}

func (in *inspection) jsonItem(item *readJSONItem) {
	in.blame("id", absoluteIRI(item.ID))
	in.blame("id", in.unique(item.ID))
	in.blame("content", present(item.HTML+item.Text))
	in.blame("content_html", fragmentMarkup(item.HTML))
	in.optional("date_published", item.Published, dateOf(time.RFC3339))
	in.optional("date_modified", item.Modified, dateOf(time.RFC3339))
	if len(item.Authors) == 0 {
		in.blame("authors", errEmpty)
	}
	in.authors(item.Authors)
	in.optional("url", item.URL, absoluteURL)
	in.optional("image", item.Image, absoluteURL)
	in.optional("_source home_page_url", item.Source.Home, absoluteURL)
	in.optional("_source feed_url", item.Source.Self, absoluteURL)
	in.optional("_source icon", item.Source.Icon, absoluteURL)
	in.optional("comments_url", item.Details.Comments, absoluteURL)
	for _, a := range item.Attachments {
		in.blame("attachment url", absoluteURL(a.URL))
		in.blame("attachment mime_type", present(a.Type))
	}
	for _, l := range item.Details.Links {
		in.blame("link url", absoluteURL(l.URL))
	}
	for _, c := range item.Details.Also {
		in.blame("also url", absoluteURL(c.URL))
		in.blame("also title", present(c.Title))
	}
}

func (in *inspection) authors(authors []readAuthor) {
	for _, a := range authors {
		in.blame("author name", present(a.Name))
		in.optional("author url", a.URL, pageOrMail)
		in.optional("author avatar", a.Avatar, absoluteURL)
	}
}

// pageOrMail: an author has a page, or an address.
func pageOrMail(s string) error {
	if mail, ok := strings.CutPrefix(s, mailTo); ok && emailAddress(mail) == mail {
		return nil
	}
	return absoluteURL(s)
}

// optional checks what need not be there.
func (in *inspection) optional(what, s string, rule func(string) error) {
	if s != "" {
		in.blame(what, rule(s))
	}
}
