// Package picture passes on the pictures of articles, so that their publishers do not see
// who reads a page.
//
// It decides which addresses it fetches (those that a page of ours was signed for), what
// of the answer is a picture, and how long and how many of them are kept. It must not know
// how bytes are fetched: a Getter does that, politely and from public addresses only
// (T-01). Nothing that is passed on can run: it is of five types that hold pixels, told by
// their first bytes and never by what the origin says (T-15).
package picture
