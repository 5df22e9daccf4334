package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"broadsheet/feed/publish"
)

func (p *program) buildCommand() *cobra.Command {
	dir := ""
	cmd := &cobra.Command{
		Use:   "build -o DIR",
		Short: "Write every feed and page as a static site, from the store",
		Long: "Writes what run serves as files, with the same paths, without asking any origin. Only\n" +
			"files that an earlier build wrote are ever changed or removed.",
		Args: arguments(0, 0, "-o DIR"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return usageError{fmt.Errorf("say where to: broadsheet build -o DIR")}
			}
			return p.build(cmd.Context(), dir)
		},
	}
	cmd.Flags().StringVarP(&dir, "output", "o", "", "folder `DIR` to write to; made if it does not exist")
	if err := cmd.MarkFlagDirname("output"); err != nil {
		panic(err) // the flag is not there
	}
	return cmd
}

// build writes the site as the configuration says now, without asking any
// origin.
func (p *program) build(ctx context.Context, dir string) error {
	log, err := p.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	conf, err := p.load(false)
	if err != nil {
		return err
	}
	n, err := p.openNewsroom(ctx, conf, log, false)
	if err != nil {
		return err
	}
	written, err := n.build(ctx, dir)
	if err := closing(n, err); err != nil {
		return err
	}
	p.hubless(conf)
	if p.json {
		return p.printJSON(map[string]int{"files": written.Files, "changed": written.Changed, "removed": written.Removed})
	}
	_, err = fmt.Fprintf(p.stdout, "%s in %s: %d changed, %d removed\n",
		plural(written.Files, "file"), dir, written.Changed, written.Removed)
	return err
}

// build brings the documents up to date, if there is a worker to do so, and
// writes them below dir.
func (n *newsroom) build(ctx context.Context, dir string) (publish.Written, error) {
	if n.worker != nil {
		if _, err := n.refresh(ctx); err != nil {
			return publish.Written{}, err
		}
	}
	if !n.site.NoSearch {
		n.log.Warn("the pages have a search box, which a static site cannot answer; say site.search: false")
	}
	f := folder{dir: dir, coded: n.conf.Coded}
	return f.update(ctx, n)
}
