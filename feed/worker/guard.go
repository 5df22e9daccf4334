package worker

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"broadsheet/feed"
)

// The guard keeps old articles from being announced as new ones: when a source
// makes its ids anew, stamps everything with today's date, or is another one all
// of a sudden. While it is tripped weaker signs are believed, and what they do not
// find either is held.
const (
	// usualBatch new articles at once are nothing strange for any source, and more
	// are only if they are over batchFactor times its largest batch so far.
	usualBatch  = 50
	batchFactor = 5
	// dailyMost is the most new articles a feed may bring in a day: the busiest
	// agencies stay below it.
	dailyMost = 2000
	// leastIDs is how many ids must have changed at once, beside others that did
	// not: some sources use one link for several articles.
	leastIDs = 3
	// leastTurned is how many articles must be new where nothing was seen before,
	// for their dates to tell anything.
	leastTurned = 3
	// oldNews: what is older than the last poll by so much was not written since.
	oldNews = 24 * time.Hour
	// oneStamp: articles whose dates lie within it were stamped by one run of a
	// program.
	oneStamp = 10 * time.Minute
	// leastStamped articles with one date are more than a busy minute brings.
	leastStamped = 5
	// maxHeld bounds what is held of one feed; what comes beyond is left out until
	// an operator decides or the ids are stable.
	maxHeld = 5000
	// strikesOut polls in a row with ids made anew: they are no ids.
	strikesOut = 3
)

// Shift is what the guard looks at: what a body means for what is stored, and
// what was usual before.
type Shift struct {
	Guard   feed.Guard
	Verdict Verdict
	Dates   []time.Time // own dates of the new items, as far as they have one
	Was, Is string      // the feed's title while it was its own, and now
	Last    time.Time   // start of the last good poll
	Now     time.Time
}

// news counts the new items, those of them that may be old ones, and those found
// by text alone.
func (s Shift) news() (fresh, guessed, byText int) {
	for _, c := range s.Verdict.Choices {
		if c.Row != 0 {
			continue
		}
		fresh++
		if c.Guess != 0 {
			guessed++
		}
		if c.Guess != 0 && c.By != feed.KeyLink {
			byText++
		}
	}
	return fresh, guessed, byText
}

// Alarm is why the guard tripped at a poll; the zero value if it did not.
type Alarm struct {
	Why     string // in words for an operator
	Anew    bool   // the feed's ids were made anew
	Strange bool   // another feed came in the place of the source's own
}

// Trip says why the new items of a body may be old ones, if anything speaks for
// it. It is not for a feed's first poll.
func Trip(s Shift) Alarm {
	fresh, guessed, _ := s.news()
	if fresh == 0 {
		return Alarm{}
	}
	v := s.Verdict
	again := v.Renamed + guessed
	switch most := max(usualBatch, batchFactor*s.Guard.Largest); {
	case guessed > 0 && v.Firm == 0 && again >= 2 && 2*again >= v.Renamed+fresh,
		guessed >= leastIDs && 2*guessed >= fresh:
		return Alarm{Anew: true, Strange: s.Guard.Was != "" && s.other(),
			Why: fmt.Sprintf("the ids of %d of its %d articles changed at once", again, v.Firm+v.Renamed+fresh)}
	case s.other():
		return Alarm{Strange: true, Why: fmt.Sprintf("another feed came back: it is called %q and was called %q", s.Is, s.Was)}
	case fresh > most:
		return Alarm{Why: fmt.Sprintf("it lists %d new articles at once, and more than %d are not to be expected", fresh, most)}
	case s.today()+fresh > dailyMost:
		return Alarm{Why: fmt.Sprintf("it brought more than %d new articles within a day", dailyMost)}
	}
	return Alarm{Why: s.turnover(fresh)}
}

// turnover says what speaks against a body of which nothing is known; empty if
// nothing does. Where that happened the last time too it is the feed's way: some
// list each day's articles and no others.
func (s Shift) turnover(fresh int) string {
	switch {
	case !s.turned() || s.Guard.Turns > 0:
		return ""
	case fresh >= leastTurned && mostly(s.Dates, fresh, func(at time.Time) bool { return s.Last.Sub(at) > oldNews }):
		return "nothing that it lists was seen before, and most of it is older than the last poll"
	case fresh >= leastStamped && len(s.Dates) == fresh && stamped(s.Dates):
		return "nothing that it lists was seen before, and all of it has one date"
	}
	return ""
}

