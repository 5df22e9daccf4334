package robots

import (
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"
)

// may reports what a file allows Broadsheet to ask for.
func may(t testing.TB, file, path string) bool {
	t.Helper()
	u, err := url.Parse("https://gulf.example" + path)
	if err != nil {
		t.Fatal(err)
	}
	return Parse([]byte(file), "Broadsheet").Allows(u)
}

// The examples of RFC 9309 §5.1 and §5.2, for the crawlers that they name.
func TestExamplesOfTheStandard(t *testing.T) {
	const simple = `User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
`
	const longest = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"
	for _, tc := range []struct {
		file, product, path string
		allowed             bool
	}{
		{simple, "foobot", "/example/page.html", true},
		{simple, "foobot", "/example/allowed.gif", true},
		{simple, "foobot", "/example/", false},
		{simple, "foobot", "/", false},
		{simple, "barbot", "/example/page.html", false},
		{simple, "barbot", "/example/other.html", true},
		{simple, "bazbot", "/example/page.html", false},
		{simple, "quxbot", "/example/page.html", true}, // a group without rules
		{simple, "quxbot", "/picture.gif", true},
		{simple, "Broadsheet", "/picture.gif", false},
		{simple, "Broadsheet", "/picture.gif?x", true},
		{simple, "Broadsheet", "/example/", false},
		{simple, "Broadsheet", "/publications/", true},
		{longest, "foobot", "/example/page/", true},
		{longest, "foobot", "/example/page/disallowed.gif", false},
		{longest, "Broadsheet", "/example/page/disallowed.gif", true},
	} {
		u, _ := url.Parse("https://gulf.example" + tc.path)
		if got := Parse([]byte(tc.file), tc.product).Allows(u); got != tc.allowed {
			t.Errorf("%s and %s: allowed is %t", tc.product, tc.path, got)
		}
	}
}

// Rules are compared as RFC 9309 §2.2.2 and §2.2.3 say.
func TestPatterns(t *testing.T) {
	for _, tc := range []struct {
		pattern, path string
		matches       bool
	}{
		{"/", "/", true},
		{"/fish", "/fish.html", true},
		{"/fish", "/Fish", false},
		{"/fish", "/catfish", false},
		{"/fish/", "/fish", false},
		{"fish", "/fish", false}, // begins with neither / nor *
		{"*fish", "/catfish", true},
		{"/*.php", "/a/b.php?c", true},
		{"/*.php$", "/a/b.php", true},
		{"/*.php$", "/a/b.php?c", false},
		{"/*.php$", "/a.php/b.php", true},
		{"/a*b*c$", "/axbxcxc", true},
		{"/a*b*c$", "/axbxcx", false},
		{"/ab*b$", "/ab", false}, // the two must not overlap
		{"/a$", "/a", true},
		{"/a$", "/ab", false},
		{"/$", "/", true},
		{"/a$b", "/a$b", true}, // $ means an end at the end only
		{"/a$b", "/a", false},
		{"/***a", "/xa", true},
		{"/*", "/", true},
		{"/file-with-a-%2A.html", "/file-with-a-*.html", true},
		{"/foo-%24", "/foo-$", true},
		{"/foo-%24", "/foo-", false},
		{"/foo/bar?baz=quz", "/foo/bar?baz=quz", true},
		{"/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", true},
		{"/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", true},
		{"/foo/bar/\u30c4", "/foo/bar/%E3%83%84", true},
		{"/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", true},
		{"/foo/bar/%E3%83%84", "/foo/bar/\u30c4", true},
		{"/foo/bar/%62%61%7A", "/foo/bar/baz", true},
		{"/foo/bar/baz", "/foo/bar/%62%61%7a", true},
		{"/a%2fb", "/a%2Fb", true},
		{"/a%2fb", "/a/b", false}, // an encoded / is no separator
		{"/100%", "/100%25", true},
		{"/100%", "/100%2A", false},
		{"/a b", "/a%20b", true},
		{"/{id}", "/{id}", true},
		{"/{id}", "/%7Bid%7d", true},
		{"/%7bid%7D", "/{id}", true},
		{"/a[1]", "/a[1]", true},
		{"/a[1]", "/a%5B1%5D", true},
		{"/a%5B1%5D", "/a[1]", true},
		{"/\"<>\\^`{|}", "/\"<>\\^`{|}", true},
		{"/%22%3C%3E%5C%5E%60%7B%7C%7D", "/\"<>\\^`{|}", true},
		{"/q?f[]=a|b", "/q?f[]=a|b", true},
		{"/q?f[]=a|b", "/q?f%5B%5D=a%7Cb", true},
	} {
		file := "User-agent: *\nDisallow: " + tc.pattern
		if got := !may(t, file, tc.path); got != tc.matches {
			t.Errorf("%s and %s: matches is %t", tc.pattern, tc.path, got)
		}
	}
}

