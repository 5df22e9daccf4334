package syndication

import (
	"encoding/json"
	"strings"
)

// walkJSON calls at for each sign of a JSON text that is outside of its strings,
// with the number of objects and arrays that are open after it, until at says
// false. The text need not be valid.
func walkJSON(text string, at func(i, depth int) bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',', ':':
		default:
			continue
		}
		if !at(i, depth) {
			return
		}
	}
}

// checkShape refuses a document that nests too deeply or is an object of too many
// members, before anything else reads it.
func checkShape(text string) error {
	var err error
	object, members := strings.HasPrefix(strings.TrimSpace(text), "{"), 1
	walkJSON(text, func(i, depth int) bool {
		if object && depth == 1 && text[i] == ',' {
			members++
		}
		switch {
		case depth > maxJSONDepth:
			err = tooLarge("the document nests over %d levels", maxJSONDepth)
		case members > maxJSONMembers:
			err = tooLarge("the document has over %d members", maxJSONMembers)
		}
		return err == nil
	})
	return err
}

// decodeJSON decodes a part of a document, if it and the parts before it have no
// more values than may be. Numbers stay as they are written, however large.
func (r *reader) decodeJSON(text string) (v any, err error) {
	walkJSON(text, func(i, _ int) bool {
		if text[i] == ',' || text[i] == ':' {
			r.values++
		}
		return true
	})
	if r.values > maxJSONValues {
		return nil, tooLarge("the document has over %d values", maxJSONValues)
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&v)
	return v, err
}

// jsonFields decodes what a document says besides its items.
func (r *reader) jsonFields(fields map[string]json.RawMessage) (map[string]any, error) {
	out := make(map[string]any, len(fields))
	for name, raw := range fields {
		v, err := r.decodeJSON(string(raw))
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}

// jsonItems decodes the items of a list that is valid JSON: those that are kept if
// there are too many.
func (r *reader) jsonItems(list string) ([]any, error) {
	f := flood[string]{when: jsonDate, size: func(string) int { return 1 }}
	start := 1
	walkJSON(list, func(i, depth int) bool {
		if depth == 1 && list[i] == ',' || depth == 0 {
			if item := strings.TrimSpace(list[start:i]); item != "" {
				f.add(item)
			}
			start = i + 1
		}
		return true
	})
	kept := f.close()
	r.flooded(f.report())
	items := make([]any, 0, len(kept))
	for _, text := range kept {
		v, err := r.decodeJSON(text)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return items, nil
}

// jsonDate is the date of an item as it is written.
func jsonDate(item string) string {
	if !strings.Contains(item, `"date_`) {
		return ""
	}
	var dates struct {
		Published any `json:"date_published"`
		Modified  any `json:"date_modified"`
	}
	if err := json.Unmarshal([]byte(item), &dates); err != nil {
		return ""
	}
	published, _ := dates.Published.(string)
	modified, _ := dates.Modified.(string)
	return or(published, modified)
}
