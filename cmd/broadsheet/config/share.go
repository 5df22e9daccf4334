package config

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"

	"broadsheet/feed"
)

// percent is a part of something, from 1 to 100.
type percent int

var percentForm = regexp.MustCompile(`^([1-9][0-9]?|100)%$`)

func (p *percent) read(text string) error {
	m := percentForm.FindStringSubmatch(text)
	if m == nil {
		return errors.New("is not a percentage from 1% to 100%; write for example 30%")
	}
	n, err := strconv.Atoi(m[1])
	*p = percent(n)
	return err
}

func (*percent) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": percentForm.String() + `|\$\{`}
}

// sizeLimit is a size that something may have; 0 is any.
type sizeLimit int64

// minFeed is the smallest bound of a feed that makes sense: ten articles of a
// paragraph each are about that.
const minFeed = 10_000

func (l *sizeLimit) read(text string) error {
	if text == "none" {
		*l = 0
		return nil
	}
	var s size
	if err := s.read(text); err != nil {
		return errors.New("is not a size; write for example 250kB, or none")
	}
	if s < minFeed {
		return errors.New("is less than a feed of a few articles has; write 10kB or more, or none")
	}
	*l = sizeLimit(s)
	return nil
}

func (*sizeLimit) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^none$|` + sizeForm.String() + `|\$\{`}
}

// itemTitle is how the titles of articles are written.
type itemTitle string

// inBraces are the words that stand for something, and those that seem to.
var inBraces = regexp.MustCompile(`\{[^{}]*\}`)

func (i *itemTitle) read(text string) error {
	var t title
	if err := t.read(text); err != nil {
		return err
	}
	*i = itemTitle(t)
	for _, word := range inBraces.FindAllString(text, -1) {
		if word != "{source}" && word != "{title}" {
			return fmt.Errorf("has %s, which stands for nothing; there are {source} and {title}", word)
		}
	}
	if !strings.Contains(text, "{title}") {
		return errors.New("has no {title}, so that all articles would be called the same; " +
			`write for example "{source}: {title}"`)
	}
	return nil
}

func (*itemTitle) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `\{title\}|\$\{`}
}

// secretWord is the word that the address of a section is made from; empty if everyone
// may know it.
type secretWord string

func (p *secretWord) read(text string) error {
	*p = secretWord(text)
	switch strings.ToLower(text) {
	case "false":
		*p = ""
	case "yes", "on", "y":
		return errors.New("is not true, false or a word; write true")
	case "no", "off", "n", "":
		return errors.New("is not true, false or a word; write false, or take it out")
	}
	return nil
}

func (*secretWord) describe() map[string]any {
	return map[string]any{"type": []string{"boolean", "string", "number"}}
}

// mailbox is an e-mail address without a name.
type mailbox string

func (m *mailbox) read(text string) error {
	*m = mailbox(text)
	if a, err := mail.ParseAddress(text); err != nil || a.Name != "" || a.Address != text {
		return errors.New("is not an e-mail address; write for example editor@example.org")
	}
	return nil
}

func (*mailbox) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^\S+@\S+$|\$\{`}
}

// shares checks how much of a section one source may have.
func (b *builder) shares(s *sectionBlock) {
	if s.MaxShare.good() && s.MaxShare.V < 100 && s.Limit.V == 0 && !s.Limit.Unsure {
		b.found.refuse(s.MaxShare.Pos, "sections.max_share", "is a part of limit, and section %s has limit: all, "+
			"of which there is no part; give it a number as limit, or max_per_source in place of this", s.Name.V)
	}
}

// parents checks that what only few may read does not come to everyone by way of a
// parent. Which sections there are, and that none is its own parent, is the router's.
func (b *builder) parents() {
	words := map[string]value[secretWord]{}
	for i := range b.file.Sections.Items {
		s := &b.file.Sections.Items[i]
		words[string(s.Name.V)] = s.Private
	}
	for i := range b.file.Sections.Items {
		s := &b.file.Sections.Items[i]
		parent, known := words[string(s.Parent.V)]
		if s.Parent.good() && known && s.Private.V != "" && parent.V == "" && !parent.Unsure {
			b.found.refuse(s.Parent.Pos, "sections.parent", "%s is private and %s is not, and would show everyone "+
				"what is in it; make %s private too, or take the parent out", s.Name.V, s.Parent.V, s.Parent.V)
		}
	}
}

// show is what a section that is a podcast says of itself.
func (b *builder) show(s *sectionBlock) feed.Show {
	p := s.Podcast.Block
	if p == nil {
		return feed.Show{}
	}
	b.shapes.fillValue(p)
	if p.Owner.isSet() && !p.Email.isSet() {
		b.found.refuse(p.Owner.Pos, "sections.podcast.owner",
			"is whom directories write to, and there is no address; add email, or take it out")
	}
	if p.Pos.Line == 0 { // it is no block, which was told
		return feed.Show{}
	}
	if !s.Image.isSet() {
		b.found.warn(s.Podcast.Pos, "sections.podcast", "podcast directories want a picture; give the section an image")
	}
	if !p.Category.isSet() {
		b.found.warn(s.Podcast.Pos, "sections.podcast", "podcast directories want a category, for example category: News")
	}
	return feed.Show{
		Author: string(p.Author.V), Owner: string(p.Owner.V), Email: string(p.Email.V),
		Category: string(p.Category.V), Explicit: bool(p.Explicit.V), Type: string(p.Type.V),
	}
}
