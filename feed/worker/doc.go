// Package worker decides when to poll whom, and takes each poll its whole way:
// claim → poll → decide → normalise → route → finish. The pages of articles, for full
// text, are work of their own under the same budgets: claim → read → weigh against what
// there is → finish; a new article waits for its page, up to a deadline.
//
// The schedule lives in the store, so that it survives a restart and is shared
// by every process; the worker only ever asks "what may I do now?". What a poll
// means for stored articles is decided by pure functions (Decide, Settle, Next)
// that take the time as an argument. It must not know how bytes are fetched or
// parsed (a feed.Source does), how rows are stored (Schedule and Archive do) or
// what a document looks like.
package worker
