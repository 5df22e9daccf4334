package fetch_test

import (
	"errors"
	"net/http"
	"time"
)

// basic reads an Authorization header.
func basic(header string) (user, password string, ok bool) {
	r := http.Request{Header: http.Header{"Authorization": {header}}}
	return r.BasicAuth()
}

// unwrap is the next error of a chain.
func unwrap(err error) error { return errors.Unwrap(err) }

// sleepAnHour lets an hour of a bubble's time pass.
func sleepAnHour() { time.Sleep(time.Hour) }
