package article

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"

	"broadsheet/feed"
)

// linked is what the JSON-LD of a page says about its article.
type linked struct {
	Title, Description, Published, Modified, Language string
	Site, Image, URL, Body                            string
	Authors                                           []feed.Person
	Sections, Keywords                                []string
	// Closed: the article is not free to read. Partly: some of it is.
	Closed, Partly bool
}

// maxDepth is how deep JSON-LD is looked into: graphs hold articles which hold people.
const maxDepth = 6

// articles are the types of schema.org that an article has, in lower case.
var articles = []string{"article", "blogposting", "posting", "report", "review", "recipe"}

// trailing are the commas before a closing bracket that JSON does not allow, and
// that people write.
var trailing = regexp.MustCompile(`,(\s*[}\]])`)

// readLinked reads the JSON-LD scripts of a page. Of several articles the one with
// most to say is the page's. A script that is broken is read as far as mending goes.
func readLinked(scripts []string) linked {
	var best map[string]any
	most := 0
	for _, s := range scripts {
		for _, o := range objects(decodeJSON(s), 0, nil) {
			if n := tells(o); n > most {
				best, most = o, n
			}
		}
	}
	if best == nil {
		return linked{}
	}
	return linkedOf(best)
}

// decodeJSON reads JSON as people write it.
func decodeJSON(s string) any {
	s = strings.TrimSpace(s)
	for _, wrap := range []string{"<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, wrap))
	}
	for _, wrap := range []string{"-->", "//]]>", "/*]]>*/", "]]>", ";"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, wrap))
	}
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		return v
	}
	s = strings.Map(func(r rune) rune { // line ends within strings
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	s = trailing.ReplaceAllString(s, "$1")
	dec := json.NewDecoder(strings.NewReader(s)) // and whatever stands behind the value
	if dec.Decode(&v) == nil {
		return v
	}
	return nil
}

// objects are the articles in a value.
func objects(v any, depth int, out []map[string]any) []map[string]any {
	if depth > maxDepth || len(out) > 50 {
		return out
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			out = objects(e, depth+1, out)
		}
	case map[string]any:
		if isArticle(v) {
			return append(out, v)
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement"} {
			if key == "itemListElement" && depth > 0 {
				continue
			}
			out = objects(v[key], depth+1, out)
		}
	}
	return out
}

func isArticle(o map[string]any) bool {
	for _, t := range texts(o["@type"]) {
		t = strings.ToLower(t)
		for _, a := range articles {
			if strings.HasSuffix(t, a) {
				return true
			}
		}
	}
	return false
}

// tells is how much an object says of an article.
func tells(o map[string]any) int {
	n := 1
	for _, key := range []string{"headline", "author", "datePublished", "articleBody", "image", "articleSection", "keywords", "description"} {
		if o[key] != nil {
			n++
		}
	}
	return n
}

func linkedOf(o map[string]any) linked {
	l := linked{
		Title:       one(o["headline"], o["name"]),
		Description: one(o["description"]),
		Published:   one(o["datePublished"], o["dateCreated"]),
		Modified:    one(o["dateModified"]),
		Language:    one(o["inLanguage"]),
		Site:        one(o["publisher"]),
		Image:       address(o["image"]),
		URL:         address(o["url"]),
		Sections:    texts(o["articleSection"]),
	}
	if b := texts(o["articleBody"]); len(b) > 0 {
		l.Body = html.UnescapeString(b[0])
	}
	for _, key := range []string{"author", "creator"} {
		if l.Authors == nil {
			l.Authors = people(o[key], 0)
		}
	}
	for _, k := range texts(o["keywords"]) {
		l.Keywords = append(l.Keywords, commas(k)...)
	}
	l.Closed = falsy(o["isAccessibleForFree"])
	if parts, ok := o["hasPart"].([]any); ok {
		for _, p := range parts {
			part, _ := p.(map[string]any)
			l.Partly = l.Partly || part != nil && falsy(part["isAccessibleForFree"])
		}
	} else if part, ok := o["hasPart"].(map[string]any); ok {
		l.Partly = falsy(part["isAccessibleForFree"])
	}
	return l
}

func falsy(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		return strings.EqualFold(strings.TrimPrefix(strings.TrimPrefix(v, "https://schema.org/"), "http://schema.org/"), "false")
	}
	return false
}

// texts are the strings of a value: itself, its elements, the names of objects.
func texts(v any) []string {
	var out []string
	switch v := v.(type) {
	case string:
		if s := strings.TrimSpace(v); s != "" {
			return []string{s}
		}
	case []any:
		for _, e := range v {
			if _, list := e.([]any); !list && len(out) < 100 {
				out = append(out, texts(e)...)
			}
		}
	case map[string]any:
		for _, key := range []string{"name", "@value", "termCode"} {
			if s, ok := v[key].(string); ok && strings.TrimSpace(s) != "" {
				return []string{strings.TrimSpace(s)}
			}
		}
	}
	return out
}

// one is the first text of the first value that has one, on one line.
func one(values ...any) string {
	for _, v := range values {
		if t := texts(v); len(t) > 0 {
			return clip(tidy(html.UnescapeString(t[0])), maxValue)
		}
	}
	return ""
}

// address is a URL: a text, or that of an object.
func address(v any) string {
	switch v := v.(type) {
	case string:
		return clip(strings.TrimSpace(v), maxValue)
	case []any:
		if len(v) > 0 {
			if _, list := v[0].([]any); !list {
				return address(v[0])
			}
		}
	case map[string]any:
		for _, key := range []string{"url", "contentUrl", "@id"} {
			if s, ok := v[key].(string); ok {
				return clip(strings.TrimSpace(s), maxValue)
			}
		}
	}
	return ""
}

func people(v any, depth int) []feed.Person {
	var out []feed.Person
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if depth < 2 && len(out) < maxAuthors {
				out = append(out, people(e, depth+1)...)
			}
		}
	default:
		for _, name := range texts(v) {
			p := feed.Person{Name: tidy(html.UnescapeString(name))}
			if o, ok := v.(map[string]any); ok {
				if u, ok := o["url"].(string); ok && strings.HasPrefix(u, "http") {
					p.URL = clip(u, maxValue)
				}
				if list, ok := o["name"].([]any); ok {
					for _, n := range list[min(1, len(list)):] {
						if s, ok := n.(string); ok && len(out) < maxAuthors {
							out = append(out, feed.Person{Name: tidy(s)})
						}
					}
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// commas takes a list apart that is written in one line.
func commas(s string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ';' || r == '|' || r == '،' || r == '、' }) {
		if part = tidy(html.UnescapeString(part)); part != "" {
			out = append(out, part)
		}
	}
	return out
}
