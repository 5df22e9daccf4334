package fetch

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

func TestFamiliesAreTriedInTurn(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "1": "1", "[a] [b] [c] 1": "[a] 1 [b] [c]", "1 2 [a] [b] [c]": "1 [a] 2 [b] [c]", "[a] 1 2 3": "[a] 1 2 3", "1 2 3": "1 2 3",
	} {
		if got := strings.Join(alternate(strings.Fields(in)), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// tunnelTo dials through an HTTP proxy over memory to a name that has these
// addresses. The proxy answers each CONNECT with what answer says; "" is nothing,
// for ever.
func tunnelTo(t *testing.T, port string, addrs []string, answer func(target string) string) (asked []string, took time.Duration, err error) {
	var wait sync.WaitGroup
	defer wait.Wait()
	l := &line{
		allow: []netip.Prefix{netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("192.0.2.0/24")},
		lookup: func(context.Context, string) (out []netip.Addr, _ error) {
			for _, a := range addrs {
				out = append(out, netip.MustParseAddr(a))
			}
			return out, nil
		},
		free: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			wait.Go(func() {
				defer there.Close()
				in := bufio.NewReader(there)
				r, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				asked = append(asked, r.RequestURI)
				io.WriteString(there, answer(r.RequestURI))
				in.ReadByte() // until the client goes
			})
			return here, nil
		},
	}
	dial, err := l.through("http://proxy.example:3128", nil)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	conn, err := dial(t.Context(), "tcp", "gulf.example:"+port)
	took = time.Since(began)
	if err == nil {
		conn.Close()
	}
	return asked, took, err
}

const (
	connected = "HTTP/1.1 200 OK\r\n\r\n"
	forbidden = "HTTP/1.1 403 Forbidden\r\n\r\n"
)

// A proxy without a way to IPv6 is asked for IPv4 as well, however many IPv6
// addresses stand before it, and however long it takes to say nothing of them.
func TestAProxyWithoutIPv6IsAskedForIPv4(t *testing.T) {
	addrs := []string{"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "192.0.2.1"}
	for no, most := range map[string]time.Duration{"HTTP/1.1 502 Bad Gateway\r\n\r\n": 0, "": 4 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			asked, took, err := tunnelTo(t, "443", addrs, func(target string) string {
				if strings.HasPrefix(target, "[") {
					return no
				}
				return connected
			})
			if want := []string{"[2001:db8::1]:443", "192.0.2.1:443"}; err != nil || !slices.Equal(asked, want) || took > most {
				t.Errorf("%q: asked for %v in %s: %v", no, asked, took, err)
			}
		})
	}
}

// However many addresses there are, all tries together take no longer than one.
func TestTriesShareTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, took, err := tunnelTo(t, "443", []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}, func(string) string { return "" })
		if p, ok := err.(*proxyError); !ok || p.kind != feed.KindTimeout || len(asked) != maxTries || took != dialTimeout {
			t.Errorf("asked for %v in %s: %v", asked, took, err)
		}
	})
}

// Origins of http need a tunnel to port 80, which many proxies do not make: then
// the operator is told what to change.
func TestAProxyThatMakesNoTunnelToPort80(t *testing.T) {
	for port, says := range map[string]bool{"80": true, "443": false, "8080": false} {
		synctest.Test(t, func(t *testing.T) {
			_, _, err := tunnelTo(t, port, []string{"192.0.2.1"}, func(string) string { return forbidden })
			if err == nil || !strings.Contains(err.Error(), "answered 403 (Forbidden)") || strings.Contains(err.Error(), "allow CONNECT to it") != says {
				t.Errorf("port %s: %v", port, err)
			}
		})
	}
}
