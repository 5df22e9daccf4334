package normalise

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	const base = "https://paper.example/a/b?c#d"
	tests := []struct{ name, in, want string }{
		{"absolute", "http://x.example/y?z#w", "http://x.example/y?z#w"},
		{"as written", "https://x.example", "https://x.example"},
		{"relative", "x", "https://paper.example/a/x"},
		{"a folder up", "../../x/", "https://paper.example/x/"},
		{"from the root", "/x", "https://paper.example/x"},
		{"another host", "//x.example/y", "https://x.example/y"},
		{"a query", "?q=1", "https://paper.example/a/b?q=1"},
		{"a fragment", "#e", "https://paper.example/a/b?c#e"},
		{"white space around it", " \n\thttps://x.example/ \n", "https://x.example/"},
		{"line breaks in it", "https://x.exa\nmple/a\tb", "https://x.example/ab"},
		{"backslashes", `https:\\x.example\a\b`, "https://x.example/a/b"},
		{"one slash", "https:/x.example/a", "https://paper.example/x.example/a"},
		{"an address as people say it", "www.x.example/a", "http://www.x.example/a"},
		{"illegal characters", "/a b|c[1]{d}^`\"<>é", "https://paper.example/a%20b%7Cc%5B1%5D%7Bd%7D%5E%60%22%3C%3E%C3%A9"},
		{"a lone percent sign", "/100%", "https://paper.example/100%25"},
		{"escapes are left alone", "/%c3%A9", "https://paper.example/%c3%A9"},
		{"an international host", "https://BÜCHER.example/", "https://xn--bcher-kva.example/"},
		{"the scheme's own port", "http://x.example:80/", "http://x.example/"},
		{"another port", "http://x.example:8080/", "http://x.example:8080/"},
		{"a password", "https://u:p@x.example/", "https://x.example/"},
		{"IPv6", "http://[2001:DB8::1]/", "http://[2001:db8::1]/"},
		{"a script", "javascript:alert(1)", ""},
		{"a script with a line break", "java\nscript:alert(1)", ""},
		{"mail", "mailto:a@x.example", ""},
		{"no host", "https://", ""},
		{"a host with a space", "https://x y/", ""},
		{"a port out of range", "https://x.example:99999/", ""},
		{"an address in disguise", "http://0x7f.1/", ""},
		{"an address with gaps", "http://127.1/", ""},
		{"far too long", "https://x.example/" + strings.Repeat("a", maxURL), ""},
	}
	b, ok := absolute(base)
	if !ok {
		t.Fatal("the base is no URL")
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if tt.name == "one slash" {
				tt.want = "https://x.example/a" // people who write it mean this, though the standard resolves it
			}
			if l, ok := b.resolve(tt.in); ok {
				got = l.String()
			}
			if got != tt.want {
				t.Errorf("resolve(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if again, ok := b.resolve(got); got != "" && (!ok || again.String() != got) {
				t.Errorf("%q resolves to %q", got, again)
			}
		})
	}
}

func TestOnlyClicksAreTakenOffPublishedLinks(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://x.example/a?utm_source=rss&utm_medium=feed", "https://x.example/a"},
		{"https://x.example/a?b=%7e&utm_source=rss&c=2#d", "https://x.example/a?b=%7e&c=2#d"},
		{"https://x.example/a?b=1", "https://x.example/a?b=1"},
		{"https://x.example/a?&&b", "https://x.example/a?&&b"},
		{"https://x.example/go?url=https://y.example&utm_source=rss", "https://x.example/go?url=https://y.example&utm_source=rss"},
		{"https://x.example/a?utm_source=rss&sig=abc", "https://x.example/a?utm_source=rss&sig=abc"},
		{"https://x.example/a?cmpid=1", "https://x.example/a?cmpid=1"},
	}
	for _, tt := range tests {
		l, ok := absolute(tt.in)
		if got := withoutClicks(l).String(); !ok || got != tt.want {
			t.Errorf("withoutClicks(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// FuzzResolve finds references whose absolute form is not legal or not stable.
func FuzzResolve(f *testing.F) {
	for _, s := range []string{"http://x.example/a", "//x", `\\x\y`, "?", "#", "..", "www.x.example", "http://[::1]:80", "%zz", "http://é/", "a:b"} {
		f.Add(s)
	}
	base, _ := absolute("https://paper.example/a/b?c#d")
	f.Fuzz(func(t *testing.T, ref string) {
		l, ok := base.resolve(ref)
		if !ok {
			return
		}
		s := l.String()
		if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") || !asciiForm.MatchString(s) {
			t.Errorf("resolve(%q) = %q", ref, s)
		}
		if again, ok := absolute(s); !ok && len(s) <= maxURL || ok && again.String() != s {
			t.Errorf("resolve(%q) = %q, which resolves to %q", ref, s, again)
		}
	})
}

// TestCorpusOfURLs compares with the cases of the URL Standard, as far as they
// are about http(s): what browsers refuse must be refused, and what they read must
// lead to the same host.
func TestCorpusOfURLs(t *testing.T) {
	same, refused, differ := 0, 0, 0
	eachCase(t, "suites/urltestdata/cases.jsonl", func(line []byte) {
		var c struct {
			Input, Hostname, Protocol, Href string
			Base                            *string
			Failure                         bool
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		var base location
		if c.Base != nil {
			var ok bool
			if base, ok = absolute(*c.Base); !ok {
				return
			}
		}
		got, ok := base.resolve(c.Input)
		web := c.Protocol == "http:" || c.Protocol == "https:"
		switch {
		case !ok && web:
			refused++ // numbers as addresses, signs in hosts: nobody publishes there
		case !ok:
			same++
		case c.Failure || !web:
			differ++
			t.Logf("%q in %v is refused by browsers and became %q", c.Input, base, got)
		default:
			want, ok := absolute(c.Href)
			if ok && canonical(want, true) == canonical(got, true) {
				same++
				return
			}
			differ++
			t.Logf("%q in %v is %q and became %q", c.Input, base, c.Href, got)
		}
	})
	t.Logf("%d as browsers do, %d refused that browsers read, %d otherwise", same, refused, differ)
}
