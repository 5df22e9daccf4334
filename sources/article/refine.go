package article

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// line is a block of a found text that has no other block in it.
type line struct {
	node    *html.Node
	text    string // folded
	weight  weight
	heading bool
	cell    bool // of a table, a code or a quote: never taken for furniture
	item    bool // of a list
	caption bool
}

// prose reports whether a line is a paragraph.
func (l line) prose() bool { return l.weight.letters-l.weight.linked >= paragraph && !l.caption }

// refiner takes out of a found text what the library left in it.
type refiner struct {
	root    *html.Node
	title   string // folded
	authors []string
	labels  []string // sections and tags, folded
	site    string
	domain  string // of the page
	lines   []line
}

// refine is done in place.
func refine(root *html.Node, p feed.Page) {
	r := &refiner{root: root, title: fold(string(p.Title.Value)), site: fold(p.Site), domain: domain(p.URL)}
	for _, a := range p.Authors {
		r.authors = append(r.authors, fold(a.Name))
	}
	for _, c := range p.Categories {
		r.labels = append(r.labels, fold(c.Term))
	}
	figures(root)
	r.read()
	r.lists()
	r.read()
	r.inner()
	r.read()
	r.tail()
	r.read()
	r.top()
	r.bottom()
	r.read()
	r.headings()
	prune(root)
}

// read finds the lines anew.
func (r *refiner) read() {
	r.lines = r.lines[:0]
	s := scale{}
	s.weigh(r.root)
	r.below(r.root, s, line{})
}

func (r *refiner) below(n *html.Node, s scale, in line) bool {
	found := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		l := in
		switch c.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			l.heading = true
		case atom.Table, atom.Pre, atom.Blockquote, atom.Code:
			l.cell = true
		case atom.Li, atom.Dd, atom.Dt:
			l.item = true
		case atom.Figcaption, atom.Figure:
			l.caption = true
		}
		at := len(r.lines)
		if blocks[c.DataAtom] {
			found = true
			l.node, l.weight = c, s[c]
			r.lines = append(r.lines, l)
		}
		inner := l
		inner.node = nil
		if r.below(c, s, inner) && blocks[c.DataAtom] {
			r.lines = slices.Delete(r.lines, at, at+1) // it is made of others
		} else if blocks[c.DataAtom] {
			if s[c].letters == 0 {
				r.lines = r.lines[:at]
			} else {
				r.lines[at].text = fold(text(c))
			}
		}
	}
	return found
}

// drop takes a line out.
func (r *refiner) drop(i int) {
	if r.lines[i].weight.images > 0 && !r.lines[i].heading {
		return
	}
	remove(r.lines[i].node)
}

// teasers are what lines begin with that send the reader elsewhere.
var teasers = []string{
	"related:", "related", "read more", "read also", "read:", "read next", "also read", "see also", "see:", "more:", "also:", "watch:", "listen:", "don't miss", "must read",
	"recommended", "more from", "more on", "you may also like", "keep reading", "continue reading", "up next", "next:", "previous:",
	"lesen sie auch", "lesen sie mehr", "mehr zum thema", "mehr dazu", "auch interessant", "das könnte sie auch interessieren", "weiterlesen",
	"lire aussi", "à lire aussi", "a lire aussi", "lire la suite", "voir aussi", "sur le même sujet",
	"lea también", "lee también", "leer más", "ver también", "te puede interesar", "más información",
	"leia também", "leia mais", "veja também", "saiba mais", "leggi anche", "leggi tutto", "(leggi anche", "guarda anche",
	"читайте также", "смотрите также", "читать далее", "по теме", "اقرأ أيضا", "اقرأ المزيد", "相关阅读", "延伸阅读", "関連記事", "διαβάστε επίσης", "διαβάστε ακόμη", "czytaj także", "zobacz też", "czytaj też", "czytaj również",
}

// announced are those of them that say so with or without a link.
var announced = []string{
	"related:", "read more:", "read also:", "also read:", "see also:", "leia também:", "lesen sie auch:", "lire aussi:", "leggi anche:", "(leggi anche", "читайте также:",
}

// call is how many letters a line has that asks for something: a longer one says more. One
// at the end of a text may be longer (note).
const (
	call = 160
	note = 300
)

