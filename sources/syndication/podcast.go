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
		Block:       blocked(x) != "",
		Persons:     podcastPersons(x, abs),
		Image:       abs(episodeImage(x)),
	}
	for _, t := range x["podcast"]["transcript"] {
		if u := abs(attrOf(t, "url")); u != "" && len(p.Transcripts) < maxList {
			p.Transcripts = append(p.Transcripts, feed.Enclosure{
				URL: u, Type: clip(attrOf(t, "type"), maxShort), Language: clip(attrOf(t, "language"), maxShort),
				Rel: clip(attrOf(t, "rel"), maxShort),
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
		p.Explicit == "" && !p.Block && p.Transcripts == nil && p.Chapters == nil && p.Persons == nil &&
		p.Image == ""
}

func podcastPersons(x extensions, abs func(string) string) []feed.Person {
	var out []feed.Person
	for _, e := range x["podcast"]["person"] {
		out = addPerson(out, feed.Person{
			Name: clip(e.Value, maxShort), URL: abs(attrOf(e, "href")), Avatar: abs(attrOf(e, "img")),
			Role: clip(attrOf(e, "role"), maxShort), Group: clip(attrOf(e, "group"), maxShort),
		})
	}
	return out
}

// ourSlug is what podcast:block knows this program by (Podcasting 2.0, "block").
const ourSlug = "broadsheet"

// blocked names the element by which a channel or an episode asks not to be republished;
// empty if none does. What podcast:block says to this program by its name counts before
// what it says to everybody, and before itunes:block; a no of either kind is kept before a
// yes (POD-1). One with another id is meant for somebody else.
func blocked(x extensions) string {
	const whole = "podcast:block"
	for _, says := range []struct{ id, word, block string }{
		{ourSlug, "no", ""}, {ourSlug, "yes", whole}, {"", "yes", whole},
	} {
		for _, e := range x["podcast"]["block"] {
			if strings.EqualFold(attrOf(e, "id"), says.id) && strings.EqualFold(strings.TrimSpace(e.Value), says.word) {
				return says.block
			}
		}
	}
	if strings.EqualFold(x.one("itunes", "block"), "yes") {
		return "itunes:block"
	}
	return ""
}

// castOf gives an episode that names nobody the persons of its show, who are in every
// episode that does not say otherwise (Podcasting 2.0, "person").
func castOf(p *feed.Podcast, show []feed.Person) *feed.Podcast {
	if len(show) == 0 || p != nil && len(p.Persons) > 0 {
		return p
	}
	if p == nil {
		p = &feed.Podcast{}
	}
	p.Persons = show
	return p
}
