package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"broadsheet/feed"
)

// Version is the version of the rendering. Another one makes every stored
// document anew, so it changes whenever the same view would give other bytes.
const Version = "4"

// draft is a document before it is checked, hashed and coded.
type draft struct {
	path      string // URL path below the site's base, with a leading slash
	mediaType string // with charset
	body      []byte
}

// Problem is something that could not be published as it is. Without an Entry
// it is about a whole document, which was left out: the last good one stays.
type Problem struct {
	Section string
	Path    string // of the document in which it was found
	Entry   string // id of the entry that was left out of all documents
	Text    string // what is wrong, for people
}

// maxRounds is how often a section is rendered without the entries that were
// found at fault, before the documents that still fail are left out. One round
// finds all faults that leave the XML readable.
const maxRounds = 4

// Render makes all documents of a section, in the order of their paths'
// meaning: feeds, lists, pages. An entry that makes a document fail its check
// is left out of all of them, so that all formats show the same set; a document
// that fails all the same is left out. The result is a pure function of the view.
func (p *Press) Render(v feed.View) ([]feed.Document, []Problem) {
	docs, problems, _ := p.render(v)
	return docs, problems
}

// render is Render, and tells which entries the documents were to show: those of the
// view that there is room for, with those that were left out as problems.
func (p *Press) render(v feed.View) ([]feed.Document, []Problem, []feed.Entry) {
	v = sound(v)
	drafts, failed := p.draw(v)
	if tooLarge(v, drafts) {
		v = fitting(v)
		drafts, failed = p.draw(v)
	}
	told := v.Entries
	var problems []Problem
	for round := 1; ; round++ {
		faults := inspectAll(drafts)
		guilty := culprits(v, faults)
		if len(guilty) == 0 || round == maxRounds {
			docs, rest := finish(v, drafts, faults)
			return docs, append(append(problems, failed...), rest...), told
		}
		problems = append(problems, guilty...)
		v = without(v, faults)
		drafts, failed = p.draw(v)
	}
}

// Render makes all documents of a section with our own press.
func Render(v feed.View) ([]feed.Document, []Problem) { return BuiltIn.Render(v) }

// printer makes one document of a view.
type printer struct {
	file      string
	mediaType string
	render    func(feed.View) ([]byte, error)
}

// draw makes the document, with titles as the section writes them and the style by which
// a browser shows it. The draft has its path also if it could not be made.
func (p printer) draw(v feed.View) (draft, error) {
	d := draft{path: head(v).file(p.file), mediaType: p.mediaType}
	body, err := p.render(titled(v))
	if err == nil {
		d.body = dressed(d.path, d.mediaType, body)
	}
	return d, err
}

var printers = []printer{
	{"rss.xml", typeRSS, renderRSS},
	{"atom.xml", typeAtom, renderAtom},
	{"feed.json", typeJSON, renderJSON},
}

// listPrinters make what only the whole paper has.
var listPrinters = []printer{
	{"opml.xml", typeOPML, renderSections},
	{"sources.opml", typeOPML, renderSources},
}

// draw renders each document; those that could not be rendered are problems.
func (p *Press) draw(v feed.View) ([]draft, []Problem) {
	var drafts []draft
	var problems []Problem
	all := printers
	if v.Section.Name == feed.WholePaper && !v.Chain.IsArchive() {
		all = append(all[:len(all):len(all)], listPrinters...)
	}
	for _, printer := range all {
		d, err := printer.draw(v)
		if err != nil {
			problems = append(problems, Problem{Section: v.Section.Name, Path: d.path, Text: err.Error()})
			continue
		}
		drafts = append(drafts, d)
	}
	if v.Chain.IsArchive() {
		return drafts, problems
	}
	shown, err := p.pages(v)
	if err != nil {
		for _, path := range p.pagePaths(v) {
			problems = append(problems, Problem{Section: v.Section.Name, Path: path, Text: err.Error()})
		}
	}
	return append(drafts, shown...), problems
}

func inspectAll(drafts []draft) []fault {
	var faults []fault
	for _, d := range drafts {
		faults = append(faults, inspect(d.path, d.mediaType, d.body)...)
	}
	return faults
}

// culprits are the entries at fault, each with what was found first.
func culprits(v feed.View, faults []fault) []Problem {
	var problems []Problem
	seen := make(map[int]bool)
	for _, f := range faults {
		if f.entry == noEntry || seen[f.entry] {
			continue
		}
		seen[f.entry] = true
		problems = append(problems, Problem{
			Section: v.Section.Name, Path: f.path, Entry: v.Entries[f.entry].ID, Text: f.text,
		})
	}
	return problems
}

// without is the view less the entries at fault, also where they stand among
// the newest of a section.
func without(v feed.View, faults []fault) feed.View {
	guilty, ids := make(map[int]bool), make(map[string]bool)
	for _, f := range faults {
		if f.entry != noEntry {
			guilty[f.entry], ids[v.Entries[f.entry].ID] = true, true
		}
	}
	var entries []feed.Entry
	for i, e := range v.Entries {
		if !guilty[i] {
			entries = append(entries, e)
		}
	}
	v.Entries = entries
	for i, line := range v.Index {
		var shown []feed.Entry
		for _, e := range line.Entries {
			if !ids[e.ID] {
				shown = append(shown, e)
			}
		}
		v.Index[i].Entries = shown
	}
	return v
}

// finish makes documents of the drafts that have no fault.
func finish(v feed.View, drafts []draft, faults []fault) ([]feed.Document, []Problem) {
	var docs []feed.Document
	var problems []Problem
	bad := make(map[string]string)
	for _, f := range faults {
		if bad[f.path] == "" {
			bad[f.path] = f.text
		}
	}
	for _, d := range drafts {
		if text := bad[d.path]; text != "" {
			problems = append(problems, Problem{Section: v.Section.Name, Path: d.path, Text: text})
			continue
		}
		docs = append(docs, newDocument(v, d))
	}
	return docs, problems
}

// newDocument is a draft with all that it is served with. What is kept in memory is
// prepared in every coding; a page of an archive, and what is made for one who asks
// (newMade), is not asked for often enough.
func newDocument(v feed.View, d draft) feed.Document {
	if v.Chain.IsArchive() {
		return newMade(v, d)
	}
	doc := uncoded(v, d)
	code(&doc)
	return doc
}

// newMade is a document with the one coding that every client knows.
func newMade(v feed.View, d draft) feed.Document {
	doc := uncoded(v, d)
	zip(&doc)
	return doc
}

// uncoded is a document without codings.
func uncoded(v feed.View, d draft) feed.Document {
	sum := sha256.Sum256(d.body)
	return feed.Document{
		Path: d.path, Section: v.Section.Name, MediaType: d.mediaType,
		Version: v.Version, Modified: v.Modified.UTC().Truncate(time.Second),
		Hash: hex.EncodeToString(sum[:]), Body: d.body, Fresh: fresh(v, d.mediaType),
	}
}
