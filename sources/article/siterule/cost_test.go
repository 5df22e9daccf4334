package siterule

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/cost"
)

// hostile are pages of 5 MiB, as long as a page may be and shaped against those who look
// for something in them.
func hostile() map[string]string {
	const size = 5 << 20
	fill := func(piece string) string { return strings.Repeat(piece, size/len(piece)) }
	deep := strings.Repeat("<div class=a>", 400) + "t" + strings.Repeat("</div>", 400)
	return map[string]string{
		"siblings": "<body><div class=a>" + fill("<p class='story x'>x</p>"),
		"depth":    "<body>" + fill(deep),
		"links":    "<body><div>" + fill("<a href=b class=author>n</a><br>"),
		"one text": "<body><div class=a><p>" + fill("word "),
		"names":    "<body><p class='" + fill("share- "),
	}
}

// T-09: no page makes a rule work for long, and what it was found before stays found.
// The lines are the dearest of the real rules, and some that nobody would write.
func TestAHostilePageCostsARuleLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("it parses long pages")
	}
	r := rule(t, `title: //title
author: //a[@class='author']
body: //p[position()=last()]/child::text()
body: //p[preceding::hr]/span[@class="embed"]
body: //main[1] | //main[1]/preceding-sibling::div/figure | //header[1]/h1
body: //*[contains(., 'nowhere')]//*[contains(., 'nowhere')]
strip: //*/following::*[contains(., 'nowhere')]
strip: //*[count(//*) > count(//p)]
strip_id_or_class: nowhere
strip_attr: //*[count(.//*) > 1000000]/@class
dissolve: //div
`)
	css, err := Selectors([]string{"h1 h2 h3 div", "h1 ~ p, h1 ~ a", "p:nth-of-type(3n+1):nth-last-child(odd)", ":has(:has(h1))"},
		[]string{":nth-last-of-type(2n)", ".nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	r = css.Over(r)
	for name, page := range hostile() {
		if got := len(r.Edit([]byte(page))); got != len(page) {
			t.Errorf("%s: it became %d bytes long", name, got)
		}
		page = "<title>Far</title>" + page
		limit := 8 * time.Second
		took := cost.Of(func() {
			f := r.Apply(parse(t, page))
			if f.Title != "Far" {
				t.Errorf("%s: it found %+v", name, f)
			}
			for _, trouble := range f.Trouble {
				if !strings.Contains(trouble, "too much work") {
					t.Errorf("%s: %s", name, trouble)
				}
			}
		})
		t.Logf("%s: %s with parsing", name, took.Round(time.Millisecond))
		if cost.Race {
			limit *= 20
		}
		if took > limit {
			t.Errorf("%s: it took %s", name, took)
		}
	}
}
