// Package store keeps what the program knows in one SQL database: the
// configuration's rows, what is due and who is doing it, entries and the items and
// pages that they were made of, section membership, and the documents made of all that.
//
// It decides what is written together, what counts as the same row after a
// configuration changed, which published id is free, which entries are told as one
// story (what is the same article, and which leads, package story says) and under which
// id, what a section shows and how much of it one source may have, the addresses of
// private sections, and when a section's version moves. It must not know how articles
// are fetched, normalised or routed, nor what a document looks like; and it has no
// clock: every method that needs the time is given it.
//
// The database is SQLite, and the SQL is written so that PostgreSQL can run it
// too: what differs is in the dialect and the migrations. Package storetest is
// what any database must pass.
//
// A transaction that was committed survives the death of the process at any
// instant. SQLite runs in WAL mode with synchronous=NORMAL: after a loss of power
// the last transactions may be missing as a whole, never in part, and what they
// held is found again by the next polls, for validators are committed with the
// items they came with.
package store
