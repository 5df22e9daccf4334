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

// doors are where the two servers listen.
type doors struct{ readers, operator net.Listener }

// openDoors listens on both addresses, host:port or unix:/path, or on none.
// names are what the operator calls the two.
func openDoors(names [2]string, readers, operator string) (doors, error) {
	var d doors
	var err error
	if d.readers, err = listener(readers); err != nil {
		return doors{}, fmt.Errorf("%s: %w", names[0], err)
	}
	if d.operator, err = listener(operator); err != nil {
		d.readers.Close()
		return doors{}, fmt.Errorf("%s: %w", names[1], err)
	}
	return d, nil
}

// doorKeys are the names of the doors in the configuration.
var doorKeys = [2]string{"serve.listen", "serve.admin"}

// close ends what openDoors began.
func (d doors) close() {
	d.readers.Close()
	d.operator.Close()
}

func listener(addr string) (net.Listener, error) {
	path, ok := strings.CutPrefix(addr, "unix:")
	if !ok {
		l, err := net.Listen("tcp", addr)
		return l, inPlainWords(addr, err)
	}
	if err := sweep(path); err != nil {
		return nil, inPlainWords(addr, err)
	}
	l, err := net.Listen("unix", path)
	return l, inPlainWords(addr, err)
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
