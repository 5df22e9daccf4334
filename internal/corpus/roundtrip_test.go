package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/feed/publish"
	"broadsheet/sources/syndication"
)

// handed is where the documents of the round trip are put for others to read: the W3C's
// validator, and feedparser (see roundtrip.py).
var handed = flag.String("handed", "", "folder for the documents that are made of each feed of the corpus")

var update = flag.Bool("update", false, "write the table of docs/roundtrip.md anew")

// afterAll is after every feed of the corpus was made.
var afterAll = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// trip is a feed of the corpus on its way through the program.
type trip struct {
	items   []feed.Item
	ids     []string // under which they are published, in the same order; empty: not at all
	places  []int    // in the documents
	formats map[string][]byte
}

// formatFiles are the formats by the names of their documents.
var formatFiles = map[string]string{"RSS": "rss.xml", "Atom": "atom.xml", "JSON": "feed.json"}

// through sends a feed through parser, normaliser and publisher, as a section of its own.
func through(t *testing.T, name string, doc syndication.Document) trip {
	t.Helper()
	out := trip{items: doc.Items, ids: make([]string, len(doc.Items)), places: make([]int, len(doc.Items)), formats: map[string][]byte{}}
	v := feed.View{
		Site:    feed.Site{Title: "The Round Trip", URL: "https://paper.example", ID: "paper.example", Language: "en"},
		Section: feed.Section{Name: "all", Title: "Everything", Description: "All of one feed"},
		ID:      "urn:uuid:d1f3a6a2-7c53-5a55-9a6e-27d3f1b0c001", Version: 1, Modified: afterAll, Created: afterAll,
	}
	taken := map[string]bool{}
	for i, it := range doc.Items {
		made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: it}}, Outlet: feed.Outlet{Name: "wire"}, FirstSeen: afterAll})
		if err != nil {
			continue
		}
		e := made.Entry
		for _, id := range normalise.IDs("paper.example", "wire", normalise.Identify(it).Original) {
			if !taken[id] {
				e.ID, taken[id] = id, true
				break
			}
		}
		if e.ID == "" { // listed twice
			continue
		}
		e.Source, e.SortAt = "wire", e.Published
		out.ids[i], out.places[i] = e.ID, len(v.Entries)
		v.Entries = append(v.Entries, e)
	}
	docs, problems := publish.Render(v)
	for _, p := range problems {
		t.Errorf("%s: %+v", name, p)
	}
	for format, file := range formatFiles {
		for _, d := range docs {
			if d.Path == "/all/"+file {
				out.formats[format] = d.Body
			}
		}
	}
	return out
}

// published is how many items came out.
func (m trip) published() (n int) {
	for _, id := range m.ids {
		if id != "" {
			n++
		}
	}
	return n
}

// original is a feed as gofeed reads it, by its format: what is in it is not made equal.
func original(body []byte) (items []any, err error) {
	defer func() { // it panics at some broken feeds
		if r := recover(); r != nil {
			err = fmt.Errorf("gofeed: %v", r)
		}
	}()
	r := bytes.NewReader(body)
	switch gofeed.DetectFeedType(bytes.NewReader(body)) {
	case gofeed.FeedTypeRSS:
		f, err := (&rss.Parser{}).Parse(r)
		if err != nil {
			return nil, err
		}
		for _, it := range f.Items {
			items = append(items, it)
		}
	case gofeed.FeedTypeAtom:
		f, err := (&atom.Parser{}).Parse(r)
		if err != nil {
			return nil, err
		}
		for _, it := range f.Entries {
			items = append(items, it)
		}
	case gofeed.FeedTypeJSON:
		f, err := (&jsonfeed.Parser{}).Parse(r)
		if err != nil {
			return nil, err
		}
		for _, it := range f.Items {
			items = append(items, it)
		}
	default:
		return nil, fmt.Errorf("no feed")
	}
	return items, nil
}

// facts are all that an item says, by kind: the element or attribute that says it.
func facts(item any) map[string][]string {
	text, err := json.Marshal(item)
	if err != nil {
		return nil
	}
	var tree map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&tree) != nil {
		return nil
	}
	out := map[string][]string{}
	walk(tree, "", out)
	return out
}

