package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/store"
	"broadsheet/sources/fetch"
)

func (p *program) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show how every source and section is doing",
		Long: "Shows each source with its last and next poll and why then, and each section. A source\n" +
			"is new, ok, failing, held (its server asked to wait), stale (failing for a week), gone\n" +
			"(410: asked again when its url changes) or paused. --json has all that is known.",
		Args: arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := p.logger(slog.LevelWarn); err != nil {
				return err
			}
			return p.withStore(cmd.Context(), func(conf *config.Paper, rows *store.Store) error {
				n := &newsroom{conf: conf, store: rows, clock: p.clock}
				report, err := n.status(cmd.Context())
				switch {
				case err != nil:
					return err
				case p.json:
					return p.printJSON(report)
				default:
					return report.print(p.stdout, conf.Zone)
				}
			})
		},
	}
}

// statusReport is how the paper is doing; its JSON form is a contract.
type statusReport struct {
	Sources  []sourceStatus  `json:"sources"`
	Sections []sectionStatus `json:"sections"`
}

// sourceStatus is a source with its feeds taken together: it is as well as the
// worst of them.
type sourceStatus struct {
	Name        string         `json:"name"`
	State       feed.State     `json:"state"`
	Since       moment         `json:"since"`
	LastPoll    moment         `json:"last_poll"`
	LastSuccess moment         `json:"last_success"`
	NextPoll    moment         `json:"next_poll"`
	NextReason  string         `json:"next_reason"`
	Error       string         `json:"error"`
	Warnings    []feed.Warning `json:"warnings"`
	Entries     int            `json:"entries"`
	Held        int            `json:"held"` // of these, articles that are held: see `held`
	Feeds       []feedStatus   `json:"feeds"`
	Pages       *pagesStatus   `json:"pages"` // of its articles, for full text; null if there are none
}

type feedStatus struct {
	URL         string         `json:"url"`
	State       feed.State     `json:"state"`
	LastPoll    moment         `json:"last_poll"`
	LastSuccess moment         `json:"last_success"`
	NextPoll    moment         `json:"next_poll"`
	NextReason  string         `json:"next_reason"`
	Error       string         `json:"error"`
	Failures    int            `json:"failures"`
	Format      string         `json:"format"`
	HTTPStatus  int            `json:"http_status"`
	Listed      int            `json:"listed"`
	Drops       map[string]int `json:"drops"`
	Entries     int            `json:"entries"`
	Took        float64        `json:"took_s"`
	LastBody    moment         `json:"last_body"`          // when a body last came
	LastBare    moment         `json:"last_unconditional"` // when it was last asked without validators on purpose
	MovedTo     string         `json:"moved_to"`           // asked in place of url; empty if it did not move
	Moves       []movedFrom    `json:"moves"`              // the addresses that were given up
	Push        *pushStatus    `json:"push"`               // at the hub that it names; null if it names none
	Advice      string         `json:"advice"`             // what the operator may do about it; empty if nothing
}

type movedFrom struct {
	From string `json:"from"`
	At   moment `json:"at"`
}

type sectionStatus struct {
	Name     string `json:"name"`
	Entries  int    `json:"entries"`
	Shown    int    `json:"shown"` // before the size of its feeds is looked at
	Newest   moment `json:"newest"`
	Modified moment `json:"modified"`
	ETag     string `json:"etag"`
	Pending  bool   `json:"pending"` // its documents are being made
	Private  bool   `json:"private"` // it is in no list: who may read it is given its path
	Path     string `json:"path"`    // of its page, below site.url
}

// moment is a time that in JSON is null if there is none: the key is always there.
type moment struct{ time.Time }

// MarshalJSON implements json.Marshaler.
func (m moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return m.Time.MarshalJSON()
}

// severity orders states from well to ill.
var severity = map[feed.State]int{feed.StateOK: 0, feed.StatePaused: 1, feed.StateNew: 2, feed.StateHeld: 3,
	feed.StateFailing: 4, feed.StateStale: 5, feed.StateGone: 6}

