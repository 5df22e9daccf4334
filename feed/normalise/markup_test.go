package normalise

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func cleanTest(markup string) string {
	base, _ := absolute("https://paper.example/news/feed.xml")
	page, _ := absolute("https://paper.example/news/rain")
	c := newCleaner(base, page)
	c.anchors.mark = markTest
	c.title = func() string { return "Rain over Port Amity" }
	return string(c.clean(markup))
}

// markTest is the mark of an entry.
const markTest = "e0123456789-"

const (
	relTest = ` rel="noopener noreferrer nofollow"`
	imgTest = ` loading="lazy" referrerpolicy="no-referrer"`
)

func TestCleanMakesMarkupSafeAndWhole(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"text", "Rain & wind", "Rain &amp; wind"},
		{"balance", "<p>open <b>bold", "<p>open <b>bold</b></p>"},
		{"misnested", "<b><i>x</b>y</i>", "<b><i>x</i></b><i>y</i>"},
		{"unknown elements leave their text", "<p>a <z>b <em>c</em></z></p>", "<p>a b <em>c</em></p>"},
		{"scripts and styles go", "<p>a</p><script>x()</script><style>p{}</style><p>b</p>", "<p>a</p><p>b</p>"},
		{"comments go", "a<!-- x --><!--[if IE]><p>y</p><![endif]-->b", "ab"},
		{"handlers, styles, classes and ids go", `<p onclick="x()" style="x" class="y" id="z" data-q="1">a</p>`, "<p>a</p>"},
		{"language and direction stay", `<p lang="ar" dir="RTL" title="x">a</p>`, `<p dir="rtl" lang="ar" title="x">a</p>`},
		{"a form leaves its words", `<form action="/x"><p>Vote</p><input name="a"><button>Go</button></form>`, "<p>Vote</p>"},
		{"obsolete elements", "<center><tt>x</tt> <strike>y</strike> <font color=red>z</font></center>", "<div><code>x</code> <s>y</s> z</div>"},
		{"SVG goes", `a<svg><script>x</script><text>y</text></svg>b`, "ab"},
		{"a formula becomes text", `<math alttext="x^2"><mi>x</mi><mn>2</mn></math>`, "x^2"},
		{"a formula without a source", `<p>If <math><mi>x</mi><mo>=</mo><mn>2</mn></math>, run.</p>`, "<p>If x=2, run.</p>"},
		{"empty leftovers", "<p>a</p><p> &nbsp;</p><div><span></span></div><p><br></p><ul><li></li></ul><p>b</p>", "<p>a</p><p>b</p>"},
		{"an empty cell holds its place", "<table><tr><td>a</td><td></td></tr></table>", "<table><tbody><tr><td>a</td><td></td></tr></tbody></table>"},
		{"breaks at the ends", "<br><br>a<br>b<br> <br>", "a<br/>b"},
		{"space between words is kept", "a<span> </span>b", "a b"},
		{"lists", `<ol start="3" reversed type="a"><li value="5">x</li></ol>`, `<ol start="3" reversed="" type="a"><li value="5">x</li></ol>`},
		{"preformatted text", "<pre>\n  a\n  b</pre>", "<pre>  a\n  b</pre>"},
		{"code in text", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"numeric characters that XML forbids", "a&#0;b&#8;c&#x1f;d&#xffff;e", "a\uFFFDbcde"},

		{"a relative link", `<a href="../sport/">x</a>`, `<a href="https://paper.example/sport/"` + relTest + `>x</a>`},
		{"a link without a scheme", `<a href="//cdn.example/x">x</a>`, `<a href="https://cdn.example/x"` + relTest + `>x</a>`},
		{"an anchor leads to the article", `<a href="#fn1">1</a>`, `<a href="https://paper.example/news/rain#fn1"` + relTest + `>1</a>`},
		{"a link to nowhere is text", `<a name="top">x</a> <a href="">y</a>`, "x y"},
		{"an e-mail address", `<a href="mailto:a@paper.example?subject=a b">x</a>`, `<a href="mailto:a@paper.example?subject=a%20b"` + relTest + `>x</a>`},
		{"a script in a link", `<a href="javascript:alert(1)">x</a>`, "x"},
		{"a script in a link, with a tab", "<a href=\"java\tscript:alert(1)\">x</a>", "x"},
		{"a script in a link, escaped", `<a href="&#106;avascript&colon;alert(1)">x</a>`, "x"},
		{"data in a link", `<a href="data:text/html,<script>x</script>">x</a>`, "x"},
		{"target and ping go", `<a href="/x" target="_blank" ping="/p" rel="opener">x</a>`, `<a href="https://paper.example/x"` + relTest + `>x</a>`},
		{"a password in a link goes", `<a href="https://u:p@paper.example/x">x</a>`, `<a href="https://paper.example/x"` + relTest + `>x</a>`},

		{"an image", `<img src="a b.png" width="10px" height="20" alt="A">`, `<img src="https://paper.example/news/a%20b.png" alt="A" width="10" height="20"` + imgTest + `/>`},
		{"a lazy image", `<img src="data:image/gif;base64,R0" data-src="/a.png">`, `<img src="https://paper.example/a.png" alt=""` + imgTest + `/>`},
		{"a lazy image behind a placeholder", `<img src="/img/placeholder.png" data-srcset="/s.png 300w, /l.png 900w">`, `<img src="https://paper.example/l.png" srcset="https://paper.example/s.png 300w, https://paper.example/l.png 900w" alt=""` + imgTest + `/>`},
		{"a lazy image with its twin", `<img data-src="/a.png"><noscript><img src="/a.png"></noscript>`, `<img src="https://paper.example/a.png" alt=""` + imgTest + `/>`},
		{"an image for readers without scripts", `<noscript><img src="/a.png"></noscript>`, `<img src="https://paper.example/a.png" alt=""` + imgTest + `/>`},
		{"a set of sources", `<img src="/a.png" srcset="/a,b.png 1x, /c.png 2x,javascript:x 3x, /d.png 9q" sizes="(min-width: 60em) 50vw, 100vw">`, `<img src="https://paper.example/a.png" srcset="https://paper.example/a,b.png 1x, https://paper.example/c.png 2x" sizes="(min-width: 60em) 50vw, 100vw" alt=""` + imgTest + `/>`},
		{"a picture", `<picture><source srcset="/a.webp" type="image/webp"><img src="/a.png"></picture>`, `<picture><source srcset="https://paper.example/a.webp" type="image/webp"/><img src="https://paper.example/a.png" alt=""` + imgTest + `/></picture>`},
		{"a picture without an image", `<p>a<picture><source srcset="/a.webp"></picture></p>`, `<p>a </p>`},
		{"a pixel", `a<img src="https://x.example/p.gif" width="1" height="1">b<img src="https://x.example/q.gif" width=0>`, "ab"},
		{"a hidden image", `a<img src="https://x.example/p.gif" style="display: none">`, "a"},
		{"a tracker", `a<img src="https://stats.wordpress.com/b.gif?x=1"><a href="http://feeds.feedburner.com/~ff/x"><img src="http://feeds.feedburner.com/~ff/x?d=1"></a>`, "a"},
		{"an emoji", `a <img class="wp-smiley" alt="🌧" src="https://s.w.example/images/core/emoji/1.png">`, "a 🌧"},
		{"an image that cannot be shown leaves its words", `<p><img src="data:image/png;base64,AA" alt="A map"></p>`, "<p>A map</p>"},
		{"a script in an image", `<img src="javascript:alert(1)" onerror="alert(1)">`, ""},

		{"a video", `<video src="/a.mp4" poster="/a.jpg" autoplay loop width="640">no</video>`, `<video width="640" src="https://paper.example/a.mp4" poster="https://paper.example/a.jpg" controls="" preload="none">no</video>`},
		{"a sound with sources", `<audio autoplay><source src="/a.ogg" type="audio/ogg"><track src="/t"></audio>`, `<audio controls="" preload="none"><source src="https://paper.example/a.ogg" type="audio/ogg"/></audio>`},
		{"a frame of a known site", `<iframe src="//www.youtube.com/embed/abcdef12345?rel=0" title="The storm"></iframe>`, `<a href="https://www.youtube.com/watch?v=abcdef12345"` + relTest + `><img src="https://i.ytimg.com/vi/abcdef12345/hqdefault.jpg" alt=""` + imgTest + `/><br/>The storm</a>`},
		{"a frame without a title", `<p><iframe src="https://player.vimeo.com/video/123"></iframe></p>`, `<p><a href="https://vimeo.com/123"` + relTest + `>Video on Vimeo</a></p>`},
		{"any other frame", `a<iframe src="https://ads.example/x">b</iframe>`, "a"},
		{"a frame with a document in it", `a<iframe srcdoc="<script>x</script>"></iframe>`, "a"},
		{"an old player", `<object><param name="movie" value="https://www.youtube.com/v/abcdef12345"><embed src="https://www.youtube.com/v/abcdef12345"></object>`, `<a href="https://www.youtube.com/watch?v=abcdef12345"` + relTest + `><img src="https://i.ytimg.com/vi/abcdef12345/hqdefault.jpg" alt=""` + imgTest + `/><br/>Video on YouTube</a>`},
		{"a quotation's source", `<blockquote cite="/q">x</blockquote>`, `<blockquote cite="https://paper.example/q">x</blockquote>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cleanTest(tt.in)
			if got != tt.want {
				t.Errorf("clean(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
			assertSafe(t, tt.in, got)
		})
	}
}

func TestCleanTurnsMarkupThatIsTooDeepIntoText(t *testing.T) {
	deep := strings.Repeat("<div><b>", 600) + "<script>x</script>the words" + strings.Repeat("</b></div>", 600)
	got := cleanTest(deep)
	if got != "<p>the words</p>" {
		t.Errorf("clean = %.200q", got)
	}
}

func TestCleanReadsNoMoreThanItsLimit(t *testing.T) {
	got := cleanTest("<p>" + strings.Repeat("word ", 400_000) + `<b title="x`)
	if len(got) > maxMarkup+100 {
		t.Errorf("%d bytes are left", len(got))
	}
	assertSafe(t, "a long text", got)
}

