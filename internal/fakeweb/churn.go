package fakeweb

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Churn is what an origin does to the articles it lists before they are read: a
// pure function of the time and the articles. It may change list in place.
type Churn func(now time.Time, list []Article) []Article

// From lets churn begin at a moment.
func From(at time.Time, churn Churn) Churn {
	return func(now time.Time, list []Article) []Article {
		if now.Before(at) {
			return list
		}
		return churn(now, list)
	}
}

// eachly is a churn that changes every article by itself.
func eachly(change func(now time.Time, a *Article)) Churn {
	return func(now time.Time, list []Article) []Article {
		for i := range list {
			change(now, &list[i])
		}
		return list
	}
}

// Churns are the modes below by name, for a mix of them.
func Churns() map[string]Churn {
	return map[string]Churn{
		"new-guids": NewGUIDs(), "no-guids": NoGUIDs(), "same-guids": SameGUIDs(), "restamped": Restamped(),
		"https": HTTPS(), "cms-move": CMSMove(), "link-move": LinkMove(), "edited": Edited(),
		"shuffled": Shuffled(), "oldest-first": OldestFirst(), "dateless": Dateless(),
	}
}

// NewGUIDs gives every article another guid in each answer.
func NewGUIDs() Churn {
	return eachly(func(now time.Time, a *Article) {
		a.GUID = fmt.Sprintf("urn:item:%x", number(a.Mark, now.Format(time.RFC3339Nano)))
	})
}

// NoGUIDs leaves all guids out.
func NoGUIDs() Churn { return eachly(func(_ time.Time, a *Article) { a.GUID = "" }) }

// SameGUIDs gives all articles one guid.
func SameGUIDs() Churn { return eachly(func(_ time.Time, a *Article) { a.GUID = "urn:item:0" }) }

// Restamped dates every article now, in each answer.
func Restamped() Churn {
	return eachly(func(now time.Time, a *Article) { a.Published = now.UTC().Truncate(time.Second) })
}

// HTTPS turns http into https in every link and guid.
func HTTPS() Churn {
	return eachly(func(_ time.Time, a *Article) {
		a.Link = strings.Replace(a.Link, "http://", "https://", 1)
		a.GUID = strings.Replace(a.GUID, "http://", "https://", 1)
	})
}

// CMSMove is another content management system: guid and link are new ones,
// title, text and date are what they were.
func CMSMove() Churn {
	return func(now time.Time, list []Article) []Article {
		for i := range list {
			list[i].GUID = fmt.Sprintf("urn:story:%x", number(list[i].Mark, "cms"))
		}
		return LinkMove()(now, list)
	}
}

// LinkMove gives every article another link, under the same host.
func LinkMove() Churn {
	return eachly(func(_ time.Time, a *Article) {
		if u, err := url.Parse(a.Link); err == nil { // the newsroom made it
			a.Link = u.Scheme + "://" + u.Host + fmt.Sprintf("/stories/%x.html", number(a.Mark, "link"))
		}
	})
}

// Edited changes every text in each answer, as a counter of readers does.
func Edited() Churn {
	return eachly(func(now time.Time, a *Article) {
		a.Text += fmt.Sprintf("<p>Read %d times.</p>", 1+number(a.Mark, now.Format(time.RFC3339Nano))%100_000)
	})
}

// Shuffled lists the articles in another order in each answer.
func Shuffled() Churn {
	return func(now time.Time, list []Article) []Article {
		dice := rand.New(rand.NewPCG(uint64(now.UnixNano()), uint64(len(list))))
		dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list
	}
}

// OldestFirst lists the oldest article first.
func OldestFirst() Churn {
	return func(_ time.Time, list []Article) []Article {
		slices.Reverse(list)
		return list
	}
}

// Dateless leaves all dates out.
func Dateless() Churn { return eachly(func(_ time.Time, a *Article) { a.Published = time.Time{} }) }

// number is a number that follows from words and looks like chance.
func number(words ...string) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w + "\n")) // never fails
	}
	return h.Sum64()
}
