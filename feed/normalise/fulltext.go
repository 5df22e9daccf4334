package normalise

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/publicsuffix"

	"broadsheet/feed"
)

const (
	// shortText is the weight from which a text may be a whole article: excerpts are cut
	// at some 55 words, or at 500 characters at most, and few articles are shorter.
	shortText = 700
	// lessShare: a page with a smaller share of the feed's letters has lost something. What
	// is between it and 1 are captions and footers of feeds.
	lessShare = 0.9
	// moreShare: a page with a larger multiple of the feed's letters has more to say. What
	// is below are captions and bylines of pages.
	moreShare = 1.1
	// sameWords is the share of what the feed's text says that the article's page says
	// too. Another article of the same site says a fifth of it. titledWords is enough
	// where the page bears the article's title: some excerpts are written for the feed.
	sameWords   = 0.5
	titledWords = 0.3
	// pointedWords is that share of what the feed's text says where its link leads to
	// somebody else's site: link blogs point at articles and have words of their own, which
	// the article must not take the place of.
	pointedWords = 0.9
	// sameTitle is the share of a title's words that the page's title has if it is the same.
	sameTitle = 0.6
	// leastWords long words must be there to compare texts by them alone.
	leastWords = 5
	// longWord is the length from which a word tells something, in letters.
	longWord = 4
	// keptShare: a later page with a smaller share of the letters of the one before has lost
	// something, and no author cut it so.
	keptShare = 0.8
	// spareRow pages in a row that had no more than the feed's text say that the source's
	// feed is whole; from then on every spareEach-th article is still compared.
	spareRow  = 3
	spareEach = 10
)

// SpareRow is how many pages in a row must have had no more than the feed's text for a
// source to count as one whose feed is whole.
const SpareRow = spareRow

// Choice says whose text an entry has, and why.
type Choice struct {
	Verdict feed.PageVerdict // PageUsed, PageSame or PageRefused; PageUnread if there was no page
	Why     string           // in words
}

// Record is what is known of the pages of a source.
type Record struct {
	Spare int // pages in a row, the latest ones, that had no more than the feed's text
}

// Wants tells whether an article's page is worth asking for. entry is as its feed has it,
// with the id that it is or will be published under.
func Wants(mode feed.FullText, entry feed.Entry, record Record) bool {
	switch {
	case mode == feed.FullTextNever || entry.Link == "":
		return false
	case mode == feed.FullTextAlways:
		return true
	}
	text := PlainText(entry.Content)
	if longer(entry.Summary, text) {
		text = entry.Summary
	}
	return scanty(text) || record.Spare < spareRow || eachly(entry.ID)
}

// eachly picks every spareEach-th article, always the same ones.
func eachly(id string) bool {
	n, err := strconv.ParseUint(hash(id)[:8], 16, 64)
	return err == nil && n%spareEach == 0
}

// Print tells the texts of pages apart: a hash of the letters of its text; empty if it
// has none.
func Print(p feed.Page) string {
	text := letters(readText(p.Content))
	if text == "" {
		return ""
	}
	return hash(text)
}

// Poorer says in what a page that came later has less than the one before, whose text is
// shown; empty if it has not.
func Poorer(was, is feed.Page) string {
	before, now := weight(letters(readText(was.Content))), weight(letters(readText(is.Content)))
	if float64(now) >= keptShare*float64(before) {
		return ""
	}
	return fmt.Sprintf("the page has less text than before (%d letters of %d); the fuller text stays", now, before)
}

// fulltext decides between the feed's text and the page's, and takes from the page what
// the feed lacks. What it takes it puts into the item, so that it passes all other steps
// as the feed's own.
func fulltext(d *draft) {
	p := d.in.Page
	if p == nil {
		return
	}
	ofFeed := fuller(d.item)
	d.choice = d.choose(*p, ofFeed)
	d.note(stepFullText, "%s", d.choice.Why)
	if d.choice.Verdict == feed.PageRefused {
		return
	}
	if d.choice.Verdict == feed.PageUsed {
		declared := d.item.Content.Language
		d.item.Content = p.Content
		d.item.Content.Language = declared
	}
	d.fillFrom(*p)
}

