// Package corpus holds no program, only tests: what the parser and the normaliser
// make, together, of the corpus of real feeds (BROADSHEET_CORPUS).
//
// The cases of feedparser's own suite are run through both. The tests decide what
// a path of feedparser's ("entries[0].author_detail.name") means in the words of
// package feed, which of them mean nothing there, and which cases are not met and
// why. They must not know a case: nothing is done for one and not for all.
//
// Of the feeds every date, author and category is read, and what becomes of them
// is printed, to be judged by people.
package corpus
