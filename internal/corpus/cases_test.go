package corpus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet/sources/syndication"
)

// testCase is one case of the corpus.
type testCase struct {
	ID, Category, Input string
	Headers             map[string]string `json:"http_headers"`
	Bozo                *bool             // whether feedparser calls the document broken
	Checks              []checkOf
	Compare             string // "html": values are compared as markup
}

// checkOf is one thing that a case asks for: what Op says of the value at Canon.
type checkOf struct {
	Path, Canon []any // Path is in the case's own words, Canon in feedparser's usual ones
	Op          string
	Value       any
}

// path is what the check looks at, in the usual words.
func (c checkOf) path() []any {
	if c.Canon != nil {
		return c.Canon
	}
	return c.Path
}

// words is a path as people write it, without the numbers of list items.
func words(path []any) string {
	var b strings.Builder
	for _, p := range path {
		name, named := p.(string)
		switch {
		case !named:
			b.WriteString("[]")
		case b.Len() > 0:
			b.WriteString("." + name)
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}

// cases reads the corpus; the test is skipped without one.
func cases(t *testing.T) (dir string, list []testCase) {
	t.Helper()
	root := os.Getenv("BROADSHEET_CORPUS")
	if root == "" {
		t.Skip("BROADSHEET_CORPUS does not name a corpus")
	}
	dir = filepath.Join(root, "feedparser_cases")
	f, err := os.Open(filepath.Join(dir, "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c testCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return dir, list
}

// origin is where the feeds of the suite are served from.
const origin = "http://127.0.0.1:8097/tests/"

// input is what is known of a case's document besides its bytes. The suite says by
// Content-Location where a document is; in this program that is where the answer
// came from, after redirects, and a web address in any case.
func (c testCase) input() syndication.Input {
	in := syndication.Input{URL: origin + c.ID}
	for name, value := range c.Headers {
		switch strings.ToLower(name) {
		case "content-type":
			in.ContentType = value
		case "content-location":
			base, _ := url.Parse(in.URL)
			if at, err := base.Parse(value); err == nil && at.Host != "" {
				in.URL = at.String()
			}
		}
	}
	return in
}

// run gives what is wrong with the result of a case; nothing is right.
func (c testCase) run(dir string) ([]string, error) {
	body, err := os.ReadFile(filepath.Join(dir, c.Input))
	if err != nil {
		return nil, err
	}
	v := look(body, c.input())
	var wrong []string
	for _, check := range c.Checks {
		if why := check.judge(v, c.Compare == "html"); why != "" {
			wrong = append(wrong, why)
		}
	}
	if len(c.Checks) == 0 && c.Bozo != nil { // nothing else is asked for
		if got := truth(v["bozo"]); got != *c.Bozo {
			wrong = append(wrong, fmt.Sprintf("bozo is %v", got))
		}
	}
	return wrong, nil
}

// tally counts the cases of one category.
type tally struct{ passed, failed, beside int }

// TestCases runs every case. The ones that fail are those of the table of known
// failures, neither more nor fewer, so that a repair shows as well as a fault.
func TestCases(t *testing.T) {
	dir, list := cases(t)
	total, by := tally{}, map[string]*tally{}
	failing, used := map[string][]string{}, map[string]int{}
	for _, c := range list {
		n := by[c.Category]
		if n == nil {
			n = &tally{}
			by[c.Category] = n
		}
		if why := c.beside(); why != "" {
			n.beside++
			used[why]++
			continue
		}
		wrong, err := c.run(dir)
		switch {
		case err != nil:
			t.Fatal(err)
		case len(wrong) > 0:
			failing[c.ID] = wrong
			n.failed++
		default:
			n.passed++
		}
	}
	t.Logf("%-28s %7s %7s %15s", "category", "passed", "failed", "not applicable")
	for _, name := range slices.Sorted(maps.Keys(by)) {
		n := by[name]
		t.Logf("%-28s %7d %7d %15d", name, n.passed, n.failed, n.beside)
		total.passed, total.failed, total.beside = total.passed+n.passed, total.failed+n.failed, total.beside+n.beside
	}
	share := 100 * float64(total.passed) / float64(total.passed+total.failed)
	t.Logf("%-28s %7d %7d %15d   %.1f %%", "total", total.passed, total.failed, total.beside, share)
	if share < leastShare {
		t.Errorf("only %.1f %% of the cases that apply pass, not %v %%", share, leastShare)
	}
	compareKnown(t, failing)
	for what := range absent {
		if used[what] == 0 {
			t.Errorf("no case needs %q to be left out", what)
		}
	}
}

// leastShare is how many per cent of the cases that apply must pass.
const leastShare = 95

// compareKnown judges the failing cases by the table.
func compareKnown(t *testing.T, failing map[string][]string) {
	t.Helper()
	listed := map[string]string{}
	for _, k := range known {
		for _, id := range strings.Fields(k.cases) {
			listed[id] = k.why
		}
	}
	for _, id := range slices.Sorted(maps.Keys(failing)) {
		if listed[id] == "" {
			t.Errorf("%s fails: %s", id, strings.Join(failing[id], "; "))
		} else {
			t.Logf("known: %s: %s (%s)", id, listed[id], strings.Join(failing[id], "; "))
		}
	}
	for id := range listed {
		if failing[id] == nil {
			t.Errorf("%s passes, or is no case, and is in the table of known failures", id)
		}
	}
}
