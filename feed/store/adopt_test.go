package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRowsAreFoundAgainByNameAndByTheNameBefore(t *testing.T) {
	for name, c := range map[string]struct {
		wanted []named
		rows   map[string]int64
		want   []int64
	}{
		"the same name": {[]named{{"a", ""}}, map[string]int64{"a": 1}, []int64{1}},
		"a new one":     {[]named{{"a", ""}}, nil, []int64{0}},
		"renamed":       {[]named{{"b", "a"}}, map[string]int64{"a": 1}, []int64{1}},
		"renamed before, and the line is still in the file": {
			[]named{{"b", "a"}}, map[string]int64{"b": 1}, []int64{1}},
		"renamed, but the new name has a row already": {
			[]named{{"b", "a"}}, map[string]int64{"a": 1, "b": 2}, []int64{2}},
		"the old name is still configured": {
			[]named{{"b", "a"}, {"a", ""}}, map[string]int64{"a": 1}, []int64{0, 1}},
		"a chain: b goes on as c, a as b": {
			[]named{{"b", "a"}, {"c", "b"}}, map[string]int64{"a": 1, "b": 2}, []int64{1, 2}},
		"the same chain, written the other way round": {
			[]named{{"c", "b"}, {"b", "a"}}, map[string]int64{"a": 1, "b": 2}, []int64{2, 1}},
		"the chain again, when it was done": {
			[]named{{"c", "b"}, {"b", "a"}}, map[string]int64{"b": 1, "c": 2}, []int64{2, 1}},
		"b was a once, and stays when c claims its name": {
			[]named{{"c", "b"}, {"b", "a"}}, map[string]int64{"b": 1}, []int64{0, 1}},
		"two want one row": {
			[]named{{"b", "a"}, {"c", "a"}}, map[string]int64{"a": 1}, []int64{1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, adopt(c.wanted, c.rows)); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}
