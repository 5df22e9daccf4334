package siterule

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// harbour is a page with all that a rule may name.
const harbour = `<!doctype html><html><head><title>Ferry returns | The Harbour Post</title>
<meta property="og:title" content="Ferry returns to Larkhaven">
<link rel="next" href="/ferry?page=2"></head>
<body><nav class="top-menu">News Sport</nav>
<div id="main"><h1 class="headline">Ferry returns
   to Larkhaven</h1>
<p class="byline">By <a class="who" href="/a/1">Ada Moss</a> and <a class="who" href="/a/2">Ben Reed</a></p>
<time class="when">3 May 2031</time>
<div class="story lead"><p>The ferry sails again.</p><p class="share-bar">Share this</p>
<img src="https://ads.example/pixel.gif"><img class="photo" src="blank.gif" data-full="ferry.jpg"></div>
<div class="story"><p>It is <span class="term">painted</span> green.</p><q class="pull">At last!</q></div>
<div class="related"><p>Ten other ferries</p></div>
<a class="print" href="/ferry/print">Print</a>
</div><p id="caption">Photo: K. Lund</p></body></html>`

// parse parses a page.
func parse(t testing.TB, page string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// rule parses a rule that is all understood.
func rule(t testing.TB, text string) *Rule {
	t.Helper()
	r, problems := Parse("harbour.example.txt", []byte(text))
	for _, p := range problems {
		t.Errorf("a good rule has a problem: %s", p)
	}
	return r
}

// show is what was found, as text to compare: parts of the body as markup, white space
// in order.
func show(t testing.TB, f Found) string {
	t.Helper()
	var out []string
	for _, n := range f.Body {
		var b strings.Builder
		if err := html.Render(&b, n); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Join(strings.Fields(b.String()), " "))
	}
	return strings.Join(out, "\n")
}

