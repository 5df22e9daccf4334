package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/internal/fakeweb"
)

func TestAMixIsReadOrRefusedInWords(t *testing.T) {
	for mix, want := range map[string]map[string]int{
		"":                            {},
		"tarpit=10%,error=5":          {"tarpit": 20, "error": 5},
		" bomb = 1 %":                 nil,
		"bomb=1%, churn=0.1%, gone=0": {"bomb": 2, "churn": 1, "gone": 0},
		"tarpits=10%":                 nil,
		"tarpit":                      nil,
		"tarpit=1.5":                  nil,
		"tarpit=-1":                   nil,
		"tarpit=NaN":                  nil,
		"tarpit=101%":                 nil,
		"tarpit=60%,error=60%":        nil,
		"tarpit=1,tarpit=2":           nil,
	} {
		got, err := parseMix(mix, 200)
		if want == nil {
			if err == nil || !strings.HasPrefix(err.Error(), "--behaviour: ") {
				t.Errorf("%q: got %v, %v", mix, got, err)
			}
		} else if err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: got %v, %v; want %v", mix, got, err, want)
		}
	}
}

func TestTheSameSeedCastsTheSameFeeds(t *testing.T) {
	counts := map[string]int{"tarpit": 3, "bomb": 2}
	one, again, other := cast(counts, 50, 1), cast(counts, 50, 1), cast(counts, 50, 2)
	if !slices.Equal(one, again) || slices.Equal(one, other) {
		t.Errorf("got %v\n%v\n%v", one, again, other)
	}
	got := map[string]int{}
	for _, role := range one {
		got[role]++
	}
	if want := map[string]int{"tarpit": 3, "bomb": 2, good: 45}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// run starts origin as a person does, on free ports, and waits until it serves.
// stop ends it and gives all that it printed.
func run(t *testing.T, args ...string) (stop func() string) {
	t.Helper()
	r, w := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		c := start(ctx, append([]string{"--listen", "127.0.0.1:0"}, args...), w, &errs)
		w.Close()
		code <- c
	}()
	lines := bufio.NewScanner(r)
	var out strings.Builder
	for lines.Scan() {
		out.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "Stop with") {
			break
		}
	}
	return func() string {
		cancel()
		for lines.Scan() {
			out.WriteString(lines.Text() + "\n")
		}
		if c := <-code; c != exitDone {
			t.Errorf("origin ends with exit %d: %s", c, &errs)
		}
		return out.String()
	}
}

// sourcesOf loads a written configuration as broadsheet does, and gives the
// address of each source.
func sourcesOf(t *testing.T, file string) (urls map[string]string, paper *config.Paper) {
	t.Helper()
	paper, problems := config.Load(file, config.Env{})
	if paper == nil || len(problems) > 0 {
		t.Fatalf("the configuration is not good: %v", problems)
	}
	urls = map[string]string{}
	for _, o := range paper.Outlets {
		urls[o.Name] = o.Feeds[0].URL
	}
	return urls, paper
}