// calls are what lines say that ask the reader for something, or say how to reach somebody.
var calls = []string{
	"subscribe now", "subscribe today", "our newsletter", "free newsletter", "daily newsletter", "click here to", "click here for",
	"follow us", "like us on", "find us on", "join us on", "join our", "download our app", "download the app", "get the app", "follow @",
	"us on twitter", "us on facebook", "on twitter at", "on twitter @", "support our journalism", "become a member", "become a subscriber", "become a supporter",
	"may contain affiliate", "affiliate commission", "affiliate links", "may earn a commission", "receive a commission",
	"all rights reserved", "appeared first on", "first appeared on", "originally appeared on", "contributed to this report",
	"send us", "email us", "leave a comment", "join the conversation", "share this", "newsletter abonnieren", "folgen sie uns", "abonnez-vous", "suivez-nous", "inscrivez-vous à",
	"suscríbete", "síguenos", "assine", "siga-nos", "inscreva-se", "iscriviti", "seguici", "подпишитесь", "подписывайтесь", "ακολουθήστε", "śledź nas",
	"this material may not be",
}

// spoken are such words that articles write of too: "the privacy policy of the port".
var spoken = []string{
	"subscribe to", "sign up", "terms of use", "privacy policy", "cookie policy", "accept cookies",
}

// fewBytes is how far from its beginning a line says what it is about.
const fewBytes = 12

// calling reports whether a line asks the reader for something: by words that nothing else
// is said with, or by others that it begins with, or that are said to the reader, or are no
// sentence.
func calling(s string) bool {
	if contains(s, calls) {
		return true
	}
	return slices.ContainsFunc(spoken, func(p string) bool {
		i := strings.Index(s, p)
		return i >= 0 && (i <= fewBytes || !sentence(s) || toReader.MatchString(s))
	})
}

// toReader is what a line has in it that speaks to its reader.
var toReader = regexp.MustCompile(`\b(?:you|your|our|us|we|here)\b`)

// sentence reports whether a folded line ends as sentences do.
func sentence(s string) bool {
	s = strings.TrimRight(s, "\"'”’»)] ")
	return s != "" && strings.ContainsRune(".!?…。", lastRune(s))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// exactly are lines that are furniture whatever stands around them.
var exactly = setOf(`share
share this
share this article
share on facebook
tweet
print
email
caption
close
comments
comment
advertisement
advertising
text size
subscribe
sign in
log in
sign up
loading
breaking news
related news
related articles
related stories
related coverage
related content
back to top
top
scroll to top
skip to content
skip ad
more
read more
continue reading
story continues below
story continues below advertisement
article continues below
article continues below advertisement
continue reading the main story
anzeige
werbung
publicité
publicidad
реклама
zurück zum seitenanfang
nach oben
haut de page
retour en haut
volver arriba
mehr
view comments
show comments
hide caption
toggle caption
enlarge this image
view gallery
view image
image
photo
photos
video
play video
post comment
post comment (+
trending
most read
most popular
tags
topics
click here`)

// subjects are those of them that articles have as subheadings over text of their own.
var subjects = map[string]bool{"print": true, "email": true, "video": true, "photo": true, "photos": true, "image": true, "topics": true, "tags": true, "top": true, "more": true}

// setOf are the lines of a list.
func setOf(list string) map[string]bool {
	out := map[string]bool{}
	for l := range strings.SplitSeq(list, "\n") {
		out[l] = true
	}
	return out
}

// loneAddress is a text that is nothing but an address.
var loneAddress = regexp.MustCompile(`^(https?://|www\.)\S+$`)

// junk reports whether a line is furniture wherever it stands.
func (r *refiner) junk(i int) bool {
	l := r.lines[i]
	w := l.weight
	plain := strings.Trim(l.text, " :.!»›>→-_*|[]()")
	if l.heading && subjects[plain] && i+1 < len(r.lines) && r.lines[i+1].prose() {
		return false
	}
	if exactly[plain] || loneAddress.MatchString(l.text) && domain(l.text) == r.domain {
		return true
	}
	if w.letters < small && w.dense() > 0.4 && startsWith(l.text, teasers) {
		return true
	}
	if w.letters < small && startsWith(l.text, announced) {
		return true
	}
	return w.letters < call && w.dense() > 0.15 && calling(l.text)
}

func startsWith(s string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(s, p) })
}

func contains(s string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return strings.Contains(s, p) })
}

// inner takes out what stands between the paragraphs.
func (r *refiner) inner() {
	// A text that is full of such lines means them.
	paragraphs, links := 0, 0
	for i, l := range r.lines {
		if l.prose() {
			paragraphs++
		}
		if r.leads(i) {
			links++
		}
	}
	for i, l := range r.lines {
		if l.cell || l.item {
			continue
		}
		if r.junk(i) {
			r.drop(i)
			continue
		}
		if r.leads(i) && links*2 <= paragraphs {
			r.drop(i)
		}
	}
}

