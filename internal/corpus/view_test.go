package corpus

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/feed"
	"broadsheet/sources/syndication"
)

// view is a document in feedparser's names.
type view map[string]any

// now is after everything that the cases tell of.
var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// faults are the codes of warnings that tell of a broken document.
var faults = []string{"truncated", "not-well-formed", "junk-before", "junk-after", "illegal-characters",
	"encoding", "undefined-entity"}

// look reads a document by parser and normaliser.
func look(body []byte, in syndication.Input) view {
	doc, err := syndication.Parse(body, in)
	if len(doc.Drops) > 0 {
		doc, err = syndication.Parse(titled(body), in)
	}
	broken := err != nil || slices.ContainsFunc(doc.Warnings, func(w feed.Warning) bool {
		return slices.Contains(faults, w.Code)
	})
	v := view{"bozo": broken, "encoding": doc.Encoding, "version": version(doc.Header.Format), "feed": header(doc.Header)}
	var entries []any
	for _, it := range doc.Items {
		entries = append(entries, entry(it))
	}
	v["entries"] = entries
	return v
}

// titled gives every article of a document a title. Most cases have articles with
// one field and nothing else; to this program those are of no use, and dropped.
func titled(body []byte) []byte {
	return endOfArticle.ReplaceAll(body, []byte("<title>x</title>$0"))
}

var endOfArticle = regexp.MustCompile(`(?i)</(?:item|entry)\s*>`)

// version is feedparser's name of a format. It knows no other RSS 2 than 2.0.
func version(format string) string {
	if strings.HasPrefix(format, "RSS 2") {
		return "rss20"
	}
	return strings.NewReplacer("json feed ", "json", ".", "", " ", "").Replace(strings.ToLower(format))
}

// header is what a feed says of itself. What travels with its articles is read
// from the entry of one; a feed without articles is given one for that.
func header(h feed.Header) view {
	o := made(feed.Item{Title: feed.Plain("x"), Channel: h.Channel}).Origin
	v := view{
		"link": o.Link, "id": h.ID, "icon": o.Icon, "logo": o.Image, "image": view{"href": o.Image},
		"language": o.Language, "updated": h.Updated, "updated_parsed": moment(o.Updated),
		"generator": h.Generator, "generator_detail": view{"name": h.Generator},
		"tags": tags(h.Categories), "itunes_block": h.Block, "href": o.Self,
	}
	base := or(h.Link, h.Self)
	v.text("title", h.Title, base, h.Language)
	v.text("subtitle", h.Subtitle, base, h.Language)
	v.text("info", h.Subtitle, base, h.Language)
	v.text("rights", h.Rights, base, h.Language)
	v.people(o.Authors)
	v["category"] = category(h.Categories)
	if h.TTL > 0 {
		v["ttl"] = strconv.Itoa(int(h.TTL.Minutes()))
	}
	return v
}

// entry is an article. What the program publishes is taken from the entry, and what
// it keeps of the source's own words from the item.
func entry(it feed.Item) view {
	e := made(it)
	v := view{
		"link": e.Link, "id": it.ID, "guidislink": it.Permalink && e.Link == it.ID, "comments": e.Comments,
		"image": view{"href": e.Image}, "media_thumbnail": []any{view{"url": e.Image}},
		"language": e.Language, "tags": tags(e.Categories),
		"published": it.Published, "updated": or(it.Updated, it.Published),
		"contributors": persons(e.Contributors), "enclosures": enclosures(e.Enclosures), "links": append(enclosureLinks(e.Enclosures), links(it)...),
		"created": it.Published, "itunes_block": false,
	}
	if !e.Undated {
		v["published_parsed"], v["updated_parsed"] = numbers(e.Published), numbers(e.Updated)
		v["created_parsed"] = v["published_parsed"]
	}
	v.text("title", it.Title, it.Base, it.Language)
	v.text("summary", it.Summary, it.Base, it.Language)
	v["subtitle"] = v["summary"]
	v.text("rights", it.Rights, it.Base, it.Language)
	content := view{}
	content.text("value", it.Content, it.Base, it.Language)
	if detail, ok := content["value_detail"].(view); ok {
		detail["value"] = content["value"]
		v["content"] = []any{detail}
	}
	v.people(e.Authors)
	v["category"] = category(e.Categories)
	if p := e.Podcast; p != nil {
		v["itunes_block"], v["itunes_explicit"] = p.Block, explicit(p.Explicit)
		v["itunes_duration"] = clock(p.Duration)
	}
	if o := it.Origin; o != nil {
		v["source"] = header(feed.Header{Channel: *o})
	}
	for _, l := range e.Links {
		switch {
		case l.Rel == "license":
			v["license"] = l.Href
		case l.Rel == "replies" && strings.Contains(l.Type, "rss"):
			v["wfw_commentrss"] = l.Href
		case l.Rel == "related" && l.Type == "text/html":
			v["media_player"] = view{"url": l.Href}
		}
	}
	return v
}

