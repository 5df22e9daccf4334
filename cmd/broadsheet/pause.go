package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed/store"
)

func (p *program) pauseCommand() *cobra.Command {
	why := ""
	cmd := &cobra.Command{
		Use:   "pause SOURCE…",
		Short: "Stop polling a source until it is resumed; its articles stay",
		Long: "Keeps a source from being polled, without touching the configuration. A source that\n" +
			"says `paused: true` there is paused whatever is decided here.",
		Args:              arguments(1, 1<<16, "SOURCE…"),
		ValidArgsFunction: p.completeSources,
		RunE: func(cmd *cobra.Command, names []string) error {
			return p.stop(cmd.Context(), "pause", names, why, true)
		},
	}
	whyFlag(cmd, &why)
	return cmd
}

func (p *program) resumeCommand() *cobra.Command {
	why := ""
	cmd := &cobra.Command{
		Use:               "resume SOURCE…",
		Short:             "Poll a source again that was paused by a command",
		Args:              arguments(1, 1<<16, "SOURCE…"),
		ValidArgsFunction: p.completeSources,
		RunE: func(cmd *cobra.Command, names []string) error {
			return p.stop(cmd.Context(), "resume", names, why, false)
		},
	}
	whyFlag(cmd, &why)
	return cmd
}

// stop pauses or resumes sources.
func (p *program) stop(ctx context.Context, verb string, names []string, why string, stopped bool) error {
	if _, err := p.logger(slog.LevelWarn); err != nil {
		return err
	}
	return p.withStore(ctx, func(conf *config.Paper, rows *store.Store) error {
		if err := named(conf, names); err != nil {
			return err
		}
		if !stopped {
			if err := notPaused(conf, names); err != nil {
				return fmt.Errorf("%w; take `paused: true` out of it", err)
			}
		}
		for _, name := range names {
			if err := rows.Stop(ctx, p.clock(), p.decision(verb, name, why), name, stopped); err != nil {
				return err
			}
		}
		if p.json {
			return p.printJSON(map[string]any{verb + "d": names})
		}
		for _, name := range names {
			fmt.Fprintf(p.stdout, "%sd: %s\n", verb, name)
		}
		return nil
	})
}
