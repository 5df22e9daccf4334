package fetch

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"broadsheet/feed"
)

// abroad is what of an Access holds beyond its origin: whom to trust and which
// way to take, and nothing that lets anyone in.
func abroad(a feed.Access) feed.Access { return feed.Access{CA: a.CA, Proxy: a.Proxy} }

// admit puts into a request what lets its sender in.
func admit(r *http.Request, a feed.Access) {
	for name, value := range a.Headers {
		r.Header[name] = []string{value}
	}
	switch {
	case a.Basic():
		r.SetBasicAuth(a.User, a.Password)
	case a.Bearer != "":
		r.Header.Set("Authorization", "Bearer "+a.Bearer)
	}
}

// accessKey tells Accesses apart.
type accessKey [sha256.Size]byte

// keyOf is a digest of all of an Access, so that two of them never share a
// connection or anything that is remembered (T-19).
func keyOf(a feed.Access) accessKey {
	h := sha256.New()
	put := func(part []byte) { // lengths keep the parts apart
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	for _, part := range []string{a.User, a.Password, a.Bearer, a.Proxy} {
		put([]byte(part))
	}
	for _, part := range [][]byte{a.Certificate, a.Key, a.CA} { // which may be long: no copies
		put(part)
	}
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
		put([]byte(name))
		put([]byte(a.Headers[name]))
	}
	return accessKey(h.Sum(nil))
}

// secretBits is what stampOf keeps of each secret, as a whole number of bytes: one
// change in 256 goes unseen, and whoever reads the store is left with each 256th
// of all passwords, however few letters they have.
const secretBits = 8

// stampOf tells the Accesses of one feed apart, for a store that others may read:
// it is a digest of all that is no secret, and of secretBits of each secret, which
// are the same wherever that secret is used. Empty for an Access without anything.
func stampOf(a feed.Access) string {
	if a.IsZero() {
		return ""
	}
	h := sha256.New()
	open := func(name string, value []byte) {
		fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(value))
	}
	secret := func(name, value string) {
		sum := sha256.Sum256([]byte(value))
		fmt.Fprintf(h, "%q %x %t\n", name, sum[:secretBits/8], value != "")
	}
	open("ca", a.CA)
	open("certificate", a.Certificate) // shown to anyone who asks; its key comes and goes with it
	secret("user", a.User)
	secret("password", a.Password)
	secret("bearer", a.Bearer)
	if proxy, err := url.Parse(a.Proxy); err == nil {
		secret("proxy", proxy.User.String())
		proxy.User = nil
		open("proxy", []byte(proxy.String()))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
		if value := a.Headers[name]; feed.OpenHeader(name) {
			open(name, []byte(value))
		} else {
			secret(name, value)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:stampSize])
}

// stampSize is the length of a stamp in bytes.
const stampSize = 8

// transportFor is the transport of an Access with that key, made when first needed.
func (c *Client) transportFor(a feed.Access, key accessKey) (*http.Transport, *feed.Error) {
	if a.IsZero() {
		return c.open, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.private[key]; t != nil {
		return t, nil
	}
	security, err := c.security(a)
	if err != nil {
		return nil, &feed.Error{Kind: feed.KindConfig, Text: err.Error()}
	}
	dial := c.line.dial
	if a.Proxy != "" {
		if dial, err = c.line.through(a.Proxy, security.RootCAs); err != nil {
			return nil, &feed.Error{Kind: feed.KindConfig, Text: err.Error()}
		}
	}
	t := transport(dial, security)
	c.private[key] = t
	return t, nil
}

// security is what TLS shows and trusts.
func (c *Client) security(a feed.Access) (*tls.Config, error) {
	s := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.options.Roots}
	if len(a.CA) > 0 {
		roots, err := withSystem(c.options.Roots)
		if err != nil {
			return nil, err
		}
		if err := CheckCA(a.CA); err != nil {
			return nil, err
		}
		roots.AppendCertsFromPEM(a.CA)
		s.RootCAs = roots
	}
	if len(a.Certificate) > 0 {
		pair, err := keyPair(a.Certificate, a.Key)
		if err != nil {
			return nil, err
		}
		s.Certificates = []tls.Certificate{pair}
	}
	return s, nil
}

