// Package siterule reads how the pages of one site are read: rules in the vocabulary of
// FiveFilters' Full-Text RSS (one HOST.txt for each site, of which some two thousand
// exist) and the CSS selectors of the configuration.
//
// It decides which parts of a page a rule names: its body, headline, authors and date,
// what is to be taken away, and where the rest of the text is. It must not know where
// pages come from, nor how text is found where no rule says. It never logs in and never
// changes what a request looks like, whatever a rule asks for.
//
// A rule is the operator's; the page it is applied to is a stranger's. So the work that a
// page can make of a rule is counted and bounded, and nothing in it can do harm but to
// its own reading.
package siterule
