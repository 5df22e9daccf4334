package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnAddressThatCannotBeListenedOnIsSaidPlainly(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	socket := filepath.Join(t.TempDir(), "live.sock")
	live, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	file := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ addr, says string }{
		"a port that is taken":          {taken.Addr().String(), "is in use"},
		"a socket somebody listens on":  {"unix:" + socket, "is in use"},
		"a file that is no socket":      {"unix:" + file, "in use"},
		"an address of another machine": {"192.0.2.1:8080", "no address of this machine"},
		"a port alone":                  {"8080", "for example 127.0.0.1:8080"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d, err := openDoors(doorKeys, "127.0.0.1:0", tt.addr, ""); err == nil {
				d.close()
				t.Fatal("it is listened on")
			} else if got := err.Error(); !strings.HasPrefix(got, "serve.admin: ") || !strings.Contains(got, tt.says) {
				t.Errorf("it says %q", got)
			}
		})
	}
	if got, err := os.ReadFile(file); string(got) != "precious" {
		t.Errorf("the file in the way became %q, %v", got, err)
	}
}

func TestASocketThatAKilledProcessLeftIsReplaced(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "dead.sock")
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	d, err := openDoors(doorKeys, "127.0.0.1:0", "unix:"+socket, "")
	if err != nil {
		t.Fatal(err)
	}
	d.close()
	if _, err := os.Stat(socket); err == nil {
		t.Error("a socket is left behind after a good end")
	}
}

func TestASecondRunOnTheSameAddressLeavesTheStoreAlone(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	d.web.HandlePage("gulf.example", "/feed.xml", http.NotFoundHandler())
	base, _, _ := d.serve()
	other := newDesk(t)
	other.config("serve: {listen: '" + strings.TrimPrefix(base, "http://") + "', admin: 127.0.0.1:0}\n" + twoSections)
	_, errs, code := other.try("run")
	if code != exitFailed || !strings.Contains(errs, "serve.listen") || !strings.Contains(errs, "in use") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if _, err := os.Stat(filepath.Join(other.dir, "broadsheet.db")); err == nil {
		t.Error("a store was made")
	}
	for _, args := range [][]string{{"demo", "--listen", "unix:/x.sock"}, {"demo", "--listen", "8080"}} {
		if _, errs, code := other.try(args...); code == exitDone || !strings.Contains(errs, "--listen") {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
	}
}
