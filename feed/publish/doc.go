// Package publish turns sections into documents: feeds (RSS 2.0, Atom 1.0, JSON
// Feed 1.1), reading lists (OPML 2.0) and pages.
//
// It decides what of an entry each format can say and how, for how many entries
// there is room, and whether a document may be published at all: every one is
// checked before it leaves. A
// document is a pure function of a feed.View, byte for byte: no clock, no
// randomness, no map order, nothing of the machine.
//
// It must not know how entries came to be, who asks for documents, or where
// they are kept: a Store hands it views and takes documents.
package publish
