package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// visits is a source that notes how it is asked.
type visits struct {
	seen   []feed.Visit
	answer func(feed.Visit) (feed.Outcome, error)
}

func (v *visits) Poll(_ context.Context, _ feed.Gate, visit feed.Visit) (feed.Outcome, error) {
	v.seen = append(v.seen, visit)
	return v.answer(visit)
}

// ask polls the only feed of "gulf" again, as its last report left it.
func ask(t *testing.T, w *Worker, b *board, v *visits) feed.Report {
	t.Helper()
	claim := claimOf("gulf")
	if n := len(b.reports); n > 0 {
		last := b.reports[n-1]
		claim = last.Claim
		claim.First, claim.State, claim.History = claim.First && last.Failure != nil, last.State, last.History
		claim.Failures++
		if last.Failure == nil {
			claim.Failures, claim.Success, claim.Memo = 0, last.Started, last.Memo
		}
	}
	claim.Lease.Token = "gulf"
	b.leases[claim.Lease.Host] = claim.Lease
	job := w.Desk.beats["gulf"].feeds[claim.URL]
	job.source = v
	w.Desk.beats["gulf"].feeds[claim.URL] = job
	polled, receipt, err := w.poll(t.Context(), claim)
	if err != nil {
		t.Fatal(err)
	}
	w.tell(polled, receipt, err)
	return b.reports[len(b.reports)-1]
}

// TestASourceThatSaysNotModifiedForEverIsAskedForABody: H-8.
func TestASourceThatSaysNotModifiedForEverIsAskedForABody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		v := &visits{answer: func(v feed.Visit) (feed.Outcome, error) {
			memo := feed.Memo{ETag: `"1"`, LastModified: "then", Digest: "d"}
			if v.Memo.ETag != "" {
				return feed.Outcome{Status: feed.NotModified, Memo: memo}, nil
			}
			if v.Memo.Digest == "d" {
				return feed.Outcome{Status: feed.Unchanged, Memo: memo}, nil
			}
			o := found("Storm")
			o.Memo = memo
			return o, nil
		}}
		for range 30 * 24 {
			ask(t, w, b, v)
			time.Sleep(time.Hour)
		}
		var bare []int
		for i, seen := range v.seen {
			if (seen.Memo.ETag == "") != (seen.Memo.LastModified == "") {
				t.Fatalf("half of the validators: %+v", seen)
			}
			if seen.Memo.ETag == "" {
				bare = append(bare, i)
			}
		}
		// More than 8 days apart, hour by hour; the digest still saves the work.
		if diff := cmp.Diff([]int{0, 193, 386, 579}, bare); diff != "" {
			t.Errorf("asked without validators at (-want +got):\n%s", diff)
		}
		if len(b.stored) != 1 {
			t.Errorf("%d articles", len(b.stored))
		}
	})
}

// TestEachTransitionIsLoggedOnce: O-5, O-8.
func TestEachTransitionIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		var log bytes.Buffer
		w.Log = slog.New(slog.NewJSONHandler(&log, nil))
		kind := feed.KindUnknown
		v := &visits{answer: func(feed.Visit) (feed.Outcome, error) {
			if kind != "" {
				return feed.Outcome{}, &feed.Error{Kind: kind, Text: "the server\nanswered so"}
			}
			return feed.Outcome{Status: feed.NotModified}, nil
		}}
		var states []feed.State
		for _, part := range []struct {
			kind feed.Kind
			days int
		}{{"", 2}, {feed.KindServer, 3}, {feed.KindHeld, 1}, {feed.KindServer, 8}, {"", 1}, {feed.KindMissing, 1}, {feed.KindGone, 1}} {
			kind = part.kind
			for range part.days * 4 {
				states = append(states, ask(t, w, b, v).State)
				time.Sleep(6 * time.Hour)
			}
		}
		var got []string
		polls := 0
		for line := range strings.Lines(log.String()) {
			var m struct{ Msg, Level, From, To, Why string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			switch {
			case m.Msg == "poll" && m.Level == "INFO":
				polls++
			case m.Msg == "source state" && m.Why != "":
				got = append(got, m.Level+" "+m.From+" "+m.To)
			default:
				t.Errorf("an unexpected line: %s", line)
			}
		}
		want := []string{"INFO  ok", "INFO ok failing", "INFO failing held", "INFO held failing", "WARN failing stale",
			"INFO stale ok", "INFO ok failing", "WARN failing gone"}
		if diff := cmp.Diff(want, got); diff != "" || polls != len(states) {
			t.Errorf("%d of %d polls are told; transitions (-want +got):\n%s", polls, len(states), diff)
		}
	})
}

