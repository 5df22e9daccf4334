package worker

import (
	"context"
	"time"

	"broadsheet/feed"
)

// Schedule is the part of the store that says what is due and who may do it.
// All its times are given by the caller; a store with a clock of its own that
// several machines share (PostgreSQL) puts that one in their place.
type Schedule interface {
	// Claim leases a host that has a feed due and gives the feed that has been due
	// longest. A host is free if a slot of it has no live lease, its gap and its
	// holds are over, and no feed of the same source is being polled. ok is false
	// if there is nothing to do now.
	Claim(ctx context.Context, now time.Time, ask feed.Ask) (claim feed.Claim, ok bool, err error)
	// NextDue is the earliest moment at which Claim may succeed; ok is false if
	// no feed will ever be due.
	NextDue(ctx context.Context, now time.Time, ask feed.Ask) (due time.Time, ok bool, err error)
	// ClaimPage leases a host that has a page due now and gives the page that has been
	// due longest. Feeds due by ask.DueBy go first at their hosts, in turn with the pages.
	// No other worker is given the page while the lease is held.
	ClaimPage(ctx context.Context, now time.Time, ask feed.Ask) (claim feed.PageClaim, ok bool, err error)
	// NextPage is the earliest moment at which ClaimPage may succeed for a page that is
	// due by a moment; ok is false if there is none.
	NextPage(ctx context.Context, now, by time.Time, ask feed.Ask) (due time.Time, ok bool, err error)
	// Borrow leases a host that a redirect leads to, for the source whose claim
	// this is. ok is false, with the moment to try again, if it is not free.
	Borrow(ctx context.Context, now time.Time, host string, until time.Time) (lease feed.Lease, retry time.Time, ok bool, err error)
	// Renew moves a live lease's end. KindFenced: it was lost.
	Renew(ctx context.Context, now time.Time, lease feed.Lease, until time.Time) (feed.Lease, error)
	// Held is until when a server, or the whole budget that it counts against, asked
	// to be left alone; zero if it did not.
	Held(ctx context.Context, now time.Time, host, server string) (until time.Time, err error)
	// Spread moves the polls that were due before a moment, of feeds that had been
	// polled already, to where place says, feed by feed; a time that is not after
	// Due leaves the feed as it is. It returns how many it moved.
	Spread(ctx context.Context, before time.Time, place func(late []feed.Late) []time.Time) (moved int, err error)
	// Release ends a lease without a result; the host is free from that moment. A
	// claimed feed or page stays due. Releasing a lost lease does nothing.
	Release(ctx context.Context, now time.Time, lease feed.Lease, free time.Time) error
}

// Archive is the part of the store that holds what was found.
type Archive interface {
	// Known looks keys up for the claim's source. Keys nobody has are absent.
	Known(ctx context.Context, claim feed.Claim, keys []feed.Key) (map[feed.Key]feed.Known, error)
	// Load gives entries by row, in the order asked; rows that do not exist are
	// left out.
	Load(ctx context.Context, rows []int64) ([]feed.Stored, error)
	// Settled names the sections that people read: they have had entries for long
	// enough that a new source may not fill them with its archive. shown is how many
	// articles other feeds of the claim's source brought a moment ago.
	Settled(ctx context.Context, now time.Time, claim feed.Claim) (settled map[string]bool, shown int, err error)
	// Taken reports whether another configured feed than the claim's has this url, or
	// moved there.
	Taken(ctx context.Context, claim feed.Claim, url string) (bool, error)
	// Finish writes all that a poll leaves behind, and ends its lease, in one
	// transaction. KindFenced: the lease was lost and nothing was written.
	Finish(ctx context.Context, now time.Time, report feed.Report) (feed.Receipt, error)
	// Outdated gives up to limit entries, by row from after on, that another
	// recipe or other rules than the planned ones made. Entries of sources that
	// are not configured are left out.
	Outdated(ctx context.Context, after int64, limit int) ([]feed.Stored, error)
	// Remake writes entries made again from what is stored. An entry that was
	// written meanwhile (another Revision) is left alone. It never moves an id,
	// Published, Updated, FirstSeen or SortAt.
	Remake(ctx context.Context, now time.Time, made []feed.Arrival) (feed.Receipt, error)
	// Leaves gives what came of an entry's page, if that is kept; none if not.
	Leaves(ctx context.Context, row int64) ([]feed.Leaf, error)
	// Twins gives the other entries of the claim's source whose pages, at other addresses,
	// had this print when they came last.
	Twins(ctx context.Context, claim feed.PageClaim, print string) ([]feed.Twin, error)
	// FinishPage writes all that asking for a page leaves behind, and ends its lease, in
	// one transaction. KindFenced: the lease was lost, or nobody wants the page any more.
	// KindBusy: one of the entries was written meanwhile, or there are other twins. Nothing
	// was written then.
	FinishPage(ctx context.Context, now time.Time, report feed.PageReport) (feed.Receipt, error)
	// Ripe gives entries that waited for their pages long enough; none if none did, with
	// the moment at which the first one will have.
	Ripe(ctx context.Context, now time.Time, limit int) (ripe []feed.Stored, next time.Time, err error)
	// Join is Remake for entries that wait for their pages, and ends that.
	Join(ctx context.Context, now time.Time, made []feed.Arrival) (feed.Receipt, error)
	// Waiting counts the entries of some sources, or of all (nil), that wait for their
	// pages.
	Waiting(ctx context.Context, sources []string) (int, error)
}
