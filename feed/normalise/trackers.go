package normalise

import (
	"net/url"
	"strings"
)

// trackers are query parameters that say where a reader came from and nothing
// about what is shown. A "*" at the end stands for any rest. Identify relies on
// this list: only add what no site uses to choose a page.
var trackers = []string{
	"utm_*", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid",
	"twclid", "yclid", "ysclid", "igshid", "igsh", "ttclid", "li_fat_id", "mc_cid",
	"mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",
	"mkt_tok", "vero_conv", "vero_id", "oly_anon_id", "oly_enc_id", "rb_clickid",
	"s_cid", "wickedid", "_openstat", "xtor", "wt_mc", "wt_zmc", "at_medium",
	"at_campaign", "at_custom*", "at_bbc_team", "at_format", "at_link_*",
	"at_ptr_name", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname",
	"ns_fee", "pk_campaign", "pk_kwd", "pk_source", "pk_medium", "mtm_*",
	"piwik_*", "matomo_*", "hmb_campaign", "hmb_medium", "hmb_source",
	"cmpid", "cmp_id", "smid", "ncid", "sr_share", "_ga", "_gl", "spm_id_from",
	"ref_src", "ref_url", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source",
	"mbid", "traffic_source", "guccounter", "guce_referrer", "guce_referrer_sig",
}

// clicks are the trackers that are dropped from published links too: names that
// campaign tools own, so that no server can need them.
var clicks = []string{
	"utm_*", "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid",
	"twclid", "yclid", "igshid", "ttclid", "mc_cid", "mc_eid", "_hsenc", "_hsmi",
	"mkt_tok", "oly_anon_id", "oly_enc_id", "igsh", "ysclid", "srsltid", "li_fat_id", "__hssc",
	"__hstc", "__hsfp", "hsctatracking", "vero_conv", "vero_id", "wickedid", "_openstat", "xtor",
	"wt_zmc", "at_medium", "at_campaign", "mtm_*", "pk_campaign", "pk_kwd", "matomo_*", "piwik_*",
	"hmb_campaign", "hmb_medium", "hmb_source", "fb_action_ids", "fb_action_types",
	"guccounter", "guce_referrer", "guce_referrer_sig", "spm_id_from",
}

// signed are parameters that vouch for the whole query: with one of them in it,
// nothing may be taken out.
var signed = []string{
	"sig*", "hmac", "hash", "token", "key", "expires", "policy", "x-amz-*", "x-goog-*",
	"url", "u", "to", "target", "redirect*", "dest*", "link", "goto",
}

// withoutParameters drops the parameters that names lists from a query, which is
// empty or begins with "?", and leaves the bytes of the others alone.
func withoutParameters(query string, names []string) string {
	if len(query) < 2 {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(query[1:], "&") {
		if pair != "" && !listed(pair, names) {
			kept = append(kept, pair)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "?" + strings.Join(kept, "&")
}

// listed tells whether the name of a parameter is in names, blind to case.
func listed(pair string, names []string) bool {
	name, _, _ := strings.Cut(pair, "=")
	if decoded, err := url.QueryUnescape(name); err == nil {
		name = decoded
	}
	name = strings.ToLower(strings.TrimPrefix(name, "amp;"))
	for _, n := range names {
		stem, any := strings.CutSuffix(n, "*")
		if name == stem || any && strings.HasPrefix(name, stem) {
			return true
		}
	}
	return false
}

// withoutClicks is a link without what only counts clicks, where that is safe:
// a link that is signed, or that leads on to another one, stays as it is.
func withoutClicks(l location) location {
	if len(l.query) < 2 {
		return l
	}
	tracked := false
	for pair := range strings.SplitSeq(l.query[1:], "&") {
		if listed(pair, signed) {
			return l
		}
		tracked = tracked || listed(pair, clicks)
	}
	if tracked {
		l.query = withoutParameters(l.query, clicks)
	}
	return l
}

// leadOn are addresses that count a click and lead on, with the parameter that says
// where to.
var leadOn = []struct{ host, path, parameter string }{
	{"www.google.com", "/url", "url"}, {"www.google.com", "/url", "q"},
	{"l.facebook.com", "/l.php", "u"}, {"lm.facebook.com", "/l.php", "u"}, {"l.instagram.com", "/", "u"},
	{"www.youtube.com", "/redirect", "q"}, {"out.reddit.com", "/", "url"}, {"t.umblr.com", "/redirect", "z"},
	{"vk.com", "/away.php", "to"}, {"steamcommunity.com", "/linkfilter/", "url"}, {"exit.sc", "/", "url"},
	{"slack-redir.net", "/link", "url"}, {"www.linkedin.com", "/redir/redirect", "url"},
	{"disq.us", "/url", "url"},
}

// leadsTo is where a link of the text leads in the end, as far as its address tells,
// without what only counts clicks.
func leadsTo(l location) location {
	for _, r := range leadOn {
		if l.host != r.host || l.path != r.path && l.path+"/" != r.path {
			continue
		}
		query, err := url.ParseQuery(strings.TrimPrefix(l.query, "?"))
		if err != nil {
			continue
		}
		if target, ok := absolute(query.Get(r.parameter)); ok {
			return leadsTo(target)
		}
	}
	return withoutClicks(l)
}
