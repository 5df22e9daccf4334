package corpus

import (
	"regexp"
	"strings"
)

// noFact reports whether a kind says nothing of an article: names of namespaces, how a text
// is written, and that a guid is an address (RSS-4: one that is passed on never is).
func noFact(kind string) bool { return kind == "-" || written.MatchString(kind) }

var written = regexp.MustCompile(`@(?:xmlns|dc|media|slash|wfw|thr|app|atom|itunes|georss|content|lang|base|space)$` +
	`|^custom\.xmlns|^guid\.isPermalink$|(?:content|title|description|text)(?:\.|@)type$|^links\[[^]]*\]\.rel$|^source\.links\[[^]]*\]\.(?:rel|type)$`)

// loss is why some kinds are lost, sometimes or always.
type loss struct {
	name   string // of the kinds, for people
	kinds  *regexp.Regexp
	reason string
}

// foreign is the loss of vocabularies that are not in the list.
var foreign = loss{"Vocabularies of one site or program (`activity` `app` `feedburner` `gd` `lj` `source` `wp` `yt` …), or in no namespace",
	nil, "No reader knows them. What they say that a word is known for (a link, a date, a person) is found under that word."}

// lossOf is why a kind may be lost; ok is false if it must not be.
func lossOf(kind string) (why loss, ok bool) {
	for _, l := range losses {
		if l.kinds.MatchString(kind) {
			return l, true
		}
	}
	prefix, _, named := strings.Cut(kind, ":")
	if named && !vocabularies[prefix] || strings.HasPrefix(kind, "custom.") || strings.HasPrefix(kind, "source/extensions.activity") {
		return foreign, true
	}
	return loss{}, false
}

// vocabularies are those of which every kind that is lost has a line of its own.
var vocabularies = map[string]bool{
	"media": true, "itunes": true, "podcast": true, "dc": true, "dcterms": true, "slash": true, "thr": true, "wfw": true,
	"georss": true, "geo": true, "gml": true, "creativeCommons": true, "cc": true, "atom": true,
}

func lossFor(name, kinds, reason string) loss {
	return loss{name, regexp.MustCompile("^(?:" + kinds + ")$"), reason}
}

var losses = []loss{
	lossFor("Ids", `guid\.value|id`,
		"An id that is no absolute IRI (a number, a path) may not stand in Atom; a minted one takes its place, the same in all formats (ATOM-2, DESIGN §6)."),
	lossFor("Links of articles", `link|links|links\[alternate\]\.href`,
		"The feed's link leads through a counter (FeedBurner) and it names the article's own address, which takes its place; or it has tracking parameters."),
	lossFor("Type and title of the article's own link", `links\[alternate\]\.(?:type|title)`,
		"It is the article's page, and its title the article's."),
	lossFor("Links about the document (`self` `edit` `icon` `service.*` …)", `links\[(?:self|edit|edit-media|media-edit|icon|service\.\w+)\]\.\w+`,
		"They speak of the entry in the origin's own feed or of the tool that made it, and would be false in another document."),
	lossFor("Links of unregistered relations (`shorturl` `mentioned` `standout`)", `links\[(?:shorturl|mentioned)\]\.\w+|atom:link@rel`,
		"No reader knows them; `shorturl` is the article's own address again."),
	lossFor("Length 0 or -1 of a file", `enclosures?\.length|links\[enclosure\]\.length`,
		"It means that the length is not known. RSS says 0, the others say nothing."),
	lossFor("Dates", `pubDate|published|updated|dc:date`,
		"A date that cannot be (year 1, 1970, years in the future), a second date beside another one, or a change from before the publication."),
	lossFor("The date of a photograph", `dc:date\.Taken`, "It is no element of Dublin Core, and not a date of the article."),
	lossFor("E-mail addresses", `authors\.email`,
		"Addresses of robots (noreply@) say nothing. RSS could say one, but readers show it in the place of the name (feedparser takes it apart wrongly); JSON Feed has one place for page or address, and the page is better."),
	lossFor("Pages of authors", `authors?\.ur[il]`, "RSS has only the name (`dc:creator`)."),
	lossFor("Pictures of authors", `authors?\.avatar`, "Only JSON Feed has a place for them."),
	lossFor("Names of authors", `author|authors?\.name|dc:creator`,
		"A list of people in one element becomes several people, and what is nobody (\"(author unknown)\", \"admin\") is left out."),
	lossFor("Categories", `categories\.(?:value|term|label|domain|scheme)|media:category|media:group/category`,
		"A list in one element becomes several; a subject named twice is named once; RSS and JSON have one text for term and label (JSON has both in `_broadsheet`); an Atom scheme must be an IRI, an RSS domain need not."),
	lossFor("Texts", `title|content|content\.value|content_html|description|summary`,
		"What is no text: scripts, counting pixels, plug-ins that no browser runs, newsletter forms; and a summary that only repeats the text."),
	lossFor("Language of an item", `language|dc:language`, "It is `xml:lang`, which gofeed does not read."),
	lossFor("Source of an item", `source\.id|source\.title|source\.links\[alternate\]\.href`,
		"RSS has the title and the feed's own address; where the origin does not tell that, `dc:source` has the title alone. Atom and JSON have all."),
	lossFor("Number of comments that is 0", `slash:comments|thr:total`, "It is what everybody assumes."),
	lossFor("Duration of an episode", `itunes:duration`, "Whole seconds: parts of one are no form of iTunes."),
	lossFor("Latitude and longitude", `geo:lat|geo:long`, "0.000000 is written as 0."),
	lossFor("A second shape of a place", `georss:box`, "The point beside it is kept."),
	lossFor("Views, votes and stars", `media:group/community/.*`,
		"They would make a document new with every look at the film; the W3C validator takes them for errors."),
	lossFor("Media RSS: attributes and elements it does not have", `media:content/identifier|media:group/(?:aspectRatio|uploaderId)|media:group/content@format|media:group/credit@type`,
		"They are YouTube's and others' own, in the wrong namespace."),
	lossFor("Media RSS: roles of a vocabulary named by a URN", `media:group/credit@(?:role|scheme)`,
		"`urn:youtube`: the W3C's validator breaks off where it sees one."),
	lossFor("Media RSS: players written out as markup", `media:content/embed|media:player`,
		"A player is named by its address; markup in an element that has none would be foreign code."),
	lossFor("Media RSS: files that are not on the web", `media:group/content@(?:url|type)`, "`rtsp:` addresses, which no browser opens."),
	lossFor("Media RSS: types that are none", `media:content@type`, "\"image/bmpimage/x-bmp\"."),
	lossFor("Media RSS: the medium of a file", `media:(?:group/)?content@medium`, "JSON's `mime_type` says it."),
	lossFor("Media RSS: titles of a file listed twice", `media:content/title`, "A file that is listed twice is one file, with the first of its titles."),
	lossFor("Podcasts: sizes of a picture", `podcast:images@srcset`, "The element was withdrawn; `itunes:image` has the picture."),
	lossFor("Podcasts: shares without an address", `podcast:value/valueRecipient@(?:name|customValue)`, "Nobody can be paid by an empty address."),
}
