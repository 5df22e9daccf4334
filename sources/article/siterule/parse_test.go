package siterule

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABadLineIsNamedAndTheOthersHold(t *testing.T) {
	for line, want := range map[string]string{
		"titl: //h1":                       `there is no directive "titl"; there are tidy, title`,
		"shine: yes":                       `there is no directive "shine"; there are `,
		"https://harbour.example/story":    "write test_url: https://harbour.example/story",
		"// a remark":                      "or # before a comment",
		"body //p":                         "write DIRECTIVE: VALUE",
		"body:":                            "body has no value",
		"body: //p[":                       `body: "//p[" is not an XPath`,
		"strip: //p[contains(@class='a')]": "a function in it lacks an argument",
		"strip: //p[contain(@class, 'a')]": "contain()",
		"prune: perhaps":                   `prune is yes or no, not "perhaps"`,
		"test_url: www.harbour.example":    "begins with http:// or https://",
		"title(h1): //h1":                  "title takes nothing in parentheses",
		"wrap_in: //p":                     "wrap_in needs an element's name in parentheses",
		"wrap_in(<b>): //p":                "no element has such a name",
		"move_into(//p[): //q":             "is not an XPath, nor body",
		"if_page_contains: //p":            "move it below one",
		"test_contains: ferry":             "test_contains says what the page of the test_url above it holds",
		"replace_string: x":                "replace_string has no find_string",
		"find_string: x":                   "find_string has no replace_string",
		"replace_string(x: y":              "is not a directive",
	} {
		r, problems := Parse("harbour.example.txt", []byte("# first\r\nbody: //q\r\n"+line+"\ntitle: //h1"))
		if len(problems) != 1 || problems[0].File != "harbour.example.txt" || problems[0].Line != 3 || !strings.Contains(problems[0].Text, want) {
			t.Errorf("%q: %v; want one at line 3 with %s", line, problems, want)
		}
		if got, want := r.Version(), rule(t, "body: //q\ntitle: //h1").Version(); got != want {
			t.Errorf("%q: the lines about it did not hold", line)
		}
	}
	p := Problem{File: "a.example.txt", Line: 3, Text: "it is wrong"}
	if got := p.String(); got != "a.example.txt:3: it is wrong" {
		t.Errorf("a problem reads %q", got)
	}
	if got := (Problem{File: "a.example.txt", Text: "is a folder"}).String(); got != "a.example.txt: is a folder" {
		t.Errorf("a problem of a file reads %q", got)
	}
}

func TestARuleIsReadHoweverItIsWritten(t *testing.T) {
	want := rule(t, "body: //p").Version()
	for name, text := range map[string]string{
		"with a byte order mark": "\ufeffbody: //p",
		"with Windows' lines":    "# x\r\nbody: //p\r\n",
		"with old lines":         "# x\rbody: //p\r",
		"without a space":        "body://p",
		"with many":              "\t body \t:\t //p  ",
		"in no encoding":         "# caf\xe9\nbody: //p",
	} {
		if got := rule(t, text).Version(); got != want {
			t.Errorf("%s it is another rule", name)
		}
	}
}

func TestTestsAreThePagesOfARule(t *testing.T) {
	got := rule(t, "body: //p\ntest_url: https://a.example/1\ntest_contains: one\ntest_contains: two\n\ntest_url: https://a.example/2").Tests()
	want := []Test{{URL: "https://a.example/1", Contains: []string{"one", "two"}, Line: 2}, {URL: "https://a.example/2", Line: 6}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
