// Package feedparser holds no program, only a test: the cases of feedparser's own
// suite, run through this program's parser and normaliser.
//
// It decides what a path of feedparser's ("entries[0].author_detail.name") means in
// the words of package feed, which of them mean nothing there, and which cases
// are not met and why. It must not know a case: there is nothing in it that is
// done for one and not for all.
package feedparser
