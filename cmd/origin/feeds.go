package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"broadsheet/internal/fakeweb"
)

// feed is one address that is served.
type feed struct {
	name      string // of the source in a configuration
	host      string
	path      string
	behaviour string
	variant   string
	handler   http.Handler
	room      fakeweb.Newsroom // who writes it; none for a file
}

// sound is what the feed would be if it behaved.
func (f feed) sound() http.Handler { return f.room.Handler(nil) }

// url is the address by which the log names the feed.
func (f feed) url() string { return "http://" + f.host + f.path }

// hostName is the name of host i, counted from 0.
func hostName(i int) string { return fmt.Sprintf("h%03d.example", i+1) }

// seedStep sets the newsrooms of two seeds apart.
const seedStep = 1 << 20

// invent makes the feeds that --feeds and --behaviour ask for.
func invent(o options) ([]feed, error) {
	counts, err := parseMix(o.behaviours, o.feeds)
	if err != nil {
		return nil, usageError{err}
	}
	extensions := []string{".xml", ".atom", ".json"}
	used := map[string]int{}
	var feeds []feed
	for i, role := range cast(counts, o.feeds, o.seed) {
		f := feed{name: fmt.Sprintf("feed-%04d", i+1), host: hostName(i % o.hosts), behaviour: role}
		format := i % len(extensions)
		if role != good { // whose variants speak of RSS
			format = int(fakeweb.RSS)
		}
		f.path = "/" + f.name + extensions[format]
		f.room = fakeweb.Newsroom{Host: f.host, Title: "Invented news " + f.name, Format: fakeweb.Format(format),
			Seed: o.seed*seedStep + uint64(i), Every: o.every}
		f.handler = f.sound()
		for _, b := range behaviours {
			if b.name == role {
				list := b.variants(f)
				v := list[used[role]%len(list)]
				f.variant, f.handler = v.name, v.h
			}
		}
		used[role]++
		feeds = append(feeds, f)
	}
	return feeds, nil
}

// mediaTypes are what files are sent as. There is no charset: the files say.
var mediaTypes = map[string]string{
	".rss": "application/rss+xml", ".atom": "application/atom+xml", ".rdf": "application/rdf+xml",
	".json": "application/feed+json", ".xml": "application/xml", ".html": "text/html",
}

// capture makes feeds of the files in a folder.
func capture(o options) ([]feed, error) {
	if o.corpus == "" {
		return nil, nil
	}
	root, err := os.OpenRoot(o.corpus)
	if err != nil {
		return nil, fmt.Errorf("--corpus: %w", err)
	}
	defer root.Close()
	names, err := corpusFiles(root)
	if err != nil {
		return nil, fmt.Errorf("--corpus: %w", err)
	}
	var feeds []feed
	for i, name := range names {
		body, err := root.ReadFile(filepath.FromSlash(name))
		if err != nil {
			return nil, fmt.Errorf("--corpus: %w", err)
		}
		mediaType := mediaTypes[strings.ToLower(path.Ext(name))]
		feeds = append(feeds, feed{
			name: fmt.Sprintf("corpus-%04d", i+1), host: hostName(i % o.hosts), variant: name,
			path: (&url.URL{Path: "/" + name}).EscapedPath(), behaviour: captured,
			handler: fakeweb.Page(mediaType, body),
		})
	}
	if len(feeds) == 0 {
		return nil, fmt.Errorf("--corpus: there are no files in %s", o.corpus)
	}
	return feeds, nil
}

// manifest lists the feeds of a corpus: a table whose first column is the file,
// under a line of headings.
const manifest = "manifest.tsv"

// corpusFiles are the files of the manifest, else all that are not hidden.
func corpusFiles(root *os.Root) ([]string, error) {
	f, err := root.Open(manifest)
	if os.IsNotExist(err) {
		return visibleFiles(root)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var names []string
	lines := bufio.NewScanner(f)
	for first := true; lines.Scan(); first = false {
		if name, _, _ := strings.Cut(lines.Text(), "\t"); !first && name != "" {
			names = append(names, name)
		}
	}
	return names, lines.Err()
}

// visibleFiles are all files of a folder, not of those in it, by name.
func visibleFiles(root *os.Root) ([]string, error) {
	dir, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}
