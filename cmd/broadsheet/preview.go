package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/feed/store"
	"broadsheet/feed/worker"
	"broadsheet/sources/fetch"
)

func (p *program) previewCommand() *cobra.Command {
	crashed, steps := false, false
	cmd := &cobra.Command{
		Use:   "preview SOURCE|URL",
		Short: "Fetch, normalise, route and print; store nothing",
		Long: "Asks the feeds of a source, or any URL, once, and prints what would become of every\n" +
			"item; for a source with full_text also the pages of its first articles. Nothing is\n" +
			"stored, and no validators are sent. With --steps it shows what each step of the\n" +
			"normaliser changed, before and after; --json always has that. With --crashed it asks\n" +
			"nobody and prints the bytes that made the program panic when it read the source last,\n" +
			"for a report.",
		Args:              arguments(1, 1, "SOURCE|URL"),
		ValidArgsFunction: p.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := p.logger(slog.LevelWarn); err != nil {
				return err
			}
			conf, err := p.load(false)
			if err != nil {
				return err
			}
			if crashed {
				return p.crashed(cmd.Context(), conf, args[0])
			}
			outlet, err := outletFor(conf, args[0])
			if err != nil {
				return err
			}
			how := remarks
			if steps {
				how = wholly
			}
			return p.preview(cmd.Context(), conf, outlet, how)
		},
	}
	cmd.Flags().BoolVar(&steps, "steps", false, "show what each step changed, before and after")
	cmd.Flags().BoolVar(&crashed, "crashed", false, "print the input that made the program panic instead")
	return cmd
}

// crashed prints what made a parser panic when it read a source, as it came.
func (p *program) crashed(ctx context.Context, conf *config.Paper, source string) error {
	if err := named(conf, []string{source}); err != nil {
		return err
	}
	rows, err := store.Open(ctx, conf.Store, store.Options{})
	if err != nil {
		return err
	}
	defer rows.Close()
	input, at, err := rows.Crash(ctx, source)
	switch {
	case err != nil:
		return err
	case input == nil:
		return fmt.Errorf("nothing that %s sent made the program panic", source)
	}
	fmt.Fprintf(p.stderr, "%d bytes of %s\n", len(input), stamp(at, conf.Zone))
	_, err = p.stdout.Write(input)
	return err
}

// outletFor is the configured source of that name or with that feed, else one
// without a name for the URL, to which every rule applies that names no source.
func outletFor(conf *config.Paper, arg string) (feed.Outlet, error) {
	bare := arg // as the configuration has it: without name and password
	if u, err := url.Parse(arg); err == nil && u.User != nil {
		u.User = nil
		bare = u.String()
	}
	for _, o := range conf.Outlets {
		if o.Name == arg {
			return o, nil
		}
		for _, f := range o.Feeds {
			if f.URL == bare {
				o.Feeds = []feed.Subscription{f}
				return o, nil
			}
		}
	}
	if u, err := url.Parse(arg); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return feed.Outlet{Feeds: []feed.Subscription{{URL: arg, Kind: "feed"}}}, nil
	}
	return feed.Outlet{}, usageError{fmt.Errorf("%w; a URL begins with http:// or https://", named(conf, []string{arg}))}
}

// previewed is what one feed would bring.
type previewed struct {
	URL      string           `json:"url"`
	Format   string           `json:"format"`
	Title    string           `json:"title"`
	Warnings []feed.Warning   `json:"warnings"`
	Drops    []feed.Drop      `json:"drops"`
	Entries  []previewedEntry `json:"entries"`
	// PagesWanted is how many of the articles' own pages would be asked for, for full text,
	// and PagesAsked how many were now.
	PagesWanted int    `json:"pages_wanted"`
	PagesAsked  int    `json:"pages_asked"`
	Error       string `json:"error,omitempty"`
	// FeedsFound are those that a web page links to which came instead, without keys.
	FeedsFound []string `json:"feeds_found,omitempty"`
}

