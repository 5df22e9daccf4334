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

// Place tells which budget a request to a URL counts against, the server that it goes to,
// and how many requests may run in that budget at once.
func (f Fetch) Place(rawURL string) (budget, server string, slots int, err error) {
	if server, _, err = fetch.HostOf(rawURL); err != nil {
		return "", "", 0, err
	}
	budget, slots, _ = f.budget(rawURL)
	return budget, server, slots, nil
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