// TestOriginServesAndJudges: every behaviour at once, a configuration that
// broadsheet takes, and a score that finds what an impolite client did.
func TestOriginServesAndJudges(t *testing.T) {
	dir := t.TempDir()
	conf, log := filepath.Join(dir, "load", "config.yaml"), filepath.Join(dir, "log.jsonl")
	mix := ""
	for _, b := range behaviours {
		mix += b.name + "=1,"
	}
	stop := run(t, "--feeds", "20", "--hosts", "8", "--behaviour", mix, "--config", conf, "--log", log)
	urls, paper := sourcesOf(t, conf)
	if len(urls) != 20 {
		t.Errorf("%d sources are configured, want 20", len(urls))
	}
	tag := func(want string) (found []string) {
		for _, o := range paper.Outlets {
			if slices.Contains(o.Tags, want) {
				found = append(found, urls[o.Name])
			}
		}
		return found
	}
	sound := tag(good)
	if len(sound) != 20-len(behaviours) {
		t.Fatalf("%d good feeds", len(sound))
	}
	ask := func(url string, headers ...string) *http.Response {
		t.Helper()
		r, _ := http.NewRequestWithContext(t.Context(), "GET", url, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		res, err := (&http.Client{Timeout: 10 * time.Second}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		return res
	}
	first := ask(sound[0], "User-Agent", "Polite/1.0")
	if again := ask(sound[0], "If-None-Match", first.Header.Get("ETag")); first.StatusCode != 200 || again.StatusCode != 304 {
		t.Errorf("a good feed answers %d, then %d", first.StatusCode, again.StatusCode)
	}
	ask(sound[1]+"?t=1", "Cookie", "a=b")
	ask(tag("held")[0])
	ask(tag("held")[0])
	if res := ask(tag("gone")[0]); res.StatusCode != 410 {
		t.Errorf("gone: %s", res.Status)
	}
	if res := ask(tag("moved")[0]); res.StatusCode != 200 || !strings.Contains(res.Request.URL.Path, movedPrefix) {
		t.Errorf("moved: %s at %s", res.Status, res.Request.URL)
	}
	out := stop()
	for _, want := range []string{
		"20 feeds on 8 hosts", "broadsheet -c " + conf + " run",
		"1 cookies, 1 referers, 1 added queries", "5 of 20 feeds were asked", "Polite/1.0",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("does not print %q:\n%s", want, out)
		}
	}
	row := func(name string) []string {
		for line := range strings.Lines(out) {
			if f := strings.Fields(line); len(f) > 5 && f[0] == name {
				return f
			}
		}
		return nil
	}
	if got := row("good"); len(got) < 11 || got[2] != "3" || got[3] != "33" {
		t.Errorf("the good feeds' row is %v:\n%s", got, out)
	}
	if got := row("held"); len(got) < 11 || got[2] != "2" || got[len(got)-2] != "1" {
		t.Errorf("the held feed's row is %v:\n%s", got, out)
	}
	checkLog(t, log, 8)
}

// checkLog reads the log of n requests.
func checkLog(t *testing.T, name string, n int) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	behaviours := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var r struct {
			Behaviour, URL string
			Status         int
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil || !strings.HasPrefix(r.URL, "http://h00") || r.Status == 0 {
			t.Errorf("a line of the log: %v %s", err, line)
		}
		behaviours[r.Behaviour]++
	}
	if want := map[string]int{good: 3, "held": 2, "gone": 1, "moved": 2}; !maps.Equal(behaviours, want) {
		t.Errorf("the log has %v, want %v (%d)", behaviours, want, n)
	}
}

