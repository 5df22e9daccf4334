package fetch

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAddressesOutsideThePublicInternetAreRefused(t *testing.T) {
	for _, addr := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.8", "10.255.255.255", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
		"192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1",
		"192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8",
		"100::1", "100:0:0:1::1", "2001::1", "2001:0:7f00:1::1", "2001:1::1", "2001:2::1",
		"2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2001:db8::1", "2002:7f00:1::1",
		"2002:808:808::1", "2620:4f:8000::1", "3ffe::1", "3fff::1", "3fff:fff::1", "5f00::1",
		"fc00::1", "fdff::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1", "e000::1",
		"::1%lo",
	} {
		err := checkAddr(netip.AddrPortFrom(netip.MustParseAddr(addr), 80), nil)
		if err == nil {
			t.Errorf("%s may be fetched", addr)
		} else if !strings.Contains(err.Error(), "fetch.allow_networks") {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestPublicAddressesMayBeFetched(t *testing.T) {
	for _, addr := range []string{
		"1.1.1.1", "9.255.255.255", "11.0.0.0", "93.184.215.14", "100.63.255.255", "100.128.0.0",
		"126.255.255.255", "128.0.0.0", "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
		"192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "::ffff:93.184.215.14",
		"64:ff9b::93.184.215.14", "2001:200::1", "2001:4860:4860::8888", "2606:2800:220:1::1",
		"2a00:1450::1", "2003::1", "3ff0::1",
	} {
		if err := checkAddr(netip.AddrPortFrom(netip.MustParseAddr(addr), 443), nil); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestNetworksCanBeAllowed(t *testing.T) {
	allow := []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16"),
		netip.MustParsePrefix("fe80::/10"),
	}
	for addr, ok := range map[string]bool{
		"127.0.0.1": true, "::ffff:127.0.0.1": true, "10.1.2.3": true, "10.2.0.1": false,
		"::1": false, "fe80::1%eth0": true, "64:ff9b::10.1.2.3": true, "64:ff9b::10.2.0.1": false,
	} {
		err := checkAddr(netip.AddrPortFrom(netip.MustParseAddr(addr), 8080), allow)
		if (err == nil) != ok {
			t.Errorf("%s: allowed is %t, want %t (%v)", addr, err == nil, ok, err)
		}
	}
}

func TestPortsOfOtherServicesAreRefused(t *testing.T) {
	public, local := netip.MustParseAddr("93.184.215.14"), netip.MustParseAddr("10.0.0.1")
	for port, ok := range map[uint16]bool{80: true, 443: true, 1024: true, 8080: true,
		22: false, 25: false, 81: false, 1023: false} {
		if err := checkAddr(netip.AddrPortFrom(public, port), nil); (err == nil) != ok {
			t.Errorf("port %d: %v", port, err)
		}
	}
	allow := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	if err := checkAddr(netip.AddrPortFrom(local, 81), allow); err != nil {
		t.Errorf("an allowed network: %v", err)
	}
}

func TestEverySpecialRangeSaysWhatItIs(t *testing.T) {
	for _, s := range specials {
		if s.prefix != s.prefix.Masked() {
			t.Errorf("%s has bits beyond its length", s.prefix)
		}
		if s.is == "" || !strings.HasPrefix(s.rfc, "RFC ") && !strings.HasPrefix(s.rfc, "none; ") {
			t.Errorf("%s: %q, %q", s.prefix, s.is, s.rfc)
		}
		if specialUse(s.prefix.Addr()) == "" {
			t.Errorf("%s is not refused", s.prefix)
		}
	}
}
