package config

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"broadsheet/sources/fetch"
)

// Serve is how readers are answered.
type Serve struct {
	TLS  TLS
	HTTP string // where plain http is sent on to https, as Listen; empty is nowhere
	XML  bool   // feeds are called application/xml
}

// TLS is how readers are answered over https; the zero value is not at all.
type TLS struct {
	Certificate, Key string   // paths of PEM files; empty with ACME
	ACME             []string // host names to get certificates for
	Email            string   // whom the authority may write to; may be empty
	Cache            string   // path of the folder for what the authority gives
	Directory        string   // of the authority
}

// On reports whether readers are answered over https.
func (t TLS) On() bool { return t.Certificate != "" || len(t.ACME) > 0 }

// readers is how readers are answered, below the public address site.
func (b *builder) readers(site string) Serve {
	s := &b.file.Serve
	out := Serve{HTTP: string(s.HTTP.V), XML: s.XMLType.V == "xml"}
	if t := s.TLS.Block; t != nil {
		out.TLS = b.tlsOf(t)
		if out.TLS.On() && strings.HasPrefix(site, "http:") && b.file.Site.URL.good() {
			b.found.warn(b.file.Site.URL.Pos, "site.url",
				"begins with http:, and readers are answered over https (serve.tls); write https:")
		}
	}
	switch {
	case !s.HTTP.good():
	case !out.TLS.On() && !s.TLS.isSet():
		b.found.refuse(s.HTTP.Pos, "serve.http",
			"sends readers on to https, and there is no serve.tls; plain http is served on listen")
	case out.HTTP == string(s.Listen.V) || out.HTTP == string(s.Admin.V):
		b.found.refuse(s.HTTP.Pos, "serve.http", "is an address of listen or admin, too (%s); give it one of its own", out.HTTP)
	}
	return out
}

func (b *builder) tlsOf(t *tlsBlock) TLS {
	b.shapes.fillValue(t)
	files := t.Certificate.isSet() || t.Key.isSet()
	switch {
	case files && len(t.ACME.Items) > 0:
		b.found.refuse(t.Pos, "serve.tls", "has certificate and key, and acme; take one of them out")
		return TLS{}
	case files:
		return b.certificateFiles(t)
	case len(t.ACME.Items) == 0 && !t.ACME.isSet():
		if t.Pos.Line > 0 {
			b.found.refuse(t.Pos, "serve.tls", "has no certificate; write {certificate, key} or {acme: [news.example.org]}")
		}
		return TLS{}
	}
	out := TLS{Email: string(t.Email.V), Cache: b.path(string(t.Cache.V)), Directory: string(t.Directory.V)}
	if contact := string(b.file.Site.Contact.V); !t.Email.isSet() && strings.Contains(contact, "@") && !strings.Contains(contact, "/") {
		out.Email = contact
	}
	if strings.TrimSpace(string(t.Cache.V)) == "" && t.Cache.good() {
		b.found.refuse(t.Cache.Pos, "serve.tls.cache", "is empty; write the path of a folder such as acme")
	}
	if t.Directory.good() && !strings.HasPrefix(out.Directory, "https:") {
		b.found.refuse(t.Directory.Pos, "serve.tls.directory", "begins with http:; an ACME authority is asked over https only")
	}
	for _, name := range t.ACME.Items {
		if !name.good() {
			continue
		}
		host := strings.ToLower(string(name.V))
		if why := notCertified(host); why != "" {
			b.found.refuse(name.Pos, "serve.tls.acme", "%s %s", quote(name.Raw), why)
			continue
		}
		out.ACME = append(out.ACME, host)
	}
	return out
}

// notCertified says why an authority gives no certificate for what was written; empty if
// it may.
func notCertified(host string) string {
	u, err := url.Parse("https://" + host)
	_, notIP := netip.ParseAddr(host)
	switch _, _, badPort := net.SplitHostPort(host); {
	case strings.Contains(host, "*"):
		return "is a wildcard, which the challenges of this program cannot prove; name each host"
	case strings.Contains(host, "/"), badPort == nil:
		return "is not a host name alone; write for example news.example.org, without scheme, port and path"
	case notIP == nil:
		return "is an address; write the host name that readers use"
	case err != nil || u.Hostname() != host || !strings.Contains(strings.Trim(host, "."), "."):
		return "is not a public host name; write for example news.example.org"
	}
	return ""
}

// certificateFiles checks the files as they are now; they are read again when they change.
func (b *builder) certificateFiles(t *tlsBlock) TLS {
	for _, v := range []struct {
		key string
		*value[line]
	}{{"certificate", &t.Certificate}, {"key", &t.Key}} {
		if !v.isSet() {
			b.found.refuse(t.Pos, "serve.tls."+v.key, "is missing; certificate and key belong together")
			return TLS{}
		}
	}
	if !t.Certificate.good() || !t.Key.good() {
		return TLS{}
	}
	certificate, first := b.pem("serve.tls.certificate", &t.Certificate)
	key, second := b.pem("serve.tls.key", &t.Key)
	if first && second {
		if err := fetch.CheckCertificate(certificate, key); err != nil {
			b.found.refuse(t.Certificate.Pos, "serve.tls.certificate", "%s", err)
		}
		b.secret("serve.tls.key", &t.Key)
	}
	return TLS{Certificate: b.path(string(t.Certificate.V)), Key: b.path(string(t.Key.V))}
}
