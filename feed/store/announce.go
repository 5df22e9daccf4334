package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

// hubsText is how hubs are stored.
func hubsText(hubs []string) string {
	if len(hubs) == 0 {
		return "[]"
	}
	text, err := json.Marshal(hubs)
	if err != nil {
		panic(err) // texts have a JSON form
	}
	return string(text)
}

// hubsOf are the hubs that a section's documents name. Nobody else is told where a
// private section is: it names our own hub only.
func (t *tx) hubsOf(site feed.Site, section feed.Section) (hubs []string, err error) {
	text := ""
	if _, err := t.one(`SELECT hubs FROM site`, nil, &text); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &hubs); err != nil {
		return nil, fmt.Errorf("the stored list of hubs: %w", err)
	}
	if section.Private != "" {
		hubs = slices.DeleteFunc(hubs, func(hub string) bool { return hub != site.URL+feed.HubPath })
	}
	if len(hubs) == 0 {
		return nil, nil
	}
	return hubs, nil
}

// announce keeps which entries documents of a section show, by their ids in order. An
// entry that left them stays known until every subscriber has got it; so does one that
// came between two versions and was pushed out of the second by what came with it.
func (t *tx) announce(now time.Time, section int64, ids []string) error {
	rows, err := t.rowsOf(ids)
	if err != nil {
		return err
	}
	shown := map[int64]bool{}
	for _, row := range rows {
		shown[row] = true
	}
	known := map[int64]bool{} // whether it was shown
	if err := t.each(`SELECT entry, shown FROM announced WHERE section = ?`, list(section), func(s scan) error {
		var row int64
		var was bool
		err := s(&row, &was)
		known[row] = was
		return err
	}); err != nil {
		return err
	}
	before, err := t.oldestShown(section)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(rows, func(row int64) bool { _, ok := known[row]; return ok })
	if err := t.announceAs(section, fresh, true); err != nil {
		return err
	}
	for row, was := range known {
		if was == shown[row] {
			continue
		}
		if _, err := t.exec(`UPDATE announced SET shown = ? WHERE section = ? AND entry = ?`, !was, section, row); err != nil {
			return err
		}
	}
	after, err := t.oldestShown(section)
	if err != nil {
		return err
	}
	if len(fresh) > 0 {
		// Before the first documents nobody waits for anything; what stands beside their
		// last entry is noted, so as not to be taken for new afterwards.
		if err := t.announcePushedOut(now, section, min(before, after), after); err != nil {
			return err
		}
	}
	return t.outgrow(section, after)
}

