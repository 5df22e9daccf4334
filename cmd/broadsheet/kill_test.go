package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/fakeweb"
)

// roundVariable makes the test binary a broadsheet that polls a hundred feeds
// once and publishes, in the folder and round that it names: "7 /folder".
const roundVariable = "BROADSHEET_TEST_ROUND"

const (
	killedFeeds = 100
	killedItems = 5 // of each feed in round 0; each round adds one
)

func TestMain(m *testing.M) {
	round, dir, ok := strings.Cut(os.Getenv(roundVariable), " ")
	if !ok {
		os.Exit(m.Run())
	}
	n, err := strconv.Atoi(round)
	if err != nil {
		panic(err)
	}
	os.Exit(victim(n, dir))
}

// roundTime is when a round's clock begins: far enough after the last one that
// every feed is due again, and that the leases of a killed process are over.
func roundTime(round int) time.Time {
	return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).Add(time.Duration(round) * 3 * time.Hour)
}

// victim is `broadsheet once` over a web of its own, whose feeds take a moment.
func victim(round int, dir string) int {
	web := fakeweb.New()
	defer web.Close()
	for i := range killedFeeds {
		host := fmt.Sprintf("h%d.example", i)
		page := fakeweb.Page("application/rss+xml", killedFeed(i, round))
		web.HandlePage(host, "/feed", fakeweb.Slow(time.Duration(i%7)*time.Millisecond, page))
	}
	begun := time.Now()
	p := &program{stdout: os.Stdout, stderr: os.Stderr, dial: web.DialContext,
		lookup: func(string) (string, bool) { return "", false },
		clock:  func() time.Time { return roundTime(round).Add(time.Since(begun)) }}
	return p.main(context.Background(), []string{"-c", filepath.Join(dir, "config.yaml"), "once"})
}

// killedFeed is feed i as it is in a round.
func killedFeed(i, round int) []byte {
	var items []string
	for n := range killedItems + round {
		items = append(items, fmt.Sprintf("g%d|http://h%d.example/%d|%s|%d|A", n, i, n, killedTitle(i, n), 100-n))
	}
	return rss(roundTime(0), items...)
}

func killedTitle(feed, item int) string { return fmt.Sprintf("Article %d of feed %d", item, feed) }

// TestKillNineLosesAndRepeatsNothing: ten rounds of a hundred feeds, each cut off
// by SIGKILL at another moment; the next start goes on from what was committed.
func TestKillNineLosesAndRepeatsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts eleven processes")
	}
	d := newDesk(t)
	var conf strings.Builder
	conf.WriteString("defaults: {section: {limit: all, max_size: none}}\nsections: [{name: all, title: All, sources: ['*']}]\nsources:\n")
	for i := range killedFeeds {
		fmt.Fprintf(&conf, "  - {name: s%d, url: 'http://h%d.example/feed'}\n", i, i)
	}
	d.config(conf.String())

	const rounds = 10
	begun := time.Now()
	if err := child(t, d.dir, 0).Run(); err != nil { // how long a whole round takes
		t.Fatal(err)
	}
	whole := time.Since(begun)
	before := ids(t, d.build(), "all")
	if len(before) != killedFeeds*killedItems {
		t.Fatalf("an undisturbed round published %d articles, want %d", len(before), killedFeeds*killedItems)
	}
	killed := 0
	for round := 1; round <= rounds; round++ {
		cmd := child(t, d.dir, round)
		begun := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := time.AfterFunc(whole*time.Duration(round)/(rounds+1), func() { cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			killed++
		} else { // the machine was busy when the first round was timed
			whole = min(whole, time.Since(begun))
		}
		after.Stop()
		d.now = roundTime(round).Add(time.Hour)
		now := ids(t, d.build(), "all") // readTree and ids fail if one is there twice
		for title, id := range before {
			if now[title] != id {
				t.Fatalf("round %d: %q was %s and is %q", round, title, id, now[title])
			}
		}
		before = now
	}
	t.Logf("%d of %d rounds of %v were killed; %d articles, each once", killed, rounds, whole, len(before))
	if killed < rounds/2 {
		t.Errorf("only %d of %d rounds were cut off: the test proves little", killed, rounds)
	}
	if out, err := child(t, d.dir, rounds+1).CombinedOutput(); err != nil {
		t.Fatalf("the last round: %v\n%s", err, out)
	}
	d.now = roundTime(rounds + 1).Add(time.Hour)
	last := ids(t, d.build(), "all")
	for i := range killedFeeds {
		for n := range killedItems + rounds + 1 {
			if last[killedTitle(i, n)] == "" {
				t.Errorf("%q is missing", killedTitle(i, n))
			}
		}
	}
	if want := killedFeeds * (killedItems + rounds + 1); len(last) != want {
		t.Errorf("%d articles are published, want %d", len(last), want)
	}
}

// child is this test binary as the victim of a round.
func child(t *testing.T, dir string, round int) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", roundVariable, round, dir))
	return cmd
}
