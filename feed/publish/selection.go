package publish

import (
	"fmt"
	"strings"

	"broadsheet/feed"
)

// IsFeed reports whether a file of a section is one of its feeds, of which there are
// feeds of a selection too.
func IsFeed(file string) bool { return feedPrinter(file) != nil }

// feedPrinter is what makes a file; nil if that is no feed.
func feedPrinter(file string) *printer {
	for i := range printers {
		if printers[i].file == file {
			return &printers[i]
		}
	}
	return nil
}

// RenderSelection makes one feed of what is selected of a section. It is a feed of its
// own: with its own id, made of the section's and of the selection, a title that says
// what it is, and its own address, query included. It has no hub and no archive. It is
// checked as any document is: an entry at fault is left out and is a problem, a document
// at fault is an error.
func RenderSelection(v feed.View, file string) (feed.Document, []Problem, error) {
	p := feedPrinter(file)
	if p == nil {
		return feed.Document{}, nil, fmt.Errorf("%s is no feed", file)
	}
	v.ID = feed.Mint(v.ID, v.Selection.Encode())
	v.Hubs, v.Chain, v.Gone = nil, feed.Chain{}, nil
	v = sound(v)
	var problems []Problem
	for round := 1; ; round++ {
		d, err := p.draw(v)
		if err != nil {
			return feed.Document{}, problems, fmt.Errorf("%s: %w", d.path, err)
		}
		faults := inspectAll([]draft{d})
		guilty := culprits(v, faults)
		switch {
		case len(faults) == 0:
			return newMade(v, d), problems, nil
		case len(guilty) == 0 || round == maxRounds:
			return feed.Document{}, problems, faults[0]
		}
		problems = append(problems, guilty...)
		v = without(v, faults)
	}
}

// selected says what is selected, for people.
func selected(v feed.View) string {
	sel := v.Selection
	source := sel.Source
	for _, line := range v.Sources {
		if line.Name == sel.Source && line.Title != "" {
			source = line.Title
		}
	}
	var parts []string
	for _, part := range []string{sel.Query, source, sel.Category, sel.Language} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return soundText(strings.Join(parts, ", "))
}
