package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"text/tabwriter"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/push"
	"broadsheet/sources/fetch"
)

// listener is what listens to the hubs of sources.
func (n *newsroom) listener() *push.Listener {
	return push.New(push.Options{
		Store: n.store, Client: hubClient{n}, Clock: n.clock, Log: n.log, Floor: n.conf.Fetch.Floor,
		Plan:    feed.PushPlan{On: n.conf.Listening.On, Base: n.site.URL + feed.PushPath, Quiet: n.conf.Listening.Quiet},
		MaxBody: n.conf.Fetch.MaxBody, Patience: n.conf.Fetch.Timeout,
		Hear: func(ctx context.Context, d feed.Pushed) error { return n.worker.Hear(ctx, n.store, d) },
	})
}

// hubPatience is how long a hub may take to answer.
const hubPatience = 20 * time.Second

// hubClient asks hubs, with the politeness of polls: one request at a time to a host.
type hubClient struct{ n *newsroom }

// Post implements push.Client.
func (c hubClient) Post(ctx context.Context, address string, form []byte) (push.Reply, error) {
	u, err := url.Parse(address)
	if err != nil {
		return push.Reply{}, &feed.Error{Step: "asking a hub", Kind: feed.KindConfig, Text: "the hub has an address that is none"}
	}
	done, err := c.n.worker.Lend(ctx, u.Host)
	if err != nil {
		return push.Reply{}, err
	}
	defer done()
	reply, err := c.n.client.Call(ctx, fetch.Call{Method: http.MethodPost, URL: address,
		ContentType: "application/x-www-form-urlencoded", Body: form, Timeout: hubPatience})
	if err != nil {
		return push.Reply{}, err
	}
	return push.Reply{Code: reply.Code, Header: reply.Header, Text: string(reply.Body)}, nil
}

// pushStatus is how a feed is pushed by the hub that it names.
type pushStatus struct {
	Hub    string         `json:"hub"`
	State  feed.PushState `json:"state"` // wanted, asked, verified, denied, failed; "" if it is not subscribed to
	Since  moment         `json:"since"`
	Until  moment         `json:"until"`
	Next   moment         `json:"next"` // when the hub is asked next
	Pushed moment         `json:"last_push"`
	Signed string         `json:"signed"` // the method of the last signature; empty if there was none
	Missed moment         `json:"last_missed"`
	Why    string         `json:"why"` // why it does not push; empty if it does
}

// pushes tells by source and url how feeds that name a hub are pushed.
func (n *newsroom) pushes(ctx context.Context) (map[[2]string]*pushStatus, error) {
	all, err := n.store.Pushes(ctx)
	if err != nil {
		return nil, err
	}
	out := map[[2]string]*pushStatus{}
	for _, p := range all {
		s := &pushStatus{Hub: fetch.Redact(p.Hub), State: p.State, Since: moment{p.Since}, Until: moment{p.Until}, Next: moment{p.Next}, Why: p.Why}
		l := n.conf.Listening
		switch {
		case s.Why != "":
		case slices.Contains(l.Quiet, p.Source):
			s.Why = "push is false for this source"
		case !l.On:
			s.Why = l.Why
		case p.State == feed.PushNone, p.State == feed.PushWanted:
			s.Why = "the hub is asked by run"
		case p.State == feed.PushAsked:
			s.Why = "the hub has not verified it yet"
		}
		out[[2]string{p.Source, p.URL}] = s
	}
	return out, nil
}

// hear takes into account how a feed of the source is pushed.
func (s *sourceStatus) hear(f feed.FeedStatus, p *pushStatus) {
	if p == nil {
		return
	}
	p.Pushed, p.Signed, p.Missed = moment{f.History.Pushed}, f.History.Signed, moment{f.History.Missed}
	s.Feeds[len(s.Feeds)-1].Push = p
	if p.Signed == push.Weak {
		s.Warnings = append(s.Warnings, feed.Warning{Code: "weak-signature",
			Text: "its hub signs with SHA-1, which is weak; SHA-256 would be better"})
	}
}

// printPushes shows the feeds whose hubs push, or should.
func (r *statusReport) printPushes(w io.Writer, zone *time.Location) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	head := false
	for _, s := range r.Sources {
		for _, f := range s.Feeds {
			p := f.Push
			if p == nil {
				continue
			}
			if !head {
				fmt.Fprintln(t, "\nHUB\tOF\tPUSHES\tUNTIL\tLAST PUSH\tWHY NOT")
				head = true
			}
			pushes := "no"
			if p.State == feed.PushVerified {
				pushes = "yes"
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", printable(p.Hub), s.Name, pushes, stamp(p.Until.Time, zone),
				stamp(p.Pushed.Time, zone), shorten(printable(p.Why), errorWidth))
		}
	}
	return t.Flush()
}
