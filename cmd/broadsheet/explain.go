package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/feed/route"
	"broadsheet/feed/store"
	"broadsheet/sources/fetch"
)

// explainLimit is how many articles explain shows for words that many match.
const explainLimit = 5

func (p *program) explainCommand() *cobra.Command {
	steps := false
	cmd := &cobra.Command{
		Use:   "explain URL|ID|WORDS",
		Short: "Say why an article is in its sections, why not in others, or why it was never seen",
		Long: "Looks for articles with this link or id, or with all of these words in the title, and\n" +
			"says for every section which rule takes them, or why none does; and what each step of\n" +
			"the normaliser changed of what the source said, in a line each, or with --steps before\n" +
			"and after.",
		Args: arguments(1, 1<<16, "URL|ID|WORDS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := p.logger(slog.LevelWarn); err != nil {
				return err
			}
			conf, err := p.load(false)
			if err != nil {
				return err
			}
			how := briefly
			if steps {
				how = wholly
			}
			return p.explain(cmd.Context(), conf, strings.Join(args, " "), how)
		},
	}
	cmd.Flags().BoolVar(&steps, "steps", false, "show what each step changed, before and after")
	return cmd
}

// explained is one article with the verdict of every section.
type explained struct {
	ID        string         `json:"id"`
	Original  string         `json:"original_id"`
	Title     string         `json:"title"`
	Link      string         `json:"link"`
	Source    string         `json:"source"`
	Feeds     []string       `json:"feeds"`
	Published time.Time      `json:"published"`
	Undated   bool           `json:"undated"`
	Updated   time.Time      `json:"updated"`
	FirstSeen time.Time      `json:"first_seen"`
	SortAt    time.Time      `json:"sort_at"`
	Standing  feed.Standing  `json:"standing"` // empty if it is in the sections that the rules name
	Why       string         `json:"standing_why"`
	Page      *explainedPage `json:"page"` // null if it was never to be asked for
	Notes     []feed.Note    `json:"steps"`
	// Changes are what each step made of what the source said.
	Changes  []normalise.Change `json:"changes"`
	Verdicts []route.Verdict    `json:"sections"`
	// Instead names, by section, the source whose article of the same story is shown
	// there in the place of this one.
	Instead map[string]string `json:"shown_instead,omitempty"`
	// Squeezed are the sections that it is in and that show as many newer articles of its
	// source as they show of one.
	Squeezed []string        `json:"squeezed_out,omitempty"`
	Story    *explainedStory `json:"story,omitempty"`
}

// explainedStory is the story that an article belongs to, if others have it too.
type explainedStory struct {
	ID      string          `json:"id"`      // under which it is published
	Members []explainedCopy `json:"members"` // the best first
}

// explainedCopy is one source's article of a story.
type explainedCopy struct {
	Source string `json:"source"`
	ID     string `json:"id"`
	Link   string `json:"link"`
	Shown  bool   `json:"shown"`                 // or may be
	Same   string `json:"same,omitempty"`        // why it is the same; empty for the article itself
	Before string `json:"before_next,omitempty"` // why it is before the next one
}

// explain looks an article up and asks the rules about it, as they are now.
func (p *program) explain(ctx context.Context, conf *config.Paper, query string, how detail) error {
	rows, err := store.Open(ctx, conf.Store, store.Options{})
	if err != nil {
		return err
	}
	defer rows.Close()
	found, err := rows.Find(ctx, query, explainLimit+1) // one more, to know of it
	for _, link := range canonical(query) {
		if err == nil && len(found) == 0 {
			found, err = rows.Find(ctx, link, explainLimit+1)
		}
	}
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return p.neverSeen(ctx, conf, rows, query)
	}
	more := len(found) > explainLimit
	out := make([]explained, 0, explainLimit)
	for _, s := range found[:min(len(found), explainLimit)] {
		out = append(out, explainEntry(conf, s))
	}
	if p.json {
		return p.printJSON(map[string]any{"query": query, "articles": out, "more": more})
	}
	for _, e := range out {
		e.print(p.stdout, conf.Zone, how)
	}
	if more {
		fmt.Fprintf(p.stdout, "These are the newest %d; more articles match. Add words, or give a link.\n", explainLimit)
	}
	return nil
}

