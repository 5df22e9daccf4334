package article

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// trait is what the names that an element bears (class, id, role, data-component …)
// make it look like.
type trait uint32

// The traits.
const (
	share trait = 1 << iota
	related
	newsletter
	consent
	comments
	crumbs
	tags
	advert
	aside
	menu
	foot
	byline
	dateline
	credit
	caption
	tools
	hidden
	popup
	wall
	body
	embed
	picture
)

// words are the words of names, and what each says.
var words = func() map[string]trait {
	out := map[string]trait{}
	for t, list := range map[trait]string{
		share: `share shares sharing sharebar sharethis shareaholic sharedaddy addthis addtoany social socials
			socialmedia facebook twitter whatsapp pinterest linkedin reddit follow followus likebox jp-relatedposts
			compartir teilen partager condividi compartilhar`,
		related: `related relatedposts relatedarticles recommended recommend recommendation recommendations recirc
			recirculation trending popular mostread mostpopular readmore seealso readalso alsoread morefrom morestories
			suggested suggestions outbrain taboola zergnet revcontent mgid upnext yarpp yarpp-related crosslinks
			aehnliche verwandt artigos-relacionados relacionadas relacionados teaser teasers`,
		newsletter: `newsletter newsletters subscribe subscription subscriptions signup mailchimp optin mailinglist
			emailsignup mc4wp leadgen`,
		consent:  `cookie cookies consent gdpr cmp cookiebar cookiebanner onetrust didomi usercentrics`,
		comments: `comment comments commentlist commentary-list disqus respond replies reply discussion kommentare kommentar comentarios commentaires usercomments livefyre`,
		crumbs:   `breadcrumb breadcrumbs crumb crumbs crumbtrail youarehere`,
		tags:     `tag tags taglist tagcloud posttags topics keywords tagged hashtags filedunder categories`,
		advert: `ad ads adv advert adverts advertisement advertising adsense adslot adunit adbox adwrapper adcontainer sponsor
			sponsored sponsors promo promos promoted promotion promobox dfp gpt anzeige werbung publicidad publicite
			reklama affiliate`,
		aside: `sidebar sidebars sidebox rail rightrail leftrail sidecolumn factbox-links widget widgets widgetarea`,
		menu: `nav navigation navbar navi menu menus submenu pager pagination paging pagenav prevnext postnav
			subnav topnav skiplink skip`,
		foot:     `footer colophon copyright footnav`,
		byline:   `byline bylines author authors authorbox authorbio bio biography writer contributor contributors auteur autor autore vcard authorinfo aboutauthor`,
		dateline: `date dateline datetime timestamp time pubdate published posted postdate postmeta meta metadata entrymeta articlemeta updated modified lastupdated postinfo datum fecha readtime readingtime`,
		credit:   `credit credits photocredit imagecredit photographer attribution copyright imgcopyright bildrechte fotocredit`,
		caption:  `caption captions imagecaption photocaption figcaption cutline wp-caption-text legend bildunterschrift legende`,
		tools: `tools toolbar tool utility utilities actions action buttons button btn print email fontsize
			textsize textresize rating ratings vote votes voting likes like views viewcount counter reactions feedback
			bookmark`,
		hidden: `printonly printheader printlogo visuallyhidden screenreader offscreen`,
		popup:  `popup modal overlay lightbox tooltip dialog toast interstitial`,
		wall:   `paywall regwall metered-wall piano`,
		body: `articlebody entrycontent postcontent articlecontent storybody articletext storytext posttext
			bodytext storycontent postbody bodycontent`,
		embed:   `tweet instagram-media embed oembed`,
		picture: `image photo picture figure media img wp-caption imagewrapper thumbnail photobox`,
	} {
		for w := range strings.FieldsSeq(list) {
			out[w] |= t
		}
	}
	return out
}()

// concealed are whole names of elements that nobody sees; as parts they say something
// else ("label-hidden", "hidden-xs").
var concealed = map[string]bool{
	"hidden": true, "hide": true, "is-hidden": true, "d-none": true, "sr-only": true, "invisible": true, "element-invisible": true, "visually-hidden": true,
	"screen-reader-text": true, "u-hidden": true,
}

// modifiers begin names that say what an element has, not what it is.
var modifiers = []string{"has-", "with-", "no-", "without-", "not-"}

// maxNames is how much of an element's names is looked at, in bytes.
const maxNames = 300

// traits are what the names of an element say.
func traits(n *html.Node) trait {
	var t trait
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "role", "data-component", "data-module", "data-testid", "data-type", "data-region", "itemprop", "rel":
			if a.Key == "itemprop" && strings.EqualFold(a.Val, "articleBody") {
				t |= body
				continue
			}
			if len(a.Val) > maxNames {
				a.Val = a.Val[:maxNames]
			}
			for name := range strings.FieldsSeq(a.Val) {
				t |= traitsOf(name)
			}
		}
	}
	return t
}

// traitsOf takes a name apart: "postRelated-links" says post, related, links,
// postrelated and relatedlinks.
func traitsOf(name string) trait {
	var parts [12]string
	n, start := 0, 0
	var t trait
	lower := strings.ToLower(name)
	if startsWith(lower, modifiers) {
		return 0
	}
	if concealed[lower] {
		return hidden
	}
	t |= words[lower]
	cut := func(end int) {
		if end > start && n < len(parts) {
			parts[n] = lower[start:end]
			n++
		}
	}
	if len(lower) != len(name) { // letters of several bytes: no name that is known
		return t
	}
	var last rune
	for i, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			cut(i)
			start = i + len(string(r))
		case unicode.IsUpper(r) && unicode.IsLower(last):
			cut(i)
			start = i
		}
		last = r
	}
	cut(len(lower))
	for i := range n {
		t |= words[parts[i]]
		if i+1 < n {
			t |= words[parts[i]+parts[i+1]]
		}
	}
	return t
}