// withSystem is a copy of roots that may be added to.
func withSystem(roots *x509.CertPool) (*x509.CertPool, error) {
	if roots != nil {
		return roots.Clone(), nil
	}
	system, err := x509.SystemCertPool()
	if err != nil {
		return nil, errors.New("the system's certificate authorities cannot be read")
	}
	return system, nil
}

// CheckCA says what is wrong with the PEM of an Access's authorities.
func CheckCA(pem []byte) error {
	if !x509.NewCertPool().AppendCertsFromPEM(pem) {
		return errors.New("holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")
	}
	return nil
}

// CheckCertificate says what is wrong with the PEM of an Access's certificate and
// key.
func CheckCertificate(certificate, key []byte) error {
	_, err := keyPair(certificate, key)
	return err
}

func keyPair(certificate, key []byte) (tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certificate, key)
	switch {
	case err == nil:
		return pair, nil
	case strings.Contains(string(key), "ENCRYPTED"):
		return pair, errors.New("the key is encrypted; write it without a passphrase, readable to this program only")
	case strings.Contains(err.Error(), "does not match"):
		return pair, errors.New("the key is not that of the certificate")
	case strings.Contains(err.Error(), "certificate"):
		return pair, errors.New("the certificate is none in PEM (-----BEGIN CERTIFICATE-----)")
	default:
		return pair, errors.New("the key is none in PEM (-----BEGIN PRIVATE KEY-----)")
	}
}

// proxySchemes are the ways to speak to a proxy, with their ports.
var proxySchemes = map[string]string{"http": "80", "https": "443", "socks5": "1080"}

// CheckProxy says what is wrong with the URL of an Access's proxy. The error does
// not repeat it: it may hold a password.
func CheckProxy(rawURL string) error {
	_, err := parseProxy(rawURL)
	return err
}

func parseProxy(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, errors.New("is not the URL of a proxy; write for example http://proxy.example:3128")
	case proxySchemes[u.Scheme] == "":
		return nil, errors.New("is not a proxy of a known kind; write http://…, https://… or socks5://… " +
			"(names are looked up here, never by the proxy)")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("has more than a host and a port; write for example http://proxy.example:3128")
	}
	return u, nil
}

// refusedHeaders are those that an operator cannot set, with the reason.
var refusedHeaders = map[string]string{
	"Host":                "the host is that of the url",
	"Connection":          "it is about the connection, which is made here",
	"Keep-Alive":          "it is about the connection, which is made here",
	"Te":                  "it is about the connection, which is made here",
	"Trailer":             "it is about the connection, which is made here",
	"Transfer-Encoding":   "it is about the connection, which is made here",
	"Upgrade":             "it is about the connection, which is made here",
	"Proxy-Authorization": "it is for a proxy; write the name and password into proxy",
	"Proxy-Connection":    "it is about the connection, which is made here",
	"Accept-Encoding":     "bodies are decoded here, under limits",
	"Expect":              "nothing is sent that could be expected",
	"Range":               "a feed is read whole",
}

// CheckHeader says why a header cannot be one of an Access's. name is in canonical
// form (http.CanonicalHeaderKey); the error does not repeat the value.
func CheckHeader(name, value string) error {
	why := refusedHeaders[name]
	switch {
	case strings.HasPrefix(name, "If-"):
		why = "validators are kept and sent by the program"
	case strings.HasPrefix(name, "Content-"):
		why = "nothing is sent that has a content"
	}
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return errors.New("is not the name of a header; write for example X-Api-Key")
	case why != "":
		return fmt.Errorf("cannot be set: %s; take it out", why)
	case !httpguts.ValidHeaderFieldValue(value):
		return errors.New("has a value with a line break or a control character in it")
	}
	return nil
}
