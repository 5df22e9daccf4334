package store

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

func TestPagesComeBackAsTheyCame(t *testing.T) {
	for name, leaves := range map[string][]feed.Leaf{
		"one":               {{URL: "https://a.example/1", ContentType: "text/html; charset=windows-1251", Body: []byte("\xef\xf0\xe8\x00\xff")}},
		"several, one bare": {{URL: "https://a.example/1", Body: []byte(strings.Repeat("<p>x</p>", 9000))}, {URL: "https://a.example/2", Body: []byte{}}, {URL: "https://a.example/3", Body: []byte("z")}},
	} {
		packed, err := packLeaves(leaves)
		if err != nil {
			t.Fatal(err)
		}
		got, err := unpackLeaves(packed)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(leaves, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, leaves := range map[string][]feed.Leaf{"none": nil, "too much": {{Body: make([]byte, maxLeaves)}, {Body: make([]byte, 1)}}} {
		if packed, err := packLeaves(leaves); err != nil || packed != nil {
			t.Errorf("%s: %d bytes are kept, %v", name, len(packed), err)
		}
	}
}

func TestDamagedPagesAreAnErrorAndNoPanic(t *testing.T) {
	packed, err := packLeaves([]feed.Leaf{{URL: "https://a.example/1", Body: []byte(strings.Repeat("<p>grain</p>", 500))}})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		broken := bytes.Clone(packed)
		for range 1 + random.IntN(4) {
			broken[random.IntN(len(broken))] ^= byte(1 + random.IntN(255))
		}
		if got, err := unpackLeaves(broken[:1+random.IntN(len(broken))]); err == nil && len(got) > 1 {
			t.Fatalf("%d pages came of one", len(got))
		}
	}
}
