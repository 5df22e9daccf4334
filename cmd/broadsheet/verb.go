package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/store"
	"broadsheet/sources/fetch"
)

// The commands by which an operator decides something (pause, resume, release,
// discard, withdraw) share what stands here: who decides, and about what.

// who is the account that gives the command.
func (p *program) who() string {
	for _, name := range []string{"SUDO_USER", "USER", "LOGNAME"} {
		if v, ok := p.lookup(name); ok && v != "" {
			return v
		}
	}
	return fmt.Sprintf("uid %d", os.Getuid())
}

// decision is what is written down of a command.
func (p *program) decision(verb, target, why string) feed.Decision {
	return feed.Decision{Who: p.who(), Verb: verb, Target: target, Why: why}
}

// whyFlag lets the operator say why.
func whyFlag(cmd *cobra.Command, why *string) {
	cmd.Flags().StringVar(why, "why", "", "the reason, for `TEXT` in decisions and status")
}

// withStore opens the store that a configuration names, as it is, for a command
// that reads or changes rows and needs no worker.
func (p *program) withStore(ctx context.Context, do func(*config.Paper, *store.Store) error) error {
	conf, err := p.load(false)
	if err != nil {
		return err
	}
	rows, err := store.Open(ctx, conf.Store, store.Options{})
	if err != nil {
		return err
	}
	err = do(conf, rows)
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	return err
}

// judged is an article that a command decided about, for --json.
type judged struct {
	Source string `json:"source"`
	ID     string `json:"id"`
	Title  string `json:"title"`
	Link   string `json:"link"`
}

func judgedOf(found []feed.Stored) []judged {
	out := []judged{}
	for _, s := range found {
		out = append(out, judged{s.Entry.Source, s.Entry.ID, s.Entry.Title, s.Entry.Link})
	}
	return out
}

// toldMost is how many articles are told of one by one.
const toldMost = 20

// tell says what was done with articles.
func (p *program) tell(done string, found []feed.Stored) {
	for _, s := range found[:min(len(found), toldMost)] {
		fmt.Fprintf(p.stdout, "%s: %s\n    %s\n", done, brief(s.Entry.Title), printable(secretless(s.Entry)))
	}
	if more := len(found) - toldMost; more > 0 {
		fmt.Fprintf(p.stdout, "and %s more\n", plural(more, "article"))
	}
}

// entryRows are the rows of entries.
func entryRows(found []feed.Stored) (rows []int64) {
	for _, s := range found {
		rows = append(rows, s.Row)
	}
	return rows
}

// kept finds the articles that args name: all of a source that have one of the
// standings usual, or by id, original id or link the one article that stands apart
// for whatever reason.
func kept(ctx context.Context, conf *config.Paper, rows *store.Store, args []string, usual ...feed.Standing) (
	found []feed.Stored, err error) {
	names := sourceNames(conf)
	for _, arg := range args {
		var some []feed.Stored
		if slices.Contains(names, arg) {
			if some, err = rows.Apart(ctx, arg, usual...); err == nil && len(some) == 0 {
				err = fmt.Errorf("nothing of %s is held; `broadsheet held --all` lists what is kept back", arg)
			}
		} else {
			some, err = keptArticle(ctx, rows, arg, names)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// keptArticle finds one article that stands apart.
func keptArticle(ctx context.Context, rows *store.Store, arg string, names []string) ([]feed.Stored, error) {
	found, err := articlesNamed(ctx, rows, arg)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%q is neither a source nor the id or link of a stored article; sources: %s",
			arg, instead(arg, names))
	}
	apart := slices.DeleteFunc(found, func(s feed.Stored) bool { return s.Apart == nil })
	if len(apart) == 0 {
		return nil, fmt.Errorf("the article %s is in its sections: nothing keeps it back", arg)
	}
	return apart, nil
}

// articlesNamed finds the articles with exactly this id, original id or link; several
// sources may have the same.
func articlesNamed(ctx context.Context, rows *store.Store, arg string) ([]feed.Stored, error) {
	for _, name := range append([]string{arg}, canonical(arg)...) {
		found, err := rows.Named(ctx, name)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// sourceNames are the names of the configured sources.
func sourceNames(conf *config.Paper) []string {
	names := make([]string, len(conf.Outlets))
	for i, o := range conf.Outlets {
		names[i] = o.Name
	}
	return names
}

// targetOf is what a decision about articles is written down under: without the
// secrets of links.
func targetOf(args []string) string {
	out := make([]string, len(args))
	for i, arg := range args {
		if out[i] = arg; strings.Contains(arg, "://") {
			out[i] = fetch.Redact(arg)
		}
	}
	return strings.Join(out, " ")
}

// secretless is a link without its secrets; the id where there is none.
func secretless(e feed.Entry) string { return fetch.Redact(cmp.Or(e.Link, e.ID)) }
