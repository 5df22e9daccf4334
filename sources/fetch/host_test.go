package fetch_test

import (
	"strings"
	"testing"

	"broadsheet/sources/fetch"
)

func TestHostsAndDomains(t *testing.T) {
	for _, tc := range []struct{ url, host, domain string }{
		{"https://News.Gulf.Example/feed", "news.gulf.example", "gulf.example"},
		{"https://gulf.example:443/", "gulf.example", "gulf.example"},
		{"http://gulf.example:443/", "gulf.example:443", "gulf.example"},
		{"http://gulf.example:80", "gulf.example", "gulf.example"},
		{"http://user:pass@gulf.example:8080/", "gulf.example:8080", "gulf.example"},
		{"https://www.bbc.co.uk/", "www.bbc.co.uk", "bbc.co.uk"},
		{"https://co.uk/", "co.uk", "co.uk"},
		{"https://a.b.someone.github.io/", "a.b.someone.github.io", "github.io"},
		{"https://github.io/", "github.io", "github.io"},
		{"https://x.blogspot.com/", "x.blogspot.com", "blogspot.com"},
		{"https://shop.example.uk.com/", "shop.example.uk.com", "uk.com"},
		{"https://s3.eu-west-1.amazonaws.com/b", "s3.eu-west-1.amazonaws.com", "amazonaws.com"},
		{"https://foo.bar.ck/", "foo.bar.ck", "foo.bar.ck"},
		{"https://www.ck/", "www.ck", "www.ck"},
		{"https://Bücher.example/", "xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"https://пример.рф/", "xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"},
		{"https://under_score.gulf.example./", "under_score.gulf.example", "gulf.example"},
		{"http://localhost:1200/", "localhost:1200", "localhost"},
		{"http://bridge/feed", "bridge", "bridge"},
		{"http://127.0.0.1:1200/", "127.0.0.1:1200", "127.0.0.1"},
		{"http://[::1]/", "[::1]", "::1"},
		{"http://[0:0::1]:8080/", "[::1]:8080", "::1"},
	} {
		host, domain, err := fetch.HostOf(tc.url)
		if err != nil || host != tc.host || domain != tc.domain {
			t.Errorf("%s: got %q, %q, %v; want %q, %q", tc.url, host, domain, err, tc.host, tc.domain)
		}
	}
}

func TestWhatHasNoHost(t *testing.T) {
	for _, url := range []string{"", "feed.xml", "http://", "http:///x", "file:///etc/passwd",
		"gulf.example/feed", "http://[::1", "http://a b/", "mailto:a@b.example",
		"http://../", "http://a..b/", "http://[fe80::1%25eth0]/", "http://a,b/"} {
		if host, _, err := fetch.HostOf(url); err == nil {
			t.Errorf("%q: got %q", url, host)
		}
	}
}

func TestSecretsAreHidden(t *testing.T) {
	for url, want := range map[string]string{
		"https://gulf.example/feed?page=2&lang=en":      "https://gulf.example/feed?page=2&lang=en",
		"https://reader:canary@gulf.example/feed":       "https://***@gulf.example/feed",
		"https://canary@gulf.example/":                  "https://***@gulf.example/",
		"https://gulf.example/?a=1&token=canary&b=2":    "https://gulf.example/?a=1&token=***&b=2",
		"https://gulf.example/?API_KEY=canary":          "https://gulf.example/?API_KEY=***",
		"https://gulf.example/?%74oken=canary":          "https://gulf.example/?%74oken=***",
		"https://gulf.example/?x=canary8f7a6b5c4d3e2f1": "https://gulf.example/?x=***",
		"https://gulf.example/?canary8f7a6b5c4d3e2f1":   "https://gulf.example/?***",
		"https://gulf.example/?feed=rss2&author=3":      "https://gulf.example/?feed=rss2&author=3",
		"https://gulf.example/?canary8f7a6b5c4d3e2f1=":  "https://gulf.example/?***",
		"https://gulf.example/?key=":                    "https://gulf.example/?key=",
		"https://gulf.example/?category=middle-east":    "https://gulf.example/?category=middle-east",
		"https://gulf.example/a#canary":                 "https://gulf.example/a#***",
		"https://r:canary@gulf.example:x/":              "a URL that cannot be read",
		"mailto:reader@gulf.example":                    "mailto:reader@gulf.example",
	} {
		if got := fetch.Redact(url); got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
}

func FuzzHostOf(f *testing.F) {
	for _, s := range []string{"https://a.b.github.io:8443/x", "http://[::1%25lo]/", "http://①②⑦.1/",
		"http://xn--a/", "https://.../", "http://a..b/", "HTTP://ﬀ.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host, domain, err := fetch.HostOf(s)
		if err != nil {
			return
		}
		if host == "" || domain == "" || host != strings.ToLower(host) {
			t.Fatalf("%q: host %q, domain %q", s, host, domain)
		}
		again, same, err := fetch.HostOf("http://" + host + "/")
		if strings.HasSuffix(host, ":80") { // the default port of the other scheme
			return
		}
		if err != nil || again != host || same != domain {
			t.Errorf("%q: %q, %q becomes %q, %q, %v", s, host, domain, again, same, err)
		}
	})
}

func FuzzRedact(f *testing.F) {
	f.Add("gulf.example", "feed?x=1")
	f.Add("a@b", "?token=1#f")
	f.Fuzz(func(t *testing.T, host, rest string) {
		if strings.Contains(host, "canary") || strings.Contains(rest, "canary") {
			return
		}
		got := fetch.Redact("https://reader:canary@" + host + "/" + rest + "&token=canary")
		if strings.Contains(rest, "?") && strings.Contains(got, "canary") {
			t.Errorf("%q %q: %s", host, rest, got)
		}
	})
}
