package fakeweb

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// The handlers of this file choose by time, by turn or by chance who answers.

// Until lets before answer until a moment, and after from then on.
func Until(at time.Time, before, after http.Handler) http.Handler {
	return Between(at, forever, after, before)
}

// forever is a moment after all others.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Between lets during answer from one moment until another, and otherwise at all
// other times.
func Between(from, to time.Time, during, otherwise http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if now := time.Now(); !now.Before(from) && now.Before(to) {
			during.ServeHTTP(w, r)
			return
		}
		otherwise.ServeHTTP(w, r)
	})
}

// EveryNth lets nth answer every n-th request, the n-th first, and otherwise all
// others.
func EveryNth(n int, nth, otherwise http.Handler) http.Handler {
	var asked atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%int64(n) == 0 {
			nth.ServeHTTP(w, r)
			return
		}
		otherwise.ServeHTTP(w, r)
	})
}

// SlowByChance waits between least and most, by the dice of seed, before it lets
// next answer.
func SlowByChance(seed uint64, least, most time.Duration, next http.Handler) http.Handler {
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(seed, 0))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		wait := least
		if most > least {
			wait += time.Duration(dice.Int64N(int64(most - least)))
		}
		mu.Unlock()
		Slow(wait, next).ServeHTTP(w, r)
	})
}
