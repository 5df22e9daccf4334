package websub_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
	"broadsheet/feed/websub"
	"broadsheet/internal/cost"
)

// mortal is a process that dies at some call of its store or client, before or after that
// was carried out. Nothing that it does afterwards has any effect.
type mortal struct {
	*store.Store
	client websub.Client

	mu    sync.Mutex
	lives int  // calls until it dies
	after bool // the last call is carried out
	died  chan struct{}
}

var errDead = errors.New("the process is dead")

// call runs do if the process is alive.
func (m *mortal) call(do func() error) error {
	m.mu.Lock()
	m.lives--
	last, dead := m.lives == 0, m.lives < 0
	m.mu.Unlock()
	if dead || last && !m.after {
		if last {
			close(m.died)
		}
		return errDead
	}
	err := do()
	if last {
		close(m.died)
		return errDead
	}
	return err
}

func (m *mortal) HubIntents(ctx context.Context, now time.Time, most int, l feed.HubLimits, until time.Time) (out []feed.Intent, err error) {
	err = m.call(func() (err error) { out, err = m.Store.HubIntents(ctx, now, most, l, until); return err })
	if err != nil {
		out = nil
	}
	return out, err
}

func (m *mortal) HubVerified(ctx context.Context, now time.Time, i feed.Intent, l feed.HubLimits) error {
	return m.call(func() error { return m.Store.HubVerified(ctx, now, i, l) })
}

func (m *mortal) HubDeliveries(ctx context.Context, now time.Time, lane feed.Lane, most int, l feed.HubLimits,
	until time.Time) (out []feed.Delivery, err error) {
	err = m.call(func() (err error) { out, err = m.Store.HubDeliveries(ctx, now, lane, most, l, until); return err })
	if err != nil {
		out = nil
	}
	return out, err
}

func (m *mortal) HubDelivered(ctx context.Context, now time.Time, d feed.Delivery, slow bool) error {
	return m.call(func() error { return m.Store.HubDelivered(ctx, now, d, slow) })
}

func (m *mortal) HubUndelivered(ctx context.Context, d feed.Delivery, due time.Time, why string) error {
	return m.call(func() error { return m.Store.HubUndelivered(ctx, d, due, why) })
}

func (m *mortal) Get(ctx context.Context, url string) (a websub.Answer, err error) {
	err = m.call(func() (err error) { a, err = m.client.Get(ctx, url); return err })
	return a, err
}

func (m *mortal) Post(ctx context.Context, url, kind string, header map[string]string, body []byte) (a websub.Answer, err error) {
	err = m.call(func() (err error) { a, err = m.client.Post(ctx, url, kind, header, body); return err })
	return a, err
}

// kills is how often the hub dies, and perLife how many calls it makes at most before.
const (
	kills   = 20
	perLife = 40
)

func TestEveryNewEntryReachesEverySubscriberThoughTheHubIsKilledTwentyTimes(t *testing.T) {
	if cost.Race {
		t.Skip("takes long, and runs nothing at once that other tests do not")
	}
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inTown(t, func(t *town) {
				t.stop()
				chance := rand.New(rand.NewPCG(seed, 7))
				var everybody []*subscriber
				topics := []string{topicRSS, topicAtom, topicJSON}
				for n := range 6 {
					s := t.subscriber(fmt.Sprintf("http://reader-%d.example/push", n))
					if n >= 3 { // these fail now and then
						var mu sync.Mutex
						luck := rand.New(rand.NewPCG(seed, uint64(n)))
						s.answers = func(*http.Request) int {
							mu.Lock()
							defer mu.Unlock()
							return []int{http.StatusNoContent, http.StatusBadGateway}[luck.IntN(2)]
						}
					}
					everybody = append(everybody, s)
				}
				real := t.client
				var titles []string
				for life := range kills {
					m := &mortal{Store: t.store, client: real, lives: 1 + chance.IntN(perLife), after: chance.IntN(2) == 0,
						died: make(chan struct{})}
					t.beginAs(m, m)
					if life == 1 { // who subscribes in the middle of it
						for n, s := range everybody {
							if code, text := t.ask("hub.mode", "subscribe", "hub.topic", topics[n%3], "hub.callback", s.callback); code != http.StatusAccepted {
								t.Errorf("%d %s", code, text)
							}
						}
					}
					for alive := true; alive; {
						select {
						case <-m.died:
							alive = false
						case <-time.After(time.Duration(chance.IntN(2000)) * time.Millisecond):
							if life > 1 {
								titles = append(titles, t.print(1+chance.IntN(4))...)
							} else {
								t.hub.Poke()
							}
							time.Sleep(time.Duration(chance.IntN(8000)) * time.Millisecond)
						}
					}
					t.stop()
					if chance.IntN(2) == 0 {
						time.Sleep(time.Minute) // its claims have ended
					}
				}
				t.beginAs(t.store, real)
				time.Sleep(2 * time.Hour)
				if len(titles) < kills {
					t.Fatalf("only %d articles were published", len(titles))
				}
				slices.Sort(titles)
				for n, s := range everybody {
					got := s.got()
					if len(got) == 0 {
						t.Errorf("subscriber %d got nothing", n)
						continue
					}
					had := all(got)
					for _, title := range titles {
						if !slices.Contains(had, title) {
							t.Errorf("subscriber %d never got %s", n, title)
						}
					}
					path := topics[n%3][len(site):]
					if string(got[len(got)-1].body) != string(t.document(path).Body) {
						t.Errorf("subscriber %d has another version of %s than the last", n, path)
					}
				}
			})
		})
	}
}
