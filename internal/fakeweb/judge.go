package fakeweb

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Score is how a client treated one URL, or several together.
type Score struct {
	URL           string
	Requests      int
	Unconditional int           // carried no validator
	Forgetful     int           // of these: although the last good answer had one
	Stale         int           // carried validators that were sent once, but not those of the last good answer
	Invented      int           // carried a validator that was never sent for this URL
	NotModified   int           // were answered 304
	Failed        int           // were answered 4xx or 5xx, or not at all
	ShortestGap   time.Duration // from start to start, if Requests is more than 1
	InHold        int           // came before the Retry-After of a 429 or 503 of their host was over
	Cookies       int           // carried a cookie
	Referers      int           // carried a Referer
	AddedQueries  int           // had a query that the URL does not have
	UserAgents    []string      // each once, sorted
	Bytes         int64         // of the bodies sent
	First, Last   time.Time     // starts of requests
}

// Judge gives the score of each URL of a log, by URL. The log must be in the
// order of starts. urls are the addresses that a client was told to ask: a
// request for one of them with a query added counts for it. If urls is empty,
// each path was to be asked with the query that it was first asked with. What a
// redirect led to is a URL of its own.
func Judge(log []Request, urls ...string) []Score {
	j := NewJudge(urls...)
	for _, r := range log {
		j.Add(r)
	}
	return j.Scores()
}

// Bench judges a log piece by piece, and remembers of it only what the verdict
// needs. It is not safe for concurrent use.
type Bench struct {
	urls  map[string]bool
	first map[string]string // by URL without query: the one that was asked first
	cases map[string]*dossier
	holds map[string]time.Time // by host
	sent  map[string]bool      // URLs that redirects led to
}

// NewJudge is a Bench that has heard nothing; urls are as for Judge.
func NewJudge(urls ...string) *Bench {
	b := &Bench{urls: map[string]bool{}, first: map[string]string{}, cases: map[string]*dossier{},
		holds: map[string]time.Time{}, sent: map[string]bool{}}
	for _, u := range urls {
		b.urls[u] = true
	}
	return b
}

// dossier is what is known of one URL.
type dossier struct {
	Score
	etag, modified string          // of the last good answer
	sent           map[string]bool // every validator that was ever sent
}

// Add hears the next request of a log.
func (b *Bench) Add(r Request) {
	asked, added := b.asked(r)
	d := b.cases[asked]
	if d == nil {
		d = &dossier{Score: Score{URL: asked, First: r.Start}, sent: map[string]bool{}}
		b.cases[asked] = d
	}
	if added {
		d.AddedQueries++
	}
	if r.Start.Before(b.holds[r.Host]) {
		d.InHold++
	}
	d.hear(r)
	if to := target(r); to != "" && !b.urls[to] {
		b.sent[to] = true
	}
	if until := retryAfter(r); until.After(b.holds[r.Host]) {
		b.holds[r.Host] = until
	}
}

// asked is the URL that r counts for, and whether r added a query to it.
func (b *Bench) asked(r Request) (asked string, added bool) {
	url := r.URL()
	if b.sent[url] {
		return url, false
	}
	path, query, _ := strings.Cut(url, "?")
	if len(b.urls) == 0 {
		if _, known := b.first[path]; !known {
			b.first[path] = url
		}
		if query == "" {
			return url, false
		}
		return b.first[path], b.first[path] != url
	}
	if b.urls[url] || query == "" {
		return url, false
	}
	for parts := strings.Split(query, "&"); len(parts) > 0; parts = parts[:len(parts)-1] {
		if shorter := path + "?" + strings.Join(parts, "&"); b.urls[shorter] {
			return shorter, true
		}
	}
	if b.urls[path] {
		return path, true
	}
	return url, false
}

// hear adds one request to the score of its URL.
func (d *dossier) hear(r Request) {
	if gap := r.Start.Sub(d.Last); d.Requests > 0 && (d.Requests == 1 || gap < d.ShortestGap) {
		d.ShortestGap = gap
	}
	d.Requests++
	d.Last, d.Bytes = r.Start, d.Bytes+r.Bytes
	d.hearValidators(r)
	if r.Header.Get("Cookie") != "" {
		d.Cookies++
	}
	if r.Header.Get("Referer") != "" {
		d.Referers++
	}
	if agent := r.Header.Get("User-Agent"); !slices.Contains(d.UserAgents, agent) {
		d.UserAgents = append(d.UserAgents, agent)
		slices.Sort(d.UserAgents)
	}
	switch {
	case r.Status == http.StatusNotModified:
		d.NotModified++
	case r.Status == 0 || r.Status >= http.StatusBadRequest:
		d.Failed++
	}
}

