package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// exposed compares what an Access holds; cmp itself would print it.
var exposed = cmp.Transformer("exposed", func(a feed.Access) map[string]any {
	return map[string]any{"user": a.User, "password": a.Password, "bearer": a.Bearer, "headers": a.Headers,
		"certificate": string(a.Certificate), "key": string(a.Key), "ca": string(a.CA), "proxy": a.Proxy}
})

// A feed's own access wins over its source's, that over a profile's, key by key;
// a name and password leave the url.
func TestEachFeedHasItsOwnAccess(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSection+`
defaults: {source: {headers: {User-Agent: Reader/1}}}
profiles:
  club: {auth: {user: reader, password: "${SECRET}"}, proxy: "http://proxy.example:3128"}
sources:
  - {name: open, url: https://open.example/feed}
  - {name: direct, url: https://direct.example/feed, terms: full, profile: club, proxy: none}
  - name: several
    profile: club
    terms: full
    headers: {x-api-key: "${SECRET}"}
    feeds:
      - {url: "https://several.example/1"}
      - {url: "https://several.example/2", auth: {bearer: "${SECRET}"}, headers: {Cookie: a=b}}
  - {name: in-url, url: "https://reader:p%40ss@in-url.example:8443/feed?x=%2F", terms: full}
`)
	got := map[string][]feed.Access{}
	for _, o := range paper.Outlets {
		for _, f := range o.Feeds {
			got[o.Name] = append(got[o.Name], f.Access)
		}
	}
	const secret = "hidden value"
	want := map[string][]feed.Access{
		"open":   {{Headers: map[string]string{"User-Agent": "Reader/1"}}},
		"direct": {{User: "reader", Password: secret, Headers: map[string]string{"User-Agent": "Reader/1"}}},
		"several": {
			{User: "reader", Password: secret, Proxy: "http://proxy.example:3128",
				Headers: map[string]string{"X-Api-Key": secret}},
			{Bearer: secret, Proxy: "http://proxy.example:3128", Headers: map[string]string{"Cookie": "a=b"}},
		},
		"in-url": {{User: "reader", Password: "p@ss", Headers: map[string]string{"User-Agent": "Reader/1"}}},
	}
	if diff := cmp.Diff(want, got, exposed); diff != "" {
		t.Error(diff)
	}
	if u := paper.Outlets[3].Feeds[0].URL; u != "https://in-url.example:8443/feed?x=%2F" {
		t.Errorf("the url is %s", u)
	}
}

// keyPair makes a certificate and its key.
func keyPair(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "reader"},
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs}))
}

func TestCertificatesAreReadWithTheConfiguration(t *testing.T) {
	certificate, key := keyPair(t)
	_, other := keyPair(t)
	text := someSite + someSection + "sources: [{name: a, url: https://a.example/feed, terms: full, ca: ca.pem,\n" +
		"  auth: {certificate: client.pem, key: client.key}}]\n"
	for _, tc := range []struct {
		name, key string
		mode      os.FileMode
		says      string
	}{
		{"good", key, 0o600, ""},
		{"of another", other, 0o600, "config.yaml:4:23: sources.auth.certificate: the key is not that of the certificate"},
		{"encrypted", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", 0o600,
			"config.yaml:4:23: sources.auth.certificate: the key is encrypted"},
		{"open to all", key, 0o644, `config.yaml:4:40: sources.auth.key: the file "client.key" can be read by every user`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := write(t, "config.yaml", text, "client.pem", certificate, "ca.pem", certificate)
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), "client.key"), []byte(tc.key), tc.mode); err != nil {
				t.Fatal(err)
			}
			paper, problems := Load(path, Env{})
			if tc.says != "" {
				if !strings.Contains(problems.String(), tc.says) {
					t.Errorf("%s", problems)
				}
				return
			}
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			want := feed.Access{Certificate: []byte(certificate), Key: []byte(key), CA: []byte(certificate)}
			if diff := cmp.Diff(want, paper.Outlets[0].Feeds[0].Access, exposed); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// T-25: what a source is let in with is not sent to several origins because it has
// feeds at several, be it only http beside https; what lets nobody in may be.
func TestCredentialsAreNotHandedToSeveralOrigins(t *testing.T) {
	certificate, key := keyPair(t)
	const many = `feeds: [{url: "https://a.example/1"}, {url: "https://b.example/2"}]`
	for keys, says := range map[string]string{
		"auth: {bearer: x}, " + many:                                                                                    `config.yaml:3:97: sources.auth: would be sent to https://a.example and to https://b.example, which are two origins; write auth under each feed that it is for`,
		`auth: {user: u, password: "${UNSET}"}, ` + many:                                                                "two origins; write auth under",
		"auth: {certificate: c.pem, key: c.key}, " + many:                                                               "two origins; write auth under",
		"profile: club, " + many:                                                                                        "sources.auth: would be sent to https://a.example and to https://b.example",
		"headers: {Accept: x, x-api-key: y}, " + many:                                                                   "sources.headers.x-api-key: would be sent to https://a.example and to https://b.example, which are two origins; write headers under",
		"headers: {Accept: x, user-agent: y}, " + many:                                                                  "",
		"ca: c.pem, proxy: \"http://u:p@proxy.example\", " + many:                                                       "",
		`auth: {bearer: x}, feeds: [{url: "https://a.example/1"}, {url: "http://a.example/2"}]`:                         "to https://a.example and to http://a.example,",
		`auth: {bearer: x}, feeds: [{url: "https://a.example/1"}, {url: "https://a.example:8443/2"}]`:                   "to https://a.example:8443,",
		`auth: {bearer: x}, feeds: [{url: "https://a.example/1"}, {url: "https://sub.a.example/2"}]`:                    "to https://sub.a.example,",
		`auth: {bearer: x}, feeds: [{url: "https://a.example/1"}, {url: "https://A.example:443/2"}]`:                    "",
		`auth: {bearer: x}, feeds: [{url: "https://a.example/1"}, {url: "https://b.example/2", auth: {bearer: y}}]`:     "",
		`auth: {bearer: x}, feeds: [{url: "https://b.example/1", auth: {bearer: y}}, {url: "https://a.example/2"}]`:     "",
		`headers: {Cookie: x}, feeds: [{url: "https://a.example/1"}, {url: "https://b.example/2", headers: {From: y}}]`: "",
	} {
		path := write(t, "config.yaml", someSite+someSection+"sources: [{name: a, terms: full, "+keys+"}]\nprofiles: {club: {auth: {bearer: x}}}\n",
			"c.pem", certificate, "c.key", key)
		_, problems := Load(path, Env{})
		if !strings.Contains(problems.String(), says) || (says == "") == problems.Failed() {
			t.Errorf("%s: %t, %s", keys, problems.Failed(), problems)
		}
	}
}

