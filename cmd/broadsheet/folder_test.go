package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// waitForFile waits until a file of the site says what it should.
func waitForFile(t *testing.T, name, want string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		body, err := os.ReadFile(name)
		if err == nil && strings.Contains(string(body), want) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s never said %q: %v", name, want, err)
		}
	}
}

// TestRunKeepsAFolderUpToDate: publish.dir has what is served, also after a restart, and
// nothing that was taken out.
func TestRunKeepsAFolderUpToDate(t *testing.T) {
	d := newDesk(t)
	d.config("publish: {dir: site, precompressed: true}\n" + twoSections)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	base, _, stop := d.serve()
	for _, name := range []string{"iran/index.html", "world/index.html", "index.html"} { // what is written last
		waitForFile(t, filepath.Join(d.dir, "site", name), "Storm")
	}
	served := waitFor(t, base+"/iran/rss.xml", "Storm")
	stop()
	d.run("build", "-o", filepath.Join(d.dir, "built"))
	kept := readTree(t, filepath.Join(d.dir, "site"))
	if diff := cmp.Diff(readTree(t, filepath.Join(d.dir, "built")), kept); diff != "" {
		t.Errorf("the folder that is kept is not what build writes:\n%s", diff)
	}
	if kept["iran/rss.xml.gz"] == "" {
		t.Errorf("no compressed copy beside iran/rss.xml, which was served as %s", served.Status)
	}
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now,
		"1|http://gulf.example/1|Storm|2|Iran", "2|http://gulf.example/2|Ceasefire|1|Iran"))
	d.later(2 * time.Hour)
	d.run("once")
	waitForFile(t, filepath.Join(d.dir, "site", "iran", "rss.xml"), "Ceasefire")
	before := readTree(t, filepath.Join(d.dir, "site"))
	d.later(2 * time.Hour)
	d.run("once")
	if diff := cmp.Diff(before, readTree(t, filepath.Join(d.dir, "site"))); diff != "" {
		t.Errorf("a pass that found nothing changed the folder:\n%s", diff)
	}
}

// TestAFolderOfSomebodyElseIsLeftAlone: the daemon says so and goes on serving.
func TestAFolderOfSomebodyElseIsLeftAlone(t *testing.T) {
	d := newDesk(t)
	d.config("publish: {dir: site}\n" + twoSections)
	mine := filepath.Join(d.dir, "site", "notes.txt")
	if err := os.MkdirAll(filepath.Dir(mine), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	base, _, stop := d.serve()
	waitFor(t, base+"/iran/rss.xml", "Storm")
	// What is served next is so after the folder was tried.
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "2|http://gulf.example/2|Ceasefire|1|Iran"))
	d.later(2 * time.Hour)
	if _, errs, code := d.try("once"); code != exitFailed || !strings.Contains(errs, "notes.txt") {
		t.Errorf("once: exit %d, %s", code, errs)
	}
	waitFor(t, base+"/iran/rss.xml", "Ceasefire")
	stop()
	if logged := d.logged.String(); !strings.Contains(logged, "publish.dir: ") || !strings.Contains(logged, "notes.txt") {
		t.Errorf("the log does not say why the folder is not written:\n%s", logged)
	}
	if got := readTree(t, filepath.Join(d.dir, "site")); len(got) != 1 {
		t.Errorf("the folder has %v", got)
	}
}

// TestNoReaderWaitsForTheFolder: a folder that takes for ever to write, here because its list
// is a pipe that nobody writes to, holds up neither what is served nor what is made next.
func TestNoReaderWaitsForTheFolder(t *testing.T) {
	d := newDesk(t)
	d.config(oneSection("http://gulf.example/feed.xml", "publish: {dir: site}\nfetch: {host_gap: 0s, floor: 1s, every: 1s}\n"))
	pipe := filepath.Join(d.dir, "site", ".broadsheet.json")
	if err := os.MkdirAll(filepath.Dir(pipe), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	base, _, stop := d.serve()
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when it is being read
	if err != nil {
		t.Fatal(err)
	}
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now,
		"1|http://gulf.example/1|Storm|2|Iran", "2|http://gulf.example/2|Ceasefire|1|Iran"))
	d.later(time.Minute)
	waitFor(t, base+"/all/rss.xml", "Ceasefire")
	w.Close()
	stop()
}

