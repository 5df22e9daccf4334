// Package search is what of an article can be searched for, and what a reader's words
// ask for.
//
// It decides which words an article is found by and how a query is read. It must not
// know how an index is kept or asked: that is the store's, whatever database it is. The
// words of both sides come from package lexis, so that a search finds what a rule would.
package search
