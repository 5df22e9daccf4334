package fetch

import (
	"net/url"
	"slices"
	"strings"

	"broadsheet/feed"
)

// maxLinks is how many links of a header are kept.
const maxLinks = 32

// parseLinks reads Link headers (RFC 8288 §3) and keeps hub, self and next, one
// Link for each of them, resolved against base. What cannot be read is left out.
func parseLinks(headers []string, base *url.URL) []feed.Link {
	var links []feed.Link
	for _, rest := range headers {
		for rest != "" && len(links) < maxLinks {
			var target string
			var params map[string]string
			target, params, rest = cutLink(rest)
			more := linksOf(target, params, base)
			links = append(links, more[:min(len(more), maxLinks-len(links))]...)
		}
	}
	return links
}

// linksOf makes a Link of each relation that is kept, however often it is named. A
// link with an anchor is about another document than this one.
func linksOf(target string, params map[string]string, base *url.URL) []feed.Link {
	if _, elsewhere := params["anchor"]; elsewhere || target == "" {
		return nil
	}
	u, err := base.Parse(target)
	if err != nil {
		return nil
	}
	if _, err := parseURL(u.String()); err != nil { // url.Parse takes hosts that cannot be
		return nil
	}
	var links []feed.Link
	rels := slices.Collect(strings.FieldsSeq(strings.ToLower(params["rel"])))
	for _, rel := range []string{"hub", "self", "next"} {
		if slices.Contains(rels, rel) {
			links = append(links, feed.Link{
				Rel: rel, Href: u.String(), Type: params["type"],
				Language: params["hreflang"], Title: params["title"],
			})
		}
	}
	return links
}

// cutLink reads one link-value and returns what follows it. target is empty if
// there was none to read.
func cutLink(s string) (target string, params map[string]string, rest string) {
	s = strings.TrimLeft(s, " \t,")
	if !strings.HasPrefix(s, "<") {
		_, rest, _ = strings.Cut(s, ",")
		return "", nil, rest
	}
	target, s, ok := strings.Cut(s[1:], ">")
	if !ok {
		return "", nil, ""
	}
	params = map[string]string{}
	for {
		s = strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(s, ";") {
			_, rest, _ = strings.Cut(s, ",")
			return strings.TrimSpace(target), params, rest
		}
		var name, value string
		name, value, s = cutParam(s[1:])
		if _, again := params[name]; name != "" && !again { // the first one counts
			params[name] = value
		}
	}
}

// cutParam reads name, name=token or name="quoted" and returns what follows it.
func cutParam(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.ToLower(strings.TrimSpace(s)), "", ""
	}
	name = strings.ToLower(strings.TrimSpace(s[:end]))
	if s[end] != '=' {
		return name, "", s[end:]
	}
	s = strings.TrimLeft(s[end+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = cutQuoted(s[1:])
		return name, value, rest
	}
	if end = strings.IndexAny(s, ";,"); end < 0 {
		end = len(s)
	}
	return name, strings.TrimSpace(s[:end]), s[end:]
}

// cutQuoted reads a quoted-string (RFC 9110 §5.6.4) after its first quote.
func cutQuoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:]
		case '\\':
			i++
			if i < len(s) {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
