package siterule

import (
	"maps"
	"slices"
	"strings"
)

// directive is what a line of a rule is about: the word before its colon.
type directive string

// The directives that are obeyed. The vocabulary is described at
// https://help.fivefilters.org/full-text-rss/site-patterns.html; what is not described
// there is read as Full-Text RSS and graby (j0k3r/graby) read it.
const (
	title  directive = "title"
	body   directive = "body"
	author directive = "author"
	date   directive = "date"

	strip          directive = "strip"
	stripIDOrClass directive = "strip_id_or_class"
	stripImageSrc  directive = "strip_image_src"
	stripAttr      directive = "strip_attr"
	dissolve       directive = "dissolve"
	wrapIn         directive = "wrap_in"
	moveInto       directive = "move_into"
	lazySrc        directive = "src_lazy_load_attr"

	findString    directive = "find_string"
	replaceString directive = "replace_string"
	doubleBreaks  directive = "convert_double_br_tags"

	singlePageLink directive = "single_page_link"
	nextPageLink   directive = "next_page_link"
	ifPageContains directive = "if_page_contains"
	nativeAdClue   directive = "native_ad_clue"

	tidy                directive = "tidy"
	prune               directive = "prune"
	autodetectOnFailure directive = "autodetect_on_failure"
	skipJSONLD          directive = "skip_json_ld"

	testURL      directive = "test_url"
	testContains directive = "test_contains"
)

// form is what may stand after a directive's colon.
type form int

const (
	anyText form = iota
	xpathExpr
	yesOrNo
	webAddress
)

// word is what the vocabulary says of a directive.
type word struct {
	form form
	// inside says what stands in parentheses after the directive's name, if anything does.
	inside string
	bare   bool // it may also stand without parentheses
	// passed says why the directive is known and not obeyed; empty if it is obeyed.
	passed string
}

// vocabulary is every directive that is known.
var vocabulary = map[directive]word{
	title:               {form: xpathExpr},
	body:                {form: xpathExpr},
	author:              {form: xpathExpr},
	date:                {form: xpathExpr},
	strip:               {form: xpathExpr},
	stripIDOrClass:      {form: anyText},
	stripImageSrc:       {form: anyText},
	stripAttr:           {form: xpathExpr},
	dissolve:            {form: xpathExpr},
	wrapIn:              {form: xpathExpr, inside: "an element's name"},
	moveInto:            {form: xpathExpr, inside: "an XPath, or body"},
	lazySrc:             {form: anyText},
	findString:          {form: anyText},
	replaceString:       {form: anyText, inside: "the text to find", bare: true},
	doubleBreaks:        {form: yesOrNo},
	singlePageLink:      {form: xpathExpr},
	nextPageLink:        {form: xpathExpr},
	ifPageContains:      {form: xpathExpr},
	nativeAdClue:        {form: xpathExpr},
	tidy:                {form: yesOrNo},
	prune:               {form: yesOrNo},
	autodetectOnFailure: {form: yesOrNo},
	skipJSONLD:          {form: yesOrNo},
	testURL:             {form: webAddress},
	testContains:        {form: anyText},

	"parser":                   {passed: "there is one parser, the one of the HTML standard"},
	"http_header":              {inside: "a header's name", passed: "requests are made as the configuration says"},
	"requires_login":           {passed: "nothing logs in"},
	"not_logged_in_xpath":      {passed: "nothing logs in"},
	"login_uri":                {passed: "nothing logs in"},
	"login_username_field":     {passed: "nothing logs in"},
	"login_password_field":     {passed: "nothing logs in"},
	"login_extra_fields":       {passed: "nothing logs in"},
	"single_page_link_in_feed": {passed: "it is about feeds, and rules are for pages"},
	"insert_detected_image":    {passed: "a lead image is kept beside the text, never put into it"},
	"post_strip_attr":          {passed: "the normaliser decides which attributes stay"},
	"autodetect_next_page":     {passed: "further pages are followed only where a rule names them"},
	"footnotes":                {passed: "Instapaper's; footnotes stay"},
	"strip_comments":           {passed: "Instapaper's; comments are furniture everywhere"},
	"skip_id_or_class":         {passed: "it is described nowhere"},
}

// likeness is how many letters two directives begin with for one to be meant by the other.
const likeness = 2

// meant names the directives that a wrong one may stand for, else some of all.
func meant(wrong string) string {
	wrong = strings.ToLower(wrong)
	known := slices.Sorted(maps.Keys(vocabulary))
	var near []string
	for _, d := range known {
		if len(wrong) >= likeness && vocabulary[d].passed == "" && strings.HasPrefix(string(d), wrong[:likeness]) {
			near = append(near, string(d))
		}
	}
	if len(near) > 0 {
		return strings.Join(near, ", ")
	}
	return "body, title, author, date, strip, strip_id_or_class, next_page_link, test_url and others"
}