// choose says whose text is to be shown.
func (d *draft) choose(p feed.Page, ofFeed string) Choice {
	ofPage := readText(p.Content)
	has, needs := weight(letters(ofPage)), weight(letters(withoutExcerptEnd(ofFeed)))
	refuse := func(format string, args ...any) Choice {
		return Choice{feed.PageRefused, fmt.Sprintf(format, args...)}
	}
	switch {
	case d.in.PageShown && needs > has:
		return Choice{feed.PageSame, fmt.Sprintf("the feed's text became fuller than the page's (%d letters, %d)", needs, has)}
	case d.in.PageShown:
		return Choice{feed.PageUsed, fmt.Sprintf("the page's text: %d letters; the feed has %d", has, needs)}
	case p.Wall != "":
		return refuse("the page shows %s", p.Wall)
	case has == 0:
		return refuse("there is no text on the page")
	case !d.sameArticle(p, ofPage, ofFeed):
		return refuse("the page lacks most of what the feed's text says: it is of another article, or a list of them")
	case d.in.Outlet.FullText == feed.FullTextAuto && d.hasOwnWords(p, ofPage, ofFeed):
		return refuse("the page is somebody else's, and the feed's text has words of its own about it, which stay")
	case float64(has) < lessShare*float64(needs):
		return refuse("the page has less text than the feed (%d letters of %d)", has, needs)
	}
	more := float64(has) > moreShare*float64(needs)
	switch always := d.in.Outlet.FullText == feed.FullTextAlways; {
	case !more && scanty(ofFeed):
		return refuse("the page has no more text than the excerpt in the feed (%d letters, %d)", has, needs)
	case !more && !(always && has >= needs):
		return Choice{feed.PageSame, fmt.Sprintf("the page has no more text than the feed (%d letters, %d), whose text stays", has, needs)}
	}
	return Choice{feed.PageUsed, fmt.Sprintf("the page's text: %d letters; the feed has %d", has, needs)}
}

// sameArticle tells whether a page is of the item's article: it says most of what the
// feed's text says, or bears its title and says some of it.
func (d *draft) sameArticle(p feed.Page, ofPage, ofFeed string) bool {
	said := tellingWords(plainLine(d.item.Title))
	titled := len(said) > 0 && share(said, tellingWords(plainLine(p.Title))) >= sameTitle
	if words := tellingWords(withoutExcerptEnd(ofFeed)); len(words) >= leastWords {
		said = words
	} else {
		said = append(said, words...)
	}
	if len(said) == 0 {
		return true // there is nothing to know it by
	}
	needed := sameWords
	if titled {
		needed = titledWords
	}
	return share(said, tellingWords(plainLine(p.Title)+" "+ofPage)) >= needed
}

// hasOwnWords tells whether the feed's text is somebody else's about the page: the item
// leads to another site than the one that its feed names as its own, and most of what it
// says is not there. A text of a few words only points there.
func (d *draft) hasOwnWords(p feed.Page, ofPage, ofFeed string) bool {
	home, known := absolute(d.item.Channel.Link)
	page, read := absolute(p.URL) // a feed's links may lead by way of those who count clicks
	words := tellingWords(withoutExcerptEnd(ofFeed))
	return known && read && len(words) >= leastWords && !sameDomain(home.host, page.host) &&
		share(words, tellingWords(plainLine(p.Title)+" "+ofPage)) < pointedWords
}

// sameDomain tells whether two hosts are of one registrable domain.
func sameDomain(a, b string) bool {
	if sameSite(a, b) {
		return true
	}
	x, err := publicsuffix.EffectiveTLDPlusOne(a)
	y, err2 := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && err2 == nil && x == y
}

