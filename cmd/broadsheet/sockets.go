package main

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/coreos/go-systemd/v22/activation"
)

// sockets are those that systemd opened for us, by the names of their units
// (FileDescriptorName); each is taken once.
type sockets map[string][]net.Listener

// inheritedAddress is the word for a socket of systemd, and before a colon and its name.
const inheritedAddress = "systemd"

// inherited reports whether an address means a socket of systemd, and which: the only one,
// if it has no name.
func inherited(addr string) (name string, ok bool) {
	if addr == inheritedAddress {
		return "", true
	}
	return strings.CutPrefix(addr, inheritedAddress+":")
}

// inheritSockets takes over what systemd opened, if one of the addresses asks for it.
func inheritSockets(addrs ...string) (sockets, error) {
	if !slices.ContainsFunc(addrs, func(a string) bool { _, ok := inherited(a); return ok }) {
		return nil, nil
	}
	return activation.ListenersWithNames()
}

// take gives the socket of a name, or the only one.
func (s sockets) take(name string) (net.Listener, error) {
	names := slices.Sorted(maps.Keys(s))
	if name == "" && len(names) == 1 {
		name = names[0]
	}
	switch found := s[name]; {
	case len(found) == 1 && found[0] != nil:
		delete(s, name)
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("systemd opened %d sockets called %q; give each a FileDescriptorName of its own", len(found), name)
	case len(names) == 0:
		return nil, fmt.Errorf("systemd opened no socket for this program; start it by its socket unit, or write an address such as 127.0.0.1:8080")
	case name == "":
		return nil, fmt.Errorf("systemd opened several sockets (%s); write %s:NAME", strings.Join(names, " "), inheritedAddress)
	default:
		return nil, fmt.Errorf("systemd opened no socket called %q, but: %s", name, strings.Join(names, " "))
	}
}

// close ends those that nobody took.
func (s sockets) close() {
	for _, found := range s {
		for _, l := range found {
			if l != nil {
				l.Close()
			}
		}
	}
}
