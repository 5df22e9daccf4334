package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestTheDemoShowsWhatTheProgramIsFor runs `broadsheet demo` as a newcomer does,
// on free ports.
func TestTheDemoShowsWhatTheProgramIsFor(t *testing.T) {
	var out, errs bytes.Buffer
	ready := make(chan string, 1)
	p := &program{stdout: &out, stderr: &errs, clock: time.Now,
		lookup:    func(string) (string, bool) { return "", false },
		listening: func(readers, _ net.Addr) { ready <- "http://" + readers.String() }}
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() { code <- p.main(ctx, []string{"demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"}) }()
	var base string
	select {
	case base = <-ready:
	case c := <-code:
		t.Fatalf("demo ended with exit %d\n%s", c, &errs)
	case <-time.After(time.Minute):
		t.Fatal("the demo never serves")
	}
	page := func(path string) string {
		resp := get(t, base+path)
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s, %v", path, resp.Status, err)
		}
		return string(body)
	}
	for _, section := range []string{"north-america", "iran", "middle-east"} {
		for _, document := range []string{"", "rss.xml", "atom.xml", "feed.json"} {
			if !strings.Contains(page("/"+section+"/"+document), "Grain ships sail again") {
				t.Errorf("/%s/%s does not have the article of three sections", section, document)
			}
		}
	}
	if !regexp.MustCompile(`(?s)dir="?rtl"?[^>]*>.{0,400}أول قافلة`).MatchString(page("/middle-east/")) {
		t.Error("the Arabic article is not set from right to left")
	}
	if economy := page("/economy/feed.json"); !strings.Contains(economy, "planted a fourth field") || !strings.Contains(economy, "Ottoline Pell") ||
		strings.Contains(economy, "Most read") || strings.Contains(economy, "The net that nobody wanted") {
		t.Errorf("the text of an article whose feed has an excerpt: %s", economy)
	}
	if lakes := page("/north-america/feed.json"); strings.Count(lakes, "Twelve sleeping cars") != 1 ||
		!strings.Contains(lakes, "http://tideline.example/wire/night-trains") {
		t.Errorf("the story of two sources: %s", lakes)
	}
	if whole := page("/feed.json"); strings.Contains(whole, "never shown") || strings.Contains(whole, "t.gif") {
		t.Error("a script or a tracking pixel of the origin was published")
	}
	cancel()
	if c := <-code; c != exitDone {
		t.Errorf("demo ended with exit %d\n%s", c, &errs)
	}
	for _, want := range []string{"Open in a browser", "/middle-east/atom.xml", "lighthouse-keeper", "503"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the demo does not print %q:\n%s", want, &out)
		}
	}
}
