package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/store"
)

func (p *program) discardCommand() *cobra.Command {
	why := ""
	cmd := &cobra.Command{
		Use:   "discard SOURCE|ID…",
		Short: "Throw articles out that are held",
		Long: "Keeps what is held of a source, or the held article of this id or link, out of every\n" +
			"section for good. It is remembered, so that it does not come back; `release ID` undoes it.",
		Args:              arguments(1, 1<<16, "SOURCE|ID…"),
		ValidArgsFunction: p.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.judge(cmd.Context(), "discard", "discarded", args, why, feed.Discarded,
				func(conf *config.Paper, rows *store.Store) ([]feed.Stored, error) {
					return kept(cmd.Context(), conf, rows, args, feed.Held, feed.Strange)
				})
		},
	}
	whyFlag(cmd, &why)
	return cmd
}

func (p *program) withdrawCommand() *cobra.Command {
	why := ""
	cmd := &cobra.Command{
		Use:   "withdraw ID|LINK…",
		Short: "Take an article out of every section, for good",
		Long: "Takes the article with this id or link out of its sections and publishes them without\n" +
			"it. It does not come back, also if its source still lists it; `release ID` undoes it.",
		Args: arguments(1, 1<<16, "ID|LINK…"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.judge(cmd.Context(), "withdraw", "withdrawn", args, why, feed.Withdrawn,
				func(_ *config.Paper, rows *store.Store) (found []feed.Stored, err error) {
					for _, arg := range args {
						some, err := articlesNamed(cmd.Context(), rows, arg)
						if err != nil {
							return nil, err
						}
						if len(some) == 0 {
							return nil, fmt.Errorf("no stored article has the id or the link %q; `broadsheet explain WORDS` finds it by its title", arg)
						}
						found = append(found, some...)
					}
					return found, nil
				})
		},
	}
	whyFlag(cmd, &why)
	return cmd
}

// judge gives articles a standing that keeps them out of their sections, and
// publishes the sections that they were in.
func (p *program) judge(ctx context.Context, verb, done string, args []string, why string, standing feed.Standing,
	find func(*config.Paper, *store.Store) ([]feed.Stored, error)) error {
	log, err := p.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	return p.withStore(ctx, func(conf *config.Paper, rows *store.Store) error {
		found, err := find(conf, rows)
		if err != nil {
			return err
		}
		if _, err := rows.Judge(ctx, p.clock(), p.decision(verb, targetOf(args), why), standing, entryRows(found)); err != nil {
			return err
		}
		look, err := openPress(conf)
		if err != nil {
			return err
		}
		if _, err := look.Publish(ctx, rows, p.clock(), log); err != nil {
			return err
		}
		if p.json {
			return p.printJSON(map[string]any{done: judgedOf(found)})
		}
		p.tell(done, found)
		return nil
	})
}
