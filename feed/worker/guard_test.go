package worker

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// body is a verdict over a body: firm items that are known, items renamed under
// link and text, and new ones, of which some are guessed by link or by text.
func body(firm, renamed, byLink, byText, strangers int) Verdict {
	v := Verdict{Firm: firm, Renamed: renamed, Same: firm}
	for i := range byLink + byText + strangers {
		c := Choice{}
		switch {
		case i < byLink:
			c.Guess, c.By = int64(i+1), feed.KeyLink
		case i < byLink+byText:
			c.Guess, c.By = int64(i+1), feed.KeyText
		}
		v.Choices = append(v.Choices, c)
	}
	return v
}

// dated are n dates, each a step after the one before.
func dated(n int, from time.Time, step time.Duration) (out []time.Time) {
	for i := range n {
		out = append(out, from.Add(time.Duration(i)*step))
	}
	return out
}

// TestWhatTripsTheGuard (T-21, T-22, T-35): what looks like old articles under new
// ids, and what is only news.
func TestWhatTripsTheGuard(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	last := now.Add(-time.Hour)
	tests := map[string]struct {
		shift Shift
		says  string // empty: it does not trip
	}{
		"nothing new":                         {Shift{Verdict: body(20, 0, 0, 0, 0)}, ""},
		"one new article":                     {Shift{Verdict: body(19, 0, 0, 0, 1)}, ""},
		"guids anew, links and texts stay":    {Shift{Verdict: body(0, 20, 0, 0, 0)}, ""},
		"the same, and one is news":           {Shift{Verdict: body(0, 19, 0, 0, 1)}, ""},
		"guids anew, links stay":              {Shift{Verdict: body(0, 0, 20, 0, 0)}, "the ids of 20 of its 20 articles changed at once"},
		"guids and links anew, texts stay":    {Shift{Verdict: body(0, 0, 0, 20, 0)}, "the ids of 20 of its 20"},
		"one of them cannot be found":         {Shift{Verdict: body(0, 10, 4, 5, 1)}, "the ids of 19 of its 20"},
		"two articles are all there is":       {Shift{Verdict: body(0, 0, 2, 0, 0)}, "the ids of 2 of its 2"},
		"one page that is written anew":       {Shift{Verdict: body(0, 0, 1, 0, 0)}, ""},
		"a page of many, written anew":        {Shift{Verdict: body(9, 0, 1, 0, 0)}, ""},
		"a part of the ids changed":           {Shift{Verdict: body(10, 0, 5, 0, 3)}, "the ids of 5 of its 18"},
		"news beside a few with a known link": {Shift{Verdict: body(10, 0, 2, 0, 9)}, ""},

		"fifty at once":                  {Shift{Verdict: body(10, 0, 0, 0, 50)}, ""},
		"one more":                       {Shift{Verdict: body(10, 0, 0, 0, 51)}, "51 new articles at once, and more than 50"},
		"as many as five times the most": {Shift{Guard: feed.Guard{Largest: 30}, Verdict: body(10, 0, 0, 0, 150)}, ""},
		"one more than that":             {Shift{Guard: feed.Guard{Largest: 30}, Verdict: body(10, 0, 0, 0, 151)}, "more than 150"},
		"too much in a day":              {Shift{Guard: feed.Guard{Day: now.Add(-23 * time.Hour), Today: dailyMost - 5}, Verdict: body(10, 0, 0, 0, 6)}, "within a day"},
		"as much, on another day":        {Shift{Guard: feed.Guard{Day: now.Add(-25 * time.Hour), Today: dailyMost - 5}, Verdict: body(10, 0, 0, 0, 6)}, ""},

		"all unknown and of this hour":     {Shift{Verdict: body(0, 0, 0, 0, 20), Dates: dated(20, last, 3*time.Minute)}, ""},
		"all unknown and undated":          {Shift{Verdict: body(0, 0, 0, 0, 20)}, ""},
		"all unknown and old":              {Shift{Verdict: body(0, 0, 0, 0, 20), Dates: dated(20, now.Add(-30*24*time.Hour), 24*time.Hour)}, "older than the last poll"},
		"all unknown, of today's midnight": {Shift{Verdict: body(0, 0, 0, 0, 4), Dates: dated(4, now.Truncate(24*time.Hour), 0)}, ""},
		"all unknown, stamped":             {Shift{Verdict: body(0, 0, 0, 0, 20), Dates: dated(20, now, time.Second)}, "all of it has one date"},
		"some known, the rest stamped":     {Shift{Verdict: body(1, 0, 0, 0, 20), Dates: dated(20, now, time.Second)}, ""},
		"late ones, beside known ones":     {Shift{Verdict: body(10, 0, 0, 0, 3), Dates: dated(3, now.Add(-30*24*time.Hour), time.Hour)}, ""},

		"another feed":                                 {Shift{Verdict: body(0, 0, 0, 0, 1), Was: "Gulf Wire", Is: "This domain is for sale"}, `it is called "This domain is for sale" and was called "Gulf Wire"`},
		"a feed with a new name":                       {Shift{Verdict: body(5, 0, 0, 0, 1), Was: "Gulf Wire", Is: "Something else"}, ""},
		"a new name that says the old one":             {Shift{Verdict: body(0, 0, 0, 0, 1), Was: "Gulf Wire (3 new)", Is: "All of Gulf, 12 new"}, ""},
		"a relaunch under a new name, its texts known": {Shift{Verdict: body(0, 0, 0, 20, 0), Was: "Gulf Wire", Is: "Daily Arabia"}, "the ids of 20 of its 20"},
		"a new name in a script without spaces":        {Shift{Verdict: body(0, 0, 0, 0, 1), Was: "新聞速報", Is: "毎日新聞"}, ""},
		"another one in such a script":                 {Shift{Verdict: body(0, 0, 0, 0, 1), Was: "新聞速報", Is: "格安販売"}, "and was called"},
		"each day's articles, as the day before":       {Shift{Guard: feed.Guard{Turns: 1}, Verdict: body(0, 0, 0, 0, 20), Dates: dated(20, now, time.Second)}, ""},
		"still the other feed":                         {Shift{Guard: feed.Guard{Was: "Gulf Wire"}, Verdict: body(5, 0, 0, 0, 1), Was: "Gulf Wire", Is: "For sale"}, "and was called"},
		"the same name, set anew":                      {Shift{Verdict: body(0, 0, 0, 0, 1), Was: "Gulf Wire", Is: "GULF  WIRE "}, ""},
		"a name for the first time":                    {Shift{Verdict: body(0, 0, 0, 0, 1), Is: "Gulf Wire"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.shift.Now, tt.shift.Last = now, last
			a := Trip(tt.shift)
			if (a.Why == "") != (tt.says == "") || !strings.Contains(a.Why, tt.says) {
				t.Errorf("got %q, want %q", a.Why, tt.says)
			}
			if a.Anew != strings.Contains(tt.says, "the ids of") || a.Strange != strings.Contains(tt.says, "called") {
				t.Errorf("got %+v", a)
			}
			g := After(tt.shift, a)
			if tripped := g.Tripped.Equal(now); tripped != (a.Why != "") || tripped && g.Why != a.Why || g.Changed.Equal(now) != a.Anew {
				t.Errorf("the guard after it is %+v", g)
			}
		})
	}
}

