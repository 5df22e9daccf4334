package fakeweb

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"time"
)

// issuer is a certificate authority of one web. One key serves it and all hosts:
// nothing here is secret.
type issuer struct {
	key   *ecdsa.PrivateKey
	root  *x509.Certificate
	certs map[string]*tls.Certificate
}

// Certificates hold in every time that a test may pretend: bubbles begin in 2000.
var (
	validFrom = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	validTo   = time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Roots trusts the authority of this web, and no other.
func (w *Web) Roots() *x509.CertPool {
	w.mu.Lock()
	defer w.mu.Unlock()
	pool := x509.NewCertPool()
	pool.AddCert(w.authority().root)
	return pool
}

// secure makes c the server's end of a TLS connection to host.
func (w *Web) secure(c net.Conn, host string) net.Conn {
	return tls.Server(c, &tls.Config{
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.authority().certificate(host)
		},
	})
}

// authority is made when first needed. The caller holds w.mu.
func (w *Web) authority() *issuer {
	if w.issuer == nil {
		w.issuer = newIssuer()
	}
	return w.issuer
}

// newIssuer panics if the system has no randomness: there is no test to go on with.
func newIssuer() *issuer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	i := &issuer{key: key, certs: map[string]*tls.Certificate{}}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fakeweb"},
		NotBefore: validFrom, NotAfter: validTo,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	if i.root, err = x509.ParseCertificate(der); err != nil {
		panic(err)
	}
	return i
}

// certificate is the one of host, made when first needed.
func (i *issuer) certificate(host string) (*tls.Certificate, error) {
	if c := i.certs[host]; c != nil {
		return c, nil
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(i.certs) + 2)),
		Subject:      pkix.Name{CommonName: host},
		NotBefore:    validFrom, NotAfter: validTo,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		leaf.IPAddresses = []net.IP{ip}
	} else {
		leaf.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, i.root, &i.key.PublicKey, i.key)
	if err != nil {
		return nil, err
	}
	c := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: i.key}
	i.certs[host] = c
	return c, nil
}
