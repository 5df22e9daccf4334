package corpus

// known are the cases that are not met, each with the reason. Where a reason is a
// decision it is one for readers, not for feedparser.
var known = []struct{ why, cases string }{
	{"an id is kept byte for byte: a relative one is not made absolute (ATOM-2, ATOM-3)", `
		wellformed/base/http_entry_id_base_content_location.xml wellformed/base/http_entry_id_base_docuri.xml
		wellformed/base/http_feed_id_base_content_location.xml wellformed/base/http_feed_id_base_docuri.xml`},
	{"SVG and MathML are not among the elements that are published", `
		wellformed/namespace/atommathml.xml wellformed/namespace/atomsvg.xml wellformed/namespace/atomsvgdesc.xml
		wellformed/namespace/atomsvgtitle.xml wellformed/namespace/atomxlink.xml wellformed/namespace/rss2.0mathml.xml
		wellformed/namespace/rss2.0svg.xml wellformed/namespace/rss2.0svg5.xml wellformed/namespace/rss2.0svgtitle.xml
		wellformed/namespace/rss2.0xlink.xml`},
	{"a link without an address is only its text, and an image without one only its alternative text", `
		wellformed/amp/attr01.xml wellformed/amp/attr02.xml wellformed/amp/attr03.xml wellformed/amp/attr04.xml
		wellformed/amp/attr05.xml wellformed/amp/attr06.xml wellformed/atom10/quote_in_attr.xml
		encoding/euc-kr-attribute.xml`},
	{"no encoding is declared, and none is guessed of bytes that fit several", `
		illformed/chardet/big5.xml illformed/chardet/eucjp.xml illformed/chardet/euckr.xml illformed/chardet/gb2312.xml
		illformed/chardet/koi8r.xml illformed/chardet/shiftjis.xml illformed/chardet/tis620.xml
		illformed/chardet/windows1255.xml`},
	{"text that was decoded wrongly before it was written is what the source said", `
		encoding/bozo_double-encoded-html.xml encoding/double-encoded-html.xml encoding/bozo_linenoise.xml`},
	{"who asks for a block, or warns, in capitals or between spaces means it", `
		wellformed/itunes/itunes_channel_block_uppercase.xml wellformed/itunes/itunes_channel_block_whitespace.xml
		wellformed/itunes/itunes_item_block_uppercase.xml wellformed/itunes/itunes_item_block_whitespace.xml
		wellformed/itunes/itunes_item_explicit_uppercase.xml wellformed/itunes/itunes_item_explicit_whitespace.xml`},
	{"iTunes names no scheme for its categories; feedparser makes one up", `
		wellformed/itunes/itunes_channel_category_scheme.xml wellformed/itunes/itunes_item_category_scheme.xml`},
	{"Content-Language is a server's setting for all that it sends; the text itself is asked instead", `
		wellformed/lang/http_content_language.xml wellformed/lang/http_content_language_entry_title_inherit.xml
		wellformed/lang/http_content_language_entry_title_inherit_2.xml`},
	{"of an element that may stand once, and stands twice, the first counts and not the last", `
		wellformed/atom/entry_created_multiple_values.xml wellformed/atom/entry_updated_multiple_values.xml`},
	{"an RSS description beside a summary is the text, whichever of them comes first", `
		wellformed/rss/item_description_and_summary.xml`},
	{"the two kinds of RSS 0.91 are read alike and not told apart", `
		wellformed/rss/rss_version_091_netscape.xml wellformed/rss/rss_version_091_userland.xml`},
	{"entities that a document defines itself are never expanded (T-07)", `wellformed/rss/entity_in_doctype.xml`},
	{"HTML5 gives the entities lang and rang other characters than HTML 4 did", `entities/lang.xml entities/rang.xml`},
	{"text inside of elements was decoded by XML already; once more would be once too often (RSS-9)", `
		wellformed/atom10/entry_content_div_escaped_markup.xml`},
	{"a line break at the end of a text is left out", `wellformed/rss/item_description_br_shorttag.xml`},
	{"a tag that is never closed is taken for text where nobody says that it is HTML", `
		wellformed/rss/item_description_not_a_doctype.xml`},
	{"a feed sent as text/plain, or with a well-known prefix that it does not declare, is read without complaint", `
		encoding/bozo_http_text_plain.xml illformed/undeclared_namespace.xml`},
	{"a note to people who open the feed in a browser does not describe the feed", `
		wellformed/feedburner/feedburner_browserfriendly.xml`},
}
