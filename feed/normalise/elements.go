package normalise

import "regexp"

// closing says whether an element of HTML must be closed.
type closing int

const (
	closingNeeded closing = iota
	closingOptional
)

// elements are the elements of HTML, so that in text of an unknown kind a tag can
// be told from "List<String>".
var elements = func() map[string]closing {
	table := map[string]closing{}
	for _, name := range []string{
		"a", "abbr", "acronym", "address", "applet", "article", "aside", "audio", "b",
		"bdi", "bdo", "big", "blink", "blockquote", "button", "canvas", "caption",
		"center", "cite", "code", "data", "datalist", "del", "details", "dfn", "dialog",
		"dir", "div", "dl", "em", "fieldset", "figcaption", "figure", "font", "footer",
		"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "i", "iframe",
		"ins", "kbd", "label", "legend", "main", "map", "mark", "marquee", "math",
		"menu", "meter", "nav", "nobr", "noscript", "object", "ol", "output", "picture",
		"pre", "progress", "q", "ruby", "s", "samp", "script", "section", "select",
		"small", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
		"table", "template", "textarea", "time", "tt", "u", "ul", "var", "video", "xmp",
	} {
		table[name] = closingNeeded
	}
	for _, name := range []string{
		"area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head",
		"hr", "html", "img", "input", "li", "link", "meta", "optgroup", "option", "p",
		"param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "title",
		"tr", "track", "wbr",
	} {
		table[name] = closingOptional
	}
	return table
}()

// allowed are the elements that may be published, with the attributes that are
// copied for each, beside the common ones. Attributes that hold a URL, and those
// of images and players, are written by rules of their own.
var allowed = map[string][]string{
	"a": {"hreflang"}, "abbr": nil, "address": nil, "article": nil, "aside": nil,
	"audio": nil, "b": nil, "bdi": nil, "blockquote": nil, "br": nil, "caption": nil,
	"cite": nil, "code": nil, "col": {"span"}, "colgroup": {"span"}, "dd": nil,
	"del": {"datetime"}, "details": {"open"}, "dfn": nil, "div": nil, "dl": nil,
	"dt": nil, "em": nil, "figcaption": nil, "figure": nil, "footer": nil, "h1": nil,
	"h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "header": nil, "hr": nil,
	"i": nil, "img": {"alt", "width", "height"}, "ins": {"datetime"}, "kbd": nil,
	"li": {"value"}, "mark": nil, "ol": {"start", "reversed", "type"}, "p": nil,
	"picture": nil, "pre": nil, "q": nil, "rp": nil, "rt": nil, "ruby": nil, "s": nil,
	"samp": nil, "section": nil, "small": nil, "source": {"type", "media", "sizes"},
	"span": nil, "strong": nil, "sub": nil, "summary": nil, "sup": nil, "table": nil,
	"tbody": nil, "td": {"colspan", "rowspan"}, "tfoot": nil,
	"th": {"colspan", "rowspan", "scope"}, "thead": nil, "time": {"datetime"},
	"tr": nil, "u": nil, "ul": nil, "var": nil, "video": {"width", "height"}, "wbr": nil,
}

// renamed are elements that are published as others: obsolete ones, and ones that
// may stand only once in a page.
var renamed = map[string]string{
	"acronym": "abbr", "amp-audio": "audio", "amp-video": "video", "bdo": "span", "center": "div", "dir": "ul", "fieldset": "div",
	"hgroup": "div", "legend": "p", "listing": "pre", "main": "div", "menu": "ul",
	"nav": "div", "rtc": "rt", "strike": "s", "tt": "code", "xmp": "pre",
}

// removed are elements that go with all that is in them; every other one that is
// not allowed leaves its content behind.
var removed = map[string]bool{
	"script": true, "style": true, "template": true, "svg": true, "frame": true,
	"frameset": true, "noframes": true, "noembed": true, "applet": true, "base": true,
	"link": true, "meta": true, "title": true, "input": true, "button": true,
	"select": true, "textarea": true, "datalist": true, "keygen": true, "param": true,
	"track": true, "canvas": true, "dialog": true, "progress": true, "meter": true,
	"map": true, "area": true, "bgsound": true,
}

// forms are what the value of an attribute must look like to be copied.
var forms = map[string]*regexp.Regexp{
	"dir":      regexp.MustCompile(`^(?:ltr|rtl|auto)$`),
	"lang":     regexp.MustCompile(`^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$`),
	"title":    regexp.MustCompile(`^.{1,1000}$`),
	"hreflang": regexp.MustCompile(`^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$`),
	"alt":      regexp.MustCompile(`^.{0,1000}$`),
	"width":    smallNumber, "height": smallNumber, "span": smallNumber,
	"colspan": smallNumber, "rowspan": smallNumber,
	"start":    regexp.MustCompile(`^-?[0-9]{1,6}$`),
	"value":    regexp.MustCompile(`^-?[0-9]{1,6}$`),
	"reversed": regexp.MustCompile(`^$`), "open": regexp.MustCompile(`^$`),
	"type": regexp.MustCompile(
		`^(?:[1aAiI]|(?:audio|video|image)/[A-Za-z0-9.+-]+(?:; ?codecs="?[A-Za-z0-9., +-]+"?)?)$`),
	"scope":    regexp.MustCompile(`^(?:row|col|rowgroup|colgroup)$`),
	"datetime": regexp.MustCompile(`^[0-9A-Z:.+ -]{4,40}$`),
	"media":    regexp.MustCompile(`^[0-9A-Za-z (),.:%/-]{1,200}$`),
	"sizes":    regexp.MustCompile(`^[0-9A-Za-z (),.:%/*+-]{1,400}$`),
}

var smallNumber = regexp.MustCompile(`^[0-9]{1,5}$`)

// commonAttributes may stand on every element: they say how to read and to set the text.
var commonAttributes = []string{"dir", "lang", "title"}
