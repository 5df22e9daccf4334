package picture

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"broadsheet/feed"
)

const (
	// MaxSize is how large a picture may be that is passed on, in bytes.
	MaxSize = 10 << 20
	// DefaultMemory is how many bytes of pictures are kept.
	DefaultMemory = 64 << 20
	// freshTime is how long a picture is taken to be the same, by us and by browsers:
	// an article's picture hardly ever changes under its address.
	freshTime = 7 * 24 * time.Hour
	// failedTime is how long an origin is not asked again for what it did not give.
	failedTime = 10 * time.Minute
	// atOnce is how many pictures are fetched at a time; further readers are told to
	// come again.
	atOnce = 16
)

// Getter fetches a picture.
type Getter interface {
	// Picture gives the bytes at an absolute http(s) URL, at most MaxSize of them. It
	// asks public addresses only, and ends with ctx.
	Picture(ctx context.Context, url string) ([]byte, error)
}

// Proxy answers requests for pictures below feed.ImagePath.
type Proxy struct {
	options Options
	cache   *cache
	flight  singleflight.Group
	slots   chan struct{}
}

// Options are for New.
type Options struct {
	Key     string // that pages sign addresses with (Path); not empty
	Prefix  string // path of site.URL: empty, or with a leading slash
	Get     Getter
	Clock   func() time.Time
	Memory  int64         // bytes of pictures that are kept; 0 is DefaultMemory
	Timeout time.Duration // of one fetch; 0 is 20 s
}

// New makes a Proxy.
func New(o Options) *Proxy {
	if o.Memory == 0 {
		o.Memory = DefaultMemory
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	return &Proxy{options: o, cache: newCache(o.Memory), slots: make(chan struct{}, atOnce)}
}

// ServeHTTP implements http.Handler. A path that was not signed, and what is no picture,
// is not found; nothing of what the origin said is passed on but the pixels.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; form-action 'none'; sandbox")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	src := Of(p.options.Key, strings.TrimPrefix(r.URL.Path, p.options.Prefix))
	if src == "" {
		h.Set("Cache-Control", "public, max-age=3600")
		w.WriteHeader(http.StatusNotFound)
		return
	}
	pic, busy := p.picture(r.Context(), src)
	switch {
	case busy:
		h.Set("Retry-After", "5")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusServiceUnavailable)
	case pic.typ == "":
		h.Set("Cache-Control", "public, max-age="+seconds(failedTime))
		w.WriteHeader(http.StatusNotFound)
	default:
		p.send(w, r, pic)
	}
}

// send answers with a picture, or with 304.
func (p *Proxy) send(w http.ResponseWriter, r *http.Request, pic *cached) {
	h := w.Header()
	h.Set("Etag", pic.tag)
	h.Set("Cache-Control", "public, max-age="+seconds(freshTime))
	h.Set("Cross-Origin-Resource-Policy", "same-origin") // no other site shows pictures by us
	if strings.Contains(r.Header.Get("If-None-Match"), pic.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", pic.typ)
	h.Set("Content-Length", strconv.Itoa(len(pic.body)))
	h.Set("Content-Disposition", "inline")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(pic.body) // a reader who has gone needs no answer
	}
}

// picture is what is known of a picture, or what its origin says now. busy: too many are
// being fetched, or the reader has gone.
func (p *Proxy) picture(ctx context.Context, src string) (pic *cached, busy bool) {
	if pic := p.cache.get(src, p.options.Clock()); pic != nil {
		return pic, false
	}
	done := p.flight.DoChan(src, func() (any, error) {
		select {
		case p.slots <- struct{}{}:
			defer func() { <-p.slots }()
		default:
			return (*cached)(nil), nil
		}
		// Others may wait for it when the first reader has gone.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.options.Timeout)
		defer cancel()
		body, err := p.options.Get.Picture(ctx, src)
		pic := p.judge(src, body, err)
		p.cache.put(pic)
		return pic, nil
	})
	select {
	case <-ctx.Done():
		return nil, true
	case result := <-done:
		pic, _ = result.Val.(*cached)
		return pic, pic == nil
	}
}

// judge is what came of a fetch.
func (p *Proxy) judge(src string, body []byte, err error) *cached {
	pic := &cached{src: src, until: p.options.Clock().Add(failedTime)}
	if err != nil || len(body) > MaxSize {
		return pic
	}
	if pic.typ = typeOf(body); pic.typ == "" {
		return pic
	}
	sum := sha256.Sum256(body)
	pic.body, pic.tag = body, `"`+hex.EncodeToString(sum[:16])+`"`
	pic.until = p.options.Clock().Add(freshTime)
	return pic
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// Door is the path that a Proxy answers below.
const Door = feed.ImagePath
