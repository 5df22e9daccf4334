package config

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAFolderOfRulesStartsAtTheFile(t *testing.T) {
	const site = "site: {url: https://paper.example}\n"
	elsewhere := filepath.Join(t.TempDir(), "rules")
	for _, want := range []string{"site/rules", elsewhere} {
		path := write(t, "config.yaml", site+someSection+someSource+"fetch: {rules: "+want+"}\n")
		paper, problems := Load(path, Env{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if !filepath.IsAbs(want) {
			want = filepath.Join(filepath.Dir(path), want)
		}
		if paper.Fetch.Rules != want {
			t.Errorf("it is %s, want %s", paper.Fetch.Rules, want)
		}
	}
	_, problems := Load(write(t, "config.yaml", site+someSection+someSource+"fetch: {rules: ' '}\n"), Env{})
	if len(problems) != 1 || !strings.Contains(problems[0].String(), "fetch.rules: is empty; write the path of a folder") {
		t.Errorf("an empty one: %v", problems)
	}
}
