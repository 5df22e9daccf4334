package fakeweb_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/fakeweb"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// poll is one request an hour after the last, as a polite client sends it.
func poll(hour int, change func(*fakeweb.Request)) fakeweb.Request {
	r := fakeweb.Request{Method: "GET", Scheme: "http", Host: "gulf.example", Path: "/feed.xml",
		Header: http.Header{"User-Agent": {"Reader/1.0"}}, Status: 304,
		Sent:  http.Header{"Etag": {`"a"`}},
		Start: noon.Add(time.Duration(hour) * time.Hour), Bytes: 10}
	if hour == 0 {
		r.Status, r.Sent = 200, http.Header{"Etag": {`"a"`}, "Last-Modified": {"then"}}
	} else {
		r.Header.Set("If-None-Match", `"a"`)
		r.Header.Set("If-Modified-Since", "then")
	}
	if change != nil {
		change(&r)
	}
	r.End = r.Start.Add(time.Second)
	return r
}

// polite is the score of five polls without a fault (E-2).
func polite() fakeweb.Score {
	return fakeweb.Score{URL: "http://gulf.example/feed.xml", Requests: 5, Unconditional: 1, NotModified: 4,
		ShortestGap: time.Hour, UserAgents: []string{"Reader/1.0"}, Bytes: 50, First: noon, Last: noon.Add(4 * time.Hour)}
}

// TestTheJudgeFindsEachFault: five polls, the third or fourth of which has one
// fault; the score differs from a polite client's by that fault alone.
func TestTheJudgeFindsEachFault(t *testing.T) {
	header := func(name, value string) func(*fakeweb.Request) {
		return func(r *fakeweb.Request) {
			r.Header.Set(name, value)
			if value == "" {
				r.Header.Del(name)
			}
		}
	}
	for _, tc := range []struct {
		name   string
		third  func(*fakeweb.Request)
		fourth func(*fakeweb.Request)
		differ func(*fakeweb.Score)
	}{
		{name: "none", differ: func(*fakeweb.Score) {}},
		{name: "validators forgotten",
			third: func(r *fakeweb.Request) {
				header("If-None-Match", "")(r)
				header("If-Modified-Since", "")(r)
			},
			differ: func(s *fakeweb.Score) { s.Unconditional, s.Forgetful = 2, 1 }},
		{name: "only one of two validators", third: header("If-Modified-Since", ""),
			differ: func(s *fakeweb.Score) { s.Stale = 1 }},
		{name: "validator made up", third: header("If-Modified-Since", "now"),
			differ: func(s *fakeweb.Score) { s.Invented = 1 }},
		{name: "validator without its quotes (H-1)", third: header("If-None-Match", "a"),
			differ: func(s *fakeweb.Score) { s.Invented = 1 }},
		{name: "old validators after a change",
			third: func(r *fakeweb.Request) {
				r.Status, r.Sent = 200, http.Header{"Etag": {`"b"`}, "Last-Modified": {"then"}}
			},
			fourth: func(r *fakeweb.Request) { r.Sent = http.Header{"Etag": {`"a"`}} },
			differ: func(s *fakeweb.Score) { s.Stale, s.NotModified = 1, 3 }},
		{name: "old validators after a 304 brought a new one (H-2)",
			third:  func(r *fakeweb.Request) { r.Sent = http.Header{"Last-Modified": {"later"}} },
			fourth: func(r *fakeweb.Request) { r.Sent = http.Header{"Last-Modified": {"then"}} },
			differ: func(s *fakeweb.Score) { s.Stale = 1 }},
		{name: "too early", third: func(r *fakeweb.Request) { r.Start = r.Start.Add(-15 * time.Minute) },
			differ: func(s *fakeweb.Score) { s.ShortestGap = 45 * time.Minute }},
		{name: "cookie", third: header("Cookie", "a=b"), differ: func(s *fakeweb.Score) { s.Cookies = 1 }},
		{name: "referer", third: header("Referer", "http://a.example/"), differ: func(s *fakeweb.Score) { s.Referers = 1 }},
		{name: "query added", third: func(r *fakeweb.Request) { r.Path += "?t=1" },
			differ: func(s *fakeweb.Score) { s.AddedQueries = 1 }},
		{name: "another name", third: header("User-Agent", "Mozilla/5.0"),
			differ: func(s *fakeweb.Score) { s.UserAgents = []string{"Mozilla/5.0", "Reader/1.0"} }},
		{name: "no name", third: header("User-Agent", ""),
			differ: func(s *fakeweb.Score) { s.UserAgents = []string{"", "Reader/1.0"} }},
		{name: "held in seconds, asked in between (H-4)",
			third:  func(r *fakeweb.Request) { r.Status, r.Sent = 503, http.Header{"Retry-After": {"3601"}} },
			differ: func(s *fakeweb.Score) { s.InHold, s.Failed, s.NotModified = 1, 1, 3 }},
		{name: "held until a date, asked in between (H-4)",
			third: func(r *fakeweb.Request) {
				until := noon.Add(3*time.Hour + time.Second).Format(http.TimeFormat)
				r.Status, r.Sent = 429, http.Header{"Retry-After": {until}}
			},
			differ: func(s *fakeweb.Score) { s.InHold, s.Failed, s.NotModified = 1, 1, 3 }},
		{name: "held, and waited",
			third:  func(r *fakeweb.Request) { r.Status, r.Sent = 429, http.Header{"Retry-After": {"3600"}} },
			differ: func(s *fakeweb.Score) { s.Failed, s.NotModified = 1, 3 }},
		{name: "broken answer, which changes no validator", third: func(r *fakeweb.Request) { r.Status, r.Sent = 0, nil },
			differ: func(s *fakeweb.Score) { s.Failed, s.NotModified = 1, 3 }},
	} {
		log := []fakeweb.Request{poll(0, nil), poll(1, nil), poll(2, tc.third), poll(3, tc.fourth), poll(4, nil)}
		want := polite()
		tc.differ(&want)
		for _, urls := range [][]string{nil, {want.URL}} {
			if diff := cmp.Diff([]fakeweb.Score{want}, fakeweb.Judge(log, urls...)); diff != "" {
				t.Errorf("%s, told %v (-want +got):\n%s", tc.name, urls, diff)
			}
		}
	}
}

