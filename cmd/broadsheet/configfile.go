package main

import (
	"fmt"
	"os"

	"broadsheet/cmd/broadsheet/config"
)

// configPath is the configuration that the flags and the environment name, or
// the first that exists of the usual places.
func (p *program) configPath() (string, error) {
	if p.configFile != "" {
		return p.configFile, nil
	}
	if path, ok := p.lookup("BROADSHEET_CONFIG"); ok && path != "" {
		return path, nil
	}
	usual := []string{"config.yaml", "/etc/broadsheet/config.yaml"}
	for _, path := range usual {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("there is no configuration: neither -c FILE nor $BROADSHEET_CONFIG is given, "+
		"and neither %s nor %s exists", usual[0], usual[1])
}

// load reads the configuration, and tells a person which one it found. Problems are printed to stderr, all of them;
// with an error among them, the error is errSilent. secrets says whether a
// missing ${NAME} is an error.
func (p *program) load(secrets bool) (*config.Paper, error) {
	path, err := p.configPath()
	if err != nil {
		return nil, err
	}
	if p.configFile == "" && terminal(p.stderr) {
		fmt.Fprintf(p.stderr, "reading %s\n", path)
	}
	conf, problems := config.Load(path, config.Env{Getenv: p.lookup, NeedSecrets: secrets})
	wrong := 0
	for _, problem := range problems {
		if problem.Warning {
			fmt.Fprintf(p.stderr, "%s (warning)\n", problem)
			continue
		}
		wrong++
		fmt.Fprintln(p.stderr, problem)
	}
	if wrong > 0 {
		fmt.Fprintf(p.stderr, "broadsheet: %s has %s; nothing was done\n", path, plural(wrong, "error"))
		return nil, errSilent{}
	}
	return conf, nil
}
