package config

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"broadsheet/feed"
	"broadsheet/feed/route"
	"broadsheet/sources/article/siterule"
)

const (
	// maxFiles and maxTotal bound what include: may bring in.
	maxFiles = 10_000
	maxTotal = 64 << 20
)

// Load reads config.yaml at path, the files that it includes and those of its
// lists. It gives all problems that it finds, warnings among them, in the order
// of the files; the Paper is nil if one of them is more than a warning.
func Load(path string, env Env) (*Paper, Problems) {
	found := &findings{}
	l := &loader{
		expander: &expander{env: env, dir: filepath.Dir(path)},
		found:    found, hints: &hints{}, shapes: shapes{}, complete: true,
	}
	main := filepath.Base(path)
	data, err := readFile(path, maxFile)
	if err != nil {
		found.refuse(feed.Pos{File: main}, "", "the configuration cannot be read: %s",
			reason(err))
		return nil, found.sorted()
	}
	return l.load(path, main, data)
}

// loader reads the files of one configuration.
type loader struct {
	*expander
	found  *findings
	hints  *hints
	shapes shapes
	total  int
	// complete is false if a file could not be read: names that are not there may
	// stand in it.
	complete bool
}

func (l *loader) load(path, main string, data []byte) (*Paper, Problems) {
	var f file
	if !l.decode(main, data, &f) {
		return nil, l.found.sorted()
	}
	if !f.written() {
		f.placed.Pos = feed.Pos{File: main, Line: 1, Column: 1}
	}
	l.include(&f, path)
	b := newBuilder(l, &f)
	p := b.paper(path)
	p.Unset = l.unset
	problems := l.found.sorted()
	if problems.Failed() {
		return nil, problems
	}
	return p, problems
}

func (f *file) written() bool { return f.placed.Pos.Line > 0 }

// decode reads the bytes of a file into v. ok is false if they are no YAML.
func (l *loader) decode(name string, data []byte, v any) bool {
	p, ok := parse(name, data, l.found)
	if !ok {
		l.complete = false
		return false
	}
	if p.root == nil {
		l.shapes.fill(reflect.ValueOf(v).Elem())
		return true
	}
	d := &decoder{page: p, expander: l.expander, hints: l.hints, shapes: l.shapes}
	if p.root.Kind != yaml.MappingNode && p.root.Tag != "!!null" {
		l.found.refuse(p.pos(p.root), "", "a configuration is a block of keys such as site:, "+
			"sections: and sources:, not %s", d.whatIs(p.root))
		return false
	}
	d.block(place{}, p.root, reflect.ValueOf(v).Elem())
	l.shapes.fill(reflect.ValueOf(v).Elem())
	l.complete = l.complete && !d.spent()
	return true
}

// include adds what the included files hold to f, in the order of the globs and
// then of names.
func (l *loader) include(f *file, main string) {
	read := map[string]bool{filepath.Clean(main): true}
	for _, glob := range f.Include.Items {
		if glob.Unsure {
			l.complete = false
			continue
		}
		for _, path := range l.glob(glob) {
			if read[path] {
				continue
			}
			read[path] = true
			if len(read) > maxFiles {
				l.found.refuse(glob.Pos, "include", "more than %d files; join some of them",
					maxFiles)
				l.complete = false
				return
			}
			l.includeFile(f, glob.Pos, path)
		}
	}
}

// glob gives the files that an item of include stands for.
func (l *loader) glob(item value[line]) []string {
	pattern := string(item.V)
	paths, err := filepath.Glob(l.path(pattern))
	switch {
	case err != nil || pattern == "":
		l.found.refuse(item.Pos, "include", "%s is not a path with wildcards; write for "+
			"example sources/*.yaml", quote(item.Raw))
	case len(paths) == 0 && strings.ContainsAny(pattern, "*?["):
		l.found.warn(item.Pos, "include", "no file is called %s", quote(item.Raw))
	case len(paths) == 0:
		l.found.refuse(item.Pos, "include", "the file %s does not exist; paths start at the "+
			"folder of the configuration", quote(item.Raw))
		l.complete = false
	}
	slices.Sort(paths)
	return paths
}

func (l *loader) includeFile(f *file, from feed.Pos, path string) {
	data, err := readFile(path, maxFile)
	l.total += len(data)
	switch {
	case err != nil:
		l.found.refuse(from, "include", "%s cannot be read: %s", quote(l.nameOf(path)),
			reason(err))
		l.complete = false
		return
	case l.total > maxTotal:
		l.found.refuse(from, "include", "the files have more than %d MiB together",
			maxTotal>>20)
		l.complete = false
		return
	}
	var inc included
	if !l.decode(l.nameOf(path), data, &inc) {
		l.complete = false
		return
	}
	f.Profiles.Items = append(f.Profiles.Items, inc.Profiles.Items...)
	f.Lists.Items = append(f.Lists.Items, inc.Lists.Items...)
	f.Sections.Items = append(f.Sections.Items, inc.Sections.Items...)
	f.Sources.Items = append(f.Sources.Items, inc.Sources.Items...)
}

// nameOf is a file's name in messages: relative to the folder of config.yaml.
func (l *loader) nameOf(path string) string {
	if name, err := filepath.Rel(l.dir, path); err == nil {
		return filepath.ToSlash(name)
	}
	return path
}

// readFile reads a file, and no more of it than tells that it is too large.
func readFile(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readLimited(f, max)
}

// Paper is the whole configuration, checked, with every default put in.
type Paper struct {
	Path      string         // of config.yaml, as given
	Site      feed.Site      // ID is empty if the file does not say
	Zone      *time.Location // of cron specs and of dates without a zone
	Contact   string         // for the User-Agent; may be empty
	Templates string         // path of a folder of own templates; empty: none
	// TemplatesPos is where that is written.
	TemplatesPos feed.Pos
	Listen       string // host:port, unix:/path, systemd or systemd:NAME
	Admin        string // the same
	Serve        Serve
	Store        string        // path of the SQLite file, or a postgres URL
	Keep         time.Duration // of bodies; 0 is for ever
	KeepPages    time.Duration // of pages as they came; 0 is for ever
	Folder       string        // kept up to date as a static site; empty is none
	Coded        bool          // static sites have compressed copies of each file
	Fetch        Fetch
	WebSub       WebSub
	Listening    Listening
	Withdraw     []string // articles that are taken back, by id or link, and source:NAME
	Outlets      []feed.Outlet
	// Selectors are the rules that sources have of their own for their articles' pages, by
	// name of the source; those without are not in it.
	Selectors map[string]*siterule.Rule
	// Sections are in the order of the file, without the whole paper.
	Sections []feed.Section
	Spec     route.Spec
	Router   *route.Router
	// Unset: a ${NAME} or ${file:PATH} was not there, and stands in its value as
	// written. Such a paper may be looked at, and must not be put into a store: it
	// would seem that urls were changed.
	Unset bool
}