func TestTheMostSpecificRuleDecides(t *testing.T) {
	for _, tc := range []struct {
		rules, path string
		allowed     bool
	}{
		{"Allow: /p\nDisallow: /", "/page", true},
		{"Disallow: /\nAllow: /p", "/page", true}, // whatever the order is
		{"Allow: /folder\nDisallow: /folder", "/folder/page", true},
		{"Disallow: /folder\nAllow: /folder", "/folder/page", true}, // allow wins ties
		{"Allow: /page\nDisallow: /*.htm", "/page.htm", false},
		{"Allow: /page\nDisallow: /*.ph", "/page.php5", true},
		{"Allow: /$\nDisallow: /", "/", true},
		{"Allow: /$\nDisallow: /", "/page.htm", false},
		{"Disallow: /%61%62%63\nAllow: /abc", "/abc", true}, // as long, once decoded
		{"Disallow:", "/", true},
		{"Allow:\nDisallow: /", "/", false},
		{"Disallow: /robots.txt\nDisallow: /", "/robots.txt", true},
		{"Disallow: /", "/robots.txt?x=1", false},
		{"Disallow: /", "", false},
	} {
		if got := may(t, "User-agent: *\n"+tc.rules, tc.path); got != tc.allowed {
			t.Errorf("%q and %s: allowed is %t", tc.rules, tc.path, got)
		}
	}
}

func TestGroupsOfAFile(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		allowed    bool
	}{
		{"nothing at all", "", true},
		{"a page in its place", "<!doctype html><html><body>404: not found</body></html>", true},
		{"for everyone", "User-agent: *\nDisallow: /", false},
		{"for somebody else", "User-agent: other\nDisallow: /", true},
		{"for us, in any case", "uSeR-aGeNt: BROADSHEET\ndisALLOW: /", false},
		{"for us, with a version", "User-agent: Broadsheet/2.1 (x)\nDisallow: /", false},
		{"for a longer name", "User-agent: Broadsheets\nDisallow: /", true},
		{"for a shorter name", "User-agent: Broad\nDisallow: /", true},
		{"ours beats everyone's", "User-agent: *\nDisallow: /\nUser-agent: broadsheet\nAllow: /", true},
		{"ours without rules", "User-agent: *\nDisallow: /\nUser-agent: broadsheet", true},
		{"several names of one group", "User-agent: a\nUser-agent: broadsheet\nDisallow: /", false},
		{"a rule ends the names", "User-agent: broadsheet\nDisallow: /x\nUser-agent: a\nDisallow: /", true},
		{"an empty rule ends them too", "User-agent: broadsheet\nDisallow:\nUser-agent: a\nDisallow: /", true},
		{"groups of one name are one", "User-agent: broadsheet\nDisallow: /a\n\nUser-agent: other\n" +
			"Disallow: /b\n\nUser-agent: broadsheet\nDisallow: /page", false},
		{"everyone's are one as well", "User-agent: *\nAllow: /x\nUser-agent: a\nAllow: /\n" +
			"User-agent: *\nDisallow: /page", false},
		{"rules before any group", "Disallow: /\nUser-agent: *\nDisallow: /x", true},
		{"blank lines do not end a group", "User-agent: *\n\n\nDisallow: /", false},
		{"other records do not end a group", "User-agent: broadsheet\nSitemap: https://x.example/\n" +
			"Crawl-delay: 1\nUser-agent: other\nDisallow: /", false},
		{"comments", "User-agent: * # all of you\nDisallow: / # and all of it\n# Allow: /", false},
		{"no spaces", "User-agent:*\nDisallow:/", false},
		{"many spaces", " \tUser-agent \t: \t* \t\n \tDisallow\t: \t/ \t", false},
		{"a byte order mark", "\ufeffUser-agent: *\nDisallow: /", false},
		{"lines end with CR", "User-agent: *\rDisallow: /\rAllow: /x", false},
		{"lines end with CRLF", "User-agent: *\r\nDisallow: /\r\n", false},
		{"no colon", "User-agent *\nDisallow /", true},
		{"an agent without a name", "User-agent:\nDisallow: /", true},
	} {
		if got := may(t, tc.file, "/page"); got != tc.allowed {
			t.Errorf("%s: allowed is %t", tc.name, got)
		}
	}
}