// leads reports whether a line is nothing but a link to somewhere else.
func (r *refiner) leads(i int) bool {
	l := r.lines[i]
	return l.weight.dense() > 0.9 && l.weight.letters >= 20 && !l.caption && !l.cell && !l.item &&
		i > 0 && !strings.HasSuffix(r.lines[i-1].text, ":") && r.inward(l.node)
}

// inward reports whether the links in an element lead to pages of the same site, most of them.
func (r *refiner) inward(n *html.Node) bool {
	in, out := 0, 0
	walk(n, func(c *html.Node) bool {
		if element(c, atom.A) && has(c, "href") {
			if d := domain(attr(c, "href")); d == "" || d == r.domain {
				in++
			} else {
				out++
			}
		}
		return true
	})
	return in >= out
}

// domain is the end of a URL's host that names a site, more or less; empty if it has none.
func domain(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	labels := strings.Split(u.Hostname(), ".")
	n := len(labels)
	if n > 2 && len(labels[n-2]) <= 3 && len(labels[n-1]) == 2 { // co.uk
		return strings.Join(labels[n-3:], ".")
	}
	return strings.Join(labels[max(0, n-2):], ".")
}

// lists takes out lists of links: their items are headlines, not words.
func (r *refiner) lists() {
	for _, list := range all(r.root, func(n *html.Node) bool { return element(n, atom.Ul, atom.Ol) }) {
		s := scale{}
		w := s.weigh(list)
		items := 0
		for c := list.FirstChild; c != nil; c = c.NextSibling {
			if element(c, atom.Li) {
				items++
			}
		}
		if w.dense() > 0.85 && w.prose == 0 && w.images*2 <= items && !footnotes(list) && r.inward(list) {
			remove(list)
		}
	}
}

// footnotes reports whether a list links to places of its own page.
func footnotes(list *html.Node) bool {
	return first(list, func(n *html.Node) bool { return element(n, atom.A) && strings.HasPrefix(attr(n, "href"), "#") }) != nil
}

// endings are headings after which nothing of the article comes.
var endings = []string{
	"more news", "more from", "more great", "more stories", "more on this", "more in", "related", "you may also like", "you might also like", "recommended", "read next",
	"most read", "most popular", "trending", "popular", "don't miss", "latest news", "top stories", "editor's picks", "from around the web", "something to consider", "also on", "up next",
	"weitere artikel", "mehr zum thema", "das könnte sie auch interessieren", "auch interessant", "meistgelesen", "ähnliche",
	"à lire aussi", "sur le même sujet", "les plus lus", "articles similaires", "te puede interesar", "noticias relacionadas", "lo más leído",
	"leia também", "veja também", "notícias relacionadas", "mais lidas", "potrebbe interessarti", "articoli correlati",
	"читайте также", "похожие", "по теме", "相关", "関連", "مواضيع ذات صلة", "اقرأ أيضا",
}

// ends are headings after which nothing of the article comes, be it links or not.
var ends = []string{
	"about the author", "about the writer", "comments", "leave a reply", "leave a comment", "join the conversation", "want more stories", "share this:", "share this post", "share this article",
	"post a comment", "kommentare", "über den autor", "zum autor", "commentaires", "laisser un commentaire", "comentarios", "deja una respuesta", "deixe um comentário", "comentários",
	"commenti", "lascia un commento", "комментарии", "об авторе", "komentarze",
}

// tail cuts off what comes after a heading that ends the article.
func (r *refiner) tail() {
	total := 0
	for _, l := range r.lines {
		total += l.weight.letters
	}
	before := 0
	for i, l := range r.lines {
		before += l.weight.letters
		if l.cell || l.weight.letters > paragraph || before*3 < total {
			continue
		}
		end := r.closes(l)
		if !end && !startsWith(l.text, endings) {
			continue
		}
		rest, linked := 0, 0
		for _, m := range r.lines[i+1:] {
			rest += m.weight.letters
			linked += m.weight.linked
		}
		if linked*5 > rest*2 || end && rest*4 < total {
			for j := range r.lines[i:] {
				remove(r.lines[i+j].node)
			}
			return
		}
	}
}

// closes reports whether a line is a heading after which nothing of the article comes: one
// that is such a heading begins with it, another line is nothing else ("Comments (3)").
func (r *refiner) closes(l line) bool {
	if l.heading {
		return startsWith(l.text, ends)
	}
	plain := strings.TrimRight(l.text, " :.…!0123456789()[]")
	return slices.ContainsFunc(ends, func(e string) bool { return plain == strings.TrimRight(e, ":") })
}