func TestTheJudgeTellsURLsApart(t *testing.T) {
	at := func(path string) fakeweb.Request {
		return poll(0, func(r *fakeweb.Request) { r.Path = path })
	}
	told := []string{"http://gulf.example/feed?section=1", "http://gulf.example/feed?section=2"}
	log := []fakeweb.Request{at("/feed?section=1"), at("/feed?section=2"), at("/feed?section=2&_=17"), at("/robots.txt")}
	var got []string
	for _, s := range fakeweb.Judge(log, told...) {
		got = append(got, fmt.Sprint(s.URL, " ", s.Requests, " ", s.AddedQueries))
	}
	want := []string{told[0] + " 1 0", told[1] + " 2 1", "http://gulf.example/robots.txt 1 0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAQueryThatARedirectBroughtIsNotAdded.
func TestAQueryThatARedirectBroughtIsNotAdded(t *testing.T) {
	log := []fakeweb.Request{
		poll(0, func(r *fakeweb.Request) { r.Status, r.Sent = 302, http.Header{"Location": {"?from=feed"}} }),
		poll(0, func(r *fakeweb.Request) { r.Path += "?from=feed" }),
		poll(1, func(r *fakeweb.Request) { r.Path += "?from=elsewhere" }),
	}
	for _, s := range fakeweb.Judge(log, "http://gulf.example/feed.xml") {
		want := map[string][2]int{"http://gulf.example/feed.xml": {2, 1}, "http://gulf.example/feed.xml?from=feed": {1, 0}}
		if got := [2]int{s.Requests, s.AddedQueries}; got != want[s.URL] {
			t.Errorf("%s: %d requests with %d queries added, want %d", s.URL, got[0], got[1], want[s.URL])
		}
	}
}

func TestASumHoldsAllFaults(t *testing.T) {
	a := fakeweb.Score{URL: "a", Requests: 2, Unconditional: 1, Forgetful: 2, Stale: 3, Invented: 4, NotModified: 5,
		Failed: 6, ShortestGap: time.Hour, InHold: 7, Cookies: 8, Referers: 9, AddedQueries: 10,
		UserAgents: []string{"A", "C"}, Bytes: 11, First: noon, Last: noon.Add(time.Hour)}
	b := fakeweb.Score{Requests: 2, ShortestGap: time.Minute, UserAgents: []string{"B", "C"},
		First: noon.Add(-time.Hour), Last: noon}
	once := fakeweb.Score{Requests: 1, First: noon, Last: noon} // has no gap
	want := a
	want.URL, want.Requests, want.ShortestGap = "", 5, time.Minute
	want.UserAgents, want.First = []string{"A", "B", "C"}, b.First
	for _, order := range [][]fakeweb.Score{{a, b, once}, {once, b, a}} {
		if diff := cmp.Diff(want, fakeweb.Sum(order...)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestTheBusiestMinuteIsAnyMinute (E-5), not one that a clock begins.
func TestTheBusiestMinuteIsAnyMinute(t *testing.T) {
	var log []fakeweb.Request
	for _, second := range []int{-1, 0, 55, 60, 65, 114, 115, 300, 600} {
		log = append(log, fakeweb.Request{Start: noon.Add(time.Duration(second) * time.Second)})
	}
	most, mean := fakeweb.Busiest(log, noon, noon.Add(10*time.Minute))
	if most != 4 || mean != 0.7 { // 55, 60, 65 and 114; not the ones before and at the end
		t.Errorf("got %d and %v, want 4 and 0.7", most, mean)
	}
	if most, mean := fakeweb.Busiest(nil, noon, noon); most != 0 || mean != 0 {
		t.Errorf("of nothing: %d and %v", most, mean)
	}
}

// TestARealLogIsJudged: what the judge needs is in the log of a web.
func TestARealLogIsJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		room := fakeweb.Newsroom{Start: time.Now(), Every: 150 * time.Minute}
		w.HandlePage("gulf.example", "/feed.xml", room.Handler(nil))
		var validators []string
		for range 6 {
			res, _ := get(t, c, "http://gulf.example/feed.xml", append(validators, "User-Agent", "Reader/1.0")...)
			if res.StatusCode == 200 {
				validators = []string{"If-None-Match", res.Header.Get("ETag"),
					"If-Modified-Since", res.Header.Get("Last-Modified")}
			}
			time.Sleep(time.Hour)
		}
		score := fakeweb.Judge(w.Log())[0]
		if score.Bytes == 0 {
			t.Error("no bytes were counted")
		}
		want := fakeweb.Score{URL: "http://gulf.example/feed.xml", Requests: 6, Unconditional: 1, NotModified: 4 - 1,
			ShortestGap: time.Hour, UserAgents: []string{"Reader/1.0"}, Bytes: score.Bytes,
			First: score.First, Last: score.First.Add(5 * time.Hour)}
		if diff := cmp.Diff(want, score); diff != "" {
			t.Error(diff)
		}
		if got := len(w.Take()); got != 6 || len(w.Log()) != 0 {
			t.Errorf("%d requests were taken, %d left", got, len(w.Log()))
		}
	})
}

// TestTakeLeavesWhatIsUnderWay and what came after it, so that the order is kept.
func TestTakeLeavesWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		w.HandlePage("a.example", "/", fakeweb.Status(200))
		w.HandlePage("a.example", "/slow", fakeweb.Slow(time.Minute, fakeweb.Status(200)))
		get(t, c, "http://a.example/")
		done := make(chan error)
		go func() {
			res, err := c.Get("http://a.example/slow")
			if err == nil {
				err = res.Body.Close()
			}
			done <- err
		}()
		synctest.Wait()
		get(t, c, "http://a.example/")
		if taken, left := len(w.Take()), len(w.Log()); taken != 1 || left != 2 || w.Pending() != 1 {
			t.Errorf("taken %d, left %d, pending %d", taken, left, w.Pending())
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if taken, left := len(w.Take()), len(w.Log()); taken != 2 || left != 0 || w.Pending() != 0 {
			t.Errorf("later: taken %d, left %d, pending %d", taken, left, w.Pending())
		}
	})
}
