package fakeweb

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Newsroom is an invented outlet: an article appears every so often, and its feed
// lists the last few. What it says is a pure function of its fields and the
// time, so that a test can compute what was there to be found, and a restarted
// origin goes on where it was. The zero value of each field has a use.
type Newsroom struct {
	Host   string        // of its links, as in a URL; default newsroom.example
	Title  string        // of the feed; default made of Host
	Seed   uint64        // tells newsrooms apart: other words, other marks
	Start  time.Time     // when article 0 appeared, with none before; default long ago
	Every  time.Duration // between two articles; default an hour
	Window int           // how many the feed lists; default 20
	Format Format        // default RSS
	Churn  []Churn       // what goes wrong between the articles and the feed, in order
}

// Article is one article as its author knows it, before any churn.
type Article struct {
	Number    int    // counts up within a newsroom
	Mark      string // "SEED-NUMBER", unlike that of any other article; see Marks
	Title     string // holds the mark
	Text      string // HTML; holds the mark
	Link      string
	GUID      string
	Author    string
	Category  string
	Published time.Time // to the second; zero if the feed gives no date
}

const (
	defaultHost   = "newsroom.example"
	defaultEvery  = time.Hour
	defaultWindow = 20
)

// filled is n with its defaults.
func (n Newsroom) filled() Newsroom {
	if n.Host == "" {
		n.Host = defaultHost
	}
	if n.Title == "" {
		n.Title = "News of " + n.Host
	}
	if n.Every <= 0 {
		n.Every = defaultEvery
	}
	if n.Window <= 0 {
		n.Window = defaultWindow
	}
	if n.Start.IsZero() { // not all newsrooms write in the same second
		phase := number(strconv.FormatUint(n.Seed, 10)) % uint64(n.Every)
		n.Start = time.Unix(0, int64(phase)).UTC()
	}
	return n
}

// newest is the number of the last article at now; -1 if there is none yet. n is
// filled.
func (n Newsroom) newest(now time.Time) int {
	if now.Before(n.Start) {
		return -1
	}
	return int(now.Sub(n.Start) / n.Every)
}

// Appeared gives the articles that appeared after from and until to, oldest
// first.
func (n Newsroom) Appeared(from, to time.Time) []Article {
	n = n.filled()
	var list []Article
	for i := n.newest(from) + 1; i <= n.newest(to); i++ {
		list = append(list, n.article(i))
	}
	return list
}

// Listed gives the articles in the feed at now, newest first, as they are before
// any churn.
func (n Newsroom) Listed(now time.Time) []Article {
	n = n.filled()
	newest := n.newest(now)
	var list []Article
	for i := newest; i >= 0 && i > newest-n.Window; i-- {
		list = append(list, n.article(i))
	}
	return list
}

// Feed is the document at now, after all churn.
func (n Newsroom) Feed(now time.Time) []byte {
	n = n.filled()
	list := n.Listed(now)
	for _, churn := range n.Churn {
		list = churn(now, list)
	}
	return n.Format.render(n, list)
}

// Handler answers with the feed of the moment and with validators that change
// when its bytes do. clock is what it takes for the time; nil is time.Now.
func (n Newsroom) Handler(clock func() time.Time) http.Handler {
	if clock == nil {
		clock = time.Now
	}
	return &wire{room: n.filled(), clock: clock, number: -1}
}

// wire serves a newsroom's feed.
type wire struct {
	room  Newsroom
	clock func() time.Time

	mu     sync.Mutex
	number int // of the newest article in page
	page   *page
}

func (h *wire) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.current(h.clock()).ServeHTTP(w, r)
}

// current is the page at now. Without churn it is made anew only for a new
// article.
func (h *wire) current(now time.Time) *page {
	h.mu.Lock()
	defer h.mu.Unlock()
	number := h.room.newest(now)
	if h.page != nil && len(h.room.Churn) == 0 && number == h.number {
		return h.page
	}
	body := h.room.Feed(now)
	switch {
	case h.page == nil && number >= 0 && len(h.room.Churn) == 0: // the same after a restart
		h.page = newPage(h.room.Format.mediaType(), body, h.room.published(number))
	case h.page == nil || sha256.Sum256(body) != sha256.Sum256(h.page.body):
		h.page = newPage(h.room.Format.mediaType(), bytes.Clone(body), now)
	}
	h.number = number
	return h.page
}
