package websub

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"broadsheet/feed"
)

// ping tells another hub that a document changed. The Recommendation leaves open how
// (WebSub §6); this is how every public hub takes it (PubSubHubbub 0.4 §6).
func (h *Hub) ping(ctx context.Context, p feed.Ping) {
	topic := h.site.URL + p.Path
	form := url.Values{"hub.mode": {modePublish}, "hub.url": {topic}, "hub.topic": {topic}}
	answer, err := h.client.Post(ctx, p.Hub, "application/x-www-form-urlencoded", nil, []byte(form.Encode()))
	why := ""
	switch {
	case err == nil && answer.good():
		h.trouble(ctx, h.store.HubPinged(storing(ctx), p))
		return
	case ctx.Err() != nil:
		h.trouble(ctx, h.store.HubUnpinged(storing(ctx), p, h.clock(), ""))
		return
	case err == nil:
		why = fmt.Sprintf("it answered %d", answer.Code)
	default:
		why = err.Error()
	}
	wait := backOff(p.Tries+1, answer.RetryAfter)
	if p.Tries+1 >= pingTries {
		h.log.Warn("a hub cannot be told of a change; it hears of the next one", "hub", p.Hub, "path", p.Path, "error", why)
		h.trouble(ctx, h.store.HubPinged(ctx, p))
		return
	}
	h.log.Info("a hub could not be told of a change; it is tried again", "hub", p.Hub, "path", p.Path,
		"again_in", wait.Round(time.Second).String(), "error", why)
	h.trouble(ctx, h.store.HubUnpinged(ctx, p, h.clock().Add(wait), why))
}
