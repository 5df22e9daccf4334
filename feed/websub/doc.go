// Package websub is the paper's own WebSub hub (WebSub, W3C Recommendation, §5 to §7), and
// tells other hubs when a feed changed (§6).
//
// It decides which requests to subscribe are taken, how a callback is asked whether it
// wants what was asked for in its name, what is delivered to whom and when it is tried
// again, and when another hub is pinged. It must not know how a request is sent (a Client
// does that, which refuses private addresses), nor how a section is rendered, nor where
// subscriptions are kept: a Store claims for it what is due.
//
// Nothing is queued. A subscriber is due while what it got last differs from what is
// stored, so that a process that dies at any instant loses nothing, the last version of a
// feed is always delivered in the end, and a burst of changes is one delivery. Entries that
// came and went between two deliveries are sent first, in a document of their own.
// Deliveries are at least once: one whose success was not stored is made again.
package websub
