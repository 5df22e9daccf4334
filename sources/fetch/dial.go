package fetch

import (
	"context"
	"net"
	"net/netip"
	"syscall"
)

type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// line is how connections are made: to public addresses only, except to a proxy,
// whose address the operator wrote.
type line struct {
	allow []netip.Prefix
	// dial connects to an origin, whose address is checked.
	dial dialFunc
	// free connects wherever it is told to.
	free dialFunc
	// lookup finds the addresses of a name; nil leaves names to free, which is an
	// in-memory web then.
	lookup func(ctx context.Context, name string) ([]netip.Addr, error)
}

func newLine(o Options) *line {
	l := &line{allow: o.Allow}
	if o.Dial != nil {
		l.free = inTime(o.Dial)
		l.dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if ap, err := netip.ParseAddrPort(addr); err == nil {
				if err := checkAddr(ap, o.Allow); err != nil {
					return nil, err
				}
			}
			return l.free(ctx, network, addr)
		}
		return l
	}
	resolver := o.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	l.lookup = func(ctx context.Context, name string) ([]netip.Addr, error) {
		return resolver.LookupNetIP(ctx, "ip", name)
	}
	l.free = (&net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: resolver}).DialContext
	// The check sits on the connection itself, after the name was looked up, so
	// that neither a name that changes its address nor a redirect gets around it.
	checked := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: resolver,
		ControlContext: func(_ context.Context, _, addr string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(addr)
			if err != nil {
				return err
			}
			return checkAddr(ap, o.Allow)
		}}
	l.dial = checked.DialContext
	return l
}

// inTime gives a dialer our patience.
func inTime(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		return dial(ctx, network, addr)
	}
}

// permitted are the addresses at which addr, "host:port", may be reached, looked
// up and checked now. The error is of the lookup, or says why none may be.
func (l *line) permitted(ctx context.Context, addr string) ([]string, error) {
	if ap, err := netip.ParseAddrPort(addr); err == nil {
		return []string{addr}, checkAddr(ap, l.allow)
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if l.lookup == nil {
		return []string{addr}, nil
	}
	number, err := net.DefaultResolver.LookupPort(ctx, "tcp", port)
	if err != nil {
		return nil, err
	}
	found, err := l.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	var good []string
	for _, a := range found {
		ap := netip.AddrPortFrom(a.Unmap(), uint16(number))
		if err = checkAddr(ap, l.allow); err == nil {
			good = append(good, ap.String())
		}
	}
	if len(good) == 0 && err == nil {
		err = &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(good) > 0 {
		err = nil
	}
	return good, err
}