// text puts a text and its details under a name.
func (v view) text(name string, t feed.Text, base, language string) {
	if t.Empty() {
		return
	}
	kinds := map[feed.TextKind]string{feed.TextPlain: "text/plain", feed.TextHTML: "text/html",
		feed.TextXHTML: "application/xhtml+xml", feed.TextGuess: "text/html"}
	value := read(t, base, language)
	v[name] = value
	v[name+"_detail"] = view{"type": kinds[t.Kind], "value": value,
		"language": value.language, "base": or(t.Base, base)}
}

// explicit is what an episode's mark means; nil if it means nothing.
func explicit(mark string) any {
	switch strings.ToLower(mark) {
	case "yes", "true", "explicit":
		return true
	case "no", "false", "clean":
		return false
	}
	return nil
}

// clock is a duration as podcasts write it.
func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// people puts authors under feedparser's names for them.
func (v view) people(list []feed.Person) {
	v["authors"] = persons(list)
	if len(list) == 0 {
		return
	}
	p := list[0]
	v["author_detail"] = person(p)
	switch {
	case p.Email == "":
		v["author"] = p.Name
	case p.Name == "":
		v["author"] = p.Email
	default:
		v["author"] = p.Name + " (" + p.Email + ")"
	}
}

func person(p feed.Person) view { return view{"name": p.Name, "email": p.Email, "href": p.URL} }

func persons(list []feed.Person) []any {
	var out []any
	for _, p := range list {
		out = append(out, person(p))
	}
	return out
}

func tags(list []feed.Category) []any {
	var out []any
	for _, c := range list {
		out = append(out, view{"term": c.Term, "scheme": c.Scheme, "label": c.Label})
	}
	return out
}

// category is the first one.
func category(list []feed.Category) any {
	if len(list) == 0 {
		return nil
	}
	return list[0].Term
}

func enclosures(list []feed.Enclosure) []any {
	var out []any
	for _, e := range list {
		out = append(out, view{"href": e.URL, "type": e.Type, "length": strconv.FormatInt(e.Length, 10)})
	}
	return out
}

// enclosureLinks are files as feedparser lists them too: as links, in front.
func enclosureLinks(list []feed.Enclosure) []any {
	out := enclosures(list)
	for _, e := range out {
		e.(view)["rel"] = "enclosure"
	}
	return out
}

func links(it feed.Item) []any {
	var out []any
	for _, l := range it.Links {
		v := view{"rel": l.Rel, "href": l.Href, "type": l.Type, "hreflang": l.Language, "title": l.Title}
		if l.Length > 0 {
			v["length"] = strconv.FormatInt(l.Length, 10)
		}
		out = append(out, v)
	}
	return out
}

// moment is a date as the normaliser writes it, in feedparser's numbers.
func moment(date string) any {
	t, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return nil
	}
	return numbers(t)
}

func numbers(t time.Time) []any {
	t = t.UTC()
	return []any{float64(t.Year()), float64(t.Month()), float64(t.Day()),
		float64(t.Hour()), float64(t.Minute()), float64(t.Second())}
}

func or(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
