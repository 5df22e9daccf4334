package config

import (
	"strings"
	"testing"
	"time"

	"broadsheet/internal/cost"
)

// Files that are made to keep a reader of YAML busy (T-30).
func TestHostileFilesAreRefusedSoon(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	tests := []struct{ name, text string }{
		{"brackets without end", fill("[")},
		{"braces without end", fill("{a: ")},
		{"dashes without end", fill("- ")},
		{"question marks without end", fill("? ")},
		{"ever deeper blocks", deeper(1000)},
		{"one long key", strings.Repeat("k", size) + ": 1\n"},
		{"many keys", "x-a:\n" + fill("  kkkkkkkk: 1\n")},
		{"many keys at the top", numbered(40_000, "k%: 1\n")},
		{"many anchors", "x-a: [" + numbered(40_000, "&a% 1, ") + "]\n"},
		{"an alias that is used often", "x-a: &a [" + fill("1, ") + "]\nsections: [" + strings.Repeat("{name: a, sources: *a}, ", 1000) + "]\n"},
		{"an unknown anchor in every line", fill("a: *b\n")},
		{"a slip in every line", fill("a: b: c\n")},
		{"a long line of colons", "a: " + fill("b: ")},
		{"a long line of comments", "a: [" + fill("b, #c ") + "\n"},
		{"quotes that stay open", fill("a: \"b\n")},
		{"tabs", fill("\t")},
		{"documents", fill("---\n")},
		{"line breaks", fill("\n")},
		{"merges of merges", merges(20)},
		{"a list of one name", "sections:\n- {name: a, sources: [" + fill("x, ") + "]}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			paper, problems := loadBytes(t, "testdata/none", []byte(tt.text))
			took := time.Since(start)
			if paper != nil || len(problems) == 0 {
				t.Error("it was taken")
			}
			if took > 5*time.Second && !cost.Race { // a second on a machine with nothing else to do
				t.Errorf("took %v", took)
			}
			if took > time.Second/4 {
				t.Logf("took %v", took)
			}
		})
	}
}

// deeper is blocks nested n deep.
func deeper(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// numbered repeats s with % as a number.
func numbered(n int, s string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(s, "%", strings.Repeat("i", i%7)+string(rune('a'+i%26))+strings.Repeat("z", i/26%90)))
	}
	return b.String()
}

// merges is n blocks that each merge the one before nine times.
func merges(n int) string {
	var b strings.Builder
	b.WriteString("x-a: &a {a: 1}\n")
	for i := range n {
		from, to := string(rune('a'+i)), string(rune('b'+i))
		b.WriteString("x-" + to + ": &" + to + " {<<: [" + strings.Repeat("*"+from+", ", 9) + "]}\n")
	}
	return b.String() + "site: {<<: *" + string(rune('a'+n)) + "}\n"
}
