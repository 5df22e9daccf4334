package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckSaysWhatIsInAFileOrAllThatIsWrong(t *testing.T) {
	d := newDesk(t)
	d.config(threeSources)
	if out := d.run("check"); !strings.Contains(out, "good: 3 sources with 3 feeds, 1 section\n") {
		t.Errorf("a good file: %s", out)
	}
	type answer struct {
		Config   string
		OK       bool
		Problems []struct {
			Key, Text string
			Pos       struct{ Line, Column int }
		}
	}
	var good answer
	d.runJSON(&good, "check")
	// Its sources say nothing of terms, and everyone can read the paper.
	if !good.OK || len(good.Problems) != 1 || good.Problems[0].Key != "sources.terms" || !strings.HasSuffix(good.Config, "config.yaml") {
		t.Errorf("a good file as JSON: %+v", good)
	}
	d.config(strings.NewReplacer("url: \"http://gulf", "ulr: \"http://gulf", "paused: true", "every: never").Replace(threeSources))
	out, errs, code := d.try("check")
	if code != exitFailed || errs != "" || strings.Count(out, "config.yaml:") < 2 || strings.Contains(out, "good") {
		t.Errorf("a bad file: exit %d\n%s%s", code, out, errs)
	}
	out, _, code = d.try("check", "--json")
	var bad answer
	decode(t, out, &bad)
	if code != exitFailed || bad.OK || len(bad.Problems) < 2 || bad.Problems[0].Pos.Line == 0 || bad.Problems[0].Text == "" {
		t.Errorf("a bad file as JSON: exit %d, %+v", code, bad)
	}
	for _, args := range [][]string{{"once"}, {"status"}, {"build", "-o", t.TempDir()}} {
		if _, errs, code := d.try(args...); code != exitFailed || !strings.Contains(errs, "errors; nothing was done") {
			t.Errorf("%v with a bad file: exit %d\n%s", args, code, errs)
		}
	}
	var schema map[string]any
	decode(t, d.run("check", "--schema"), &schema)
	if schema["$schema"] == nil {
		t.Errorf("the schema has the keys %v", schema)
	}
}

func TestTheConfigurationIsTheOneGivenElseTheEnvironmentsElseTheFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	p := &program{lookup: func(string) (string, bool) { return "", false }}
	if path, err := p.configPath(); err == nil {
		t.Skipf("this machine has %s", path)
	} else if !strings.Contains(err.Error(), "BROADSHEET_CONFIG") || !strings.Contains(err.Error(), "/etc/broadsheet/config.yaml") {
		t.Errorf("without any, it says %q", err)
	}
	if err := os.WriteFile("config.yaml", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	steps := []func() string{
		func() string { return "config.yaml" },
		func() string {
			env := filepath.Join("env", "paper.yaml")
			p.lookup = func(name string) (string, bool) { return env, name == "BROADSHEET_CONFIG" }
			return env
		},
		func() string { p.configFile = "given.yaml"; return "given.yaml" },
	}
	for _, step := range steps {
		want := step()
		if got, err := p.configPath(); err != nil || got != want {
			t.Errorf("it is %q, %v; want %q", got, err, want)
		}
	}
}
