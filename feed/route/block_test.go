package route

import (
	"strings"
	"testing"

	"broadsheet/feed"
)

// POD-1: what asks not to be republished is in no section, rest and the whole paper
// included, unless the operator says in the source's stanza how much may be; and explain
// says so.
func TestWhatAsksNotToBeRepublishedIsInNoSection(t *testing.T) {
	for _, c := range []struct {
		block feed.Block
		terms feed.Terms
		why   string // empty: it is in
	}{
		{"", feed.TermsUnsaid, ""},
		{feed.BlockOf("itunes:block", ""), feed.TermsUnsaid, "it asks not to be republished (itunes:block); terms: in the source's stanza overrides it"},
		{feed.BlockOf("", "podcast:block"), feed.TermsUnsaid, "its feed asks not to be republished (podcast:block); terms: in the source's stanza overrides it"},
		{feed.BlockOf("podcast:block", "itunes:block"), feed.TermsUnsaid, "it asks not to be republished (podcast:block)"},
		{feed.BlockOf("itunes:block", ""), feed.TermsFull, ""},
		{feed.BlockOf("", "itunes:block"), feed.TermsLink, ""},
	} {
		outlets := plainOutlets()
		outlets[0].Terms = c.terms
		router, problems := Compile(Spec{Outlets: outlets, Sections: []SectionSpec{
			{Name: "all", Sources: []Selector{{Text: "*"}}}, {Name: "left", Rest: true},
		}})
		if router == nil {
			t.Fatal(problems)
		}
		e := feed.Entry{Source: outlets[0].Name, Title: "Oil", Block: c.block}
		members := router.Route(&e)
		if in := len(members) > 0; in != (c.why == "") {
			t.Errorf("%q with terms %q: in %v", c.block, c.terms, members)
		}
		for _, v := range router.Explain(&e) {
			if c.why != "" && (v.In || !strings.Contains(v.String(), c.why)) {
				t.Errorf("%q: %s", c.block, v)
			}
		}
		if e.Source = ""; c.block != "" && router.Route(&e) != nil {
			t.Errorf("%q of no source, as in a preview, is in a section", c.block)
		}
	}
}