func TestEachDirectiveFindsWhatItNames(t *testing.T) {
	const lead = `<div class="story lead"><p>The ferry sails again.</p><p class="share-bar">Share this</p> ` +
		`<img src="https://ads.example/pixel.gif"/><img class="photo" src="blank.gif" data-full="ferry.jpg"/></div>`
	const second = `<div class="story"><p>It is <span class="term">painted</span> green.</p><q class="pull">At last!</q></div>`
	for name, c := range map[string]struct {
		rule, body string
		want       Found // without Body; the booleans that are true by default are set
	}{
		"all matches of one body are joined": {
			rule: "body: //div[contains(@class, 'story')]", body: lead + "\n" + second},
		"bodies are tried in order": {
			rule: "body: //div[@id='gone']\nbody: //q\nbody: //div[@id='main']", body: `<q class="pull">At last!</q>`},
		"a body that holds nothing is none": {
			rule: "body: //nav/b | //meta\nbody: //q", body: `<q class="pull">At last!</q>`},
		"a union is in the page's order, and none is within another": {
			rule: "body: //q | //div[@class='story'] | //p[@class='share-bar']", body: `<p class="share-bar">Share this</p>` + "\n" + second},
		"an attribute and a text are no body": {rule: "body: //a/@href\nbody: string(//q)"},
		"a headline of several is the first, and taken out of the page": {
			rule: "title: //h1 | //h2\nbody: //div[@id='main']/h1 | //q", body: `<q class="pull">At last!</q>`,
			want: Found{Title: "Ferry returns to Larkhaven"}},
		"a headline of the head": {
			rule: "title: //meta[@property='og:title']/@content", want: Found{Title: "Ferry returns to Larkhaven"}},
		"a headline computed": {
			rule: "title: substring-before(//title, ' | ')", want: Found{Title: "Ferry returns"}},
		"titles are tried in order": {
			rule: "title: //h7\ntitle: //title", want: Found{Title: "Ferry returns | The Harbour Post"}},
		"authors are all": {
			rule: "author: //a[@class='who']", want: Found{Authors: []string{"Ada Moss", "Ben Reed"}}},
		"an author computed": {
			rule: "author: substring-after(//p[@class='byline'], 'By ')", want: Found{Authors: []string{"Ada Moss and Ben Reed"}}},
		"a date, taken out of the page": {
			rule: "date: //time\nbody: //time | //q", body: `<q class="pull">At last!</q>`, want: Found{Date: "3 May 2031"}},
		"strip takes away all matches": {
			rule: "strip: //img\nstrip: //p[contains(@class, 'share')]\nbody: //div[@class='story lead']",
			body: `<div class="story lead"><p>The ferry sails again.</p> </div>`},
		"strip_id_or_class is any part of either": {
			rule: "strip_id_or_class: 'share-'\nstrip_id_or_class: capt\nbody: //p",
			body: `<p class="byline">By <a class="who" href="/a/1">Ada Moss</a> and <a class="who" href="/a/2">Ben Reed</a></p>` +
				"\n<p>The ferry sails again.</p>\n" + `<p>It is <span class="term">painted</span> green.</p>` + "\n<p>Ten other ferries</p>"},
		"strip_image_src": {
			rule: "strip_image_src: ads.example\nbody: //img", body: `<img class="photo" src="blank.gif" data-full="ferry.jpg"/>`},
		"src_lazy_load_attr": {
			rule: "src_lazy_load_attr: data-full\nbody: //img[@class='photo']", body: `<img class="photo" data-full="ferry.jpg" src="ferry.jpg"/>`},
		"strip_attr comes after the body is found": {
			rule: "strip_attr: //q/@class\nbody: //q[@class='pull']", body: `<q>At last!</q>`},
		"dissolve keeps what is in it": {
			rule: "dissolve: //span[@class='term']\nbody: //div[@class='story']/p", body: `<p>It is painted green.</p>`},
		"wrap_in": {
			rule: "wrap_in(blockquote): //q\nbody: //div[@class='story']/blockquote", body: `<blockquote><q class="pull">At last!</q></blockquote>`},
		"move_into an element": {
			rule: "move_into(//div[@class='story']/p): //p[@id='caption']\nbody: //div[@class='story']/p",
			body: `<p>It is <span class="term">painted</span> green.<p id="caption">Photo: K. Lund</p></p>`},
		"move_into what is in it does nothing": {
			rule: "move_into(//q): //div[@class='story']\nbody: //q", body: `<q class="pull">At last!</q>`},
		"move_into(body) is the body's end": {
			rule: "move_into(body): //p[@id='caption']\nbody: //q", body: `<q class="pull">At last!</q>` + "\n" + `<p id="caption">Photo: K. Lund</p>`},
		"move_into(body) without a body": {
			rule: "move_into(body): //q", body: `<q class="pull">At last!</q>`},
		"links: an element's href, an attribute, a text": {
			rule: "single_page_link: //a[@class='print']\nnext_page_link: //link[@rel='next']/@href",
			want: Found{Single: "/ferry/print", Next: "/ferry?page=2"}},
		"a link computed": {
			rule: "single_page_link: concat(//a[@class='print']/@href, '?all=1')", want: Found{Single: "/ferry/print?all=1"}},
		"a link that holds only where the page has something": {
			rule: "single_page_link: //a[@class='who']\nif_page_contains: //h7\nnext_page_link: //link/@href\nif_page_contains: //h1",
			want: Found{Next: "/ferry?page=2"}},
		"an advertisement": {
			rule: "native_ad_clue: //meta[@property='og:title' and contains(@content, 'Ferry')]", want: Found{Advert: true}},
		"skip_json_ld":  {rule: "skip_json_ld: yes", want: Found{SkipJSONLD: true}},
		"id() is XPath": {rule: "title: id('main')/h1\nbody: id( \"caption\" )", body: `<p id="caption">Photo: K. Lund</p>`, want: Found{Title: "Ferry returns to Larkhaven"}},
		"the frame of a page stays": {
			rule: "strip: //html | //body\nstrip_id_or_class: x\ndissolve: //body\nwrap_in(div): //body | //html\nbody: //q", body: `<q class="pull">At last!</q>`},
		"known, not obeyed": {
			rule: "http_header(user-agent): Robot\nrequires_login: yes\nlogin_uri: https://harbour.example/in\nparser: html5lib\nfootnotes: no"},
	} {
		f := rule(t, c.rule).Apply(parse(t, harbour))
		if got := show(t, f); got != c.body {
			t.Errorf("%s: the body is\n%s\nwant\n%s", name, got, c.body)
		}
		f.Body = nil
		c.want.Prune, c.want.Tidy, c.want.AutodetectOnFailure = true, true, true
		if diff := cmp.Diff(c.want, f); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestYesAndNoAreFoundAsWritten(t *testing.T) {
	f := rule(t, "prune: no\ntidy: No\nautodetect_on_failure: false\nskip_json_ld: true\n").Apply(parse(t, harbour))
	if f.Prune || f.Tidy || f.AutodetectOnFailure || !f.SkipJSONLD {
		t.Errorf("it found %+v", f)
	}
}

func TestEditsComeBeforeThePageIsParsed(t *testing.T) {
	for name, c := range map[string]struct{ rule, page, want string }{
		"pairs, in order":           {"find_string: <amp-img\nreplace_string: <img\nfind_string: b\nreplace_string: c", "<amp-img>b", "<img>c"},
		"two finds, then two texts": {"find_string: a\nfind_string: b\nreplace_string: 1\nreplace_string: 2", "ab", "12"},
		"in one line":               {"replace_string(<noscript>): <div>", "<noscript>x", "<div>x"},
		"with colon and bracket":    {"replace_string(f(a: 1)): <b>", "f(a: 1)", "<b>"},
		"text taken away":           {"replace_string(gone):\nfind_string: too\nreplace_string:", "gone too!", " !"},
		"double line breaks":        {"convert_double_br_tags: yes", "<p>a<br><BR />b<br>c", "<p>a</p><p>b<br>c"},
		"nothing to do":             {"body: //p", "a", "a"},
	} {
		page := []byte(c.page)
		if got := string(rule(t, c.rule).Edit(page)); got != c.want || string(page) != c.page {
			t.Errorf("%s: %q, and the page given became %q; want %q", name, got, page, c.want)
		}
	}
}

// T-09: a page of nothing but what a rule replaces.
func TestEditsDoNotLetAPageGrowWithoutEnd(t *testing.T) {
	r := rule(t, "replace_string(a): "+strings.Repeat("aa", 100)+"\nreplace_string(aa): "+strings.Repeat("a", 900))
	page := []byte(strings.Repeat("a", 30_000))
	if got := len(r.Edit(page)); got > len(page)+maxGrowth {
		t.Errorf("a page of %d bytes became one of %d", len(page), got)
	}
}

func TestTheConfigurationsSelectorsComeBeforeTheFiles(t *testing.T) {
	css, err := Selectors([]string{"article", "#main .story:not(.lead)"}, []string{"q, .term"})
	if err != nil {
		t.Fatal(err)
	}
	file := rule(t, "body: //div[@class='related']\ntitle: //h1\nprune: no\nstrip: //nav\ntest_url: https://harbour.example/1")
	f := css.Over(file).Apply(parse(t, harbour))
	if got, want := show(t, f), `<div class="story"><p>It is green.</p></div>`; got != want || f.Title == "" || f.Prune {
		t.Errorf("together they found %+v\n%s\nwant %s", f, got, want)
	}
	only, err := Selectors([]string{".gone"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := show(t, only.Over(file).Apply(parse(t, harbour))); got != `<div class="related"><p>Ten other ferries</p></div>` {
		t.Errorf("where a selector finds nothing, the file's rule finds %s", got)
	}
	no := rule(t, "prune: yes").Over(file)
	if !no.Apply(parse(t, harbour)).Prune || len(no.Tests()) != 0 {
		t.Errorf("the first rule's answer does not hold, or it took over %v", no.Tests())
	}
}

func TestASelectorThatIsNoneIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"div[":        `"div[" is not a CSS selector`,
		" ":           "an empty selector",
		"//div":       "is an XPath",
		"p::before":   "::before",
		"p:shiny(2)":  `"p:shiny(2)" is not a CSS selector`,
		"div { a: b}": "is not a CSS selector",
	} {
		for _, lists := range [][2][]string{{{"p", text}, nil}, {nil, {text}}} {
			if r, err := Selectors(lists[0], lists[1]); err == nil || r != nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v; want it to say %s", text, err, want)
			}
		}
	}
	if r, err := Selectors(nil, nil); err != nil || r.Version() != "" {
		t.Errorf("no selectors: %q, %v", r.Version(), err)
	}
}

func TestARuleThatIsNilNamesNothing(t *testing.T) {
	var r *Rule
	f := r.Apply(parse(t, harbour))
	if diff := cmp.Diff(Found{Prune: true, Tidy: true, AutodetectOnFailure: true}, f); diff != "" {
		t.Errorf("it found (-want +got)\n%s", diff)
	}
	if r.Version() != "" || r.Tests() != nil || string(r.Edit([]byte("a"))) != "a" || r.Over(nil) != nil {
		t.Error("a nil rule says something")
	}
	if other := rule(t, "body: //p"); r.Over(other) != other || other.Over(nil) != other {
		t.Error("a nil rule changes another")
	}
	var f2 *Folder
	if f2.For("a.example") != nil || f2.Version() != "" {
		t.Error("a nil folder says something")
	}
	if f := rule(t, "body: //p").Apply(nil); f.Body != nil {
		t.Error("no page has a body")
	}
}

func TestTheVersionChangesWithWhatARuleSaysOfPages(t *testing.T) {
	one := rule(t, "body: //p\nstrip: //q")
	if one.Version() == "" {
		t.Fatal("a rule has no version")
	}
	for text, same := range map[string]bool{
		"# the same\nbody: //p\n\nstrip://q\ntest_url: https://a.example/\ntest_contains: x\nparser: gumbo": true,
		"body: //p":                         false,
		"strip: //q\nbody: //p":             false, // the order counts
		"body: //p\nstrip_id_or_class: //q": false,
	} {
		if got := rule(t, text).Version() == one.Version(); got != same {
			t.Errorf("%q: the same version: %v", text, got)
		}
	}
	css, err := Selectors([]string{"p"}, nil)
	if err != nil || css.Version() == rule(t, "body: p").Version() {
		t.Errorf("a selector p and an XPath p are one, %v", err)
	}
}

// What libraries and pages do in the worst case harms that page's reading alone.
func TestAPanicIsConfined(t *testing.T) {
	// sum() of a text panics in the library, whenever it is evaluated.
	r := rule(t, "title: //h1\nbody: //p[sum('x') > 1]\nbody: //q\ndate: //time[matches(., string(//h1))]")
	page := strings.Replace(harbour, "Ferry returns\n", "Ferry (returns[\n", 1)
	f := r.Apply(parse(t, page))
	if f.Title == "" || show(t, f) != `<q class="pull">At last!</q>` || len(f.Trouble) != 1 || !strings.Contains(f.Trouble[0], "body: //p[sum") {
		t.Errorf("it found %+v", f)
	}
	cycle := &html.Node{Type: html.ElementNode, Data: "p"}
	child := &html.Node{Type: html.NodeType(99), Data: "x", Parent: cycle} // the library panics at it
	cycle.FirstChild, cycle.LastChild = child, child
	if f := rule(t, "body: //b").Apply(cycle); len(f.Trouble) != 1 {
		t.Errorf("a node of no kind: %+v", f)
	}
}

func TestOneRuleServesManyPagesAtOnce(t *testing.T) {
	r := rule(t, "title: substring-before(//title, ' | ')\nbody: //div[contains(@class, 'story')][last()]")
	done := make(chan string)
	const readers = 8
	for range readers {
		go func() {
			doc, _ := html.Parse(strings.NewReader(harbour))
			f := r.Apply(doc)
			done <- f.Title
		}()
	}
	var titles []string
	for range readers {
		titles = append(titles, <-done)
	}
	if slices.ContainsFunc(titles, func(s string) bool { return s != "Ferry returns" }) {
		t.Errorf("they found %q", titles)
	}
}

func TestWhatARuleNamesAndAPageLacksIsUnmet(t *testing.T) {
	r := rule(t, "body: //h7\nbody: //h8\ntitle: //h1\nauthor: //h9\nstrip: //h9")
	if got := strings.Join(r.Unmet(r.Apply(parse(t, harbour))), " "); got != "body author" {
		t.Errorf("unmet is %q", got)
	}
	if got := (*Rule)(nil).Unmet(Found{}); got != nil {
		t.Errorf("no rule misses %q", got)
	}
}
