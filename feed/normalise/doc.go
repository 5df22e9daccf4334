// Package normalise decides what an article is: it makes a feed.Entry, safe and
// whole, of a feed.Item, which is what a source said. It is a list of named
// pure steps (Steps), each of which fills in one part of the entry; it also
// says how an item is recognised (Identify) and which ids may be published for
// it (IDs).
//
// It must not know where items come from, where entries are stored or what a
// document looks like. It does no I/O and takes no clock: the moment at which
// an item was first seen is an argument.
package normalise

// Version names the steps as they are. Another value has every stored entry
// made anew, without asking any origin; it moves no id and no date.
const Version = "4"