// canonical gives the forms in which a link may be stored for comparison, if the
// query is one: a link that a person copied may carry other tracking parameters
// than the feed's. Only for articles without an id of their own an anchor counts.
func canonical(query string) (links []string) {
	item := feed.Item{Links: []feed.Link{{Rel: "alternate", Href: query}}}
	for _, id := range []string{"", "an id"} {
		item.ID = id
		if key, ok := normalise.Identify(item).Key(feed.KeyLink); ok {
			links = append(links, key.Value)
		}
	}
	return links
}

// explainEntry asks the normaliser and the router what they do with an entry.
func explainEntry(conf *config.Paper, s feed.Stored) explained {
	e := s.Entry
	out := explained{ID: e.ID, Original: discreet(s.Original), Title: e.Title, Link: e.Link, Source: e.Source, Feeds: redacted(e.Feeds),
		Published: e.Published, Undated: e.Undated, Updated: e.Updated, FirstSeen: e.FirstSeen, SortAt: e.SortAt,
		Page: pageOf(s.Reading), Verdicts: []route.Verdict{}, Notes: []feed.Note{}, Changes: []normalise.Change{}}
	if s.Story != nil {
		out.Story = &explainedStory{ID: s.Story.ID}
		for _, m := range s.Story.Members {
			out.Story.Members = append(out.Story.Members, explainedCopy{m.Source, m.ID, m.Link, m.Shown, m.Same, m.Before})
		}
	}
	for _, m := range s.Members {
		if m.Instead != "" {
			if out.Instead == nil {
				out.Instead = map[string]string{}
			}
			out.Instead[m.Section] = m.Instead
		}
		if m.Squeezed {
			out.Squeezed = append(out.Squeezed, m.Section)
		}
	}
	if s.Apart != nil {
		out.Standing, out.Why = s.Apart.Standing, s.Apart.Why
	}
	if e.Title == "" { // no entry that is made is without one
		out.Notes = append(out.Notes, feed.Note{Step: "keep",
			Text: "the article is older than keep allows: its text is no longer stored, and it is in no section"})
		return out
	}
	out.Verdicts = conf.Router.Explain(&e)
	for _, o := range conf.Outlets {
		if o.Name != e.Source {
			continue
		}
		in := normalise.Input{Sightings: s.Sightings, Outlet: o, Vocabulary: normalise.NewVocabulary(conf.Router.Categories()), Zone: cmp.Or(o.Timezone, conf.Zone), FirstSeen: e.FirstSeen}
		if s.Reading != nil && o.FullText != feed.FullTextNever {
			in.Page, in.PageShown = s.Reading.Page, s.Reading.Shown
		}
		made, changes, err := normalise.Explain(in)
		if err == nil {
			out.Notes, out.Changes = discreetly(made.Notes, changes)
		}
	}
	return out
}

// redacted is urls without their secrets.
func redacted(urls []string) []string {
	out := make([]string, len(urls))
	for i, u := range urls {
		out[i] = fetch.Redact(u)
	}
	return out
}

