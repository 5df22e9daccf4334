package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/sync/errgroup"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	articles "broadsheet/sources/article"
	"broadsheet/sources/article/siterule"
	"broadsheet/sources/fetch"
)

// maxTestPages is how many pages of one article a test of a rule asks for.
const maxTestPages = 5

// acceptPages is what a test page is asked for as.
const acceptPages = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"

// ruleTest is a test page of a site rule, and what came of it.
type ruleTest struct {
	Rule     string   `json:"rule"` // its file
	Line     int      `json:"line"` // of the test_url
	URL      string   `json:"url"`
	Title    string   `json:"title"`
	Authors  []string `json:"authors"`
	Date     string   `json:"date"`
	Words    int      `json:"words"`  // of the text, of all its pages
	Pages    int      `json:"pages"`  // that were read
	Unmet    []string `json:"unmet"`  // the directives that found nothing on the page
	Failed   []string `json:"failed"` // what is wrong, one sentence each; empty if the rule works
	contains []string // what the text is to hold
}

// checkRules tests the rules for some hosts, else all, on their test pages.
func (p *program) checkRules(ctx context.Context, hosts []string) error {
	if _, err := p.logger(slog.LevelWarn); err != nil {
		return err
	}
	conf, err := p.load(false)
	if err != nil {
		return err
	}
	if conf.Fetch.Rules == "" {
		return fmt.Errorf("%s names no folder of site rules; write it as fetch: {rules: FOLDER}", conf.Path)
	}
	folder, problems, err := siterule.Load(conf.Fetch.Rules)
	if err != nil {
		return err
	}
	files, err := filesOf(folder, hosts)
	if err != nil {
		return err
	}
	problems = slices.DeleteFunc(problems, func(q siterule.Problem) bool {
		return len(hosts) > 0 && !slices.ContainsFunc(files, func(f siterule.File) bool { return f.Name == q.File })
	})
	tests, untested, err := p.testRules(ctx, conf, folder, files)
	if err != nil {
		return err
	}
	failed := len(problems) > 0
	for _, t := range tests {
		failed = failed || len(t.Failed) > 0
	}
	if p.json {
		err = p.printJSON(map[string]any{"folder": conf.Fetch.Rules, "problems": nonNil(problems),
			"tests": nonNil(tests), "untested": nonNil(untested)})
	} else {
		err = printRuleTests(p.stdout, conf.Fetch.Rules, problems, tests, untested)
	}
	if err == nil && failed {
		return errSilent{}
	}
	return err
}

// filesOf are the rules for some hosts, else all. A host without a rule is refused.
func filesOf(folder *siterule.Folder, hosts []string) ([]siterule.File, error) {
	files := folder.Files()
	if len(hosts) == 0 {
		return files, nil
	}
	var known []string
	for _, f := range files {
		known = append(known, f.Host)
	}
	var chosen []siterule.File
	for _, host := range hosts {
		bare := strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(host), ".txt"), "www.")
		n := len(chosen)
		for _, f := range files {
			if f.Host == bare || f.Host == "."+bare {
				chosen = append(chosen, f)
			}
		}
		if len(chosen) == n {
			return nil, usageError{fmt.Errorf("there is no rule for %q; %s", host, instead(bare, known))}
		}
	}
	return chosen, nil
}

// testRules asks for the test pages: of one site one after the other, of several at once.
func (p *program) testRules(ctx context.Context, conf *config.Paper, folder *siterule.Folder, files []siterule.File) (
	tests []ruleTest, untested []string, err error) {
	var rules []*siterule.Rule
	for _, f := range files {
		pages := f.Rule.Tests()
		if len(pages) == 0 {
			untested = append(untested, f.Name)
		}
		for _, page := range pages {
			rules = append(rules, f.Rule)
			tests = append(tests, ruleTest{Rule: f.Name, Line: page.Line, URL: page.URL, contains: page.Contains,
				Authors: []string{}, Unmet: []string{}, Failed: []string{}})
		}
	}
	client := p.fetcher(conf)
	defer client.Close()
	try := &trial{client: client, gate: &spacing{budget: conf.Fetch.Budget}, folder: folder}
	bar := p.bar(len(tests), "testing rules")
	defer bar.finish()
	sites := map[string][]int{} // the tests of one budget stand in one line
	for i, t := range tests {
		if u, err := url.Parse(t.URL); err == nil {
			name, _ := conf.Fetch.Budget(u.Host)
			sites[name] = append(sites[name], i)
		}
	}
	done := make(chan bool)
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		n, bad := 0, 0
		for ok := range done {
			n++
			if !ok {
				bad++
			}
			bar.say(fmt.Sprintf("%d tested, %d failed", n, bad))
		}
	}()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(conf.Fetch.Concurrency)
	for _, places := range sites {
		group.Go(func() error {
			for _, i := range places {
				if err := ctx.Err(); err != nil {
					return err
				}
				try.run(ctx, &tests[i], rules[i])
				done <- len(tests[i].Failed) == 0
			}
			return nil
		})
	}
	err = group.Wait()
	close(done)
	<-counted
	return tests, untested, err
}

// trial is what all tests of rules share.
type trial struct {
	client *fetch.Client
	gate   feed.Gate
	folder *siterule.Folder
}