// TestAFeedThatIsGoneAtItsNewAddressIsTriedAtItsOldOne: H-5, H-7.
func TestAFeedThatIsGoneAtItsNewAddressIsTriedAtItsOldOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		const to = "http://new.example/feed"
		v := &visits{answer: func(v feed.Visit) (feed.Outcome, error) {
			return feed.Outcome{Status: feed.NotModified, Trace: feed.Trace{Permanent: to}}, nil
		}}
		for range 3 {
			ask(t, w, b, v)
			time.Sleep(12 * time.Hour)
		}
		v.answer = func(v feed.Visit) (feed.Outcome, error) {
			return feed.Outcome{}, &feed.Error{Kind: feed.KindGone, Text: "410"}
		}
		r := ask(t, w, b, v)
		if last := v.seen[3].URL; last != to || r.State != feed.StateFailing || r.Next.IsZero() || r.History.Move.To != "" {
			t.Errorf("%s was asked; it is %s, next %v, %+v", last, r.State, r.Next, r.History.Move)
		}
		r = ask(t, w, b, v)
		if last := v.seen[4].URL; last != front || r.State != feed.StateGone || !r.Next.IsZero() {
			t.Errorf("%s was asked; it is %s, next %v", last, r.State, r.Next)
		}
	})
}

func TestAMoveOntoAnUrlThatAnotherFeedMovedToIsNotMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		b.taken = "http://new.example/feed"
		v := &visits{answer: func(v feed.Visit) (feed.Outcome, error) {
			return feed.Outcome{Status: feed.NotModified, Trace: feed.Trace{Permanent: b.taken}}, nil
		}}
		for range 6 {
			if r := ask(t, w, b, v); r.History.Move.To != "" {
				t.Fatalf("it moved: %+v", r.History.Move)
			}
			time.Sleep(12 * time.Hour)
		}
	})
}

// TestTheRhythmIsOfNewArticlesByTheirOwnDates.
func TestTheRhythmIsOfNewArticlesByTheirOwnDates(t *testing.T) {
	now := at("2026-11-22 10:00:30")
	entry := func(row int64, published string, undated bool) feed.Arrival {
		return feed.Arrival{Row: row, Entry: feed.Entry{Published: at(published), Undated: undated}}
	}
	arrivals := []feed.Arrival{entry(0, "2026-11-22 09:00:10", false), entry(0, "2026-11-22 09:00:50", false),
		entry(7, "2026-11-21 09:00:00", false), entry(0, "2027-01-01 00:00:00", false), entry(0, "2026-11-22 10:00:30", true)}
	minutes := func(h feed.History) (out []string) {
		for _, n := range h.News {
			out = append(out, n.Format("02 15:04:05"))
		}
		return out
	}
	h := withNews(feed.History{}, arrivals, false, now)
	if diff := cmp.Diff([]string{"22 09:00:00", "22 10:00:00"}, minutes(h)); diff != "" || !h.Watched.Equal(now) {
		t.Errorf("since %v (-want +got):\n%s", h.Watched, diff)
	}
	h = withNews(feed.History{}, arrivals[4:], true, now)
	if len(h.News) != 0 {
		t.Errorf("an archive without dates is no rhythm: %v", h.News)
	}
	for i := range 2 * maxNews {
		h = withNews(h, []feed.Arrival{{Entry: feed.Entry{Published: now.Add(-time.Duration(i) * time.Hour)}}}, false, now)
	}
	if len(h.News) != maxNews || h.News[0].Before(now.Add(-maxNews*time.Hour)) {
		t.Errorf("%d are kept, from %v", len(h.News), h.News[0])
	}
}

// TestA304ThatDoesNotSpeakOfFreshnessLeavesIt (H-2, RFC 9111 §4.3.4).
func TestA304ThatDoesNotSpeakOfFreshnessLeavesIt(t *testing.T) {
	const before = 3 * time.Hour
	tests := map[string]struct {
		out  feed.Outcome
		want time.Duration
	}{
		"a 304 that says nothing":       {feed.Outcome{Status: feed.NotModified}, before},
		"a 304 that says another":       {feed.Outcome{Status: feed.NotModified, Hints: feed.Hints{Fresh: time.Hour, Said: true}}, time.Hour},
		"a 304 that says no-cache":      {feed.Outcome{Status: feed.NotModified, Hints: feed.Hints{Said: true}}, 0},
		"a body that says nothing":      {feed.Outcome{Status: feed.Changed}, 0},
		"an equal body, saying nothing": {feed.Outcome{Status: feed.Unchanged}, 0},
	}
	for name, tt := range tests {
		if got := freshness(before, tt.out); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
