package store

// named is a source or section of the configuration, as far as its rows are
// found again by it.
type named struct{ name, renamedFrom string }

// adopt finds for each of wanted the row that it goes on with, in rows by name;
// 0 is a new row. A row under the same name is its own. Without one it takes over
// the row of the name that it had before, unless another one of wanted holds on
// to that. A renaming that was done once is thereby never done again.
func adopt(wanted []named, rows map[string]int64) []int64 {
	holds := map[string]bool{} // names whose owner has no other row to go to
	for _, w := range wanted {
		if rows[w.renamedFrom] == 0 || w.renamedFrom == "" {
			holds[w.name] = true
		}
	}
	out := make([]int64, len(wanted))
	taken := map[int64]bool{}
	take := func(i int, name string) {
		if row := rows[name]; row != 0 && out[i] == 0 && !taken[row] {
			out[i], taken[row] = row, true
		}
	}
	for i, w := range wanted {
		if rows[w.name] == 0 && !holds[w.renamedFrom] {
			take(i, w.renamedFrom)
		}
	}
	for i, w := range wanted {
		take(i, w.name)
	}
	for i, w := range wanted {
		if w.renamedFrom != "" && !holds[w.renamedFrom] {
			take(i, w.renamedFrom)
		}
	}
	return out
}

// firstName is the name that ids are minted from: the first one that a source or
// section had. It is taken if a renamed one had it first.
func firstName(name string, taken map[string]bool) string {
	for taken[name] {
		name += "~" // in no configured name
	}
	taken[name] = true
	return name
}
