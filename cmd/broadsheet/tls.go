package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/sources/fetch"
)

// security is how readers' connections are secured. The zero value is not at all.
type security struct {
	config *tls.Config
	// plain answers readers who come over plain HTTP.
	plain http.Handler
}

// secure reads the certificate, or gets ready to ask an authority for one, for the
// paper at site.
func secure(conf config.TLS, site string, client *fetch.Client, agent string, log *slog.Logger, clock func() time.Time) (security, error) {
	switch {
	case conf.Certificate != "":
		pair := &certificateFiles{certificate: conf.Certificate, key: conf.Key, log: log, clock: clock}
		if err := pair.load(); err != nil {
			return security{}, fmt.Errorf("serve.tls: %w", err)
		}
		return security{
			config: &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: pair.get},
			plain:  toHTTPS(site),
		}, nil
	case len(conf.ACME) > 0:
		m := &autocert.Manager{
			Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(conf.ACME...),
			Cache: autocert.DirCache(conf.Cache), Email: conf.Email,
			Client: &acme.Client{DirectoryURL: conf.Directory, HTTPClient: client.HTTP(), UserAgent: agent},
		}
		secured := m.TLSConfig() // with the protocol of the TLS-ALPN challenge
		secured.MinVersion = tls.VersionTLS12
		ask := secured.GetCertificate
		secured.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			pair, err := ask(hello)
			if err != nil && autocert.HostWhitelist(conf.ACME...)(hello.Context(), hello.ServerName) == nil {
				log.Error("there is no certificate", "host", hello.ServerName, "error", err)
			}
			return pair, err
		}
		return security{config: secured, plain: m.HTTPHandler(toHTTPS(site))}, nil
	default:
		return security{}, nil
	}
}

// certificateLook is how often the files of a certificate are looked at, at most: at a
// handshake.
const certificateLook = 10 * time.Second

// certificateFiles is a certificate in two files, which somebody else renews.
type certificateFiles struct {
	certificate, key string
	log              *slog.Logger
	clock            func() time.Time

	mu     sync.Mutex // guards what is below
	pair   *tls.Certificate
	read   [2]fileStamp // of the files when pair was read
	looked time.Time
}

// fileStamp is what a changed file has another one of.
type fileStamp struct {
	size     int64
	modified time.Time
}

// load reads the files.
func (f *certificateFiles) load() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refresh(f.stamps())
}

func (f *certificateFiles) refresh(now [2]fileStamp) error {
	f.read, f.looked = now, f.clock()
	pair, err := tls.LoadX509KeyPair(f.certificate, f.key)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", f.certificate, f.key, err)
	}
	f.pair = &pair
	return nil
}

// stamps are those of the two files now; zero for one that is not there just now.
func (f *certificateFiles) stamps() (now [2]fileStamp) {
	for i, path := range []string{f.certificate, f.key} {
		if info, err := os.Stat(path); err == nil {
			now[i] = fileStamp{info.Size(), info.ModTime()}
		}
	}
	return now
}

// get implements tls.Config.GetCertificate. Files that changed are read again; if they
// are no good (one of the two may not be written yet), the last good pair goes on.
func (f *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.clock().Sub(f.looked) < certificateLook {
		return f.pair, nil
	}
	f.looked = f.clock()
	if now := f.stamps(); now != f.read {
		if err := f.refresh(now); err != nil {
			f.log.Error("a changed certificate is not taken; the last one is used", "error", err)
		} else {
			f.log.Info("the certificate was read again", "file", f.certificate)
		}
	}
	return f.pair, nil
}

// toHTTPS sends readers on to where the paper is, whatever host they asked for.
func toHTTPS(site string) http.Handler {
	base, err := url.Parse(site)
	if err != nil {
		base = &url.URL{}
	}
	origin := "https://" + base.Host
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "this is answered over https", http.StatusForbidden)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=3600")
		target := url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
		w.Header().Set("Location", origin+target.EscapedPath()+query(target.RawQuery))
		w.WriteHeader(http.StatusMovedPermanently)
	})
}

func query(raw string) string {
	if raw == "" {
		return ""
	}
	return "?" + raw
}
