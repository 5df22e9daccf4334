// Package feed holds the words of the program: what a source says (Item), what
// is made of it (Entry), where it is shown (Section), how it is asked (Source,
// Subscription, Gate, Lease) and what came of asking (Outcome, Error and its
// Kind).
//
// It decides nothing but the meaning of those words. It does no I/O, takes no
// clock and imports the standard library only, so that every other package may
// speak it. It must not know where bytes come from, where rows are stored or
// what a document looks like.
package feed