// A file of authorities for all sources is read and kept once, not for each feed.
func TestAuthoritiesOfAllAreKeptOnce(t *testing.T) {
	certificate, _ := keyPair(t)
	paper := load(t, "config.yaml", someSite+someSection+"defaults: {source: {ca: ca.pem}}\n"+
		"sources:\n  - {name: a, url: https://a.example/}\n  - {name: b, feeds: [{url: https://b.example/1}, {url: https://b.example/2, ca: ./ca.pem}]}\n",
		"ca.pem", certificate)
	first := paper.Outlets[0].Feeds[0].Access.CA
	for _, f := range append(paper.Outlets[0].Feeds, paper.Outlets[1].Feeds...) {
		if string(f.Access.CA) != certificate || &f.Access.CA[0] != &first[0] {
			t.Errorf("%s has authorities of its own", f.URL)
		}
	}
}

// Where a variable of an access is not set, the feed says which, so that it is
// not asked without.
func TestAnAccessSaysWhatIsMissing(t *testing.T) {
	for keys, want := range map[string]string{
		`url: "https://a.example/"`:                                                   "",
		`url: "https://${UNSET}.example/"`:                                            "url",
		`url: "https://u:${UNSET}@a.example/"`:                                        "url",
		`url: "https://a.example/", auth: {user: "${UNSET}", password: x}`:            "auth.user",
		`url: "https://a.example/", auth: {user: u, password: "${UNSET}"}`:            "auth.password",
		`url: "https://a.example/", auth: {bearer: "${file:none}"}`:                   "auth.bearer",
		`url: "https://a.example/", auth: {certificate: "${UNSET}", key: x}`:          "auth.certificate",
		`url: "https://a.example/", auth: {certificate: x, key: "${UNSET}"}`:          "auth.key",
		`url: "https://a.example/", headers: {From: x, X-Key: "${UNSET}"}`:            "headers.X-Key",
		`url: "https://a.example/", proxy: "http://${UNSET}@proxy.example"`:           "proxy",
		`url: "https://a.example/", ca: "${UNSET}"`:                                   "ca",
		`feeds: [{url: "https://a.example/"}], proxy: "http://${UNSET}"`:              "proxy",
		`feeds: [{url: "https://a.example/", proxy: none}], proxy: "http://${UNSET}"`: "",
		`url: "https://a.example/", note: "${UNSET}"`:                                 "",
	} {
		paper, problems := Load(write(t, "config.yaml", someSite+someSection+"sources: [{name: a, terms: full, "+keys+"}]"), Env{})
		if paper == nil {
			t.Errorf("%s: %s", keys, problems)
			continue
		}
		if got := paper.Outlets[0].Feeds[0].Access.Missing; got != want {
			t.Errorf("%s: %q is missing", keys, got)
		}
	}
}

// DESIGN §7: what was read with credentials is public only if the stanza says so,
// also where the credentials are variables that are not set here.
func TestCredentialsNeedTerms(t *testing.T) {
	for keys, needed := range map[string]bool{
		"url: https://a.example/": false,
		`url: "https://a.example/", headers: {User-Agent: x, Accept: y}`: false,
		`url: "https://a.example/", ca: ca.pem`:                          false,
		`url: "https://a.example/", proxy: "http://u:p@proxy.example"`:   false,
		`url: "https://a.example/@user?x@y"`:                             false,
		`url: "https://a.example?by=x@y"`:                                false,
		`url: "https://a.example?by=${UNSET}@y"`:                         false,
		`url: "https://a.example#x@y"`:                                   false,
		`url: "https://user@a.example?x"`:                                true,
		`url: "https://user@a.example/"`:                                 true,
		`url: "https://user:${UNSET}@a.example/"`:                        true,
		`url: "https://a.example/", auth: {bearer: "${UNSET}"}`:          true,
		`url: "https://a.example/", headers: {X-Key: "${UNSET}"}`:        true,
		`feeds: [{url: "https://user:${UNSET}@a.example/"}]`:             true,
		`feeds: [{url: "https://a.example/", auth: {bearer: a}}]`:        true,
	} {
		certificate, _ := keyPair(t)
		for _, terms := range []string{"", ", terms: full"} {
			path := write(t, "config.yaml", someSite+someSection+"sources: [{name: a, "+keys+terms+"}]", "ca.pem", certificate)
			_, problems := Load(path, Env{})
			refused := strings.Contains(problems.String(), "write terms: full")
			if want := needed && terms == ""; refused != want {
				t.Errorf("%s%s: refused is %t: %s", keys, terms, refused, problems)
			}
		}
	}
}
