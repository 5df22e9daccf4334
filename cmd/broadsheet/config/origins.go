package config

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/feed"
	"broadsheet/sources/fetch"
)

// inheritance watches which origins the credentials of a source go to by way of
// its feeds: what was given for one must not be told to another, nor to the same
// host over http beside https.
type inheritance struct {
	b     *builder
	first map[string]string // by credential: the origin of the first feed that takes it over
}

// feed hands a source's access down to one of its feeds.
func (in *inheritance) feed(f *feedBlock, s *sourceBlock) {
	var taken []string
	if !f.Auth.isSet() && s.Auth.isSet() {
		taken = append(taken, "auth")
	}
	if !f.Headers.isSet() {
		for i := range s.Headers.Items {
			if name := s.Headers.Items[i].Name; !feed.OpenHeader(http.CanonicalHeaderKey(name)) {
				taken = append(taken, "headers."+name)
			}
		}
	}
	inherit(&f.accessBlock, &s.accessBlock)
	origin := originOf(&f.URL)
	if origin == "" {
		return
	}
	for _, key := range taken {
		switch first, known := in.first[key]; {
		case !known:
			in.first[key] = origin
		case first != origin:
			block, _, _ := strings.Cut(key, ".")
			in.b.found.refuse(f.URL.Pos, "sources."+key,
				"would be sent to %s and to %s, which are two origins; write %s under each feed that it is for",
				first, origin, block)
		}
	}
}

// originOf is the scheme, host and port of a feed's url, in the form in which
// equal ones are equal; empty if something is wrong with it, which was told.
func originOf(v *value[webURL]) string {
	u, err := url.Parse(string(v.V))
	if err != nil || !v.good() {
		return ""
	}
	host, _, err := fetch.HostOf(string(v.V))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Scheme) + "://" + host
}
