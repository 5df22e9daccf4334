package config

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"broadsheet/feed"
	"broadsheet/sources/fetch"
)

// maxPEM is the size of a file of certificates: all that a system trusts has a
// quarter of it.
const maxPEM = 1 << 20

// openDefaults refuses defaults that would tell every origin a secret.
func (b *builder) openDefaults() {
	a := &b.file.Defaults.Source.accessBlock
	if a.Auth.isSet() {
		b.found.refuse(a.Auth.Pos, "defaults.source.auth",
			"would be sent to every origin; write it under the sources, or into a profile that they name")
		a.Auth = some[authBlock]{}
	}
	a.Headers.Items = slices.DeleteFunc(a.Headers.Items, func(h entry[value[line]]) bool {
		open := feed.OpenHeader(http.CanonicalHeaderKey(h.Name))
		if !open {
			b.found.refuse(h.Pos, "defaults.source.headers."+h.Name,
				"would be sent to every origin; write it under the sources, or into a profile that they name")
		}
		return !open
	})
}

// access reads how a feed is got at, files and all.
func (b *builder) access(a *accessBlock) feed.Access {
	out := feed.Access{Headers: b.headers(a), Proxy: string(a.Proxy.V), Missing: a.missing()}
	if a.Proxy.Unsure {
		out.Proxy = ""
	}
	if a.Auth.isSet() {
		b.auth(a.Auth.Block, &out)
	}
	if _, twice := out.Headers["Authorization"]; twice && a.Auth.isSet() && (out.Basic() || out.Bearer != "") {
		b.found.refuse(a.Auth.Pos, "sources.auth",
			"and the header Authorization say two things; take one of them out")
	}
	if a.CA.good() {
		var ok bool
		if out.CA, ok = b.pem("sources.ca", &a.CA); ok {
			if err := fetch.CheckCA(out.CA); err != nil {
				b.found.refuse(a.CA.Pos, "sources.ca", "the file %s %s", quote(a.CA.Raw), err)
			}
		}
	}
	return out
}

// missing is the first key of which a variable is not set; empty if none is.
func (a *accessBlock) missing() string {
	auth := &authBlock{}
	if a.Auth.isSet() {
		auth = a.Auth.Block
	}
	for _, k := range []struct {
		key    string
		unsure bool
	}{
		{"auth.user", auth.User.Unsure}, {"auth.password", auth.Password.Unsure}, {"auth.bearer", auth.Bearer.Unsure},
		{"auth.certificate", auth.Certificate.Unsure}, {"auth.key", auth.Key.Unsure},
		{"ca", a.CA.Unsure}, {"proxy", a.Proxy.Unsure},
	} {
		if k.unsure {
			return k.key
		}
	}
	for i := range a.Headers.Items {
		if a.Headers.Items[i].Value.Unsure {
			return "headers." + a.Headers.Items[i].Name
		}
	}
	return ""
}

// auth checks what lets us in, and reads it.
func (b *builder) auth(a *authBlock, out *feed.Access) {
	pair := func(has, needs *value[line], key, why string) {
		if has.isSet() && !needs.isSet() {
			b.found.refuse(has.Pos, "sources.auth."+key, "is missing; %s", why)
		}
	}
	pair(&a.User, &a.Password, "password", `write password: "" if there is none`)
	pair(&a.Password, &a.User, "user", "a password goes with a user; a token is written as bearer")
	pair(&a.Certificate, &a.Key, "key", "write the file of the certificate's key; it may be the same")
	pair(&a.Key, &a.Certificate, "certificate", "write the file of the certificate")
	switch user := string(a.User.V); {
	case a.User.isSet() && a.Bearer.isSet():
		b.found.refuse(a.Bearer.Pos, "sources.auth.bearer",
			"and user say two things; take one of them out")
	case a.User.good() && (user == "" || strings.Contains(user, ":")):
		b.found.refuse(a.User.Pos, "sources.auth.user", "is empty or has a colon in it, which no name may have")
	case !a.User.isSet() && !a.Bearer.isSet() && !a.Certificate.isSet() && !a.Key.isSet() &&
		!a.Password.isSet() && !a.Odd && a.Pos.Line > 0:
		b.found.refuse(a.Pos, "sources.auth",
			"lets nobody in; write {user, password}, {bearer} or {certificate, key}")
	}
	for _, v := range []struct {
		key string
		*value[line]
	}{{"user", &a.User}, {"password", &a.Password}, {"bearer", &a.Bearer}} {
		if err := fetch.CheckHeader("Authorization", string(v.V)); v.good() && err != nil {
			b.found.refuse(v.Pos, "sources.auth."+v.key, "%s", err)
		}
	}
	out.User, out.Password, out.Bearer = string(a.User.V), string(a.Password.V), string(a.Bearer.V)
	if a.Bearer.good() && out.Bearer == "" {
		b.found.refuse(a.Bearer.Pos, "sources.auth.bearer", "is empty; write the token, for example ${TOKEN}")
	}
	b.certificate(a, out)
}

