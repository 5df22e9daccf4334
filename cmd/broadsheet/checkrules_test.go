package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

// storyPage is a page of an invented newspaper.
func storyPage(title, body string) []byte {
	return []byte("<!doctype html><html><head><title>" + title + "</title></head><body><nav>News Sport Weather</nav>" +
		"<h1 class=head>" + title + "</h1><p class=by>By Ada Moss</p><div class=story>" + body + "</div><footer>Imprint</footer></body></html>")
}

// prose is some paragraphs that are no furniture.
func prose(about string) string {
	return strings.Repeat("<p>The "+about+" of Larkhaven was seen again this morning, and many people who had waited for it "+
		"on the quay said that they were glad, for the winter had been long and the road over the hills is closed.</p>", 6)
}

// ruleDesk has a folder of rules and the pages that they name.
func ruleDesk(t *testing.T, files map[string]string) *desk {
	d := newDesk(t)
	d.config(twoSections + "\nfetch: {host_gap: 0s, rules: site-rules}\n")
	dir := filepath.Join(d.dir, "site-rules")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d.web.Serve("harbour.example", "/ferry", "text/html", storyPage("Ferry returns", prose("ferry")+`<a class=print href="/ferry/all">All</a>`))
	d.web.Serve("harbour.example", "/ferry/all", "text/html", storyPage("Ferry returns", prose("ferry")+"<p>The captain waved a green flag.</p>"))
	d.web.Serve("harbour.example", "/bridge", "text/html", storyPage("Bridge closes", prose("bridge")+`<a class=next href="/bridge?p=2">2</a>`))
	d.web.Serve("old.example", "/a", "text/html", storyPage("Mill burns", prose("mill")))
	return d
}

const goodRule = "title: //h1[@class='head']\nbody: //div[@class='story']\nauthor: substring-after(//p[@class='by'], 'By ')\n" +
	"single_page_link: //a[@class='print']\ntest_url: http://harbour.example/ferry\ntest_contains: captain  waved a\n" +
	"test_url: http://harbour.example/bridge\n"

func TestCheckRulesTestsEachRuleOnItsPages(t *testing.T) {
	d := ruleDesk(t, map[string]string{
		"harbour.example.txt": goodRule,
		"quiet.example.txt":   "body: //p",
		"old.example.txt": "titel: //h1\nbody: //div[@id='gone']\ntest_url: http://old.example/a\ntest_contains: a windmill\n" +
			"test_url: http://old.example/missing",
	})
	out := d.run("check", "--rules", "www.harbour.example")
	if !strings.Contains(out, "0 bad lines on 2 test pages, 0 failed; 0 rules without a test page") || !strings.Contains(out, "Bridge closes") {
		t.Errorf("a rule that works: %s", out)
	}
	if log := d.web.Log(); !asked(log, "/ferry/all") || !asked(log, "/robots.txt") || asked(log, "/a") {
		t.Error("the whole article or the site's robots.txt was not asked for, or another site was")
	}
	out, errs, code := d.try("check", "--rules")
	if code != exitFailed || errs != "" {
		t.Errorf("with rules that fail: exit %d, %s", code, errs)
	}
	for _, want := range []string{"old.example.txt:1: there is no directive \"titel\"", "failed: no line of body finds anything",
		"failed: the text does not hold \"a windmill\"", "failed: http://old.example/missing: ", "404",
		"1 bad line on 4 test pages, 2 failed; 1 rule without a test page"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	type answer struct {
		Folder   string
		Problems []struct{ File, Text string }
		Tests    []ruleTest
		Untested []string
	}
	out, _, code = d.try("check", "--rules", "--json")
	var got answer
	decode(t, out, &got)
	if code != exitFailed || len(got.Tests) != 4 || len(got.Problems) != 1 || len(got.Untested) != 1 || got.Untested[0] != "quiet.example.txt" {
		t.Fatalf("as JSON: exit %d, %+v", code, got)
	}
	ferry := got.Tests[0]
	if ferry.Rule != "harbour.example.txt" || ferry.Line != 5 || ferry.Title != "Ferry returns" || ferry.Words < 100 ||
		strings.Join(ferry.Authors, "") != "Ada Moss" || ferry.Pages != 1 || len(ferry.Failed)+len(ferry.Unmet) != 0 {
		t.Errorf("a test that is passed: %+v", ferry)
	}
	mill := got.Tests[2]
	if mill.Title != "Mill burns" || mill.Words < 100 || strings.Join(mill.Unmet, " ") != "body" || len(mill.Failed) != 2 {
		t.Errorf("a rule grown old, whose page is read without it: %+v", mill)
	}
	if _, err := os.Stat(d.dir + "/broadsheet.db"); err == nil {
		t.Error("check made a store")
	}
}

func asked(log []fakeweb.Request, path string) bool {
	for _, r := range log {
		if r.Path == path {
			return true
		}
	}
	return false
}

func TestCheckRulesSaysWhatItCannotDo(t *testing.T) {
	d := ruleDesk(t, map[string]string{"harbour.example.txt": goodRule})
	if _, errs, code := d.try("check", "--rules", "harbor.example"); code != exitUsage || !strings.Contains(errs, `did you mean "harbour.example"?`) {
		t.Errorf("a host without a rule: exit %d, %s", code, errs)
	}
	if _, _, code := d.try("check", "harbour.example"); code != exitUsage {
		t.Errorf("a host without --rules: exit %d", code)
	}
	if err := os.RemoveAll(filepath.Join(d.dir, "site-rules")); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := d.try("check", "--rules"); code != exitFailed || !strings.Contains(errs, "the folder of site rules cannot be read") {
		t.Errorf("a folder that is gone: exit %d, %s", code, errs)
	}
	d.config(twoSections)
	if _, errs, code := d.try("check", "--rules"); code != exitFailed || !strings.Contains(errs, "write it as fetch: {rules: FOLDER}") {
		t.Errorf("no folder: exit %d, %s", code, errs)
	}
}

// What robots.txt keeps from us is not asked for: the test says so.
func TestCheckRulesObeysRobots(t *testing.T) {
	d := ruleDesk(t, map[string]string{"harbour.example.txt": goodRule})
	d.web.Serve("harbour.example", "/robots.txt", "text/plain", []byte("User-agent: *\nDisallow: /ferry\n"))
	out, _, code := d.try("check", "--rules")
	if code != exitFailed || !strings.Contains(out, "robots.txt") || asked(d.web.Log(), "/ferry") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestTwoWhoAskADomainAtOnceTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spacing{budget: func(host string) (string, time.Duration) { return host, time.Second }}
		begun, ends := time.Now(), make(chan time.Duration)
		for range 3 {
			go func() {
				done, err := s.Pass(t.Context(), "gulf.example")
				if err != nil {
					t.Error(err)
				}
				time.Sleep(time.Second) // the request
				done()
				ends <- time.Since(begun)
			}()
		}
		other, err := s.Pass(t.Context(), "strait.example")
		if err != nil || time.Since(begun) != 0 {
			t.Errorf("another domain waited %v, %v", time.Since(begun), err)
		}
		other()
		for i := range 3 {
			if got, want := <-ends, time.Duration(2*i+1)*time.Second; got != want {
				t.Errorf("request %d ended after %v, want %v", i, got, want)
			}
		}
	})
}
