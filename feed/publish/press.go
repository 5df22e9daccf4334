package publish

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"broadsheet/feed"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed style.css feed.css icon.svg favicon.ico
var assetFiles embed.FS

// Press makes documents, with templates and style of its own or with ours.
type Press struct {
	templates *template.Template
	files     map[string][]byte // style.css, feed.css, icon.svg, favicon.ico
	mark      string            // tells it apart from ours; empty for ours
}

// BuiltIn is the press with our own templates and style.
var BuiltIn = mustPress()

// mustPress makes our own press; its parts are in the program.
func mustPress() *Press {
	p := &Press{templates: template.New("").Funcs(funcs), files: map[string][]byte{}}
	template.Must(p.templates.ParseFS(templateFiles, "templates/*.html"))
	for _, name := range assetNames {
		body, err := assetFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		p.files[name] = body
	}
	return p
}

// assetNames are the files of a press that are no templates.
var assetNames = []string{"style.css", "feed.css", "icon.svg", "favicon.ico"}

// maxTemplate bounds each file of a folder of templates: ours have a tenth of it.
const maxTemplate = 256 << 10

// OpenPress gives the press whose files in folder take the place of ours of the same
// name: templates (front.html, section.html, article.html, search.html, notice.html, and
// frame.html and story.html, which these use), style.css, feed.css, icon.svg and
// favicon.ico. Every template is tried on sample pages. The error joins everything that
// is wrong, each with the file and, where there is one, the line.
func OpenPress(folder fs.FS) (*Press, error) {
	p := mustPress()
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("the folder of templates cannot be read: %w", err)
	}
	hash := sha256.New()
	var errs []error
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		known := slices.Contains(assetNames, name)
		isTemplate := p.templates.Lookup(name) != nil
		if !known && !isTemplate {
			errs = append(errs, fmt.Errorf("%s: no file of ours is called so; there are %s", name, strings.Join(p.names(), ", ")))
			continue
		}
		body, err := readBounded(folder, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		fmt.Fprintf(hash, "%s %d\n", name, len(body))
		hash.Write(body)
		if known {
			p.files[name] = body
		} else if _, err := p.templates.New(name).Parse(string(body)); err != nil {
			errs = append(errs, plainTemplateError(err))
		}
		p.mark = "own" // something is there
	}
	if p.mark != "" {
		p.mark = hex.EncodeToString(hash.Sum(nil)[:8])
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return p, p.try()
}

// names are those of all files that may be overridden.
func (p *Press) names() []string {
	names := slices.Clone(assetNames)
	for _, t := range p.templates.Templates() {
		if path.Ext(t.Name()) == ".html" {
			names = append(names, t.Name())
		}
	}
	slices.Sort(names)
	return names
}

func readBounded(folder fs.FS, name string) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxTemplate+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case len(body) > maxTemplate:
		return nil, fmt.Errorf("%s: it has more than %d KiB", name, maxTemplate>>10)
	}
	return body, nil
}

// Version tells documents of this press from those of another one (feed.Plan.Press).
func (p *Press) Version() string {
	if p.mark == "" {
		return Version
	}
	return Version + "-" + p.mark
}

// plainTemplateError is an error of html/template without the words of the package:
// "section.html:12:5: …".
func plainTemplateError(err error) error {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "html/template:"), "template: ")
	return errors.New(templatePlace.ReplaceAllString(text, "$1: "))
}

// templatePlace is where a template failed, with which template that was called as.
var templatePlace = regexp.MustCompile(`^\s*([^\s:]+:[0-9]+(?::[0-9]+)?): (?:executing "[^"]*" at )?`)

// try makes a page of each kind of an invented paper, and looks at them as at any other.
func (p *Press) try() error {
	var errs []error
	tell := func(err error) {
		if err = trialError(err); err != nil && !slices.ContainsFunc(errs, func(e error) bool { return e.Error() == err.Error() }) {
			errs = append(errs, err)
		}
	}
	for _, site := range []feed.Site{{Language: "en"}, {Language: "ja", NoSearch: true, Images: feed.ImagesNone}, {Language: "ar", Images: feed.ImagesProxy, ImageKey: "x"}} {
		site.Title, site.URL = "Sample", "https://sample.example/paper"
		base, _ := url.Parse(site.URL)
		for _, v := range trialViews(site) {
			d := newDesk(v, base, v.Section.Path())
			kinds := map[string]func() page{
				"section.html": func() page { return d.section(v) },
				"front.html":   func() page { return d.front(v) },
				"search.html":  func() page { return d.found(v) },
				"notice.html":  func() page { return d.notice(v, noticeOf(d.W, 404), "/paper/") },
			}
			if len(v.Entries) > 0 {
				kinds["article.html"] = func() page { return d.article(v) }
			}
			for _, name := range slices.Sorted(maps.Keys(kinds)) {
				body, err := p.execute(name, kinds[name]())
				if err == nil {
					if err = pageMarkup(string(body)); err != nil {
						err = fmt.Errorf("%s: %w, which no page may have", name, err)
					}
				}
				tell(err)
			}
		}
	}
	return errors.Join(errs...)
}

// trialError is what is wrong with a template, without which page was made.
func trialError(err error) error {
	if err == nil {
		return nil
	}
	if inner := errors.Unwrap(err); inner != nil {
		if strings.HasPrefix(inner.Error(), "template:") || strings.HasPrefix(inner.Error(), "html/template:") {
			return plainTemplateError(inner)
		}
	}
	return err
}
