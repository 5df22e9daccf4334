package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what a command prints with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got:\n%s", name, diff)
	}
}

const stepsFeed = `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gulf &amp;amp; Co</title>
<link>http://gulf.example/</link><description>d</description><language>en_us</language>
<item><guid isPermaLink="false">1</guid><title>Storm &amp;amp; rain over &lt;i&gt;Amity&lt;/i&gt;</title><link>http://gulf.example/1?utm_source=rss&amp;id=1</link>
<pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate><author>desk@gulf.example (Jo Rain)</author><category> Weather </category><category>weather</category><category>Iran</category>
<description>Rain fell all night. Continue reading</description>
<content:encoded><![CDATA[<p class="lead" onclick="x()">Rain fell all night.<sup><a href="#fn1">1</a></sup></p><script>count()</script><p>The ferry was late.</p><p>Nobody minded.</p><p>By noon it was dry.</p>
<p>The pier was closed.</p><img data-src="/pier.jpg" src="data:image/gif;base64,R0"><iframe src="https://www.youtube.com/embed/abcdef12345" title="The pier"></iframe><p id="fn1">Since ten.</p>
<img src="https://pixel.example/p" width="1" height="1"><p>Share on Facebook | Tweet</p><p>The post <a href="http://gulf.example/1">Storm</a> appeared first on <a href="http://gulf.example/">Gulf</a>.</p>]]></content:encoded></item>
<item><guid isPermaLink="false">2</guid><title>Calm over Marfa</title><link>http://gulf.example/2</link><pubDate>2026-11-22T08:00:00Z</pubDate><description>It was calm.</description></item>
</channel></rss>`

// What an operator reads who wants to know why an article looks as it does.
func TestPreviewAndExplainShowBeforeAndAfterStepByStep(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", []byte(stepsFeed))
	golden(t, "preview.txt", d.run("preview", "gulf-wire"))
	golden(t, "preview-steps.txt", d.run("preview", "gulf-wire", "--steps"))
	d.run("once", "gulf-wire")
	golden(t, "explain.txt", d.run("explain", "Storm"))
	golden(t, "explain-steps.txt", d.run("explain", "Storm", "--steps"))
	if site := d.build(); !strings.Contains(site["world/rss.xml"], "#ec10781bd0e-fn1") || !strings.Contains(site["world/atom.xml"], "#ec10781bd0e-fn1") {
		t.Errorf("the footnote is not published:\n%s", site["world/rss.xml"])
	}
	var got struct{ Articles []explained }
	d.runJSON(&got, "explain", "Storm")
	var seen struct{ Feeds []previewed }
	d.runJSON(&seen, "preview", "gulf-wire")
	if len(got.Articles) != 1 || len(got.Articles[0].Changes) < 8 || len(got.Articles[0].Notes) < 5 {
		t.Fatalf("explain --json gives %+v", got)
	}
	if diff := cmp.Diff(got.Articles[0].Changes, seen.Feeds[0].Entries[0].Changes); diff != "" {
		t.Errorf("explain and preview tell it differently:\n%s", diff)
	}
	for _, c := range got.Articles[0].Changes {
		if c.Part == "title" && (c.Step != "title" || c.Before != "Storm &amp; rain over <i>Amity</i>" || c.After != "Storm & rain over Amity") {
			t.Errorf("the title is told as %+v", c)
		}
	}
}

func TestCompareFindsWhatStayed(t *testing.T) {
	for _, tt := range []struct {
		a, b []string
		want string
	}{
		{nil, nil, ""},
		{[]string{"a"}, nil, "-a"},
		{nil, []string{"a"}, "+a"},
		{[]string{"a", "b", "c"}, []string{"a", "c"}, " a-b c"},
		{[]string{"a", "b"}, []string{"a", "x", "b", "y"}, " a+x b+y"},
		{[]string{"a", "b"}, []string{"c", "d"}, "-a-b+c+d"},
	} {
		got := ""
		for _, l := range compare(tt.a, tt.b) {
			got += string(l.sign) + l.text
		}
		if got != tt.want {
			t.Errorf("compare(%q, %q) = %q, want %q", tt.a, tt.b, got, tt.want)
		}
	}
	if got := compare(make([]string, 3*mostLines), nil); len(got) != mostLines+1 || got[mostLines].sign != '~' {
		t.Errorf("a long text is compared in %d lines", len(got))
	}
}

// T-25: what a feed's addresses hold in confidence is in nothing that is told of its articles.
func TestStepsTellNoSecretsOfAddresses(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	const at = "http://reader:canary@gulf.example/1?token=canary&amp;id=1#n"
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", []byte(`<rss version="2.0"><channel><title>Gulf</title><link>http://gulf.example/</link>
<item><guid isPermaLink="false">`+at+`</guid><title>Storm over Amity</title><link>`+at+`</link><comments>`+at+`</comments><pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate>
<description><![CDATA[<p>Rain fell <a href="`+at+`">all night</a> over //reader:canary@gulf.example/x.</p><img src='`+at+`'>]]></description></item></channel></rss>`))
	told := d.run("preview", "gulf-wire", "--steps")
	var got struct{ Articles []explained }
	var seen struct{ Feeds []previewed }
	d.runJSON(&seen, "preview", "gulf-wire")
	d.run("once", "gulf-wire")
	told += d.run("explain", "Storm") + d.run("explain", "Storm", "--steps")
	d.runJSON(&got, "explain", "Storm")
	if !strings.Contains(told, "***@gulf.example/1") || len(got.Articles) != 1 {
		t.Fatal("the addresses are not told at all:\n" + told)
	}
	told += fmt.Sprintf("%+v %+v", got.Articles[0].Changes, seen.Feeds[0].Entries[0].Changes)
	for line := range strings.SplitSeq(told, "\n") {
		if strings.Contains(line, "reader:canary") {
			t.Errorf("it tells %s", line)
		}
	}
}
