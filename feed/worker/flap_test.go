package worker

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// flapping is an article whose words stay while all around them changes at every look.
type flapping struct {
	dice       *rand.Rand
	paragraphs []string
}

// one gives one of several texts.
func (f *flapping) one(of ...string) string { return of[f.dice.IntN(len(of))] }

func (f *flapping) n(most int) int { return 2 + f.dice.IntN(most) }

// maybe gives a text or nothing.
func (f *flapping) maybe(s string) string {
	if f.dice.IntN(2) == 0 {
		return ""
	}
	return s
}

// headline is that of some other article.
func (f *flapping) headline() string {
	return f.one("Wind", "Fog", "Snow", "Hail") + f.one(" over ", " near ", " north of ") + f.one("Marfa", "Port Amity", "Sel")
}

func (f *flapping) address(path string) string {
	return "https://paper.example/" + path + f.maybe(fmt.Sprintf("?utm_source=%s&utm_campaign=c%d", f.one("rss", "feed"), f.n(99)))
}

// counters are what a page counts and how long ago it says it was.
func (f *flapping) counters() string {
	return f.one(
		fmt.Sprintf("%d comments", f.n(500)), fmt.Sprintf("Comments (%d)", f.n(500)), fmt.Sprintf("%d,%03d views", f.n(9), f.dice.IntN(1000)),
		fmt.Sprintf("Viewed %d times", f.n(5000)), fmt.Sprintf("%d hours ago", f.n(20)), fmt.Sprintf("vor %d Minuten", f.n(50)), fmt.Sprintf("%d Kommentare", f.n(90)),
		fmt.Sprintf("il y a %d jours", f.n(20)), fmt.Sprintf("hace %d horas", f.n(20)), fmt.Sprintf("%d likes · %d shares", f.n(99), f.n(99)),
		fmt.Sprintf("%d минут назад", f.n(50)), fmt.Sprintf("%d.%dk reads", f.n(9), f.dice.IntN(10)), fmt.Sprintf("%d uur geleden", f.n(20)), "1 comment", "an hour ago")
}

func (f *flapping) shareBar() string {
	links := []string{`<a href="https://www.facebook.com/sharer/sharer.php?u=x">Share on Facebook</a>`, `<a href="https://twitter.com/intent/tweet?text=x">Tweet</a>`,
		`<a href="https://api.whatsapp.com/send?text=x">WhatsApp</a>`, `<a href="https://www.linkedin.com/shareArticle?url=x">LinkedIn</a>`}
	f.dice.Shuffle(len(links), func(i, k int) { links[i], links[k] = links[k], links[i] })
	return f.one("<div>", "<p>Share: ") + strings.Join(links[:f.n(3)-1], f.one(" | ", " · ", " ")) + f.maybe(fmt.Sprintf(" %d", f.n(99)))
}

func (f *flapping) advert() string {
	what := f.one("Boots that laugh at rain", "Umbrellas, now "+fmt.Sprint(f.n(60))+" marks", "A week in the sun")
	return f.one(
		fmt.Sprintf(`<p>Advertisement</p><p><a href="https://shop%d.example/x?c=%d">%s</a></p>`, f.n(9), f.n(999), what),
		fmt.Sprintf(`<div class="ad-slot" id="slot-%d"><p>%s</p><a href="https://shop.example/">Buy</a></div>`, f.n(99), what),
		fmt.Sprintf(`<iframe src="https://ads.example/%d"></iframe>`, f.n(999)), fmt.Sprintf(`<ins class="adsbygoogle" data-ad-slot="%d">%s</ins>`, f.n(999), what),
		fmt.Sprintf(`<script>show(%d)</script>`, f.n(9999)), `<p>ANZEIGE</p>`)
}

func (f *flapping) related() string {
	var list strings.Builder
	for range f.n(4) {
		fmt.Fprintf(&list, `<li><a href="%s">%s</a></li>`, f.address(fmt.Sprint("news/", f.n(999))), f.headline())
	}
	return f.one(
		"<h3>"+f.one("Related articles", "Related posts", "You may also like", "Mehr zum Thema", "Lire aussi")+"</h3><ul>"+list.String()+"</ul>",
		`<div class="jp-relatedposts"><h3>Related</h3><ul>`+list.String()+"</ul></div>",
		fmt.Sprintf(`<p><b>%s:</b> <a href="%s">%s</a></p>`, f.one("Read also", "Related", "Lesen Sie auch"), f.address("news/x"), f.headline()))
}

func (f *flapping) picture() string {
	return fmt.Sprintf(`<figure><img src="https://cdn%d.example/rain.jpg?w=%d&v=%d" srcset="https://cdn.example/rain.jpg?w=300&v=%d 300w" width="%d"><figcaption>The harbour</figcaption></figure>`,
		f.n(5), 100*f.n(9), f.n(9999), f.n(9999), 100*f.n(9))
}

