package sources_test

import (
	"context"
	"strings"
	"testing"

	"broadsheet/feed"
	"broadsheet/sources"
)

type named string

func (named) Poll(context.Context, feed.Gate, feed.Visit) (feed.Outcome, error) {
	return feed.Outcome{}, nil
}

func kind(name string) sources.Kind {
	return sources.Kind{Name: name, New: func(_ sources.Env, sub feed.Subscription) (feed.Source, error) {
		return named(name + " " + sub.URL), nil
	}}
}

func TestTheKindWithTheNameReadsTheSubscription(t *testing.T) {
	kinds := []sources.Kind{kind("feed"), kind("page")}
	sub := feed.Subscription{Kind: "page", URL: "https://ministry.example/news"}
	got, err := sources.New(kinds, sources.Env{}, sub)
	if err != nil {
		t.Fatal(err)
	}
	if want := named("page https://ministry.example/news"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnUnknownKindIsToldWhichKindsExist(t *testing.T) {
	kinds := []sources.Kind{kind("feed"), kind("page")}
	_, err := sources.New(kinds, sources.Env{}, feed.Subscription{Kind: "pgae"})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`"pgae"`, "feed, page"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not mention %s", err, want)
		}
	}
}