func TestFilesAreServedWithValidators(t *testing.T) {
	for name, withManifest := range map[string]bool{"all files": false, "those of the manifest": true} {
		dir := t.TempDir()
		files := map[string]string{"one feed.rss": "<rss/>", "two.atom": "<feed/>", ".hidden": "x"}
		if withManifest {
			files[manifest] = "file\tformat\none feed.rss\trss2.0\n"
		}
		for file, text := range files {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		conf := filepath.Join(t.TempDir(), "config.yaml")
		stop := run(t, "--corpus", dir, "--hosts", "3", "--config", conf)
		urls, _ := sourcesOf(t, conf)
		if want := map[bool]int{true: 1, false: 2}[withManifest]; len(urls) != want {
			t.Errorf("%s: %d feeds, want %d", name, len(urls), want)
		}
		res, err := http.Get(urls["corpus-0001"])
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || string(body) != "<rss/>" || res.Header.Get("ETag") == "" ||
			res.Header.Get("Content-Type") != "application/rss+xml" {
			t.Errorf("%s: %q %v, %v", name, body, res.Header, err)
		}
		if out := stop(); !strings.Contains(out, "corpus") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// A moved feed is found from each of its two addresses: its host's own, and that
// below the front.
func TestMovedFeedsAreFoundAtTheFront(t *testing.T) {
	s, err := open(t.Context(), options{listen: "127.0.0.1:0", feeds: 10, hosts: 2, behaviours: "moved=10",
		every: time.Hour, poll: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer s.web.Close()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	for _, f := range s.feeds {
		for _, url := range []string{s.address(f), "http://" + s.front.String() + "/" + f.host + f.path} {
			res, err := client.Get(url)
			if f.variant == "a loop" {
				if err == nil {
					t.Errorf("%s ends", url)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("%s (%s) leads to %s: %s", url, f.variant, res.Request.URL, res.Status)
			}
		}
	}
}

// A log that cannot be written is told of once, and closed in the end.
func TestALogThatCannotBeWrittenIsClosed(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name, nil, 0o444); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name) // to be read only
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := &logFile{Writer: bufio.NewWriterSize(file, 16), file: file}
	var told bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		web := fakeweb.New()
		defer web.Close()
		web.Handle("gulf.example", fakeweb.Status(http.StatusOK))
		client := &http.Client{Transport: &http.Transport{DialContext: web.DialContext, DisableKeepAlives: true}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var wait sync.WaitGroup
		wait.Go(func() { watch(ctx, web, newBooks(nil, lines), &told, false) })
		for range 5 {
			res, err := client.Get("http://gulf.example/")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			time.Sleep(takeEvery)
		}
		wait.Wait()
	})
	if n := strings.Count(told.String(), "--log"); n != 1 {
		t.Errorf("told %d times: %s", n, &told)
	}
	if err := lines.Close(); err != nil {
		t.Errorf("and again at the end: %v", err)
	}
	if _, err := file.Stat(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the file is open: %v", err)
	}
}

// An address that others may reach is not opened before it is refused.
func TestAnAddressOfOthersIsNotOpened(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0") // so that opening it fails in other words
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, host := range []string{"0.0.0.0", "", "[::]", "[::1]"} {
		_, err := open(t.Context(), options{listen: host + ":" + port, feeds: 1, hosts: 1, every: time.Hour, poll: time.Hour})
		if err == nil || !strings.Contains(err.Error(), "an address of this machine only") {
			t.Errorf("%q: %v", host, err)
		}
	}
}

func TestWhatCannotBeServedIsSaidAtOnce(t *testing.T) {
	for _, tc := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--behaviour", "trap=1"}, exitUsage, `there is no "trap"; there are: slow tarpit`},
		{[]string{"--listen", "0.0.0.0:0"}, exitUsage, "127.0.0.1:PORT"},
		{[]string{"--listen", "nonsense"}, exitFailed, "--listen"},
		{[]string{"--hosts", "0"}, exitUsage, "--hosts"},
		{[]string{"--listen", "127.0.0.1:65500", "--hosts", "100"}, exitUsage, "ports after"},
		{[]string{"--corpus", "nowhere"}, exitFailed, "--corpus"},
		{[]string{"serve"}, exitUsage, "--help"},
		{[]string{"--nonsense"}, exitUsage, "--help"},
	} {
		var out, errs bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		code := start(ctx, append([]string{"--listen", "127.0.0.1:0"}, tc.args...), &out, &errs)
		cancel()
		if code != tc.code || !strings.Contains(errs.String(), tc.says) {
			t.Errorf("%q: exit %d, %s", tc.args, code, &errs)
		}
	}
}

func TestHelpNamesEveryBehaviour(t *testing.T) {
	var out bytes.Buffer
	if code := start(t.Context(), []string{"--help"}, &out, io.Discard); code != exitDone {
		t.Fatalf("exit %d", code)
	}
	for _, b := range behaviours {
		if !strings.Contains(out.String(), "  "+b.name+" ") {
			t.Errorf("--help does not tell of %s", b.name)
		}
	}
}
