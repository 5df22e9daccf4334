// Package syndication reads RSS, Atom and JSON Feed: sources of kind "feed".
//
// It decides what a feed says: which bytes are which characters, where a
// damaged document can be mended, which element means which field of a
// feed.Item. It is pure but for Kind, which fetches through sources/fetch. It
// must not know what becomes of an item: nothing is cleaned, no date is parsed,
// no id is made up here.
//
// gofeed reads the feeds, and never sees foreign bytes. On the way to it a
// document is
//
//  1. decoded to UTF-8 (charset.go),
//  2. built into a bounded tree by a reader that forgives (lexer.go, tag.go, tree.go),
//     which also keeps what gofeed loses: text kinds, xml:base, xml:lang,
//     rdf:about, ids byte for byte,
//  3. written anew as a sound document with canonical namespaces, one leaf per
//     text and no xml:base (canon.go), which gofeed reads,
//  4. mapped from gofeed's original feed, with the element of the tree that
//     each item was written from beside it (rss.go, atom.go).
//
// JSON feeds take the same way by way of map[string]any (jsonfeed.go).
//
// What a document costs is bounded (limits.go): a body of 15 MiB, whatever is in
// it, takes at most some 180 MiB of memory while it is read. A list that is too long
// is cut to its newest items while the tree grows (flood.go). What is no feed is
// named in words (notfeed.go); a web page is looked at for what it is (signs.go) and
// for the feeds that it links to (page.go).
package syndication

// Version is the version of the parser. It is part of the digest of a body, so
// that a better parser reads unchanged bodies again.
const Version = "4"
