package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// inheritsEnv makes the test below a program that systemd has started.
const inheritsEnv = "BROADSHEET_TEST_INHERITS"

// TestInheritsSockets is no test, but the child of the one below: it opens the doors that
// its environment names and answers on each until its standard input ends.
func TestInheritsSockets(t *testing.T) {
	addrs, ok := os.LookupEnv(inheritsEnv)
	if !ok {
		t.Skip("it is started by TestSocketsOfSystemdAreTakenOver")
	}
	part := strings.Split(addrs, " ")
	d, err := openDoors(doorKeys, part[0], part[1], "")
	if err != nil {
		fmt.Printf("refused: %v\n", err)
		return
	}
	for name, l := range map[string]net.Listener{"readers": d.readers, "operator": d.operator} {
		go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, name) }))
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
	d.close()
}

// TestSocketsOfSystemdAreTakenOver passes real sockets to a child, as systemd does: file
// descriptors from 3 on, and what they are in the environment.
func TestSocketsOfSystemdAreTakenOver(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	readers, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer readers.Close()
	socket := filepath.Join(t.TempDir(), "operator.sock")
	operator, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer operator.Close()
	var files []*os.File
	for _, l := range []interface{ File() (*os.File, error) }{readers.(*net.TCPListener), operator.(*net.UnixListener)} {
		f, err := l.File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files = append(files, f)
	}
	for name, tt := range map[string]struct{ addrs, names, says string }{
		"by name":                          {"systemd:readers systemd:operator", "readers:operator", ""},
		"by the names the other way":       {"systemd:paper systemd:desk", "paper:desk", ""},
		"two, and no name":                 {"systemd systemd:operator", "readers:operator", `serve.listen: systemd opened several sockets (operator readers); write systemd:NAME`},
		"a name that there is not":         {"systemd:web systemd:operator", "readers:operator", `serve.listen: systemd opened no socket called "web", but: operator readers`},
		"one name for two":                 {"systemd:both systemd:both", "both:both", `serve.listen: systemd opened 2 sockets called "both"`},
		"one socket for two doors":         {"systemd:readers systemd:readers", "readers:operator", `serve.admin: systemd opened no socket called "readers", but: operator`},
		"started by hand, without sockets": {"systemd 127.0.0.1:0", "", "systemd opened no socket for this program; start it by its socket unit"},
	} {
		t.Run(name, func(t *testing.T) {
			// The child's own process id is known to itself only.
			child := exec.Command("sh", "-c", `LISTEN_PID=$$ exec "$0" -test.run '^TestInheritsSockets$' -test.v`, os.Args[0])
			child.Env = append(os.Environ(), inheritsEnv+"="+tt.addrs)
			if tt.names != "" {
				child.ExtraFiles = files
				child.Env = append(child.Env, "LISTEN_FDS=2", "LISTEN_FDNAMES="+tt.names)
			}
			in, err := child.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			defer child.Wait()
			defer in.Close()
			said := ""
			for buf := make([]byte, 4096); !strings.Contains(said, "ready\n") && !strings.Contains(said, "refused: "); {
				n, err := out.Read(buf)
				if said += string(buf[:n]); err != nil {
					break
				}
			}
			if tt.says != "" {
				if !strings.Contains(said, tt.says) {
					t.Errorf("it says %q", said)
				}
				return
			}
			for want, conn := range map[string]func() (net.Conn, error){
				"readers":  func() (net.Conn, error) { return net.Dial("tcp", readers.Addr().String()) },
				"operator": func() (net.Conn, error) { return net.Dial("unix", socket) },
			} {
				c, err := conn()
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
				if got, err := io.ReadAll(c); err != nil || !strings.HasSuffix(string(got), want) {
					t.Errorf("%s: %q, %v", want, got, err)
				}
			}
		})
	}
}

// TestASocketIsForThoseItIsFor: everyone may read the paper, the operator's door is for its
// owner and group (T-37).
func TestASocketIsForThoseItIsFor(t *testing.T) {
	dir := t.TempDir()
	readers, operator := filepath.Join(dir, "readers.sock"), filepath.Join(dir, "operator.sock")
	d, err := openDoors(doorKeys, "unix:"+readers, "unix:"+operator, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	for path, want := range map[string]os.FileMode{readers: 0o666, operator: 0o660} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", filepath.Base(path), info.Mode(), err)
		}
	}
}
