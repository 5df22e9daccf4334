package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/fakeweb"
)

// secrets are canaries: each is in one place of the configuration, or in the
// environment behind it.
var secrets = map[string]string{
	"URL_PASSWORD": "canary-1-url-password", "QUERY": "canary-2-query", "PASSWORD": "canary-3-password",
	"BEARER": "canary-4-bearer", "HEADER": "canary-5-header", "COOKIE": "canary-6-cookie", "PROXY": "canary-7-proxy",
	"FEED": "canary-8-feed",
}

const secretive = `
sections:
  - {name: world, title: World, sources: ["*"]}
sources:
  - {name: in-url, url: "http://reader:${URL_PASSWORD}@in-url.example/feed", terms: full}
  - {name: in-query, url: "http://in-query.example/feed?token=${QUERY}"}
  - {name: basic, url: "http://basic.example/feed", terms: full, auth: {user: reader, password: "${PASSWORD}"}}
  - {name: bearer, url: "http://bearer.example/feed", terms: full, auth: {bearer: "${BEARER}"}}
  - {name: headers, url: "http://headers.example/feed", terms: full, headers: {X-Api-Key: "${HEADER}", Cookie: "a=${COOKIE}"}}
  - {name: proxied, url: "http://proxied.example/feed", proxy: "http://reader:${PROXY}@proxy.example:3128"}
  - name: several
    terms: full
    feeds:
      - {url: "http://open.example/feed"}
      - {url: "http://closed.example/feed", auth: {bearer: "${FEED}"}}
`

// tells finds a canary in a text, as it is and as it goes over the wire.
func tells(text string) string {
	for name, secret := range secrets {
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte("reader:" + secret)),
			strings.ReplaceAll(secret, "-", "%2D")} {
			if strings.Contains(text, form) {
				return name
			}
		}
	}
	return ""
}

// echo answers with a feed in which all that was asked with is repeated: what an
// origin is told, it may publish.
func echo(now time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said := fmt.Sprint(r.Header, r.URL)
		w.Write(rss(now, "echo-"+r.Host+"|http://"+r.Host+"/1|Echo of "+strings.NewReplacer("&", "", "<", "", "|", "").Replace(said)+"|1|Echo"))
	})
}

// T-25: what is given to the program in confidence is told to the origin that it
// is for, and to nobody else: not in what is printed, logged, stored or published,
// whether the poll goes well, fails, or is led to another origin that repeats all
// that it hears.
func TestSecretsAreToldToTheirOriginsOnly(t *testing.T) {
	hosts := []string{"in-url.example", "in-query.example", "basic.example", "bearer.example", "headers.example",
		"open.example", "closed.example"}
	d := newDesk(t)
	d.config(secretive)
	lookup := func(name string) (string, bool) { v, ok := secrets[name]; return v, ok }
	run := func(args ...string) string {
		p, out, errs := d.start()
		p.lookup = lookup
		p.main(t.Context(), append([]string{"-c", filepath.Join(d.dir, "config.yaml"), "--log-level", "debug"}, args...))
		return out.String() + errs.String()
	}
	look := func(when string) {
		for _, args := range [][]string{{"check"}, {"check", "--json"}, {"once", "--json"}, {"once"}, {"status"}, {"status", "--json"},
			{"explain", "http://basic.example/1"}, {"explain", "Echo", "--json"}, {"explain", "http://in-query.example/feed?token=" + secrets["QUERY"] + "x"},
			{"preview", "in-url"}, {"preview", "in-query", "--json"}, {"preview", "basic"}, {"preview", "bearer"}, {"preview", "headers", "--json"},
			{"preview", "several"}, {"preview", "proxied"}, {"preview", "http://basic.example/feed"}} {
			if said := run(args...); tells(said) != "" && !strings.Contains(args[len(args)-1], "canary") {
				t.Errorf("%s: broadsheet %v tells %s:\n%s", when, args, tells(said), said)
			}
		}
		for path, body := range d.build() {
			if name := tells(body); name != "" {
				t.Errorf("%s: %s of the site tells %s", when, path, name)
			}
		}
	}
	good := rss(d.now, "1|http://gulf.example/1|Storm|2|Iran")
	for _, host := range hosts {
		d.web.Serve(host, "/feed", "application/rss+xml", good)
	}
	d.web.Handle("proxy.example:3128", fakeweb.Status(502))
	look("good")
	for _, r := range d.web.Log() {
		if r.Host != "proxy.example:3128" && r.Host != "open.example" && tells(asText(r)) == "" {
			t.Errorf("%s was not told its secret: the test proves nothing", r.Host)
		}
	}
	d.later(2 * time.Hour)
	for i, host := range hosts {
		d.web.HandlePage(host, "/feed", []http.Handler{fakeweb.Status(401), fakeweb.Status(500), fakeweb.Hang(),
			fakeweb.Raw([]byte("<html>log in</html>")), fakeweb.Status(429), fakeweb.Redirect(302, "/feed"), fakeweb.Truncated("text/xml", good, 9)}[i])
	}
	d.web.HandlePage("basic.example", "/feed", fakeweb.Redirect(302, "http://basic.example:x/"))
	look("failing")
	d.later(26 * time.Hour)
	d.web.Forget()
	d.web.Handle("evil.example", echo(d.now))
	for _, host := range hosts {
		d.web.HandlePage(host, "/feed", fakeweb.Redirect(301, "http://evil.example/echo-of-"+host))
	}
	look("redirected")
	told := 0
	for _, r := range d.web.Log() {
		if r.Host == "evil.example" {
			told++
			if name := tells(asText(r)); name != "" {
				t.Errorf("another origin was told %s: %s", name, asText(r))
			}
		}
	}
	if told < len(hosts) {
		t.Errorf("the other origin was asked %d times: the test proves nothing", told)
	}
	lookAtDoors(t, d, lookup)
	lookIntoStore(t, d)
}

// lookAtDoors looks at what a running program serves, to readers and to the operator.
func lookAtDoors(t *testing.T, d *desk, lookup func(string) (string, bool)) {
	t.Helper()
	for name, value := range secrets {
		t.Setenv(name, value)
	}
	d.lookup = lookup
	base, admin, stop := d.serve()
	for _, url := range []string{base + "/", base + "/world/", base + "/world/rss.xml", base + "/world/atom.xml", base + "/world/feed.json",
		base + "/opml.xml", base + "/sources.opml", admin + "/status", admin + "/metrics", admin + "/readyz", admin + "/livez", admin + "/"} {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || tells(string(body)) != "" {
			t.Errorf("%s tells %s (%v)", url, tells(string(body)), err)
		}
	}
	stop()
	if text := d.logged.String(); text == "" || tells(text) != "" {
		t.Errorf("the log of run tells %s, and is %d bytes long", tells(text), len(text))
	}
}

// lookIntoStore looks into the store itself. One secret is in it: a key in the query of
// a url is part of the feed's name.
func lookIntoStore(t *testing.T, d *desk) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(d.dir, "broadsheet.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal("there is no store", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if name := tells(strings.ReplaceAll(string(data), secrets["QUERY"], "")); name != "" {
			t.Errorf("%s tells %s", filepath.Base(file), name)
		}
	}
}

// asText is all of a request.
func asText(r fakeweb.Request) string { return fmt.Sprint(r.URL(), r.Header) }
