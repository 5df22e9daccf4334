package publish

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

var update = flag.Bool("update", false, "write the golden feeds and lists anew")

// documents renders a view of which everything can be published.
func documents(t *testing.T, v feed.View) map[string]feed.Document {
	t.Helper()
	docs, problems := Render(v)
	for _, p := range problems {
		t.Errorf("problem: %+v", p)
	}
	return byPath(docs)
}

func byPath(docs []feed.Document) map[string]feed.Document {
	out := make(map[string]feed.Document)
	for _, d := range docs {
		out[d.Path] = d
	}
	return out
}

func TestEverythingThatAnEntryCanSayIsInEachFormat(t *testing.T) {
	empty := sampleView()
	empty.Entries, empty.Section.Description, empty.Hubs = nil, "", nil
	for name, v := range map[string]feed.View{
		"section": sampleView(), "paper": paperView(), "empty": empty,
	} {
		docs := documents(t, v)
		for _, file := range []string{"rss.xml", "atom.xml", "feed.json", "opml.xml", "sources.opml"} {
			if d, ok := docs[head(v).file(file)]; ok {
				golden(t, filepath.Join("testdata", name+"_"+file), readable(t, d))
			}
		}
	}
}

// readable is the body for a person to compare: JSON is published on one line.
func readable(t *testing.T, d feed.Document) []byte {
	t.Helper()
	if d.MediaType != typeJSON {
		return d.Body
	}
	var b bytes.Buffer
	if err := json.Indent(&b, d.Body, "", "  "); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestASectionHasItsDocumentsAndThePaperThoseOfTheRoot(t *testing.T) {
	types := func(v feed.View) map[string]string {
		out := make(map[string]string)
		for path, d := range documents(t, v) {
			out[path] = d.MediaType
			if d.Section != v.Section.Name || d.Version != 7 || !d.Modified.Equal(v.Modified) {
				t.Errorf("%s: section %q, version %d, modified %v", path, d.Section, d.Version, d.Modified)
			}
		}
		return out
	}
	want := map[string]string{
		"/harbour/rss.xml": typeRSS, "/harbour/atom.xml": typeAtom,
		"/harbour/feed.json": typeJSON, "/harbour/": typePage,
	}
	if diff := cmp.Diff(want, types(sampleView())); diff != "" {
		t.Errorf("section (-want +got):\n%s", diff)
	}
	want = map[string]string{
		"/rss.xml": typeRSS, "/atom.xml": typeAtom, "/feed.json": typeJSON, "/": typePage,
		"/opml.xml": typeOPML, "/sources.opml": typeOPML, "/-/style.css": typeStyle,
		"/-/feed.css": typeStyle, "/-/icon.svg": typeSVG, "/favicon.ico": typeIcon, "/robots.txt": typeText,
	}
	if diff := cmp.Diff(want, types(paperView())); diff != "" {
		t.Errorf("paper (-want +got):\n%s", diff)
	}
}

func TestTheSameViewGivesTheSameBytes(t *testing.T) {
	first := documents(t, paperView())
	later := paperView()
	later.Modified, later.Version = later.Modified.Add(time.Hour), 8
	zone := time.FixedZone("elsewhere", 3*3600)
	for i, e := range later.Entries {
		later.Entries[i].Published, later.Entries[i].Updated = e.Published.In(zone), e.Updated.In(zone)
	}
	for path, d := range documents(t, later) {
		if !bytes.Equal(d.Body, first[path].Body) || !sameCodings(d, first[path]) || d.Hash != first[path].Hash {
			t.Errorf("%s differs", path)
		}
	}
}

func TestRenderLeavesTheViewAlone(t *testing.T) {
	v := paperView()
	v.Entries[3].ID = v.Entries[2].ID // makes Render leave one out
	before, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	Render(v)
	after, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Error(diff)
	}
}

func TestAnEntryThatFailsIsInNoFormatAndTheOthersStay(t *testing.T) {
	for name, spoil := range map[string]func(*feed.Entry){
		"a script":                 func(e *feed.Entry) { e.Content = "<p>a<script>alert(1)</script>" },
		"a handler":                func(e *feed.Entry) { e.Content = `<img src="https://x.example/" ONERROR="x()">` },
		"a javascript: URL":        func(e *feed.Entry) { e.Content = `<a href="java&#9;script:x()">x</a>` },
		"a relative link":          func(e *feed.Entry) { e.Content = `<a href="/x">x</a>` },
		"no id":                    func(e *feed.Entry) { e.ID = "" },
		"an id that is no IRI":     func(e *feed.Entry) { e.ID = "post 7" },
		"an id with a control":     func(e *feed.Entry) { e.ID = "urn:x:\x01" },
		"the id of another":        func(e *feed.Entry) { e.ID = full().ID },
		"a year of five digits":    func(e *feed.Entry) { e.Published = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) },
		"no date of the update":    func(e *feed.Entry) { e.Updated = time.Time{} },
		"no title":                 func(e *feed.Entry) { e.Title = " \x00 " },
		"a title of no characters": func(e *feed.Entry) { e.Title = "\x01\x02" },
	} {
		t.Run(name, func(t *testing.T) {
			v := sampleView()
			spoil(&v.Entries[1])
			bad := v.Entries[1].ID
			docs, problems := Render(v)
			if len(docs) != 4 {
				t.Errorf("%d documents, want 4", len(docs))
			}
			if len(problems) != 1 || problems[0].Entry != bad || problems[0].Text == "" ||
				problems[0].Section != "harbour" || problems[0].Path == "" {
				t.Errorf("problems: %+v", problems)
			}
			want := slices.Delete(sampleEntries(), 1, 2)
			for path, d := range byPath(docs) {
				if err := Check(d); err != nil {
					t.Error(err)
				}
				if strings.Contains(string(d.Body), "Episode 7") || !strings.Contains(string(d.Body), "Boats run") {
					t.Errorf("%s shows another set", path)
				}
			}
			var f readJSON
			if err := json.Unmarshal(byPath(docs)["/harbour/feed.json"].Body, &f); err != nil {
				t.Fatal(err)
			}
			for i, item := range *f.Items {
				if item.ID != want[i].ID {
					t.Errorf("item %d is %q, want %q", i, item.ID, want[i].ID)
				}
			}
		})
	}
}

