package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
	"golang.org/x/net/html"
)

// captured is a feed of the corpus, with what its manifest knows of it.
type captured struct {
	file, mediaType string
	wellFormed      bool
	host            string // of the invented origin that serves it
}

// corpus reads the manifest; the test is skipped without a corpus.
func corpus(t *testing.T) (root string, feeds []captured) {
	t.Helper()
	root = os.Getenv("BROADSHEET_CORPUS")
	if root == "" {
		t.Skip("BROADSHEET_CORPUS does not name a corpus")
	}
	f, err := os.Open(filepath.Join(root, "feeds", "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	types := map[string]string{".rss": "application/rss+xml", ".rdf": "application/rdf+xml",
		".atom": "application/atom+xml", ".json": "application/feed+json"}
	columns := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		cells := strings.Split(lines.Text(), "\t")
		if len(columns) == 0 {
			for i, name := range cells {
				columns[name] = i
			}
			continue
		}
		file := cells[columns["file"]]
		feeds = append(feeds, captured{file: file, mediaType: types[filepath.Ext(file)],
			wellFormed: cells[columns["xml"]] == "ok", host: fmt.Sprintf("f%04d.example", len(feeds))})
	}
	return root, feeds
}

// notFeeds are the files of the corpus that are refused though they are
// well-formed XML, with what their refusal must say: they hold no feed.
var notFeeds = map[string]string{}

// corpusDesk serves the whole corpus, with ten sections that together hold every
// source.
func corpusDesk(t *testing.T, root string, feeds []captured, shape string) *desk {
	d := newDesk(t)
	var conf strings.Builder
	fmt.Fprintf(&conf, "%s\nsections:\n", shape)
	for i := range 10 {
		fmt.Fprintf(&conf, "  - {name: part-%d, title: Part %d, sources: [\"tag:part-%d\"]}\n", i, i, i)
	}
	conf.WriteString("sources:\n")
	for i, f := range feeds {
		fmt.Fprintf(&conf, "  - {name: f%04d, url: \"http://%s/feed\", tags: [part-%d]}\n", i, f.host, i%10)
		body, err := os.ReadFile(filepath.Join(root, "feeds", f.file))
		if err != nil {
			t.Fatal(err)
		}
		d.web.Serve(f.host, "/feed", f.mediaType, body)
	}
	d.config(conf.String())
	return d
}

// TestCorpus runs the main job on real feeds: everything that can be read is
// read, published and sound, in a full configuration and in the usual one.
func TestCorpus(t *testing.T) {
	t.Parallel() // it waits for its own store and for nothing else
	root, feeds := corpus(t)
	shapes := map[string]string{
		"everything": "defaults: {section: {limit: all, max_size: none}}",
		"as shipped": shippedDefaults(t),
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			feeds := feeds
			if !*whole {
				feeds = some(feeds)
			}
			d := corpusDesk(t, root, feeds, shape)
			start := time.Now()
			var sum summary
			d.runJSON(&sum, "once")
			polled := time.Since(start)
			site := d.build()
			built := time.Since(start) - polled
			report(t, d, feeds, &sum, site, name == "everything")
			t.Logf("polled and published in %v, built in %v, peak memory %d MiB",
				polled.Round(time.Millisecond), built.Round(time.Millisecond), peakMemory()>>20)
			for path, body := range site {
				if err := sound(path, []byte(body)); err != nil {
					t.Errorf("%s: %v", path, err)
				}
			}
			wholeChains(t, d)
			if name == "everything" {
				return // the other shape is built twice
			}
			again := d.build()
			for path, body := range site {
				if again[path] != body {
					t.Errorf("%s differs in a second build", path)
				}
			}
		})
	}
}

// whole runs the longest tests on all of the corpus, and not on a part of it: some minutes.
var whole = flag.Bool("whole", false, "run the longest tests on the whole corpus")

// some is every eighth feed: most of what happens to feeds of the corpus does with these.
func some(feeds []captured) (out []captured) {
	for i := 0; i < len(feeds); i += 8 {
		out = append(out, feeds[i])
	}
	return out
}

