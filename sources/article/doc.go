// Package article reads the page of an article: its text without the furniture around
// it, and what it says about itself.
//
// Read is pure: the bytes of one page become a feed.Page. A page is
//
//  1. decoded, edited by the site's rule, and parsed once, within limits (decode.go, guard.go);
//  2. asked for what it says of itself: JSON-LD, Open Graph, other names, microdata, labels
//     (head.go, linked.go, labels.go);
//  3. cleared of what is no article by what elements are, are called and weigh (names.go,
//     clear.go);
//  4. searched for the text by go-readability, unless the site's rule says where it is; what
//     microdata and JSON-LD hold of it is the check (extract.go);
//  5. refined: what repeats the headline, sends elsewhere or comes behind the end is taken
//     out (refine.go);
//  6. judged: a wall in the place of an article is named (wall.go).
//
// Reader gets the pages of an article through sources/fetch, obeying robots.txt, follows
// them to their end and joins them.
//
// It must not know of entries or of a store, nor when or why a page is asked for, nor what
// becomes of it: nothing is made safe here, no date is parsed.
package article

// Version is the version of the extraction. A better one reads the kept pages again.
const Version = "1"
