package fetch

import (
	"sync"
	"time"

	"broadsheet/sources/fetch/robots"
)

// robotsWord is what an origin says of robots, or that it could not be asked.
type robotsWord struct {
	file    *robots.File
	refusal string    // not empty: all is refused, and why
	held    time.Time // the server asked to be left alone until then; zero if it did not
	until   time.Time // believed until then
	rest    rest
}

// robotsKey is an origin, the way it is reached, for two proxies may meet two
// servers of one name (T-19), and the product that reads what it says.
type robotsKey struct {
	way          accessKey
	scheme, host string
	product      string
}

// robotsCache remembers what origins say, within bounds.
type robotsCache struct {
	mu    sync.Mutex
	words map[robotsKey]*robotsWord
	bytes int
}

func newRobotsCache() *robotsCache { return &robotsCache{words: map[robotsKey]*robotsWord{}} }

// get is what is known of an origin at now, nil if nothing is.
func (c *robotsCache) get(k robotsKey, now time.Time) *robotsWord {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.words[k]; w != nil && now.Before(w.until) {
		return w
	}
	return nil
}

// put remembers, and forgets those that end first to stay within the bounds.
func (c *robotsCache) put(k robotsKey, w *robotsWord) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(k)
	for len(c.words) >= maxOrigins || len(c.words) > 0 && c.bytes+w.file.Size() > maxRobots {
		var first robotsKey
		var end time.Time
		for k, w := range c.words {
			if end.IsZero() || w.until.Before(end) {
				first, end = k, w.until
			}
		}
		c.drop(first)
	}
	c.words[k] = w
	c.bytes += w.file.Size()
}

// drop forgets one. The caller holds c.mu.
func (c *robotsCache) drop(k robotsKey) {
	if w := c.words[k]; w != nil {
		c.bytes -= w.file.Size()
		delete(c.words, k)
	}
}
