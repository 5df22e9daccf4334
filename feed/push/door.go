package push

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"broadsheet/feed"
)

const (
	// tokenLength is that of rand.Text: what is not as long was never a token of ours.
	tokenLength = 26
	// maxChallenge is how long a challenge may be that is echoed.
	maxChallenge = 4 << 10
	// Leases are believed within these bounds; one that is not said is leaseUnsaid, though
	// a hub must say it (WebSub §5.3).
	leaseLeast  = time.Minute
	leaseMost   = 30 * 24 * time.Hour
	leaseUnsaid = 24 * time.Hour
)

// ServeHTTP answers hubs that call back, below feed.PushPath: GET verifies a subscription
// (WebSub §5.3) or refuses it (§5.2), POST delivers (§7).
func (l *Listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, token, _ := strings.Cut(r.URL.Path, feed.PushPath)
	switch r.Method {
	case http.MethodGet:
		l.verify(w, r, token)
	case http.MethodPost:
		l.receive(w, r, token)
	default:
		w.Header().Set("Allow", "GET, POST")
		say(w, http.StatusMethodNotAllowed, "hubs call here: GET to verify, POST to deliver")
	}
}

// say answers in one plain sentence.
func say(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, text+"\n") // a hub that has gone needs no answer
}

// verify echoes the challenge of what we asked for, and of nothing else (WSS-3).
func (l *Listener) verify(w http.ResponseWriter, r *http.Request, token string) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	topic, challenge := q.Get("hub.topic"), q.Get("hub.challenge")
	if err != nil || len(token) != tokenLength || topic == "" {
		say(w, http.StatusNotFound, "there is no such subscription")
		return
	}
	// Most of what is not ours is told from a read: only what may be writes.
	p, ok, err := l.Store.PushAt(r.Context(), token)
	if err == nil && ok && p.Topic == topic {
		ok, err = l.agree(r, q, p)
	} else {
		ok = false
	}
	switch {
	case err != nil:
		l.Log.Error("a hub's call could not be looked up", "error", err)
		say(w, http.StatusServiceUnavailable, "try again")
	case !ok:
		say(w, http.StatusNotFound, "there is no such subscription")
	case q.Get("hub.mode") == "denied":
		say(w, http.StatusOK, "noted")
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(challenge)))
		_, _ = io.WriteString(w, challenge)
	}
}

// agree does what a hub asks about a subscription, if it is what we want, too.
func (l *Listener) agree(r *http.Request, q url.Values, p feed.Push) (bool, error) {
	ctx, now, challenge := r.Context(), l.Clock(), q.Get("hub.challenge")
	echoed := challenge != "" && len(challenge) <= maxChallenge
	switch mode := q.Get("hub.mode"); {
	case mode == "denied":
		denied, err := l.Store.DenyPush(ctx, now, p.Token, p.Topic, denial(q.Get("hub.reason")))
		if denied {
			l.Log.Info("a hub does not want to push; its feed is polled as usual", "source", p.Source, "hub", p.Hub)
		}
		return denied, err
	case mode == "subscribe" && echoed:
		lease := leaseOf(q.Get("hub.lease_seconds"))
		confirmed, err := l.Store.ConfirmPush(ctx, now, p.Token, p.Topic, lease)
		if confirmed {
			l.Log.Info("a hub pushes", "source", p.Source, "hub", p.Hub, "until", now.Add(lease))
		}
		return confirmed, err
	case mode == "unsubscribe" && echoed:
		return l.Store.LeavePush(ctx, p.Token, p.Topic)
	}
	return false, nil
}

// denial is why a hub refuses, in words.
func denial(reason string) string {
	if reason = plain(reason); reason != "" {
		return "the hub refused: " + reason
	}
	return "the hub refused"
}

// leaseOf reads hub.lease_seconds.
func leaseOf(said string) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(said), 10, 64)
	switch {
	case err != nil && errors.Is(err, strconv.ErrRange) && n > 0:
		return leaseMost
	case err != nil || n <= 0:
		return leaseUnsaid
	case n > int64(leaseMost/time.Second):
		return leaseMost
	}
	return max(time.Duration(n)*time.Second, leaseLeast)
}

// receive accepts a delivery at once, and has it taken in later (WSS-4). Whose it is says
// the address that was called, and nothing that came with it (WSS-5).
func (l *Listener) receive(w http.ResponseWriter, r *http.Request, token string) {
	if len(token) != tokenLength {
		say(w, http.StatusGone, "there is no such subscription")
		return
	}
	p, ok, err := l.Store.PushAt(r.Context(), token)
	switch {
	case err != nil:
		l.Log.Error("a hub's call could not be looked up", "error", err)
		say(w, http.StatusServiceUnavailable, "try again")
		return
	case !ok || !p.Live(l.Clock()):
		say(w, http.StatusGone, "there is no such subscription any more")
		return
	case coded(r.Header):
		say(w, http.StatusUnsupportedMediaType, "a delivery is taken as it is, without a Content-Encoding")
		return
	case !l.inbox.begin():
		l.skip(r, p, "too much comes at once")
		say(w, http.StatusAccepted, "noted")
		return
	}
	defer l.inbox.end()
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(l.Patience)) // a recorder has none
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, l.MaxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		l.skip(r, p, "it is larger than fetch.max_body")
		say(w, http.StatusRequestEntityTooLarge, "this is more than is taken")
		return
	}
	if err != nil {
		say(w, http.StatusBadRequest, "the delivery is not complete")
		return
	}
	d := feed.Pushed{Sub: p.Sub, Source: p.Source, URL: p.URL, ContentType: mediaType(r.Header), Body: body}
	if p.Secret != "" {
		if d.Signed = signed(r.Header.Get("X-Hub-Signature"), p.Secret, body); d.Signed == "" {
			l.scorn.log(l, p)
			say(w, http.StatusAccepted, "noted") // whoever guesses learns nothing
			return
		}
	}
	if !l.inbox.put(d) {
		l.skip(r, p, "too much comes at once")
	}
	say(w, http.StatusAccepted, "noted")
}

// skip has a feed polled instead of taking in what was delivered.
func (l *Listener) skip(r *http.Request, p feed.Push, why string) {
	l.Log.Warn("a delivery was not taken; its feed is polled instead", "source", p.Source, "why", why)
	if err := l.Store.Hasten(r.Context(), l.Clock(), p.Sub, l.Floor); err != nil {
		l.Log.Error("a feed was not made due", "source", p.Source, "error", err)
	}
}

// coded tells whether a body has a content coding, which hubs do not use: what is signed
// is what was sent.
func coded(h http.Header) bool {
	for c := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		if c = strings.ToLower(strings.TrimSpace(c)); c != "" && c != "identity" {
			return true
		}
	}
	return false
}

// mediaType is the Content-Type of a delivery if it can be read; it may say the charset.
func mediaType(h http.Header) string {
	if _, _, err := mime.ParseMediaType(h.Get("Content-Type")); err != nil {
		return ""
	}
	return h.Get("Content-Type")
}

// scornEvery is how often the log tells of deliveries that are not believed: whoever sends
// many does not fill it.
const scornEvery = time.Minute

// scorn counts deliveries that are not believed.
type scorn struct {
	mu   sync.Mutex // guards what follows
	n    int
	told time.Time
}

func (s *scorn) log(l *Listener, p feed.Push) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if now := l.Clock(); now.Sub(s.told) >= scornEvery {
		l.Log.Warn("deliveries without the right signature are ignored", "source", p.Source, "ignored", s.n)
		s.n, s.told = 0, now
	}
}
