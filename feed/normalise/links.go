package normalise

import (
	"strings"

	"broadsheet/feed"
)

// maxLinks bounds the links of an entry beside its own.
const maxLinks = 20

// links fills in Link, Links, Comments and Image, and finds what relative
// references resolve against.
func links(d *draft) {
	d.bases = itemBases(d.item)
	href := itemLink(d.item, d.bases)
	if l, ok := absolute(href); ok {
		d.entry.Link = withoutClicks(l).String()
		if d.entry.Link != href {
			d.note(stepLinks, "click counters were taken off the link")
		}
	} else if declaresLink(d.item) {
		d.note(stepLinks, "none of its links is an absolute web address")
	}
	d.entry.Links = otherLinks(d.item, d.bases, href)
	d.entry.Comments = resolveText(d.item.Comments, d.bases)
	d.entry.CommentCount = max(0, d.item.CommentCount)
	d.entry.Image = resolveText(d.item.Image, d.bases)
}

func declaresLink(item feed.Item) bool {
	for _, l := range item.Links {
		if l.Href != "" {
			return true
		}
	}
	return false
}

// itemBases are the addresses that an item's relative references may resolve
// against, best first: its base, the page of the feed, the feed.
func itemBases(item feed.Item) []location {
	var bases []location
	for _, s := range []string{item.Base, item.Channel.Link, item.Channel.Self} {
		if l, ok := absolute(s); ok {
			bases = append(bases, l)
		}
	}
	return bases
}

// resolveFirst resolves a reference against the first of bases.
func resolveFirst(ref string, bases []location) (location, bool) {
	if strings.TrimSpace(ref) == "" {
		return location{}, false
	}
	if len(bases) > 0 {
		return bases[0].resolve(ref)
	}
	return absolute(ref)
}

// resolveText is the absolute form of a reference; empty if it has none.
func resolveText(ref string, bases []location) string {
	l, ok := resolveFirst(ref, bases)
	if !ok {
		return ""
	}
	return l.String()
}

// itemLink is the absolute address of the article: the best of its alternate
// links (RFC 4287 §4.2.7.2: HTML before others), else its id, if that claims to
// be the address. Empty if there is none.
// Identify stands on this choice.
func itemLink(item feed.Item, bases []location) string {
	best, rank := "", len(linkTypes)+1
	for _, l := range item.Links {
		if !isAlternate(l.Rel) {
			continue
		}
		if href := resolveText(l.Href, bases); href != "" && typeRank(l.Type) < rank {
			best, rank = href, typeRank(l.Type)
		}
	}
	if best != "" {
		return best
	}
	if item.Permalink {
		if l, ok := absolute(item.ID); ok && strings.Contains(item.ID, "://") {
			return l.String()
		}
	}
	return ""
}

func isAlternate(rel string) bool {
	return rel == "" || strings.EqualFold(strings.TrimPrefix(rel, relationRegistry), "alternate")
}

// relationRegistry may stand before a registered relation (RFC 4287 §4.2.7.2).
const relationRegistry = "http://www.iana.org/assignments/relation/"

// linkTypes are the media types of an article's page, best first; any other is worse.
var linkTypes = []string{"text/html", "", "application/xhtml+xml"}

func typeRank(mediaType string) int {
	mediaType, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
	for i, t := range linkTypes {
		if strings.TrimSpace(mediaType) == t {
			return i
		}
	}
	return len(linkTypes)
}

// keptRelations are the relations of links that readers can use.
var keptRelations = map[string]bool{
	"alternate": true, "related": true, "via": true, "replies": true, "license": true, "payment": true,
	"external": true, // JSON Feed's page that an item is about
}

// otherLinks are the item's links beside its own, absolute, without repeats.
func otherLinks(item feed.Item, bases []location, own string) []feed.Link {
	var out []feed.Link
	seen := map[string]bool{"alternate " + own: true}
	for _, l := range item.Links {
		rel := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(l.Rel, relationRegistry)))
		if rel == "" {
			rel = "alternate"
		}
		href := resolveText(l.Href, bases)
		if href == "" || !keptRelations[rel] || seen[rel+" "+href] || len(out) == maxLinks {
			continue
		}
		seen[rel+" "+href] = true
		out = append(out, feed.Link{
			Rel: rel, Href: href, Type: mediaType(l.Type), Language: canonicalLanguage(l.Language),
			Title: plainLine(feed.Text{Value: feed.RawHTML(l.Title)}), Length: max(0, l.Length),
		})
	}
	return out
}
