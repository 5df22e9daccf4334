package syndication

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"broadsheet/feed"
)

const tombstones = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:%s="%s">
<id>urn:x</id><title>Tides</title><updated>2026-11-01T00:00:00Z</updated>
<%[1]s:deleted-entry ref="tag:tides.example,2026:gone" when="2026-10-02T00:00:00Z"><%[1]s:comment>wrong</%[1]s:comment></%[1]s:deleted-entry>
<%[1]s:deleted-entry ref="tag:tides.example,2026:back" when="2026-10-02T00:00:00Z"/>
<%[1]s:deleted-entry ref="tag:tides.example,2026:listed" when="2026-10-02T00:00:00Z"/>
<%[1]s:deleted-entry when="2026-10-02T00:00:00Z"/>
<entry><id>tag:tides.example,2026:back</id><title>Back</title><updated>2026-10-03T00:00:00Z</updated></entry>
<entry><id>tag:tides.example,2026:listed</id><title>Listed</title><updated>2026-10-01T00:00:00Z</updated></entry>
<entry><id>tag:tides.example,2026:one</id><title>One</title><updated>2026-10-01T00:00:00Z</updated>
  <%[1]s:deleted-entry ref="tag:tides.example,2026:one" when="2026-10-02T00:00:00Z"/></entry>
</feed>`

// RFC 6721: a feed takes back what it names itself, and nothing by leaving it out.
func TestRetractions(t *testing.T) {
	read := func(prefix, space string) (gone, items []string) {
		doc, err := Parse(fmt.Appendf(nil, tombstones, prefix, space), Input{URL: "https://tides.example/feed"})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range doc.Gone {
			gone = append(gone, strings.TrimPrefix(g.ID, "tag:tides.example,2026:"))
		}
		for _, it := range doc.Items {
			items = append(items, strings.TrimPrefix(it.ID, "tag:tides.example,2026:"))
		}
		return gone, items
	}
	for _, prefix := range []string{"at", "t"} {
		gone, items := read(prefix, "http://purl.org/atompub/tombstones/1.0")
		if !slices.Equal(gone, []string{"gone", "listed"}) || !slices.Equal(items, []string{"back", "one"}) {
			t.Errorf("%s: took back %v, lists %v", prefix, gone, items)
		}
	}
	if gone, items := read("at", "https://else.example/"); gone != nil || len(items) != 3 {
		t.Errorf("of another vocabulary: took back %v, lists %v", gone, items)
	}
}

func TestRetractionsAreBounded(t *testing.T) {
	body := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>x</title>` +
		strings.Repeat(`<at:deleted-entry ref="tag:a.example,2026:1" when="2026-10-02T00:00:00Z"/>`, 2*maxRetractions) + `</feed>`
	doc, err := Parse([]byte(body), Input{URL: "https://tides.example/feed"})
	if err != nil || len(doc.Gone) != maxRetractions {
		t.Errorf("%d, %v", len(doc.Gone), err)
	}
	if want := (feed.Retraction{ID: "tag:a.example,2026:1", When: moment("2026-10-02T00:00:00Z")}); doc.Gone[0] != want {
		t.Errorf("got %v", doc.Gone[0])
	}
}
