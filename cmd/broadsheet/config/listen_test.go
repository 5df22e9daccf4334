package config

import (
	"slices"
	"testing"
)

// TestWhetherHubsAreSubscribedAt: websub.subscribe and push.
func TestWhetherHubsAreSubscribedAt(t *testing.T) {
	const rest = "\nsections: [{name: all, sources: \"*\"}]\nsources:\n- {name: a, url: \"https://a.example/\"}\n" +
		"- {name: b, url: \"https://b.example/\", push: false}\n"
	for head, on := range map[string]bool{
		"site: {url: \"https://news.example.org/paper\"}":                                   true,
		"site: {url: \"https://news.example.org/\"}\nwebsub: {subscribe: auto}":             true,
		"site: {url: \"https://news.example.org/\"}\nwebsub: {subscribe: never}":            false,
		"site: {url: \"http://news.local\"}":                                                false,
		"site: {url: \"http://192.168.1.4:8080\"}":                                          false,
		"serve: {listen: \":8080\"}":                                                        false, // site.url is http://localhost:8080 then
		"site: {url: \"http://[::1]:8080\"}\nwebsub: {subscribe: always} # behind a bridge": true,
	} {
		paper, problems := loadBytes(t, "config.yaml", []byte(head+rest))
		if paper == nil {
			t.Fatalf("%s: %v", head, problems)
		}
		l := paper.Listening
		if l.On != on || (l.Why == "") != on || !slices.Equal(l.Quiet, []string{"b"}) {
			t.Errorf("%s: %+v", head, l)
		}
	}
}
