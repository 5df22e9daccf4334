package siterule

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func corpus(t *testing.T, parts ...string) string {
	t.Helper()
	dir := os.Getenv("BROADSHEET_CORPUS")
	if dir == "" {
		t.Skip("BROADSHEET_CORPUS is not set")
	}
	return filepath.Join(append([]string{dir}, parts...)...)
}

func TestCorpusRulesLoad(t *testing.T) {
	dir := corpus(t, "site-rules")
	start := time.Now()
	f, problems, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rules in %s", len(f.rules), time.Since(start))
	for _, p := range problems {
		t.Log(p)
	}
}
