package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
)

// completeSources offers the names of the configured sources to the shell.
func (p *program) completeSources(_ *cobra.Command, _ []string, typed string) (
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
		if strings.HasPrefix(o.Name, typed) {
			names = append(names, o.Name+"\t"+o.Title)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