func TestCrawlDelayIsHeardAsAnExtra(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"10": 10 * time.Second, "0.5": 500 * time.Millisecond, "": 0, "0": 0, "-1": 0, "ten": 0,
		"NaN": 0, "1e99": maxDelay, "Inf": maxDelay, "1,5": 0,
	} {
		f := Parse([]byte("User-agent: broadsheet\nCrawl-delay: "+value), "Broadsheet")
		if f.Delay() != want {
			t.Errorf("%q: %s, want %s", value, f.Delay(), want)
		}
	}
	f := Parse([]byte("User-agent: *\nCrawl-delay: 60\nUser-agent: broadsheet\nCrawl-delay: 2\n"+
		"Disallow: /x\nUser-agent: broadsheet\nCrawl-delay: 3"), "broadsheet")
	if f.Delay() != 3*time.Second {
		t.Errorf("the longest of our groups is %s", f.Delay())
	}
}

// At least 500 KiB are read (RFC 9309 §2.5), and no more than MaxBytes.
func TestALongFileIsReadToItsLimit(t *testing.T) {
	filler := strings.Repeat("# nothing to see here\n", 1+(500<<10)/22)
	if may(t, filler+"User-agent: *\nDisallow: /", "/page") {
		t.Error("what stands behind 500 KiB was not read")
	}
	head := "User-agent: *\nDisallow: /first\n"
	beyond := head + strings.Repeat("\n", MaxBytes-len(head)) + "Disallow: /page"
	if !may(t, beyond, "/page") || may(t, beyond, "/first") {
		t.Error("what stands behind the limit was read, or nothing was")
	}
	// The limit must not make "Disallow: /" of "Disallow: /page".
	cut := head + strings.Repeat("\n", MaxBytes-len(head)-len("Disallow: /")) + "Disallow: /page"
	if !may(t, cut, "/other") {
		t.Error("a pattern was cut in two")
	}
}

// What is remembered of a file is what its Size says, whatever the file is: the
// rules of others are not kept behind it, and wildcards are counted.
func TestSizeIsWhatIsKept(t *testing.T) {
	for name, file := range map[string]string{
		"rules of others": "User-agent: broadsheet\nAllow: /x\nUser-agent: *\n" + strings.Repeat("Disallow: /xxxxxxxxxx\n", MaxBytes/25),
		"wildcards":       "User-agent: *\nDisallow: /" + strings.Repeat("*", MaxBytes-100),
		"many rules":      "User-agent: *\n" + strings.Repeat("Disallow: /xxxxxxxxxx\n", MaxBytes/25),
		"short rules":     "User-agent: *\n" + strings.Repeat("Allow:*\n", MaxBytes/10),
	} {
		const copies, slack = 8, 16 << 10
		var kept [copies]*File
		before := heap()
		for i := range kept {
			kept[i] = Parse([]byte(file), "Broadsheet")
		}
		size, took := kept[0].Size(), (heap()-before)/copies
		if took > 5*size/4+slack {
			t.Errorf("%s: %d bytes are kept and %d are counted", name, took, size)
		}
		runtime.KeepAlive(&kept)
	}
}

