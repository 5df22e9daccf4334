package main

import (
	"fmt"
	"os"
	"strings"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed/publish"
)

// openPress gives what documents are made with: our own templates and style, and in their
// place what the folder of site.templates has.
func openPress(conf *config.Paper) (*publish.Press, error) {
	if conf.Templates == "" {
		return publish.BuiltIn, nil
	}
	look, err := publish.OpenPress(os.DirFS(conf.Templates))
	if err != nil {
		return nil, fmt.Errorf("site.templates %s: %w", conf.Templates, err)
	}
	return look, nil
}

// templatesOf checks the folder of templates, as problems of the configuration: one for
// each thing that is wrong.
func templatesOf(conf *config.Paper) (out config.Problems) {
	if conf == nil || conf.Templates == "" {
		return nil
	}
	_, err := publish.OpenPress(os.DirFS(conf.Templates))
	if err == nil {
		return nil
	}
	for line := range strings.Lines(err.Error()) {
		out = append(out, config.Problem{Pos: conf.TemplatesPos, Key: "site.templates", Text: strings.TrimSpace(line)})
	}
	return out
}
