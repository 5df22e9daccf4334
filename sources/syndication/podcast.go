package syndication

import (
	"strings"

	"broadsheet/feed"
)

// readPodcast reads the iTunes and Podcasting 2.0 elements of an episode; nil if
// there are none that say anything.
func readPodcast(x extensions, abs func(string) string) *feed.Podcast {
	if len(x["itunes"]) == 0 && len(x["podcast"]) == 0 {
		return nil
	}
	p := &feed.Podcast{
		Duration:    seconds(x.one("itunes", "duration")),
		Episode:     clip(or(x.one("itunes", "episode"), x.one("podcast", "episode")), maxShort),
		Season:      clip(or(x.one("itunes", "season"), x.one("podcast", "season")), maxShort),
		EpisodeType: strings.ToLower(clip(x.one("itunes", "episodeType"), maxShort)),
		Explicit:    clip(x.one("itunes", "explicit"), maxShort),
		Block:       blocked(x),
		Persons:     podcastPersons(x, abs),
	}
	for _, t := range x["podcast"]["transcript"] { // its language is all that names it
		if u := abs(attrOf(t, "url")); u != "" {
			p.Transcripts = append(p.Transcripts, feed.Enclosure{
				URL: u, Type: attrOf(t, "type"), Title: attrOf(t, "language"),
			})
		}
	}
	for _, c := range x["podcast"]["chapters"] {
		if u := abs(attrOf(c, "url")); u != "" {
			p.Chapters = &feed.Enclosure{URL: u, Type: attrOf(c, "type")}
			break
		}
	}
	if isZero(p) {
		return nil
	}
	return p
}

func isZero(p *feed.Podcast) bool {
	return p.Duration == 0 && p.Episode == "" && p.Season == "" && p.EpisodeType == "" &&
		p.Explicit == "" && !p.Block && p.Transcripts == nil && p.Chapters == nil && p.Persons == nil
}

func podcastPersons(x extensions, abs func(string) string) []feed.Person {
	var out []feed.Person
	for _, e := range x["podcast"]["person"] {
		out = addPerson(out, feed.Person{
			Name: clip(e.Value, maxShort), URL: abs(attrOf(e, "href")), Avatar: abs(attrOf(e, "img")),
		})
	}
	return out
}

// blocked reports whether a channel or an episode asks not to be republished:
// itunes:block "yes", or podcast:block "yes" for everybody (one with an id is
// meant for one platform, which this program is not).
func blocked(x extensions) bool {
	if strings.EqualFold(x.one("itunes", "block"), "yes") {
		return true
	}
	for _, e := range x["podcast"]["block"] {
		if strings.EqualFold(e.Value, "yes") && attrOf(e, "id") == "" {
			return true
		}
	}
	return false
}
