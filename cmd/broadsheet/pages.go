package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/normalise"
	articles "broadsheet/sources/article"
	"broadsheet/sources/article/siterule"
	"broadsheet/sources/fetch"
)

// siteRules reads the folder of site rules that the configuration names; nil if it names
// none.
func siteRules(conf *config.Paper) (*siterule.Folder, []siterule.Problem, error) {
	if conf.Fetch.Rules == "" {
		return nil, nil, nil
	}
	folder, problems, err := siterule.Load(conf.Fetch.Rules)
	if err != nil {
		err = fmt.Errorf("fetch.rules: %w", err)
	}
	return folder, problems, err
}

// pageReader reads the pages of the sources' articles: by the selectors that the source
// has, then by the rule of the site.
func pageReader(conf *config.Paper, client *fetch.Client, rules *siterule.Folder, clock func() time.Time) *articles.Reader {
	outlets := map[string]feed.Outlet{}
	for _, o := range conf.Outlets {
		outlets[o.Name] = o
	}
	return articles.New(articles.Options{
		Fetch: client, Now: clock,
		Rules: func(source, host string) *siterule.Rule {
			return conf.Selectors[source].Over(rules.For(host))
		},
		Settings: func(source string) string {
			if own, site := conf.Selectors[source].Version(), rules.Version(); own+site != "" {
				return own + " " + site
			}
			return ""
		},
		// What lets us in goes to the origin of the feed that it was given for.
		Access: func(source string) (feed.Access, string) {
			for _, f := range outlets[source].Feeds {
				if !f.Access.IsZero() {
					return f.Access, f.URL
				}
			}
			return feed.Access{}, ""
		},
	})
}

// pagesStatus is how the pages of a source's articles are doing; its JSON form is a
// contract.
type pagesStatus struct {
	Waiting     int    `json:"waiting"` // to be asked for
	Read        int    `json:"read"`    // their text is the article's
	Same        int    `json:"same"`    // they had no more than the feed
	Skipped     int    `json:"skipped"` // not asked for, as the feed is whole
	Failed      int    `json:"failed"`
	Refused     int    `json:"refused"`  // their text is not to be shown
	GivenUp     int    `json:"given_up"` // of those, not asked for again
	LastFailure string `json:"last_failure"`
	LastRefusal string `json:"last_refusal"`
}

// pages reads how the pages of each source are doing.
func (n *newsroom) pages(ctx context.Context) (map[string]*pagesStatus, error) {
	all, err := n.store.Pages(ctx)
	out := map[string]*pagesStatus{}
	for _, p := range all {
		out[p.Source] = &pagesStatus{Waiting: p.Waiting, Read: p.Used, Same: p.Same, Skipped: p.Skipped, Failed: p.Failed,
			Refused: p.Refused, GivenUp: p.GivenUp, LastFailure: p.Failure, LastRefusal: p.Refusal}
	}
	return out, err
}

// printPages is a table of the sources with full text, if there are any.
func (r *statusReport) printPages(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	any := false
	for _, s := range r.Sources {
		p := s.Pages
		if p == nil {
			continue
		}
		if !any {
			fmt.Fprintln(t, "\nFULL TEXT\tWAITING\tREAD\tNO MORE THAN FEED\tREFUSED\tFAILED\tTROUBLE")
			any = true
		}
		trouble := ""
		for _, why := range []string{p.LastRefusal, p.LastFailure} {
			if trouble != "" && why != "" {
				trouble += "; "
			}
			trouble += why
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", s.Name, p.Waiting, p.Read, p.Same+p.Skipped, p.Refused, p.Failed,
			shorten(printable(trouble), 2*errorWidth))
	}
	return t.Flush()
}

// explainedPage is what is known of an article's own page; its JSON form is a contract.
type explainedPage struct {
	URL     string           `json:"url"`
	Verdict feed.PageVerdict `json:"verdict"` // empty if it was not asked for yet
	Why     string           `json:"why"`
	Shown   bool             `json:"shown"` // the article has its text
	Asked   moment           `json:"asked"`
	Due     moment           `json:"due"`         // null if it is not to be asked for
	Until   moment           `json:"waits_until"` // until when the article waits for it; null if it does not
}