// turned reports whether nothing that is listed is known by any sign.
func (s Shift) turned() bool {
	fresh, guessed, _ := s.news()
	return fresh > 0 && s.Verdict.Firm+s.Verdict.Renamed+guessed == 0
}

// other reports whether another feed came in the place of the source's own: under
// another title, and with nothing that is known by any sign. It stays so until the
// title is back, or an operator lets it go.
func (s Shift) other() bool { return s.strange() && (s.turned() || s.Guard.Was != "") }

// strange reports whether a feed has not a word in its title of the one before:
// a feed that is renamed keeps some, and the numbers in it say nothing.
func (s Shift) strange() bool {
	was, is := wordsOf(s.Was), wordsOf(s.Is)
	return len(was) > 0 && len(is) > 0 && !slices.ContainsFunc(is, func(w string) bool { return slices.Contains(was, w) })
}

// wordsOf are the words of a title in lower case, without those that have no
// letter in them. Of scripts that put no space between words it gives each two
// characters that stand together.
func wordsOf(title string) (words []string) {
	for _, w := range strings.Fields(strings.ToLower(title)) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		switch runes := []rune(w); {
		case !strings.ContainsFunc(w, unicode.IsLetter):
		case !strings.ContainsFunc(w, unspaced) || len(runes) < 2:
			words = append(words, w)
		default:
			for i := range len(runes) - 1 {
				words = append(words, string(runes[i:i+2]))
			}
		}
	}
	return words
}

// unspaced reports whether a letter is of a script that puts no space between
// words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// mostly reports whether more than half of all new items have a date for which
// test holds.
func mostly(dates []time.Time, all int, test func(time.Time) bool) bool {
	n := 0
	for _, at := range dates {
		if test(at) {
			n++
		}
	}
	return 2*n > all
}

// stamped reports whether dates lie so close together that one program wrote them.
func stamped(dates []time.Time) bool {
	first := slices.MinFunc(dates, time.Time.Compare)
	last := slices.MaxFunc(dates, time.Time.Compare)
	return last.Sub(first) <= oneStamp
}

// today is how many new articles came in the day that is being counted.
func (s Shift) today() int {
	if s.Now.Sub(s.Guard.Day) >= 24*time.Hour {
		return 0
	}
	return s.Guard.Today
}

// After is the guard after a poll that was not the feed's first, and at which it
// tripped or not.
func After(s Shift, a Alarm) feed.Guard {
	g := s.Guard
	fresh, _, _ := s.news()
	if g.Was = ""; s.other() {
		g.Was = s.Was
	}
	switch {
	case s.turned():
		g.Turns++
	case s.Verdict.Firm+s.Verdict.Renamed+fresh > 0:
		g.Turns = 0
	}
	if a.Anew {
		g.Changed = s.Now
	}
	if a.Why != "" {
		g.Tripped, g.Why = s.Now, a.Why
	} else {
		g.Largest = max(g.Largest, fresh)
		g.Today = s.today() + fresh
		if g.Today == fresh {
			g.Day = s.Now
		}
	}
	return distrust(g, s)
}

// sane is a guard without moments that lie ahead: a clock was wrong.
func sane(g feed.Guard, now time.Time) feed.Guard {
	for _, at := range []*time.Time{&g.Tripped, &g.Changed, &g.Day} {
		if at.After(now) {
			*at = now
		}
	}
	return g
}

// distrust counts polls whose ids were made anew, and gives up guids, and then
// links, that turned out to be none.
func distrust(g feed.Guard, s Shift) feed.Guard {
	_, guessed, byText := s.news()
	again := s.Verdict.Renamed + guessed
	switch {
	case again > s.Verdict.Firm:
		g.Strikes++
		if g.Blurs++; 2*byText < again {
			g.Blurs = 0
		}
	case s.Verdict.Firm > 0:
		g.Strikes, g.Blurs = 0, 0
	}
	switch {
	case g.Blurs >= strikesOut:
		g.By, g.Strikes, g.Blurs = feed.KeyText, 0, 0
	case g.Strikes >= strikesOut && g.By == "":
		g.By, g.Strikes = feed.KeyLink, 0
	}
	return g
}

// alert reports whether a guard tripped so lately that weak signs are believed.
func alert(g feed.Guard, now time.Time) bool {
	return !g.Tripped.IsZero() && now.Sub(g.Tripped) < feed.StableTime
}
