package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/store"
)

// findLimit is how many articles find lists if it is not told.
const findLimit = 20

func (p *program) findCommand() *cobra.Command {
	limit := findLimit
	cmd := &cobra.Command{
		Use:   "find WORDS",
		Short: "Search all stored articles",
		Long: "Lists the newest stored articles with all of these words in title, text, authors or\n" +
			"categories, whether or not they are in a section. \"quoted words\" stand together, wor*\n" +
			"is any word that begins so, and after -- a -word keeps out what has it.",
		Args: arguments(1, 1<<16, "WORDS"),
		RunE: func(cmd *cobra.Command, words []string) error {
			if _, err := p.logger(slog.LevelWarn); err != nil {
				return err
			}
			if limit < 1 {
				return usageError{fmt.Errorf("--limit %d: give how many articles to list, at least 1", limit)}
			}
			return p.withStore(cmd.Context(), func(conf *config.Paper, rows *store.Store) error {
				return p.find(cmd.Context(), conf, rows, asQuery(words), limit)
			})
		},
	}
	cmd.Flags().IntVarP(&limit, "limit", "n", findLimit, "list up to `N` articles")
	return cmd
}

// asQuery joins arguments: one with a space in it was quoted for the shell, and is a
// phrase, if it is not all there is.
func asQuery(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		if quoted[i] = w; strings.ContainsAny(w, " \t") && !strings.Contains(w, `"`) {
			quoted[i] = `"` + w + `"`
		}
	}
	return strings.Join(quoted, " ")
}

// foundArticle is an article that was searched for; its JSON form is a contract.
type foundArticle struct {
	judged
	Published moment        `json:"published"` // null if it has no date of its own
	Sections  []string      `json:"sections"`  // none while it stands apart
	Standing  feed.Standing `json:"standing"`  // empty if it is in its sections
}

// find lists the stored articles that a query means.
func (p *program) find(ctx context.Context, conf *config.Paper, rows *store.Store, query string, limit int) error {
	found, err := rows.Search(ctx, query, limit+1) // one more, to know of it
	if err != nil {
		return err
	}
	left, err := rows.Unindexed(ctx)
	if err != nil {
		return err
	}
	more := len(found) > limit
	out := []foundArticle{}
	for _, s := range found[:min(len(found), limit)] {
		out = append(out, foundOf(s))
	}
	switch {
	case p.json:
		err = p.printJSON(map[string]any{"query": query, "articles": out, "more": more, "not_indexed": left})
	default:
		printFound(p.stdout, out, conf.Zone)
		if more {
			fmt.Fprintf(p.stdout, "These are the newest %d; more articles match. Add words, or ask for more with --limit.\n", limit)
		}
		if left > 0 {
			fmt.Fprintf(p.stdout, "%d articles of before cannot be found yet: `broadsheet run` puts them into the index.\n", left)
		}
	}
	if err == nil && len(out) == 0 {
		err = errSilent{} // it was not found, which scripts want to know
	}
	return err
}

// foundOf is a stored article as find shows it.
func foundOf(s feed.Stored) foundArticle {
	f := foundArticle{judged: judged{s.Entry.Source, s.Entry.ID, s.Entry.Title, s.Entry.Link}, Sections: []string{}}
	if !s.Entry.Undated {
		f.Published = moment{s.Entry.Published}
	}
	for _, m := range s.Members {
		if m.Section != feed.WholePaper {
			f.Sections = append(f.Sections, m.Section)
		}
	}
	if s.Apart != nil {
		f.Standing = s.Apart.Standing
	}
	return f
}

// printFound lists articles, two lines each.
func printFound(w io.Writer, list []foundArticle, zone *time.Location) {
	if len(list) == 0 {
		fmt.Fprintln(w, "nothing that is stored has all of this")
	}
	for _, f := range list {
		where := strings.Join(f.Sections, " ")
		if f.Standing != feed.Shown {
			where = string(f.Standing)
		}
		fmt.Fprintf(w, "%s  %s\n    %s in %s  %s\n", ownDate(f.Published.Time, f.Published.IsZero(), zone), brief(f.Title),
			f.Source, cmp.Or(where, "no section"), printable(f.ID))
	}
}
