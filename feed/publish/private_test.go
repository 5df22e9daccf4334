package publish

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// OPML-1: the same set of feeds, whatever is below what.
func TestTheListOfSectionsNestsThem(t *testing.T) {
	v := paperView()
	v.Index = nil
	for _, s := range []feed.Section{{Name: "oil", Parent: "gulf"}, {Name: "world"}, {Name: "gulf", Parent: "world"},
		{Name: "desk", Parent: "board"}, {Name: "levant", Parent: "world"}} {
		s.Title = s.Name
		v.Index = append(v.Index, feed.IndexLine{Section: s})
	}
	var list struct {
		Lines []outline `xml:"body>outline"`
	}
	if err := xml.Unmarshal(documents(t, v)["/opml.xml"].Body, &list); err != nil {
		t.Fatal(err)
	}
	var got []string
	var walk func(lines []outline, depth int)
	walk = func(lines []outline, depth int) {
		for _, l := range lines {
			got = append(got, strings.Repeat(" ", depth)+l.Text)
			walk(l.Lines, depth+1)
		}
	}
	walk(list.Lines[1:], 0) // the first is the whole paper
	if diff := cmp.Diff([]string{"world", " gulf", "  oil", " levant", "desk"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPrivateSectionIsPublishedAtItsAddressOnly(t *testing.T) {
	v := sampleView()
	v.Section.Private, v.Index = "abcdefgh234567", v.Index[1:] // which the store leaves it out of
	for path, d := range documents(t, v) {
		if !strings.HasPrefix(path, "/-/p/abcdefgh234567/") {
			t.Errorf("a document at %s", path)
		}
		if strings.Contains(string(d.Body), v.Site.URL+"/harbour/") {
			t.Errorf("%s names a public address: %s", path, d.Body)
		}
		if d.MediaType == typePage && !strings.Contains(string(d.Body), `href="../../../"`) {
			t.Errorf("no way to the front page: %s", d.Body)
		}
	}
}

func TestAStaticSiteHasNoPrivateSections(t *testing.T) {
	v := sampleView()
	v.Section.Private = "abcdefgh234567"
	docs, _ := Render(v)
	dir := t.TempDir()
	open, _ := Render(sampleView())
	w, err := WriteSite(t.Context(), dir, append(docs, open...), SiteOptions{})
	if err != nil || w.Files != len(open) {
		t.Errorf("%d files of %d, %v", w.Files, len(open), err)
	}
}
