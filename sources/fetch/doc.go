// Package fetch is the one HTTP client of the program: every byte that comes
// from outside comes through it, and every request that goes out is polite and
// safe.
//
// It decides how a document is asked for (conditionally, compressed, hop by hop
// through redirects), which addresses may be connected to at all, by a proxy
// too, to which origin credentials are told, whether robots.txt lets a page be
// asked for, how much of an answer is taken and how long it is waited for, and
// what an answer or a failure means as a feed.Kind. It must not know what a feed is, when a source
// is due or what is done with the bytes; how often a host may be asked is kept
// by the feed.Gate that is passed before each request.
package fetch