// look is the item as it is listed at one look.
func (f *flapping) look() feed.Item {
	gap := func() string { return f.one("", "\n", " \n\t", "<!-- "+fmt.Sprint(f.n(99))+" -->") }
	var b strings.Builder
	b.WriteString(f.maybe(f.shareBar()+"</div></p>") + f.maybe("<p>"+f.counters()+"</p>"))
	fmt.Fprintf(&b, "<p>By Jo Rain · %s · %s</p>", f.counters(), f.counters())
	b.WriteString(f.picture())
	for _, p := range f.paragraphs {
		if f.dice.IntN(2) == 0 { // line breaks of another editor
			p = strings.Replace(p, " ", "\n", f.n(5))
		}
		fmt.Fprintf(&b, `<p class="c%d">%s</p>`, f.n(99), p)
		b.WriteString(gap() + f.maybe(f.one(f.advert(), f.related(), "<p>Back to top</p>", `<p> &nbsp;</p>`)) + gap())
	}
	fmt.Fprintf(&b, `<p>See <a href="%s">the plan</a>.</p>`, f.address("plan"))
	b.WriteString(f.maybe(f.shareBar()+"</div></p>") + f.maybe(f.related()) + f.maybe(f.advert()) + f.maybe("<p>"+f.counters()+" | "+f.counters()+"</p>") +
		f.maybe(fmt.Sprintf(`<img src="https://pixel.example/p?%d" width=1 height=1>`, f.n(9999))) + f.maybe("<p>Back to top</p>") +
		f.maybe(`<p>The post <a href="https://paper.example/news/rain">Rain over Port Amity</a> appeared first on <a href="https://paper.example/">The Paper</a>.</p>`))
	excerpt := "<p>" + f.paragraphs[0] + f.one("", " […]", " ...") + "</p>" +
		f.maybe(fmt.Sprintf(`<p><a href="%s">%s</a></p>`, f.address("news/rain"), f.one("Read more", "Continue reading", "Weiterlesen")))
	return feed.Item{ID: "https://paper.example/?p=1", Title: feed.Plain("Rain over Port Amity"), Published: "2026-11-20T08:00:00Z",
		Links:   []feed.Link{{Rel: "alternate", Href: f.address("news/rain")}},
		Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(b.String())}, Summary: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(excerpt)},
		CommentCount: f.n(500), Comments: f.address("news/rain/comments")}
}

// A thousand looks at an article around which everything changes are no update; a
// paragraph that its author corrected is one, however much changes around it.
func TestWhatOnlyFlapsIsNoUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := staff(t, map[string]sourceFunc{"gulf": nil})
		claim := claimOf("gulf")
		now := at("2026-11-20 09:00:00")
		stored := map[int64]feed.Stored{}
		moves := 0
		f := &flapping{dice: rand.New(rand.NewPCG(4, 2)), paragraphs: []string{
			"Rain fell on the port of Amity all night, and the harbour master closed the long pier at dawn.",
			"The ferry to Marfa was an hour late; forty people waited in the hall, and nobody complained.",
			"By noon the gutters of the lower town were full, and two cellars were pumped dry.",
			"The council meets on Thursday to speak of the sea wall, for the third time in this year."}}
		look := func() {
			t.Helper()
			item := f.look()
			c := Choice{Row: int64(len(stored)), Listed: Listed{Item: item, Identity: normalise.Identify(item)}}
			a, err := w.compose(claim, c, stored, now)
			if err != nil {
				t.Fatal(err)
			}
			if was, ok := stored[1]; ok && !a.Entry.Updated.Equal(was.Entry.Updated) {
				moves++
				if moves > 1 {
					t.Fatalf("it moved again:\n%s\n\n%s", was.Entry.Content, a.Entry.Content)
				}
			}
			stored[1] = feed.Stored{Row: 1, Entry: a.Entry, Sightings: []feed.Sighting{{Feed: claim.URL, Seen: now, Item: c.Item}}}
			now = now.Add(2 * updateRest)
		}
		flaps := 1000
		if testing.Short() {
			flaps = 100
		}
		look()
		for range flaps {
			look()
		}
		if moves != 0 {
			t.Fatalf("%d flaps moved it %d times", flaps, moves)
		}
		f.paragraphs[1] = strings.Replace(f.paragraphs[1], "an hour", "three hours", 1)
		look()
		if moves != 1 {
			t.Fatal("a corrected paragraph did not move it")
		}
		for range 100 {
			look()
		}
		t.Logf("%d flaps: 0 updates; a corrected paragraph, and 100 more flaps: %d", flaps, moves)
		if age := now.Sub(stored[1].Entry.Updated); age < 100*time.Hour {
			t.Errorf("it was updated %v ago", age)
		}
	})
}