func TestADocumentThatFailsForNoEntryIsLeftOutAlone(t *testing.T) {
	v := sampleView()
	v.ID = "no id at all"
	docs, problems := Render(v)
	if _, ok := byPath(docs)["/harbour/atom.xml"]; ok || len(docs) != 3 {
		t.Errorf("got %d documents, the Atom feed among them: %v", len(docs), ok)
	}
	want := []string{"/harbour/atom.xml"}
	if got := leftOut(problems); !slices.Equal(got, want) {
		t.Errorf("left out: %v, want %v", got, want)
	}
}

func TestHostileFieldsStayText(t *testing.T) {
	for path, d := range documents(t, paperView()) {
		if d.MediaType == typeIcon {
			continue // it is no text
		}
		body := string(d.Body)
		if strings.Contains(body, "<script") && d.MediaType != typeJSON {
			t.Errorf("%s has a script", path)
		}
		for _, r := range body {
			if !publishable(r) && r != '\n' {
				t.Errorf("%s has %U", path, r)
			}
		}
		if strings.Contains(strings.ToLower(body), "script:alert") {
			t.Errorf("%s has a javascript: URL", path)
		}
		if strings.Contains(body, "secret@") || strings.Contains(body, "user:pass") {
			t.Errorf("%s has credentials", path)
		}
	}
}

// TestHostileEntryCoversEveryField fails when package feed gets a field that no
// payload was put into.
func TestHostileEntryCoversEveryField(t *testing.T) {
	harmless := []string{"ID", "Content", "Feeds", "Published", "Undated", "Updated", "FirstSeen", "SortAt", "Digest",
		"Terms", "NoIndex", "Address"} // ours, not the source's
	e := hostileEntry()
	for _, v := range []any{e, *e.Podcast, *e.Place, e.Enclosures[1], e.Authors[0], e.Origin, e.Extras[1]} {
		v := reflect.ValueOf(v)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Field(i).IsZero() && !slices.Contains(harmless, name) {
				t.Errorf("%s.%s has no payload", v.Type().Name(), name)
			}
		}
	}
}

func TestAFeedIsAsOldAsItsNewestEntry(t *testing.T) {
	v := sampleView()
	if got := head(v).updated; !got.Equal(sampleDay) {
		t.Errorf("updated %v, want that of the entry updated last", got)
	}
	v.Entries = nil
	if got := head(v).updated; !got.Equal(v.Created) {
		t.Errorf("an empty one: %v, want when it was created", got)
	}
}

func FuzzWhateverAnEntrySaysTheDocumentsAreSound(f *testing.F) {
	f.Add(hostile, hostileURL, "Syndic8")
	f.Add("]]>", "https://user:pw@h.example:80/a b?c[]=%zz#é", "de-AT")
	f.Add("a\r\nb\u2028", "HTTP://ÉXAMPLE.example", "image/JPEG; q=1")
	f.Fuzz(func(t *testing.T, text, link, word string) {
		e := entry(1, "urn:x:1", "T"+text)
		e.Link, e.Summary, e.Rights, e.Source = link, text, text, word
		e.Authors = []feed.Person{{Name: text, Email: word, URL: link}}
		e.Categories = []feed.Category{{Term: text, Scheme: link, Label: word}}
		e.Enclosures = []feed.Enclosure{{URL: link, Type: word, Text: text}, {URL: link + "x", Media: true}}
		e.Links = []feed.Link{{Rel: "via", Href: link, Language: word}}
		e.Image, e.Comments, e.Language = link, link, word
		for name, p := range feed.Passages {
			x := feed.Element{Name: name, Text: text, Attrs: map[string]string{}}
			for attr := range p.Attrs {
				x.Attrs[attr] = []string{text, link, word}[len(attr)%3]
			}
			e.Extras = append(e.Extras, x)
		}
		e.Podcast = &feed.Podcast{Image: link, Persons: []feed.Person{{Name: text, Role: word}}}
		e.Origin = feed.Channel{ID: link, Title: feed.Plain(text), Self: link, Link: link, Updated: word}
		v := sampleView()
		v.Entries = []feed.Entry{e}
		for _, p := range v.Entries {
			if strings.TrimSpace(soundText(p.Title)) == "" {
				t.Skip()
			}
		}
		docs, problems := Render(v)
		if len(docs) != 4 || problems != nil {
			t.Errorf("%d documents, problems: %+v", len(docs), problems)
		}
	})
}
