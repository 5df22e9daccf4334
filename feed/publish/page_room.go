package publish

import (
	"html/template"

	"broadsheet/feed"
)

// Pages stay under 50 kB without their pictures: one opens at once on a telephone far
// from a city. What a story takes is reckoned from its texts; the markup around them,
// the navigation and the foot have their share kept free.
const (
	pageRoom  = 50_000 // bytes of a page
	frameRoom = 4_500  // of the navigation, the names of sources and the foot
	storyRoom = 500    // of the markup of a story with its text
	lineRoom  = 200    // of that of a story in one line
	// leastFull is how many stories have their text before later ones are left out.
	leastFull = 20
)

// arrange puts the entries of a section on its page: with their texts as many as leave
// room for the others in one line each; what has no room even so is a number.
func (d desk) arrange(p *page, entries []feed.Entry) {
	left := pageRoom - frameRoom - navigationSize(p)
	lines, rest := make([]story, len(entries)), 0
	for i, e := range entries {
		lines[i] = d.headline(e)
		rest += lineSize(lines[i])
	}
	full := 0
	for ; full < min(len(entries), fullStories); full++ {
		s := d.story(entries[full])
		rest -= lineSize(lines[full])
		if left -= storySize(s); left < rest && full >= leastFull || left < 0 {
			left += storySize(s)
			break
		}
		p.Stories = append(p.Stories, s)
	}
	for shown, s := range lines[full:] {
		if left -= lineSize(s); left < 0 {
			p.Rest = d.W.count(d.W.Rest, len(entries)-full-shown)
			break
		}
		p.Earlier = append(p.Earlier, s)
	}
}

// navigationSize is about what the links to sections take.
func navigationSize(p *page) (size int) {
	for _, s := range append(p.Sections[:len(p.Sections):len(p.Sections)], p.Inner...) {
		size += escaped(s.Title, s.Href) + 60
	}
	return size
}

// trimLines takes stories from the boxes of the front page, one of each box, until they
// have room. The first one of each stays.
func trimLines(p *page) {
	left := pageRoom - frameRoom - navigationSize(p)
	if p.Lead != nil {
		left -= storySize(*p.Lead)
	}
	for _, s := range p.Stories {
		left -= lineSize(s)
	}
	for most := frontLine; most >= 1; most-- {
		size := 0
		for i := range p.Lines {
			l := &p.Lines[i]
			l.Stories = l.Stories[:min(len(l.Stories), most)]
			size += escaped(l.Title, l.Href) + 100
			for j, s := range l.Stories {
				if size += lineSize(s); j == 0 && l.Tell {
					size += storySize(s) - lineSize(s)
				}
			}
		}
		if size <= left {
			return
		}
	}
	for i := range p.Lines { // many sections: headlines alone, and the navigation has the others
		p.Lines[i].Tell = false
		if left -= lineSize(p.Lines[i].Stories[0]) + escaped(p.Lines[i].Title, p.Lines[i].Href) + 100; left < 0 {
			p.Lines = p.Lines[:i]
			return
		}
	}
}

// lineSize is about what a story takes in one line, in bytes, and storySize what it
// takes with its text.
func lineSize(s story) int {
	return lineRoom + escaped(s.Title, s.Link, s.Source, s.Date, s.Language)
}

func storySize(s story) int {
	size := storyRoom + lineSize(s) - lineRoom + escaped(s.SourceLink, s.Text, s.More, s.Own)
	size += escaped(s.Authors...) + escaped(s.Categories...) + 40*(len(s.Authors)+len(s.Categories))
	for _, m := range append(s.Media[:len(s.Media):len(s.Media)], s.Also...) {
		size += escaped(m.Label, m.URL) + 120
	}
	if s.Image != nil {
		size += escaped(s.Image.URL, s.Image.Alt)
	}
	return size
}

// escaped is how many bytes texts take in HTML.
func escaped(texts ...string) int {
	n := 0
	for _, s := range texts {
		n += len(template.HTMLEscapeString(s))
	}
	return n
}
