package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"broadsheet/feed"
	"broadsheet/feed/story"
)

// member is an entry as far as it matters which entry of a story is shown.
type member struct {
	entry, source, story int64
	live                 bool // it may be shown: configured, not kept apart, its body stored
	stands               bool // it is in a section, shown there or not
	public               bool // it is in one that everyone may read
	id, original         string
	issued               int64 // when a document first had its id; never if none ever did
	undated              bool
	published, seen      int64
	updated              int64
	sortAt               int64
	as                   story.Member
}

// storyMembers reads entries as members of stories.
func (t *tx) storyMembers(where string, args []any) ([]*member, error) {
	var out []*member
	err := t.each(`SELECT e.entry, e.source, coalesce(e.story, 0), o.active AND e.stamp IS NOT NULL AND NOT `+down+`
		AND NOT EXISTS (SELECT 1 FROM standings n WHERE n.entry = e.entry),
		EXISTS (SELECT 1 FROM members m WHERE m.entry = e.entry),
		EXISTS (SELECT 1 FROM members m JOIN sections c ON c.section = m.section
		WHERE m.entry = e.entry AND c.private = ''), e.id, e.original, coalesce(e.issued, ?),
		e.undated, e.published, e.first_seen, e.updated, e.sort_at, o.rank, o.first_name,
		coalesce(k.original, 0), coalesce(k.length, 0)
		FROM entries e JOIN sources o ON o.source = e.source LEFT JOIN sketches k ON k.entry = e.entry
		WHERE `+where, append(list(int64(never)), args...), func(s scan) error {
		m := &member{}
		var source string
		err := s(&m.entry, &m.source, &m.story, &m.live, &m.stands, &m.public, &m.id, &m.original, &m.issued,
			&m.undated, &m.published, &m.seen, &m.updated, &m.sortAt, &m.as.Rank, &source, &m.as.Original, &m.as.Length)
		m.as.Published = moment(m.published)
		m.as.ID = m.original + " " + source // an original id may be that of two sources
		out = append(out, m)
		return err
	})
	return out, err
}

// membersByRow reads entries as members of stories, by row.
func (t *tx) membersByRow(rows []int64) (map[int64]*member, error) {
	out := make(map[int64]*member, len(rows))
	for part := range slices.Chunk(rows, batch) {
		some, err := t.storyMembers(`e.entry IN (`+marks(len(part))+`)`, anys(part))
		if err != nil {
			return nil, err
		}
		for _, m := range some {
			out[m.entry] = m
		}
	}
	return out, nil
}

// bonds are the ties of entries: with whom each is the same article, and whether by
// its link.
type bonds map[int64]map[int64]bool

// tied tells whether two entries are the same article.
func (b bonds) tied(x, y int64) bool { _, ok := b[x][y]; return ok }

// linked tells whether they are by their links.
func (b bonds) linked(x, y int64) bool { return b[x][y] }

