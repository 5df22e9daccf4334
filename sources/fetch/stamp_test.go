package fetch

import (
	"fmt"
	"testing"

	"broadsheet/feed"
)

// The stamp of an Access is kept in the store: of a password it tells so little
// that no list of passwords finds it, and the same wherever that is used.
func TestAStampGivesNoPasswordAway(t *testing.T) {
	const words = 8 << 10
	for name, with := range map[string]func(secret string) feed.Access{
		"password": func(s string) feed.Access { return feed.Access{User: "reader", Password: s} },
		"bearer":   func(s string) feed.Access { return feed.Access{Bearer: s} },
		"header":   func(s string) feed.Access { return feed.Access{Headers: map[string]string{"Cookie": s}} },
		"proxy":    func(s string) feed.Access { return feed.Access{Proxy: "http://" + s + "@proxy.example"} },
	} {
		want, fit := stampOf(with("word0")), 0
		for i := range words {
			if stampOf(with(fmt.Sprintf("word%d", i))) == want {
				fit++
			}
		}
		if fit < words>>secretBits/2 || fit > words>>secretBits*2 {
			t.Errorf("%s: %d of %d words fit", name, fit, words)
		}
	}
}
