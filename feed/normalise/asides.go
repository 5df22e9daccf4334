package normalise

import (
	"strings"

	"golang.org/x/net/html"
)

// asides are classes that programs give to furniture, with what it is. Nobody gives
// one to a part of an article.
var asides = func() map[string]string {
	out := map[string]string{}
	for why, classes := range map[string]string{
		"a bar of buttons to share it": `sharedaddy sd-sharing sd-like jp-likes-widget-wrapper addtoany_share_save_container addtoany_content a2a_kit
			heateor_sss_sharing_container heateorSssSharing essb_links ssba ssba-wrap shareaholic-canvas feedflare swp_social_panel
			social-share share-buttons sharing-buttons social-buttons post-share entry-share share-bar sharebar social-sharing`,
		"a list of other articles": `jp-relatedposts yarpp yarpp-related yarpp-related-rss wp_rp_wrap wp_rp_content crp_related rp4wp-related-posts
			zemanta-related related-posts relatedposts related-articles related-stories`,
		"an advertisement": `adsbygoogle google-auto-placed advertisement advert ad-slot ad-container ad-wrapper adslot
			taboola trc_related_container OUTBRAIN mailmunch-forms-in-a-post newsletter-signup newsletter-form`,
		"a way back to the top": "back-to-top backtotop scroll-to-top",
	} {
		for class := range strings.FieldsSeq(classes) {
			out[class] = why
		}
	}
	return out
}()

// isAside tells whether an element is furniture by its class, and has little text of
// its own: a text that some theme wraps in such a class is kept.
func (c *cleaner) isAside(n *html.Node) bool {
	class := attribute(n, "class")
	if class == "" || c.keepAsides {
		return false
	}
	for name := range strings.FieldsSeq(class) {
		why, ok := asides[name]
		if !ok {
			continue
		}
		if looseText(n, longestFurniture) < longestFurniture {
			c.asides = true
			c.cuts(why, shorten(oneLine(textOf(n, longestFurniture)), longestCutting))
			return true
		}
	}
	return false
}

// looseText is the length of the text in n that is in no link, in bytes, up to about a limit.
func looseText(n *html.Node, limit int) int {
	size := 0
	for child := n.FirstChild; child != nil && size < limit; child = child.NextSibling {
		switch {
		case child.Type == html.TextNode:
			size += len(strings.TrimSpace(child.Data))
		case child.Data != "a" && !removed[child.Data]:
			size += looseText(child, limit-size)
		}
	}
	return size
}

// textOf is the text in n, up to about a limit of bytes.
func textOf(n *html.Node, limit int) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for child := n.FirstChild; child != nil && b.Len() < limit; child = child.NextSibling {
			switch {
			case child.Type == html.TextNode:
				b.WriteString(head(cleanText(child.Data), limit))
			case !removed[child.Data]:
				walk(child)
				b.WriteByte(' ')
			}
		}
	}
	walk(n)
	return b.String()
}
