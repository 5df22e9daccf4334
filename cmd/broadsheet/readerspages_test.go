package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/serve"
)

// gifBody is a picture of one pixel.
const gifBody = "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// illustrated is a feed whose article has a long text with pictures: one that is, one that
// is a program, and one of a network that is not public.
func illustrated(now time.Time) []byte {
	return []byte(`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gulf Wire</title>
<link>http://gulf.example/</link><description>d</description><item><guid isPermaLink="false">1</guid><link>http://gulf.example/1</link><title>Storm over Hormuz</title>
<pubDate>` + now.Add(-time.Hour).Format(time.RFC1123Z) + `</pubDate><description>A storm.</description><content:encoded><![CDATA[` +
		strings.Repeat("<p>The whole text of the storm, as the feed gives it, is long.</p>", 10) + `<p>The end of it.</p>
<p><img src="http://pictures.example/a.gif" alt="A wave"> <img src="http://pictures.example/b.svg" alt="A program"> <img src="http://10.0.0.7/c.gif" alt="A network"></p>]]></content:encoded>
<enclosure url="http://gulf.example/storm.mp3" type="audio/mpeg" length="10"/></item></channel></rss>`)
}

// fetched is the status, the header and the body of an answer.
func fetched(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(body)
}

// ownPage is the way from a page of a section to the article's page here.
var ownPage = regexp.MustCompile(`href="\.\./(-/a/[a-z0-9]{20}/)"`)

func illustratedDesk(t *testing.T, site string) *desk {
	d := newDesk(t)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", illustrated(d.now))
	d.web.Serve("pictures.example", "/a.gif", "text/html", []byte(gifBody))
	d.web.Serve("pictures.example", "/b.svg", "image/gif", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))
	d.config("site: {title: The Test, url: http://paper.example, id: paper.example" + site + "}\n" + twoSections)
	d.run("once")
	return d
}

func TestAnArticleIsReadOnItsOwnPage(t *testing.T) {
	d := illustratedDesk(t, ", language: de")
	base, _, _ := d.serve()
	_, _, section := fetched(t, base+"/world/")
	found := ownPage.FindStringSubmatch(section)
	if found == nil || !strings.Contains(section, "Hier lesen") {
		t.Fatalf("the section leads to no page of ours: %s", section)
	}
	code, header, page := fetched(t, base+"/"+found[1])
	if code != 200 || header.Get("Etag") == "" || !strings.Contains(page, "The end of it.") || !strings.Contains(page, "Zum Original bei Gulf Wire") {
		t.Errorf("%d %v %s", code, header, page)
	}
	for path, want := range map[string]int{"/-/a/abcdefghijklmnopqrst/": 404, "/-/a/": 404, "/-/a/../x/": 404, "/-/p/x/a/" + found[1][4:]: 404, "/" + found[1] + "x": 404, "/nowhere": 404} {
		code, _, body := fetched(t, base+path)
		if code != want || !strings.Contains(body, "Diese Seite gibt es nicht") {
			t.Errorf("%s: %d", path, code)
		}
	}
	d.run("withdraw", "http://gulf.example/1")
	waitFor(t, base+"/"+found[1], "zurückgezogen")
	if code, _, _ := fetched(t, base+"/"+found[1]); code != http.StatusGone {
		t.Errorf("after it was taken back: %d", code)
	}
}

// T-01, T-15: pictures come from us, and only those that are pictures, on public addresses.
func TestPicturesArePassedOn(t *testing.T) {
	d := illustratedDesk(t, ", images: proxy")
	base, _, _ := d.serve()
	_, header, section := fetched(t, base+"/world/")
	if policy := header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self';") {
		t.Errorf("the policy lets pictures in from elsewhere: %s", policy)
	}
	_, _, page := fetched(t, base+"/"+ownPage.FindStringSubmatch(section)[1])
	var codes []string
	for _, m := range regexp.MustCompile(`<img src="(\.\./\.\./\.\./)(-/img/[^"]+)" alt="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		code, header, body := fetched(t, base+"/"+m[2])
		codes = append(codes, fmt.Sprint(m[3], " ", code, " ", header.Get("Content-Type"), " ", body == gifBody))
	}
	want := []string{"A wave 200 image/gif true", "A program 404  false", "A network 404  false"}
	if !slices.Equal(codes, want) || strings.Contains(page, `src="http`) && !strings.Contains(page, "storm.mp3") {
		t.Errorf("%q, want %q, in %s", codes, want, page)
	}
	for _, r := range d.web.Log() {
		if strings.HasPrefix(r.Host, "10.") {
			t.Errorf("a network that is not public was asked: %+v", r)
		}
	}
	if code, _, _ := fetched(t, base+"/-/img/x/aHR0cDovL3BpY3R1cmVzLmV4YW1wbGUvYS5naWY"); code != 404 {
		t.Errorf("without a signature: %d", code)
	}
}

