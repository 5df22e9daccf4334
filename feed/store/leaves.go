package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"github.com/klauspost/compress/zstd"

	"broadsheet/feed"
)

const (
	// maxLeaves is how much of an article's pages is kept to be read again, in bytes
	// before compression: a long article of many pages has a tenth of it.
	maxLeaves = 8 << 20
	// leafMemory bounds what decompressing them may take.
	leafMemory = 4 * maxLeaves
)

// packLeaves makes the stored form of pages as they came: a list of what they are, and
// their bytes one after the other, compressed. Unlike entries they are written once and
// hardly ever read, so that a slower and stronger code pays. nil if there are none, or too
// much of them.
func packLeaves(leaves []feed.Leaf) ([]byte, error) {
	total := 0
	heads := make([]leafHead, len(leaves))
	for i, l := range leaves {
		total += len(l.Body)
		heads[i] = leafHead{l.URL, l.ContentType, len(l.Body)}
	}
	if len(leaves) == 0 || total > maxLeaves {
		return nil, nil
	}
	head, err := json.Marshal(heads)
	if err != nil {
		return nil, err
	}
	plain := append(binary.AppendUvarint(nil, uint64(len(head))), head...)
	for _, l := range leaves {
		plain = append(plain, l.Body...)
	}
	code, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return code.EncodeAll(plain, nil), code.Close()
}

// leafHead is what is known of a leaf besides its bytes.
type leafHead struct {
	URL  string `json:"url"`
	Type string `json:"type,omitempty"`
	Size int    `json:"size"`
}

// errLeaves is what is told of stored pages that are not what packLeaves makes.
var errLeaves = errors.New("stored pages are damaged")

// unpackLeaves reads what packLeaves made.
func unpackLeaves(data []byte) ([]feed.Leaf, error) {
	code, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(leafMemory))
	if err != nil {
		return nil, err
	}
	defer code.Close()
	plain, err := code.DecodeAll(data, nil)
	if err != nil {
		return nil, errors.Join(errLeaves, err)
	}
	size, n := binary.Uvarint(plain)
	if n <= 0 || size > uint64(len(plain)-n) {
		return nil, errLeaves
	}
	var heads []leafHead
	if err := json.Unmarshal(plain[n:n+int(size)], &heads); err != nil {
		return nil, errors.Join(errLeaves, err)
	}
	rest := plain[n+int(size):]
	out := make([]feed.Leaf, len(heads))
	for i, h := range heads {
		if h.Size < 0 || h.Size > len(rest) {
			return nil, errLeaves
		}
		out[i] = feed.Leaf{URL: h.URL, ContentType: h.Type, Body: rest[:h.Size:h.Size]}
		rest = rest[h.Size:]
	}
	return out, nil
}

// Leaves implements worker.Archive.
func (s *Store) Leaves(ctx context.Context, row int64) (leaves []feed.Leaf, err error) {
	var body []byte
	if err := s.read(ctx, "reading pages", func(t *tx) error {
		body = nil
		_, err := t.one(`SELECT body FROM leaves WHERE entry = ?`, list(row), &body)
		return err
	}); err != nil || body == nil {
		return nil, err
	}
	return unpackLeaves(body)
}

// keepLeaves keeps what came of an entry's page; nil leaves what is kept.
func (t *tx) keepLeaves(now time.Time, entry int64, body []byte) error {
	if body == nil {
		return nil
	}
	_, err := t.exec(`INSERT INTO leaves (entry, at, body) VALUES (?, ?, ?)
		ON CONFLICT (entry) DO UPDATE SET at = excluded.at, body = excluded.body`, entry, micros(now), body)
	return err
}

// PrunePages drops pages as they came before a moment. What was read of them stays.
func (s *Store) PrunePages(ctx context.Context, before time.Time) error {
	for more := true; more; {
		err := s.write(ctx, "pruning pages", func(t *tx) error {
			n, err := t.exec(`DELETE FROM leaves WHERE entry IN
				(SELECT entry FROM leaves WHERE at < ? LIMIT ?)`, micros(before), pruneBatch)
			more = n == pruneBatch
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
