package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// forEachKey visits every key of every block, once.
func forEachKey(t *testing.T, visit func(f *field, set setting)) {
	t.Helper()
	sh, done := shapes{}, map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(block reflect.Type) {
		if done[block] {
			return
		}
		done[block] = true
		for i := range sh.of(block).fields {
			f := &sh.of(block).fields[i]
			kind := block.FieldByIndex(f.index).Type
			set, isSetting := reflect.New(kind).Interface().(setting)
			visit(f, set)
			if item, ok := inner(kind); ok {
				walk(item)
			} else if !isSetting && kind.Kind() == reflect.Struct {
				walk(kind)
			}
		}
	}
	walk(reflect.TypeFor[file]())
}

// inner is the block that a list, a named set or a pointer holds.
func inner(t reflect.Type) (reflect.Type, bool) {
	switch {
	case t.Kind() == reflect.Pointer:
		return t.Elem(), true
	case strings.HasPrefix(t.Name(), "many["):
		f, _ := t.FieldByName("Items")
		return f.Type.Elem(), true
	case strings.HasPrefix(t.Name(), "some["):
		f, _ := t.FieldByName("Block")
		return f.Type.Elem(), true
	case strings.HasPrefix(t.Name(), "named["):
		f, _ := t.FieldByName("Items")
		v, _ := f.Type.Elem().FieldByName("Value")
		return v.Type, strings.HasSuffix(v.Type.Name(), "Block")
	}
	return nil, false
}

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// instance reads YAML as an editor does: merged and in JSON's types.
func instance(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(stringKeys(v))
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func stringKeys(v any) any {
	switch v := v.(type) {
	case map[any]any:
		out := map[string]any{}
		for k, x := range v {
			out[fmt.Sprint(k)] = stringKeys(x)
		}
		return out
	case map[string]any:
		for k, x := range v {
			v[k] = stringKeys(x)
		}
	case []any:
		for i, x := range v {
			v[i] = stringKeys(x)
		}
	}
	return v
}

func TestSchemaTakesWhatLoadTakes(t *testing.T) {
	schema := compiledSchema(t)
	paths, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range append(paths, "../../../config.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, problems := Load(path, testEnv); len(problems) > 0 {
				t.Error(problems)
			}
			if err := schema.Validate(instance(t, text)); err != nil {
				t.Error(err)
			}
		})
	}
}

// Wrong files that are well-formed YAML and wrong in themselves, not only in
// what they name, are refused by editors as well.
func TestSchemaRefusesWhatLoadRefuses(t *testing.T) {
	schema := compiledSchema(t)
	for _, name := range []string{
		"unknown-keys", "later-keys", "bad-names", "urls", "cadences", "sizes-and-numbers", "rule-keys",
		"wrong-shapes", "empty-conditions", "defaults", "not-a-block",
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile("testdata/bad/" + name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(instance(t, text)) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

// One wrong value at a time, so that each pattern is seen to refuse.
func TestSchemaRefusesOneWrongValue(t *testing.T) {
	schema := compiledSchema(t)
	for _, text := range []string{
		`{site: {url: ftp://paper.example}}`, `{site: {language: "english language"}}`, `{keep: always}`,
		`{serve: {listen: "8080"}}`, `{fetch: {every: soon}}`, `{fetch: {max_body: 15}}`, `{fetch: {concurrency: many}}`,
		`{fetch: {hosts: {a.example: {hold: nobody}}}}`, `{sections: [{name: "A B"}]}`, `{sections: [{sources: "*"}]}`,
		`{sections: [{name: a, limit: none}]}`, `{sections: [{name: a, match: [{}]}]}`, `{sections: [{name: a, match: {title: x}}]}`,
		`{sections: [{name: a, rest: "perhaps"}]}`, `{sources: [{name: a}]}`, `{sources: [{name: a, url: https://a.example, feeds: []}]}`,
		`{sources: [{name: a, url: https://a.example, proxy: "ftp://p.example"}]}`,
		`{sources: [{name: a, url: https://a.example, auth: {token: x}}]}`, `{sources: [{name: a, url: https://a.example, terms: some}]}`,
		`{sources: [{name: a, url: https://a.example, headers: [a]}]}`, `{sources: [{name: a, url: https://a.example, kind: page}]}`, `{lists: {a: {path: x}}}`, `{profiles: {a: {name: b}}}`,
	} {
		if schema.Validate(instance(t, []byte(text))) == nil {
			t.Errorf("the schema takes %s", text)
		}
	}
}