// TestAnotherFeedIsNotTheSourcesOwnUntilItsTitleIsBack (T-35).
func TestAnotherFeedIsNotTheSourcesOwnUntilItsTitleIsBack(t *testing.T) {
	g, now := feed.Guard{}, at("2026-11-22 12:00:00")
	title := "Gulf Wire"
	for i, step := range []struct {
		is    string
		v     Verdict
		trips bool
	}{
		{"Gulf Wire", body(5, 0, 0, 0, 1), false},
		{"For sale", body(0, 0, 0, 0, 1), true},
		{"For sale", body(1, 0, 0, 0, 0), false}, // nothing new in it
		{"For sale", body(1, 0, 0, 0, 2), true},
		{"Gulf Wire", body(5, 0, 0, 0, 1), false},
		{"Gulf Wire", body(0, 0, 0, 0, 6), false},
	} {
		was := title
		if g.Was != "" {
			was = g.Was
		}
		s := Shift{Guard: g, Verdict: step.v, Was: was, Is: step.is, Now: now, Last: now.Add(-time.Hour)}
		a := Trip(s)
		g, now = After(s, a), now.Add(time.Hour)
		if g.Was == "" {
			title = step.is
		}
		if (a.Why != "") != step.trips || (g.Was == "Gulf Wire") != (step.is == "For sale") {
			t.Errorf("step %d: %+v, %+v", i, a, g)
		}
	}
}

