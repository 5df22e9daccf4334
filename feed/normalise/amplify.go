package normalise

import (
	"slices"
	"sort"
	"strings"

	"golang.org/x/net/html"
)

const (
	// maxNodes is how many nodes may be made of one text by re-opening elements:
	// about as many as tags can be written within maxMarkup.
	maxNodes = 1 << 18
	// someNodes and nodesPerByte are how many of them a shorter text may make: an
	// article that forgets to close eighty elements has tags of twenty bytes.
	someNodes, nodesPerByte = 8 << 10, 4
	// harmlessLength is the length of markup, in bytes, that cannot make many more:
	// half of it opens 100 elements, of five bytes at least, and the other half 128
	// paragraphs of a letter.
	harmlessLength = 1 << 10
	// sameFormatting is how often equal formatting elements are re-opened (HTML,
	// "push onto the list of active formatting elements").
	sameFormatting = 3
	// maxActive is how many formatting elements may be open: a parser refuses more of
	// any (html.Parse).
	maxActive = 512
	// adopted is within how many blocks an end tag closes a formatting element for
	// certain (HTML, "adoption agency algorithm": the outer loop ends after eight), and
	// copies how many elements are copied for each of these.
	adopted, copies = 7, 4
)

// role is what an element means for the end tags of formatting.
type role int

const (
	// roleFormatting is of the elements that a parser opens again, each time, in every
	// paragraph after the one in which they were not closed (HTML, "formatting").
	roleFormatting role = iota + 1
	// roleOpaque is of the elements through which an end tag does not reach, or in
	// which it may be no tag at all.
	roleOpaque
	// roleSpecial is of the others with an end tag that decide what an end tag of
	// formatting closes (HTML, "special").
	roleSpecial
)

var roles = func() map[string]role {
	out := map[string]role{}
	for role, names := range map[role]string{
		roleFormatting: "a b big code em font i nobr s small strike strong tt u",
		roleOpaque: `annotation-xml applet caption desc foreignobject frameset iframe marquee math mi mn mo ms mtext
			noembed noframes noscript object plaintext script select style svg table td template textarea th title xmp`,
		roleSpecial: `address article aside blockquote body button center colgroup dd details dialog dir div dl dt
			fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup html li listing main menu nav
			ol optgroup option p pre search section summary tbody tfoot thead tr ul`,
	} {
		for name := range strings.FieldsSeq(names) {
			out[name] = role
		}
	}
	return out
}()

// amplifies tells whether a parser would make far more of markup than is written
// (T-09). Each tag may take all elements off the parser's stack, and those of
// formatting come back with the next letter: in each of a row of short paragraphs, or
// after each end tag that stands in a wrong place. It counts from above: where it
// does not know what a parser does, it takes elements for open.
func amplifies(markup string) bool {
	if len(markup) <= harmlessLength {
		return false
	}
	limit := min(maxNodes, someNodes+nodesPerByte*len(markup))
	z := html.NewTokenizer(strings.NewReader(markup))
	t := tally{named: map[string]int{}, written: map[string]int{}}
	for t.nodes <= limit && len(t.active) <= maxActive {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			tag, _ := z.TagName()
			name := string(tag)
			if kind == html.EndTagToken {
				t.end(name)
				break
			}
			t.start(name, z.Raw())
			if name == "noscript" || t.foreign > 0 {
				z.NextIsNotRawText()
			}
		}
	}
	return true
}

// tally is which elements a parser may have open, and how many nodes it may make by
// opening some again.
type tally struct {
	place   int            // of the tag, among all
	active  []active       // formatting elements, in order
	named   map[string]int // how many of them have a name
	written map[string]int // numbers of the ways in which they are written
	open    []standing     // other elements
	opaque  []int          // places of the opaque ones among them
	// foreign is how many of them have other rules for what is text.
	foreign int
	nodes   int
}

type active struct {
	place int
	name  string
	raw   int // how it is written
}

type standing struct {
	place int
	name  string
}

func isForeign(name string) bool { return name == "svg" || name == "math" }

func (t *tally) start(name string, tag []byte) {
	t.place++
	role := roles[name]
	if role != roleFormatting {
		t.nodes += len(t.active)
		t.push(name, role)
		return
	}
	if name == "a" || name == "nobr" {
		t.drop(name)
	}
	raw, known := t.written[string(tag)]
	if !known {
		raw = len(t.written)
		t.written[string(tag)] = raw
	}
	t.evict(raw)
	t.named[name]++
	t.active = append(t.active, active{t.place, name, raw})
}

// evict makes room for one more of those that are written alike: the first goes that
// a parser surely forgets, too.
func (t *tally) evict(raw int) {
	first, same := 0, 0
	for i := len(t.active) - 1; i >= 0 && same < sameFormatting; i-- {
		if t.active[i].raw == raw && t.within(t.active[i].place) {
			first, same = i, same+1
		}
	}
	if same == sameFormatting {
		t.remove(first)
	}
}

func (t *tally) remove(i int) {
	t.named[t.active[i].name]--
	t.active = slices.Delete(t.active, i, i+1)
}

// blocks is how many elements that are open were opened after a place.
func (t *tally) blocks(place int) int {
	return len(t.open) - sort.Search(len(t.open), func(k int) bool { return t.open[k].place > place })
}

// within tells whether what was opened at a place is within reach of an end tag.
func (t *tally) within(place int) bool {
	n := len(t.opaque)
	return (n == 0 || t.opaque[n-1] < place) && t.blocks(place) <= adopted
}

func (t *tally) push(name string, role role) {
	if role != 0 {
		t.open = append(t.open, standing{t.place, name})
	}
	if role == roleOpaque {
		t.opaque = append(t.opaque, t.place)
	}
	if isForeign(name) {
		t.foreign++
	}
}

// end closes the newest element, if it has that name: whether a parser closes an
// older one depends on what is in it, and it may do so later.
func (t *tally) end(name string) {
	role := roles[name]
	if role == roleFormatting {
		t.drop(name)
		return
	}
	t.nodes += len(t.active)
	last := len(t.open) - 1
	if last < 0 || t.open[last].name != name || name == "form" { // a parser may have forgotten the form
		return
	}
	t.open = t.open[:last]
	if role == roleOpaque {
		t.opaque = t.opaque[:len(t.opaque)-1]
	}
	if isForeign(name) {
		t.foreign--
	}
}

// drop closes the newest formatting element of that name. Those after it come off
// the stack with it, and back. It stays in the list where a parser may not see it
// from here, or gives up.
func (t *tally) drop(name string) {
	if t.named[name] == 0 {
		return
	}
	i := len(t.active) - 1
	for t.active[i].name != name {
		i--
	}
	place := t.active[i].place
	t.nodes += len(t.active) - 1 - i + copies*min(t.blocks(place), adopted+1)
	if t.within(place) {
		t.remove(i)
	}
}
