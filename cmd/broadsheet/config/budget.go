package config

import (
	"net"
	"time"

	"broadsheet/sources/fetch"
)

// Budget tells whose limits a request to a URL's host counts against, and how
// long is rested there between two: an exception for the host (with or without
// its port) or for its domain, else the domain with the limits of all.
func (f Fetch) Budget(host string) (name string, gap time.Duration) {
	name, _, gap = f.budget("http://" + host)
	return name, gap
}

// HoldAlone tells whether a 429 or 503 of a URL's host holds only the feed that
// was answered so.
func (f Fetch) HoldAlone(host string) bool {
	name, _, _ := f.budget("http://" + host)
	return f.Hosts[name].Hold == "source"
}

// budget is Budget for a whole URL, with the number of requests at once.
func (f Fetch) budget(rawURL string) (name string, slots int, gap time.Duration) {
	host, domain, err := fetch.HostOf(rawURL)
	if err != nil {
		return host, 1, f.HostGap
	}
	plain := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		plain = h
	}
	for _, name := range []string{host, plain, domain} {
		if h, ok := f.Hosts[name]; ok {
			return name, h.Concurrency, h.Gap
		}
	}
	return domain, 1, f.HostGap
}
