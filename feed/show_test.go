package feed

import "testing"

// POD-2. The first is the example of the Podcasting 2.0 documentation.
func TestAPodcastIsKnownByItsURLWithoutScheme(t *testing.T) {
	const podnews = "9b024349-ccf0-5f69-a609-6b82873eab3c"
	for url, want := range map[string]string{
		"podnews.net/rss": podnews, "https://podnews.net/rss": podnews, "http://podnews.net/rss//": podnews,
	} {
		if got := ShowGUID(url); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}
