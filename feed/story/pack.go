package story

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"broadsheet/feed"
)

// layout is the first byte of a packed sketch: how the rest is laid out, and the version
// of the drawing.
const layout = 1

// MaxPacked is how long a packed sketch is at most, in bytes.
const MaxPacked = 1280

const (
	flagOriginal = 1 << iota
	flagGlyphs
	flagHome
)

// Pack is the stored form of a sketch, at most MaxPacked bytes long.
func (s Sketch) Pack() []byte {
	flags := byte(0)
	if s.Original {
		flags |= flagOriginal
	}
	if s.glyphs {
		flags |= flagGlyphs
	}
	if s.home {
		flags |= flagHome
	}
	b := make([]byte, 0, MaxPacked)
	b = append(b, layout, flags, byte(len(s.Language)))
	b = append(b, s.Language...)
	b = binary.AppendUvarint(b, uint64(s.Length))
	b = binary.AppendVarint(b, s.Published.Unix())
	b = binary.AppendUvarint(b, uint64(s.size))
	b = binary.LittleEndian.AppendUint64(b, s.link)
	for _, set := range [][]uint32{s.stems, s.ordinals, s.numbers, s.opening, s.grams} {
		b = append(b, byte(len(set)))
		for _, h := range set {
			b = binary.LittleEndian.AppendUint32(b, h)
		}
	}
	b = append(b, byte(len(s.marks)))
	for _, m := range s.marks {
		b = binary.LittleEndian.AppendUint64(b, m)
	}
	return b
}

// Unpack reads what Pack made. The error is a *feed.Error of KindMalformed: the bytes are
// damaged, or of another version, and the sketch is to be drawn again.
func Unpack(data []byte) (Sketch, error) {
	if len(data) == 0 || data[0] != layout {
		return Sketch{}, refuse("it is of another version")
	}
	r := unpacker{rest: data[1:]}
	var s Sketch
	flags := r.byte()
	s.Original, s.glyphs, s.home = flags&flagOriginal != 0, flags&flagGlyphs != 0, flags&flagHome != 0
	s.Language = string(r.take(r.count(maxLanguage)))
	s.Length = r.length()
	s.Published = time.Unix(r.varint(), 0).UTC()
	s.size = r.length()
	s.link = r.uint64()
	s.stems = r.set(maxTitle, false)
	s.ordinals = r.set(maxNumbers, true)
	s.numbers = r.set(maxNumbers, true)
	s.opening = r.set(openingPieces, false)
	s.grams = r.set(maxGrams, true)
	for range r.count(MaxMarks) {
		s.marks = append(s.marks, r.uint64())
	}
	if flags&^(flagOriginal|flagGlyphs|flagHome) != 0 || len(s.grams) != min(s.size, maxGrams) || len(r.rest) > 0 {
		r.damaged = true
	}
	if r.damaged {
		return Sketch{}, refuse("it is damaged")
	}
	return s, nil
}

func refuse(text string) error {
	return &feed.Error{Step: "reading a stored sketch", Kind: feed.KindMalformed, Text: text}
}

// unpacker reads a packed sketch; once damaged, it gives zeros.
type unpacker struct {
	rest    []byte
	damaged bool
}

func (r *unpacker) take(n int) []byte {
	if n > len(r.rest) {
		r.damaged, r.rest = true, nil
	}
	if r.damaged {
		return nil
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *unpacker) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

// count reads how many of something follow.
func (r *unpacker) count(most int) int {
	n := int(r.byte())
	if n > most {
		r.damaged = true
	}
	if r.damaged {
		return 0
	}
	return n
}

func (r *unpacker) length() int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > math.MaxInt32 {
		r.damaged, n, v = true, 0, 0
	}
	r.take(n)
	return int(v)
}

func (r *unpacker) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.damaged, n, v = true, 0, 0
	}
	r.take(n)
	return v
}

func (r *unpacker) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// set reads hashes; sorted ones rise strictly.
func (r *unpacker) set(most int, sorted bool) []uint32 {
	var out []uint32
	for i := range r.count(most) {
		b := r.take(4)
		if b == nil {
			return nil
		}
		h := binary.LittleEndian.Uint32(b)
		if sorted && i > 0 && h <= out[i-1] {
			r.damaged = true
			return nil
		}
		out = append(out, h)
	}
	return out
}

// String says what a sketch holds, for people.
func (s Sketch) String() string {
	return fmt.Sprintf("%s, %d letters, %d grams, %d numbers, %s", s.Language, s.Length, s.size, len(s.numbers),
		s.Published.Format(time.DateTime))
}
