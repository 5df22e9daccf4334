package fetch

import (
	"net/http"
)

// maxLibraryBody is how much of one answer a library gets to read.
const maxLibraryBody = 1 << 20

// HTTP is for a library that speaks a protocol of its own over HTTP and wants a client,
// such as one for ACME. What it asks passes no gate and is not repeated, and it is bound
// by what holds for every other request: the address is checked on the connection, there
// is patience for each phase and for the whole, and an answer's size is limited.
// Redirects are answers.
func (c *Client) HTTP() *http.Client {
	return &http.Client{
		Transport: bounded{c.open}, Timeout: c.options.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded limits the bodies of answers.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxLibraryBody)
	}
	return answer, err
}
