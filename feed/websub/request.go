package websub

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/feed"
)

// modePublish is how publishers tell a hub of a change (PubSubHubbub 0.4 §6).
const modePublish = "publish"

// read takes a request to the hub out of its form (WebSub §5.1). Parameters that the hub
// does not know are ignored. The error is for whoever sent the form; it says which
// parameter is wrong and what would be right. publish is true if it is no request to
// subscribe but says that something changed.
func read(form url.Values, site string) (ask feed.Intent, publish bool, err error) {
	for _, name := range []string{"hub.mode", "hub.topic", "hub.callback", "hub.lease_seconds", "hub.secret"} {
		for _, v := range form[name] {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return ask, false, fmt.Errorf("%s is not text in UTF-8", name)
			}
		}
		if len(form[name]) > 1 && form.Get("hub.mode") != modePublish {
			return ask, false, fmt.Errorf("%s is there %d times; send it once", name, len(form[name]))
		}
	}
	switch ask.Mode = feed.HubMode(form.Get("hub.mode")); ask.Mode {
	case feed.HubSubscribe, feed.HubUnsubscribe:
	case modePublish:
		return ask, true, nil
	case "":
		return ask, false, errors.New("hub.mode is missing; it is subscribe or unsubscribe")
	default:
		return ask, false, fmt.Errorf("hub.mode is %.40q; it is subscribe or unsubscribe", form.Get("hub.mode"))
	}
	if ask.Topic = form.Get("hub.topic"); ask.Topic == "" {
		return ask, false, errors.New("hub.topic is missing; it is the URL of a feed of this site, as its rel=self link has it")
	}
	if ask.Path, err = topicPath(ask.Topic, site); err != nil {
		return ask, false, fmt.Errorf("hub.topic %w", err)
	}
	if ask.Callback, err = callback(form.Get("hub.callback")); err != nil {
		return ask, false, fmt.Errorf("hub.callback %w", err)
	}
	if ask.Mode == feed.HubUnsubscribe {
		return ask, false, nil // lease and secret say nothing then
	}
	if ask.Lease, err = lease(form.Get("hub.lease_seconds")); err != nil {
		return ask, false, fmt.Errorf("hub.lease_seconds %w", err)
	}
	if ask.Secret = form.Get("hub.secret"); len(ask.Secret) >= maxSecret {
		return ask, false, fmt.Errorf("hub.secret has %d bytes; it must have less than %d", len(ask.Secret), maxSecret)
	}
	return ask, false, nil
}

// topicPath is the path below the site's base that a topic names.
func topicPath(topic, site string) (string, error) {
	if len(topic) > maxURL {
		return "", fmt.Errorf("is longer than %d bytes", maxURL)
	}
	have, err := url.Parse(topic)
	if err != nil {
		return "", errors.New("is not a URL")
	}
	base, err := url.Parse(site)
	if err != nil {
		return "", err
	}
	if !strings.EqualFold(have.Scheme, base.Scheme) || authority(have) != authority(base) || have.User != nil {
		return "", fmt.Errorf("is not of this site; its feeds begin with %s/", site)
	}
	// Path is decoded: a reserved character that was encoded is none of ours.
	path, below := strings.CutPrefix(have.Path, strings.TrimSuffix(base.Path, "/"))
	if !below || have.RawQuery != "" || have.ForceQuery || have.Fragment != "" {
		return "", fmt.Errorf("is no feed of this site; they are for example %s/atom.xml", site)
	}
	return path, nil
}

// authority is host and port in a form in which equal ones are equal.
func authority(u *url.URL) string {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if port == "" || strings.EqualFold(u.Scheme, "http") && port == "80" || strings.EqualFold(u.Scheme, "https") && port == "443" {
		return host
	}
	return host + ":" + port
}

// callback checks a callback, which is used exactly as it is given (WebSub §8.2), less
// percent signs where they change nothing (URL §1.2).
func callback(text string) (string, error) {
	if text == "" {
		return "", errors.New("is missing; it is the URL that is to be told")
	}
	if len(text) > maxURL {
		return "", fmt.Errorf("is longer than %d bytes", maxURL)
	}
	text = plainEscapes(text)
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "", errors.New("is not a URL; write letters beyond ASCII as the standard says")
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", errors.New("is not a URL that begins with http:// or https://")
	case u.User != nil:
		return "", errors.New("holds a name and password, which are not sent; make the URL itself unguessable")
	case u.Fragment != "":
		return "", errors.New("has a fragment (#…), which is never sent; leave it out")
	}
	return text, nil
}

// plainEscapes decodes what needs no encoding: letters, digits and "-._~" (RFC 3986 §2.3).
func plainEscapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil && unreserved(byte(n)) {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// lease is how long a subscription lasts: what is asked for, within bounds. Nothing and 0
// are the default; many libraries send 0 to say so.
func lease(text string) (time.Duration, error) {
	if text == "" {
		return defaultLease, nil
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("is %.40q; it is a whole number of seconds", text)
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil, seconds > int64(maxLease/time.Second):
		return maxLease, nil // so many digits are only a large number
	case seconds == 0:
		return defaultLease, nil
	default:
		return max(time.Duration(seconds)*time.Second, minLease), nil
	}
}
