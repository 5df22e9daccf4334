package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
)

// completions says what the shell offers after the flags of every command; files
// only where a file is asked for.
func completions(root *cobra.Command) {
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	for flag, offer := range map[string]cobra.CompletionFunc{
		"config":     cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt),
		"log-level":  cobra.FixedCompletions([]string{"debug", "info", "warn", "error"}, cobra.ShellCompDirectiveNoFileComp),
		"log-format": cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp),
	} {
		if err := root.RegisterFlagCompletionFunc(flag, offer); err != nil {
			panic(err) // the flag is not there
		}
	}
}

// completeSources offers the names of the configured sources to the shell.
func (p *program) completeSources(_ *cobra.Command, given []string, typed string) (
	[]string, cobra.ShellCompDirective) {
	quiet := *p
	quiet.stderr = io.Discard
	path, err := quiet.configPath()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	conf, _ := config.Load(path, config.Env{Getenv: p.lookup})
	if conf == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, o := range conf.Outlets {
		if strings.HasPrefix(o.Name, typed) && !slices.Contains(given, o.Name) {
			names = append(names, o.Name+"\t"+o.Title)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
