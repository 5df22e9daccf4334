package config

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const referencePath = "../../../docs/config.md"

var documented = map[string]reflect.Type{
	"file": reflect.TypeFor[file](), "site": reflect.TypeFor[siteBlock](), "serve": reflect.TypeFor[serveBlock](), "tls": reflect.TypeFor[tlsBlock](),
	"fetch": reflect.TypeFor[fetchBlock](), "host": reflect.TypeFor[hostBlock](), "section": reflect.TypeFor[sectionBlock](),
	"rule": reflect.TypeFor[ruleBlock](), "source": reflect.TypeFor[sourceBlock](), "feed": reflect.TypeFor[feedBlock](),
	"auth": reflect.TypeFor[authBlock](), "podcast": reflect.TypeFor[podcastBlock](),
	"profile": reflect.TypeFor[profileBlock](), "sectionDefaults": reflect.TypeFor[sectionDefaults](),
}

var (
	tables   = regexp.MustCompile(`(?s)(<!-- table (\w+) -->\n).*?(<!-- end -->)`)
	keyLists = regexp.MustCompile(`<!-- keys (\w+) -->[^.]*\.`)
	reserves = regexp.MustCompile(`<!-- reserved -->[^.]*\.`)
)

// docs/config.md has the keys, defaults and descriptions of the types.
func TestReferenceIsTrueToTheTypes(t *testing.T) {
	text, err := os.ReadFile(referencePath)
	if err != nil {
		t.Fatal(err)
	}
	want := tables.ReplaceAllStringFunc(string(text), func(found string) string {
		m := tables.FindStringSubmatch(found)
		return m[1] + keyTable(t, m[2]) + m[3]
	})
	want = keyLists.ReplaceAllStringFunc(want, func(found string) string {
		name := keyLists.FindStringSubmatch(found)[1]
		return "<!-- keys " + name + " -->" + code(shapes{}.of(typeNamed(t, name)).keys()) + "."
	})
	want = reserves.ReplaceAllLiteralString(want, "<!-- reserved -->"+code(reserved)+".")
	if *update {
		if err := os.WriteFile(referencePath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("go test ./cmd/broadsheet/config -run Reference -update brings it up to date:\n%s", diff)
	}
	for name := range documented {
		if !strings.Contains(string(text), "<!-- table "+name+" -->") && !strings.Contains(string(text), "<!-- keys "+name+" -->") {
			t.Errorf("the block %s is not in the reference", name)
		}
	}
}

func typeNamed(t *testing.T, name string) reflect.Type {
	t.Helper()
	block := documented[name]
	if block == nil {
		t.Fatalf("there is no block %s", name)
	}
	return block
}

func code(words []string) string { return "`" + strings.Join(words, "` `") + "`" }

// keyTable is the Markdown table of a block.
func keyTable(t *testing.T, name string) string {
	t.Helper()
	block := typeNamed(t, name)
	var b strings.Builder
	b.WriteString("\n| key | value | default | |\n|---|---|---|---|\n")
	for _, f := range (shapes{}).of(block).fields {
		preset := f.preset
		switch {
		case f.need != "":
			preset = "required"
		case preset != "":
			preset = "`" + preset + "`"
		}
		doc := strings.ReplaceAll(f.doc, "|", `\|`)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.key, form(f, block.FieldByIndex(f.index).Type), preset, doc)
	}
	b.WriteString("\n")
	return b.String()
}

// forms are the words for kinds of value.
var forms = map[reflect.Type]string{
	reflect.TypeFor[line](): "text", reflect.TypeFor[title](): "text", reflect.TypeFor[count](): "number",
	reflect.TypeFor[limit](): "number or `all`", reflect.TypeFor[first](): "number or `all`", reflect.TypeFor[switched](): "`true` or `false`",
	reflect.TypeFor[period](): "duration", reflect.TypeFor[retention](): "duration or `forever`",
	reflect.TypeFor[cadence](): "cadence", reflect.TypeFor[size](): "size", reflect.TypeFor[zone](): "time zone",
	reflect.TypeFor[tongue](): "language", reflect.TypeFor[webURL](): "URL", reflect.TypeFor[network](): "network",
	reflect.TypeFor[address](): "address", reflect.TypeFor[sectionName](): "name", reflect.TypeFor[sourceName](): "name",
	reflect.TypeFor[proxyURL](): "URL or `none`", reflect.TypeFor[percent](): "percentage",
	reflect.TypeFor[sizeLimit](): "size or `none`", reflect.TypeFor[itemTitle](): "text with `{title}`",
	reflect.TypeFor[secretWord](): "`true`, `false` or a word", reflect.TypeFor[mailbox](): "e-mail address",
	reflect.TypeFor[category](): "category",
}

// form is the word for what a key takes.
func form(f field, t reflect.Type) string {
	if len(f.enum) > 0 {
		return strings.ReplaceAll(code(f.enum), "` `", "`, `")
	}
	switch name := t.Name(); {
	case strings.HasPrefix(name, "value["):
		v, _ := t.FieldByName("V")
		return forms[v.Type]
	case strings.HasPrefix(name, "list["):
		items, _ := t.FieldByName("Items")
		v, _ := items.Type.Elem().FieldByName("V")
		return "list of " + strings.TrimSuffix(forms[v.Type], "s") + "s"
	case strings.HasPrefix(name, "many["):
		return "list of blocks"
	case strings.HasPrefix(name, "named["):
		return "names and their values"
	default:
		return "block"
	}
}
