package route

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"broadsheet/feed"
)

// page reads what users are told.
func page(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../docs/matching.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThePageNamesEveryConditionAndEveryNameOfWhen(t *testing.T) {
	text := page(t)
	for _, name := range append(conditionKeys(), knownNames()...) {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("docs/matching.md does not name %s", name)
		}
	}
}

func TestTheExamplesOfThePageAreTrue(t *testing.T) {
	_, text, _ := strings.Cut(page(t), "\n## Words\n")
	text, _, _ = strings.Cut(text, "\n## ")
	rows := regexp.MustCompile("(?m)^\\| `(.+)` \\| (.+) \\| (.+) \\|$").FindAllStringSubmatch(text, -1)
	if len(rows) < 20 {
		t.Fatalf("%d examples", len(rows))
	}
	for _, row := range rows {
		for column, want := range map[int]bool{2: true, 3: false} {
			for example := range strings.SplitSeq(row[column], "; ") {
				if got := holds(t, one("words", row[1]), feed.Entry{Title: example}); got != want {
					t.Errorf("%s finds %s: %v", row[1], example, got)
				}
			}
		}
	}
}

func TestTheExpressionsOfThePageCompile(t *testing.T) {
	codes := regexp.MustCompile(`(?m)^  - when: '(.+)'$`).FindAllStringSubmatch(page(t), -1)
	if len(codes) < 2 {
		t.Fatalf("%d expressions", len(codes))
	}
	for _, code := range codes {
		if _, err := compileWhen(code[1]); err != nil {
			t.Errorf("%s: %v", code[1], err)
		}
	}
}