// shippedDefaults are the defaults of the shipped config.yaml.
func shippedDefaults(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var shipped struct {
		Fetch    yaml.Node
		Defaults yaml.Node
	}
	if err := yaml.Unmarshal(text, &shipped); err != nil {
		t.Fatal(err)
	}
	out, err := yaml.Marshal(map[string]any{"fetch": &shipped.Fetch, "defaults": &shipped.Defaults})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// report prints and judges what became of feeds and items.
func report(t *testing.T, d *desk, feeds []captured, sum *summary, site map[string]string, all bool) {
	t.Helper()
	var status statusReport
	d.runJSON(&status, "status")
	refused, warned, read, warnings := map[string]int{}, 0, 0, map[string]int{}
	for i, s := range status.Sources {
		f := feeds[i]
		switch {
		case s.Error != "":
			refused[s.Error]++
			if want, ok := notFeeds[f.file]; f.wellFormed && (!ok || !strings.Contains(s.Error, want)) {
				t.Errorf("%s is well-formed and was refused: %s", f.file, s.Error)
			}
		case len(s.Warnings) > 0:
			read, warned = read+1, warned+1
			for _, w := range s.Warnings {
				warnings[w.Code]++
			}
		default:
			read++
		}
	}
	published := map[string]bool{}
	for i := range 10 {
		var f jsonFeed
		decode(t, site[fmt.Sprintf("part-%d/feed.json", i)], &f)
		for _, it := range f.Items {
			published[it.ID] = true
		}
	}
	t.Logf("feeds: %d read, %d of them with warnings %v; refused %d", read, warned, warnings, len(feeds)-read)
	for _, why := range sorted(refused) {
		t.Logf("  refused %d: %s", refused[why], why)
	}
	t.Logf("items: %d listed → %d entries → %d published; left out %v", sum.Listed, sum.New, len(published), sum.Drops)
	dropped := 0
	for _, n := range sum.Drops {
		dropped += n
	}
	if sum.Listed != sum.New+sum.Updated+dropped {
		t.Errorf("%d items are unaccounted for", sum.Listed-sum.New-sum.Updated-dropped)
	}
	if all && float64(len(published)) < 0.95*float64(sum.Listed) {
		t.Errorf("only %d of %d items are published", len(published), sum.Listed)
	}
}

// peakMemory is the most that this process ever held, in bytes.
func peakMemory() int64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return usage.Maxrss << 10
}

// sound judges a published file by a reading of its own: it shares no code with
// the publisher's check.
func sound(path string, body []byte) error {
	switch {
	case strings.HasSuffix(path, ".json") && !strings.HasPrefix(filepath.Base(path), "."):
		return soundJSON(body)
	case strings.HasSuffix(path, ".xml"):
		return soundXML(body)
	case strings.HasSuffix(path, ".html"):
		return soundHTML(string(body), false)
	}
	return nil
}

// soundJSON checks a JSON Feed.
func soundJSON(body []byte) error {
	var f jsonFeed
	if err := json.Unmarshal(body, &f); err != nil {
		return err
	}
	seen := map[string]bool{}
	var errs []error
	for _, it := range f.Items {
		if it.ID == "" || seen[it.ID] {
			errs = append(errs, fmt.Errorf("id %q is empty or there twice", it.ID))
		}
		seen[it.ID] = true
		if it.URL != "" {
			errs = append(errs, absolute(it.URL))
		}
		errs = append(errs, soundHTML(it.HTML, true))
	}
	return errors.Join(errs...)
}

const atomSpace = "http://www.w3.org/2005/Atom"

// soundXML checks RSS and Atom: well-formed, ids unique, addresses absolute,
// markup harmless.
func soundXML(body []byte) error {
	dec := xml.NewDecoder(bytes.NewReader(body))
	seen, path, text := map[string]bool{}, []string{}, strings.Builder{}
	var errs []error
	for {
		token, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch tok := token.(type) {
		case xml.StartElement:
			name := tok.Name.Local
			if tok.Name.Space != "" && tok.Name.Space != atomSpace {
				name = tok.Name.Space + " " + name // podcast:guid is no guid
			}
			path = append(path, name)
			text.Reset()
			for _, a := range tok.Attr {
				if a.Name.Local == "href" || a.Name.Local == "url" || a.Name.Local == "src" {
					errs = append(errs, absolute(a.Value))
				}
			}
		case xml.CharData:
			text.Write(tok)
		case xml.EndElement:
			errs = append(errs, soundElement(path, text.String(), seen))
			path = path[:len(path)-1]
			text.Reset()
		}
	}
	return errors.Join(errs...)
}

