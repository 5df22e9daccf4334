package corpus

import (
	"slices"
	"strings"
)

// beside says by which line of absent a case is not applicable; empty if it is.
func (c testCase) beside() string {
	if name := "category " + c.Category; absent[name] != "" {
		return name
	}
	for _, check := range c.Checks {
		path := check.path()
		if s, _ := check.Value.(string); words(path) == "encoding" && s == "us-ascii" {
			return "encoding us-ascii"
		}
		if check.Op == "lacks_key" {
			path = append(slices.Clone(path), check.Value)
		}
		for at := words(path); at != ""; at = parent(at) {
			if absent[at] != "" {
				return at
			}
		}
	}
	return ""
}

// parent is the path that a path is below of; empty if it is below none.
func parent(path string) string {
	if s, ok := strings.CutSuffix(path, "[]"); ok {
		return s
	}
	return path[:max(0, strings.LastIndexByte(path, '.'))]
}

// absent are the categories that do not apply, and the paths that the words of this
// program do not have, with the reason. Everything below a path is absent too.
var absent = map[string]string{
	"category wellformed/sanitize": "feedparser's own list of allowed markup and its way of writing it; ours has tests of its own",
	"encoding us-ascii":            "RFC 3023's default for text/*, which RFC 7303 took back",

	"bozo_exception": "what is wrong with a document is told in codes and words of our own",
	"etag":           "the HTTP answer is the fetcher's",
	"modified":       "the HTTP answer is the fetcher's",
	"headers":        "the HTTP answer is the fetcher's",
	"updated":        "the HTTP answer is the fetcher's",
	"updated_parsed": "the HTTP answer is the fetcher's",

	"feed.cloud":                    "hubs have taken the place of rssCloud",
	"feed.contributors":             "a feed has authors; contributors are an article's",
	"feed.created":                  "a feed has one date, of its last change",
	"feed.docs":                     "nobody reads it",
	"feed.generator_detail.href":    "a generator is named, and has no address",
	"feed.generator_detail.version": "a generator is named, and has no version apart",
	"feed.image.height":             "a feed's image is an address and nothing else",
	"feed.image.link":               "a feed's image is an address and nothing else",
	"feed.image.subtitle":           "a feed's image is an address and nothing else",
	"feed.image.title":              "a feed's image is an address and nothing else",
	"feed.image.width":              "a feed's image is an address and nothing else",
	"feed.itunes_explicit":          "explicit is each episode's mark",
	"feed.links":                    "a feed keeps its page, its own address, its hubs and its next page, each apart",
	"feed.newlocation":              "a feed moves by HTTP redirects only",
	"feed.published":                "a feed has one date, of its last change",
	"feed.published_parsed":         "a feed has one date, of its last change",
	"feed.created_parsed":           "a feed has one date, of its last change",
	"feed.publisher":                "a webmaster is no author",
	"feed.publisher_detail":         "a webmaster is no author",
	"feed.textinput":                "a reader has no form to show",
	"feed.thr_in-reply-to":          "an article's place in a discussion is its comments page",
	"feed.validity_end":             "no feed has an end",
	"feed.validity_end_parsed":      "no feed has an end",
	"feed.validity_start":           "no feed has a beginning",
	"feed.validity_start_parsed":    "no feed has a beginning",

	"entries[].abcdefg":                 "an element that nobody defined",
	"entries[].madeup_element":          "an element that nobody defined",
	"entries[].content[].src":           "content that lies elsewhere is a link or an enclosure",
	"entries[].expired":                 "an article is not taken back by a date",
	"entries[].expired_parsed":          "an article is not taken back by a date",
	"entries[].media_credit":            "a credit is its file's, without a role",
	"entries[].psc_chapters":            "chapters are a file of their own (podcast:chapters)",
	"entries[].publisher":               "an article has authors and contributors",
	"entries[].publisher_detail":        "an article has authors and contributors",
	"entries[].source.contributors":     "of a feed that an article comes from its authors are kept",
	"entries[].source.generator":        "of a feed that an article comes from its generator is not kept",
	"entries[].source.generator_detail": "of a feed that an article comes from its generator is not kept",
	"entries[].source.links":            "a feed keeps its page and its own address, each apart",
	"entries[].source.tags":             "of a feed that an article comes from its categories are not kept",
	"entries[].thr_in-reply-to":         "an article's place in a discussion is its comments page",
	"entries[].wfw_comment":             "nobody comments from here",
	"entries[].where":                   "an article has no place on a map",
}
