package push

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"broadsheet/feed"
)

// Store keeps the subscriptions at hubs, shared by all processes.
type Store interface {
	// PlanPushes makes the subscriptions that feeds and the configuration ask for now,
	// begins what is to be renewed, has those left that nobody asks for any more, and
	// forgets those whose lease ended. It returns how many of them it changed.
	PlanPushes(ctx context.Context, now time.Time, plan feed.PushPlan) (changed int, err error)
	// ClaimPush gives a subscription about which its hub is to be asked now, as it stood;
	// no other process gets it for a while. From then on the hub may verify it, except if
	// it stood as asked: then the time to do so is over.
	ClaimPush(ctx context.Context, now time.Time) (p feed.Push, ok bool, err error)
	// FinishPush writes how a claimed subscription stands, unless it was verified or
	// denied meanwhile; PushNone removes it.
	FinishPush(ctx context.Context, p feed.Push) error
	// PushAt gives the subscription that is called back by a token.
	PushAt(ctx context.Context, token string) (p feed.Push, ok bool, err error)
	// ConfirmPush notes that a hub pushes for as long as lease, if the subscription is one
	// that we asked for, of this topic. What it renews is left then.
	ConfirmPush(ctx context.Context, now time.Time, token, topic string, lease time.Duration) (confirmed bool, err error)
	// LeavePush removes a subscription, if it is one that we want to end, of this topic.
	LeavePush(ctx context.Context, token, topic string) (left bool, err error)
	// DenyPush notes that a hub does not want to, and why; its feed is polled as usual.
	DenyPush(ctx context.Context, now time.Time, token, topic, why string) (denied bool, err error)
	// Hasten makes a feed that is well due soon, floor after its last poll at the earliest.
	Hasten(ctx context.Context, now time.Time, sub int64, floor time.Duration) error
}

const (
	// planEvery is how often it is looked whether something is to be done.
	planEvery = 10 * time.Second
	// wakeRest gathers what several polls bring: it is looked so often at most.
	wakeRest = time.Second
	// asksAtOnce is how many hubs are asked at once, so that one that does not answer
	// keeps no other waiting.
	asksAtOnce = 4
	// hearers is how many deliveries are taken in at once.
	hearers = 2
)

// Listener listens to hubs. Fill in every field of Options before New.
type Listener struct {
	Options
	inbox *inbox
	scorn scorn
	woken chan struct{}
}

// Options is what a Listener works with.
type Options struct {
	Store  Store
	Client Client
	Plan   feed.PushPlan
	// Hear takes in a delivery that is to be believed. What it cannot take in it makes
	// due itself.
	Hear     func(ctx context.Context, d feed.Pushed) error
	Clock    func() time.Time
	Log      *slog.Logger
	MaxBody  int64         // bytes of a delivery
	Patience time.Duration // how long a delivery may take to come
	Floor    time.Duration // no feed is polled more often
}

// New makes a Listener: an http.Handler for what hubs call back, and Run.
func New(o Options) *Listener {
	return &Listener{Options: o, inbox: newInbox(inboxBodies * o.MaxBody), woken: make(chan struct{}, 1)}
}

// Run asks hubs and takes in what they deliver until ctx ends, and waits for what it
// began.
func (l *Listener) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	for range hearers {
		all.Go(func() { l.hearAll(ctx) })
	}
	tick := time.NewTicker(planEvery)
	defer tick.Stop()
	for {
		if err := l.Round(ctx); err != nil && ctx.Err() == nil {
			l.Log.Error("subscriptions at hubs could not be looked after; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-l.woken:
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(wakeRest):
			}
		}
	}
}

// Wake has it looked soon: a poll may have found a feed that names a hub.
func (l *Listener) Wake() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// Round does all that is to be done about subscriptions now.
func (l *Listener) Round(ctx context.Context) error {
	if _, err := l.Store.PlanPushes(ctx, l.Clock(), l.Plan); err != nil {
		return err
	}
	var all sync.WaitGroup
	defer all.Wait()
	seats := make(chan struct{}, asksAtOnce)
	for ctx.Err() == nil {
		select {
		case seats <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		p, ok, err := l.Store.ClaimPush(ctx, l.Clock())
		if err != nil || !ok {
			return err
		}
		all.Go(func() {
			defer func() { <-seats }()
			l.turn(ctx, p)
		})
	}
	return nil
}

// turn asks a hub about one subscription, and notes what came of it.
func (l *Listener) turn(ctx context.Context, p feed.Push) {
	var reply Reply
	var err error
	if p.State != feed.PushAsked {
		reply, err = ask(ctx, l.Client, p)
	}
	next := after(p, reply, err, l.Clock())
	l.Log.Debug("hub asked", "source", p.Source, "hub", p.Hub, "was", string(p.State), "is", string(next.State), "why", next.Why)
	if next.State == feed.PushFailed && next.Tries == 1 {
		l.Log.Info("a hub does not push; its feed is polled as usual", "source", p.Source, "why", next.Why)
	}
	if err := l.Store.FinishPush(context.WithoutCancel(ctx), next); err != nil {
		l.Log.Error("what a hub answered was not stored", "source", p.Source, "error", err)
	}
}
