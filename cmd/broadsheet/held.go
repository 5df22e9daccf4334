package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/store"
	"broadsheet/sources/fetch"
)

func (p *program) heldCommand() *cobra.Command {
	all := false
	cmd := &cobra.Command{
		Use:   "held [SOURCE…]",
		Short: "List the articles that are kept back, and why",
		Long: "Lists the articles that a source brought as new and that may be old ones: its ids all\n" +
			"changed, or it brought far more than it ever did. They join their sections by their own\n" +
			"dates once its ids have stayed the same for a day, but for those of another feed that came\n" +
			"in the place of the source's own; `release` lets them go, and `discard` throws them out. With --all also what else is in no section by a decision.",
		ValidArgsFunction: p.completeSources,
		RunE: func(cmd *cobra.Command, names []string) error {
			if _, err := p.logger(slog.LevelWarn); err != nil {
				return err
			}
			return p.withStore(cmd.Context(), func(conf *config.Paper, rows *store.Store) error {
				return p.held(cmd.Context(), conf, rows, names, all)
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also articles older than `first` allows, discarded and withdrawn ones")
	return cmd
}

// heldArticle is an article that is kept back; its JSON form is a contract.
type heldArticle struct {
	judged
	Standing  feed.Standing `json:"standing"`
	Published moment        `json:"published"` // null if it has no date of its own
	Since     time.Time     `json:"since"`
	Why       string        `json:"why"`
	Feed      string        `json:"feed"`  // empty if an operator decided
	Joins     moment        `json:"joins"` // when it joins its sections by itself, if the ids stay; else null
}

// held lists what is kept back.
func (p *program) held(ctx context.Context, conf *config.Paper, rows *store.Store, names []string, all bool) error {
	if err := named(conf, names); err != nil {
		return err
	}
	standings := []feed.Standing{feed.Held, feed.Strange}
	if all {
		standings = append(standings, feed.Backlog, feed.Discarded, feed.Withdrawn)
	}
	if len(names) == 0 {
		names = []string{""} // all of them
	}
	feeds, _, err := rows.Status(ctx, p.clock())
	if err != nil {
		return err
	}
	joins := map[[2]string]time.Time{}
	for _, f := range feeds {
		joins[[2]string{f.Source, f.URL}] = f.History.Guard.Changed.Add(feed.StableTime)
	}
	out := []heldArticle{}
	for _, name := range names {
		found, err := rows.Apart(ctx, name, standings...)
		if err != nil {
			return err
		}
		for _, s := range found {
			out = append(out, heldOf(s, joins))
		}
	}
	if p.json {
		return p.printJSON(map[string]any{"held": out})
	}
	printHeld(p.stdout, out, conf.Zone)
	return nil
}

// heldOf is an article that is kept back. joins tells when the ids of each feed, by
// source and url, will have been stable for long enough.
func heldOf(s feed.Stored, joins map[[2]string]time.Time) heldArticle {
	h := heldArticle{judged: judged{s.Entry.Source, s.Entry.ID, s.Entry.Title, s.Entry.Link}, Standing: s.Apart.Standing,
		Since: s.Apart.Since, Why: s.Apart.Why, Feed: fetch.Redact(s.Apart.Feed)}
	if s.Apart.Feed == "" {
		h.Feed = ""
	}
	if !s.Entry.Undated {
		h.Published = moment{s.Entry.Published}
	}
	if s.Apart.Standing == feed.Held {
		at := s.Apart.Since.Add(feed.StableTime)
		if later := joins[[2]string{s.Entry.Source, s.Apart.Feed}]; later.After(at) {
			at = later
		}
		h.Joins = moment{at}
	}
	return h
}

// printHeld lists articles under the source and the reason that they share.
func printHeld(w io.Writer, list []heldArticle, zone *time.Location) {
	if len(list) == 0 {
		fmt.Fprintln(w, "nothing is kept back")
		return
	}
	under := ""
	for _, h := range list {
		reason := fmt.Sprintf("%s: %s since %s: %s", h.Source, h.Standing, stamp(h.Since, zone), printable(cmp.Or(h.Why, "no reason was given")))
		switch {
		case !h.Joins.IsZero():
			reason += fmt.Sprintf("\n  joins its sections by itself at %s, if the ids stay as they are", stamp(h.Joins.Time, zone))
		case h.Standing == feed.Strange:
			reason += "\n  stays so until you decide, or the feed has its title back"
		}
		if reason != under {
			fmt.Fprintln(w, reason)
			under = reason
		}
		fmt.Fprintf(w, "    %s  %s\n        %s\n", ownDate(h.Published.Time, h.Published.IsZero(), zone), brief(h.Title), printable(h.ID))
	}
	fmt.Fprintln(w, "\nto let them go: broadsheet release SOURCE|ID   to throw them out: broadsheet discard SOURCE|ID")
}
