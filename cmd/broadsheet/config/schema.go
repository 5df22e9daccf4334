package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Schema is the JSON Schema (draft 2020-12) of config.yaml and of the files that
// it includes, for editors that complete and check YAML. The same configuration
// types and descriptions make it that Load decodes by; what only the whole
// configuration can tell, such as a source that no one has defined, is left to
// Load.
func Schema() ([]byte, error) {
	b := &schemaBuilder{shapes: shapes{}, defs: map[string]any{}}
	root := b.block(reflect.TypeFor[file]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Configuration of Broadsheet"
	root["$defs"] = b.defs
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("writing the schema: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// schemaBuilder describes types; each kind of block is described once.
type schemaBuilder struct {
	shapes shapes
	defs   map[string]any
}

// constrained is a block with a law that spans several of its keys.
type constrained interface{ constrain(schema map[string]any) }

// block describes a struct of keys.
func (b *schemaBuilder) block(t reflect.Type) map[string]any {
	sh := b.shapes.of(t)
	properties := map[string]any{}
	out := map[string]any{
		"type": "object", "properties": properties, "additionalProperties": false,
		"patternProperties": map[string]any{"^x-": map[string]any{}},
	}
	var required []string
	for i := range sh.fields {
		f := &sh.fields[i]
		properties[f.key] = b.key(f, t.FieldByIndex(f.index).Type)
		if f.need != "" {
			required = append(required, f.key)
		}
	}
	if required != nil {
		out["required"] = required
	}
	if c, ok := reflect.New(t).Interface().(constrained); ok {
		c.constrain(out)
	}
	return out
}

// key describes a key with the type of its value.
func (b *schemaBuilder) key(f *field, t reflect.Type) map[string]any {
	out := b.any(f, t)
	out["description"] = f.doc
	if f.preset != "" {
		out["default"] = jsonValue(f.preset)
	}
	return out
}

// any describes a value of any type that a key may have.
func (b *schemaBuilder) any(f *field, t reflect.Type) map[string]any {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s, ok := reflect.New(t).Interface().(setting); ok {
		return s.schema(b, f)
	}
	name := strings.TrimSuffix(t.Name(), "Block")
	if b.defs[name] == nil {
		b.defs[name] = true // it may hold itself
		b.defs[name] = b.block(t)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

func (v *value[T]) schema(_ *schemaBuilder, f *field) map[string]any {
	if f != nil && len(f.enum) > 0 {
		return map[string]any{"enum": f.enum}
	}
	return any(&v.V).(kind).describe()
}

func (l *list[T]) schema(b *schemaBuilder, f *field) map[string]any {
	var item value[T]
	one := item.schema(b, f)
	return map[string]any{"anyOf": []any{one, map[string]any{"type": "array", "items": one}}}
}

func (m *many[T]) schema(b *schemaBuilder, _ *field) map[string]any {
	return map[string]any{"type": "array", "items": b.any(nil, reflect.TypeFor[T]())}
}

func (m *named[T]) schema(b *schemaBuilder, _ *field) map[string]any {
	item := b.any(nil, reflect.TypeFor[T]())
	return map[string]any{"type": "object", "additionalProperties": item}
}

func (s *some[T]) schema(b *schemaBuilder, _ *field) map[string]any {
	return b.any(nil, reflect.TypeFor[T]())
}

func (w *wordList) schema(b *schemaBuilder, f *field) map[string]any {
	out := w.list.schema(b, f)
	file := map[string]any{
		"type": "object", "required": []string{"file"}, "additionalProperties": false,
		"properties": map[string]any{"file": map[string]any{
			"type": "string", "description": "A file with one value a line; # begins a comment.",
		}},
	}
	out["anyOf"] = append(out["anyOf"].([]any), file)
	return out
}

func (*sourceBlock) constrain(schema map[string]any) {
	schema["oneOf"] = []any{
		map[string]any{"required": []string{"url"}},
		map[string]any{"required": []string{"feeds"}},
	}
}

func (*ruleBlock) constrain(schema map[string]any) { schema["minProperties"] = 1 }

// jsonValue is a default in JSON's types.
func jsonValue(preset string) any {
	if n, err := strconv.Atoi(preset); err == nil {
		return n
	}
	if b, err := strconv.ParseBool(preset); err == nil {
		return b
	}
	return preset
}
