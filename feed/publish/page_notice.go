package publish

import (
	"net/http"

	"broadsheet/feed"
)

// notice is what a page says that has nothing to read.
type notice struct {
	Title, Text string
	Home        bool // there is a front page to go to
}

// Notice makes the page that says that there is nothing to read: for the status code of
// the answer. root is the path of the front page; without one, no page of the site can be
// had now, its stylesheet included.
func (p *Press) Notice(site feed.Site, sections []feed.Section, code int, root string) ([]byte, error) {
	v := feed.View{Site: soundSite(site), Section: feed.Section{Title: site.Title}}
	for _, s := range sections {
		if s.Private == "" {
			v.Index = append(v.Index, feed.IndexLine{Section: soundSection(s)})
		}
	}
	d := desk{voice: voice{W: siteWords(site)}, root: root, site: v.Site, aside: true}
	d.Marked = direction(site.Language) != "auto" && !sameLanguage(site.Language, d.W.tag)
	return p.execute("notice.html", d.notice(v, noticeOf(d.W, code), root))
}

// noticeOf are the words for a status code.
func noticeOf(w *words, code int) notice {
	switch code {
	case http.StatusGone:
		return notice{Title: w.Taken, Text: w.TakenText}
	case http.StatusServiceUnavailable:
		return notice{Title: w.Busy, Text: w.BusyText}
	case http.StatusMethodNotAllowed:
		return notice{Title: http.StatusText(code), Text: w.ReadOnly}
	case http.StatusPreconditionFailed:
		return notice{Title: http.StatusText(code), Text: w.Condition}
	case http.StatusNotFound:
		return notice{Title: w.NotFound, Text: w.NotFoundText}
	default:
		return notice{Title: http.StatusText(code), Text: w.BusyText}
	}
}

func (d desk) notice(v feed.View, n notice, root string) page {
	p := d.frame(v)
	p.NoIndex = true
	p.Hotlinks = false
	p.Title = n.Title + " · " + v.Site.Title
	p.Heading = n.Title
	n.Home = root != ""
	if !n.Home {
		p.SearchBox, p.Sections = nil, nil
	}
	p.Notice = &n
	return p
}