// hostile are texts that tried to run a program in a reader's page, in the forms
// that sanitisers have fallen for.
var hostile = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//x.example/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<<script>alert(1)//<</script>`, `<script/x>alert(1)</script>`, "<scri\x00pt>alert(1)</scri\x00pt>",
	`<img src=x onerror=alert(1)>`, `<img/src="x"/onerror=alert(1)>`, "<img src=x:x\nonerror\n=\nalert(1)>", `<img src="x" onerror="alert(1)"//`,
	`<img src="java&#x09;script:alert(1)">`, `<img src="&#14; javascript:alert(1)">`, `<img dynsrc="javascript:alert(1)" lowsrc="javascript:alert(1)">`,
	`<img src=x srcset="javascript:alert(1) 1x, x onerror=alert(1) 2x">`, `<img data-src="javascript:alert(1)" src="javascript:alert(2)">`,
	`<a href="javascript&#58;alert(1)">x</a>`, `<a href=" javascript:alert(1)">x</a>`, `<a href="vbscript:x">x</a>`, `<a href="JaVaScRiPt:alert(1)">x</a>`,
	`<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>`, "<a href=\"\x01javascript:alert(1)\">x</a>", `<a href="https:javascript:alert(1)">x</a>`, `<a href="feed:javascript:alert(1)">x</a>`,
	`<a href="//x.example/%0ajavascript:alert(1)" onmouseover=alert(1)>x</a>`, `<area href="javascript:alert(1)"><map><area href=//x.example></map>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`,
	`<svg></p><style><a title="</style><img src onerror=alert(1)>"></svg>`, `<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></foreignObject></svg>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, `<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>`,
	`<math href="javascript:alert(1)">x</math>`, `<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`, `<noembed><img src=x onerror=alert(1)></noembed>`, `<xmp><img src=x onerror=alert(1)></xmp>`,
	`<textarea><img src=x onerror=alert(1)></textarea>`, `<title><img src=x onerror=alert(1)></title>`, `<plaintext><img src=x onerror=alert(1)>`, `<noframes><img src=x onerror=alert(1)></noframes>`,
	`<template><script>alert(1)</script></template>`, `<template><s><template shadowroot=open><img src=x onerror=alert(1)>`, `<select><style></select><img src=x onerror=alert(1)></style>`,
	`<iframe src="javascript:alert(1)"></iframe>`, `<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>`, `<iframe src="https://www.youtube.com/embed/abcdef12345" onload=alert(1) title="<img src=x onerror=alert(1)>">`,
	`<object data="javascript:alert(1)"><param name=movie value="javascript:alert(1)"></object>`, `<embed src="javascript:alert(1)">`, `<applet code=x></applet>`,
	`<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button><input type=image src=x onerror=alert(1)></form>`, `<isindex action="javascript:alert(1)">`,
	`<meta http-equiv=refresh content="0;url=javascript:alert(1)">`, `<base href="javascript:/">`, `<link rel=stylesheet href="javascript:alert(1)">`, `<body onload=alert(1)>`, `<html onmouseover=alert(1)>`,
	`<div style="background:url(javascript:alert(1))">x</div>`, `<style>@import 'javascript:alert(1)';</style>`, `<p style="behavior:url(x)">x</p>`, `<table background="javascript:alert(1)"><td background="javascript:alert(1)">x</table>`,
	`<video><source onerror="alert(1)"></video>`, `<video poster="javascript:alert(1)" src=x onerror=alert(1)></video>`, `<audio src=x onerror=alert(1)></audio>`, `<details open ontoggle=alert(1)>x</details>`, `<marquee onstart=alert(1)>x</marquee>`,
	`<blockquote cite="javascript:alert(1)">x</blockquote>`, `<q cite="vbscript:x">x</q>`, `<ins cite=javascript:x datetime="<script>">x</ins>`,
	`<p title="</p><script>alert(1)</script>">x</p>`, `<p title='"><img src=x onerror=alert(1)>'>x</p>`, "<p title=\"`onmouseover=alert(1)\">x</p>", `<a title="a<b" href="/x?<script>">x</a>`,
	`<!--><script>alert(1)</script>-->`, `<!--[if gte IE 4]><script>alert(1)</script><![endif]-->`, `<![CDATA[<script>alert(1)</script>]]>`, `<?xml-stylesheet href="javascript:alert(1)"?><?php echo 1 ?>`, `<!DOCTYPE x [<!ENTITY x "<script>">]>&x;`,
	`<table><tr><td><form><table><form><input onfocus=alert(1)>`, `<table><a href="javascript:x"><table>`, `<p><a href=/1><p><a href=/2>x`, `<b><table><td><i></b><img src=x onerror=alert(1)>`, `<h1><h2 onclick=x><a><a href=javascript:x>`,
	`<a href="https://x.example/" <script>alert(1)</script>>x</a>`, `<img src="https://x.example/"onerror="alert(1)">`, `<img alt="` + "`" + `><img src=x onerror=alert(1)>`, "\ufeff<script>alert(1)</script>", "<\u0455cript>alert(1)</\u0455cript>", `<scrıpt>alert(1)</scrıpt>`,
	`<x onclick=alert(1)>x</x>`, `<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`, `<custom-element onclick=alert(1)><img is=x onerror=alert(1)></custom-element>`, `<frameset onload=alert(1)><frame src="javascript:alert(1)"></frameset>`, `<bgsound src="javascript:alert(1)">`, `<layer src="javascript:alert(1)"></layer>`,
}

