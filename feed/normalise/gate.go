package normalise

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// gate is the sanitiser that all markup passes last: another program, by other
// people, with the same list of what is allowed. What the tree pass writes goes
// through it unchanged; it is there for the day when that has a fault.
var gate = newGate()

func newGate() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true) // of a place in the text; the forms below allow no other
	p.AllowURLSchemes("http", "https", "mailto")
	names := make([]string, 0, len(allowed))
	for name, attributes := range allowed {
		names = append(names, name)
		for _, a := range attributes {
			p.AllowAttrs(a).Matching(forms[a]).OnElements(name)
		}
	}
	p.AllowElements(names...)
	p.AllowNoAttrs().OnElements(names...)
	for _, a := range commonAttributes {
		p.AllowAttrs(a).Matching(forms[a]).Globally()
	}
	p.AllowAttrs("id").Matching(anchorForm).Globally()
	web := regexp.MustCompile(`^https?://[^\s"<>\\]+$`)
	link := regexp.MustCompile(`^(?:https?://|mailto:)[^\s"<>\\]+$|` + anchorLink.String())
	const candidate = `https?://[^\s"<>\\]+(?: [0-9.]+[wx])?`
	set := regexp.MustCompile(`^` + candidate + `(?:, ` + candidate + `)*$`)
	p.AllowAttrs("href").Matching(link).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + linkRelation + "$")).OnElements("a")
	p.AllowAttrs("cite").Matching(web).OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("src").Matching(web).OnElements("img", "video", "audio", "source")
	p.AllowAttrs("poster").Matching(web).OnElements("video")
	p.AllowAttrs("srcset").Matching(set).OnElements("img", "source")
	p.AllowAttrs("sizes").Matching(forms["sizes"]).OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img")
	p.AllowAttrs("referrerpolicy").Matching(regexp.MustCompile(`^no-referrer$`)).OnElements("img")
	p.AllowAttrs("controls").Matching(regexp.MustCompile(`^$`)).OnElements("video", "audio")
	p.AllowAttrs("preload").Matching(regexp.MustCompile(`^none$`)).OnElements("video", "audio")
	return p
}
