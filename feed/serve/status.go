package serve

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

//go:embed operator.css
var operatorStyle []byte

// statusPage is the status as people see it.
type statusPage struct {
	Title   string
	Metrics bool   // there is a /metrics
	Error   string // why there are no tables
	Tables  []table
}

// table is a list of the status: one row for each of its objects.
type table struct {
	Name    string
	Columns []string
	Rows    [][]cell
}

type cell struct {
	Text string
	Bad  bool // wants the operator's eye
}

// calm are the states of a source or section that need nobody.
var calm = []string{"new", "ok", "paused"}

// tables makes tables of a JSON object: one for each of its lists of objects,
// and before them one of all its other members. Members keep their order.
func tables(data []byte) ([]table, error) {
	members, err := membersOf(data)
	if err != nil {
		return nil, fmt.Errorf("status: %w", err)
	}
	var facts table
	var lists []table
	for _, m := range members {
		var rows []json.RawMessage
		if json.Unmarshal(m.value, &rows) != nil || len(rows) > 0 && rows[0][0] != '{' {
			facts.Rows = append(facts.Rows, []cell{{Text: heading(m.name)}, newCell(m)})
			continue
		}
		t, err := tableOf(m.name, rows)
		if err != nil {
			return nil, fmt.Errorf("status: %s: %w", m.name, err)
		}
		lists = append(lists, t)
	}
	if len(facts.Rows) > 0 {
		lists = slices.Insert(lists, 0, facts)
	}
	return lists, nil
}

// tableOf has a column for each name that any of the objects has.
func tableOf(name string, objects []json.RawMessage) (table, error) {
	t := table{Name: heading(name)}
	column := make(map[string]int)
	for _, object := range objects {
		members, err := membersOf(object)
		if err != nil {
			return table{}, err
		}
		row := make([]cell, len(t.Columns), len(t.Columns)+len(members))
		for _, m := range members {
			i, ok := column[m.name]
			if !ok {
				i = len(t.Columns)
				column[m.name] = i
				t.Columns = append(t.Columns, heading(m.name))
				row = append(row, cell{})
			}
			row[i] = newCell(m)
		}
		t.Rows = append(t.Rows, row)
	}
	for i, row := range t.Rows { // columns that came up later
		t.Rows[i] = append(row, make([]cell, len(t.Columns)-len(row))...)
	}
	return t, nil
}

func newCell(m member) cell {
	text := cellText(m.value)
	return cell{
		Text: text,
		Bad:  text != "" && (m.name == "error" || m.name == "state" && !slices.Contains(calm, text)),
	}
}

// cellText is a value in words: a string without its quotes, a moment to the
// minute, the members of a list or object side by side, nothing for what is
// empty. Of an object in a list its first member stands for it.
func cellText(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return shortTime(s)
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		var parts []string
		for _, v := range list {
			if members, err := membersOf(v); err == nil && len(members) > 0 {
				v = members[0].value
			}
			parts = append(parts, cellText(v))
		}
		return strings.Join(parts, "; ")
	}
	members, err := membersOf(value)
	if err != nil {
		return string(value) // a number or a truth
	}
	var parts []string
	for _, m := range members {
		parts = append(parts, m.name+": "+cellText(m.value))
	}
	return strings.Join(parts, "; ")
}

// shortTime is s as people read a moment, if it is one.
func shortTime(s string) string {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return s
	}
	return t.UTC().Format("2 Jan 2006, 15:04 UTC")
}

// heading is the name of a member as the head of a column or table.
func heading(name string) string { return strings.ReplaceAll(name, "_", " ") }

// member is a name of a JSON object with its value.
type member struct {
	name  string
	value json.RawMessage
}

// membersOf gives the members of a JSON object in order.
func membersOf(object []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	start, err := d.Token()
	if err != nil {
		return nil, err
	}
	if start != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var members []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: fmt.Sprint(name)}
		if err := d.Decode(&m.value); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, nil
}
