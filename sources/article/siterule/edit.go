package siterule

import (
	"bytes"
	"regexp"
)

// maxGrowth is how many bytes the edits of a rule may add to a page: a page that holds
// nothing but what is replaced must not grow without end.
const maxGrowth = 8 << 20

// breaks are two line breaks in the place of a paragraph's end.
var breaks = regexp.MustCompile(`(?i)<br[^>]*>\s*<br[^>]*>`)

// Edit makes the changes of a rule to the source of a page, before it is parsed: texts
// replaced, in the rule's order, and double line breaks made paragraphs. body is in UTF-8;
// it is not changed, and comes back if there is nothing to do. An edit that would make
// the page far longer is left out.
func (r *Rule) Edit(body []byte) []byte {
	limit := len(body) + maxGrowth
	for l := range r.all(replaceString) {
		find := []byte(l.inside)
		if n := bytes.Count(body, find); n > 0 && len(body)+n*(len(l.value)-len(find)) <= limit {
			body = bytes.ReplaceAll(body, find, []byte(l.value))
		}
	}
	if r.says(doubleBreaks, false) {
		body = breaks.ReplaceAll(body, []byte("</p><p>"))
	}
	return body
}
