package publish

import (
	"strings"
	"testing"
	"testing/fstest"

	"broadsheet/feed"
)

func folder(files ...string) fstest.MapFS {
	fs := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		fs[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fs
}

func TestOwnTemplatesTakeThePlaceOfOurs(t *testing.T) {
	p, err := OpenPress(folder("section.html", `{{template "head" .}}<body>OWN {{.Heading}} {{template "list" .}}</body>`, "style.css", "p { color: red }", ".hidden", "x"))
	if err != nil {
		t.Fatal(err)
	}
	docs, problems := p.Render(sampleView())
	if len(problems) > 0 || !strings.Contains(string(docs[len(docs)-1].Body), "<body>OWN Harbour") {
		t.Errorf("%v: %s", problems, docs[len(docs)-1].Body)
	}
	front, _ := p.Render(paperView())
	for _, d := range front {
		if d.Path == stylePath && string(d.Body) != "p { color: red }" {
			t.Errorf("the style is %s", d.Body)
		}
	}
	// Another press is another version, so that all documents are made anew.
	other, err := OpenPress(folder("style.css", "p { color: blue }"))
	if err != nil {
		t.Fatal(err)
	}
	empty, err := OpenPress(folder())
	if err != nil {
		t.Fatal(err)
	}
	if p.Version() == other.Version() || p.Version() == Version || empty.Version() != Version || BuiltIn.Version() != Version {
		t.Errorf("versions %s, %s, %s, %s", p.Version(), other.Version(), empty.Version(), BuiltIn.Version())
	}
	if _, problems := Render(sampleView()); len(problems) > 0 {
		t.Errorf("our own press was changed: %v", problems)
	}
}

func TestWhatIsWrongWithATemplateIsToldWithItsPlace(t *testing.T) {
	for name, row := range map[string]struct {
		files []string
		want  string
	}{
		"a slip of the pen":    {[]string{"section.html", "<p>\n{{.Heading}\n"}, "section.html:2:"},
		"a word that is none":  {[]string{"section.html", "<p>\n\n{{.Hedding}}"}, "section.html:3:2: <.Hedding>: can't evaluate field Hedding"},
		"only in an article":   {[]string{"article.html", "{{range .Article.Players}}{{.Nothing}}{{end}}"}, "article.html:1:"},
		"a template of a page": {[]string{"story.html", `{{define "title"}}{{.Titel}}{{end}}{{define "list"}}{{range .Stories}}{{template "title" .}}{{end}}{{end}}`}, "story.html"},
		"a script":             {[]string{"front.html", "<script>alert(1)</script>"}, "front.html: it has <script>"},
		"a handler":            {[]string{"notice.html", `<p onclick="x()">`}, "notice.html: <p> has onclick"},
		"another file":         {[]string{"sections.html", "x"}, "sections.html: no file of ours is called so; there are article.html"},
		"a large one":          {[]string{"style.css", strings.Repeat("x", maxTemplate+1)}, "style.css: it has more than 256 KiB"},
		"in a broken context":  {[]string{"search.html", `<a href="{{.Root}}`}, "search.html"},
	} {
		_, err := OpenPress(folder(row.files...))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
}

// The sample paper that templates are tried on meets every branch of our own.
func TestOurOwnTemplatesPassTheTrial(t *testing.T) {
	if err := mustPress().try(); err != nil {
		t.Error(err)
	}
	whole, short := false, false
	for _, v := range trialViews(feed.Site{Title: "T", URL: "https://a.example", Language: "en"}) {
		for _, e := range v.Entries {
			whole = whole || e.Address != "" && e.Rights != "" && len(e.Also) > 0 && len(e.Enclosures) > 1
			short = short || e.Link == "" && e.Undated
		}
	}
	if !whole || !short {
		t.Error("the sample has lost something")
	}
}