// TestTheGuardLearnsWhatIsUsual: a held batch does not make the next one usual.
func TestTheGuardLearnsWhatIsUsual(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	g := feed.Guard{}
	for i, step := range []struct {
		fresh, largest, today int
		trips                 bool
	}{
		{8, 8, 8, false}, {3, 8, 11, false}, {40, 40, 51, false}, {201, 40, 51, true}, {200, 200, 251, false},
	} {
		now = now.Add(time.Hour)
		s := Shift{Guard: g, Verdict: body(5, 0, 0, 0, step.fresh), Last: now.Add(-time.Hour), Now: now}
		a := Trip(s)
		g = After(s, a)
		if (a.Why != "") != step.trips || g.Largest != step.largest || g.Today != step.today {
			t.Errorf("step %d: %+v, %+v", i, a, g)
		}
	}
	s := Shift{Guard: g, Verdict: body(5, 0, 0, 0, 2), Last: now, Now: now.Add(24 * time.Hour)}
	if g = After(s, Alarm{}); g.Today != 2 {
		t.Errorf("a day later it counts %d", g.Today)
	}
}

// TestGuidsThatAreNoneAreGivenUp (T-22): after three polls in a row, and for good.
func TestGuidsThatAreNoneAreGivenUp(t *testing.T) {
	tests := map[string]struct {
		polls []Verdict
		want  feed.KeyKind
	}{
		"a relaunch is one poll":          {[]Verdict{body(0, 20, 0, 0, 0), body(20, 0, 0, 0, 0), body(0, 20, 0, 0, 0), body(20, 0, 0, 0, 0), body(0, 20, 0, 0, 0)}, ""},
		"guids":                           {[]Verdict{body(0, 20, 0, 0, 1), body(0, 18, 0, 0, 2), body(0, 20, 0, 0, 0)}, feed.KeyLink},
		"guids, and texts too":            {[]Verdict{body(0, 0, 20, 0, 1), body(0, 0, 18, 0, 2), body(0, 0, 20, 0, 0)}, feed.KeyLink},
		"guids, but for one pinned item":  {[]Verdict{body(1, 19, 0, 0, 1), body(1, 18, 0, 0, 2), body(1, 20, 0, 0, 0)}, feed.KeyLink},
		"guids and links":                 {[]Verdict{body(0, 0, 0, 20, 1), body(0, 0, 0, 18, 2), body(0, 0, 0, 20, 0)}, feed.KeyText},
		"a pause between changes nothing": {[]Verdict{body(0, 20, 0, 0, 0), body(0, 20, 0, 0, 0), {}, body(0, 20, 0, 0, 0)}, feed.KeyLink},
		"it does not go back":             {[]Verdict{body(0, 20, 0, 0, 0), body(0, 20, 0, 0, 0), body(0, 20, 0, 0, 0), body(20, 0, 0, 0, 0), body(20, 0, 0, 0, 0), body(20, 0, 0, 0, 0)}, feed.KeyLink},
		"links later":                     {[]Verdict{body(0, 20, 0, 0, 0), body(0, 20, 0, 0, 0), body(0, 20, 0, 0, 0), body(0, 0, 0, 20, 0), body(0, 0, 0, 20, 0), body(0, 0, 0, 20, 0)}, feed.KeyText},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g, now := feed.Guard{}, at("2026-11-22 12:00:00")
			for _, v := range tt.polls {
				s := Shift{Guard: g, Verdict: v, Now: now, Last: now.Add(-time.Hour)}
				g = After(s, Trip(s))
				now = now.Add(time.Hour)
			}
			if g.By != tt.want {
				t.Errorf("recognised by %q, want %q: %+v", g.By, tt.want, g)
			}
		})
	}
}