// dated is what a line holds that says when.
var dated = regexp.MustCompile(`\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}:\d{2}|\b(19|20)\d{2}\b|\bago\b`)

// begun is what such lines, and lines of authors, begin with.
var begun = []string{"by ", "published", "updated", "posted", "first published", "last updated", "last modified", "written by", "von ", "par ", "por ", "publié", "publicado", "veröffentlicht", "stand:", "опубликовано", "автор", "text:", "words:"}

// stamp reports whether a line says when or by whom, and nothing else.
func (r *refiner) stamp(l line) bool {
	if l.weight.letters > short {
		return false
	}
	if dated.MatchString(l.text) && (len(strings.Fields(l.text)) <= 9 || startsWith(l.text, begun)) && !sentence(l.text) {
		return true
	}
	if len(strings.Fields(l.text)) <= 10 && startsWith(l.text, begun) && !sentence(l.text) {
		return true
	}
	return slices.Contains(r.authors, strings.Trim(l.text, " ,.|")) || slices.Contains(r.labels, l.text) || r.site != "" && l.text == r.site
}

// top takes out what repeats the headline, the author and the date before the first
// paragraph.
func (r *refiner) top() {
	for i, l := range r.lines {
		if l.cell {
			return
		}
		if l.caption {
			continue
		}
		if r.repeats(l.text) {
			r.drop(i)
			continue
		}
		switch {
		case r.stamp(l), l.weight.dense() > 0.7 && l.weight.letters < short:
			r.drop(i)
		default:
			return
		}
	}
}

// repeats reports whether a line is the headline again.
func (r *refiner) repeats(text string) bool {
	if r.title == "" || len(text) < 8 {
		return text == r.title && text != ""
	}
	return text == r.title || strings.HasPrefix(r.title, text) && len(text)*2 > len(r.title) || strings.HasPrefix(text, r.title) && len(text) < len(r.title)*3/2
}

// notes are what lines at the end begin with that are none of the article.
var notes = []string{
	"tags:", "tags ", "tagged", "filed under", "posted in", "categories:", "category:", "topics:", "source:", "sources:", "©", "(c) ", "photo:", "image:", "photo credit",
	"image credit", "credit:", "featured image", "share this", "share on", "share via", "share:", "schlagwörter", "quelle:", "mots-clés", "etiquetas", "fonte:",
	"read more", "reporting by", "(reporting by", "additional reporting", "edited by", "editing by", "this article was originally", "this story was originally", "this article originally", "more:", "subscribe",
	"теги:", "источник:", "фото:", "πηγή:", "źródło:", "fot.", "foto:",
}

// asides are what such lines begin with, and sentences of the article too ("Shares fell",
// "Contact with the boat was lost"): they are notes only if they lead somewhere, or are no
// sentence.
var asides = []string{"copyright", "via ", "write to ", "contact ", "email ", "e-mail", "follow ", "the post ", "share", "first published", "written by"}

// addressed reports whether a line leads somewhere, or is no sentence.
func addressed(l line) bool {
	return l.weight.links > 0 || strings.Contains(l.text, "@") || !strings.ContainsAny(l.text[len(l.text)-1:], ".!?\"")
}

// bottom takes out what comes after the last paragraph.
func (r *refiner) bottom() {
	for i := len(r.lines) - 1; i > 0; i-- {
		l := r.lines[i]
		if l.caption {
			continue
		}
		if l.cell {
			return
		}
		w := l.weight
		if l.item && r.cites(i) {
			return
		}
		switch {
		case l.heading,
			w.letters < small && w.dense() > 0.6,
			w.letters < note && startsWith(l.text, notes),
			w.letters < note && startsWith(l.text, asides) && addressed(l),
			w.letters < note && calling(l.text) && (w.links > 0 || w.letters < short),
			r.stamp(l), r.bio(l):
			r.drop(i)
		default:
			return
		}
	}
}

// cited are headings of what an article rests on.
var cited = setOf(`sources
source
references
notes
footnotes
bibliography
further reading
works cited
quellen
literatur
einzelnachweise
références
notes et références
bibliographie
fuentes
referencias
referências
fonti
note
источники
примечания
литература
参考文献`)

// cites reports whether an item is of a list under such a heading.
func (r *refiner) cites(i int) bool {
	for i >= 0 && r.lines[i].item {
		i--
	}
	return i >= 0 && r.lines[i].weight.letters < short && cited[strings.Trim(r.lines[i].text, " :.")]
}