// bonds reads the ties of entries.
func (t *tx) bonds(rows []int64, into bonds) error {
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT entry, other, link FROM ties WHERE entry IN (`+marks(len(part))+`)`,
			anys(part), func(s scan) error {
				var entry, other int64
				var link bool
				err := s(&entry, &other, &link)
				if into[entry] == nil {
					into[entry] = map[int64]bool{}
				}
				into[entry][other] = link
				return err
			}); err != nil {
			return err
		}
	}
	return nil
}

// maxKin is how many entries hang together at most by ties: far more than there are
// sources of one story.
const maxKin = 1000

// kin are the entries that hang together with some by ties or by the stories that
// they are in.
func (t *tx) kin(rows []int64) (map[int64]*member, bonds, error) {
	found, b := map[int64]bool{}, bonds{}
	var stories []int64
	for part := range slices.Chunk(rows, batch) {
		some, err := t.rows(`SELECT DISTINCT story FROM entries WHERE story IS NOT NULL AND entry IN (`+
			marks(len(part))+`)`, anys(part)...)
		if err != nil {
			return nil, nil, err
		}
		stories = append(stories, some...)
	}
	companions, err := t.companions(stories)
	if err != nil {
		return nil, nil, err
	}
	for look := append(slices.Clone(rows), companions...); len(look) > 0; {
		var fresh []int64
		for _, row := range look {
			if !found[row] {
				found[row] = true
				fresh = append(fresh, row)
			}
		}
		if err := t.bonds(fresh, b); err != nil {
			return nil, nil, err
		}
		look = look[:0:0]
		for _, row := range fresh {
			for other := range b[row] {
				if !found[other] && len(found) < len(rows)+len(companions)+maxKin {
					look = append(look, other)
				}
			}
		}
	}
	all, err := t.membersByRow(slices.Sorted(maps.Keys(found)))
	return all, b, err
}

// components are the members that hang together by ties, each ranked: the best
// first, and those that cannot be shown last.
func components(all map[int64]*member, b bonds) [][]*member {
	var out [][]*member
	done := map[int64]bool{}
	for _, row := range slices.Sorted(maps.Keys(all)) {
		var group []*member
		for look := []int64{row}; len(look) > 0; {
			row := look[len(look)-1]
			look = look[:len(look)-1]
			if done[row] || all[row] == nil {
				continue
			}
			done[row] = true
			group = append(group, all[row])
			look = slices.AppendSeq(look, maps.Keys(b[row]))
		}
		if len(group) > 0 {
			out = append(out, ranked(group))
		}
	}
	return out
}

// ranked orders members: the one that leads first. Those that cannot be shown come
// last.
func ranked(group []*member) []*member {
	out := make([]*member, 0, len(group))
	for _, live := range []bool{true, false} {
		var left []*member
		var as []story.Member
		for _, m := range group {
			if m.live == live {
				left, as = append(left, m), append(as, m.as)
			}
		}
		for len(left) > 0 {
			i := story.Lead(as)
			out = append(out, left[i])
			left, as = slices.Delete(left, i, i+1), slices.Delete(as, i, i+1)
		}
	}
	return out
}

// stories divides members that hang together, ranked, into stories: each with its
// head, and with those that are the same article as the head itself. What is alike to
// two articles does not make one of them. Of one source there are several only if
// these are the same article by themselves.
func stories(ranked []*member, same func(x, y int64) bool) [][]*member {
	var out [][]*member
	for _, m := range ranked {
		at := slices.IndexFunc(out, func(s []*member) bool {
			return same(m.entry, s[0].entry) && !slices.ContainsFunc(s, func(o *member) bool {
				return o.source == m.source && !same(m.entry, o.entry)
			})
		})
		if at < 0 {
			out = append(out, []*member{m})
		} else {
			out[at] = append(out[at], m)
		}
	}
	return out
}

// groups are the parts of a story, ranked, that a section shows once each.
func groups(members []*member, mode feed.Stories, b bonds) [][]*member {
	switch mode {
	case feed.StoriesOff:
		return stories(members, func(x, y int64) bool { return false })
	case feed.StoriesLink:
		return stories(members, b.linked)
	default:
		return [][]*member{members}
	}
}

// bearer is the member under whose id a group is published: that whose id was
// published first; if none was yet, the best that stands in a section. Where another
// member of it took the best one's own id, that is the one.
func bearer(group []*member) *member {
	first := slices.MinFunc(group, func(a, b *member) int {
		return cmp.Or(cmp.Compare(a.issued, b.issued), cmp.Compare(a.id, b.id))
	})
	if first.issued != never {
		return first
	}
	best := group[0]
	if i := slices.IndexFunc(group, func(m *member) bool { return m.stands }); i >= 0 {
		best = group[i]
	}
	if i := slices.IndexFunc(group, func(m *member) bool { return m.id == best.original }); i >= 0 {
		return group[i]
	}
	return best
}

// before says in words what puts a member of a story before another one.
func before(a, b *member) string {
	switch x, y := a.as, b.as; {
	case !b.live:
		return "the other is not shown"
	case x.Rank != y.Rank:
		return fmt.Sprintf("the rank of its source (%s before %s)", rankWord(x.Rank), rankWord(y.Rank))
	case x.Original != y.Original:
		return "it is the original"
	}
	x, y := a.as, b.as
	x.Published, x.ID = y.Published, y.ID
	if story.Lead([]story.Member{y, x}) == 1 {
		return "its text is fuller"
	}
	if x.Published = a.as.Published; !x.Published.Equal(y.Published) {
		return "it is earlier"
	}
	return "nothing but the order of their ids"
}

// rankWord is a source's rank in words.
func rankWord(rank int) string {
	if rank == 0 {
		return "none"
	}
	return strconv.Itoa(rank)
}