// share is how many of words are among others too.
func share(words, others []string) float64 {
	if len(words) == 0 {
		return 0
	}
	there, found := map[string]bool{}, 0
	for _, w := range others {
		there[w] = true
	}
	for _, w := range words {
		if there[w] {
			found++
		}
	}
	return float64(found) / float64(len(words))
}

// tellingWords are the different words of a text that are long enough to tell what it is
// about; all of them if few are. Of scripts that put no space between words it is each two
// characters that stand together.
func tellingWords(text string) []string {
	var long, all []string
	seen := map[string]bool{}
	put := func(w string, telling bool) {
		if w == "" || seen[w] {
			return
		}
		seen[w] = true
		if all = append(all, w); telling {
			long = append(long, w)
		}
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mn, r)
	}) {
		word := []rune(letters(word))
		if !slices.ContainsFunc(word, unspaced) {
			put(string(word), len(word) >= longWord)
			continue
		}
		for i := range len(word) - 1 {
			put(string(word[i:i+2]), true)
		}
	}
	if len(long) < leastWords {
		return all
	}
	return long
}

// unspaced reports whether a letter is of a script that puts no space between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// fillFrom takes from a page of the item's article what the feed does not say. Its
// authors and categories are left to the steps that are about them. Its dates are not taken:
// an article's dates are fixed when it arrives, and its page is read later.
func (d *draft) fillFrom(p feed.Page) {
	d.page = &p
	item := &d.item
	if item.Language == "" && item.Channel.Language == "" && d.in.Outlet.Language == "" &&
		item.Content.Language == "" && item.Summary.Language == "" {
		item.Language = p.Language
	}
	if item.Image == "" && !slices.ContainsFunc(item.Enclosures, func(e feed.Enclosure) bool {
		return medium(e.Medium, orElse(mediaType(e.Type), typeOf(e.URL))) == "image"
	}) {
		item.Image = p.Image
	}
	if item.Title.Empty() {
		item.Title = p.Title
	}
	if l, ok := absolute(p.Canonical); ok && len(strings.Trim(l.path, "/")) > 0 { // a whole site is no article
		d.entry.Canonical = l.String()
	}
}

// fuller is the longer of the two texts that an item has, as a reader sees it.
func fuller(item feed.Item) string {
	content, summary := readText(item.Content), readText(item.Summary)
	if longer(summary, content) {
		return summary
	}
	return content
}

// readText is what a reader sees of a text that was not cleaned yet.
func readText(t feed.Text) string {
	if t.Empty() {
		return ""
	}
	markup, _ := asMarkup(t)
	return visible(readable(markup), false)
}

// scanty tells whether a text is likely not a whole article: it is missing, short or ends
// as excerpts do.
func scanty(text string) bool {
	return weight(letters(text)) < shortText || withoutExcerptEnd(text) != strings.TrimSpace(withoutCredit(text))
}

var (
	// excerptEnd matches how excerpts end.
	excerptEnd = regexp.MustCompile(`(?i)(?:\s*(?:[\[(]?(?:\.{3,}|…)[\])]?|` +
		`(?:read|continue|view)(?: the)? (?:more|rest|reading|full (?:story|article|post)).{0,40}|continue reading.{0,200}|` +
		`weiterlesen.{0,20}|mehr lesen.{0,20}|lire la suite.{0,20}|leer más.{0,20}|seguir leyendo.{0,20}|` +
		`leggi tutto.{0,20}|lees meer.{0,20}|читать далее.{0,20}|続きを読む.{0,10}))+[\s.→»>]*$`)
	// creditEnd is what blogs put under excerpts and whole texts alike.
	creditEnd = regexp.MustCompile(`(?i)\s*the post .{1,300} (?:appeared first on|first appeared on) .{1,100}$`)
)

func withoutCredit(s string) string { return withoutEnd(s, creditEnd) }

// withoutExcerptEnd is a text without what stands for the rest of it.
func withoutExcerptEnd(s string) string {
	return withoutEnd(strings.TrimSpace(withoutCredit(s)), excerptEnd)
}