type previewedEntry struct {
	feed.Entry
	Source   string            `json:"source"`
	Sections []feed.Membership `json:"sections"`
	Notes    []feed.Note       `json:"notes"`
	// Changes are what each step of the normaliser made of what the source said.
	Changes []normalise.Change `json:"changes"`
}

// preview asks every feed of the outlet once.
func (p *program) preview(ctx context.Context, conf *config.Paper, outlet feed.Outlet, how detail) error {
	client := p.fetcher(conf)
	defer client.Close()
	open, failed := opener(client), false
	shown := []previewed{}
	gate := &spacing{budget: conf.Fetch.Budget}
	rules, _, err := siteRules(conf)
	if err != nil {
		return err
	}
	trial := &pageTrial{reader: pageReader(conf, client, rules, p.clock), gate: gate}
	for _, sub := range outlet.Feeds {
		source, err := open(sub)
		if err != nil {
			return err
		}
		one := previewed{URL: fetch.Redact(sub.URL)}
		outcome, err := source.Poll(ctx, gate, feed.Visit{URL: sub.URL})
		if err != nil {
			one.Error, failed = sentence(err), true
			if e, ok := errors.AsType[*feed.Error](err); ok {
				one.FeedsFound = redacted(e.Feeds)
			}
		}
		one.fill(ctx, outcome, conf, outlet, sub, trial, p.clock())
		shown = append(shown, one)
	}
	err = p.printPreview(shown, conf, how)
	if err == nil && failed {
		return errSilent{}
	}
	return err
}

// sentence is the cause of an error alone, if it is one of ours.
func sentence(err error) string {
	if e, ok := errors.AsType[*feed.Error](err); ok {
		return e.Sentence()
	}
	return err.Error()
}

// fill makes entries of the items, as the first poll of a new source would.
func (v *previewed) fill(ctx context.Context, o feed.Outcome, conf *config.Paper, outlet feed.Outlet, sub feed.Subscription,
	trial *pageTrial, now time.Time) {
	asked, wanted := trial.asked, trial.wanted
	defer func() { v.PagesAsked, v.PagesWanted = trial.asked-asked, trial.wanted-wanted }()
	v.Format, v.Title = o.Header.Format, string(o.Header.Title.Value)
	v.Warnings, v.Drops, v.Entries = nonNil(o.Warnings), nonNil(o.Drops), []previewedEntry{}
	listed := make([]worker.Listed, len(o.Items))
	for i, item := range o.Items {
		listed[i] = worker.Listed{Item: item, Identity: normalise.Identify(item)}
	}
	verdict := worker.Decide(listed, nil)
	v.Drops = append(v.Drops, verdict.Drops...)
	names := normalise.NewVocabulary(conf.Router.Categories())
	for _, c := range verdict.Choices {
		in := normalise.Input{Outlet: outlet, Vocabulary: names, Zone: cmp.Or(outlet.Timezone, conf.Zone),
			FirstSeen: now, Sightings: []feed.Sighting{{Feed: sub.URL, Seen: now, Item: c.Item}}}
		made, changes, err := normalise.Explain(in)
		if err != nil {
			v.Drops = append(v.Drops, feed.Drop{Code: "unusable", Item: c.Identity.Original, Text: sentence(err)})
			continue
		}
		id := normalise.IDs(cmp.Or(conf.Site.ID, conf.Site.URL), outlet.Name, c.Identity.Original)[0]
		made.Entry.ID = id
		page, notes := trial.read(ctx, outlet, made.Entry)
		if in.Page = page; page != nil {
			if again, more, err := normalise.Explain(in); err == nil {
				made, changes = again, more
			}
		}
		made.Notes = append(made.Notes, notes...)
		e := made.Entry
		e.ID = id
		e.Source, e.Feeds = outlet.Name, []string{sub.URL}
		e.SortAt = feed.SortAt(true, e.Published, now)
		sections := nonNil(conf.Router.Route(&e))
		e.Origin.Self = fetch.Redact(e.Origin.Self) // may be the url that was asked, with its key
		notes, changes = discreetly(made.Notes, changes)
		v.Entries = append(v.Entries, previewedEntry{Entry: e, Source: outlet.Name,
			Sections: sections, Notes: notes, Changes: changes})
	}
}

