package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

func (p *program) releaseCommand() *cobra.Command {
	backlog, why := false, ""
	cmd := &cobra.Command{
		Use:   "release SOURCE|ID…",
		Short: "Let articles go that are held, into their sections and by their own dates",
		Long: "Puts what is held of a source into its sections, at the articles' own dates, and\n" +
			"publishes. An article named by its id or link is let go for whatever reason it was kept\n" +
			"back, also if it was discarded or withdrawn.",
		Args:              arguments(1, 1<<16, "SOURCE|ID…"),
		ValidArgsFunction: p.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			standings := []feed.Standing{feed.Held, feed.Strange}
			if backlog {
				standings = append(standings, feed.Backlog)
			}
			return p.release(cmd.Context(), args, why, standings)
		},
	}
	cmd.Flags().BoolVar(&backlog, "backlog", false, "also articles that are older than `first` lets a new source publish")
	whyFlag(cmd, &why)
	return cmd
}

// release lets articles go and publishes the sections that they come into.
func (p *program) release(ctx context.Context, args []string, why string, standings []feed.Standing) error {
	log, err := p.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	conf, err := p.load(true)
	if err != nil {
		return err
	}
	n, err := p.openNewsroom(ctx, conf, log, false)
	if err != nil {
		return err
	}
	found, err := n.release(ctx, args, p.decision("release", targetOf(args), why), standings)
	if err := closing(n, err); err != nil {
		return err
	}
	if p.json {
		return p.printJSON(map[string]any{"released": judgedOf(found)})
	}
	p.tell("released", found)
	return nil
}

func (n *newsroom) release(ctx context.Context, args []string, d feed.Decision, standings []feed.Standing) (
	[]feed.Stored, error) {
	found, err := kept(ctx, n.conf, n.store, args, standings...)
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		if s.Apart != nil && s.Apart.Why == store.TakenBack {
			return nil, fmt.Errorf("the article %s is taken back by withdraw: in %s, which wins over commands; take that line out",
				secretless(s.Entry), n.conf.Path)
		}
	}
	if _, err := n.store.Judge(ctx, n.clock(), d, feed.Shown, entryRows(found)); err != nil {
		return nil, err
	}
	_, err = n.refresh(ctx)
	return found, err
}
