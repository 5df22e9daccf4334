package publish

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// fragmentMarkup tells what makes markup unfit to be shown by any reader: an
// element or attribute that runs, embeds or collects something, or a reference
// that is not absolute.
func fragmentMarkup(markup string) error {
	if strings.IndexByte(markup, '<') < 0 {
		return nil
	}
	return eachTag(markup, func(tag string, attrs []html.Attribute) error {
		if fragmentRefuses[tag] {
			return fmt.Errorf("it has <%s>", tag)
		}
		for _, a := range attrs {
			if err := fragmentAttribute(tag, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// pageMarkup is the same for a page of ours: it has a head and links within the
// site, but nothing that runs.
func pageMarkup(markup string) error {
	return eachTag(markup, func(tag string, attrs []html.Attribute) error {
		if pageRefuses[tag] {
			return fmt.Errorf("it has <%s>", tag)
		}
		for _, a := range attrs {
			if err := runs(tag, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// pageRefuses are elements that run or embed foreign things, or change what
// the rest of a page means.
var pageRefuses = set("script", "object", "embed", "applet", "base", "frame", "frameset",
	"iframe", "portal", "xmp", "plaintext", "noembed", "noframes")

// fragmentRefuses are those that have no business inside an article either.
var fragmentRefuses = set("script", "object", "embed", "applet", "base", "frame", "frameset",
	"iframe", "portal", "xmp", "plaintext", "noembed", "noframes", "style", "link", "meta", "html",
	"head", "body", "title", "form", "input", "button", "select", "textarea", "svg", "math",
	"template", "noscript", "slot", "dialog")

// addressAttributes are those whose value is a URL, or a list of them.
var addressAttributes = set("href", "src", "srcset", "imagesrcset", "poster", "cite",
	"action", "formaction", "data", "background", "longdesc", "manifest", "classid",
	"codebase", "lowsrc", "dynsrc", "xlink:href", "ping", "archive", "profile")

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// eachTag calls visit for each start tag until it finds a fault.
func eachTag(markup string, visit func(tag string, attrs []html.Attribute) error) error {
	z := html.NewTokenizer(strings.NewReader(markup))
	var attrs []html.Attribute
	for {
		switch z.Next() {
		case html.ErrorToken:
			return nil // the end: a tokenizer knows no bad HTML
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			attrs = attrs[:0]
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				attrs = append(attrs, html.Attribute{Key: string(key), Val: string(value)})
			}
			if err := visit(tag, attrs); err != nil {
				return err
			}
		}
	}
}

func fragmentAttribute(tag string, a html.Attribute) error {
	if err := runs(tag, a); err != nil {
		return err
	}
	switch {
	case a.Key == "style" || a.Key == "ping" || strings.HasPrefix(a.Key, "xmlns"):
		return fmt.Errorf("<%s> has %s", tag, a.Key)
	case a.Key == "srcset":
		return absoluteSet(tag, a.Val)
	case !addressAttributes[a.Key]:
		return nil
	case tag == "a" && a.Key == "href" && (elsewhere(a.Val) || within(a.Val)):
		return nil
	}
	if !onTheWeb(a.Val) {
		return fmt.Errorf("<%s> %s: %w", tag, a.Key, errRelative)
	}
	return nil
}

// onTheWeb reports whether a reference in markup is absolute. What comes after
// the scheme may be as odd as authors' links are; a reader's browser copes.
func onTheWeb(ref string) bool {
	for _, scheme := range []string{"https://", "http://"} {
		if n := len(scheme); len(ref) > n && strings.EqualFold(ref[:n], scheme) {
			return strings.IndexByte("/?#", ref[n]) < 0
		}
	}
	return false
}

// elsewhere reports whether the link leads to a mailbox or a telephone, which
// is as absolute as a web page.
func elsewhere(href string) bool {
	scheme, rest, ok := strings.Cut(href, ":")
	return ok && rest != "" &&
		(strings.EqualFold(scheme, "mailto") || strings.EqualFold(scheme, "tel"))
}

// within reports whether the link leads to a place in the same text, by the name that
// the normaliser gives it: a footnote.
func within(href string) bool { return placeInText.MatchString(href) }

var placeInText = regexp.MustCompile(`^#e[0-9a-f]{10}-[A-Za-z0-9_:.-]+$`)

// absoluteSet checks the candidates of a srcset; a URL in one may have commas,
// but no space.
func absoluteSet(tag, val string) error {
	for _, word := range strings.Fields(val) {
		word = strings.Trim(word, ",")
		if word == "" || strings.Trim(word, "0123456789.wxh") == "" {
			continue // a width or density
		}
		if !onTheWeb(word) {
			return fmt.Errorf("<%s> srcset: %w", tag, errRelative)
		}
	}
	return nil
}

// runs reports what makes a browser run something: a handler, a document
// within the document, a URL that is a program.
func runs(tag string, a html.Attribute) error {
	switch {
	case strings.HasPrefix(a.Key, "on"), a.Key == "srcdoc":
		return fmt.Errorf("<%s> has %s", tag, a.Key)
	case addressAttributes[a.Key]:
		for _, scheme := range []string{"javascript:", "vbscript:", "data:"} {
			if strings.HasPrefix(bareURL(a.Val), scheme) {
				return fmt.Errorf("<%s> %s begins with %s", tag, a.Key, scheme)
			}
		}
	}
	return nil
}

// bareURL is the beginning of a URL as a browser sees it: without the spaces
// and controls that it overlooks (WHATWG URL §4.4), in lower case.
func bareURL(s string) string {
	const enough = 16 // bytes, longer than any scheme that matters here
	var b []byte
	for i := 0; i < len(s) && len(b) < enough; i++ {
		if s[i] > ' ' {
			b = append(b, s[i])
		}
	}
	return strings.ToLower(string(b))
}
