package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

// victim names the store that this process, started by a test, writes to until
// it is killed.
const victim = "BROADSHEET_STORE_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		fmt.Println("failed:", writeUntilKilled(path))
		os.Exit(1)
	}
	if path := os.Getenv(indexer); path != "" {
		fmt.Println("failed:", indexUntilKilled(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled stores poll after poll of three new articles, and says so when
// each was committed.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.Options{Create: true})
	if err != nil {
		return err
	}
	for now := day; ; now = now.Add(time.Hour) { // a killed one's lease is over by then
		if _, err := s.Sync(ctx, now, paper(1)); err != nil {
			return err
		}
		c, ok, err := s.Claim(ctx, now, feed.Ask{DueBy: now, Until: now.Add(time.Minute)})
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		n := 0
		fmt.Sscanf(c.Memo.ETag, "after %d", &n)
		r := feed.Report{Claim: c, Started: now, State: feed.StateOK, Status: feed.Changed,
			Memo: feed.Memo{ETag: fmt.Sprintf("after %d", n+3)}, Next: now, HostFree: now}
		for i := range 3 {
			r.Arrivals = append(r.Arrivals, article(n+i))
		}
		if _, err := s.Finish(ctx, now, r); err != nil {
			return err
		}
		fmt.Println(n + 3)
	}
}

func TestWhatWasCommittedOutlivesKillAndWhatWasNotLeavesNoTrace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	committed := 0
	for round := range 5 {
		committed = max(committed, killAfter(t, path, 2+round))
		s := open(t, path)
		v, err := s.View(t.Context(), "all")
		if err != nil {
			t.Fatal(err)
		}
		stored := len(v.Entries)
		if stored < committed || stored%3 != 0 {
			t.Fatalf("%d entries are stored, %d were committed, three at a time", stored, committed)
		}
		for i, e := range v.Entries { // the newest is number 0
			if want := fmt.Sprintf("Ferries, part %d", i); e.Title != want || e.Content != prose {
				t.Fatalf("%d is %q", i, e.Title)
			}
		}
		s.Close()
	}
}

// killAfter starts a process that writes to the store, kills it at some moment
// after it committed polls polls, and returns how many articles it said were
// stored.
func killAfter(t *testing.T, path string, polls int) (committed int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "failed") {
			t.Error(lines.Text())
		}
		if got, err := strconv.Atoi(lines.Text()); err == nil {
			committed = got
		}
		if n+1 == polls {
			cmd.Process.Kill() // goes on reading what it said before it died
		}
	}
	cmd.Wait()
	return committed
}
