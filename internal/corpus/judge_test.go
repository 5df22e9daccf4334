package corpus

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"

	"broadsheet/feed"
)

// judge says what is wrong with a view; empty if nothing is.
func (c checkOf) judge(v view, markup bool) string {
	if c.Op == "any_of" {
		return c.judgeAny(v, markup)
	}
	got := at(v, c.path())
	ok := false
	switch c.Op {
	case "eq":
		ok = same(got, c.Value, markup) || c.sameName(got)
	case "ne":
		ok = !same(got, c.Value, markup)
	case "len":
		ok = got != nil && float64(reflect.ValueOf(got).Len()) == c.Value
	case "truthy":
		ok = truth(got)
	case "falsy":
		ok = !truth(got)
	case "lacks_key":
		got = at(v, append(slices.Clone(c.path()), c.Value))
		ok = !truth(got)
	}
	if ok {
		return ""
	}
	return fmt.Sprintf("%s %s %q: got %q", words(c.path()), c.Op, fmt.Sprint(c.Value), fmt.Sprint(got))
}

// judgeAny asks whether the checks of one of several lists all hold.
func (c checkOf) judgeAny(v view, markup bool) string {
	lists, _ := c.Value.([]any)
	for _, list := range lists {
		holds := true
		checks, _ := list.([]any)
		for _, one := range checks {
			m, _ := one.(map[string]any)
			path, _ := m["path"].([]any)
			op, _ := m["op"].(string)
			holds = holds && checkOf{Path: path, Op: op, Value: m["value"]}.judge(v, markup) == ""
		}
		if holds {
			return ""
		}
	}
	return "none of what may hold does"
}

// at is the value at a path of a view; nil if there is none.
func at(v any, path []any) any {
	for _, p := range path {
		switch key := p.(type) {
		case string:
			m, ok := v.(view)
			if !ok {
				return nil
			}
			v = m[key]
		case float64:
			list, ok := v.([]any)
			if !ok || int(key) >= len(list) {
				return nil
			}
			v = list[int(key)]
		}
	}
	return v
}

// truth is what Python takes for true.
func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case text:
		return v.line != ""
	}
	return !reflect.ValueOf(v).IsZero()
}

// same tells whether got is what a case wants. Of a structure only what the case
// names is looked at, and of a date the six numbers that are no calendar's.
func same(got, want any, markup bool) bool {
	switch want := want.(type) {
	case nil:
		return !truth(got)
	case string:
		switch got := got.(type) {
		case text:
			return got.says(want, markup)
		case string:
			return got == want || address(got) == address(want)
		case nil:
			return want == ""
		}
		return false
	case bool:
		return truth(got) == want
	case float64: // Python's 1 is True
		if b, ok := got.(bool); ok {
			return b == (want == 1)
		}
	case map[string]any:
		m, ok := got.(view)
		for key, value := range want {
			ok = ok && same(m[key], value, markup)
		}
		return ok
	case []any:
		list, ok := got.([]any)
		const moment = 6
		if !ok || len(want) < moment || len(list) < moment {
			return false
		}
		return reflect.DeepEqual(list[:moment], want[:moment])
	}
	return got == want
}

// sameName compares names of languages blind to case (RFC 5646 §2.1.1), and those of
// encodings by the Encoding Standard's labels: gbk is read as gb18030.
func (c checkOf) sameName(got any) bool {
	one, named := got.(string)
	other, alike := c.Value.(string)
	last := c.path()[len(c.path())-1]
	switch {
	case !named || !alike || one == "":
		return false
	case last == "language":
		return strings.EqualFold(one, other)
	case last == "encoding":
		_, a := charset.Lookup(one)
		_, b := charset.Lookup(other)
		const chinese = "gbk gb18030"
		return a != "" && (a == b || strings.Contains(chinese, a) && strings.Contains(chinese, b))
	}
	return false
}

// address is the normal form of an absolute address (RFC 3986 §6.2.2); a text that
// is none stays.
func address(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return s
	}
	u.Host = strings.ToLower(u.Host)
	return u.String()
}

// sameMarkup tells whether markup says the same: the same text, and the same
// elements with the same addresses in the same order. Blocks that only wrap text,
// attributes of looks and of safety, and the way of writing it are not compared.
func sameMarkup(got, want string) bool {
	return strings.Join(bones(got), "\n") == strings.Join(bones(want), "\n")
}

// TestTheJudgeRefuses: what the cases pass by would not let everything pass.
func TestTheJudgeRefuses(t *testing.T) {
	v := view{
		"bozo": false, "encoding": "utf-8", "list": []any{view{"href": "http://a.example/x"}}, "flag": true,
		"plain":  text{kind: feed.TextPlain, line: "a <b> tag", markup: "<p>a &lt;b&gt; tag</p>"},
		"rich":   text{kind: feed.TextHTML, line: "one link", markup: `<p>one <a href="http://a.example/">link</a></p>`},
		"parsed": []any{2004.0, 1.0, 2.0, 3.0, 4.0, 5.0}, "language": "en-US",
	}
	checks := []struct {
		path   string
		op     string
		value  any
		markup bool
		want   bool
	}{
		{"plain", "eq", "a <b> tag", false, true},
		{"plain", "eq", "a tag", false, false},
		{"plain", "eq", "a tag", true, false},
		{"rich", "eq", `one <a href="http://A.example/">link</a>`, true, true},
		{"rich", "eq", `<div>one <a title="x" href="http://a.example/">link</a></div>`, true, true},
		{"rich", "eq", `one <a href="http://b.example/">link</a>`, true, false},
		{"rich", "eq", `one link <img src="http://a.example/">`, true, false},
		{"rich", "eq", `<a href="http://a.example/">one</a> link`, true, false},
		{"rich", "eq", "another link", false, false},
		{"rich", "eq", nil, false, false},
		{"parsed", "eq", []any{2004.0, 1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 2.0, 0.0}, false, true},
		{"parsed", "eq", []any{2004.0, 1.0, 2.0, 3.0, 4.0, 6.0, 4.0, 2.0, 0.0}, false, false},
		{"language", "eq", "en-us", false, true},
		{"language", "eq", "en", false, false},
		{"encoding", "eq", "UTF8", false, true},
		{"encoding", "eq", "utf-16be", false, false},
		{"flag", "eq", 1.0, false, true},
		{"flag", "eq", 0.0, false, false},
		{"list", "len", 1.0, false, true},
		{"list", "len", 2.0, false, false},
		{"nothing", "len", 0.0, false, false},
		{"nothing", "eq", "x", false, false},
		{"nothing", "truthy", nil, false, false},
		{"flag", "falsy", nil, false, false},
		{"flag", "unheard-of", nil, false, false},
	}
	for _, tt := range checks {
		got := checkOf{Path: []any{tt.path}, Op: tt.op, Value: tt.value}.judge(v, tt.markup) == ""
		if got != tt.want {
			t.Errorf("%s %s %v holds: %v, want %v", tt.path, tt.op, tt.value, got, tt.want)
		}
	}
	other := checkOf{Path: []any{"list", 0.0, "href"}, Op: "eq", Value: "http://a.example/y"}
	if other.judge(v, false) == "" {
		t.Error("another address passes")
	}
}
