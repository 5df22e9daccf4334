package serve

import (
	"net/http"
	"strings"
)

// verdict is what the conditions of a request come to.
type verdict int

const (
	send        verdict = iota // the whole document
	notModified                // 304: the client has it
	refused                    // 412: the client has another one than it thinks
)

// judge evaluates the conditions of a GET or HEAD request in the order of
// RFC 9110 §13.2.2. chosen is the copy that would be sent; the one returned is
// the copy that a 304 is about, which is the one whose tag the client named.
func judge(h http.Header, c *copies, chosen *variant) (verdict, *variant) {
	if fields := present(h, "If-Match"); fields != nil {
		if c.listed(fields, chosen, false) == nil {
			return refused, nil
		}
	} else if fields := h["If-Unmodified-Since"]; fields != nil {
		if since, ok := moment(fields, c); ok && c.unix > since {
			return refused, nil
		}
	}
	if fields := present(h, "If-None-Match"); fields != nil {
		// The tags decide alone: a date is worse evidence (§13.1.3).
		if v := c.listed(fields, chosen, true); v != nil {
			return notModified, v
		}
		return send, nil
	}
	if fields := h["If-Modified-Since"]; fields != nil {
		if since, ok := moment(fields, c); ok && c.unix <= since {
			return notModified, chosen
		}
	}
	return send, nil
}

// present gives the lines of a field that has a value. An empty one says
// nothing: some clients send it when they have no tag.
func present(h http.Header, name string) []string {
	for _, field := range h[name] {
		if trim(field) != "" {
			return h[name]
		}
	}
	return nil
}

// moment reads a date in seconds. One that is no date is ignored (§13.1.3), and
// so is a field with several lines.
func moment(fields []string, c *copies) (int64, bool) {
	if len(fields) != 1 {
		return 0, false
	}
	if fields[0] == c.http { // nearly always, and it spares reading it
		return c.unix, true
	}
	t, err := http.ParseTime(fields[0])
	return t.Unix(), err == nil
}

// listed gives the copy that a list of entity tags, or "*", names; nil if none.
// The tag of any coding will do: all hold the same document. weak says
// whether a weak tag counts (§8.8.3.2).
func (c *copies) listed(fields []string, chosen *variant, weak bool) *variant {
	var found *variant
	for _, field := range fields {
		if trim(field) == "*" {
			return chosen
		}
		for rest := field; ; {
			tag, isWeak, after, ok := nextTag(rest)
			if !ok {
				break
			}
			rest = after
			if isWeak && !weak {
				continue
			}
			switch v := c.named(tag); {
			case v == nil:
			case v == chosen:
				return v
			default:
				found = v
			}
		}
	}
	return found
}

// nextTag takes the first entity tag off a list (§8.8.3): what is between its
// quotes may hold commas. ok is false at the end, or where the list is damaged.
func nextTag(list string) (tag string, weak bool, rest string, ok bool) {
	list = strings.TrimLeft(list, " \t,")
	if list, weak = strings.CutPrefix(list, "W/"); !strings.HasPrefix(list, `"`) {
		return "", false, "", false
	}
	tag, rest, ok = strings.Cut(list[1:], `"`)
	return tag, weak, rest, ok
}
