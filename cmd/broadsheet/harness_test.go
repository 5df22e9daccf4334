package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/fakeweb"
)

// desk is a newsroom for a test: the whole program, started in-process as often
// as the test likes, over an invented web and a folder of its own.
type desk struct {
	t   testing.TB
	dir string
	web *fakeweb.Web

	lookup func(string) (string, bool) // the environment; nil is an empty one
	logged *bytes.Buffer               // by the last serve, once it was stopped
	roots  *x509.CertPool              // that are trusted; nil is the system's

	mu  sync.Mutex // guards now
	now time.Time
}

// newDesk has an empty web and no configuration yet. Its clock stands still
// until it is moved.
func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), web: fakeweb.New(), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	t.Cleanup(d.web.Close)
	return d
}

// config writes config.yaml; without a site block it gets one.
func (d *desk) config(text string) {
	d.t.Helper()
	if !strings.Contains(text, "site:") {
		text = "site: {title: The Test, url: http://paper.example, id: paper.example}\n" + text
	}
	if !strings.Contains(text, "serve:") {
		text = "serve: {listen: 127.0.0.1:0, admin: 127.0.0.1:0}\n" + text
	}
	if !strings.Contains(text, "fetch:") {
		text = "fetch: {host_gap: 0s}\n" + text
	}
	if err := os.WriteFile(filepath.Join(d.dir, "config.yaml"), []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// later moves the clock.
func (d *desk) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// start makes a program whose output is kept.
func (d *desk) start() (p *program, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	lookup := d.lookup
	if lookup == nil {
		lookup = func(string) (string, bool) { return "", false }
	}
	return &program{stdout: stdout, stderr: stderr, clock: d.clock, dial: d.web.DialContext, roots: d.roots, lookup: lookup}, stdout, stderr
}

// try runs a command and gives what it printed and its exit code.
func (d *desk) try(args ...string) (stdout, stderr string, code int) {
	d.t.Helper()
	p, out, errs := d.start()
	code = p.main(d.t.Context(), append([]string{"-c", filepath.Join(d.dir, "config.yaml")}, args...))
	return out.String(), errs.String(), code
}

// run runs a command that must succeed.
func (d *desk) run(args ...string) (stdout string) {
	d.t.Helper()
	out, errs, code := d.try(args...)
	if code != exitDone {
		d.t.Fatalf("broadsheet %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// runJSON runs a command with --json and decodes what it prints.
func (d *desk) runJSON(v any, args ...string) {
	d.t.Helper()
	out := d.run(append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), v); err != nil {
		d.t.Fatalf("broadsheet %s --json: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// serve starts `run` and gives the readers' address. The program is stopped, and
// must end well, when the test ends or stop is called.
func (d *desk) serve() (base, admin string, stop func()) {
	d.t.Helper()
	p, _, errs := d.start()
	d.logged = errs
	ready := make(chan [2]net.Addr, 1)
	p.listening = func(readers, operator net.Addr) { ready <- [2]net.Addr{readers, operator} }
	ctx, cancel := context.WithCancel(context.Background())
	code := make(chan int, 1)
	go func() {
		code <- p.main(ctx, []string{"-c", filepath.Join(d.dir, "config.yaml"), "run", "--log-level", "debug"})
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if c := <-code; c != exitDone {
				d.t.Errorf("run ended with exit %d\n%s", c, errs)
			}
		})
	}
	d.t.Cleanup(stop)
	select {
	case addrs := <-ready:
		return "http://" + addrs[0].String(), "http://" + addrs[1].String(), stop
	case c := <-code:
		code <- c
		d.t.Fatalf("run ended with exit %d\n%s", c, errs)
		panic("unreachable")
	}
}

// build writes the site into a new folder and gives its files by path.
func (d *desk) build() map[string]string {
	d.t.Helper()
	dir := filepath.Join(d.t.TempDir(), "site")
	d.run("build", "-o", dir)
	return readTree(d.t, dir)
}

// readTree reads every file below dir, by slash-separated path.
func readTree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS(dir)
	err := walk(root, func(name string, body []byte) { files[name] = string(body) })
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// jsonFeed is what the tests look at in a published feed.json.
type jsonFeed struct {
	Title string     `json:"title"`
	Items []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	HTML      string   `json:"content_html"`
	Published string   `json:"date_published"`
	Modified  string   `json:"date_modified"`
	Tags      []string `json:"tags"`
}

// ids gives a section's items by title.
func ids(t *testing.T, site map[string]string, section string) map[string]string {
	t.Helper()
	var f jsonFeed
	text, ok := site[section+"/feed.json"]
	if !ok {
		t.Fatalf("there is no %s/feed.json in the site", section)
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, it := range f.Items {
		if _, twice := out[it.Title]; twice {
			t.Errorf("%s shows %q twice", section, it.Title)
		}
		out[it.Title] = it.ID
	}
	return out
}

// rss makes an RSS feed of items, each "guid|link|title|hours ago|category,…".
func rss(now time.Time, items ...string) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><link>http://origin.example/</link><description>d</description>`)
	for _, it := range items {
		part := strings.Split(it, "|")
		hours := 0
		fmt.Sscan(part[3], &hours)
		fmt.Fprintf(&b, "<item><guid isPermaLink=\"false\">%s</guid><link>%s</link><title>%s</title><pubDate>%s</pubDate>",
			part[0], part[1], part[2], now.Add(-time.Duration(hours)*time.Hour).Format(time.RFC1123Z))
		for _, c := range strings.Split(part[4], ",") {
			fmt.Fprintf(&b, "<category>%s</category>", c)
		}
		fmt.Fprintf(&b, "<description>The whole text of %s, as the feed gives it.</description></item>", part[2])
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

// decode reads JSON that must be good.
func decode(t testing.TB, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatal(err)
	}
}
