package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"broadsheet/cmd/broadsheet/config"
)

func (p *program) checkCommand() *cobra.Command {
	schema, rules := false, false
	cmd := &cobra.Command{
		Use:   "check [--rules [HOST…]]",
		Short: "Validate the configuration",
		Long: "Reads the configuration and everything it includes, and prints every error with its\n" +
			"place. With --schema, prints the JSON Schema of the file, for editors. With --rules, asks\n" +
			"for the test pages of the site rules in fetch.rules (those of HOST, else of all), and says\n" +
			"what each rule finds there; nothing is stored.",
		Args: func(cmd *cobra.Command, args []string) error {
			if rules {
				return nil
			}
			return arguments(0, 0, "")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case schema:
				return p.schema()
			case rules:
				return p.checkRules(cmd.Context(), args)
			}
			return p.check()
		},
	}
	cmd.Flags().BoolVar(&rules, "rules", false, "test the site rules of fetch.rules on their test pages")
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of config.yaml")
	return cmd
}

// schema prints the JSON Schema.
func (p *program) schema() error {
	text, err := config.Schema()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", text)
	return err
}

// check prints what is wrong with the configuration, or what is in it.
func (p *program) check() error {
	path, err := p.configPath()
	if err != nil {
		return err
	}
	conf, problems := config.Load(path, config.Env{Getenv: p.lookup})
	if conf != nil {
		rules := append(rulesOf(conf), templatesOf(conf)...)
		problems = append(problems, rules...)
		if unsaid, ok := conf.UnsaidTerms(); ok {
			problems = append(problems, unsaid)
		}
		if rules.Failed() {
			conf = nil
		}
	}
	if p.json {
		if problems == nil {
			problems = config.Problems{}
		}
		if err := p.printJSON(map[string]any{"config": path, "ok": conf != nil, "problems": problems}); err != nil {
			return err
		}
	} else {
		for _, problem := range problems {
			note := ""
			if problem.Warning {
				note = " (warning)"
			}
			fmt.Fprintf(p.stdout, "%s%s\n", problem, note)
		}
	}
	switch {
	case conf == nil:
		return errSilent{}
	case p.json:
		return nil
	}
	_, err = fmt.Fprintf(p.stdout, "%s: good: %s with %s, %s\n", path, plural(len(conf.Outlets), "source"),
		plural(feedsOf(conf), "feed"), plural(len(conf.Sections), "section"))
	return err
}