func TestNothingHostileSurvives(t *testing.T) {
	for i, in := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) { assertSafe(t, in, cleanTest(in)) })
	}
	t.Run("all at once", func(t *testing.T) {
		in := strings.Join(hostile, "\n<p>")
		assertSafe(t, in, cleanTest(in))
	})
}

// assertSafe reads published markup as a browser would, with scripting and
// without, and by rules written down here once more: it does not ask the tables
// of the program.
func assertSafe(t *testing.T, in, out string) {
	t.Helper()
	if again := cleanTest(out); again != out {
		t.Errorf("cleaning again changes it\n   in %q\n once %q\ntwice %q", in, out, again)
	}
	if s := cleanText(out); s != out {
		t.Errorf("characters that XML forbids are left in %q", out)
	}
	for _, scripting := range []bool{true, false} {
		body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
		nodes, err := html.ParseFragmentWithOptions(strings.NewReader(out), body, html.ParseOptionEnableScripting(scripting))
		if err != nil {
			t.Fatalf("%q cannot be read: %v", out, err)
		}
		for _, n := range nodes {
			assertSafeNode(t, in, out, n)
		}
	}
}

const harmless = " a abbr address article aside audio b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em" +
	" figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small source" +
	" span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr "

const harmlessAttributes = " alt cite colspan controls datetime dir height href hreflang id lang loading media open poster preload" +
	" referrerpolicy rel reversed rowspan scope sizes span src srcset start title type value width "

