package publish

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"broadsheet/feed"
)

func sameCodings(a, b feed.Document) bool {
	return bytes.Equal(a.Gzip, b.Gzip) && bytes.Equal(a.Brotli, b.Brotli) && bytes.Equal(a.Zstd, b.Zstd)
}

// unpacked is what a client reads from each coding of a document, by its token.
func unpacked(t *testing.T, d feed.Document) map[string][]byte {
	t.Helper()
	out := make(map[string][]byte)
	read := func(token string, r io.Reader, err error) {
		if err == nil {
			out[token], err = io.ReadAll(r)
		}
		if err != nil {
			t.Fatalf("%s as %s: %v", d.Path, token, err)
		}
	}
	if d.Gzip != nil {
		r, err := gzip.NewReader(bytes.NewReader(d.Gzip))
		read("gzip", r, err)
		if !r.ModTime.IsZero() || r.Name != "" {
			t.Errorf("%s: the header of gzip says %v %q", d.Path, r.ModTime, r.Name)
		}
	}
	if d.Brotli != nil {
		read("br", brotli.NewReader(bytes.NewReader(d.Brotli)), nil)
	}
	if d.Zstd != nil {
		r, err := zstd.NewReader(bytes.NewReader(d.Zstd), zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderConcurrency(1))
		read("zstd", r, err)
	}
	return out
}

// TestEveryCodingIsTheDocument is S-3: prepared codings, each of the same bytes.
func TestEveryCodingIsTheDocument(t *testing.T) {
	long := sampleView()
	long.Entries = manyEntries(100)
	docs := documents(t, long)
	docs["/-/style.css"] = documents(t, paperView())["/-/style.css"] // a short one, for the other coder of brotli
	for path, d := range docs {
		got := unpacked(t, d)
		for token, body := range got {
			if !bytes.Equal(body, d.Body) {
				t.Errorf("%s as %s is not the document", path, token)
			}
		}
		if got["gzip"] == nil || got["br"] == nil || len(d.Body) > brotliFastFrom && got["zstd"] == nil {
			t.Errorf("%s: gzip %d, br %d, zstd %d bytes", path, len(d.Gzip), len(d.Brotli), len(d.Zstd))
		}
	}
}

func TestACodingIsThereWhereItSavesSomething(t *testing.T) {
	for name, body := range map[string]string{"one letter": "x", "nothing": "", "what repeats nothing": "qwertzuiopasdfghjkl"} {
		d := feed.Document{Body: []byte(body)}
		if code(&d); d.Gzip != nil || d.Brotli != nil || d.Zstd != nil {
			t.Errorf("%s is coded: gzip %d, br %d, zstd %d bytes", name, len(d.Gzip), len(d.Brotli), len(d.Zstd))
		}
	}
}

// TestCodersRememberNothing codes one text between others: the bytes are those of the
// first time, or a document made by another process would differ.
func TestCodersRememberNothing(t *testing.T) {
	var texts [][]byte
	for path := range documents(t, sampleView()) {
		texts = append(texts, documents(t, sampleView())[path].Body)
	}
	first := feed.Document{Body: texts[0]}
	code(&first)
	if !bytes.Equal(press(texts[0]), newZstd().EncodeAll(texts[0], nil)) {
		t.Error("zstd of a new coder differs")
	}
	for _, other := range texts[1:] {
		code(&feed.Document{Body: other})
		again := feed.Document{Body: texts[0]}
		if code(&again); !sameCodings(first, again) {
			t.Error("the codings differ after another text was coded")
		}
	}
}

// TestAWindowIsOneThatBrowsersHave is RFC 9659 §3: no more than 8 MiB, also for a
// document that is larger.
func TestAWindowIsOneThatBrowsersHave(t *testing.T) {
	var header zstd.Header
	body := []byte(strings.Repeat("All is quiet on the quay. ", 10<<20/26))
	if err := header.Decode(press(body)); err != nil {
		t.Fatal(err)
	}
	if header.SingleSegment || header.WindowSize > zstdWindow {
		t.Errorf("window of %d bytes, single segment %v", header.WindowSize, header.SingleSegment)
	}
}
