package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/feed"
	"broadsheet/feed/store"
	"broadsheet/sources/fetch"
)

func (p *program) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show how every source and section is doing",
		Args:  arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := p.logger(slog.LevelWarn); err != nil {
				return err
			}
			conf, err := p.load(false)
			if err != nil {
				return err
			}
			rows, err := store.Open(cmd.Context(), conf.Store, store.Options{})
			if err != nil {
				return err
			}
			n := &newsroom{conf: conf, store: rows, clock: p.clock}
			report, err := n.status(cmd.Context())
			if closeErr := rows.Close(); err == nil {
				err = closeErr
			}
			switch {
			case err != nil:
				return err
			case p.json:
				return p.printJSON(report)
			default:
				return report.print(p.stdout, conf.Zone)
			}
		},
	}
}

// statusReport is how the paper is doing; its JSON form is a contract.
type statusReport struct {
	Sources  []sourceStatus  `json:"sources"`
	Sections []sectionStatus `json:"sections"`
}

// sourceStatus is a source with its feeds taken together: it is as well as the
// worst of them. Times are zero where there is none.
type sourceStatus struct {
	Name        string         `json:"name"`
	State       feed.State     `json:"state"`
	Since       time.Time      `json:"since,omitzero"`
	LastPoll    time.Time      `json:"last_poll,omitzero"`
	LastSuccess time.Time      `json:"last_success,omitzero"`
	NextPoll    time.Time      `json:"next_poll,omitzero"`
	NextReason  string         `json:"next_reason"`
	Error       string         `json:"error"`
	Warnings    []feed.Warning `json:"warnings"`
	Entries     int            `json:"entries"`
	Feeds       []feedStatus   `json:"feeds"`
}

type feedStatus struct {
	URL         string         `json:"url"`
	State       feed.State     `json:"state"`
	LastPoll    time.Time      `json:"last_poll,omitzero"`
	LastSuccess time.Time      `json:"last_success,omitzero"`
	NextPoll    time.Time      `json:"next_poll,omitzero"`
	NextReason  string         `json:"next_reason"`
	Error       string         `json:"error"`
	Failures    int            `json:"failures"`
	Format      string         `json:"format"`
	HTTPStatus  int            `json:"http_status"`
	Listed      int            `json:"listed"`
	Drops       map[string]int `json:"drops"`
	Entries     int            `json:"entries"`
}

type sectionStatus struct {
	Name     string    `json:"name"`
	Entries  int       `json:"entries"`
	Shown    int       `json:"shown"`
	Newest   time.Time `json:"newest,omitzero"`
	Modified time.Time `json:"modified,omitzero"`
	ETag     string    `json:"etag"`
	Pending  bool      `json:"pending"` // its documents are being made
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
	report := &statusReport{Sources: []sourceStatus{}, Sections: []sectionStatus{}}
	at := map[string]int{}
	for _, f := range feeds {
		i, ok := at[f.Source]
		if !ok {
			i = len(report.Sources)
			at[f.Source] = i
			report.Sources = append(report.Sources, sourceStatus{Name: f.Source, State: f.State, Since: f.Since,
				NextPoll: f.NextPoll, NextReason: f.Reason, Warnings: []feed.Warning{}})
		}
		report.Sources[i].add(f)
	}
	for _, s := range sections {
		report.Sections = append(report.Sections, sectionStatus{Name: s.Section.Name, Entries: s.Entries,
			Shown: s.Shown, Newest: s.Newest, Modified: s.Modified, ETag: s.ETag, Pending: s.Pending})
	}
	return report, nil
}

// add takes one feed of the source into account.
func (s *sourceStatus) add(f feed.FeedStatus) {
	if severity[f.State] > severity[s.State] {
		s.State, s.Since = f.State, f.Since
	}
	s.LastPoll, s.LastSuccess = newest(s.LastPoll, f.LastPoll), newest(s.LastSuccess, f.LastSuccess)
	if !f.NextPoll.IsZero() && (s.NextPoll.IsZero() || f.NextPoll.Before(s.NextPoll)) {
		s.NextPoll, s.NextReason = f.NextPoll, f.Reason
	}
	if s.Error == "" {
		s.Error = f.Error
	}
	s.Warnings = append(s.Warnings, f.Warnings...)
	s.Entries += f.Entries
	s.Feeds = append(s.Feeds, feedStatus{URL: fetch.Redact(f.URL), State: f.State, LastPoll: f.LastPoll,
		LastSuccess: f.LastSuccess, NextPoll: f.NextPoll, NextReason: f.Reason, Error: f.Error,
		Failures: f.Failures, Format: f.Format, HTTPStatus: f.Code, Listed: f.Listed,
		Drops: f.Drops, Entries: f.Entries})
}

func newest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
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
		trouble := s.Error
		if trouble == "" && len(s.Warnings) > 0 {
			trouble = "warning: " + s.Warnings[0].Text
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", s.Name, s.State, s.Entries, stamp(s.LastPoll, zone),
			stamp(s.LastSuccess, zone), stamp(s.NextPoll, zone), s.NextReason, shorten(printable(trouble), errorWidth))
	}
	fmt.Fprintln(t, "\nSECTION\tENTRIES\tSHOWN\tNEWEST\tCHANGED")
	for _, s := range r.Sections {
		name := s.Name
		if name == feed.WholePaper {
			name = "(the whole paper)"
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\n", name, s.Entries, s.Shown, stamp(s.Newest, zone), stamp(s.Modified, zone))
	}
	return t.Flush()
}