// hearValidators compares the validators of r with those sent before, and keeps
// those that it was answered with.
func (d *dossier) hearValidators(r Request) {
	etag, modified := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
	switch {
	case etag == "" && modified == "":
		d.Unconditional++
		if d.etag != "" || d.modified != "" {
			d.Forgetful++
		}
	case etag != "" && !d.sent[etag] || modified != "" && !d.sent[modified]:
		d.Invented++
	case etag != d.etag || modified != d.modified:
		d.Stale++
	}
	switch r.Status {
	case http.StatusOK:
		d.etag, d.modified = r.Sent.Get("ETag"), r.Sent.Get("Last-Modified")
	case http.StatusNotModified: // refreshes what it carries (RFC 9111 §4.3.4)
		if v := r.Sent.Get("ETag"); v != "" {
			d.etag = v
		}
		if v := r.Sent.Get("Last-Modified"); v != "" {
			d.modified = v
		}
	}
	d.sent[d.etag], d.sent[d.modified] = true, true
}

// Scores gives the score of each URL so far, by URL.
func (b *Bench) Scores() []Score {
	var scores []Score
	for _, url := range slices.Sorted(maps.Keys(b.cases)) {
		s := b.cases[url].Score
		s.UserAgents = slices.Clone(s.UserAgents)
		scores = append(scores, s)
	}
	return scores
}

// Sum is several scores as one, without a URL.
func Sum(scores ...Score) Score {
	var sum Score
	gap := false // one was found
	for _, s := range scores {
		if s.Requests > 1 && (!gap || s.ShortestGap < sum.ShortestGap) {
			sum.ShortestGap, gap = s.ShortestGap, true
		}
		if s.Requests > 0 && (sum.Requests == 0 || s.First.Before(sum.First)) {
			sum.First = s.First
		}
		if s.Last.After(sum.Last) {
			sum.Last = s.Last
		}
		sum.Requests += s.Requests
		sum.Unconditional += s.Unconditional
		sum.Forgetful += s.Forgetful
		sum.Stale += s.Stale
		sum.Invented += s.Invented
		sum.NotModified += s.NotModified
		sum.Failed += s.Failed
		sum.InHold += s.InHold
		sum.Cookies += s.Cookies
		sum.Referers += s.Referers
		sum.AddedQueries += s.AddedQueries
		sum.Bytes += s.Bytes
		sum.UserAgents = append(sum.UserAgents, s.UserAgents...)
	}
	slices.Sort(sum.UserAgents)
	sum.UserAgents = slices.Compact(sum.UserAgents)
	return sum
}

// target is where r was sent by a redirect; empty if it was not.
func target(r Request) string {
	base, err := url.Parse(r.URL())
	if err != nil || r.Status < 300 || r.Status > 399 || r.Sent.Get("Location") == "" {
		return ""
	}
	to, err := base.Parse(r.Sent.Get("Location"))
	if err != nil {
		return ""
	}
	return to.String()
}

// retryAfter is until when r was told to wait; zero if it was not.
func retryAfter(r Request) time.Time {
	if r.Status != http.StatusTooManyRequests && r.Status != http.StatusServiceUnavailable {
		return time.Time{}
	}
	value := r.Sent.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return r.Start.Add(time.Duration(seconds) * time.Second)
	}
	until, _ := http.ParseTime(value) // the zero time if it is none
	return until
}

// rushWindow is the stretch in which requests are a rush.
const rushWindow = time.Minute

// Busiest is how many requests of a log began within any one minute from from
// until to, at most, and how many did in a minute on average.
func Busiest(log []Request, from, to time.Time) (most int, mean float64) {
	var starts []time.Time
	for _, r := range log {
		if !r.Start.Before(from) && r.Start.Before(to) {
			starts = append(starts, r.Start)
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	first := 0
	for i, t := range starts {
		for t.Sub(starts[first]) >= rushWindow {
			first++
		}
		most = max(most, i-first+1)
	}
	if to.After(from) {
		mean = float64(len(starts)) / to.Sub(from).Minutes()
	}
	return most, mean
}
