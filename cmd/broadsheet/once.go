package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/worker"
	"broadsheet/sources/fetch"
)

func (p *program) onceCommand() *cobra.Command {
	strict := false
	cmd := &cobra.Command{
		Use:   "once [SOURCE…]",
		Short: "Poll what is due (or these sources, now), publish and exit",
		Long: "Polls every source that is due, or the named ones whether due or not, publishes what\n" +
			"changed, and exits. A source that failed is in the summary; it makes the exit status 1\n" +
			"only if it was named, or with --strict.",
		ValidArgsFunction: p.completeSources,
		RunE: func(cmd *cobra.Command, names []string) error {
			return p.once(cmd.Context(), names, strict)
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "exit with status 1 if any source failed")
	return cmd
}

// once is one pass over what is due.
func (p *program) once(ctx context.Context, names []string, strict bool) error {
	log, err := p.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	conf, err := p.load(true)
	if err != nil {
		return err
	}
	if err := named(conf, names); err != nil {
		return err
	}
	if err := notPaused(conf, names); err != nil {
		return err
	}
	n, err := p.openNewsroom(ctx, conf, log, true)
	if err != nil {
		return err
	}
	if err := n.notStopped(ctx, names); err != nil {
		return closing(n, err)
	}
	sum, err := p.pass(ctx, n, names)
	switch err := closing(n, err); {
	case err != nil && ctx.Err() != nil:
		return errors.New("stopped before all was done; what came is stored, and the next pass goes on from there")
	case err != nil:
		return err
	}
	if p.json {
		err = p.printJSON(sum)
	} else {
		sum.print(p.stdout, conf.Zone)
	}
	if missed := len(sum.Failed) + len(sum.Waiting); err == nil && missed > 0 && (strict || len(names) > 0) {
		return errSilent{}
	}
	return err
}

// notPaused refuses sources that the configuration says not to poll.
func notPaused(conf *config.Paper, names []string) error {
	for _, o := range conf.Outlets {
		if o.Paused && slices.Contains(names, o.Name) {
			return fmt.Errorf("%s is paused in %s; nothing was polled", o.Name, o.Pos.File)
		}
	}
	return nil
}

// notStopped refuses sources that an operator paused.
func (n *newsroom) notStopped(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return nil
	}
	feeds, _, err := n.store.Status(ctx, n.clock())
	for _, f := range feeds {
		if f.State == feed.StatePaused && slices.Contains(names, f.Source) {
			return fmt.Errorf("%s is %s; nothing was polled. To poll it again: broadsheet resume %s", f.Source, f.Reason, f.Source)
		}
	}
	return err
}

// pass polls, applies what changed in the configuration, and publishes.
func (p *program) pass(ctx context.Context, n *newsroom, names []string) (*summary, error) {
	sum := &summary{Drops: map[string]int{}, Failed: []failed{}, Waiting: []waiting{}, start: n.clock()}
	if len(names) == 0 {
		names = nil
	}
	bar, err := p.progress(ctx, n, names)
	if err != nil {
		return sum, err
	}
	n.worker.OnPoll = func(polled worker.Polled) { sum.add(polled, bar) }
	n.worker.OnPage = func(p worker.PageRead) { sum.addPage(p, bar) }
	left, err := n.worker.Pass(ctx, names)
	bar.finish()
	if err != nil {
		return sum, err
	}
	if left > 0 {
		if sum.Waiting, err = n.waiting(ctx, names, sum.start); err != nil {
			return sum, err
		}
	}
	result, err := n.refresh(ctx)
	if err == nil {
		err = n.mirror(ctx, &folder{dir: n.conf.Folder, coded: n.conf.Coded})
	}
	sum.Published = published{result.Sections, result.Documents, len(result.Problems)}
	sum.Seconds = n.clock().Sub(sum.start).Seconds()
	return sum, err
}

// waiting lists the feeds that a pass which began at start left to a later one.
func (n *newsroom) waiting(ctx context.Context, names []string, start time.Time) ([]waiting, error) {
	feeds, _, err := n.store.Status(ctx, n.clock())
	out := []waiting{}
	for _, f := range feeds {
		if wanted(f, names, start) && f.LastPoll.Before(start.Truncate(time.Microsecond)) {
			out = append(out, waiting{f.Source, fetch.Redact(f.URL), f.NextPoll, f.Reason})
		}
	}
	return out, err
}

// wanted tells whether a pass polls a feed: the named sources' or those due at
// its start.
func wanted(f feed.FeedStatus, names []string, start time.Time) bool {
	switch {
	case names != nil:
		return slices.Contains(names, f.Source)
	case f.State == feed.StatePaused || f.State == feed.StateGone:
		return false
	default:
		return !f.NextPoll.After(start)
	}
}

// summary is what a pass did.
type summary struct {
	Polled    int            `json:"polled"`
	Unchanged int            `json:"unchanged"`
	Listed    int            `json:"listed"`
	New       int            `json:"new"`
	Updated   int            `json:"updated"`
	Kept      int            `json:"kept_back"` // new ones that are in no section: see the command held
	Drops     map[string]int `json:"drops"`
	Pages     pagesRead      `json:"pages"` // of articles, for full text
	Failed    []failed       `json:"failed"`
	Waiting   []waiting      `json:"waiting"`
	Published published      `json:"published"`
	Seconds   float64        `json:"seconds"`

	mu    sync.Mutex // guards all above while polls run
	start time.Time
}

