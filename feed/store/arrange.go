package store

import (
	"maps"
	"slices"

	"broadsheet/feed"
)

// membership is an entry's place in a section as it is stored.
type membership struct {
	entry, section    int64
	sortAt, published int64
	copyOf            int64 // who is shown in its place; 0 if it is shown itself
	source            int64
	squeezed          bool // it would be shown, but is over its source's share
}

// shown tells whether it is among what the section shows, down to its edge.
func (m *membership) shown() bool { return m.copyOf == 0 && !m.squeezed }

// touch says that an entry came, that it or its sections changed, or that it may be
// shown no longer. changed: what is shown of it, or that it is there, is other than
// before, so that those who name it look different too.
func (l *ledger) touch(entry int64, changed bool) { l.touched[entry] = l.touched[entry] || changed }

// leave takes entries, no more than a batch of them, from all of their sections.
func (l *ledger) leave(rows []int64) error {
	in := ` IN (` + marks(len(rows)) + `)`
	var leaving []membership
	if err := l.tx.each(`SELECT section, sort_at, source, squeezed FROM members WHERE copy_of IS NULL AND entry`+in, anys(rows),
		func(s scan) error {
			var m membership
			err := s(&m.section, &m.sortAt, &m.source, &m.squeezed)
			leaving = append(leaving, m)
			return err
		}); err != nil {
		return err
	}
	for _, m := range leaving {
		if err := l.open(m.section); err != nil {
			return err
		}
		l.gone(m)
	}
	for _, row := range rows {
		l.touch(row, true)
	}
	_, err := l.tx.exec(`DELETE FROM members WHERE entry`+in, anys(rows)...)
	return err
}

