package syndication

import "strings"

// Vocabularies by their short names, which gofeed knows as prefixes. own is the
// feed format's; foreign is one that nothing here can use.
const (
	own     = ""
	foreign = "?"
)

// vocabularies are the namespaces that are read, by URI in lower case without a
// trailing slash: capitals and slashes in them are wrong as often as right.
var vocabularies = map[string]string{
	"http://www.w3.org/2005/atom":                                    "atom",
	"http://purl.org/atom/ns#":                                       "atom",
	"http://purl.org/net/atom/ns#":                                   "atom",
	"http://example.com/newformat#":                                  "atom", // drafts of Atom 0.2
	"http://purl.org/rss/1.0":                                        "rss",
	"http://my.netscape.com/rdf/simple/0.9":                          "rss",
	"http://channel.netscape.com/rdf/simple/0.9":                     "rss",
	"http://backend.userland.com/rss":                                "rss",
	"http://backend.userland.com/rss2":                               "rss",
	"http://backend.userland.com/rss091":                             "rss",
	"http://backend.userland.com/rss092":                             "rss",
	"http://blogs.law.harvard.edu/tech/rss":                          "rss",
	"http://cyber.law.harvard.edu/rss/rss.html":                      "rss",
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#":                    "rdf",
	"http://www.w3.org/xml/1998/namespace":                           "xml",
	"http://www.w3.org/1999/xhtml":                                   "xhtml",
	"http://purl.org/dc/elements/1.1":                                "dc",
	"http://purl.org/dc/elements/1.0":                                "dc",
	"http://purl.org/dc/terms":                                       "dcterms",
	"http://purl.org/rss/1.0/modules/content":                        "content",
	"http://purl.org/rss/1.0/modules/syndication":                    "sy",
	"http://purl.org/rss/1.0/modules/slash":                          "slash",
	"http://purl.org/syndication/thread/1.0":                         "thr",
	"http://purl.org/syndication/history/1.0":                        "fh",
	"http://purl.org/atompub/tombstones/1.0":                         "at",
	"http://wellformedweb.org/commentapi":                            "wfw",
	"http://rssnamespace.org/feedburner/ext/1.0":                     "feedburner",
	"http://www.pheedo.com/namespace/pheedo":                         "pheedo",
	"http://search.yahoo.com/mrss":                                   "media",
	"http://search.yahoo.com/rss":                                    "media",
	"http://www.rssboard.org/media-rss":                              "media",
	"http://www.itunes.com/dtds/podcast-1.0.dtd":                     "itunes",
	"http://example.com/dtds/podcast-1.0.dtd":                        "itunes",
	"http://www.itunes.com/dtds/podcast-1.0.dtd#":                    "itunes",
	"https://podcastindex.org/namespace/1.0":                         "podcast",
	"http://podcastindex.org/namespace/1.0":                          "podcast",
	podcastDocs:                                                      "podcast",
	"http://backend.userland.com/creativecommonsrssmodule":           "creativeCommons",
	"http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativeCommons",
	"http://web.resource.org/cc":                                     "cc",
	"http://creativecommons.org/ns#":                                 "cc",
	"http://www.georss.org/georss":                                   "georss",
	"http://www.georss.org/georss/10":                                "georss",
	"http://www.w3.org/2003/01/geo/wgs84_pos#":                       "geo",
	"http://www.w3.org/2003/01/geo/wgs84_pos":                        "geo",
	"http://www.opengis.net/gml":                                     "gml",
	"http://news.yandex.ru":                                          "yandex",
	"http://webns.net/mvcb":                                          "admin",
}

// podcastDocs is the page that the podcast namespace was named by at first.
const podcastDocs = "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"

// canonical is the URI that a vocabulary is declared by in what gofeed reads.
// Vocabularies that are not listed are not handed on.
var canonical = map[string]string{
	"atom":            "http://www.w3.org/2005/Atom",
	"admin":           "http://webns.net/mvcb/",
	"cc":              "http://web.resource.org/cc/",
	"content":         "http://purl.org/rss/1.0/modules/content/",
	"creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
	"dc":              "http://purl.org/dc/elements/1.1/",
	"dcterms":         "http://purl.org/dc/terms/",
	"feedburner":      "http://rssnamespace.org/feedburner/ext/1.0",
	"fh":              "http://purl.org/syndication/history/1.0",
	"geo":             "http://www.w3.org/2003/01/geo/wgs84_pos#",
	"georss":          "http://www.georss.org/georss",
	"gml":             "http://www.opengis.net/gml",
	"itunes":          "http://www.itunes.com/dtds/podcast-1.0.dtd",
	"media":           "http://search.yahoo.com/mrss/",
	"pheedo":          "http://www.pheedo.com/namespace/pheedo",
	"podcast":         "https://podcastindex.org/namespace/1.0",
	"slash":           "http://purl.org/rss/1.0/modules/slash/",
	"sy":              "http://purl.org/rss/1.0/modules/syndication/",
	"thr":             "http://purl.org/syndication/thread/1.0",
	"wfw":             "http://wellformedweb.org/CommentAPI/",
}

// vocabulary names the vocabulary of a URI, else of the prefix that stands for
// it: an undeclared or misspelt namespace with a well-known prefix means what
// everybody means by it.
func vocabulary(uri, prefix string) string {
	uri = strings.ToLower(strings.TrimSpace(uri))
	if short, ok := vocabularies[strings.TrimSuffix(uri, "/")]; ok {
		return short
	}
	prefix = strings.ToLower(prefix)
	switch prefix {
	case "":
		if uri == "" {
			return own
		}
	case "rdf", "xml", "xhtml", "rss":
		return prefix
	case "creativecommons":
		return "creativeCommons"
	default:
		if _, ok := canonical[prefix]; ok {
			return prefix
		}
	}
	return foreign
}

// void are the HTML elements that have no end tag.
var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true,
	"img": true, "input": true, "link": true, "meta": true, "param": true,
	"source": true, "track": true, "wbr": true,
}

// prose are the elements whose content is text or markup for people, by
// vocabulary and name in lower case. Whatever is inside belongs to them.
var prose = map[string]bool{
	"title": true, "description": true, "summary": true, "content": true,
	"abstract": true, "subtitle": true, "tagline": true, "info": true, "rights": true, "copyright": true,
	"content:encoded": true, "xhtml:body": true, "xhtml:div": true, "yandex:full-text": true, "fullitem": true,
	"itunes:summary": true, "itunes:subtitle": true, "itunes:title": true,
	"media:title": true, "media:description": true, "media:text": true,
	"dc:title": true, "dc:description": true, "dc:rights": true, "dcterms:abstract": true,
}
