package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"broadsheet/feed"
)

// maxAlso is how many other places of a story are named: enough for every reader.
const maxAlso = 10

// slot is what a section shows in one place.
type slot struct{ row, sortAt, published int64 }

// told gives what a section shows, in order: of each story the entry that stands for
// it, under the story's id, with the other places that have it.
func (t *tx) told(c *sectionView, slots []slot) ([]feed.Entry, error) {
	rows := make([]int64, len(slots))
	for i, s := range slots {
		rows[i] = s.row
	}
	entries, err := t.entries(rows)
	if err != nil {
		return nil, err
	}
	groups, err := t.groupsOf(rows, c.Stories, c.Private != "")
	if err != nil {
		return nil, err
	}
	also, err := t.also(groups)
	if err != nil {
		return nil, err
	}
	terms, err := t.termsOf(c, rows)
	if err != nil {
		return nil, err
	}
	for i, s := range slots {
		entries[i].Terms = terms[s.row]
		if group := groups[s.row]; group != nil {
			entries[i] = asStory(entries[i], s, group)
			entries[i].Also = also[s.row]
		}
	}
	slices.SortStableFunc(entries, inSection)
	address(entries)
	return entries, nil
}

// asStory is the entry that stands for a group in a place: its own words under the
// story's id, at the story's place.
func asStory(e feed.Entry, s slot, group []*member) feed.Entry {
	untouched := e.Updated.Equal(e.Published)
	e.ID, e.SortAt, e.Published = bearer(group).id, moment(s.sortAt), moment(s.published)
	e.Undated = e.Undated && !slices.ContainsFunc(group, func(m *member) bool { return m.stands && !m.undated })
	if untouched || e.Updated.Before(e.Published) {
		e.Updated = e.Published
	}
	// What was corrected under this id does not become older because another copy leads.
	for _, m := range group {
		if at := moment(m.updated); m.updated > m.published && at.After(e.Updated) {
			e.Updated = at
		}
	}
	return e
}

// inSection is the order of a section.
func inSection(a, b feed.Entry) int {
	return cmp.Or(b.SortAt.Compare(a.SortAt), b.Published.Compare(a.Published), strings.Compare(a.ID, b.ID))
}

// groupsOf gives, for entries that are in stories, who else is shown by them in a
// section with this mode, ranked. Those that are shown alone are left out. What is in
// private sections only belongs to no story but in these.
func (t *tx) groupsOf(rows []int64, mode feed.Stories, private bool) (map[int64][]*member, error) {
	out := map[int64][]*member{}
	if mode == feed.StoriesOff {
		return out, nil
	}
	byStory := map[int64][]*member{}
	for part := range slices.Chunk(rows, batch) {
		some, err := t.storyMembers(`e.story IN (SELECT s.story FROM entries s WHERE s.story IS NOT NULL
			AND s.entry IN (`+marks(len(part))+`))`, anys(part))
		if err != nil {
			return nil, err
		}
		for _, m := range some {
			byStory[m.story] = append(byStory[m.story], m)
		}
	}
	b := bonds{}
	for _, members := range byStory {
		members = slices.CompactFunc(ranked(members), func(a, b *member) bool { return a.entry == b.entry })
		members = slices.DeleteFunc(members, func(m *member) bool { return m.stands && !m.public && !private })
		if mode == feed.StoriesLink {
			var all []int64
			for _, m := range members {
				all = append(all, m.entry)
			}
			if err := t.bonds(all, b); err != nil {
				return nil, err
			}
		}
		for _, group := range groups(members, mode, b) {
			if len(group) == 1 {
				continue
			}
			for _, m := range group {
				out[m.entry] = group
			}
		}
	}
	return out, nil
}

// also names the other places that have what groups are about, by the entry that is
// shown: the best first, each source once, and only what is in some section itself.
func (t *tx) also(groups map[int64][]*member) (map[int64][]feed.Copy, error) {
	named := map[int64]bool{}
	for _, group := range groups {
		for _, m := range group {
			if m.stands {
				named[m.entry] = true
			}
		}
	}
	byRow, err := t.entriesByRow(slices.Sorted(maps.Keys(named)))
	if err != nil {
		return nil, err
	}
	out := map[int64][]feed.Copy{}
	for row, group := range groups {
		had := map[string]bool{byRow[row].Source: true}
		for _, m := range group {
			e, ok := byRow[m.entry]
			if !ok || e.Link == "" || had[e.Source] || len(out[row]) == maxAlso {
				continue
			}
			had[e.Source] = true
			out[row] = append(out[row], feed.Copy{Source: e.Source, Title: string(e.Origin.Title.Value), Link: e.Link})
		}
	}
	return out, nil
}

// entriesByRow gives what is published of entries, by row.
func (t *tx) entriesByRow(rows []int64) (map[int64]feed.Entry, error) {
	byRow := make(map[int64]*feed.Stored, len(rows))
	for part := range slices.Chunk(rows, batch) {
		if err := t.loadEntries(part, byRow); err != nil {
			return nil, err
		}
	}
	out := make(map[int64]feed.Entry, len(byRow))
	for row, st := range byRow {
		out[row] = st.Entry
	}
	return out, nil
}

// loadStories fills in which stories entries belong to.
func (t *tx) loadStories(rows []int64, into map[int64]*feed.Stored) error {
	groups, err := t.groupsOf(rows, feed.StoriesOn, true)
	if err != nil || len(groups) == 0 {
		return err
	}
	why := map[[2]int64]string{}
	if err := t.each(`SELECT entry, other, why FROM ties WHERE entry IN (`+marks(len(rows))+`)`, anys(rows),
		func(s scan) error {
			var pair [2]int64
			var text string
			err := s(&pair[0], &pair[1], &text)
			why[pair] = text
			return err
		}); err != nil {
		return err
	}
	entries, err := t.entriesByRow(slices.Sorted(maps.Keys(groups)))
	if err != nil {
		return err
	}
	for _, row := range rows {
		group, st := groups[row], into[row]
		if group == nil || st == nil {
			continue
		}
		st.Story = &feed.Story{ID: bearer(group).id}
		for i, m := range group {
			told := feed.Told{Row: m.entry, ID: m.id, Source: entries[m.entry].Source, Link: entries[m.entry].Link, Shown: m.live}
			if m.entry != row {
				told.Same = cmp.Or(why[[2]int64{row, m.entry}], "both are the same as that of "+entries[group[0].entry].Source)
			}
			if i+1 < len(group) {
				told.Before = before(m, group[i+1])
			}
			st.Story.Members = append(st.Story.Members, told)
		}
	}
	return nil
}
