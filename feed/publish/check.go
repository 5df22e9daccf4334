package publish

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"broadsheet/feed"
)

// Check tells whether a document may be published. It reads the finished bytes
// once and knows nothing of how they were made: well-formed XML or JSON in
// UTF-8, what the format requires, ids that are there and unique, absolute
// http(s) URLs, dates that are dates, a link to itself, and in all markup no
// script, event handler or javascript: URL. The error joins all that is wrong.
func Check(d feed.Document) error {
	var errs []error
	for _, f := range inspect(d.Path, d.MediaType, d.Body) {
		errs = append(errs, f)
	}
	return errors.Join(errs...)
}

// fault is something wrong with a document.
type fault struct {
	path  string
	entry int // which entry of the document, from 0; noEntry if none is to blame
	text  string
}

// noEntry is the entry of a fault of the document as a whole.
const noEntry = -1

func (f fault) Error() string {
	if f.entry == noEntry {
		return f.path + ": " + f.text
	}
	return fmt.Sprintf("%s: entry %d: %s", f.path, f.entry+1, f.text)
}

// maxFaults is how many faults of one document are told: more say no more.
const maxFaults = 100

// inspection collects the faults of a document.
type inspection struct {
	path   string
	entry  int
	faults []fault
	ids    map[string]bool
}

func newInspection(path string) *inspection {
	return &inspection{path: path, entry: noEntry, ids: make(map[string]bool)}
}

// blame notes a fault of the entry that is being looked at, if err is one.
func (in *inspection) blame(what string, err error) {
	if err == nil || len(in.faults) >= maxFaults {
		return
	}
	in.faults = append(in.faults, fault{path: in.path, entry: in.entry,
		text: what + ": " + err.Error()})
}

// unique notes an id that stands in the document twice.
func (in *inspection) unique(id string) error {
	if in.ids[id] {
		return errors.New("it was there before")
	}
	in.ids[id] = true
	return nil
}

// inspect finds what is wrong with a document of a known media type.
func inspect(path, mediaType string, body []byte) []fault {
	in := newInspection(path)
	switch mediaType {
	case typeRSS:
		in.xml(body, &rssShape)
	case typeAtom:
		in.xml(body, &atomShape)
	case typeOPML:
		in.xml(body, &opmlShape)
	case typeJSON:
		in.json(body)
	case typePage:
		in.blame("page", pageMarkup(string(body)))
	case typeStyle, typeText, typeSVG, typeIcon:
	default:
		in.blame("media type", fmt.Errorf("%.40q is none that is published", mediaType))
	}
	return in.faults
}

var (
	errEmpty    = errors.New("it is empty")
	errRelative = errors.New("it is no absolute http(s) URL")
)

func present(s string) error {
	if strings.TrimSpace(s) == "" {
		return errEmpty
	}
	return nil
}

func absoluteURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errRelative
	}
	if u.User != nil {
		return errors.New("it has credentials in it")
	}
	return nil
}

func absoluteIRI(s string) error {
	if !isIRI(s) {
		return errors.New("it is no absolute IRI")
	}
	return nil
}

func dateOf(layout string) func(string) error {
	return func(s string) error {
		if _, err := time.Parse(layout, s); err != nil {
			return fmt.Errorf("%.40q is no date of the form %q", s, layout)
		}
		return nil
	}
}

// selfLink is wrong if it does not lead to the document that it stands in.
func (in *inspection) selfLink(href string) error {
	if err := absoluteURL(href); err != nil {
		return err
	}
	if !strings.HasSuffix(href, in.path) {
		return fmt.Errorf("it does not lead to %s", in.path)
	}
	return nil
}

// archived reports whether the document is a page of an archive.
func (in *inspection) archived() bool {
	return strings.HasPrefix(in.path, feed.ArchivePath) ||
		strings.HasPrefix(in.path, feed.PrivatePath) && strings.Contains(in.path, "/archive/")
}

// feedURL is wrong if a JSON feed is not told by its own address or, on a page of an
// archive, by that of a feed of the same name.
func (in *inspection) feedURL(address string) error {
	if !in.archived() {
		return in.selfLink(address)
	}
	if err := absoluteURL(address); err != nil {
		return err
	}
	if name := in.path[strings.LastIndexByte(in.path, '/'):]; !strings.HasSuffix(address, name) {
		return fmt.Errorf("it does not lead to a %s", name[1:])
	}
	return nil
}

// nextURL is wrong if it leads back (JSON Feed 1.1, "next_url").
func (in *inspection) nextURL(next, self string) error {
	switch {
	case next == "":
		return nil
	case next == self || in.archived() && strings.HasSuffix(next, in.path):
		return errors.New("it leads to this feed itself")
	default:
		return absoluteURL(next)
	}
}
