package main

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// The tests of this file are sources that do not keep their ids (T-22) and what
// subscribers see of it, which should be nothing: each article once, under one id
// and one date, and none missing.

const (
	churnPolls  = 50
	churnWindow = 15 // articles that the feed lists
	churnMove   = 20 // the poll at which a site changes at once
)

// printing is how a misbehaving site writes article n of its feed at a poll.
type printing func(n, poll int) (guid, link, text, date string)

// article is the honest printing of article n, written in the hour of its number.
func article(n int, start time.Time) (guid, link, text, date string) {
	return fmt.Sprintf("id-%d", n), fmt.Sprintf("http://churn.example/story/%d", n),
		fmt.Sprintf("The whole of story number %d, long enough to be told from every other story there is by its words alone.", n),
		start.Add(time.Duration(n-churnWindow) * time.Hour).Format(time.RFC1123Z)
}

// churned is the feed at a poll: a new article every second poll.
func churned(print printing, poll int) []byte {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Churn</title><link>http://churn.example/</link><description>d</description>`)
	newest := churnWindow + poll/2
	for n := newest; n > newest-churnWindow; n-- {
		guid, link, text, date := print(n, poll)
		fmt.Fprintf(&b, "<item><title>Story %d</title><description>%s</description>", n, text)
		for tag, v := range map[string]string{"guid isPermaLink='false'": guid, "link": link, "pubDate": date} {
			if v != "" {
				fmt.Fprintf(&b, "<%s>%s</%s>", tag, v, strings.Fields(tag)[0])
			}
		}
		b.WriteString("</item>")
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

func TestSubscribersSeeNothingOfASourceThatMakesItsIDsAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("fifty polls of many sources")
	}
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	honest := func(n int) (guid, link, text, date string) { return article(n, start) }
	short := func(n int) string { return fmt.Sprintf("Brief %d.", n) }
	tests := map[string]printing{
		"honest": func(n, _ int) (string, string, string, string) { return honest(n) },
		"guids new on each poll": func(n, poll int) (string, string, string, string) {
			_, link, text, date := honest(n)
			return fmt.Sprintf("random-%d-%d", n, poll), link, text, date
		},
		"guids new on each poll, hardly any text": func(n, poll int) (string, string, string, string) {
			_, link, _, date := honest(n)
			return fmt.Sprintf("random-%d-%d", n, poll), link, short(n), date
		},
		"guids and texts new on each poll": func(n, poll int) (string, string, string, string) {
			_, link, text, date := honest(n)
			return fmt.Sprintf("random-%d-%d", n, poll), link, fmt.Sprintf("%s Read %d times.", text, poll), date
		},
		"guids and links new on each poll": func(n, poll int) (string, string, string, string) {
			_, link, text, date := honest(n)
			return fmt.Sprintf("random-%d-%d", n, poll), fmt.Sprintf("%s?session=%d", link, poll), text, date
		},
		"no guids": func(n, _ int) (string, string, string, string) {
			_, link, text, date := honest(n)
			return "", link, text, date
		},
		"all guids equal": func(n, _ int) (string, string, string, string) {
			_, link, text, date := honest(n)
			return "the-same", link, text, date
		},
		"all dates now": func(n, poll int) (string, string, string, string) {
			guid, link, text, _ := honest(n)
			return guid, link, text, start.Add(time.Duration(poll) * time.Hour).Format(time.RFC1123Z)
		},
		"all dates now, and guids new on each poll": func(n, poll int) (string, string, string, string) {
			_, link, text, _ := honest(n)
			return fmt.Sprint(n, poll), link, text, start.Add(time.Duration(poll) * time.Hour).Format(time.RFC1123Z)
		},
		"http becomes https": func(n, poll int) (string, string, string, string) {
			_, link, text, date := honest(n)
			if poll >= churnMove {
				link = strings.Replace(link, "http:", "https:", 1)
			}
			return link, link, text, date
		},
		"http becomes https, hardly any text": func(n, poll int) (string, string, string, string) {
			_, link, _, date := honest(n)
			if poll >= churnMove {
				link = strings.Replace(link, "http:", "https:", 1)
			}
			return link, link, short(n), date
		},
		"a new system changes guid and link": func(n, poll int) (string, string, string, string) {
			guid, link, text, date := honest(n)
			if poll >= churnMove {
				guid, link = fmt.Sprintf("https://churn.example/?p=%d", 9000+n), fmt.Sprintf("https://churn.example/2026/story-%d/", n)
			}
			return guid, link, text, date
		},
		"a new system changes guid and link, hardly any text": func(n, poll int) (string, string, string, string) {
			guid, link, _, date := honest(n)
			if poll >= churnMove {
				guid, link = fmt.Sprintf("https://churn.example/?p=%d", 9000+n), fmt.Sprintf("https://churn.example/2026/story-%d/", n)
			}
			return guid, link, short(n), date
		},
		"a new system changes guid and text": func(n, poll int) (string, string, string, string) {
			guid, link, text, date := honest(n)
			if poll >= churnMove {
				guid, text = fmt.Sprintf("https://churn.example/?p=%d", 9000+n), "In short: "+text
			}
			return guid, link, text, date
		},
	}
	for name, print := range tests {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name != "guids and texts new on each poll" {
				t.Skip("fifty polls")
			}
			t.Parallel()
			d := newDesk(t)
			d.config("sections: [{name: all, title: All, sources: ['*'], limit: all, max_size: none}]\n" +
				"sources: [{name: churn, url: 'http://churn.example/feed'}]\n")
			seen := map[string]map[string]bool{} // title → id and date under which it was announced
			n := d.open()
			for poll := range churnPolls {
				d.web.Serve("churn.example", "/feed", "application/rss+xml", churned(print, poll))
				for _, e := range d.pass(n, "churn") {
					if seen[e.Title] == nil {
						seen[e.Title] = map[string]bool{}
					}
					seen[e.Title][e.ID+" of "+e.Published.String()] = true
				}
				d.later(time.Hour)
			}
			for n := 1; n <= churnWindow+(churnPolls-1)/2; n++ {
				switch title := fmt.Sprintf("Story %d", n); len(seen[title]) {
				case 0:
					t.Errorf("%s was lost", title)
				case 1:
				default:
					t.Errorf("%s was announced %d times: %v", title, len(seen[title]), seen[title])
				}
			}
		})
	}
}

// open opens the newsroom of a desk's configuration, until the test ends.
func (d *desk) open() *newsroom {
	d.t.Helper()
	p, _, _ := d.start()
	n, err := p.openNewsroom(d.t.Context(), paper(d.t, d), slog.New(slog.DiscardHandler), true)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		if err := n.close(); err != nil {
			d.t.Error(err)
		}
	})
	return n
}

// pass polls sources, whether due or not, keeps house, and gives what the section
// "all" shows then.
func (d *desk) pass(n *newsroom, sources ...string) []feed.Entry {
	d.t.Helper()
	if _, err := n.worker.Pass(d.t.Context(), sources); err != nil {
		d.t.Fatal(err)
	}
	if err := n.housekeep(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	v, err := n.store.View(d.t.Context(), "all")
	if err != nil {
		d.t.Fatal(err)
	}
	return v.Entries
}
