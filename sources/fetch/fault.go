package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"broadsheet/feed"
)

// gateError says why a request was never sent.
func gateError(ctx context.Context, err error) *feed.Error {
	kind := feed.KindOf(err)
	if kind == feed.KindUnknown && ctx.Err() != nil {
		return canceled(ctx)
	}
	if inner, ok := errors.AsType[*feed.Error](err); ok {
		return &feed.Error{Kind: kind, Text: inner.Sentence(), Err: err}
	}
	return &feed.Error{Kind: kind, Err: err}
}

func canceled(ctx context.Context) *feed.Error {
	return &feed.Error{Kind: feed.KindCanceled, Err: context.Cause(ctx),
		Text: "the request was stopped before its answer was complete"}
}

// fault says what a failed request or a failed read means.
func (t *trip) fault(w *watch, err error) *feed.Error {
	host := t.url.Host
	if w.parent.Err() != nil {
		return canceled(w.parent)
	}
	switch cause := context.Cause(w.ctx); cause {
	case errTotal:
		return timeout(err, fmt.Sprintf("the answer of %s was not complete after %s",
			host, plain(t.client.options.Timeout)))
	case errIdle:
		return timeout(err, fmt.Sprintf("%s sent nothing for %s in the middle of its answer",
			host, plain(idleTimeout)))
	}
	if b, ok := errors.AsType[*blockedError](err); ok {
		return &feed.Error{Kind: feed.KindBlocked, Text: b.Error(), Err: err}
	}
	if p, ok := errors.AsType[*proxyError](err); ok {
		return &feed.Error{Kind: p.kind, Text: p.text, Err: p.err}
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dnsFault(dns)
	}
	if isTimeout(err) {
		return phaseTimeout(phase(w.phase.Load()), host, err)
	}
	if text := tlsFault(err); text != "" {
		return unreachable(err, host+" "+text)
	}
	return transportFault(host, phase(w.phase.Load()), err)
}

// transportFault tells failures of HTTP and of the connection apart. net/http
// has no types for the first ones.
func transportFault(host string, at phase, err error) *feed.Error {
	text := err.Error()
	switch {
	case strings.Contains(text, "headers exceeded"), strings.Contains(text, "header list"):
		return &feed.Error{Kind: feed.KindTooLarge, Err: err,
			Text: fmt.Sprintf("the header of the answer is larger than %s", size(maxHeader))}
	case strings.Contains(text, "malformed HTTP"), strings.Contains(text, "malformed MIME"):
		return unreachable(err, host+" did not answer in HTTP")
	case errors.Is(err, syscall.ECONNREFUSED):
		return unreachable(err, host+" refused the connection")
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return unreachable(err, "there is no way to "+host+" through the network")
	default:
		return brokenFault(host, at, err)
	}
}

// brokenFault says where a connection broke.
func brokenFault(host string, at phase, err error) *feed.Error {
	closed := errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)
	switch {
	case at == connecting:
		return unreachable(err, "no connection to "+host+" came about")
	case at == securing:
		return unreachable(err, "no secure connection to "+host+" came about")
	case at == waiting && closed:
		return unreachable(err, host+" closed the connection without an answer")
	case at == waiting:
		return unreachable(err, host+" gave no answer that can be read")
	default:
		return unreachable(err, host+" closed the connection in the middle of its answer")
	}
}

func unreachable(err error, text string) *feed.Error {
	return &feed.Error{Kind: feed.KindUnreachable, Text: text, Err: err}
}

func timeout(err error, text string) *feed.Error {
	return &feed.Error{Kind: feed.KindTimeout, Text: text, Err: err}
}

func isTimeout(err error) bool {
	ne, ok := errors.AsType[net.Error](err)
	return ok && ne.Timeout() || errors.Is(err, context.DeadlineExceeded)
}

func phaseTimeout(at phase, host string, err error) *feed.Error {
	switch at {
	case connecting:
		return timeout(err, fmt.Sprintf("no connection to %s after %s", host, plain(dialTimeout)))
	case securing:
		return timeout(err, fmt.Sprintf("no secure connection to %s after %s",
			host, plain(tlsTimeout)))
	default:
		return timeout(err, fmt.Sprintf("no answer from %s after %s", host, plain(headerTimeout)))
	}
}

func dnsFault(err *net.DNSError) *feed.Error {
	switch {
	case err.IsTimeout:
		return timeout(err, fmt.Sprintf("the address of %s was not found in time (DNS)", err.Name))
	case err.IsNotFound:
		return unreachable(err, fmt.Sprintf("there is no host called %s (DNS)", err.Name))
	default:
		return unreachable(err, fmt.Sprintf(
			"the address of %s could not be looked up (DNS)", err.Name))
	}
}

// tlsFault says what is wrong with the other side's TLS, empty if nothing is.
func tlsFault(err error) string {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if e.Reason == x509.Expired {
			return "shows a certificate that is expired or not yet valid"
		}
		return "shows a certificate that is not valid"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "shows a certificate for another host"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "shows a certificate of an authority that is not trusted"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "does not speak TLS there; is it http:// instead of https://?"
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return "ended the TLS handshake"
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "remote error" {
		return "refused the TLS handshake"
	}
	return ""
}

// plain writes a duration as the configuration does: "60s", not "1m0s".
func plain(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return d.String()
}
