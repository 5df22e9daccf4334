package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

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
// entry that left them stays known until every subscriber has got it.
func (t *tx) announce(section int64, ids []string) error {
	shown := map[int64]bool{}
	var order []int64
	rows := map[string]int64{}
	for part := range slices.Chunk(ids, batch) {
		if err := t.each(`SELECT id, entry FROM entries WHERE id IN (`+marks(len(part))+`)`, anys(part),
			func(s scan) error {
				var id string
				var row int64
				err := s(&id, &row)
				rows[id] = row
				return err
			}); err != nil {
			return err
		}
	}
	for _, id := range slices.Backward(ids) { // the oldest first
		if row, ok := rows[id]; ok && !shown[row] {
			shown[row], order = true, append(order, row)
		}
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
	var last int64
	if _, err := t.one(`SELECT announced FROM sections WHERE section = ?`, list(section), &last); err != nil {
		return err
	}
	fresh := last
	for _, row := range order {
		was, ok := known[row]
		switch {
		case !ok:
			fresh++
			if _, err := t.exec(`INSERT INTO announced (section, entry, seq, shown) VALUES (?, ?, ?, ?)`,
				section, row, fresh, true); err != nil {
				return err
			}
		case !was:
			if err := t.setShown(section, row, true); err != nil {
				return err
			}
		}
	}
	for row, was := range known {
		if was && !shown[row] {
			if err := t.setShown(section, row, false); err != nil {
				return err
			}
		}
	}
	if fresh > last {
		if _, err := t.exec(`UPDATE sections SET announced = ? WHERE section = ?`, fresh, section); err != nil {
			return err
		}
	}
	return t.outgrow(section)
}

func (t *tx) setShown(section, entry int64, shown bool) error {
	_, err := t.exec(`UPDATE announced SET shown = ? WHERE section = ? AND entry = ?`, shown, section, entry)
	return err
}

// outgrow drops what left the documents of a section and every subscriber, also one who
// is not verified yet, has got.
func (t *tx) outgrow(section int64) error {
	_, err := t.exec(`DELETE FROM announced WHERE section = ? AND NOT shown AND seq <= min(
		coalesce((SELECT min(s.upto) FROM subscribers s WHERE s.section = announced.section), seq),
		coalesce((SELECT min(i.upto) FROM intents i WHERE i.section = announced.section), seq))`, section)
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
