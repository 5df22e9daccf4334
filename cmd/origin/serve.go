package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/term"

	"broadsheet/internal/fakeweb"
)

// origin is a web that listens, with what is known of it.
type origin struct {
	web   *fakeweb.Web
	feeds []feed
	at    map[string]string // the address of each host
	front net.Addr          // where all hosts are
}

// serve serves until ctx ends, and prints the score.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) error {
	if o.length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.length)
		defer cancel()
	}
	site, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer site.web.Close()
	if o.config != "" {
		if err := writeConfig(o, site); err != nil {
			return fmt.Errorf("--config: %w", err)
		}
	}
	lines, err := openLog(o.log)
	if err != nil {
		return fmt.Errorf("--log: %w", err)
	}
	site.introduce(stdout, o)
	b := newBooks(site.feeds, lines)
	watch(ctx, site.web, b, stderr, terminal(stderr))
	site.web.Close() // ends what is under way, so that all is in the books
	err = errors.Join(b.take(site.web.Take()), lines.Close())
	b.print(stdout)
	return err
}

// open makes the web and listens. The list of feeds is at the front.
func open(ctx context.Context, o options) (*origin, error) {
	if o.hosts < 1 || o.feeds < 0 || o.every <= 0 || o.poll < time.Second {
		return nil, usageError{errors.New("--hosts, --every and --poll are more than nothing, and --feeds is not less")}
	}
	feeds, err := invent(o)
	if err != nil {
		return nil, err
	}
	files, err := capture(o)
	if err != nil {
		return nil, err
	}
	s := &origin{web: fakeweb.New(), feeds: append(feeds, files...), at: map[string]string{}}
	for _, f := range s.feeds {
		s.web.HandlePage(f.host, f.path, f.handler)
		if f.behaviour != captured {
			s.web.HandlePage(f.host, movedPrefix+f.path, f.sound())
		}
	}
	if err := s.listen(ctx, o); err != nil {
		s.web.Close()
		return nil, err
	}
	s.web.Handle(s.front.String(), s.list())
	return s, nil
}

// listen opens the front and one address for each host that has a feed.
func (s *origin) listen(ctx context.Context, o options) error {
	at, err := net.ResolveTCPAddr("tcp", o.listen)
	switch {
	case err != nil:
		return fmt.Errorf("--listen: %w", err)
	case !at.IP.IsLoopback() || at.IP.To4() == nil: // not even for a moment
		return usageError{fmt.Errorf("--listen is %s; it must be an address of this machine only, 127.0.0.1:PORT", o.listen)}
	}
	if s.front, err = s.web.Listen(ctx, at.String()); err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	hosts := min(o.hosts, len(s.feeds))
	addrs, err := fakeweb.Addresses(o.listen, hosts, !o.byAddress)
	if err != nil {
		return usageError{fmt.Errorf("--hosts: %w", err)}
	}
	for i, addr := range addrs {
		at, err := s.web.ListenAs(ctx, addr, hostName(i))
		if err != nil {
			return fmt.Errorf("host %d of %d: %w; another --listen or fewer --hosts may help", i+1, hosts, err)
		}
		s.at[hostName(i)] = at.String()
	}
	return nil
}

// address is where a client on this machine finds a feed.
func (s *origin) address(f feed) string { return "http://" + s.at[f.host] + f.path }

var listPage = template.Must(template.New("list").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Origin</title></head><body>
<h1>{{len .}} feeds</h1><ul>
{{range .}}<li><a href="{{.URL}}">{{.Name}}</a> {{.Behaviour}} {{.Variant}}</li>
{{end}}</ul></body></html>
`))

// list is a page with a link to each feed.
func (s *origin) list() http.Handler {
	type row struct{ URL, Name, Behaviour, Variant string }
	var rows []row
	for _, f := range s.feeds {
		rows = append(rows, row{s.address(f), f.name, f.behaviour, f.variant})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		listPage.Execute(w, rows) // a client that goes away needs no list
	})
}

// introduce says what is served and where.
func (s *origin) introduce(w io.Writer, o options) {
	fmt.Fprintf(w, "%d feeds on %d hosts; a list of all: http://%s/\n", len(s.feeds), len(s.at), s.front)
	counts := map[string]int{}
	for _, f := range s.feeds {
		counts[f.behaviour]++
	}
	for _, name := range order() {
		if counts[name] > 0 {
			fmt.Fprintf(w, "  %5d %s\n", counts[name], name)
		}
	}
	if len(s.feeds) > 0 {
		fmt.Fprintf(w, "The first: %s\n", s.address(s.feeds[0]))
	}
	if o.config != "" {
		fmt.Fprintf(w, "Read them all: broadsheet -c %s run\n", o.config)
	}
	fmt.Fprintln(w, "Stop with Ctrl-C; then comes the score.")
}

// order is every behaviour in the order in which they are shown.
func order() []string {
	names := []string{good, captured}
	for _, b := range behaviours {
		names = append(names, b.name)
	}
	return append(names, elsewhere)
}

// terminal reports whether w is a terminal that a person looks at.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// logFile is where requests are written; without a name it is nowhere.
type logFile struct {
	*bufio.Writer
	file   *os.File
	broken bool // it could not be written, which was told: nothing more is
}

func openLog(name string) (*logFile, error) {
	if name == "" {
		return &logFile{Writer: bufio.NewWriter(io.Discard)}, nil
	}
	f, err := os.Create(name)
	return &logFile{Writer: bufio.NewWriter(f), file: f}, err
}

// Close writes what is left.
func (l *logFile) Close() error {
	if l.file == nil {
		return nil
	}
	var err error
	if !l.broken {
		err = l.Flush()
	}
	return errors.Join(err, l.file.Close())
}