func TestASearchIsAnsweredWithAPage(t *testing.T) {
	d := illustratedDesk(t, "")
	n := d.newsroom()
	defer n.close()
	ask := func(query string) string {
		q, _ := url.ParseQuery(query)
		doc, found, err := n.makeSearch(t.Context(), feed.SearchPath, q)
		if err != nil || found != serve.Here || doc.Path != feed.SearchPath {
			t.Fatal(found, err)
		}
		return string(doc.Body)
	}
	for query, want := range map[string]string{
		"q=+storm+":              "1 story found",
		"q=storm&source=nowhere": "nothing", // there is no such source
		"q=++":                   "Write one or more words",
		"":                       "Write one or more words",
	} {
		if page := ask(query); !strings.Contains(strings.ToLower(page), strings.ToLower(want)) {
			t.Errorf("%q: no %q in %s", query, want, page)
		}
	}
	n.site.NoSearch = true
	if _, found, _ := n.makeSearch(t.Context(), feed.SearchPath, nil); found != serve.None {
		t.Error("a site without search answers one")
	}
}

func TestOwnTemplatesAreCheckedAndUsed(t *testing.T) {
	d := illustratedDesk(t, "")
	before := d.build()["world/index.html"]
	own := filepath.Join(d.dir, "own")
	write := func(name, text string) {
		if err := os.MkdirAll(own, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(own, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("section.html", "<!doctype html>\n<title>x</title>\n{{.Hedding}}")
	d.config("site: {title: The Test, url: http://paper.example, id: paper.example, templates: own}\n" + twoSections)
	for _, args := range [][]string{{"check"}, {"once"}, {"build", "-o", filepath.Join(d.dir, "site")}, {"run"}} {
		out, errs, code := d.try(args...)
		if code == exitDone || !strings.Contains(out+errs, "section.html:3:2: <.Hedding>: can't evaluate field Hedding") {
			t.Errorf("%v: exit %d: %s%s", args, code, out, errs)
		}
	}
	if out, _, _ := d.try("check"); !strings.Contains(out, "config.yaml:3:") || !strings.Contains(out, "site.templates") {
		t.Errorf("check does not name the key with its place: %s", out)
	}
	write("section.html", "<!doctype html>\n<title>x</title>\n<p>OWN {{.Heading}}")
	if page := d.build()["world/index.html"]; !strings.Contains(page, "<p>OWN World") || page == before {
		t.Errorf("own templates are not used: %s", page)
	}
	write("section.html", "<!doctype html>\n<title>x</title>\n<p>CHANGED {{.Heading}}")
	if page := d.build()["world/index.html"]; !strings.Contains(page, "<p>CHANGED World") {
		t.Errorf("pages are not made anew when a template changes: %s", page)
	}
	d.config("site: {title: The Test, url: http://paper.example, id: paper.example}\n" + twoSections)
	if page := d.build()["world/index.html"]; page != before {
		t.Error("without the folder the pages are not ours again")
	}
}

// S-8, S-9: a browser loads the pages and feeds of a site under their policies without a
// report; a feed that is opened gets its stylesheet.
func TestABrowserHasNothingToReport(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil || testing.Short() {
		t.Skip("there is no Chromium here, or no time for it")
	}
	t.Parallel() // the work is the browser's
	d := illustratedDesk(t, ", images: proxy, language: ar")
	base, _, _ := d.serve()
	_, _, section := fetched(t, base+"/world/")
	paths := []string{"/", "/world/", "/" + ownPage.FindStringSubmatch(section)[1], "/nowhere", "/world/rss.xml", "/world/atom.xml", "/bad"}
	target, _ := url.Parse(base)
	site := httputil.NewSingleHostReverseProxy(target)
	var mu sync.Mutex
	asked, reports, done := map[string]int{}, []string{}, make(chan bool, 1)
	site.ModifyResponse = func(r *http.Response) error {
		r.Header.Set("Content-Security-Policy", r.Header.Get("Content-Security-Policy")+"; report-uri /csp-report")
		return nil
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		mu.Unlock()
		switch r.URL.Path {
		case "/csp-report":
			body, _ := io.ReadAll(io.LimitReader(r.Body, 4<<10))
			mu.Lock()
			reports = append(reports, string(body))
			mu.Unlock()
		case "/harness":
			fmt.Fprintf(w, `<!doctype html><title>h</title><script>
const wait=ms=>new Promise(r=>setTimeout(r,ms));
(async()=>{for(const p of %s){const w=window.open(p);await wait(1500);w.close()}await fetch("/done")})()</script>`, quotedList(paths))
		case "/done":
			done <- true
		case "/bad": // so that silence means something
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Security-Policy", "style-src 'self'; report-uri /csp-report")
			fmt.Fprint(w, `<p style="color:red">x`)
		default:
			site.ServeHTTP(w, r)
		}
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-popup-blocking", "--user-data-dir="+t.TempDir(), server.URL+"/harness")
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cancel(); _ = cmd.Wait() }()
	select {
	case <-done:
	case <-ctx.Done():
		t.Fatal("the browser did not come to the end")
	}
	mu.Lock()
	defer mu.Unlock()
	for _, p := range append(paths, "/-/style.css", "/-/feed.css", "/-/icon.svg") {
		if asked[p] == 0 {
			t.Errorf("the browser did not ask for %s", p)
		}
	}
	bad := 0
	for _, r := range reports {
		if strings.Contains(r, "/bad") {
			bad++
			continue
		}
		t.Errorf("report: %s", r)
	}
	if bad == 0 {
		t.Error("the browser does not report what is wrong")
	}
}

func quotedList(list []string) string { return `["` + strings.Join(list, `","`) + `"]` }
