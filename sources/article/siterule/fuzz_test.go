package siterule

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Whatever a rule's file holds, and whatever a page holds, both are read to the end.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"body: //div[@class='story']\ntitle: //h1 | //h2\nauthor://a\ndate: substring-after(//time, ':')",
		"strip: //p[last()]\nstrip_id_or_class: share\nstrip_attr: //a/@class\nstrip_image_src: ads",
		"find_string: <b>\nreplace_string: <i>\nreplace_string(</b>): </i>\nconvert_double_br_tags: yes",
		"wrap_in(h2): //b\nmove_into(body): //q\nmove_into(//q): //b\ndissolve: //div\nsrc_lazy_load_attr: data-src",
		"single_page_link: concat(//a/@href, '?all')\nif_page_contains: //b\nnext_page_link: //a[position() > 1]",
		"body: //*[sum(.) div 0 = number('x')]/ancestor-or-self::*/following::*[not(self::p)]",
		"body: id('a')/b\nbody: //p[matches(., '(')]\nbody: //p[replace(., 'a', '(') = translate(., 'a', '')]",
	} {
		f.Add([]byte(seed))
	}
	const page = `<html><head><title>A : b</title></head><body><div class="story"><h1>One</h1><p class=share>Two <b>bold</b>` +
		`<q>three</q></p><p>(<a href="/2">Four</a><a href="/3">Five</a><br><br><img data-src=a src="ads.gif"><time>on: 3 May</time></div></body></html>`
	f.Fuzz(func(t *testing.T, text []byte) {
		const long = 4 << 10 // of a rule: what takes the XPath library long is measured elsewhere
		if len(text) > long {
			return
		}
		r, problems := Parse("a.example.txt", text)
		for _, p := range problems {
			if p.Text == "" || p.Line < 1 || strings.ContainsAny(p.String(), "\n\r") {
				t.Errorf("a problem of %q: %q", text, p)
			}
		}
		if r == nil {
			t.Fatal("there is no rule")
		}
		doc, err := html.Parse(strings.NewReader(string(r.Edit([]byte(page)))))
		if err != nil {
			t.Fatal(err)
		}
		found := r.Apply(doc)
		for _, n := range found.Body {
			if n.Type == html.ElementNode && n.Parent == nil {
				t.Errorf("%q: a part of the body is not in the page: %s", text, n.Data)
			}
		}
		for _, trouble := range found.Trouble {
			if strings.HasPrefix(trouble, "the rule was given up") {
				t.Errorf("%q: %s", text, trouble)
			}
		}
		var b strings.Builder
		if err := html.Render(&b, doc); err != nil { // an endless page, or one out of joint, does not end
			t.Logf("%q: %v", text, err)
		}
	})
}
