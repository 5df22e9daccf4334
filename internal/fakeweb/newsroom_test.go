package fakeweb_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

// A newsroom whose management system was replaced: its articles come again under
// other guids and links, and the test knows which articles there were. A web serves
// it as web.HandlePage("gulf.example", "/feed.xml", room.Handler(nil)).
func ExampleNewsroom() {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	room := fakeweb.Newsroom{Host: "gulf.example", Seed: 7, Start: start, Every: time.Hour, Window: 3,
		Churn: []fakeweb.Churn{fakeweb.From(start.Add(4*time.Hour), fakeweb.CMSMove())}}

	// What a reader was shown, who took every new guid for a new article.
	announced, known := []string{}, map[string]bool{}
	for poll := start; poll.Before(start.Add(6 * time.Hour)); poll = poll.Add(time.Hour) {
		var doc struct {
			Items []struct {
				GUID  string `xml:"guid"`
				Title string `xml:"title"`
			} `xml:"channel>item"`
		}
		if err := xml.Unmarshal(room.Feed(poll), &doc); err != nil {
			fmt.Println(err)
		}
		for _, item := range doc.Items {
			if !known[item.GUID] {
				known[item.GUID], announced = true, append(announced, item.Title)
			}
		}
	}
	truth := room.Appeared(start.Add(-time.Second), start.Add(5*time.Hour))
	verdict := fakeweb.Compare(truth, announced)
	fmt.Println("there were", len(truth), "and the first was", truth[0].Title)
	fmt.Println("announced twice:", verdict.Twice, "lost:", len(verdict.Lost))
	// Output:
	// there were 6 and the first was Tram line four returns to Vantmoor, no. 7-0
	// announced twice: [7-3 7-2] lost: 0
}

func TestANewsroomIsAFunctionOfItsSeedAndTheTime(t *testing.T) {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	room := fakeweb.Newsroom{Seed: 1, Start: start, Every: 10 * time.Minute, Window: 5}
	for _, tc := range []struct {
		after          time.Duration
		listed, newest int
	}{{-time.Second, 0, -1}, {0, 1, 0}, {9 * time.Minute, 1, 0}, {10 * time.Minute, 2, 1}, {24 * time.Hour, 5, 144}} {
		list := room.Listed(start.Add(tc.after))
		if len(list) != tc.listed || tc.listed > 0 && list[0].Number != tc.newest {
			t.Errorf("after %v %d are listed: %+v", tc.after, len(list), list)
		}
	}
	if got := len(room.Appeared(start, start.Add(time.Hour))); got != 6 {
		t.Errorf("%d appeared in an hour, want 6", got)
	}
	now := start.Add(time.Hour)
	if a, b := room.Feed(now), room.Feed(now); string(a) != string(b) {
		t.Error("the same moment has two documents")
	}
	other := room
	other.Seed = 2
	if other.Listed(now)[0].Text == room.Listed(now)[0].Text {
		t.Error("two newsrooms write the same")
	}
	if list := (fakeweb.Newsroom{}).Listed(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)); len(list) != 20 {
		t.Errorf("at the beginning of a bubble a plain newsroom lists %d, want 20", len(list))
	}
}

// TestEachFormatIsWholeAndHoldsTheTruth: every document can be read, and each
// item speaks of exactly one article.
func TestEachFormatIsWholeAndHoldsTheTruth(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, format := range []fakeweb.Format{fakeweb.RSS, fakeweb.Atom, fakeweb.JSONFeed} {
		room := fakeweb.Newsroom{Seed: 3, Title: "Tide & <Tale>", Format: format}
		text := string(room.Feed(now))
		err := xml.Unmarshal([]byte(text), new(struct{}))
		if format == fakeweb.JSONFeed {
			err = json.Unmarshal([]byte(text), new(struct{}))
		}
		if err != nil {
			t.Errorf("format %d: %v\n%s", format, err, text)
		}
		truth := room.Listed(now)
		var want []string
		for _, a := range truth {
			want = append(want, a.Mark)
			if m := fakeweb.Marks(a.Title + a.Text); len(m) != 1 || m[0] != a.Mark {
				t.Errorf("article %s speaks of %v", a.Mark, m)
			}
		}
		if got := fakeweb.Marks(text); !slices.Equal(got, want) {
			t.Errorf("format %d lists %v, want %v", format, got, want)
		}
	}
}

// item is what the churn tests read of an RSS document.
type item struct {
	GUID  string `xml:"guid"`
	Link  string `xml:"link"`
	Title string `xml:"title"`
	Text  string `xml:"description"`
	Date  string `xml:"pubDate"`
}

func items(t *testing.T, body []byte) []item {
	t.Helper()
	var doc struct {
		Items []item `xml:"channel>item"`
	}
	if err := xml.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Items
}