// pageOf is what there is to say of an article's page; nil if there is nothing.
func pageOf(r *feed.Reading) *explainedPage {
	if r == nil {
		return nil
	}
	return &explainedPage{fetch.Redact(r.URL), r.Verdict, r.Why, r.Shown, moment{r.Asked}, moment{r.Due}, moment{r.Until}}
}

// print says it for people.
func (e *explainedPage) print(w io.Writer, zone *time.Location) {
	fmt.Fprintf(w, "  its page is %s\n    ", printable(e.URL))
	switch e.Verdict {
	case feed.PageUnread:
		fmt.Fprint(w, "not asked for yet")
	case feed.PageSkipped:
		fmt.Fprintf(w, "not asked for: %s", printable(e.Why))
	default:
		fmt.Fprintf(w, "asked for at %s; %s: %s", stamp(e.Asked.Time, zone), e.Verdict, printable(e.Why))
	}
	if e.Shown && e.Verdict != feed.PageUsed {
		fmt.Fprint(w, "; the text that came before is shown")
	}
	switch {
	case !e.Due.IsZero():
		fmt.Fprintf(w, "; it is asked for at %s", stamp(e.Due.Time, zone))
	case e.Verdict == feed.PageFailed || e.Verdict == feed.PageRefused || e.Verdict == feed.PageTwin:
		fmt.Fprint(w, "; it is not asked for again unless the article changes")
	}
	if !e.Until.IsZero() {
		fmt.Fprintf(w, "; the article waits for it until %s", stamp(e.Until.Time, zone))
	}
	fmt.Fprintln(w)
}

// pagesPreviewed is how many pages a preview asks for: enough to see how they are read, and
// no burden.
const pagesPreviewed = 3

// pageTrial reads pages for a preview.
type pageTrial struct {
	reader *articles.Reader
	gate   feed.Gate
	asked  int
	wanted int
}

// read asks for an article's page, if its source wants that. Without one there may be a
// note that says why.
func (t *pageTrial) read(ctx context.Context, outlet feed.Outlet, e feed.Entry) (*feed.Page, []feed.Note) {
	note := func(text string) []feed.Note { return []feed.Note{{Step: "fulltext", Text: text}} }
	if !normalise.Wants(outlet.FullText, e, normalise.Record{}) {
		return nil, nil
	}
	if t.wanted++; t.asked == pagesPreviewed {
		return nil, note(fmt.Sprintf("its page would be asked for; a preview asks for the first %d only", pagesPreviewed))
	}
	t.asked++
	page, _, err := t.reader.Read(ctx, t.gate, feed.Errand{Source: outlet.Name, URL: e.Link, Title: e.Title})
	if err != nil {
		return nil, note("its page did not come: " + sentence(err))
	}
	return &page, nil
}

// pagesRead counts what came of pages in a pass.
type pagesRead struct {
	Asked   int `json:"asked"`
	Read    int `json:"read"`
	Refused int `json:"refused"`
	Failed  int `json:"failed"`
}

// add counts one.
func (c *pagesRead) add(v feed.PageVerdict) {
	switch v {
	case feed.PageSkipped:
		return
	case feed.PageUsed:
		c.Read++
	case feed.PageRefused, feed.PageTwin:
		c.Refused++
	case feed.PageFailed:
		c.Failed++
	}
	c.Asked++
}

// rulesOf checks the folder of site rules, as problems of the configuration.
func rulesOf(conf *config.Paper) (out config.Problems) {
	_, problems, err := siteRules(conf)
	if err != nil {
		return config.Problems{{Pos: conf.Fetch.RulesPos, Key: "fetch.rules", Text: cmp.Or(cause(err), err.Error())}}
	}
	for _, p := range problems {
		out = append(out, config.Problem{Pos: conf.Fetch.RulesPos, Key: "fetch.rules", Text: p.String(), Warning: true})
	}
	return out
}

// cause is an error without the name of the key, which is told beside it.
func cause(err error) string {
	if inner, ok := err.(interface{ Unwrap() error }); ok && inner.Unwrap() != nil {
		return inner.Unwrap().Error()
	}
	return ""
}