// nonNil is an empty list in JSON instead of null.
func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (p *program) printPreview(shown []previewed, conf *config.Paper, how detail) error {
	if p.json {
		return p.printJSON(map[string]any{"feeds": shown})
	}
	for _, one := range shown {
		one.print(p.stdout, conf.Zone, how)
	}
	return nil
}

// print is a feed's preview for people.
func (v *previewed) print(w io.Writer, zone *time.Location, how detail) {
	fmt.Fprintf(w, "%s\n", printable(v.URL))
	if v.Error != "" {
		fmt.Fprintf(w, "  %s\n", printable(v.Error))
		return
	}
	fmt.Fprintf(w, "  %s: %s, %s\n", v.Format, brief(v.Title), plural(len(v.Entries), "entry"))
	if v.PagesWanted > 0 {
		fmt.Fprintf(w, "  full text: asked for the pages of the first %d of %s\n", v.PagesAsked, plural(v.PagesWanted, "article"))
	}
	for _, warning := range v.Warnings {
		fmt.Fprintf(w, "  warning: %s (%s)\n", brief(warning.Text), warning.Code)
	}
	for _, drop := range v.Drops {
		fmt.Fprintf(w, "  left out %s: %s (%s)\n", brief(drop.Item), brief(drop.Text), drop.Code)
	}
	for _, e := range v.Entries {
		fmt.Fprintf(w, "\n  %s\n", brief(e.Title))
		fmt.Fprintf(w, "    %s  %s  %d characters\n", ownDate(e.Published, e.Undated, zone), printable(e.Link),
			characters(e.Entry))
		for _, m := range e.Sections {
			if m.Section != feed.WholePaper {
				fmt.Fprintf(w, "    in %s: %s\n", m.Section, printable(m.Why))
			}
		}
		if len(e.Sections) == 0 {
			fmt.Fprintln(w, "    in no section")
		}
		told{e.Notes, e.Changes}.print(w, "    ", how)
	}
	fmt.Fprintln(w)
}

// characters is the length of an entry's text.
func characters(e feed.Entry) int {
	return max(utf8.RuneCountInString(normalise.PlainText(e.Content)), utf8.RuneCountInString(e.Summary))
}

// spacing is the gate of a command that asks without the store, and knows nothing of it:
// one request at a time to each budget, and the rest between two of its own.
type spacing struct {
	budget func(host string) (name string, gap time.Duration)

	mu    sync.Mutex // guards turns
	turns map[string]chan time.Time
}

// turn is where those who want to use a budget wait: it holds one time, since when the
// budget may be used again, or none while it is in use.
func (s *spacing) turn(name string) chan time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	turn, ok := s.turns[name]
	if !ok {
		turn = make(chan time.Time, 1)
		turn <- time.Time{}
		if s.turns == nil {
			s.turns = map[string]chan time.Time{}
		}
		s.turns[name] = turn
	}
	return turn
}

// Pass implements feed.Gate.
func (s *spacing) Pass(ctx context.Context, host string) (func(), error) {
	name, gap := s.budget(host)
	turn := s.turn(name)
	stopping := &feed.Error{Step: "waiting", Kind: feed.KindCanceled, Text: "the program is stopping"}
	select {
	case <-ctx.Done():
		return nil, stopping
	case free := <-turn:
		if wait := time.Until(free); wait > 0 && !pause(ctx, wait) {
			turn <- free
			return nil, stopping
		}
		return func() { turn <- time.Now().Add(gap) }, nil
	}
}
