package serve

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"broadsheet/feed"
)

//go:embed templates/*.html
var templateFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "templates/*.html"))

// notice is a page that says that there is nothing to read here.
type notice struct {
	Site     string
	Title    string
	Text     string
	Home     string // path of the front page
	Style    string // path of the stylesheet; empty if there is none yet
	Sections []noticeSection
}

type noticeSection struct{ Title, Path string }

// missing says that there is no such page, or no longer, and which there are.
func (s *readers) missing(w http.ResponseWriter, r *http.Request, now *snapshot, path string) int {
	rest, _ := strings.CutPrefix(path, feed.ArchivePath)
	name, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	if s.retired[name] {
		return s.gone(w, r, now, "This section is no longer part of the paper.")
	}
	return s.absent(w, r, now, http.StatusNotFound, "There is no such page in this paper. It may have been in a section that no longer exists.")
}

// gone says that there was something, which does not come back.
func (s *readers) gone(w http.ResponseWriter, r *http.Request, now *snapshot, text string) int {
	return s.absent(w, r, now, http.StatusGone, text)
}

// absent answers with a sentence and the sections that there are; private ones are not
// told.
func (s *readers) absent(w http.ResponseWriter, r *http.Request, now *snapshot, code int, text string) int {
	n := s.notice(code, text)
	for _, name := range now.sections {
		title := s.options.Titles[name]
		if title == "" {
			title = name
		}
		n.Sections = append(n.Sections, noticeSection{Title: title, Path: s.prefix + "/" + name + "/"})
	}
	w.Header().Set("Cache-Control", cacheMissing)
	return s.write(w, r, code, n)
}

// later tells the client to come again after so many seconds.
func (s *readers) later(w http.ResponseWriter, r *http.Request, seconds, text string) int {
	w.Header().Set("Retry-After", seconds)
	return s.say(w, r, http.StatusServiceUnavailable, text)
}

// say answers with a sentence, which is not to be kept.
func (s *readers) say(w http.ResponseWriter, r *http.Request, code int, text string) int {
	w.Header().Set("Cache-Control", cacheNothing)
	return s.write(w, r, code, s.notice(code, text))
}

func (s *readers) notice(code int, text string) notice {
	n := notice{Site: s.site.Title, Title: http.StatusText(code), Text: text}
	if s.shelf.Documents() > 0 {
		n.Home, n.Style = s.prefix+"/", s.prefix+"/-/style.css"
	}
	return n
}

func (s *readers) write(w http.ResponseWriter, r *http.Request, code int, n notice) int {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "notice.html", n); err != nil {
		b.Reset()
		b.WriteString(template.HTMLEscapeString(n.Text))
	}
	if own := s.said(code); own != nil {
		b.Reset()
		b.Write(own)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h["X-Content-Type-Options"] = valueNoSniff
	h["Referrer-Policy"] = valueNoReferer
	h["Content-Security-Policy"] = s.pagePolicy
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // a reader who has gone needs no answer
	}
	return code
}