// longBio is how many letters introduce an author at most.
const longBio = 600

// bio reports whether a line introduces an author.
func (r *refiner) bio(l line) bool {
	if l.weight.letters > longBio {
		return false
	}
	for _, a := range r.authors {
		if rest, ok := strings.CutPrefix(l.text, a); ok && a != "" {
			for _, verb := range []string{" is ", " was ", " has ", " joined ", " covers ", " writes ", " ist ", " est ", " es ", " é ", ", "} {
				if strings.HasPrefix(rest, verb) {
					return true
				}
			}
		}
	}
	return false
}

// headings takes out the headings that nothing follows.
func (r *refiner) headings() {
	for i := len(r.lines) - 1; i >= 0; i-- {
		if !r.lines[i].heading || r.lines[i].weight.images > 0 {
			return
		}
		remove(r.lines[i].node)
	}
}

// figures makes figures of pictures that have a caption, and takes away credits that stand
// alone and captions that have lost their picture.
func figures(root *html.Node) {
	s := scale{}
	s.weigh(root)
	for _, n := range all(root, func(n *html.Node) bool { return element(n, atom.Div, atom.P, atom.Span, atom.Figcaption, atom.Figure) }) {
		if n.Parent == nil {
			continue
		}
		t, w := traits(n), s[n]
		switch {
		case element(n, atom.Figure):
			if w.images == 0 && w.letters < small && !quoted(n, root) && first(n, func(c *html.Node) bool {
				return element(c, atom.Table, atom.Pre, atom.Blockquote, atom.Audio, atom.Code, atom.Noscript, atom.Math)
			}) == nil {
				remove(n)
			}
		case t&(credit|caption) == credit && w.letters < short && !element(n, atom.Figcaption) && w.images == 0:
			remove(n)
		case t&caption != 0 && w.images == 0 && w.letters > 0:
			illustrate(n, w, s)
		case t&picture != 0 && element(n, atom.Div) && w.images == 1 && w.letters > 0 && w.letters < small:
			if c := speaker(n, w, s); c != nil {
				illustrate(c, w, s)
			}
		}
	}
}

// quoted reports whether a figure is a quotation, and not one of what the text says itself.
func quoted(n, root *html.Node) bool {
	if !slices.ContainsFunc(strings.Fields(clip(attr(n, "class"), maxNames)), func(c string) bool { return c == "quote" || c == "wp-block-quote" }) {
		return false
	}
	said := text(n)
	return sentence(said) && strings.Count(text(root), said) == 1
}

// speaker is the one block in an element that holds all its text, nil if several do.
func speaker(n *html.Node, w weight, s scale) *html.Node {
	return first(n, func(c *html.Node) bool {
		return element(c, atom.P, atom.Div, atom.Span) && s[c].letters == w.letters && s[c].images == 0
	})
}

// nearPicture is how many elements may stand around a caption within its figure.
const nearPicture = 4

// illustrate makes caption the caption of the picture beside it.
func illustrate(caption *html.Node, w weight, s scale) {
	around := caption.Parent
	for range nearPicture {
		if around == nil || element(around, atom.Figure) {
			break
		}
		if v := s[around]; v.images > 0 && element(around, atom.Div, atom.Section) && v.letters < w.letters+short && v.images < 3 {
			around.Data, around.DataAtom = "figure", atom.Figure
			break
		}
		around = around.Parent
	}
	if !element(around, atom.Figure) || first(around, func(c *html.Node) bool { return element(c, atom.Figcaption) }) != nil {
		return
	}
	caption.Data, caption.DataAtom = "figcaption", atom.Figcaption
}

// prune takes out elements that hold nothing.
func prune(root *html.Node) {
	for _, n := range slices.Backward(all(root, func(n *html.Node) bool { return blocks[n.DataAtom] || element(n, atom.Span, atom.A) })) {
		if n.FirstChild == nil && !element(n, atom.Td, atom.Th, atom.Hr, atom.Li) && (!element(n, atom.A) || attr(n, "id") == "" && attr(n, "name") == "") {
			remove(n)
			continue
		}
		if blocks[n.DataAtom] && !element(n, atom.Td, atom.Th, atom.Hr, atom.Tr) {
			s := scale{}
			if w := s.weigh(n); w.letters == 0 && w.images == 0 && first(n, func(c *html.Node) bool {
				return element(c, atom.Hr, atom.Audio, atom.Noscript, atom.Math) || attr(c, "id") != ""
			}) == nil {
				remove(n)
			}
		}
	}
}
