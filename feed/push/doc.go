// Package push is how we listen to the hubs of our sources: the subscriber's half of
// WebSub (W3C Recommendation of 23 January 2018).
//
// It decides what a hub is asked, what its answer means and when it is asked again, which
// calls of a hub are answered how, and which deliveries are believed. Which feeds offer a
// hub, and which subscriptions there are, is in the store; what a delivery means for what
// is stored is the worker's business: here it is a hint, and one that is lost costs
// latency only, for every feed is polled all the same. It must not know how requests are
// sent, nor anything of feeds' formats.
package push