// certificate reads a client certificate and its key.
func (b *builder) certificate(a *authBlock, out *feed.Access) {
	if !a.Certificate.good() || !a.Key.good() {
		return
	}
	var first, second bool
	out.Certificate, first = b.pem("sources.auth.certificate", &a.Certificate)
	out.Key, second = b.pem("sources.auth.key", &a.Key)
	if !first || !second {
		return
	}
	if err := fetch.CheckCertificate(out.Certificate, out.Key); err != nil {
		b.found.refuse(a.Certificate.Pos, "sources.auth.certificate", "%s", err)
		return
	}
	b.secret("sources.auth.key", &a.Key)
}

// secret warns of a file of a key that everybody can read.
func (b *builder) secret(key string, v *value[line]) {
	const others = 0o007
	if info, err := os.Stat(b.path(string(v.V))); err == nil && info.Mode().Perm()&others != 0 {
		b.found.warn(v.Pos, key, "the file %s can be read by every user of this machine; take that away with chmod o= %s",
			quote(v.Raw), v.Raw)
	}
}

// pemFile is what came of reading a file of certificates or keys.
type pemFile struct {
	data []byte
	err  error
}

// pem reads a file of certificates or keys, once for all feeds that name it, as
// the configuration is loaded.
func (b *builder) pem(key string, v *value[line]) (data []byte, ok bool) {
	path := b.path(string(v.V))
	f, known := b.pems[path]
	if !known {
		f.data, f.err = readFile(path, maxPEM)
		b.pems[path] = f
	}
	data, err := f.data, f.err
	switch {
	case err != nil:
		b.found.refuse(v.Pos, key, "the file %s cannot be read: %s", quote(v.Raw), reason(err))
		return nil, false
	case len(data) > maxPEM:
		b.found.refuse(v.Pos, key, "the file %s is larger than 1 MiB, too large for certificates", quote(v.Raw))
		return nil, false
	}
	return data, true
}

// headers are those of a feed, by canonical name; nil if there are none.
func (b *builder) headers(a *accessBlock) map[string]string {
	var out map[string]string
	for i := range a.Headers.Items {
		h := &a.Headers.Items[i]
		key, name := "sources.headers."+h.Name, http.CanonicalHeaderKey(h.Name)
		if err := fetch.CheckHeader(name, string(h.Value.V)); err != nil {
			b.found.refuse(h.Pos, key, "%s", err)
			continue
		}
		if _, twice := out[name]; twice {
			b.found.refuse(h.Pos, key, "the header is written twice; join the two")
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = string(h.Value.V)
	}
	return out
}

// userinfo takes the name and password out of a feed's url, so that neither the
// store nor anything that names the feed holds them.
func (b *builder) userinfo(sub *feed.Subscription, u *url.URL, f *feedBlock, key string) {
	if u.User == nil {
		return
	}
	if sub.Access.Basic() || sub.Access.Bearer != "" || sub.Access.Headers["Authorization"] != "" {
		b.found.refuse(f.URL.Pos, key,
			"has a name and password in it beside those of auth or headers; take one of them out")
	}
	sub.Access.User = u.User.Username()
	sub.Access.Password, _ = u.User.Password()
	u.User = nil
	sub.URL = u.String()
}

// terms refuses to publish what was read with credentials unless the stanza says
// that it may be.
func (b *builder) terms(s *sourceBlock, feeds []feed.Subscription) {
	if s.Terms.isSet() || s.Pos.Line == 0 {
		return
	}
	private := s.Auth.isSet() || hasUser(s.URL.Raw)
	for i, f := range feeds {
		private = private || f.Access.Credentials()
		if i < len(s.Feeds.Items) {
			private = private || s.Feeds.Items[i].Auth.isSet() || hasUser(s.Feeds.Items[i].URL.Raw)
		}
	}
	if private {
		b.found.refuse(s.Pos, "sources.terms",
			"is missing: the source is read with credentials, and what it brings is published to everyone; "+
				"write terms: full if its terms of use allow that")
	}
}

// hasUser reports whether a url as written has a name in it, which may be a
// variable that is not set.
func hasUser(raw string) bool {
	_, rest, _ := strings.Cut(raw, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 { // RFC 3986 §3.2
		rest = rest[:end]
	}
	return strings.Contains(rest, "@")
}