func walk(v any, kind string, out map[string][]string) {
	switch v := v.(type) {
	case map[string]any:
		if rel, ok := v["rel"].(string); ok && strings.HasSuffix(kind, "links") { // each is a kind
			kind += "[" + rel + "]"
		}
		for key, inner := range v {
			if strings.HasSuffix(key, "Parsed") || key == "dcExt" || key == "itunesExt" {
				continue // said twice
			}
			walk(inner, kindOf(kind, key, v), out)
		}
	case []any:
		for _, inner := range v {
			walk(inner, kind, out)
		}
	case string:
		if v = strings.TrimSpace(v); v != "" {
			out[kind] = append(out[kind], v)
		}
	case json.Number:
		out[kind] = append(out[kind], v.String())
	}
}

// kindOf names what is under a key. gofeed nests what other vocabularies say in maps of
// prefixes and names.
func kindOf(kind, key string, in map[string]any) string {
	switch key {
	case "extensions", "children", "attrs":
		return kind + "/" + key
	case "name", "value":
		if _, ok := in["attrs"]; ok && key == "name" {
			return "-" // of the element itself
		} else if ok {
			return kind
		}
	}
	switch {
	case kind == "/extensions":
		return key + ":"
	case strings.HasSuffix(kind, ":"):
		return kind + key
	case strings.HasSuffix(kind, "/attrs"):
		return strings.TrimSuffix(kind, "/attrs") + "@" + key
	case strings.HasSuffix(kind, "/children"):
		return strings.TrimSuffix(kind, "children") + key
	case kind == "":
		return key
	default:
		return kind + "." + key
	}
}

// sieve finds what is said anywhere in an item of ours, whatever element says it.
type sieve struct {
	all    string          // letters and digits of everything
	values map[string]bool // the same of each value
}

// newSieve reads an item as gofeed does; raw is what gofeed leaves out of it, if that is
// looked at too.
func newSieve(item any, raw json.RawMessage) sieve {
	s := sieve{values: map[string]bool{}}
	var b strings.Builder
	add := func(found map[string][]string) {
		for _, values := range found {
			for _, v := range values {
				b.WriteString(bare(v) + " ")
				s.values[bare(v)] = true
				if strings.Contains(v, "<") {
					b.WriteString(bare(plain(v)) + " ")
				}
			}
		}
	}
	add(facts(item))
	if raw != nil {
		add(facts(raw))
	}
	s.all = b.String()
	return s
}

const (
	// sure is how many letters of a value do not stand somewhere by chance.
	sure = 6
	// enough is how many letters of a long text are looked for: texts are cleaned.
	enough = 24
)

// has reports whether a value is said. What is too short to be told apart must be a value
// of its own.
func (s sieve) has(value string) bool {
	if numbers := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' }); len(numbers) > 1 && isNumbers(numbers) {
		for _, n := range numbers { // of a place
			if f, _ := strconv.ParseFloat(n, 64); !s.values[bare(strconv.FormatFloat(f, 'f', -1, 64))] &&
				!strings.Contains(s.all, bare(strconv.FormatFloat(f, 'f', -1, 64))) {
				return false
			}
		}
		return true
	}
	for _, form := range formsOf(value) {
		letters := bare(form)
		if s.values[letters] || letters == "" {
			return true
		}
		if r := []rune(letters); len(r) > enough {
			letters = string(r[:enough])
		}
		if len(letters) >= sure && strings.Contains(s.all, letters) {
			return true
		}
	}
	return false
}

func isNumbers(list []string) bool {
	return !slices.ContainsFunc(list, func(s string) bool {
		_, err := strconv.ParseFloat(s, 64)
		return err != nil
	})
}

// formsOf are the forms in which a value may be said: an address without its scheme and
// what counts clicks, a date in UTC, a duration in seconds, a text without its markup.
func formsOf(v string) []string {
	v = strings.TrimPrefix(strings.TrimSpace(v), "mailto:")
	out := []string{v, plain(v)}
	if strings.Contains(v, "<") && bare(plain(v)) == "" { // pictures alone
		m := source.FindStringSubmatch(html.UnescapeString(v))
		if m == nil {
			return []string{""}
		}
		v = m[1]
	}
	if u, err := url.Parse(v); err == nil && u.Host != "" {
		out = append(out, u.Host+u.EscapedPath())
	}
	if t, ok := normalise.OwnDate(feed.Item{Published: v}, time.UTC); ok {
		out = append(out, t.UTC().Format(time.RFC3339), t.UTC().Format(time.RFC1123Z))
	}
	if i := strings.IndexByte(v, ';'); i > 0 { // parameters of a media type
		out = append(out, v[:i])
	}
	if open := strings.IndexByte(v, '('); open > 0 && strings.HasSuffix(v, ")") { // mail (Name)
		out = append(out, v[open+1:len(v)-1])
	}
	if same, ok := synonyms[strings.ToLower(v)]; ok {
		out = append(out, same)
	}
	if n, err := strconv.ParseFloat(v, 64); err == nil {
		out = append(out, strconv.FormatFloat(n, 'f', -1, 64))
	}
	total := 0.0
	for part := range strings.SplitSeq(v, ":") {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return out
		}
		total = total*60 + n
	}
	return append(out, strconv.FormatFloat(total, 'f', -1, 64))
}

