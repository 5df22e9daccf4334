package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"broadsheet/feed"
)

const (
	// maxFile is the size of one file: 10,000 sources take some 2 MiB.
	maxFile = 8 << 20
	// maxMends is how many slips of syntax are told in one go, each of which means
	// reading the file again; maxMendBytes bounds that reading for large files.
	maxMends     = 20
	maxMendBytes = 16 << 20
)

// page is one file of the configuration as YAML nodes.
type page struct {
	name  string     // relative to the folder of config.yaml
	root  *yaml.Node // the value of the only document; nil if the file says nothing
	lines []string   // as written, for messages
	size  int        // in bytes
	found *findings
}

func (p *page) pos(n *yaml.Node) feed.Pos {
	return feed.Pos{File: p.name, Line: n.Line, Column: n.Column}
}

// parse reads a file's bytes. ok is false if they are no YAML that can be read
// on; slips that can be mended are reported, and reading goes on, so that one
// run tells all that is wrong.
func parse(name string, data []byte, found *findings) (p *page, ok bool) {
	p = &page{name: name, size: len(data), found: found}
	if !p.checkBytes(data) {
		return p, false
	}
	p.lines = strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
	mended := append([]string(nil), p.lines...)
	tries := min(maxMends, maxMendBytes/(len(data)+1))
	for try := 0; ; try++ {
		err := p.compose(strings.Join(mended, "\n"))
		if err == nil {
			return p, true
		}
		s := diagnose(mended, err)
		found.refuse(feed.Pos{File: name, Line: s.line, Column: s.column}, s.key, "%s", s.text)
		if s.mended == "" || try >= tries || mended[s.line-1] == s.mended {
			return p, false
		}
		mended[s.line-1] = s.mended
	}
}

// checkBytes refuses what no YAML file of ours holds, with its place, which the
// YAML reader does not tell.
func (p *page) checkBytes(data []byte) bool {
	if len(data) > maxFile {
		p.found.refuse(feed.Pos{File: p.name}, "",
			"the file has %d MiB and may have %d; divide it with include:",
			len(data)>>20, maxFile>>20)
		return false
	}
	pos := feed.Pos{File: p.name, Line: 1, Column: 1}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			p.found.refuse(pos, "", "the file is not UTF-8 from here on; save it with the "+
				"encoding UTF-8")
			return false
		case r == '\n':
			pos.Line, pos.Column = pos.Line+1, 0
		case r < ' ' && r != '\t' && r != '\r', r == 0x7f:
			p.found.refuse(pos, "", "there is a control character (U+%04X) here; delete it", r)
			return false
		}
		i += size
		pos.Column++
	}
	return true
}

// syntaxError is what the YAML reader says, in numbers from 1.
type syntaxError struct {
	line, column   int    // where it noticed
	fromLine, from int    // where what it was reading began; 0 if unsaid
	message        string // its words
}

func (e *syntaxError) Error() string { return e.message }

// compose reads text as exactly one document, or none.
func (p *page) compose(text string) *syntaxError {
	p.root = nil
	loader, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return &syntaxError{line: 1, column: 1, message: err.Error()}
	}
	var docs []*yaml.Node
	for len(docs) < 2 {
		var doc yaml.Node
		err := safely(func() error { return loader.Load(&doc) })
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return located(err)
		}
		docs = append(docs, &doc)
	}
	if len(docs) == 2 {
		return &syntaxError{line: docs[1].Line, column: docs[1].Column,
			message: severalDocuments}
	}
	if len(docs) == 1 && len(docs[0].Content) == 1 {
		p.root = docs[0].Content[0]
	}
	return nil
}

// severalDocuments stands for an error that is ours, not the YAML reader's.
const severalDocuments = "several documents"

// safely turns a panic of the YAML reader, of which earlier versions had some
// (CVE-2022-28948), into an error.
func safely(read func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML reader gave up: %v", r)
		}
	}()
	return read()
}

// located takes the places out of the YAML reader's error.
func located(err error) *syntaxError {
	e := &syntaxError{line: 1, column: 1, message: err.Error()}
	if y, ok := errors.AsType[*yaml.LoadError](err); ok {
		e.message = y.Message
		e.line, e.column = max(1, y.Mark.Line), max(1, y.Mark.Column)
		e.fromLine, e.from = y.ContextMark.Line, y.ContextMark.Column
	}
	return e
}

// readLimited reads a file of at most max bytes, and one more to tell.
func readLimited(r io.Reader, max int64) ([]byte, error) {
	var b bytes.Buffer
	_, err := io.Copy(&b, io.LimitReader(r, max+1))
	return b.Bytes(), err
}
