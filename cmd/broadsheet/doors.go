package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// doors are where the servers listen.
type doors struct {
	readers, operator net.Listener
	plain             net.Listener // for readers who come over plain HTTP; nil if they are not sent on
}

// Who may connect to a Unix socket: everyone on this machine may read the paper, if they
// may enter the socket's folder; the operator's is for its owner and group.
const (
	readersMode  os.FileMode = 0o666
	operatorMode os.FileMode = 0o660
)

// openDoors listens on all addresses (host:port, unix:/path or a socket of systemd), or on
// none. names are what the operator calls them; plain may be empty.
func openDoors(names [3]string, readers, operator, plain string) (d doors, err error) {
	opened, err := inheritSockets(readers, operator, plain)
	if err != nil {
		return doors{}, fmt.Errorf("the sockets of systemd: %w", err)
	}
	defer opened.close()
	defer func() {
		if err != nil {
			d.close()
			d = doors{}
		}
	}()
	if d.readers, err = listener(readers, opened, readersMode); err != nil {
		return d, fmt.Errorf("%s: %w", names[0], err)
	}
	if d.operator, err = listener(operator, opened, operatorMode); err != nil {
		return d, fmt.Errorf("%s: %w", names[1], err)
	}
	if plain == "" {
		return d, nil
	}
	if d.plain, err = listener(plain, opened, readersMode); err != nil {
		return d, fmt.Errorf("%s: %w", names[2], err)
	}
	return d, nil
}

// doorKeys are the names of the doors in the configuration.
var doorKeys = [3]string{"serve.listen", "serve.admin", "serve.http"}

// close ends what openDoors began.
func (d doors) close() {
	for _, l := range []net.Listener{d.readers, d.operator, d.plain} {
		if l != nil {
			l.Close()
		}
	}
}

func listener(addr string, opened sockets, mode os.FileMode) (net.Listener, error) {
	if name, ok := inherited(addr); ok {
		return opened.take(name)
	}
	path, ok := strings.CutPrefix(addr, "unix:")
	if !ok {
		l, err := net.Listen("tcp", addr)
		return l, inPlainWords(addr, err)
	}
	if err := sweep(path); err != nil {
		return nil, inPlainWords(addr, err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, inPlainWords(addr, err)
	}
	if err := os.Chmod(path, mode); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// answerTime is how long a socket in the way may take to show that somebody
// listens there.
const answerTime = time.Second

// sweep removes a socket that a killed process left behind: it would be in the
// way of a new one. One that somebody listens on stays.
func sweep(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return nil // net.Listen says what is wrong
	}
	if c, err := net.DialTimeout("unix", path, answerTime); err == nil {
		c.Close()
		return syscall.EADDRINUSE
	}
	return os.Remove(path)
}

// inPlainWords says what keeps the program from listening on addr.
func inPlainWords(addr string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program, or by this one running already", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user may not listen on %s", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%s is no address of this machine", addr)
	default:
		return fmt.Errorf("%q is nothing to listen on; write for example 127.0.0.1:8080 (%w)", addr, err)
	}
}
