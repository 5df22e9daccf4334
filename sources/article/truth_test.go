package article

import (
	"regexp"
	"strconv"

	"slices"
	"time"

	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	readability "codeberg.org/readeck/go-readability/v2"
	"codeberg.org/readeck/go-readability/v2/render"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// known is a page of the corpus with what is true of it.
type known struct {
	ID, File, URL, Source, Kind string
	Title, Date, Image          string
	Author                      any // a name, or a list of them
	Body                        string
	BodyStart                   string `json:"body_start"`
	Lang                        string
	Must, MustNot               []string
	bytes                       []byte
}

// corpus is every page of the corpus; the test is skipped where there is none.
func corpus(t testing.TB) []known {
	t.Helper()
	root := os.Getenv("BROADSHEET_CORPUS")
	if root == "" {
		t.Skip("BROADSHEET_CORPUS is not set")
	}
	dir := filepath.Join(root, "articles")
	file, err := os.Open(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []known
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var k known
		if err := json.Unmarshal(lines.Bytes(), &k); err != nil {
			t.Fatal(err)
		}
		if k.bytes, err = os.ReadFile(filepath.Join(dir, k.File)); err != nil {
			t.Fatal(err)
		}
		out = append(out, k)
	}
	return out
}

// textOf is what a reader of a piece of HTML sees.
func textOf(t testing.TB, markup string, uncaptioned bool) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	if uncaptioned {
		for _, n := range all(doc, func(n *html.Node) bool { return element(n, atom.Figcaption) }) {
			remove(n)
		}
	}
	return render.InnerText(doc)
}

// bare is what the library alone makes of a page.
func bare(k known) string {
	at, err := url.Parse(k.URL)
	if err != nil {
		return ""
	}
	found, err := readability.FromReader(bytes.NewReader(k.bytes), at)
	if err != nil || found.Node == nil {
		return ""
	}
	return render.InnerText(found.Node)
}

// authors is who wrote the article, folded and in order.
func (k known) authors() string {
	var out []string
	list, _ := k.Author.([]any)
	if name, ok := k.Author.(string); ok {
		list = []any{name}
	}
	for _, a := range list {
		for _, name := range names(a.(string)) {
			out = append(out, fold(name))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// folk is the same of a page.
func folk(people []feed.Person) string {
	var out []string
	for _, p := range people {
		out = append(out, fold(p.Name))
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// months are what names of months begin with, in the languages of the corpus.
var months = []string{"jan ene янв", "feb fév fev фев", "mar mär мар", "apr avr abr апр", "may mai мая", "jun juin июн", "jul juil июл", "aug août ago авг", "sep сен", "oct okt out окт", "nov ноя", "dec dez déc dic дек"}

var (
	isoDay   = regexp.MustCompile(`((?:19|20)\d\d)(?:[-/年]) ?(\d{1,2})[-/月] ?(\d{1,2})`)
	euroDay  = regexp.MustCompile(`(\d{1,2})[./-] ?(\d{1,2})[./-] ?((?:19|20)\d\d)`)
	namedDay = regexp.MustCompile(`(?i)(\d{1,2})(?:\.|st|nd|rd|th)? (?:de )?(\p{L}{3,})\.?,? (?:de )?(\d{4})`)
	usDay    = regexp.MustCompile(`(?i)(\p{L}{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})`)
)

// day is the date of a time, as far as a test needs it; zero if it cannot be read.
func day(written string) time.Time {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	at := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	month := func(name string) int {
		return 1 + slices.IndexFunc(months, func(list string) bool {
			return slices.ContainsFunc(strings.Fields(list), func(m string) bool { return strings.HasPrefix(strings.ToLower(name), m) })
		})
	}
	if m := isoDay.FindStringSubmatch(written); m != nil {
		return at(number(m[1]), number(m[2]), number(m[3]))
	}
	if m := euroDay.FindStringSubmatch(written); m != nil {
		return at(number(m[3]), number(m[2]), number(m[1]))
	}
	if m := namedDay.FindStringSubmatch(written); m != nil && month(m[2]) > 0 {
		return at(number(m[3]), month(m[2]), number(m[1]))
	}
	if m := usDay.FindStringSubmatch(written); m != nil && month(m[1]) > 0 {
		return at(number(m[3]), month(m[1]), number(m[2]))
	}
	return time.Time{}
}

// near reports whether two days are the same, or the same in two zones.
func near(a, b string) bool {
	x, y := day(a), day(b)
	return !x.IsZero() && x.Sub(y).Abs() <= 24*time.Hour
}
