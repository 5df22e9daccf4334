// Package lexis is how texts are compared, wherever the program does it: blind to case,
// accents and ways of writing, word by word, in any script.
//
// It decides what of a character counts, where a word begins and ends, and which
// languages a tag holds for. It must not know what is compared with what: rules
// (feed/route) and searches (feed/store) are those of others.
package lexis
