package publish

import (
	"fmt"
	"testing"

	"broadsheet/feed"
)

func benchView(n int) feed.View {
	v := sampleView()
	v.Entries = manyEntries(n)
	return v
}

// BenchmarkRender makes, checks and compresses every document of a section
// whose entries have 3 KB of content each.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		v := benchView(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if docs, problems := Render(v); len(docs) != 4 || problems != nil {
					b.Fatal(len(docs), problems)
				}
			}
		})
	}
}

// BenchmarkCheck reads finished documents of 500 entries.
func BenchmarkCheck(b *testing.B) {
	docs, _ := Render(benchView(500))
	for _, d := range docs {
		b.Run(d.Path, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(d.Body)))
			for b.Loop() {
				if err := Check(d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPrint renders 500 entries without checking them.
func BenchmarkPrint(b *testing.B) {
	v := benchView(500)
	for _, p := range printers {
		b.Run(p.file, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				body, err := p.render(v)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(body)))
			}
		})
	}
}

// BenchmarkCode makes the three codings of the RSS of 500 entries.
func BenchmarkCode(b *testing.B) {
	docs, _ := Render(benchView(500))
	b.SetBytes(int64(len(docs[0].Body)))
	for b.Loop() {
		doc := feed.Document{Body: docs[0].Body}
		if code(&doc); doc.Gzip == nil || doc.Brotli == nil {
			b.Fatal("not smaller")
		}
	}
}