// tell works out, for all entries that were touched, which story they belong to and
// which member of it each section shows.
func (l *ledger) tell() error {
	if len(l.touched) == 0 {
		return nil
	}
	all, b, err := l.tx.kin(slices.Sorted(maps.Keys(l.touched)))
	if err != nil {
		return err
	}
	var told [][]*member
	for _, group := range components(all, b) {
		told = append(told, stories(group, b.tied)...)
	}
	if err := l.join(told); err != nil {
		return err
	}
	placed, err := l.tx.placed(slices.Sorted(maps.Keys(all)))
	if err != nil {
		return err
	}
	modes, err := l.tx.modes()
	if err != nil {
		return err
	}
	if l.shares, err = l.tx.shares(); err != nil {
		return err
	}
	for _, members := range told {
		for mode, sections := range modes {
			for _, group := range groups(members, mode, b) {
				changed := slices.ContainsFunc(group, func(m *member) bool { return l.touched[m.entry] })
				if err := l.arrange(group, mode, sections, placed, changed); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// join writes which story members belong to, named by its head. Where that changes,
// all of the story they are in now, and were in before, look different.
func (l *ledger) join(told [][]*member) error {
	moved := map[int64]bool{} // stories
	for _, members := range told {
		head := members[0].entry
		if len(members) == 1 {
			head = 0
		}
		for _, m := range members {
			if m.story == head {
				continue
			}
			moved[m.story], moved[head] = true, true
			l.touch(m.entry, true)
			var row any // null
			if m.story = head; head != 0 {
				row = head
			}
			if _, err := l.tx.exec(`UPDATE entries SET story = ? WHERE entry = ?`, row, m.entry); err != nil {
				return err
			}
		}
	}
	delete(moved, 0)
	for _, members := range told {
		if moved[members[0].story] {
			l.touch(members[0].entry, true)
		}
	}
	return nil
}

// placed reads the places of entries in configured sections, by entry.
func (t *tx) placed(rows []int64) (map[int64][]*membership, error) {
	out := map[int64][]*membership{}
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT entry, section, sort_at, published, coalesce(copy_of, 0), source, squeezed FROM members
			WHERE entry IN (`+marks(len(part))+`)`, anys(part), func(s scan) error {
			m := &membership{}
			err := s(&m.entry, &m.section, &m.sortAt, &m.published, &m.copyOf, &m.source, &m.squeezed)
			out[m.entry] = append(out[m.entry], m)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// modes are the configured sections by what of one story they show once.
func (t *tx) modes() (map[feed.Stories]map[int64]bool, error) {
	out := map[feed.Stories]map[int64]bool{}
	return out, t.each(`SELECT section, stories FROM sections WHERE active`, nil, func(s scan) error {
		var section int64
		var mode feed.Stories
		err := s(&section, &mode)
		if out[mode] == nil {
			out[mode] = map[int64]bool{}
		}
		out[mode][section] = true
		return err
	})
}

// arrange shows the best of a group, which is ranked, in each of some sections that
// members of it are in. changed: what is shown there looks different in any case.
func (l *ledger) arrange(group []*member, mode feed.Stories, sections map[int64]bool, placed map[int64][]*membership,
	changed bool) error {
	there := map[int64][]*member{} // who is in a section, the best first
	at := map[[2]int64]*membership{}
	stood := map[[2]int64]bool{} // who stood for others in a section, by entry and section
	for _, m := range group {
		for _, p := range placed[m.entry] {
			if sections[p.section] {
				there[p.section] = append(there[p.section], m)
				at[[2]int64{m.entry, p.section}] = p
				stood[[2]int64{p.copyOf, p.section}] = true
			}
		}
	}
	for section, members := range there {
		sortAt := place(members)
		for _, m := range group {
			// Who takes over stands no later than who stood for it before and left.
			if _, is := at[[2]int64{m.entry, section}]; !is && stood[[2]int64{m.entry, section}] {
				sortAt = min(sortAt, m.seen)
			}
		}
		if was := at[[2]int64{members[0].entry, section}]; was.copyOf == 0 && mode != feed.StoriesOff {
			sortAt = min(sortAt, was.sortAt) // nor does it rise when a copy leaves
		}
		published := dated(group, members[0])
		for i, m := range members {
			was := at[[2]int64{m.entry, section}]
			is := membership{entry: m.entry, section: section, sortAt: m.sortAt, published: m.published,
				copyOf: members[0].entry, source: was.source}
			if i == 0 {
				is.sortAt, is.published, is.copyOf = sortAt, published, 0
				// Who comes waits until it is known whether its source has room for it.
				is.squeezed = l.shares[section] > 0 && (was.copyOf != 0 || was.squeezed)
			}
			if err := l.put(was, is, changed); err != nil {
				return err
			}
		}
	}
	return nil
}

// put writes a place if it is another one than before.
func (l *ledger) put(was *membership, is membership, changed bool) error {
	if *was == is && !changed {
		return nil
	}
	if err := l.open(is.section); err != nil {
		return err
	}
	if was.shown() {
		l.note(was.section, was.sortAt)
	}
	if is.shown() {
		l.note(is.section, is.sortAt)
	}
	if is.copyOf == 0 { // what is squeezed out is in the archive too
		if err := l.tx.joins(is.section, is.entry); err != nil {
			return err
		}
	}
	if *was == is {
		return nil
	}
	if was.copyOf == 0 || is.copyOf == 0 {
		l.crowd(is.section, is.source)
	}
	var copyOf any // null
	if is.copyOf != 0 {
		copyOf = is.copyOf
	}
	_, err := l.tx.exec(`UPDATE members SET sort_at = ?, published = ?, copy_of = ?, squeezed = ?
		WHERE entry = ? AND section = ?`, is.sortAt, is.published, copyOf, is.squeezed, is.entry, is.section)
	return err
}

// place is where members of a story stand in a section that they are in: where the
// best of them, the first, does.
//
// A copy that is late does not lift a story that was known before. How early a copy
// says it is does not count, only when it became known: otherwise whoever copies an
// article and dates it back could send it to the end of the section.
func place(members []*member) int64 {
	sortAt := members[0].sortAt
	for _, m := range members[1:] {
		sortAt = min(sortAt, m.seen)
	}
	return sortAt
}

// dated is the date of a group that lead stands for: its own. If it has none the
// earliest own date of the others holds; without any, when the first of them was seen,
// which is what undated ones have.
func dated(group []*member, lead *member) int64 {
	if !lead.undated {
		return lead.published
	}
	dates := map[bool]int64{true: never, false: never} // by whether it is their own
	for _, m := range group {
		if !m.stands {
			continue
		}
		dates[!m.undated] = min(dates[!m.undated], m.published)
	}
	if dates[true] != never {
		return dates[true]
	}
	return dates[false]
}