// heap is what is in use, garbage aside, in bytes.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// An evil file costs no more than a large one.
func TestMatchingIsLinear(t *testing.T) {
	path := "/" + strings.Repeat("a", 8<<10)
	for name, file := range map[string]string{
		"one pattern of wildcards":  "User-agent: *\nDisallow: /" + strings.Repeat("a*", MaxBytes/2-20) + "b",
		"wildcards without letters": "User-agent: *\nDisallow: /" + strings.Repeat("*", MaxBytes-40) + "b",
		"many patterns": "User-agent: *\n" +
			strings.Repeat("Disallow: *"+strings.Repeat("a*", 50)+"b\n", MaxBytes/120),
		"many short patterns": "User-agent: *\n" + strings.Repeat("Allow: *b\n", MaxBytes/10),
		"many groups":         strings.Repeat("User-agent: broadsheet\nDisallow: /x\n", MaxBytes/36),
	} {
		start := time.Now()
		may(t, file, path)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestTheProductIsTheFirstWordOfAUserAgent(t *testing.T) {
	for agent, want := range map[string]string{
		"Broadsheet/1.2 (+https://news.example/)": "Broadsheet", "Broadsheet": "Broadsheet",
		"my-own_bot 3": "my-own_bot", "": "", "/1": "", "*": "",
	} {
		if got := Product(agent); got != want {
			t.Errorf("%q: %q", agent, got)
		}
	}
}

func FuzzRobots(f *testing.F) {
	for _, file := range []string{
		"User-agent: *\nDisallow: /\nAllow: /a*b$\n", "\ufeffuser-agent:broadsheet\r\ncrawl-delay:.5\rdisallow:*?",
		"User-agent: a\nUser-agent: broadsheet # x\nAllow: /%E3%83%84\nDisallow: /%zz$%2a*$\n",
		"Disallow: /\nUser-agent: *\nDisallow: /p?q=http%3A//x", "user-agent: broadsheet\ndisallow:\nallow: /$",
	} {
		for _, path := range []string{"/", "/a/b", "/p?q=http://x", "/%E3%83%84", "/*$", "/%"} {
			f.Add(file, path)
		}
	}
	f.Fuzz(func(t *testing.T, file, path string) {
		u := &url.URL{Path: path}
		if escaped, query, asked := strings.Cut(path, "?"); asked {
			u = &url.URL{Path: escaped, RawQuery: query}
		}
		own := Parse([]byte(file), "Broadsheet")
		allowed := own.Allows(u)
		if d := own.Delay(); d < 0 || d > maxDelay {
			t.Errorf("a delay of %s", d)
		}
		if own.Size() > 200*(len(file)+1) {
			t.Errorf("%d bytes of file take %d", len(file), own.Size())
		}
		if Parse([]byte(file), "bROADSHEET").Allows(u) != allowed {
			t.Error("the case of the product token matters")
		}
		if crlf := strings.NewReplacer("\r", "\n").Replace(file); len(file) < MaxBytes &&
			Parse([]byte(crlf), "Broadsheet").Allows(u) != allowed {
			t.Error("the kind of line end matters")
		}
		// The slow and obvious way to the same answer.
		if want := obvious(own.rules, u); want != allowed && u.EscapedPath() != Path {
			t.Errorf("allowed is %t, and %t by looking at each rule", allowed, want)
		}
		for _, text := range []string{path, file} {
			once := normal(text, true)
			if again := normal(once, true); again != once {
				t.Errorf("%q becomes %q, then %q", text, once, again)
			}
		}
	})
}

// obvious matches by dynamic programming, octet by octet.
func obvious(rules []rule, u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	path = normal(path, false)
	if len(path) > 500 || len(rules) > 50 {
		return (&File{rules: rules}).Allows(u) // too much to try
	}
	best, allowed := -1, true
	for _, r := range rules {
		text := strings.Join(r.pattern.parts, "*")
		if !glob(text, path, r.pattern.anchored) {
			continue
		}
		if n := r.pattern.size; n > best || n == best && r.allow {
			best, allowed = n, r.allow
		}
	}
	return allowed
}

// glob reports whether pattern matches a prefix of s, or all of it if anchored.
func glob(pattern, s string, anchored bool) bool {
	reach := make([]bool, len(s)+1)
	reach[0] = true
	for _, c := range []byte(pattern) {
		next := make([]bool, len(s)+1)
		for i := range s {
			switch {
			case c == '*':
			case reach[i] && s[i] == c:
				next[i+1] = true
			}
		}
		if c == '*' {
			open := false
			for i := range reach {
				open = open || reach[i]
				next[i] = open
			}
		}
		reach = next
	}
	if anchored {
		return reach[len(s)]
	}
	for _, r := range reach {
		if r {
			return true
		}
	}
	return false
}
