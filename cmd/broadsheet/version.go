package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

// version is the release that this tree becomes; CHANGELOG.md says what is in it.
const version = "0.1.0"

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  arguments(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			if p.json {
				return p.printJSON(map[string]string{"version": version, "go": runtime.Version()})
			}
			_, err := fmt.Fprintf(p.stdout, "broadsheet %s (%s)\n", version, runtime.Version())
			return err
		},
	}
}