// print is the explanation for people.
func (e explained) print(w io.Writer, zone *time.Location, how detail) {
	fmt.Fprintf(w, "%s\n  %s\n  id %s\n", brief(e.Title), printable(e.Link), printable(e.ID))
	if e.Original != discreet(e.ID) {
		fmt.Fprintf(w, "  the source calls it %s\n", printable(e.Original))
	}
	fmt.Fprintf(w, "  from %s, published %s, first seen %s, stands at %s\n", e.Source,
		ownDate(e.Published, e.Undated, zone), stamp(e.FirstSeen, zone), stamp(e.SortAt, zone))
	if e.Page != nil {
		e.Page.print(w, zone)
	}
	told{e.Notes, e.Changes}.print(w, "  ", how)
	if e.Standing != feed.Shown {
		fmt.Fprintf(w, "  it is in no section: %s: %s; to let it go: broadsheet release %s\n  without that:\n", e.Standing,
			brief(cmp.Or(e.Why, "no reason was given")), printable(e.ID))
	}
	e.Story.print(w)
	for _, v := range e.Verdicts {
		fmt.Fprintf(w, "  %s\n", strings.ReplaceAll(printableLines(strings.TrimSpace(v.String())), "\n", "\n  "))
		if by := e.Instead[v.Section]; by != "" {
			fmt.Fprintf(w, "    the article of %s is shown there in its place\n", by)
		}
		if slices.Contains(e.Squeezed, v.Section) {
			fmt.Fprintf(w, "    it is not shown there: as many newer articles of %s are as the section shows of one source\n", e.Source)
		}
	}
	fmt.Fprintln(w)
}

// print tells who else has an article, why that is the same, and who leads and why.
func (s *explainedStory) print(w io.Writer) {
	if s == nil {
		return
	}
	fmt.Fprintf(w, "  one story of %s, published as %s; of these a section shows the first that it has:\n",
		plural(len(s.Members), "article"), printable(s.ID))
	for _, m := range s.Members {
		fmt.Fprintf(w, "    %s %s\n", m.Source, printable(cmp.Or(m.Link, m.ID)))
		switch {
		case m.Same == "":
			fmt.Fprintln(w, "      is this one")
		case m.Shown:
			fmt.Fprintf(w, "      is the same: %s\n", brief(m.Same))
		default:
			fmt.Fprintf(w, "      is the same, and is not shown: %s\n", brief(m.Same))
		}
		if m.Before != "" {
			fmt.Fprintf(w, "      goes before the next: %s\n", brief(m.Before))
		}
	}
}

// printableLines is printable for each line of s.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		indent := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
		lines[i] = lines[i][:indent] + printable(lines[i][indent:])
	}
	return strings.Join(lines, "\n")
}

// neverSeen says what is known about an article that is not in the store.
func (p *program) neverSeen(ctx context.Context, conf *config.Paper, rows *store.Store, query string) error {
	n := &newsroom{conf: conf, store: rows, clock: p.clock}
	report, err := n.status(ctx)
	if err != nil {
		return err
	}
	suspects := []suspect{}
	for _, s := range report.Sources {
		if why := s.mayHaveMissed(); len(why) > 0 {
			suspects = append(suspects, suspect{s.Name, why})
		}
	}
	if p.json {
		if err := p.printJSON(map[string]any{"query": query, "articles": []explained{}, "more": false, "suspects": suspects}); err != nil {
			return err
		}
		return errSilent{}
	}
	fmt.Fprintf(p.stdout, "no stored article has the id, the link or the title words %q: none of %s has listed it\n",
		brief(query), plural(len(report.Sources), "source"))
	for _, s := range suspects {
		fmt.Fprintf(p.stdout, "  %s %s\n", s.Source, brief(strings.Join(s.Why, "; ")))
	}
	return errSilent{}
}

// suspect is a source that may have an article which was never seen.
type suspect struct {
	Source string   `json:"source"`
	Why    []string `json:"why"` // "is failing: …", "left out 2 items: duplicate"
}

// mayHaveMissed says why an article of the source may not be stored.
func (s sourceStatus) mayHaveMissed() (why []string) {
	switch {
	case s.State != feed.StateOK && s.Error != "":
		why = append(why, fmt.Sprintf("is %s: %s", s.State, s.Error))
	case s.State == feed.StateNew:
		why = append(why, "was never polled")
	case s.State != feed.StateOK:
		why = append(why, fmt.Sprintf("is %s", s.State))
	}
	drops := map[string]int{}
	for _, f := range s.Feeds {
		for code, n := range f.Drops {
			drops[code] += n
		}
	}
	for _, code := range sorted(drops) {
		why = append(why, fmt.Sprintf("left out %s: %s", plural(drops[code], "item"), code))
	}
	return why
}