type failed struct {
	Source string    `json:"source"`
	URL    string    `json:"url"`
	Kind   feed.Kind `json:"kind"`
	Error  string    `json:"error"`
}

// waiting is a feed whose host may not be asked for longer than a pass lasts.
type waiting struct {
	Source   string    `json:"source"`
	URL      string    `json:"url"`
	NextPoll time.Time `json:"next_poll"`
	Reason   string    `json:"next_reason"`
}

type published struct {
	Sections  int `json:"sections"`
	Documents int `json:"documents"`
	Problems  int `json:"problems"` // documents and entries that did not pass their check
}

// add counts a poll and moves the bar.
func (s *summary) add(polled worker.Polled, bar *progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Polled++
	s.Listed += polled.Listed
	s.New += polled.New
	s.Updated += polled.Updated
	s.Kept += polled.Kept
	for _, d := range polled.Drops {
		s.Drops[d.Code]++
	}
	switch {
	case polled.Failure != nil:
		s.Failed = append(s.Failed, failed{polled.Source, fetch.Redact(polled.URL), polled.Failure.Kind, polled.Failure.Sentence()})
	case polled.Status != feed.Changed:
		s.Unchanged++
	}
	bar.step(s.New, len(s.Failed))
}

// addPage counts a page, for which a pass may wait when all feeds were polled.
func (s *summary) addPage(p worker.PageRead, bar *progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Pages.add(p.Verdict)
	bar.tell(fmt.Sprintf("%d new, %d failed, %s read", s.New, len(s.Failed), plural(s.Pages.Asked, "page")))
}

// print is the summary for people.
func (s *summary) print(w io.Writer, zone *time.Location) {
	fmt.Fprintf(w, "%s polled in %s: %s listed, %d new, %d updated; %d unchanged, %d failed\n",
		plural(s.Polled, "feed"), (time.Duration(s.Seconds * float64(time.Second))).Round(10*time.Millisecond),
		plural(s.Listed, "item"), s.New, s.Updated, s.Unchanged, len(s.Failed))
	if s.Kept > 0 {
		fmt.Fprintf(w, "  kept %s back; see: broadsheet held --all\n", plural(s.Kept, "new article"))
	}
	if s.Pages.Asked > 0 {
		fmt.Fprintf(w, "  read %s of articles: %d used, %d refused, %d failed\n", plural(s.Pages.Asked, "page"), s.Pages.Read,
			s.Pages.Refused, s.Pages.Failed)
	}
	for _, code := range sorted(s.Drops) {
		fmt.Fprintf(w, "  left out %s: %s\n", plural(s.Drops[code], "item"), code)
	}
	sort.Slice(s.Failed, func(i, j int) bool {
		return cmp.Or(cmp.Compare(s.Failed[i].Source, s.Failed[j].Source), cmp.Compare(s.Failed[i].URL, s.Failed[j].URL)) < 0
	})
	for _, f := range s.Failed {
		fmt.Fprintf(w, "  %s: %s: %s\n", f.Source, printable(f.Error), printable(f.URL))
	}
	for _, f := range s.Waiting {
		fmt.Fprintf(w, "  %s waits until %s (%s): %s\n", f.Source, stamp(f.NextPoll, zone), f.Reason, printable(f.URL))
	}
	fmt.Fprintf(w, "published %s\n", plural(s.Published.Sections, "section"))
}

// sorted gives the keys of counts in order.
func sorted(counts map[string]int) []string {
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// progress is the bar of a pass; without a terminal it does nothing.
type progress struct{ bar *progressbar.ProgressBar }

// progress shows how far a pass is.
func (p *program) progress(ctx context.Context, n *newsroom, names []string) (*progress, error) {
	if p.json || !terminal(p.stderr) {
		return &progress{}, nil // the store need not be asked
	}
	feeds, _, err := n.store.Status(ctx, n.clock())
	if err != nil {
		return nil, err
	}
	total := 0
	for _, f := range feeds {
		if wanted(f, names, n.clock()) {
			total++
		}
	}
	return p.bar(total, "polling"), nil
}

// bar shows how far a work of so many steps is.
func (p *program) bar(total int, doing string) *progress {
	if p.json || !terminal(p.stderr) {
		return &progress{}
	}
	return &progress{progressbar.NewOptions(total, progressbar.OptionSetWriter(p.stderr),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription(doing))}
}

// step counts one poll.
func (b *progress) step(found, failures int) {
	b.say(fmt.Sprintf("%d new, %d failed", found, failures))
}

// tell says what came of all so far.
func (b *progress) tell(sofar string) {
	if b.bar != nil {
		b.bar.Describe(sofar)
	}
}

// say counts one step, and says what came of all.
func (b *progress) say(sofar string) {
	if b.bar == nil {
		return
	}
	b.bar.Describe(sofar)
	_ = b.bar.Add(1) // more polls than feeds are no reason to stop
}

// finish clears the bar.
func (b *progress) finish() {
	if b.bar != nil {
		_ = b.bar.Finish() // a terminal that went away
	}
}
