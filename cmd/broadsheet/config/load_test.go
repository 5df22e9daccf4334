package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/cost"
)

var update = flag.Bool("update", false, "write the golden files anew")

// testEnv is an environment in which two variables are set.
var testEnv = Env{NeedSecrets: true, Getenv: func(name string) (string, bool) {
	value, ok := map[string]string{
		"SITE_URL": "https://paper.example", "SECRET": "hidden value", "PORT": "9090", "EVERY": "2h",
	}[name]
	return value, ok
}}

// Each file of testdata/bad is told of in the words of its golden file, and
// quickly, however hostile it is (T-30).
func TestWrongConfigurationsAreToldInSentences(t *testing.T) {
	paths, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(paths) < 25 {
		t.Fatalf("%d wrong configurations, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			start := time.Now()
			paper, problems := Load(path, testEnv)
			if took := time.Since(start); took > time.Second && !cost.Race {
				t.Errorf("took %v", took)
			}
			if problems.Failed() != (paper == nil) {
				t.Errorf("a paper and errors, or neither: %v, failed %v", paper != nil, problems.Failed())
			}
			golden := strings.TrimSuffix(path, ".yaml") + ".golden"
			got := problems.String()
			if strings.Contains(got, "hidden value") {
				t.Error("a message repeats the value of a variable")
			}
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
			if len(problems) == 0 {
				t.Error("nothing was found wrong")
			}
		})
	}
}