// TestThePageOfNothingIsBelowTheSitesPath: a host that serves the folder at a path shows
// 404.html with a style and a way home.
func TestThePageOfNothingIsBelowTheSitesPath(t *testing.T) {
	d := newDesk(t)
	d.config("site: {title: The Test, url: http://paper.example/base, id: paper.example}\n" +
		strings.SplitN(oneSection("http://gulf.example/feed.xml", "publish: {dir: site}\n"), "\n", 2)[1])
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|Storm|2|Iran"))
	d.run("once")
	page := readTree(t, filepath.Join(d.dir, "site"))["404.html"]
	if !strings.Contains(page, `"/base/-/style.css"`) || strings.Contains(page, `"/-/`) || strings.Contains(page, `href="/"`) {
		t.Error(page)
	}
}

// TestAStaticSiteIsWhole: every page of the archive and every article's page that
// something in it leads to is there, also as more comes.
func TestAStaticSiteIsWhole(t *testing.T) {
	d := newDesk(t)
	d.config("publish: {dir: site}\ndefaults: {section: {limit: 20}}\n" + twoSections)
	var items []string
	whole := func() (links int) {
		t.Helper()
		files := readTree(t, filepath.Join(d.dir, "site"))
		for name, body := range files {
			for _, m := range ownLink.FindAllStringSubmatch(body, -1) {
				links++
				path := strings.TrimSuffix(m[1], "/")
				if files[path] == "" && files[path+"/index.html"] == "" {
					t.Errorf("%s leads to %s, which is not there", name, m[1])
				}
			}
		}
		if files["_headers"] == "" || files["404.html"] == "" {
			t.Error("a host of static sites has nothing to go by")
		}
		return links
	}
	for i := range 4 {
		for n := range 30 {
			k := fmt.Sprint(30*i + n)
			items = append(items, k+"|http://gulf.example/"+k+"|Storm number "+k+"|"+k+"|Iran")
		}
		d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, items...))
		d.run("once")
		d.later(2 * time.Hour)
		if links := whole(); links < 10 {
			t.Errorf("only %d links were looked at", links)
		}
	}
	files := readTree(t, filepath.Join(d.dir, "site"))
	if files["-/archive/iran/2/atom.xml"] == "" {
		t.Error("the archive has no second page")
	}
}

// TestAStaticSiteHasWhatItsFrontPageLeadsTo: also where sections have no room for it, and
// where the page of another article cannot be made.
func TestAStaticSiteHasWhatItsFrontPageLeadsTo(t *testing.T) {
	d := newDesk(t)
	if err := os.Mkdir(filepath.Join(d.dir, "own"), 0o755); err != nil {
		t.Fatal(err)
	}
	const broken = `{{define "x"}}{{end}}{{if eq .Heading "Story 2"}}{{slice .Heading 100}}{{end}}<!DOCTYPE html><title>{{.Title}}</title>`
	if err := os.WriteFile(filepath.Join(d.dir, "own", "article.html"), []byte(broken), 0o644); err != nil {
		t.Fatal(err)
	}
	d.config("site: {title: The Test, url: http://paper.example, id: paper.example, templates: own}\n" +
		"defaults: {section: {limit: 2}}\n" + twoSections)
	var items []string
	text := strings.Repeat("The harbour was quiet that day and nobody came. ", 40)
	for i := range 6 {
		items = append(items, fmt.Sprintf("%d|http://gulf.example/%d|Story %d|%d|Iran", i, i, i, i+1))
	}
	feed := strings.ReplaceAll(string(rss(d.now, items...)), "<description>The whole", "<description>"+text+"The whole")
	// The front page leads with a picture, and looks for it further down than the section goes.
	feed = strings.Replace(feed, "<link>http://gulf.example/3</link>",
		`<link>http://gulf.example/3</link><enclosure url="http://gulf.example/3.jpg" type="image/jpeg" length="9"/>`, 1)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", []byte(feed))
	d.run("once")
	site := d.build()
	there := 0
	for _, m := range regexp.MustCompile(`"(?:\./)?(-/a/[^"]+/)"`).FindAllStringSubmatch(site["index.html"], -1) {
		if there++; site[m[1]+"index.html"] == "" {
			t.Errorf("the front page leads to %s, which is not there", m[1])
		}
	}
	if there == 0 {
		t.Error("the front page leads to no article")
	}
}

// ownLink finds addresses of the paper's own archives and articles.
var ownLink = regexp.MustCompile(`["'](?:http://paper\.example/|(?:\.\./)+)(-/(?:archive|a)/[^"'#]+)["']`)
