package serve

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"broadsheet/feed"
)

// copies is a document as it can be sent. Values of header fields are made once
// and shared by all answers, which therefore cost no memory of their own; they
// must not be changed.
type copies struct {
	variants [codings]variant
	kind     kind
	private  bool   // for those only who know its address
	hash     string // of the identity bytes
	unix     int64  // when it was last modified, in seconds
	http     string // the same as in a header field
	lastMod  []string
	typ      []string // media type
	xml      []string // the same for a site whose feeds are shown by browsers
	cache    []string // Cache-Control
	robots   []string // X-Robots-Tag; nil for none

	// link is made when the document is first asked for, by Readers, who know the
	// site; nil before that.
	link atomic.Pointer[[]string]
}

// variant is a document in one content coding.
type variant struct {
	coding []string // Content-Encoding; nil for none
	tag    string   // the entity tag without its quotes; empty if there is no such copy
	body   []byte
	etag   []string
	length []string
}

// What caches may do (RFC 9111 §5.2.2, RFC 5861). After its time a copy may be shown
// for as long once more while a new one is fetched, and for a day if we do not answer,
// because yesterday's paper is better than none.
const (
	cachePublic = "public, max-age=%[1]d, stale-while-revalidate=%[1]d, stale-if-error=86400"
	// cachePrivate keeps a private section out of all caches that several people share.
	cachePrivate = "private, max-age=%d, stale-if-error=86400"
	// cacheMissing is short: the section may be there in a minute.
	cacheMissing = "public, max-age=60"
	// cacheMoved is longer: an old name seldom gets a section of its own again.
	cacheMoved = "public, max-age=3600"
	// cacheNothing is for what is wrong just now.
	cacheNothing = "no-store"
	// freshUnsaid is for a document that does not say how long it is fresh.
	freshUnsaid = 5 * time.Minute
)

func newCopies(doc feed.Document) *copies {
	modified := doc.Modified.UTC().Format(http.TimeFormat)
	c := &copies{
		kind:    kindOf(doc),
		private: strings.HasPrefix(doc.Path, feed.PrivatePath),
		hash:    doc.Hash,
		unix:    doc.Modified.Unix(),
		http:    modified,
		lastMod: []string{modified},
		typ:     []string{doc.MediaType},
	}
	c.xml = c.typ
	if c.kind.xml {
		c.xml = valueXML
	}
	fresh, cache := doc.Fresh, cachePublic
	if fresh <= 0 {
		fresh = freshUnsaid
	}
	if c.private {
		cache, c.robots = cachePrivate, valueNoIndex
	}
	c.cache = []string{fmt.Sprintf(cache, int64(fresh/time.Second))}
	for k, body := range [codings][]byte{doc.Body, doc.Gzip, doc.Zstd, doc.Brotli} {
		if coding(k) != identity && body == nil {
			continue
		}
		tag := doc.Hash + suffixes[k]
		c.variants[k] = variant{
			tag: tag, body: body,
			etag:   []string{`"` + tag + `"`},
			length: []string{strconv.Itoa(len(body))},
		}
		if coding(k) != identity {
			c.variants[k].coding = []string{tokens[k]}
		}
	}
	return c
}

// size is about how much memory it takes, in bytes.
func (c *copies) size() int {
	const overhead = 1024 // its headers
	n := overhead
	for k := range c.variants {
		n += len(c.variants[k].body)
	}
	return n
}

// named gives the copy that an entity tag names; nil if none does. What a server in
// front of us codes itself has our tag with its own suffix: that is one of ours too,
// though we have no such copy.
func (c *copies) named(tag string) *variant {
	suffix, ok := strings.CutPrefix(tag, c.hash)
	if !ok {
		return nil
	}
	for k := range suffixes {
		if suffix == suffixes[k] {
			if v := &c.variants[k]; v.tag != "" {
				return v
			}
			return &c.variants[identity]
		}
	}
	return nil
}

// kind is what kind of document it is.
type kind struct {
	route string // one of few words, for counting
	feed  bool
	xml   bool // that browsers offer to save, unless it is called plain XML
}

var (
	kindPage = kind{route: "page"}
	kindFile = kind{route: "file"}
	kinds    = map[string]kind{
		"text/html":             kindPage,
		"application/rss+xml":   {route: "rss", feed: true, xml: true},
		"application/atom+xml":  {route: "atom", feed: true, xml: true},
		"application/feed+json": {route: "json", feed: true},
		"text/x-opml":           {route: "opml", xml: true},
	}
)

func kindOf(doc feed.Document) kind {
	mediaType, _, _ := strings.Cut(doc.MediaType, ";")
	if k, ok := kinds[mediaType]; ok {
		return k
	}
	return kindFile
}
