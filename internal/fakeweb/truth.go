package fakeweb

import (
	"regexp"
	"slices"
)

// marked is how a mark stands in titles and texts.
func marked(mark string) string { return "no. " + mark }

var inText = regexp.MustCompile(`\bno\. (\d+-\d+)\b`)

// Marks gives the marks of the articles that a text speaks of, each once, in
// their order.
func Marks(text string) []string {
	var marks []string
	for _, m := range inText.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(marks, m[1]) {
			marks = append(marks, m[1])
		}
	}
	return marks
}

// Verdict is what became of a newsroom's articles.
type Verdict struct {
	Lost  []Article // were to be announced and were not
	Twice []string  // marks announced more than once, each as often as it was too much
	Wrong []string  // announcements with no mark, several, or one that was not to be announced
}

// Compare holds what was announced against the truth. An announcement is the
// title of an article, or its title and text.
func Compare(truth []Article, announced []string) Verdict {
	var v Verdict
	seen := map[string]int{}
	for _, text := range announced {
		marks := Marks(text)
		if len(marks) != 1 || !slices.ContainsFunc(truth, func(a Article) bool { return a.Mark == marks[0] }) {
			v.Wrong = append(v.Wrong, text)
			continue
		}
		if seen[marks[0]]++; seen[marks[0]] > 1 {
			v.Twice = append(v.Twice, marks[0])
		}
	}
	for _, a := range truth {
		if seen[a.Mark] == 0 {
			v.Lost = append(v.Lost, a)
		}
	}
	return v
}