// soundElement checks the text of one element of a feed.
func soundElement(path []string, text string, seen map[string]bool) error {
	inside := ""
	if len(path) > 1 {
		inside = path[len(path)-2]
	}
	switch name := path[len(path)-1]; {
	case name == "guid", name == "id" && inside == "entry":
		if text == "" || seen[text] {
			return fmt.Errorf("id %q is empty or there twice", text)
		}
		seen[text] = true
	case name == "link" && text != "", name == "comments" && strings.Contains(text, ":"):
		return absolute(text)
	case strings.HasSuffix(name, " encoded") || name == "content":
		return soundHTML(text, true)
	}
	return nil
}

// absolute refuses what is not a whole http(s) address.
func absolute(address string) error {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return fmt.Errorf("%q is not an absolute http address", address)
	}
	return nil
}

// soundHTML refuses everything that could run; in an article's markup, also
// addresses that are not absolute.
func soundHTML(text string, article bool) error {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return err
	}
	active := map[string]bool{"script": true, "iframe": true, "object": true, "embed": true, "form": true, "base": true,
		"meta": article, "link": article, "style": article, "svg": true, "math": true}
	var errs []error
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if active[n.Data] && !(n.Data == "form" && !article && isSearch(n)) {
			errs = append(errs, fmt.Errorf("there is a <%s>", n.Data))
		}
		for _, a := range n.Attr {
			errs = append(errs, soundAttribute(n.Data, a, article))
		}
	}
	return errors.Join(errs...)
}

// isSearch reports whether a form is the paper's own search.
func isSearch(form *html.Node) bool {
	for _, a := range form.Attr {
		if a.Key == "action" {
			return strings.HasSuffix(a.Val, "-/search") && !strings.Contains(a.Val, ":")
		}
	}
	return false
}

func soundAttribute(element string, a html.Attribute, article bool) error {
	value := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, a.Val))
	switch {
	case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "formaction":
		return fmt.Errorf("<%s> has %s", element, a.Key)
	case strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "vbscript:"), strings.HasPrefix(value, "data:"):
		return fmt.Errorf("<%s %s> is %.40q", element, a.Key, a.Val)
	case article && (a.Key == "src" || a.Key == "poster"):
		return absolute(a.Val)
	case article && a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(value, "mailto:") &&
		!strings.HasPrefix(value, "tel:"):
		return absolute(a.Val)
	}
	return nil
}

// TestSoundRefuses: the judge of the corpus run would notice.
func TestSoundRefuses(t *testing.T) {
	bad := map[string]string{
		"a/rss.xml":    `<rss><channel><item><guid>1</guid></item><item><guid>1</guid></item></channel></rss>`,
		"b/rss.xml":    `<rss><channel><item><link>/relative</link></item></channel></rss>`,
		"c/rss.xml":    `<rss><channel></rss>`,
		"a/atom.xml":   `<feed><entry><id>x</id><content type="html">&lt;img src=x onerror=alert(1)></content></entry></feed>`,
		"b/atom.xml":   `<feed><entry><id></id></entry></feed>`,
		"a/feed.json":  `{"items":[{"id":"1","content_html":"<a href=' java\nscript:x'>"}]}`,
		"b/feed.json":  `{"items":[{"id":"1"},{"id":"1"}]}`,
		"a/index.html": `<p><script>1</script>`,
	}
	for path, body := range bad {
		if sound(path, []byte(body)) == nil {
			t.Errorf("%s passes: %s", path, body)
		}
	}
	good := `{"items":[{"id":"1","url":"http://a.example/","content_html":"<p><a href='#n'>1</a></p>"}]}`
	if err := sound("x/feed.json", []byte(good)); err != nil {
		t.Errorf("a good feed is refused: %v", err)
	}
}
