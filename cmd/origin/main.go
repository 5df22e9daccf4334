// Command origin is a load-test origin: it serves as many invented feeds as one
// likes on this machine, lets a part of them misbehave, and judges how politely
// they were asked. It has everything a feed reader meets in the wild and needs
// no network:
//
//	go run ./cmd/origin --feeds 1000 --behaviour tarpit=5%,error=5% --config load/config.yaml
//	go run ./cmd/broadsheet -c load/config.yaml run        # in another terminal
//	Ctrl-C                                                 # in the first: the score
//
// This package decides which feeds there are and which of them misbehave, and
// what a person sees of it. How a behaviour is done and how a request is judged
// is internal/fakeweb's; it knows nothing of the program that asks.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// Exit codes: it served until it was stopped, it could not, it was asked wrongly.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(start(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	listen     string
	byAddress  bool
	feeds      int
	hosts      int
	corpus     string
	behaviours string
	seed       uint64
	every      time.Duration
	poll       time.Duration
	config     string
	log        string
	length     time.Duration
}

// usageError marks an error in what was asked for.
type usageError struct{ error }

// start runs the command that args ask for and gives the exit code.
func start(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cmd := command(stdout, stderr)
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(stderr, "origin: %v\n", err)
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

const example = `  origin                                   # 1000 good feeds on 200 hosts
  origin --config load/config.yaml         # and a configuration that reads them all:
  broadsheet -c load/config.yaml run       # in another terminal
  origin --behaviour tarpit=20%,held=5%    # a fifth of them never answers
  origin --corpus feeds/ --log asked.jsonl # files as feeds; every request into a file
  curl http://127.0.0.1:8090/h001.example/feed-0001.xml`

// command is the one command there is.
func command(stdout, stderr io.Writer) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "origin",
		Short: "Serve invented feeds for load tests, and judge who asks for them",
		Long: "Serves invented feeds on this machine until it is stopped, and then says how politely they\n" +
			"were asked. Each host has a port of its own after that of --listen, so that a reader\n" +
			"sees many hosts; at --listen itself are all of them, as /HOST/PATH, with a list at /.\n" +
			"A client that takes --listen for its HTTP proxy reaches them by their names.\n\n" +
			"Behaviours, for --behaviour; what is left of the feeds is good:\n\n" + behaviourHelp(),
		Example:       example,
		SilenceErrors: true, SilenceUsage: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("%q is no flag; see: origin --help", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.corpus != "" && !cmd.Flags().Changed("feeds") {
				o.feeds = 0
			}
			return serve(cmd.Context(), o, stdout, stderr)
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see: origin --help", err)}
	})
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8090", "`HOST:PORT` of the list of all; the hosts have the ports after it")
	flags.IntVar(&o.feeds, "feeds", 1000, "how many feeds are invented (with --corpus: none, unless said)")
	flags.IntVar(&o.hosts, "hosts", 200, "how many hosts they are on")
	flags.StringVar(&o.behaviours, "behaviour", "", "`MIX` of what misbehaves: tarpit=10%,error=5%,… or numbers of feeds")
	flags.StringVar(&o.corpus, "corpus", "", "`DIR` of files that are served as feeds, those of its manifest.tsv if it has one")
	flags.StringVar(&o.config, "config", "", "`FILE` to write a configuration of broadsheet to, which reads all feeds")
	flags.StringVar(&o.log, "log", "", "`FILE` to write every request to, a line of JSON each")
	flags.DurationVar(&o.every, "every", 30*time.Minute, "how often a feed has a new article")
	flags.DurationVar(&o.poll, "poll", time.Hour, "how often the written configuration polls")
	flags.DurationVar(&o.length, "for", 0, "end after this time (default: when stopped)")
	flags.Uint64Var(&o.seed, "seed", 1, "of all chance: the same seed invents the same feeds")
	flags.BoolVar(&o.byAddress, "addresses", false,
		"tell hosts apart by addresses 127.0.x.y instead of ports (not on macOS)")
	return cmd
}
