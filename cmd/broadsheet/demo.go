package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/spf13/cobra"

	"broadsheet/internal/fakeweb"
)

// demoFiles are the demo's configuration and its origins' feeds, whose dates are
// filled in so that the news is always of today.
//
//go:embed demo
var demoFiles embed.FS

// demoOrigins are the feeds of the invented web, and the pages of the articles that one of
// them gives the beginnings of.
var demoOrigins = []struct{ host, path, file, mediaType string }{
	{"meridian.example", "/rss.xml", "meridian.rss", "application/rss+xml"},
	{"courrier.example", "/atom.xml", "courrier.atom", "application/atom+xml"},
	{"tideline.example", "/feed.json", "tideline.json", "application/feed+json"},
	{"marfa.example", "/rss.xml", "marfa.rss", "application/rss+xml"},
	{"ledger.example", "/excerpts.xml", "ledger.rss", "application/rss+xml"},
	{"ledger.example", "/rope", "ledger-rope.html", "text/html"},
	{"ledger.example", "/salt", "ledger-salt.html", "text/html"},
	{"ledger.example", "/tables", "ledger-tables.html", "text/html"},
}

func (p *program) demoCommand() *cobra.Command {
	listen, admin := "127.0.0.1:8080", "127.0.0.1:8081"
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole program on built-in sample origins: no network, no configuration",
		Long: "Polls six invented origins that are part of this program, and serves the sections that\n" +
			"come of them until stopped. Everything is in a temporary folder.",
		Args: arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if notForBrowsers(listen) || notForBrowsers(admin) {
				return usageError{fmt.Errorf("the demo is for a browser: --listen and --admin take HOST:PORT")}
			}
			return p.demo(cmd.Context(), listen, admin)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", listen, "`HOST:PORT` to serve readers on")
	cmd.Flags().StringVar(&admin, "admin", admin, "`HOST:PORT` to serve the operator on")
	return cmd
}

// notForBrowsers reports whether an address is none that a browser can be given.
func notForBrowsers(addr string) bool {
	_, opened := inherited(addr)
	return opened || strings.HasPrefix(addr, "unix:")
}

// demo runs in a temporary folder until ctx ends.
func (p *program) demo(ctx context.Context, listen, admin string) error {
	d, err := openDoors([3]string{"--listen", "--admin"}, listen, admin, "")
	if err != nil {
		return err
	}
	defer d.close()
	dir, err := os.MkdirTemp("", "broadsheet-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	web, err := demoWeb(p.clock())
	if err != nil {
		return err
	}
	defer web.Close()
	inside := *p
	inside.dial = web.DialContext
	inside.configFile = filepath.Join(dir, "config.yaml")
	if err := demoConfig(inside.configFile, d); err != nil {
		return err
	}
	log, err := inside.logger(slog.LevelWarn)
	if err != nil {
		return err
	}
	conf, err := inside.load(true)
	if err != nil {
		return err
	}
	n, err := inside.openNewsroom(ctx, conf, log, true)
	if err != nil {
		return err
	}
	sum, err := inside.pass(ctx, n, nil)
	if err != nil {
		return closing(n, err)
	}
	sum.print(p.stdout, conf.Zone)
	inside.listening = func(readers, operator net.Addr) {
		p.invite(conf.Site.URL, operator)
		if p.listening != nil {
			p.listening(readers, operator)
		}
	}
	return closing(n, inside.run(ctx, n, d))
}

// demoWeb is the invented web as of now.
func demoWeb(now time.Time) (*fakeweb.Web, error) {
	web := fakeweb.New()
	ago := func(layout string) func(string) (string, error) {
		return func(age string) (string, error) {
			d, err := time.ParseDuration(age)
			return now.Add(-d).UTC().Format(layout), err
		}
	}
	funcs := template.FuncMap{"rfc822": ago(time.RFC1123Z), "rfc3339": ago(time.RFC3339)}
	for _, o := range demoOrigins {
		page, err := template.New(o.file).Funcs(funcs).ParseFS(demoFiles, "demo/"+o.file)
		if err != nil {
			return nil, err
		}
		var body bytes.Buffer
		if err := page.Execute(&body, nil); err != nil {
			return nil, err
		}
		web.Serve(o.host, o.path, o.mediaType, body.Bytes())
	}
	web.Handle("lighthouse.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the lamp is being repaired", http.StatusServiceUnavailable)
	}))
	return web, nil
}

// demoConfig writes the demo's configuration for the addresses that it listens on.
func demoConfig(path string, d doors) error {
	text, err := demoFiles.ReadFile("demo/config.yaml")
	if err != nil {
		return err
	}
	named := strings.NewReplacer("127.0.0.1:8080", near(d.readers.Addr()),
		"127.0.0.1:8081", near(d.operator.Addr())).Replace(string(text))
	return os.WriteFile(path, []byte(named), 0o644)
}

// near is addr as it is reached from this machine: a server that listens on every
// address listens on the loopback too.
func near(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// invite says where to look.
func (p *program) invite(site string, operator net.Addr) {
	fmt.Fprintf(p.stdout, `
Open in a browser:
  %[1]s/   the front page
  %[1]s/middle-east/   a section
  http://%[2]s/   how the sources are doing
Subscribe in a feed reader:
  %[1]s/middle-east/atom.xml
  %[1]s/iran/rss.xml
  %[1]s/feed.json   the whole paper
"Grain ships sail again" is in four sections at once. The feed of Ledger & Tide has only the
beginnings of its articles; the rest is from their pages (full_text: auto).
"Night trains return" came from two sources and is one story, "Also at" the other.
Stop with Ctrl-C.
`, site, near(operator))
}