// source finds where the first picture or film of markup is.
var source = regexp.MustCompile(`(?i)(?:src|href|value)\s*=\s*["']?([^"'\s>]+)`)

// synonyms are values that are written in one way.
var synonyms = map[string]string{
	"no": "false", "clean": "false", "yes": "true", "explicit": "true", "audio/mp3": "audio/mpeg", "audio/mpeg3": "audio/mpeg",
	"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "text/vtt": "text/vtt",
}

// plain is a text without markup and without what it begins with in markup.
func plain(s string) string { return normalise.PlainText(feed.HTML(html.UnescapeString(s))) }

// bare is a text's letters and digits in lower case, with its escapes undone.
func bare(s string) string {
	s = html.UnescapeString(s)
	if strings.Contains(s, "%") {
		if u, err := url.PathUnescape(s); err == nil {
			s = u
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// toll is how often a kind was said by origins, and how often it was lost, by format.
type toll struct {
	said int
	lost map[string]int
	like map[string]string // a value that was lost
}

// eighth of the feeds is what goes out unless the table is made anew or documents are
// handed on.
const eighth = 8

// TestWhatComesWithAnArticleGoesOutWithIt sends every feed of the corpus through the
// program and compares what gofeed reads in the documents with what it reads in the
// origin's. What is lost is in losses, with the reason; docs/roundtrip.md tells it to
// people.
func TestWhatComesWithAnArticleGoesOutWithIt(t *testing.T) {
	tolls := map[string]*toll{}
	articles := 0
	schema, err := jsonschema.NewCompiler().Compile("../../feed/publish/testdata/jsonfeed-1.1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	turn := 0
	eachFeed(t, func(name string, doc syndication.Document) {
		if turn++; turn%eighth != 0 && !*update && *handed == "" {
			return // all of them take two minutes
		}
		made := through(t, name, doc)
		write(t, name, made)
		if instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(made.formats["JSON"])); err != nil || schema.Validate(instance) != nil {
			t.Errorf("%s: our JSON Feed is none (JSON-1): %v", name, errors.Join(err, schema.Validate(instance)))
		}
		body, err := os.ReadFile(filepath.Join(os.Getenv("BROADSHEET_CORPUS"), "feeds", name))
		if err != nil {
			t.Fatal(err)
		}
		origin, err := original(body)
		if err != nil {
			return // only we can read it
		}
		ours := map[string][]sieve{}
		for format, body := range made.formats {
			items, err := original(body)
			if err != nil {
				t.Errorf("%s: gofeed cannot read our %s: %v", name, format, err)
			}
			ours[format] = sieves(t, format, items, body)
			if len(ours[format]) != made.published() {
				t.Errorf("%s: gofeed reads %d items in our %s, want %d", name, len(items), format, made.published())
			}
		}
		articles += compare(made, origin, ours, tolls)
	})
	judgeLost(t, tolls)
	tabulate(t, groups(tolls))
	t.Logf("%d articles, %d kinds", articles, len(tolls))
}

// sieves are those of a document's items.
func sieves(t *testing.T, format string, items []any, body []byte) []sieve {
	t.Helper()
	var out []sieve
	var raw struct{ Items []json.RawMessage }
	if format == "JSON" {
		if err := json.Unmarshal(body, &raw); err != nil {
			t.Fatal(err)
		}
	}
	for i, it := range items {
		var text json.RawMessage
		if format == "JSON" { // gofeed does not read what JSON Feed has no words for
			text = raw.Items[i]
		}
		out = append(out, newSieve(it, text))
	}
	return out
}

func idOf(item any) string {
	switch it := item.(type) {
	case *rss.Item:
		if it.GUID != nil {
			return it.GUID.Value
		}
	case *atom.Entry:
		return it.ID
	case *jsonfeed.Item:
		return it.ID
	}
	return ""
}

// compare adds to tolls what became of each article that gofeed finds in the origin.
func compare(made trip, origin []any, ours map[string][]sieve, tolls map[string]*toll) (articles int) {
	byID := map[string][]any{}
	for _, it := range origin {
		id := strings.TrimSpace(idOf(it))
		byID[id] = append(byID[id], it)
	}
	for i, it := range made.items {
		same := byID[strings.TrimSpace(it.ID)]
		if made.ids[i] == "" || it.ID == "" || len(same) != 1 {
			continue // which of them it is cannot be told
		}
		articles++
		for kind, values := range facts(same[0]) {
			if noFact(kind) {
				continue
			}
			if tolls[kind] == nil {
				tolls[kind] = &toll{lost: map[string]int{}, like: map[string]string{}}
			}
			tolls[kind].said++
			for format := range formatFiles {
				if made.places[i] >= len(ours[format]) {
					continue // told already
				}
				s := ours[format][made.places[i]]
				for _, v := range values {
					if !s.has(v) {
						tolls[kind].lost[format]++
						tolls[kind].like[format] = v
						break
					}
				}
			}
		}
	}
	return articles
}

// judgeLost fails for each kind that is lost without a reason.
func judgeLost(t *testing.T, tolls map[string]*toll) {
	t.Helper()
	for _, kind := range slices.Sorted(maps.Keys(tolls)) {
		n := tolls[kind]
		if len(n.lost) == 0 {
			continue
		}
		if _, ok := lossOf(kind); !ok {
			for _, format := range slices.Sorted(maps.Keys(n.lost)) {
				t.Errorf("%s: said %d times, lost in %s %d times, e.g. %.60q", kind, n.said, format, n.lost[format], n.like[format])
			}
		}
	}
}

// groups sums tolls up by the reasons for which kinds are lost, in their order; the first
// line is of what is lost nowhere.
func groups(tolls map[string]*toll) (lines []string) {
	type group struct {
		name, reason string
		kinds, said  int
		lost         map[string]int
	}
	all := []*group{{name: "All other kinds", lost: map[string]int{}}}
	at := map[string]*group{}
	for _, l := range append(slices.Clone(losses), foreign) {
		g := &group{name: l.name, reason: l.reason, lost: map[string]int{}}
		at[l.name], all = g, append(all, g)
	}
	for kind, n := range tolls {
		g := all[0]
		if l, ok := lossOf(kind); ok {
			g = at[l.name]
		}
		g.kinds++
		g.said += n.said
		for format, lost := range n.lost {
			g.lost[format] += lost
		}
	}
	for _, g := range all {
		line := fmt.Sprintf("| %s | %d | %d |", g.name, g.kinds, g.said)
		for _, format := range []string{"RSS", "Atom", "JSON"} {
			line += fmt.Sprintf(" %d / %d |", g.said-g.lost[format], g.lost[format])
		}
		if g.said > 0 {
			lines = append(lines, line+" "+g.reason+" |")
		}
	}
	return lines
}

// tabulate writes the table of docs/roundtrip.md, if asked to.
func tabulate(t *testing.T, lines []string) {
	t.Helper()
	if !*update {
		return
	}
	text, err := os.ReadFile(roundtripPath)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "<!-- gofeed -->\n")
	_, after, ended := strings.Cut(rest, "<!-- end -->")
	if !found || !ended {
		t.Fatal("there is no place for the table")
	}
	table := "| what | kinds | said | RSS kept / lost | Atom kept / lost | JSON kept / lost | why what is lost is lost |\n" +
		"|---|--:|--:|--:|--:|--:|---|\n" + strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(roundtripPath, []byte(before+"<!-- gofeed -->\n"+table+"<!-- end -->"+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

const roundtripPath = "../../docs/roundtrip.md"

// write puts the documents of a feed where others can read them.
func write(t *testing.T, name string, made trip) {
	t.Helper()
	if *handed == "" {
		return
	}
	known := map[string]string{} // published id by the source's
	for i, it := range made.items {
		if made.ids[i] != "" && it.ID != "" {
			known[strings.TrimSpace(it.ID)] = made.ids[i]
		}
	}
	text, err := json.Marshal(known)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{".ids.json": text}
	for format, body := range made.formats {
		files["."+formatFiles[format]] = body
	}
	for end, body := range files {
		if err := os.WriteFile(filepath.Join(*handed, strings.ReplaceAll(name, "/", "_")+end), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
