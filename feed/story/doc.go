// Package story decides whether two entries are the same article, as several
// outlets carry it, and which of several copies stands for all.
//
// It must not know the store, sections or documents: what is stored of an entry
// for the comparison is a Sketch, by what a store finds candidates are its Marks,
// and who asks what for is not its business. It does no I/O and takes no clock.
package story
