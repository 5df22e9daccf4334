package publish

import (
	"reflect"
	"strings"

	"github.com/gorilla/feeds"

	"broadsheet/feed"
)

// jsonDetails is what the other formats say of an item and JSON Feed has no
// word for.
type jsonDetails struct {
	Rights       string              `json:"rights,omitempty"`
	Contributors []*feeds.JSONAuthor `json:"contributors,omitempty"`
	Comments     string              `json:"comments_url,omitempty"`
	Replies      int                 `json:"comments,omitempty"`
	Links        []jsonLink          `json:"links,omitempty"`
	Also         []jsonCopy          `json:"also,omitempty"`
	Categories   []jsonCategory      `json:"categories,omitempty"`
	Podcast      *jsonEpisode        `json:"podcast,omitempty"`
	Place        *jsonPlace          `json:"place,omitempty"`
	Extras       []jsonElement       `json:"elements,omitempty"`
}

// jsonCategory is a category that a tag cannot say all of.
type jsonCategory struct {
	Term   string `json:"term"`
	Scheme string `json:"scheme,omitempty"`
	Label  string `json:"label,omitempty"`
}

type jsonPlace struct {
	Shape string    `json:"shape"`       // "point", "line", "polygon", "box"
	At    []float64 `json:"coordinates"` // latitude and longitude of each corner
	Name  string    `json:"name,omitempty"`
}

// jsonEpisode is what iTunes and Podcasting 2.0 say.
type jsonEpisode struct {
	Duration    float64      `json:"duration_in_seconds,omitempty"`
	Season      int          `json:"season,omitempty"`
	Episode     int          `json:"episode,omitempty"`
	Type        string       `json:"episode_type,omitempty"`
	Explicit    string       `json:"explicit,omitempty"`
	Image       string       `json:"image,omitempty"`
	Block       bool         `json:"block,omitempty"`
	Transcripts []jsonText   `json:"transcripts,omitempty"`
	Chapters    *jsonText    `json:"chapters,omitempty"`
	Persons     []jsonPerson `json:"persons,omitempty"`
}

type jsonText struct {
	URL      string `json:"url"`
	Type     string `json:"mime_type"`
	Language string `json:"language,omitempty"`
	Rel      string `json:"rel,omitempty"`
}

type jsonPerson struct {
	Name   string `json:"name"`
	URL    string `json:"url,omitempty"`
	Avatar string `json:"avatar,omitempty"`
	Role   string `json:"role,omitempty"`
	Group  string `json:"group,omitempty"`
}

// jsonFile is what Media RSS says of an attachment.
type jsonFile struct {
	Medium   string            `json:"medium,omitempty"`
	Width    int               `json:"width,omitempty"`
	Height   int               `json:"height,omitempty"`
	Text     string            `json:"description,omitempty"`
	Credit   string            `json:"credit,omitempty"`
	Language string            `json:"language,omitempty"`
	Group    int               `json:"group,omitempty"`
	Details  map[string]string `json:"details,omitempty"`
	Extras   []jsonElement     `json:"elements,omitempty"`
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

func jsonDetailsOf(e feed.Entry) *jsonDetails {
	d := jsonDetails{
		Rights: e.Rights, Contributors: jsonAuthors(e.Contributors),
		Comments: e.Comments, Replies: max(0, e.CommentCount),
		Podcast: jsonEpisodeOf(e), Extras: jsonElements(e.Extras),
	}
	external := firstLink(e.Links, "external", "")
	for _, l := range e.Links {
		if linkRels[l.Rel] != "" && l.Href != external {
			d.Links = append(d.Links, jsonLink{
				Rel: l.Rel, URL: l.Href, Type: l.Type, Language: l.Language, Title: l.Title,
			})
		}
	}
	for _, c := range e.Also {
		d.Also = append(d.Also, jsonCopy{Title: c.Title, URL: c.Link})
	}
	for _, c := range e.Categories {
		if c.Scheme != "" || c.Label != "" {
			d.Categories = append(d.Categories, jsonCategory(c))
		}
	}
	if p := e.Place; p != nil {
		d.Place = &jsonPlace{Shape: p.Shape, At: p.At, Name: p.Name}
	}
	if reflect.ValueOf(d).IsZero() {
		return nil
	}
	return &d
}

// jsonEpisodeOf says what XML says of an episode; nil if that is nothing.
func jsonEpisodeOf(entry feed.Entry) *jsonEpisode {
	if entry.Podcast == nil {
		return nil
	}
	p, e := entry.Podcast, episodeOf(entry)
	out := jsonEpisode{
		Duration: max(0, p.Duration.Seconds()), Season: e.Season, Episode: e.Episode, Type: e.EpisodeType,
		Explicit: e.Explicit, Image: p.Image, Block: p.Block || entry.Block != "",
	}
	for _, t := range e.Transcripts {
		out.Transcripts = append(out.Transcripts, jsonText(t))
	}
	if e.Chapters != nil {
		chapters := jsonText(*e.Chapters)
		out.Chapters = &chapters
	}
	for _, person := range p.Persons {
		out.Persons = append(out.Persons, jsonPerson{person.Name, person.URL, person.Avatar, person.Role, person.Group})
	}
	if reflect.ValueOf(out).IsZero() {
		return nil
	}
	return &out
}

// jsonFileOf is nil for a file of which an attachment says all.
func jsonFileOf(m feed.Enclosure) *jsonFile {
	f := jsonFile{Width: m.Width, Height: m.Height, Text: m.Text, Credit: m.Credit,
		Language: m.Language, Group: m.Group, Details: m.Details, Extras: jsonElements(m.Extras)}
	if !strings.HasPrefix(fileType(m), m.Medium) {
		f.Medium = m.Medium // the media type does not say it
	}
	if reflect.ValueOf(f).IsZero() {
		return nil
	}
	return &f
}
