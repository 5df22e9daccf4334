package fetch

import "testing"

func TestPublicHost(t *testing.T) {
	for host, want := range map[string]bool{
		"news.example.org": true, "news.example.org:8443": true, "8.8.4.4": true, "[2606:4700::1]:443": true, "NEWS.example.": true,
		"localhost": false, "localhost:8080": false, "paper": false, "paper:8080": false, "paper.local": false,
		"app.localhost": false, "127.0.0.1:8080": false, "10.1.2.3": false, "[::1]:8080": false, "[fe80::1]": false,
		"192.168.0.7:80": false, "[::ffff:10.0.0.1]": false, "router.lan": false, "printer.home.arpa": false, "": false,
	} {
		if got := PublicHost(host); got != want {
			t.Errorf("PublicHost(%q) = %t", host, got)
		}
	}
}