// TestAGuessIsUniqueOnBothSides: an item may be an entry that its link or text
// finds only if neither could mean another one.
func TestAGuessIsUniqueOnBothSides(t *testing.T) {
	guid := func(v string) feed.Key { return feed.Key{Kind: feed.KeyGUID, Value: v} }
	link := func(v string) feed.Key { return feed.Key{Kind: feed.KeyLink, Value: v} }
	text := func(v string) feed.Key { return feed.Key{Kind: feed.KeyText, Value: v} }
	brief := func(v string) feed.Key { return feed.Key{Kind: feed.KeyBrief, Value: v} }
	item := func(keys ...feed.Key) Listed {
		return Listed{Item: feed.Item{Title: feed.Plain(fmt.Sprint(keys))}, Identity: feed.Identity{Original: keys[0].Value, Keys: keys, Hash: "new"}}
	}
	known := map[feed.Key]feed.Known{
		guid("old"): {Entry: 1, Hash: "old"}, link("a"): {Entry: 1}, text("A"): {Entry: 1},
		link("b"): {Entry: 2}, brief("B"): {Entry: 2},
		link("many"): {Entry: 3, Shared: true}, text("gone"): {Retired: true},
	}
	tests := map[string]struct {
		items []Listed
		want  []int64 // guesses, in order
	}{
		"by link":                                 {[]Listed{item(guid("x"), link("a"), text("X"))}, []int64{1}},
		"by text":                                 {[]Listed{item(guid("x"), link("x"), text("A"))}, []int64{1}},
		"by hardly any text":                      {[]Listed{item(guid("x"), link("x"), brief("B"))}, []int64{2}},
		"link before text":                        {[]Listed{item(guid("x"), link("b"), text("A"))}, []int64{2}},
		"by nothing":                              {[]Listed{item(guid("x"), link("x"), text("X"))}, []int64{0}},
		"the entry is listed itself":              {[]Listed{item(guid("old"), link("q")), item(guid("x"), link("a"), text("X"))}, []int64{0, 0}},
		"two items may be it":                     {[]Listed{item(guid("x"), link("a"), text("X")), item(guid("y"), link("y"), text("A"))}, []int64{0, 0}},
		"several entries came with the link":      {[]Listed{item(guid("x"), link("many"), text("X"))}, []int64{0}},
		"a retired key finds nothing":             {[]Listed{item(guid("x"), link("x"), text("gone"))}, []int64{0}},
		"one guess does not keep another from it": {[]Listed{item(guid("x"), link("a")), item(guid("y"), link("b"))}, []int64{1, 2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := Decide(tt.items, known)
			if len(v.Choices) != len(tt.want) {
				t.Fatalf("choices %+v", v.Choices)
			}
			for i, c := range v.Choices {
				if c.Guess != tt.want[i] {
					t.Errorf("item %d may be %d, want %d", i, c.Guess, tt.want[i])
				}
			}
			for i, c := range v.Believe(feed.KeyLink, feed.KeyText, feed.KeyBrief).Choices {
				if tt.want[i] != 0 && (c.Row != tt.want[i] || v.Choices[i].Row != 0) {
					t.Errorf("believed, item %d is %d, and was %d", i, c.Row, v.Choices[i].Row)
				}
			}
		})
	}
}

// TestABriefTextTellsBesideALink: title and text are compared however short they
// are, where the link is the same.
func TestABriefTextTellsBesideALink(t *testing.T) {
	keys := []feed.Key{{Kind: feed.KeyGUID, Value: "new"}, {Kind: feed.KeyLink, Value: "a"}, {Kind: feed.KeyBrief, Value: "B"}}
	items := []Listed{{Identity: feed.Identity{Original: "new", Keys: keys, Hash: "h"}}}
	v := Decide(items, map[feed.Key]feed.Known{keys[1]: {Entry: 7}, keys[2]: {Entry: 7}})
	if len(v.Choices) != 1 || v.Choices[0].Row != 7 || v.Renamed != 1 {
		t.Errorf("got %+v", v)
	}
	if v = Decide(items, map[feed.Key]feed.Known{keys[1]: {Entry: 7}, keys[2]: {Entry: 8}}); v.Choices[0].Row != 0 {
		t.Errorf("another text: got %+v", v)
	}
}

