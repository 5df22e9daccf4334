package websub

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"broadsheet/feed"
)

// errSlow ends a delivery that is slow while too many others are.
var errSlow = errors.New("it did not answer within a second, and too many others are slow too")

// deliver sends a subscriber what it has not got (WebSub §7). One that takes long goes on
// beside the others, or is ended if too many do: nobody waits for it.
func (h *Hub) deliver(ctx context.Context, d feed.Delivery, parts *parts, change func(lane) bool) {
	doc, err := parts.of(d)
	if err != nil {
		// The entries that were missed cannot be rendered. The document itself must come.
		h.log.Error("what subscribers missed cannot be delivered", "path", d.Path, "error", err)
		h.trouble(ctx, h.store.HubDelivered(storing(ctx), h.clock(), d, false))
		return
	}
	began := time.Now()
	sending, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	late := time.AfterFunc(slowAfter, func() {
		if !change(slow) {
			stop(errSlow)
		}
	})
	answer, err := h.client.Post(sending, d.Callback, doc.MediaType, h.headers(d, doc), doc.Body)
	late.Stop()
	took := time.Since(began)
	if ctx.Err() != nil && !(err == nil && answer.good()) {
		h.trouble(ctx, h.store.HubUndelivered(storing(ctx), d, h.clock(), ""))
		return
	}
	why := ""
	switch {
	case err == nil && answer.good():
		h.trouble(ctx, h.store.HubDelivered(storing(ctx), h.clock(), d, took >= slowAfter))
		return
	case err == nil && answer.Code == http.StatusGone:
		h.log.Info("a subscriber is gone", "callback", host(d.Callback), "path", d.Path)
		h.trouble(ctx, h.store.HubDrop(ctx, d))
		return
	case err == nil:
		why = fmt.Sprintf("it answered %d", answer.Code)
	case context.Cause(sending) == errSlow:
		why = errSlow.Error()
	default:
		why = err.Error()
	}
	wait := backOff(d.Tries+1, answer.RetryAfter)
	h.log.Info("a delivery failed; it is tried again", "callback", host(d.Callback), "path", d.Path, "tries", d.Tries+1,
		"again_in", wait.String(), "error", why)
	h.trouble(ctx, h.store.HubUndelivered(ctx, d, h.clock().Add(wait), why))
}

// headers are those of a delivery besides its type: who says so (rel=hub), what of
// (rel=self), and the signature if the subscriber gave a secret.
func (h *Hub) headers(d feed.Delivery, doc feed.Document) map[string]string {
	links := make([]string, 0, len(h.hubs)+1)
	for _, hub := range h.hubs {
		if strings.HasPrefix(d.Path, feed.PrivatePath) && hub != h.site.URL+feed.HubPath {
			continue // a private feed names our own hub only
		}
		links = append(links, "<"+hub+`>; rel="hub"`)
	}
	links = append(links, "<"+h.site.URL+d.Path+`>; rel="self"`)
	out := map[string]string{"Link": strings.Join(links, ", ")}
	if d.Secret != "" {
		mac := hmac.New(sha256.New, []byte(d.Secret))
		mac.Write(doc.Body)
		out["X-Hub-Signature"] = "sha256=" + hex.EncodeToString(mac.Sum(nil))
	}
	return out
}

// parts are documents of entries that were missed, each rendered once for all that get it.
type parts struct {
	press Press
	mu    sync.Mutex
	made  map[partKey]*part
}

type partKey struct {
	path string
	upto int64
	from string // the first entry of it
	n    int
}

type part struct {
	once sync.Once
	doc  feed.Document
	err  error
}

func (h *Hub) parts(deliveries []feed.Delivery) *parts {
	return &parts{press: h.press, made: map[partKey]*part{}}
}

// of is the document of a delivery.
func (p *parts) of(d feed.Delivery) (feed.Document, error) {
	if len(d.Missed) == 0 {
		return d.Document, nil
	}
	key := partKey{d.Path, d.Upto, d.Missed[0].ID, len(d.Missed)}
	p.mu.Lock()
	at := p.made[key]
	if at == nil {
		at = &part{}
		p.made[key] = at
	}
	p.mu.Unlock()
	at.once.Do(func() {
		view := d.View
		view.Entries = d.Missed
		at.doc, at.err = p.press(view, d.Path)
	})
	return at.doc, at.err
}