// status reads how everything is doing.
func (n *newsroom) status(ctx context.Context) (*statusReport, error) {
	feeds, sections, err := n.store.Status(ctx, n.clock())
	if err != nil {
		return nil, err
	}
	pages, err := n.pages(ctx)
	if err != nil {
		return nil, err
	}
	hubs, err := n.pushes(ctx)
	if err != nil {
		return nil, err
	}
	report := &statusReport{Sources: []sourceStatus{}, Sections: []sectionStatus{}}
	at, places := map[string]int{}, n.places()
	for _, f := range feeds {
		i, ok := at[f.Source]
		if !ok {
			i = len(report.Sources)
			at[f.Source] = i
			report.Sources = append(report.Sources, sourceStatus{Name: f.Source, State: f.State,
				Since: moment{f.Since}, NextPoll: moment{f.NextPoll}, NextReason: f.Reason, Warnings: []feed.Warning{},
				Pages: pages[f.Source]})
		}
		report.Sources[i].add(f, places[[2]string{f.Source, f.URL}])
		report.Sources[i].hear(f, hubs[[2]string{f.Source, f.URL}])
	}
	for _, o := range n.conf.Outlets {
		if _, ok := at[o.Name]; !ok {
			report.Sources = append(report.Sources, unheard(o))
		}
	}
	for _, s := range sections {
		report.Sections = append(report.Sections, sectionStatus{Name: s.Section.Name, Entries: s.Entries,
			Shown: s.Shown, Newest: moment{s.Newest}, Modified: moment{s.Modified}, ETag: s.ETag, Pending: s.Pending,
			Private: s.Section.Private != "", Path: s.Section.Path()})
	}
	return report, nil
}

// places tells in which line the url of each feed stands, by source and url.
func (n *newsroom) places() map[[2]string]feed.Pos {
	out := map[[2]string]feed.Pos{}
	for _, o := range n.conf.Outlets {
		for _, sub := range o.Feeds {
			out[[2]string{o.Name, sub.URL}] = sub.URLPos
		}
	}
	return out
}

// unheard is a source that stands in the file and that no command has read into
// the store yet.
func unheard(o feed.Outlet) sourceStatus {
	s := sourceStatus{Name: o.Name, State: feed.StateNew, NextReason: "once the new configuration is run",
		Warnings: []feed.Warning{}}
	if o.Paused {
		s.State, s.NextReason = feed.StatePaused, "paused"
	}
	for _, sub := range o.Feeds {
		s.Feeds = append(s.Feeds, feedStatus{URL: fetch.Redact(sub.URL), State: s.State,
			NextReason: s.NextReason, Drops: map[string]int{}, Moves: []movedFrom{}})
	}
	return s
}

// add takes one feed of the source into account; pos is where its url stands.
func (s *sourceStatus) add(f feed.FeedStatus, pos feed.Pos) {
	if severity[f.State] > severity[s.State] {
		s.State, s.Since = f.State, moment{f.Since}
	}
	s.LastPoll, s.LastSuccess = newest(s.LastPoll, f.LastPoll), newest(s.LastSuccess, f.LastSuccess)
	if !f.NextPoll.IsZero() && (s.NextPoll.IsZero() || f.NextPoll.Before(s.NextPoll.Time)) {
		s.NextPoll, s.NextReason = moment{f.NextPoll}, f.Reason
	}
	if s.Error == "" {
		s.Error = f.Error
	}
	s.Warnings = append(s.Warnings, guardWarnings(f)...)
	s.Warnings = append(s.Warnings, f.Warnings...)
	s.Entries += f.Entries
	s.Held += f.Held
	one := feedStatus{URL: fetch.Redact(f.URL), State: f.State, LastPoll: moment{f.LastPoll},
		LastSuccess: moment{f.LastSuccess}, NextPoll: moment{f.NextPoll}, NextReason: f.Reason, Error: f.Error,
		Failures: f.Failures, Format: f.Format, HTTPStatus: f.Code, Listed: f.Listed,
		Drops: f.Drops, Entries: f.Entries, Took: f.History.Took.Seconds(), LastBody: moment{f.History.Full},
		LastBare: moment{f.History.Bare}, Moves: []movedFrom{}}
	if one.Drops == nil {
		one.Drops = map[string]int{}
	}
	one.move(f.History.Move, pos)
	s.Feeds = append(s.Feeds, one)
}