// TestWhatANewSourceMayPublish (first).
func TestWhatANewSourceMayPublish(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	number := func(n int) *int { return &n }
	arrivals := func() (out []feed.Arrival) {
		for i := range 15 {
			a := feed.Arrival{Members: []feed.Membership{{Section: "world"}}}
			a.Entry.SortAt = now.Add(-time.Duration(i) * time.Hour)
			if i%2 == 1 {
				a.Members = []feed.Membership{{Section: "new"}}
			}
			if i == 14 {
				a.Row = 7 // known before
			}
			out = append(out, a)
		}
		return out
	}
	read := map[string]bool{"world": true}
	tests := map[string]struct {
		first   *int
		shown   int
		settled map[string]bool
		back    []int // which are kept back
	}{
		"a new paper":                  {nil, 0, nil, nil},
		"a section that people read":   {nil, 0, read, []int{10, 12}},
		"all of it":                    {number(1 << 30), 0, read, nil},
		"three, whatever the sections": {number(3), 0, nil, []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}},
		"nothing of what was before":   {number(0), 0, read, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}},
		"after another of its feeds":   {nil, 8, read, []int{2, 4, 6, 8, 10, 12}},
		"more than the default":        {number(12), 0, read, []int{12, 13}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			list := arrivals()
			keepBack(list, tt.first, tt.shown, tt.settled)
			var back []int
			for i, a := range list {
				if a.Standing == feed.Backlog && a.Why != "" {
					back = append(back, i)
				}
			}
			if fmt.Sprint(back) != fmt.Sprint(tt.back) {
				t.Errorf("kept back %v, want %v", back, tt.back)
			}
		})
	}
}

// TestATextThatFlapsIsUpdatedOnceAnHour (T-24).
func TestATextThatFlapsIsUpdatedOnceAnHour(t *testing.T) {
	start := at("2026-11-22 12:00:00")
	e := feed.Entry{Digest: "0", Published: start, Updated: start}
	moves, last := 0, e.Updated
	for i := 1; i <= 1000; i++ {
		now := start.Add(time.Duration(i) * time.Minute)
		after := e
		after.Digest = fmt.Sprint(i)
		e = Settle(e, e, after, now)
		if !e.Updated.Equal(last) {
			if moves > 0 && e.Updated.Sub(last) < time.Hour {
				t.Fatalf("updated at %v and at %v", last, e.Updated)
			}
			moves, last = moves+1, e.Updated
		}
	}
	if moves != 17 { // the first correction counts at once
		t.Errorf("1,000 changes in as many minutes count as %d updates", moves)
	}
}

// TestWhatAFeedAlwaysDoesIsNoFlood: lists that are all new each day, or long ones,
// are held once and then are the feed's way.
func TestWhatAFeedAlwaysDoesIsNoFlood(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	g := feed.Guard{}
	for day := range 5 {
		s := Shift{Guard: g, Verdict: body(0, 0, 0, 0, 30), Dates: dated(30, now, 0), Now: now, Last: now.Add(-24 * time.Hour)}
		a := Trip(s)
		if (a.Why != "") != (day == 0) || a.Anew {
			t.Errorf("day %d of a list that is all new: %+v", day, a)
		}
		g, now = After(s, a), now.Add(24*time.Hour)
	}
	if !g.Changed.IsZero() {
		t.Errorf("no id of it was made anew: %+v", g)
	}
}

// TestAGuardFromAWrongClock: nothing of it lies ahead.
func TestAGuardFromAWrongClock(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	ahead := now.Add(365 * 24 * time.Hour)
	g := sane(feed.Guard{Tripped: ahead, Changed: ahead, Day: ahead, Today: 7}, now)
	if !g.Tripped.Equal(now) || !g.Changed.Equal(now) || !g.Day.Equal(now) || g.Today != 7 {
		t.Errorf("got %+v", g)
	}
}