// run asks for the pages of one test and says what its rule finds. The text is what the
// daily reading would make of the pages; what the rule names is asked of the rule alone,
// for the daily reading finds much without it.
func (t *trial) run(ctx context.Context, test *ruleTest, rule *siterule.Rule) {
	fail := func(format string, args ...any) { test.Failed = append(test.Failed, fmt.Sprintf(format, args...)) }
	text, first, at, single := "", test.URL, test.URL, false
	seen := map[string]bool{}
	for at != "" && !seen[at] && test.Pages < maxTestPages {
		seen[at] = true
		leaf, err := t.page(ctx, at)
		if err != nil {
			fail("%s: %s", at, sentence(err))
			return
		}
		u, err := url.Parse(leaf.URL)
		if err != nil {
			fail("%s: the page has no address that can be read", at)
			return
		}
		in := articles.Input{Rule: rule.Over(t.folder.For(u.Hostname()))}
		if at != first {
			in.First = first
		}
		page, links, err := articles.Read(leaf, in)
		if err != nil {
			fail("%s: %s", at, sentence(err))
			return
		}
		if links.Single != "" && !single && at == first {
			single, first, at = true, links.Single, links.Single // the whole article stands there
			continue
		}
		if test.Pages++; test.Pages == 1 {
			test.own(leaf, rule, page)
			if page.Wall != "" {
				fail("%s stands where the article should", page.Wall)
			}
		}
		text += " " + plainText(string(page.Content.Value))
		at = links.Next
	}
	test.Words = len(strings.Fields(text))
	if test.Words == 0 {
		fail("no text was found")
	}
	for _, piece := range test.contains {
		if !strings.Contains(squeeze(text), squeeze(piece)) {
			fail("the text does not hold %q", shorten(piece, briefWidth))
		}
	}
}

// page asks for one page.
func (t *trial) page(ctx context.Context, at string) (feed.Leaf, error) {
	res, err := t.client.Get(ctx, t.gate, fetch.Request{URL: at, Accept: acceptPages, Page: true})
	if err != nil {
		return feed.Leaf{}, err
	}
	return feed.Leaf{URL: res.Trace.URL, ContentType: res.ContentType, Body: res.Body}, nil
}

// own says what the rule itself finds on a page.
func (test *ruleTest) own(leaf feed.Leaf, rule *siterule.Rule, page feed.Page) {
	test.Title = plainText(string(page.Title.Value))
	for _, a := range page.Authors {
		test.Authors = append(test.Authors, a.Name)
	}
	test.Date = page.Published
	in, err := charset.NewReader(bytes.NewReader(leaf.Body), leaf.ContentType)
	if err == nil {
		var body []byte
		if body, err = io.ReadAll(in); err == nil {
			var doc *html.Node
			if doc, err = html.Parse(bytes.NewReader(rule.Edit(body))); err == nil {
				found := rule.Apply(doc)
				test.Unmet = nonNil(rule.Unmet(found))
				test.Failed = append(test.Failed, found.Trouble...)
			}
		}
	}
	if err != nil {
		test.Failed = append(test.Failed, "the page cannot be read: "+err.Error())
	}
	for _, needed := range []string{"body", "title"} {
		if slices.Contains(test.Unmet, needed) {
			test.Failed = append(test.Failed, "no line of "+needed+" finds anything")
		}
	}
}

// plainText is the text in some markup, to look for words in.
func plainText(markup string) string {
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, top := range nodes {
		if top.Type == html.TextNode {
			b.WriteString(top.Data)
		}
		for n := range top.Descendants() {
			switch {
			case n.Type == html.TextNode:
				b.WriteString(n.Data)
			case n.Type == html.ElementNode && !inline[n.DataAtom]:
				b.WriteByte(' ')
			}
		}
		b.WriteByte(' ')
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// inline are elements within a word.
var inline = map[atom.Atom]bool{atom.A: true, atom.B: true, atom.I: true, atom.Em: true, atom.Strong: true, atom.Span: true,
	atom.Sub: true, atom.Sup: true, atom.U: true, atom.Mark: true, atom.Abbr: true, atom.Code: true, atom.Small: true}

// squeeze takes all white space out of a text: a rule's author copied it from a screen.
func squeeze(text string) string { return strings.Join(strings.Fields(text), "") }

// printRuleTests prints what came of the tests for people.
func printRuleTests(w io.Writer, folder string, problems []siterule.Problem, tests []ruleTest, untested []string) error {
	for _, q := range problems {
		fmt.Fprintf(w, "%s\n", printable(q.String()))
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	failed := 0
	if len(tests) > 0 {
		fmt.Fprintln(t, "RULE\tWORDS\tTITLE\tAUTHORS\tDATE\tPAGE")
	}
	for _, test := range tests {
		fmt.Fprintf(t, "%s:%d\t%d\t%s\t%d\t%s\t%s\n", test.Rule, test.Line, test.Words,
			shown(printable(shorten(test.Title, titleWidth))), len(test.Authors), shown(brief(test.Date)), brief(test.URL))
		for _, why := range test.Failed {
			fmt.Fprintf(t, "  failed: %s\n", brief(why))
		}
		if len(test.Failed) > 0 {
			failed++
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s: %s on %s, %d failed; %s without a test page\n", folder, plural(len(problems), "bad line"),
		plural(len(tests), "test page"), failed, plural(len(untested), "rule"))
	return err
}

// titleWidth is how much of a headline the table shows.
const titleWidth = 40

// shown stands a dash in the place of nothing.
func shown(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
