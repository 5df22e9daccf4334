package article

import "testing"

// The next page of an article adds a number to the URL of its first; the next article has
// another name.
func TestNextPagesAndNextArticles(t *testing.T) {
	for _, tc := range []struct {
		first, at, next string
		want            bool
	}{
		{"https://a.example/story", "", "https://a.example/story/2", true},
		{"https://a.example/story/", "", "https://a.example/story/2/", true},
		{"https://a.example/story", "", "https://a.example/story?page=2", true},
		{"https://a.example/story?id=7", "", "https://a.example/story?id=7&page=2", true},
		{"https://a.example/story.html", "", "https://a.example/story-2.html", true},
		{"https://a.example/story.html", "", "https://a.example/story,page-2.html", true},
		{"https://a.example/story", "https://a.example/story/2", "https://a.example/story/3", true},
		{"https://a.example/story/page/1", "", "https://a.example/story/page/2", true},
		{"https://a.example/story?page=1", "", "https://a.example/story?page=2", true},

		{"https://a.example/story", "", "https://a.example/another-story", false},
		{"https://a.example/week-12", "", "https://a.example/week-13", false},
		{"https://a.example/episode/12", "", "https://a.example/episode/13", false},
		{"https://a.example/?p=12", "", "https://a.example/?p=13", false},
		{"https://a.example/story", "", "https://a.example/story/3", false},
		{"https://a.example/story", "", "https://b.example/story/2", false},
		{"https://a.example/story", "https://a.example/story/2", "https://a.example/story/2", false},
		{"https://a.example/story", "", "https://a.example/story/2/comments", false},
		{"https://a.example/story", "", "https://a.example/story/comment-page-2", false},
		{"https://a.example/story", "", "https://a.example/story?page=2&sort=new", false},
		{"https://a.example/", "", "https://a.example/2", false},
		{"https://a.example/story", "", "https://a.example/story?page=x", false},
		{"https://a.example/story", "", "::", false},
	} {
		at := tc.at
		if at == "" {
			at = tc.first
		}
		if got := follows(tc.first, at, tc.next); got != tc.want {
			t.Errorf("of %s, %s follows %s: %t", tc.first, tc.next, at, got)
		}
	}
}

func TestLinks(t *testing.T) {
	page := func(links string) string {
		return "<html><head>" + links + "</head><body><p>Boats.</p></body></html>"
	}
	for _, tc := range []struct {
		name, page string
		want       Links
	}{
		{"next in the head", page(`<link rel="next" href="/story/2">`), Links{Next: "https://a.example/story/2"}},
		{"next article in the head", page(`<link rel="next" href="/a-story-of-mice">`), Links{}},
		{"next in the text", page(`</head><body><a rel="next nofollow" href="?page=2">Weiter</a>`), Links{Next: "https://a.example/story?page=2"}},
		{"a number that is no rel=next", page(`</head><body><a href="?page=2">2</a>`), Links{}},
		{"on one page", page(`</head><body><a href="/story?page=all">Auf einer Seite lesen</a>`), Links{Single: "https://a.example/story?page=all"}},
		{"another article on one page", page(`</head><body><a href="/other?page=all">Single page</a>`), Links{}},
		{"itself", page(`</head><body><a href="/story#all">Single page</a>`), Links{}},
	} {
		if _, got := mustRead(t, "https://a.example/story", tc.page, Input{}); got != tc.want {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}