// guardWarnings says what the guard of a feed holds, and what it gave up.
func guardWarnings(f feed.FeedStatus) (out []feed.Warning) {
	if f.Held > 0 {
		out = append(out, feed.Warning{Code: "held", Text: fmt.Sprintf("%s held: %s; see: broadsheet held %s",
			plural(f.Held, "article"), f.History.Guard.Why, f.Source)})
	}
	switch f.History.Guard.By {
	case feed.KeyLink:
		out = append(out, feed.Warning{Code: "unstable-ids",
			Text: "its guids change with every poll; articles are recognised by their links"})
	case feed.KeyText:
		out = append(out, feed.Warning{Code: "unstable-ids",
			Text: "its guids and links change with every poll; articles are recognised by title and text"})
	}
	return out
}

// move tells where the feed went, and which line would say so.
func (f *feedStatus) move(m feed.Move, pos feed.Pos) {
	for _, p := range m.Past {
		f.Moves = append(f.Moves, movedFrom{fetch.Redact(p.From), moment{p.At}})
	}
	if m.To == "" {
		return
	}
	f.MovedTo = fetch.Redact(m.To)
	f.Advice = "moved to " + f.MovedTo + ": change the url in the configuration"
	if pos.Line > 0 {
		f.Advice = fmt.Sprintf("moved to %s: change the url in %s:%d", f.MovedTo, pos.File, pos.Line)
	}
}

// advice is the first of the source's feeds' that has one.
func (s *sourceStatus) advice() string {
	for _, f := range s.Feeds {
		if f.Advice != "" {
			return f.Advice
		}
	}
	return ""
}

func newest(a moment, b time.Time) moment {
	if b.After(a.Time) {
		return moment{b}
	}
	return a
}

// errorWidth is how much of an error a line of the table shows; --json has all.
const errorWidth = 90

// print is the report for people.
func (r *statusReport) print(w io.Writer, zone *time.Location) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "SOURCE\tSTATE\tENTRIES\tLAST POLL\tLAST SUCCESS\tNEXT POLL\tWHY THEN\tTROUBLE")
	for _, s := range r.Sources {
		trouble, width := s.Error, errorWidth
		if trouble == "" && len(s.Warnings) > 0 {
			trouble = "warning: " + s.Warnings[0].Text
		}
		if advice := s.advice(); advice != "" {
			trouble, width = strings.TrimSuffix(advice+"; "+trouble, "; "), errorWidth+len(advice)
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", s.Name, s.State, s.Entries, stamp(s.LastPoll.Time, zone),
			stamp(s.LastSuccess.Time, zone), stamp(s.NextPoll.Time, zone), s.NextReason, shorten(printable(trouble), width))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if err := r.printPages(w); err != nil {
		return err
	}
	if err := r.printPushes(w, zone); err != nil {
		return err
	}
	t = tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "\nSECTION\tENTRIES\tSHOWN\tNEWEST\tCHANGED")
	for _, s := range r.Sections {
		name := s.Name
		if name == feed.WholePaper {
			name = "(the whole paper)"
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\n", name, s.Entries, s.Shown, stamp(s.Newest.Time, zone), stamp(s.Modified.Time, zone))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range r.Sections {
		if s.Private {
			fmt.Fprintf(w, "\n%s is private, at %s\n", s.Name, s.Path)
		}
	}
	return nil
}
