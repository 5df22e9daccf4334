package main

import (
	"fmt"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/store"
)

// decisionsShown is how many decisions are listed unless all are wanted.
const decisionsShown = 50

// decided is a decision; its JSON form is a contract.
type decided struct {
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Verb   string    `json:"verb"`
	Target string    `json:"target"`
	Why    string    `json:"why"`
}

func (p *program) decisionsCommand() *cobra.Command {
	all := false
	cmd := &cobra.Command{
		Use:   "decisions",
		Short: "List what was decided by commands: when, by whom, about what and why",
		Args:  arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := p.logger(slog.LevelWarn); err != nil {
				return err
			}
			return p.withStore(cmd.Context(), func(conf *config.Paper, rows *store.Store) error {
				limit := decisionsShown
				if all || p.json {
					limit = 0
				}
				list, err := rows.Decisions(cmd.Context(), limit)
				if err != nil {
					return err
				}
				return p.printDecisions(list, conf.Zone)
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "not only the latest 50")
	return cmd
}

func (p *program) printDecisions(list []feed.Decision, zone *time.Location) error {
	if p.json {
		out := []decided{}
		for _, d := range list {
			out = append(out, decided(d))
		}
		return p.printJSON(map[string]any{"decisions": out})
	}
	if len(list) == 0 {
		fmt.Fprintln(p.stdout, "nothing was decided yet")
		return nil
	}
	t := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "WHEN\tWHO\tDECIDED\tABOUT\tWHY")
	for _, d := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", stamp(d.At, zone), printable(d.Who), d.Verb, brief(d.Target), brief(d.Why))
	}
	return t.Flush()
}
