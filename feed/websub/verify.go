package websub

import (
	"context"
	"crypto/rand"
	"net/url"
	"strconv"
	"strings"
	"time"

	"broadsheet/feed"
)

// verify asks a callback whether it wants what was asked for in its name (WebSub §5.3), or
// tells it that it is denied (§5.2). Only what echoes the challenge wants it. An answer is
// final; if none comes it is asked a few times more.
func (h *Hub) verify(ctx context.Context, i feed.Intent) {
	challenge := rand.Text() // single-use: another one each time
	answer, err := h.client.Get(ctx, asking(i, challenge))
	if ctx.Err() != nil {
		h.trouble(ctx, h.store.HubUnverified(storing(ctx), i, h.clock()))
		return
	}
	switch {
	case err != nil && feed.KindOf(err) != feed.KindBlocked && feed.KindOf(err) != feed.KindConfig && i.Tries+1 < verifyTries:
		h.log.Debug("a callback gave no answer; it is asked again", "callback", host(i.Callback), "error", err)
		h.trouble(ctx, h.store.HubUnverified(ctx, i, h.clock().Add(verifyRetry<<i.Tries)))
	case err != nil:
		h.log.Info("a callback could not be asked", "mode", string(i.Mode), "callback", host(i.Callback), "error", err)
		h.trouble(ctx, h.store.HubUnverified(ctx, i, time.Time{}))
	case i.Mode == feed.HubDenied: // whatever was answered, it was told
		h.trouble(ctx, h.store.HubUnverified(ctx, i, time.Time{}))
	case !answer.good() || string(answer.Body) != challenge:
		h.log.Info("a callback does not want what was asked for", "mode", string(i.Mode), "callback", host(i.Callback),
			"topic", i.Topic, "code", answer.Code)
		h.trouble(ctx, h.store.HubUnverified(ctx, i, time.Time{}))
	default:
		h.log.Info("verified", "mode", string(i.Mode), "callback", host(i.Callback), "topic", i.Topic)
		h.trouble(ctx, h.store.HubVerified(ctx, h.clock(), i, Limits()))
	}
}

// asking is the URL by which a callback is asked: its own query is kept, ours comes after.
func asking(i feed.Intent, challenge string) string {
	pairs := []string{"hub.mode=" + url.QueryEscape(string(i.Mode)), "hub.topic=" + url.QueryEscape(i.Topic)}
	switch i.Mode {
	case feed.HubDenied:
		pairs = append(pairs, "hub.reason="+url.QueryEscape(i.Reason))
	case feed.HubSubscribe:
		pairs = append(pairs, "hub.challenge="+challenge, "hub.lease_seconds="+strconv.FormatInt(int64(i.Lease/time.Second), 10))
	default:
		pairs = append(pairs, "hub.challenge="+challenge)
	}
	query := strings.Join(pairs, "&")
	switch at := strings.IndexByte(i.Callback, '?'); {
	case at < 0:
		return i.Callback + "?" + query
	case at == len(i.Callback)-1:
		return i.Callback + query
	default:
		return i.Callback + "&" + query
	}
}

// host is what of a callback may be told: the rest of it is a secret.
func host(callback string) string {
	u, err := url.Parse(callback)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/…"
}
