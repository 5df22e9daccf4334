package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"broadsheet/feed"
)

// Env is the world around the configuration.
type Env struct {
	// Getenv is os.LookupEnv, or the test's own; nil has no variable set.
	Getenv func(name string) (value string, ok bool)
	// NeedSecrets makes a variable that is not set an error: for run and once,
	// which would ask an origin without it. Elsewhere it is a warning.
	NeedSecrets bool
}

// expander puts in variables.
type expander struct {
	env   Env
	dir   string // folder of config.yaml
	unset bool   // a variable was not there: a value is not what the operator means
}

// maxSecret is the size of a file that ${file:…} may name: a password, a token,
// a key.
const maxSecret = 64 << 10

// variable is ${NAME}, ${file:PATH}, the literal $${, or a ${ that is none.
var variable = regexp.MustCompile(`\$\$\{|\$\{([^}]*)\}|\$\{`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand puts the variables into a value. ok is false if one of them is not
// set or is no variable, which was told; they then stand for nothing.
func (x *expander) expand(p *page, pos feed.Pos, at place, text string) (expanded string, ok bool) {
	if !strings.Contains(text, "${") {
		return text, true
	}
	ok = true
	expanded = variable.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$${" {
			return "${"
		}
		name := strings.TrimSuffix(strings.TrimPrefix(found, "${"), "}")
		path, isFile := strings.CutPrefix(name, "file:")
		var value, problem string
		switch {
		case isFile:
			value, problem = x.file(path)
		case variableName.MatchString(name) && strings.HasSuffix(found, "}"):
			value, problem = x.variable(name)
		default:
			p.found.refuse(pos, at.String(), "%s is neither ${NAME} nor ${file:PATH}; write "+
				"$${ where ${ itself is meant", quote(found))
			ok = false
			return ""
		}
		if problem != "" {
			p.found.add(Problem{Pos: pos, Key: at.String(), Text: problem,
				Warning: !x.env.NeedSecrets})
			ok, x.unset = false, true
		}
		return value
	})
	return expanded, ok
}

func (x *expander) variable(name string) (value, problem string) {
	if x.env.Getenv != nil {
		if value, ok := x.env.Getenv(name); ok {
			return value, ""
		}
	}
	return "", "the environment variable " + name + " is not set"
}

func (x *expander) file(path string) (value, problem string) {
	f, err := os.Open(x.path(path))
	if err != nil {
		return "", "the file " + quote(path) + " cannot be read: " + reason(err)
	}
	defer f.Close()
	data, err := readLimited(f, maxSecret)
	switch {
	case err != nil:
		return "", "the file " + quote(path) + " cannot be read: " + reason(err)
	case len(data) > maxSecret:
		return "", "the file " + quote(path) + " is larger than 64 KiB, too large for a value"
	}
	return strings.TrimRight(string(data), "\r\n"), ""
}

// path makes a path of the file one of the system: relative ones start at the
// folder of config.yaml.
func (x *expander) path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(x.dir, filepath.FromSlash(path))
}

// reason is an error of the file system without the path, which is told in the
// file's own words.
func reason(err error) string {
	switch {
	case os.IsNotExist(err):
		return "it does not exist"
	case os.IsPermission(err):
		return "it may not be read"
	}
	for {
		inner, ok := err.(interface{ Unwrap() error })
		if !ok || inner.Unwrap() == nil {
			return err.Error()
		}
		err = inner.Unwrap()
	}
}
