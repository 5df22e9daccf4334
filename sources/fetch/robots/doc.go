// Package robots reads robots.txt and says what it allows (RFC 9309).
//
// It decides what the lines of one file mean for one crawler: which groups are
// its own, which rule is the most specific, how long it shall rest. It must not
// know how the file was fetched, what its absence means, or what is asked for;
// it does no I/O and has no clock.
package robots
