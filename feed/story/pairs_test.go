package story

import (
	"fmt"
	"hash/fnv"
	"html"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// pair is two articles of testdata/pairs, with what they are to each other.
type pair struct {
	name, kind string
	same       bool
	a, b       side
}

// side is an article as one source has it.
type side struct {
	source string
	entry  feed.Entry
}

// held tells whether a pair belongs to the half that nothing was tuned on.
func (p pair) held() bool {
	h := fnv.New32a()
	h.Write([]byte(p.name))
	return h.Sum32()%2 == 1
}

// text is an article of the test data before anything is done to it.
type text struct {
	language, title string
	paragraphs      []string
}

// edit is a line of a pair: what is done to one side.
type edit struct{ verb, rest string }

// sheet collects the articles of all languages, and then the pairs of them.
type sheet struct {
	texts map[string]text
	pairs []pair
}

// pairs reads testdata/pairs; see the README there.
func pairs(t testing.TB) []pair {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "pairs", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no pairs: %v", err)
	}
	s := sheet{texts: map[string]text{}}
	var later []string
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		language := strings.TrimSuffix(filepath.Base(file), ".txt")
		for _, block := range strings.Split("\n"+string(body), "\n@")[1:] {
			if strings.HasPrefix(block, "pair ") {
				later = append(later, block)
				continue
			}
			s.text(t, language, block)
		}
	}
	for _, block := range later {
		s.pair(t, block)
	}
	return s.pairs
}

func (s *sheet) text(t testing.TB, language, block string) {
	head, body, _ := strings.Cut(block, "\n")
	name, ok := strings.CutPrefix(head, "text ")
	parts := strings.Split(strings.TrimSpace(body), "\n\n")
	if _, twice := s.texts[name]; !ok || twice || len(parts) < 2 {
		t.Fatalf("%s: %q is no article, or there twice", language, head)
	}
	s.texts[name] = text{language, parts[0], parts[1:]}
}

func (s *sheet) pair(t testing.TB, block string) {
	lines := strings.Split(strings.TrimSpace(block), "\n")
	f := strings.Fields(lines[0])
	if len(f) != 6 || f[2] != "same" && f[2] != "different" {
		t.Fatalf("%q is no pair", lines[0])
	}
	edits := map[string][]edit{}
	for _, line := range lines[1:] {
		which, rest, _ := strings.Cut(line, " ")
		verb, rest, _ := strings.Cut(rest, " ")
		edits[which] = append(edits[which], edit{verb, rest})
	}
	s.pairs = append(s.pairs, pair{
		name: f[1], same: f[2] == "same", kind: f[3],
		a: s.side(t, f[1], "ledger", f[4], edits["a"]),
		b: s.side(t, f[1], "post", f[5], edits["b"]),
	})
}

// dawn is when the articles of the test data appeared.
var dawn = time.Date(2026, 3, 4, 6, 0, 0, 0, time.UTC)

// seenAfter is how long it took to find one.
const seenAfter = 10 * time.Minute

// draft is a side in the making.
type draft struct {
	text
	side
	brief   bool // a summary only
	cutAt   int  // in characters; 0 is not
	related []string
}

func (s *sheet) side(t testing.TB, pair, source, name string, edits []edit) side {
	base, ok := s.texts[name]
	if !ok {
		t.Fatalf("%s: there is no text %q", pair, name)
	}
	d := draft{text: base, side: side{source: source}}
	d.paragraphs = append([]string(nil), base.paragraphs...)
	d.entry.Published = dawn
	for _, e := range edits {
		if err := d.apply(e); err != nil {
			t.Fatalf("%s: %s %s: %v", pair, e.verb, e.rest, err)
		}
	}
	return d.finish(name)
}

func (d *draft) apply(e edit) (err error) {
	n := 0
	switch e.verb {
	case "keep", "only", "sentences", "chars":
		if n, err = strconv.Atoi(e.rest); err != nil || n < 1 {
			return fmt.Errorf("it takes a number")
		}
	}
	switch e.verb {
	case "title":
		d.title = e.rest
	case "outlet":
		d.title += " - " + e.rest
		d.entry.Origin.Title = feed.Plain(e.rest)
	case "lead":
		d.paragraphs[0] = e.rest + " " + d.paragraphs[0]
	case "top":
		d.paragraphs = append([]string{e.rest}, d.paragraphs...)
	case "tail":
		d.paragraphs = append(d.paragraphs, e.rest)
	case "related":
		d.related = strings.Split(e.rest, " | ")
	case "swap":
		err = d.swap(e.rest)
	case "keep":
		d.paragraphs = d.paragraphs[:n]
	case "only":
		d.paragraphs, d.brief = d.paragraphs[n-1:n], true
	case "sentences":
		d.paragraphs, d.brief = []string{sentences(strings.Join(d.paragraphs, " "), n)}, true
	case "chars":
		d.brief, d.cutAt = true, n
	case "join":
		d.paragraphs = []string{strings.Join(d.paragraphs, " ")}
	case "curly", "straight":
		d.quote(e.verb == "curly")
	case "link":
		d.entry.Link = e.rest
	case "site":
		d.entry.Origin.Link = "https://" + e.rest + "/"
	case "summary":
		d.brief, d.paragraphs = true, []string{e.rest}
	case "source":
		d.source = e.rest
	case "late":
		var late time.Duration
		late, err = time.ParseDuration(e.rest)
		d.entry.Published = dawn.Add(late)
	default:
		err = fmt.Errorf("there is no such verb")
	}
	return err
}