// rowsOf are the entries with these ids, the last first.
func (t *tx) rowsOf(ids []string) (rows []int64, err error) {
	found := map[string]int64{}
	for part := range slices.Chunk(ids, batch) {
		if err := t.each(`SELECT id, entry FROM entries WHERE id IN (`+marks(len(part))+`)`, anys(part),
			func(s scan) error {
				var id string
				var row int64
				err := s(&id, &row)
				found[id] = row
				return err
			}); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Backward(ids) {
		if row, ok := found[id]; ok {
			rows = append(rows, row)
			delete(found, id)
		}
	}
	return rows, nil
}

// announceAs announces entries in their order.
func (t *tx) announceAs(section int64, rows []int64, shown bool) error {
	if len(rows) == 0 {
		return nil
	}
	var last int64
	if _, err := t.one(`SELECT announced FROM sections WHERE section = ?`, list(section), &last); err != nil {
		return err
	}
	for _, row := range rows {
		last++
		if _, err := t.exec(`INSERT INTO announced (section, entry, seq, shown) VALUES (?, ?, ?, ?)`,
			section, row, last, shown); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE sections SET announced = ? WHERE section = ?`, last, section)
	return err
}

// oldestShown is the sort_at of the last entry that documents of a section show; never if
// they show none.
func (t *tx) oldestShown(section int64) (sortAt int64, err error) {
	_, err = t.one(`SELECT coalesce(min(m.sort_at), ?) FROM announced a JOIN members m ON m.entry = a.entry
		AND m.section = a.section WHERE a.section = ? AND a.shown`, list(int64(never), section), &sortAt)
	return sortAt, err
}

// maxPushedOut is how many entries that came at once and were never shown are announced
// all the same: more than a day of a paper brings.
const maxPushedOut = 500

// announcePushedOut announces what stands between the last entry of the former documents
// and that of the present ones and was in neither: more came at once than they show. Where
// shares decide what is shown, what they keep out is no part of the feed.
//
// All that one poll brings stands at one moment, so that the last entry shown has others
// beside it.
func (t *tx) announcePushedOut(now time.Time, section, before, after int64) error {
	sections, err := t.sections()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(sections, func(c *sectionView) bool { return c.id == section })
	if at < 0 || sections[at].MaxPerSource > 0 || sections[at].MaxShare > 0 {
		return nil
	}
	var slots []slot
	if err := t.each(`SELECT m.entry, m.sort_at, m.published FROM members m JOIN entries e ON e.entry = m.entry
		WHERE m.section = ? AND m.copy_of IS NULL AND NOT m.squeezed AND m.sort_at >= ? AND m.sort_at <= ? AND e.stamp IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM announced a WHERE a.section = m.section AND a.entry = m.entry)
		ORDER BY m.sort_at DESC, m.published DESC LIMIT ?`, list(section, before, after, maxPushedOut), func(s scan) error {
		var one slot
		err := s(&one.row, &one.sortAt, &one.published)
		slots = append(slots, one)
		return err
	}); err != nil || len(slots) == 0 {
		return err
	}
	entries, err := t.told(sections[at], slots)
	if err != nil {
		return err
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	if outrun, err := t.issue(now, section, ids); err != nil || outrun {
		return err
	}
	rows, err := t.rowsOf(ids)
	if err != nil {
		return err
	}
	known := map[int64]bool{}
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT entry FROM announced WHERE section = ? AND entry IN (`+marks(len(part))+`)`, anys(part, section),
			func(s scan) error {
				var row int64
				err := s(&row)
				known[row] = true
				return err
			}); err != nil {
			return err
		}
	}
	return t.announceAs(section, slices.DeleteFunc(rows, func(row int64) bool { return known[row] }), false)
}

// outgrow drops what left the documents of a section and every subscriber, also one who
// is not verified yet, has got. What stands beside the last entry that is shown stays
// known: it is not new.
func (t *tx) outgrow(section, oldest int64) error {
	_, err := t.exec(`DELETE FROM announced WHERE section = ? AND NOT shown AND seq <= min(
		coalesce((SELECT min(s.upto) FROM subscribers s WHERE s.section = announced.section), seq),
		coalesce((SELECT min(i.upto) FROM intents i WHERE i.section = announced.section), seq))
		AND NOT EXISTS (SELECT 1 FROM members m WHERE m.entry = announced.entry AND m.section = announced.section
		AND m.sort_at >= ?)`, section, oldest)
	return err
}

// topicKey names a topic: a document of a section.
type topicKey struct {
	section int64
	file    string
}

// topic is a document that may be subscribed to.
type topic struct {
	topicKey
	path, hash string
	view       *sectionView
}

// topics are all documents that may be subscribed to.
func (t *tx) topics() (map[topicKey]*topic, error) {
	sections, err := t.sections()
	if err != nil {
		return nil, err
	}
	byPath := map[string]*topic{}
	var paths []string
	for _, c := range sections {
		for _, file := range feed.TopicFiles() {
			path := c.Path() + file
			byPath[path] = &topic{topicKey: topicKey{c.id, file}, path: path, view: c}
			paths = append(paths, path)
		}
	}
	out := map[topicKey]*topic{}
	for part := range slices.Chunk(paths, batch) {
		if err := t.each(`SELECT path, hash FROM documents WHERE path IN (`+marks(len(part))+`)`, anys(part),
			func(s scan) error {
				var path, hash string
				err := s(&path, &hash)
				at := byPath[path]
				at.hash = hash
				out[at.topicKey] = at
				return err
			}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// public tells whether the topic's address may be told to others.
func (p *topic) public() bool { return !strings.HasPrefix(p.path, feed.PrivatePath) }
