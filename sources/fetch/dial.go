package fetch

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"time"
)

type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// dialer connects to public addresses only. The check sits on the connection
// itself, after the name was looked up, so that neither a name that changes its
// address nor a redirect gets around it.
func dialer(o Options) dialFunc {
	if o.Dial != nil {
		return func(ctx context.Context, network, addr string) (net.Conn, error) {
			if ap, err := netip.ParseAddrPort(addr); err == nil {
				if err := checkAddr(ap, o.Allow); err != nil {
					return nil, err
				}
			}
			ctx, cancel := context.WithTimeout(ctx, dialTimeout)
			defer cancel()
			return o.Dial(ctx, network, addr)
		}
	}
	d := &net.Dialer{
		Timeout:   dialTimeout,
		KeepAlive: 30 * time.Second,
		ControlContext: func(_ context.Context, _, addr string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(addr)
			if err != nil {
				return err
			}
			return checkAddr(ap, o.Allow)
		},
	}
	return d.DialContext
}
