package syndication

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	jsonfeed "github.com/mmcdole/gofeed/json"

	"broadsheet/feed"
)

// json reads JSON Feed 1.0 and 1.1. Values of a wrong type are made of the right
// one where that has a meaning; what is not JSON is not used in part. Of a name
// that an object has twice the last one counts, on every level (RFC 8259 §4 leaves
// it open; this is what encoding/json and JavaScript do).
func (r *reader) json(text string) error {
	if err := checkShape(text); err != nil {
		return err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	var whole json.RawMessage
	if err := decoder.Decode(&whole); err != nil {
		return notJSON(text, err)
	}
	end := decoder.InputOffset()
	if strings.TrimSpace(text[end:]) != "" {
		r.w.add(warnAfter, "something follows the end of the document")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(whole, &fields); err != nil {
		return refuse(feed.KindNotFeed, "this is JSON, but not a feed")
	}
	list := string(fields["items"])
	isList := strings.HasPrefix(list, "[")
	delete(fields, "items")
	object, err := r.jsonFields(fields)
	if err != nil {
		return err
	}
	version, _ := object["version"].(string)
	switch named := strings.Contains(version, "jsonfeed.org/version/"); {
	case !named && !isList:
		return noJSONFeed(object)
	case !named:
		r.w.add(warnVersion, "the document does not say that it is a JSON Feed")
	case !isList:
		return refuse(feed.KindMalformed, "the feed has no list of items")
	}
	items, err := r.jsonItems(list)
	if err != nil {
		return err
	}
	return r.jsonFeed(object, items, version)
}

// jsonFeed hands a cleaned document to gofeed and maps what it read.
func (r *reader) jsonFeed(object map[string]any, items []any, version string) error {
	clean := r.jsonObject(object, feedFields)
	var raw []map[string]any // what gofeed's items were made of
	var list []any
	for _, v := range items {
		item, ok := v.(map[string]any)
		if !ok {
			r.drop("empty", feed.Item{}, "the item is not an object")
			continue
		}
		c := r.jsonObject(item, itemFields)
		raw, list = append(raw, item), append(list, c)
	}
	clean["items"] = list
	body, err := json.Marshal(clean)
	if err != nil {
		return err
	}
	read, err := (&jsonfeed.Parser{}).Parse(bytes.NewReader(body))
	if err != nil {
		return err
	}
	if len(read.Items) != len(raw) {
		return refuse(feed.KindBug, "%d items were written and %d read", len(raw), len(read.Items))
	}
	r.jsonHeader(read, object, version)
	for i, it := range read.Items {
		if it != nil {
			r.jsonItem(it, raw[i])
		}
	}
	r.share()
	return nil
}

func (r *reader) jsonHeader(read *jsonfeed.Feed, object map[string]any, version string) {
	h := &r.doc.Header
	abs := func(ref string) string { return resolve(r.in.URL, ref) }
	h.Format = "JSON Feed"
	if i := strings.LastIndex(version, "/version/"); i >= 0 {
		h.Format += " " + jsonVersion(version[i+len("/version/"):])
	}
	h.Title = feed.Plain(read.Title)
	h.Subtitle = feed.Plain(read.Description)
	h.Link = abs(read.HomePageURL)
	h.Self = or(h.Self, abs(read.FeedURL))
	h.Language = clip(read.Language, maxShort)
	h.Authors = jsonAuthors(read.Authors, read.Author, abs)
	h.Image, h.Icon = abs(read.Icon), abs(read.Favicon)
	h.Complete = read.Expired
	if next := abs(read.NextURL); next != h.Self && next != r.in.URL {
		r.relations([]feed.Link{{Rel: "next", Href: next}})
	}
	for _, v := range asList(object["hubs"]) {
		hub, _ := v.(map[string]any)
		kind, u := scalar(hub["type"]), legible(scalar(hub["url"]), &r.w)
		if strings.EqualFold(kind, "WebSub") {
			r.relations([]feed.Link{{Rel: "hub", Href: abs(u)}})
		}
	}
	r.site = r.in.URL
	if isWeb(h.Link) {
		r.site = h.Link
	}
}

// jsonVersion is the version of a JSON Feed: 1 is 1.0.
func jsonVersion(s string) string {
	s = clip(strings.Trim(s, "/"), 10)
	if s == "1" {
		return "1.0"
	}
	return s
}

func (r *reader) jsonItem(read *jsonfeed.Item, raw map[string]any) {
	abs := func(ref string) string { return resolve(r.site, ref) }
	it := feed.Item{
		ID:        strings.TrimSpace(read.ID),
		Title:     feed.Plain(strings.TrimSpace(read.Title)),
		Summary:   feed.Plain(strings.TrimSpace(read.Summary)),
		Published: date(read.DatePublished),
		Updated:   date(read.DateModified),
		Language:  clip(or(read.Language, r.doc.Header.Language), maxShort),
		Image:     abs(or(read.Image, read.BannerImage)),
		Authors:   jsonAuthors(read.Authors, read.Author, abs),
		Content:   feed.Plain(strings.TrimSpace(read.ContentText)),
	}
	if s := strings.TrimSpace(read.ContentHTML); s != "" {
		it.Content = feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(s)}
	}
	jsonLinks(&it, read, abs)
	it.Base = ownPage(it.Links, r.site)
	for _, tag := range read.Tags {
		it.Categories = addCategory(it.Categories, feed.Category{Term: tag})
	}
	if read.Attachments != nil {
		for i, a := range *read.Attachments {
			it.Enclosures = addEnclosure(it.Enclosures, feed.Enclosure{
				URL: abs(a.URL), Type: clip(a.MimeType, maxShort), Title: a.Title,
				Length: max(a.SizeInBytes, 0), Duration: jsonDuration(raw, i),
			})
		}
	}
	if it.ID == "" {
		r.drop("no-id", it, "the item has no id (JSON Feed 1.1 §items)")
		return
	}
	r.accept(it)
}

// jsonLinks: url is the article's page, external_url a page that it is about. An
// id that is a URL is the article's page where no other is named.
func jsonLinks(it *feed.Item, read *jsonfeed.Item, abs func(string) string) {
	page, about := abs(read.URL), abs(read.ExternalURL)
	if page == "" {
		page, about = about, ""
	}
	if page == "" && isWeb(it.ID) {
		page = it.ID
	}
	it.Links = addLink(it.Links, feed.Link{Rel: "alternate", Href: page})
	it.Links = addLink(it.Links, feed.Link{Rel: "external", Href: about})
}

// jsonAuthors: authors wins over author, which is of JSON Feed 1.0.
func jsonAuthors(
	list []*jsonfeed.Author, one *jsonfeed.Author, abs func(string) string,
) []feed.Person {
	if len(list) == 0 && one != nil {
		list = []*jsonfeed.Author{one}
	}
	var out []feed.Person
	for _, a := range list {
		if a != nil {
			p := feed.Person{Name: clip(a.Name, maxShort), Avatar: abs(a.Avatar)}
			if mail, ok := strings.CutPrefix(strings.TrimSpace(a.URL), "mailto:"); ok {
				p.Email = clip(mail, maxShort)
			} else {
				p.URL = abs(a.URL)
			}
			out = addPerson(out, p)
		}
	}
	return out
}

// jsonDuration reads the length of an attachment from the document, because
// gofeed cuts its fraction off.
func jsonDuration(raw map[string]any, i int) time.Duration {
	list := asList(raw["attachments"])
	var objects []map[string]any
	for _, v := range list {
		if o, ok := v.(map[string]any); ok {
			objects = append(objects, o)
		}
	}
	if i >= len(objects) {
		return 0
	}
	return seconds(scalar(objects[i]["duration_in_seconds"]))
}

// shape of a value of JSON Feed.
type jsonType int

const (
	jsonText jsonType = iota
	jsonNumber
	jsonBool
	jsonTexts
	jsonAuthor
	jsonAuthorList
	jsonFiles
)

var feedFields = map[string]jsonType{
	"version": jsonText, "title": jsonText, "home_page_url": jsonText, "feed_url": jsonText,
	"description": jsonText, "next_url": jsonText, "icon": jsonText, "favicon": jsonText,
	"language": jsonText, "expired": jsonBool, "author": jsonAuthor, "authors": jsonAuthorList,
}

var itemFields = map[string]jsonType{
	"id": jsonText, "url": jsonText, "external_url": jsonText, "title": jsonText,
	"content_html": jsonText, "content_text": jsonText, "summary": jsonText, "image": jsonText,
	"banner_image": jsonText, "date_published": jsonText, "date_modified": jsonText,
	"language": jsonText, "author": jsonAuthor, "authors": jsonAuthorList,
	"tags": jsonTexts, "attachments": jsonFiles,
}

var authorFields = map[string]jsonType{"name": jsonText, "url": jsonText, "avatar": jsonText}

var fileFields = map[string]jsonType{
	"url": jsonText, "mime_type": jsonText, "title": jsonText,
	"size_in_bytes": jsonNumber, "duration_in_seconds": jsonNumber,
}

// jsonObject copies the known fields of an object with values of their types.
func (r *reader) jsonObject(object map[string]any, fields map[string]jsonType) map[string]any {
	out := make(map[string]any, len(fields))
	for name, kind := range fields {
		v, ok := object[name]
		if !ok || v == nil {
			continue
		}
		if c := r.jsonValue(v, kind); c != nil {
			out[name] = c
		} else {
			r.w.add(warnType, fmt.Sprintf("the value of %q has a wrong type", name))
		}
	}
	return out
}

// jsonValue is v as a value of that kind, or nil.
func (r *reader) jsonValue(v any, kind jsonType) any {
	switch kind {
	case jsonText:
		switch v.(type) {
		case string, json.Number, bool:
			return r.wordy(v)
		}
	case jsonNumber:
		return scalar(v)
	case jsonBool:
		return strings.EqualFold(scalar(v), "true") || scalar(v) == "1"
	case jsonTexts:
		return r.jsonTexts(v)
	case jsonAuthor:
		return r.jsonPerson(v)
	case jsonAuthorList:
		return r.jsonList(v, jsonAuthor)
	case jsonFiles:
		return r.jsonFiles(v)
	}
	return nil
}

// jsonPerson is one author: an object, a name, or the first of a list.
func (r *reader) jsonPerson(v any) any {
	switch a := v.(type) {
	case map[string]any:
		return r.jsonObject(a, authorFields)
	case string:
		return map[string]any{"name": a}
	case []any:
		if len(a) > 0 && !isList(a[0]) {
			return r.jsonPerson(a[0])
		}
	}
	return nil
}

func isList(v any) bool {
	_, ok := v.([]any)
	return ok
}

// wordy is a scalar as text, with a warning if it was none.
func (r *reader) wordy(v any) any {
	s, ok := v.(string)
	if !ok {
		r.w.add(warnType, "a number or a truth value stands where a text was meant")
		s = scalar(v)
	}
	return legible(s, &r.w)
}

// scalar is a scalar value as text; empty for others.
func scalar(v any) string {
	switch s := v.(type) {
	case string:
		return s
	case json.Number:
		return s.String()
	case bool:
		return fmt.Sprint(s)
	}
	return ""
}

// asList takes one value for a list of it.
func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// jsonList is a list of that kind, without values of other kinds.
func (r *reader) jsonList(v any, kind jsonType) any {
	out := []any{}
	for _, v := range asList(v) {
		if isList(v) || v == nil {
			continue
		}
		if c := r.jsonValue(v, kind); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// jsonTexts is a list of texts; a single one is split at its commas.
func (r *reader) jsonTexts(v any) any {
	if s, ok := v.(string); ok {
		r.w.add(warnType, "a text stands where a list was meant")
		out := []any{}
		for _, c := range keywords(s) {
			out = append(out, c.Term)
		}
		return out
	}
	return r.jsonList(v, jsonText)
}

func (r *reader) jsonFiles(v any) any {
	out := []any{}
	for _, v := range asList(v) {
		if file, ok := v.(map[string]any); ok {
			out = append(out, r.jsonObject(file, fileFields))
		}
	}
	return out
}
