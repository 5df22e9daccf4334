package config

import (
	"strings"
	"testing"
)

// The shipped config.yaml is what `broadsheet run` starts with, and what people
// copy from.
func TestShippedConfigurationIsWithoutFaultAndShowsEverything(t *testing.T) {
	paper, problems := Load("../../../config.yaml", Env{NeedSecrets: true})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if n := len(paper.Sections); n < 6 {
		t.Errorf("%d sections", n)
	}
	if n := len(paper.Outlets); n < 20 {
		t.Errorf("%d sources", n)
	}
	languages := map[string]bool{}
	for _, o := range paper.Outlets {
		base, _, _ := strings.Cut(o.Language, "-")
		languages[base] = true
		for _, f := range o.Feeds {
			if f.Host == "" || f.Slots < 1 || f.Every == "" || f.Kind != "feed" || f.Pos.Line == 0 {
				t.Errorf("%s: incomplete: %+v", o.Name, f)
			}
		}
	}
	for _, want := range []string{"en", "fr", "de", "es", "ru", "ar", "he", "fa", "ja", "zh", "ko"} {
		if !languages[want] {
			t.Errorf("no source in %s", want)
		}
	}
	if paper.Router == nil {
		t.Error("no router")
	}
}