func assertSafeNode(t *testing.T, in, out string, n *html.Node) {
	t.Helper()
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
	default:
		t.Errorf("%q became %q, with a node of type %v", in, out, n.Type)
	}
	if n.Namespace != "" || !strings.Contains(harmless, " "+n.Data+" ") {
		t.Errorf("%q became %q, with <%s>", in, out, n.Data)
	}
	for _, a := range n.Attr {
		value := strings.ToLower(a.Val)
		switch {
		case a.Namespace != "" || !strings.Contains(harmlessAttributes, " "+a.Key+" "):
			t.Errorf("%q became %q, with the attribute %s", in, out, a.Key)
		case strings.Contains(" cite src poster ", " "+a.Key+" ") && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://"):
			t.Errorf("%q became %q, with %s=%q", in, out, a.Key, a.Val)
		case a.Key == "id" && !regexp.MustCompile("^e[0-9a-f]{10}-[a-z0-9_:.-]+$").MatchString(value):
			t.Errorf("%q became %q, with id=%q", in, out, a.Val)
		case a.Key == "href" && strings.HasPrefix(value, "#"):
			if !strings.Contains(out, ` id="`+strings.TrimPrefix(a.Val, "#")+`"`) {
				t.Errorf("%q became %q, where %q leads nowhere", in, out, a.Val)
			}
		case a.Key == "href" && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "mailto:"):
			t.Errorf("%q became %q, with %s=%q", in, out, a.Key, a.Val)
		case a.Key == "srcset":
			for candidate := range strings.SplitSeq(value, ", ") {
				if !strings.HasPrefix(candidate, "http") {
					t.Errorf("%q became %q, with %s=%q", in, out, a.Key, a.Val)
				}
			}
		}
	}
	if n.Data == "a" && attribute(n, "rel") != linkRelation {
		t.Errorf("%q became %q, with a link without rel", in, out)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		assertSafeNode(t, in, out, child)
	}
}