// TestEachChurnChangesWhatItSaysAndNothingElse compares two answers, a minute
// apart and with no new article between, with each other and with the truth.
func TestEachChurnChangesWhatItSaysAndNothingElse(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	plain := fakeweb.Newsroom{Seed: 3, Every: 24 * time.Hour}
	truth := items(t, plain.Feed(now))
	differing := func(a, b []item) string {
		var names []string
		field := func(name string, of func(item) string) {
			if !slices.EqualFunc(a, b, func(x, y item) bool { return of(x) == of(y) }) {
				names = append(names, name)
			}
		}
		field("guid", func(i item) string { return i.GUID })
		field("link", func(i item) string { return i.Link })
		field("title", func(i item) string { return i.Title })
		field("text", func(i item) string { return i.Text })
		field("date", func(i item) string { return i.Date })
		return strings.Join(names, " ")
	}
	all := "guid link title text date" // another order changes every place
	want := map[string][2]string{      // from the truth, from one answer to the next
		"new-guids": {"guid", "guid"}, "no-guids": {"guid", ""}, "same-guids": {"guid", ""},
		"restamped": {"date", "date"}, "https": {"guid link", ""}, "cms-move": {"guid link", ""},
		"link-move": {"link", ""}, "edited": {"text", "text"}, "dateless": {"date", ""},
		"shuffled": {all, all}, "oldest-first": {all, ""},
	}
	churns := fakeweb.Churns()
	if len(churns) != len(want) {
		t.Errorf("there are %d churns, and %d are tested", len(churns), len(want))
	}
	for name, churn := range churns {
		room := plain
		room.Churn = []fakeweb.Churn{churn}
		one, two := items(t, room.Feed(now)), items(t, room.Feed(now.Add(time.Minute)))
		if got := differing(truth, one); got != want[name][0] {
			t.Errorf("%s changes %q, want %q", name, got, want[name][0])
		}
		if got := differing(one, two); got != want[name][1] {
			t.Errorf("%s changes %q from answer to answer, want %q", name, got, want[name][1])
		}
		if m := fakeweb.Marks(string(room.Feed(now))); len(m) != len(truth) {
			t.Errorf("%s lists %d articles, want %d", name, len(m), len(truth))
		}
		room.Churn = []fakeweb.Churn{fakeweb.From(now.Add(time.Second), churn)}
		if got := differing(truth, items(t, room.Feed(now))); got != "" {
			t.Errorf("%s begins too early: %q", name, got)
		}
	}
	guids := map[string]bool{}
	room := plain
	room.Churn = []fakeweb.Churn{fakeweb.CMSMove()}
	for _, i := range items(t, room.Feed(now)) {
		guids[i.GUID], guids[i.Link] = true, true
	}
	if len(guids) != 2*len(truth) {
		t.Error("after a move articles share guids or links")
	}
}

func TestCompareFindsWhatWasLostDoubledAndMadeUp(t *testing.T) {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	truth := fakeweb.Newsroom{Seed: 4, Start: start}.Appeared(start, start.Add(3*time.Hour)) // 1, 2, 3
	title := func(i int) string { return truth[i].Title }
	for _, tc := range []struct {
		name               string
		announced          []string
		lost, twice, wrong int
	}{
		{"all", []string{title(0), title(1) + truth[1].Text, title(2)}, 0, 0, 0},
		{"one lost", []string{title(0), title(1)}, 1, 0, 0},
		{"one twice, one three times", []string{title(0), title(0), title(1), title(1), title(1), title(2)}, 0, 3, 0},
		{"one of another newsroom", []string{title(0), title(1), title(2), "Ferry, no. 5-1"}, 0, 0, 1},
		{"one not yet there", []string{title(0), title(1), title(2), "Ferry, no. 4-4"}, 0, 0, 1},
		{"an error page", []string{title(0), title(1), title(2), "Please log in"}, 0, 0, 1},
		{"two in one", []string{title(0) + "; " + title(1), title(2)}, 2, 0, 1},
	} {
		v := fakeweb.Compare(truth, tc.announced)
		if len(v.Lost) != tc.lost || len(v.Twice) != tc.twice || len(v.Wrong) != tc.wrong {
			t.Errorf("%s: got %+v", tc.name, v)
		}
	}
}

// TestANewsroomsValidatorsFollowItsBytes: they hold until the next article, and
// no answer is hidden behind a 304 when something was edited.
func TestANewsroomsValidatorsFollowItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		room := fakeweb.Newsroom{Start: time.Now(), Every: time.Hour}
		w.HandlePage("gulf.example", "/plain", room.Handler(nil))
		room.Churn = []fakeweb.Churn{fakeweb.Edited()}
		w.HandlePage("gulf.example", "/edited", room.Handler(nil))
		for _, tc := range []struct {
			path   string
			after  time.Duration
			status int
		}{
			{"/plain", 50 * time.Minute, 304}, {"/plain", time.Hour, 200},
			{"/edited", 5 * time.Second, 200},
		} {
			first, _ := get(t, c, "http://gulf.example"+tc.path)
			time.Sleep(tc.after)
			for _, pair := range [][2]string{{"If-None-Match", "ETag"}, {"If-Modified-Since", "Last-Modified"}} {
				res, _ := get(t, c, "http://gulf.example"+tc.path, pair[0], first.Header.Get(pair[1]))
				if res.StatusCode != tc.status {
					t.Errorf("%s with %s after %v: %d, want %d", tc.path, pair[0], tc.after, res.StatusCode, tc.status)
				}
			}
		}
	})
}
