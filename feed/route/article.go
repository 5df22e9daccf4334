package route

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet/feed"
	"broadsheet/feed/lexis"
	"broadsheet/feed/normalise"
)

// openingLength is how many characters of the text stand in for a summary that
// is missing: about a paragraph and a half.
const openingLength = 600

// paragraph stands between paragraphs, and between title, summary and text. No
// phrase reaches across it.
const paragraph = "\n\n"

// article is an entry while it is routed: what rules look at, made when the
// first of them looks. It belongs to one call of Route or Explain.
type article struct {
	router *Router
	entry  *feed.Entry
	outlet *outlet // nil if the entry has no configured source

	answers [fieldCount]answer
	body    *string // plain text of the content, else the summary
	names   *names  // for expressions
}

// answer is what an entry has of the values in a field's table.
type answer struct {
	found set // values
	tried set // regular expressions of which found knows
	met   set // conditions with a plain value that is found
}

func (r *Router) read(e *feed.Entry) *article {
	return &article{router: r, entry: e, outlet: r.outlets[e.Source]}
}

// answer looks for all values of a field at once.
func (a *article) answer(f field) *answer {
	ans := &a.answers[f]
	if ans.found != nil {
		return ans
	}
	t := &a.router.tables[f]
	ans.found, ans.tried, ans.met = newSet(t.size), newSet(t.size), newSet(t.askers)
	if f.isText() {
		t.lexicon.scan(a.tokens(f), ans.found)
	} else {
		t.roster.scan(a.folded(f), ans.found)
	}
	for id := range ans.found.all() {
		for _, c := range t.users[id] {
			ans.met.add(c)
		}
	}
	return ans
}

// has reports whether the entry has the value of a field under a number.
func (a *article) has(f field, id int32) bool {
	ans := a.answer(f)
	if re := a.router.tables[f].regexps[id]; re != nil && !ans.tried.has(id) {
		ans.tried.add(id)
		for _, s := range a.raw(f) {
			// Composed, so that é in a pattern finds é however it is encoded.
			if re.MatchString(norm.NFC.String(s)) {
				ans.found.add(id)
			}
		}
	}
	return ans.found.has(id)
}

// raw gives what the entry has in a field, as published.
func (a *article) raw(f field) []string {
	switch f {
	case fieldCategory:
		return a.categories()
	case fieldAuthor:
		return a.authors()
	case fieldSource:
		return nonEmpty(a.entry.Source, a.sourceTitle())
	case fieldLanguage:
		return nonEmpty(a.entry.Language)
	case fieldTag:
		return a.tags()
	case fieldURL:
		return nonEmpty(a.entry.Link)
	default:
		return nonEmpty(strings.Join(a.parts(f), paragraph))
	}
}

// folded gives what is compared as a whole.
func (a *article) folded(f field) []string {
	switch f {
	case fieldLanguage:
		return lexis.Languages(a.entry.Language)
	case fieldURL:
		return nonEmpty(foldURL(a.entry.Link))
	}
	values := a.raw(f)
	folded := make([]string, len(values))
	for i, v := range values {
		folded[i] = lexis.Whole(v)
	}
	return folded
}

// tokens gives what words are looked for in.
func (a *article) tokens(f field) []lexis.Token {
	parts := a.parts(f)
	for i, p := range parts {
		parts[i] = lexis.Fold(p)
	}
	return lexis.Tokenize(strings.Join(parts, paragraph), false)
}

// parts gives the texts that a field is made of; none is empty.
func (a *article) parts(f field) []string {
	e := a.entry
	switch {
	case f == fieldTitle:
		return nonEmpty(e.Title)
	case f == fieldText:
		return nonEmpty(e.Title, e.Summary, a.content())
	case e.Summary != "":
		return nonEmpty(e.Title, e.Summary)
	default:
		return nonEmpty(e.Title, opening(a.content()))
	}
}

// content is the plain text of the entry's content; empty if it has none.
func (a *article) content() string {
	if a.body == nil {
		body := normalise.PlainText(a.entry.Content)
		a.body = &body
	}
	return *a.body
}

// length is how many characters the article's text has: its content, or its
// summary where there is none.
func (a *article) length() int {
	if body := a.content(); body != "" {
		return utf8.RuneCountInString(body)
	}
	return utf8.RuneCountInString(a.entry.Summary)
}

// opening is the beginning of a text, up to the end of the word that the limit
// falls into.
func opening(s string) string {
	n := 0
	for i, r := range s {
		if n >= openingLength && !lexis.InWord(r) {
			return s[:i]
		}
		n++
	}
	return s
}

// categories gives the terms and labels of the entry.
func (a *article) categories() []string {
	var names []string
	for _, c := range a.entry.Categories {
		names = append(names, nonEmpty(c.Term)...)
		if c.Label != c.Term {
			names = append(names, nonEmpty(c.Label)...)
		}
	}
	return names
}

// authors gives the names of the entry's own authors, or the address of one
// without a name.
func (a *article) authors() []string {
	var names []string
	for _, p := range a.entry.Authors {
		if p.Name == "" {
			names = append(names, nonEmpty(p.Email)...)
			continue
		}
		names = append(names, p.Name)
	}
	return names
}

// sourceTitle is what readers see as the source: the title in the
// configuration, or where that has none the one that the feed gave.
func (a *article) sourceTitle() string {
	if a.outlet != nil && a.outlet.Title != "" {
		return a.outlet.Title
	}
	return string(a.entry.Origin.Title.Value)
}

func (a *article) tags() []string {
	if a.outlet == nil {
		return nil
	}
	return a.outlet.Tags
}

// nonEmpty gives the strings that hold something.
func nonEmpty(values ...string) []string {
	kept := values[:0]
	for _, v := range values {
		if v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}
