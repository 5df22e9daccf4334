package fetch

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet/sources/fetch/robots"
)

// What is remembered of robots.txt files is bounded, in origins and in bytes; what
// is believed for the shortest time is forgotten first.
func TestRobotsAreForgottenWithinBounds(t *testing.T) {
	c := newRobotsCache()
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	key := func(i int) robotsKey { return robotsKey{scheme: "http", host: fmt.Sprintf("h%d.example", i)} }
	small := robots.Parse([]byte("User-agent: *\nDisallow: /x"), "Broadsheet")
	for i := range 3 * maxOrigins {
		c.put(key(i), &robotsWord{file: small, until: now.Add(time.Duration(i) * time.Minute)})
	}
	if len(c.words) != maxOrigins || c.get(key(3*maxOrigins-1), now) == nil || c.get(key(0), now) != nil {
		t.Errorf("%d origins are remembered", len(c.words))
	}
	if c.get(key(3*maxOrigins-1), now.Add(100*24*time.Hour)) != nil {
		t.Error("an old word is believed")
	}
	large := robots.Parse([]byte("User-agent: *\n"+strings.Repeat("Disallow: /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 10000)), "Broadsheet")
	for i := range 100 {
		c.put(key(i), &robotsWord{file: large, until: now.Add(time.Hour * 10000)})
	}
	sum := 0
	for _, w := range c.words {
		sum += w.file.Size()
	}
	if sum != c.bytes || c.bytes > maxRobots || len(c.words) == 0 {
		t.Errorf("%d words take %d bytes, counted %d", len(c.words), sum, c.bytes)
	}
}