// FuzzClean finds markup that is not safe, or not the same when cleaned again.
func FuzzClean(f *testing.F) {
	for _, in := range hostile {
		f.Add(in)
	}
	f.Add(`<p>Rain<a href="#fn1">1</a></p><p id="fn1">x</p><a name="b">y</a><a href="rain#b">z</a><p class="ad-slot"><iframe src="https://www.youtube.com/embed/abcdef12345"></iframe></p>`)
	f.Add(`<p>Share | Tweet</p><p>Rain.<br>More text <a href="/news/rain">Read more</a></p><ul><li>Save</li></ul><p>Advertisement</p><a href="//x.example">x</a><h3>Related</h3><ul><li><a href="/a">a</a></ul><hr>Back to top`)
	f.Add(`<div>text<p>Anzeige</p>Read <b>more</b> 12 comments<br>The post Rain over Port Amity appeared first on x.</div><amp-img src=a></amp-img><amp-video data-src=x></amp-video>`)
	f.Add(`<p>Rain <a href="/x#y">x</a><img srcset="a 1x, b 2x"></p><pre>` + "\n\n a</pre>")
	f.Fuzz(func(t *testing.T, in string) { assertSafe(t, in, cleanTest(in)) })
}

func TestCorpusOfHostileMarkup(t *testing.T) {
	for _, suite := range []string{"dompurify", "loofah", "bleach"} {
		n := 0
		eachCase(t, filepath.Join("suites", suite, "cases.jsonl"), func(line []byte) {
			var c struct {
				HTML string `json:"html"`
			}
			if err := json.Unmarshal(line, &c); err != nil {
				t.Fatal(err)
			}
			assertSafe(t, c.HTML, cleanTest(c.HTML))
			n++
		})
		t.Logf("%s: %d texts, nothing that runs is left", suite, n)
	}
}

// eachCase reads a file of the corpus line by line; without one it skips the test.
func eachCase(t *testing.T, name string, do func(line []byte)) {
	t.Helper()
	corpus := os.Getenv("BROADSHEET_CORPUS")
	if corpus == "" {
		t.Skip("BROADSHEET_CORPUS names no corpus")
	}
	data, err := os.ReadFile(filepath.Join(corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		do([]byte(line))
	}
}
