package publish

import (
	"strconv"
	"strings"

	"broadsheet/feed"
)

// episode is the part of an item or entry that the iTunes and Podcasting 2.0
// namespaces say.
type episode struct {
	Duration    string          `xml:"itunes:duration,omitempty"` // seconds
	Season      int             `xml:"itunes:season,omitempty"`
	Episode     int             `xml:"itunes:episode,omitempty"`
	EpisodeType string          `xml:"itunes:episodeType,omitempty"`
	Explicit    string          `xml:"itunes:explicit,omitempty"`
	Block       string          `xml:"itunes:block,omitempty"`
	Image       *podcastImage   `xml:"itunes:image"`
	PlainBlock  string          `xml:"podcast:block,omitempty"`
	Transcripts []podcastFile   `xml:"podcast:transcript"`
	Chapters    *podcastFile    `xml:"podcast:chapters"`
	Persons     []podcastPerson `xml:"podcast:person"`
}

type podcastFile struct {
	URL      string `xml:"url,attr"`
	Type     string `xml:"type,attr"`
	Language string `xml:"language,attr,omitempty"`
	Rel      string `xml:"rel,attr,omitempty"`
}

type podcastImage struct {
	Href string `xml:"href,attr"`
}

type podcastPerson struct {
	Name  string `xml:",chardata"`
	Role  string `xml:"role,attr,omitempty"`
	Group string `xml:"group,attr,omitempty"`
	Href  string `xml:"href,attr,omitempty"`
	Img   string `xml:"img,attr,omitempty"`
}

// episodeOf says what an entry says as an episode, less what these namespaces have no form
// for. That it asks not to be republished is said on, for the permission is ours alone.
func episodeOf(entry feed.Entry) episode {
	p := entry.Podcast
	if p == nil {
		return episode{}
	}
	e := episode{
		Duration: seconds(p.Duration.Round(1e9)),
		Season:   positive(p.Season),
		Episode:  positive(p.Episode),
		Explicit: explicit(p.Explicit),
	}
	switch t := strings.ToLower(p.EpisodeType); t {
	case "full", "trailer", "bonus":
		e.EpisodeType = t
	}
	switch {
	case entry.Block == "podcast:block":
		e.PlainBlock = "yes"
	case p.Block:
		e.Block = "yes"
	}
	if p.Image != "" {
		e.Image = &podcastImage{Href: p.Image}
	}
	for _, t := range p.Transcripts {
		e.Transcripts = append(e.Transcripts, podcastFile{URL: t.URL, Type: sureType(t), Language: t.Language, Rel: t.Rel})
	}
	if c := p.Chapters; c != nil {
		e.Chapters = &podcastFile{URL: c.URL, Type: sureType(*c)}
	}
	for _, person := range p.Persons {
		e.Persons = append(e.Persons, podcastPerson{
			Name: person.Name, Role: person.Role, Group: person.Group, Href: person.URL, Img: person.Avatar,
		})
	}
	return e
}

// positive is the number that s writes; 0, which is not published, if it
// writes none above 0.
func positive(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// explicit is itunes:explicit in its present words; feeds still use the
// earlier ones.
func explicit(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "explicit":
		return "true"
	case "false", "no", "clean":
		return "false"
	default:
		return ""
	}
}

// hasITunes and hasPodcast say whether the namespaces are in use.
func (e episode) hasITunes() bool {
	return e.Duration != "" || e.Season != 0 || e.Episode != 0 ||
		e.EpisodeType != "" || e.Explicit != "" || e.Block != "" || e.Image != nil
}

func (e episode) hasPodcast() bool {
	return len(e.Transcripts) > 0 || e.Chapters != nil || len(e.Persons) > 0 || e.PlainBlock != ""
}
