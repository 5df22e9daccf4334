package siterule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// extension is how the names of rule files end.
const extension = ".txt"

// everywhere is the name of the rule for all sites.
const everywhere = "global"

// maxFile is how long a rule's file may be, in bytes: the longest real one has 15 KiB.
const maxFile = 1 << 20

// Folder is a folder of rules, one file for each site. A nil Folder holds none.
type Folder struct {
	rules   map[string]*Rule // by host; ".host" for what is below it
	files   []File
	version string
}

// File is one rule of a folder.
type File struct {
	Name string // of the file
	Host string // whose pages it is for, as they are looked up: ".HOST" is all below one
	Rule *Rule  // what the file alone says
}

// Files are the rules of the folder, in the order of their names.
func (f *Folder) Files() []File {
	if f == nil {
		return nil
	}
	return slices.Clone(f.files)
}

// Load reads the rules of a folder: HOST.txt for a host, with or without www. before it,
// .HOST.txt for all that is below one, and global.txt for all sites. Other files are passed
// over. What is wrong in one file, or makes it unreadable, is a problem and harms no
// other; the error is about the folder itself.
func Load(dir string) (*Folder, []Problem, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("the folder of site rules cannot be read: %w", err)
	}
	f := &Folder{rules: map[string]*Rule{}}
	sum := sha256.New()
	var problems []Problem
	for _, entry := range entries {
		name := entry.Name()
		host, ok := strings.CutSuffix(name, extension)
		if !ok || host == "" || entry.IsDir() || !strings.Contains(host, ".") && host == strings.ToUpper(host) { // LICENSE.txt
			continue
		}
		text, err := readFile(filepath.Join(dir, name))
		if err != nil {
			problems = append(problems, Problem{File: name, Text: err.Error()})
			continue
		}
		rule, wrong := Parse(name, text)
		problems = append(problems, wrong...)
		key := normal(host)
		f.files = append(f.files, File{Name: name, Host: key, Rule: rule})
		if _, plain := f.rules[key]; !plain || key == strings.ToLower(host) { // www.a.example.txt gives way to a.example.txt
			f.rules[key] = rule
		}
		fmt.Fprintf(sum, "%s %s\n", host, rule.Version())
	}
	f.version = hex.EncodeToString(sum.Sum(nil)[:8])
	return f, problems, nil
}

// readFile reads a rule's file, if it is not too long to be one.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("is not a file; a rule is one")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("is longer than %d bytes; a rule is a page of text", maxFile)
	}
	return os.ReadFile(path)
}

// normal is a host as rules are looked up by: in lower case and letters of the DNS,
// without www. and without a last dot.
func normal(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ascii, err := idna.Punycode.ToASCII(host); err == nil {
		host = ascii
	}
	return strings.TrimPrefix(host, "www.")
}

// For is the rule for the pages of a host: its own, else the one for all below the
// longest of the names that it is below, with what global.txt says besides, unless the
// rule says autodetect_on_failure: no. It is nil where no rule says anything.
func (f *Folder) For(host string) *Rule {
	if f == nil {
		return nil
	}
	host = normal(host)
	var rule *Rule
	for name, rest := host, host; name != ""; {
		if own, ok := f.rules[name]; ok && name != everywhere {
			rule = own
			break
		}
		_, below, ok := strings.Cut(rest, ".")
		if !ok {
			break
		}
		name, rest = "."+below, below
	}
	if global := f.rules[everywhere]; rule.says(autodetectOnFailure, true) {
		rule = rule.Over(global)
	}
	return rule
}

// Version is a digest of all rules of the folder: another one may read some page
// otherwise.
func (f *Folder) Version() string {
	if f == nil {
		return ""
	}
	return f.version
}