func (d *draft) swap(rest string) error {
	old, new, ok := strings.Cut(rest, " => ")
	found := strings.Contains(d.title, old)
	d.title = strings.ReplaceAll(d.title, old, new)
	for i, p := range d.paragraphs {
		found = found || strings.Contains(p, old)
		d.paragraphs[i] = strings.ReplaceAll(p, old, new)
	}
	if !ok || !found {
		return fmt.Errorf("those words are not there")
	}
	return nil
}

func (d *draft) quote(curly bool) {
	r := strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "’", "'")
	if curly {
		r = strings.NewReplacer(" \"", " “", "\"", "”", "'", "’")
	}
	d.title = r.Replace(d.title)
	for i, p := range d.paragraphs {
		d.paragraphs[i] = r.Replace(p)
	}
}

// sentences is the first n sentences of a text.
func sentences(s string, n int) string {
	for i, r := range s {
		end := i + len(string(r))
		rest := s[end:]
		if r != '。' && (!strings.ContainsRune(".!?؟", r) || rest != "" && rest[0] != ' ') {
			continue
		}
		if n--; n == 0 {
			return s[:end]
		}
	}
	return s
}

func (d *draft) finish(name string) side {
	e := &d.entry
	e.Title, e.Language = d.title, d.language
	e.FirstSeen = e.Published.Add(seenAfter)
	if e.Link == "" {
		e.Link = "https://" + d.source + ".example/" + name
	}
	if e.Origin.Title.Empty() {
		e.Origin.Title = feed.Plain(d.source)
	}
	if e.Origin.Link == "" {
		e.Origin.Link = "https://" + d.source + ".example/"
	}
	if d.brief {
		e.Summary = strings.Join(d.paragraphs, "\n\n")
		if r := []rune(e.Summary); d.cutAt > 0 && d.cutAt < len(r) {
			e.Summary = string(r[:d.cutAt]) + "…"
		}
		return d.side
	}
	var b strings.Builder
	for _, p := range d.paragraphs {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>")
	}
	if len(d.related) > 0 {
		b.WriteString("<h4>" + html.EscapeString(d.related[0]) + "</h4><ul>")
		for _, r := range d.related[1:] {
			b.WriteString(`<li><a href="https://` + d.source + `.example/r">` + html.EscapeString(r) + "</a></li>")
		}
		b.WriteString("</ul>")
	}
	e.Content = feed.HTML(b.String())
	return d.side
}

// TestThePairsAreATruthToJudgeBy: there are many, of every kind, in many scripts, and
// half of them is held back.
func TestThePairsAreATruthToJudgeBy(t *testing.T) {
	const least, leastOfKind = 300, 2
	seen, kinds, languages := map[string]bool{}, map[string]int{}, map[string]map[bool]int{}
	held := 0
	all := pairs(t)
	for _, p := range all {
		if seen[p.name] {
			t.Errorf("%s is there twice", p.name)
		}
		seen[p.name] = true
		kinds[p.kind]++
		language := p.a.entry.Language
		if languages[language] == nil {
			languages[language] = map[bool]int{}
		}
		languages[language][p.same]++
		if p.held() {
			held++
		}
		if p.a.entry.Title == "" || string(p.a.entry.Content)+p.a.entry.Summary == "" {
			t.Errorf("%s: there is nothing to compare", p.name)
		}
	}
	if len(all) < least || len(languages) < 9 || held < len(all)/3 || held > len(all)*2/3 {
		t.Errorf("%d pairs in %d languages, %d held back", len(all), len(languages), held)
	}
	for kind, n := range kinds {
		if n < leastOfKind {
			t.Errorf("only %d of kind %s", n, kind)
		}
	}
	for language, n := range languages {
		if n[true] < 4 || n[false] < 4 {
			t.Errorf("%s: %d are the same and %d are not", language, n[true], n[false])
		}
	}
	t.Logf("%d pairs, %d held back, in %d languages; %v", len(all), held, len(languages), kinds)
}
