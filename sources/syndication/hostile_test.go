package syndication

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// inItem puts markup into the only item of an RSS feed.
func inItem(markup string) string {
	return `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title>` +
		`<item><guid>1</guid>` + markup + `</item></channel></rss>`
}

func many(n int, format string) string {
	before, after, numbered := strings.Cut(format, "%d")
	if !numbered {
		return strings.Repeat(format, n)
	}
	var out strings.Builder
	for i := range n {
		out.WriteString(before + strconv.Itoa(i) + after)
	}
	return out.String()
}

// What a document can cost must not depend on who wrote it. Each of these is
// some megabytes at most; the limit is generous for a shared, slow machine.
func TestHostileDocumentsAreReadOrRefusedQuickly(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	const limit = 10 * time.Second // with the race detector; without, all take about a second at most
	tests := []struct {
		name string
		body string
		want feed.Kind // KindUnknown: it is read
	}{
		{"elements nested without end", inItem(many(1_000_000, "<media:group>")), feed.KindTooLarge},
		{"markup nested in a description", inItem("<description>" + many(500_000, "<b>")), feed.KindTooLarge},
		{"an element with a million attributes", inItem("<a " + many(1_000_000, "a%d='' ") + "/>"), feed.KindTooLarge},
		{"too many namespaces", inItem("<a " + many(90, "xmlns:n%d='u' ") + "/>"), feed.KindTooLarge},
		{"namespaces declared deeper and deeper", inItem(many(100, "<a xmlns:n%d='u'>")), feed.KindTooLarge},
		{"a million elements", inItem(many(1_000_000, "<a/>")), feed.KindTooLarge},
		{"a million pieces of text", inItem("<description>" + many(1_100_000, "<!---->a") + "</description>"), feed.KindTooLarge},
		{"text in pieces inside an extension", inItem("<media:x>" + many(150_000, "<!--c-->aaaaaaaaaa") + "</media:x>"), feed.KindUnknown},
		{"text and elements mixed in an extension", inItem("<media:x>" + many(150_000, "aaaaaaaaaaaaaaaaaaaa<media:y/>") + "</media:x>"), feed.KindUnknown},
		{"as many namespaces and elements as may be", `<rss ` + many(60, "xmlns:n%d='u' ") + `><channel>` + many(190_000, "<media:a/>") + `</channel></rss>`, feed.KindUnknown},
		{"entities that multiply", `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>` + inItem("<title>&b;</title>"), feed.KindUnknown},
		{"an entity that is a file", `<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + inItem("<title>&x;</title>"), feed.KindUnknown},
		{"comments that begin and never end", inItem(many(1_000_000, "<!--")), feed.KindUnknown},
		{"CDATA that begins and never ends", inItem(many(500_000, "<![CDATA[")), feed.KindUnknown},
		{"instructions that never end", inItem(many(1_000_000, "<?a ")), feed.KindTooLarge},
		{"directives that never end", `<rss><channel>` + many(1_000_000, "<!a"), feed.KindTooLarge},
		{"subsets that never end", `<rss><channel>` + many(1_000_000, "<![>"), feed.KindUnknown},
		{"directives before a feed", many(1_000_000, "<!a>") + `<rss/>`, feed.KindUnknown},
		{"quotes that never end", inItem(many(190_000, `<a b="`)), feed.KindTooLarge},
		{"end tags of nothing", inItem(many(1_000_000, "</zzz>")), feed.KindUnknown},
		{"end tags of nothing, deep down", inItem(many(150, "<media:a>") + many(300_000, "</zzz>")), feed.KindUnknown},
		{"lesser signs", inItem(many(900_000, "< ")), feed.KindTooLarge},
		{"ampersands", inItem("<title>" + many(2_000_000, "&") + "</title>"), feed.KindUnknown},
		{"items that never end", `<rss><channel>` + many(100_000, "<item>"), feed.KindUnknown},
		{"categories, all different", inItem(many(100_000, "<category>%d</category>")), feed.KindUnknown},
		{"links, all different", inItem(many(100_000, "<link>http://a.example/%d</link>")), feed.KindUnknown},
		{"files, all different", inItem(many(100_000, "<enclosure url='http://a.example/%d'/>")), feed.KindUnknown},
		{"people, all different", inItem(many(100_000, "<author>p%d</author>")), feed.KindUnknown},
		{"a date of a megabyte", inItem("<pubDate>" + many(1_000_000, "1") + "</pubDate>"), feed.KindUnknown},
		{"a link of a megabyte", inItem("<link>../" + many(1_000_000, "../") + "</link>"), feed.KindUnknown},
		{"an author of a megabyte", inItem("<author>" + many(1_000_000, "(") + "</author>"), feed.KindUnknown},
		{"a name of a megabyte", inItem("<" + many(1_000_000, "n") + "/>"), feed.KindUnknown},
		{"xml:base on every level", inItem(many(150, "<media:group xml:base='a/'>")), feed.KindUnknown},
		{"control characters only", many(1_000_000, "\x01"), feed.KindEmpty},
		{"a long comment before the feed", "<!--" + many(300_000, "long") + "-->" + inItem(""), feed.KindUnknown},
		{"JSON nested without end", `{"version":"https://jsonfeed.org/version/1","items":` + many(1_000_000, "["), feed.KindTooLarge},
		{"JSON of millions of values", `{"version":"https://jsonfeed.org/version/1","items":[` + many(3_000_000, "1,") + "1]}", feed.KindUnknown},
		{"JSON of millions of values beside the items", `{"version":"https://jsonfeed.org/version/1","items":[],"x":[` + many(3_000_000, "1,") + "1]}", feed.KindTooLarge},
		{"JSON of millions of values in an item", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","x":[` + many(3_000_000, "1,") + "1]}]}", feed.KindTooLarge},
		{"JSON of millions of members", `{"version":"https://jsonfeed.org/version/1","items":[],` + many(1_700_000, `"abcd":1,`) + `"x":1}`, feed.KindTooLarge},
		{"JSON of as many members as may be", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"}],` + many(maxJSONMembers-3, `"%d":1,`) + `"x":1}`, feed.KindUnknown},
		{"JSON that is a list of millions", "[" + many(1_700_000, `"abcd",`) + "1]", feed.KindNotFeed},
		{"JSON of a million nulls", `{"version":"https://jsonfeed.org/version/1","items":[` + many(1_000_000, "null,") + "null]}", feed.KindUnknown},
		{"JSON with a huge number", `{"version":"https://jsonfeed.org/version/1","items":[{"id":1e` + many(100_000, "9") + "}]}", feed.KindUnknown},
		{"JSON with huge tags", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","tags":[` + many(200_000, `"%d",`) + `""]}]}`, feed.KindUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			doc, err := Parse([]byte(tt.body), Input{URL: from})
			took := time.Since(start)
			if took > limit {
				t.Errorf("took %s for %d bytes", took, len(tt.body))
			}
			if got := feed.KindOf(err); got != tt.want {
				t.Errorf("kind %q (%v), want %q; %d items", got, err, tt.want, len(doc.Items))
			}
			t.Logf("%s for %d bytes: %v %v", took.Round(time.Millisecond), len(tt.body), err, doc.Warnings)
		})
	}
}
