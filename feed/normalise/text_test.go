package normalise

import (
	"strings"
	"testing"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// The values are what a parser hands over: decoded from XML or JSON once.
func TestPlainLineDecodesOnceAndOnlyOnce(t *testing.T) {
	tests := []struct {
		name string
		in   feed.Text
		want string
	}{
		{"an entity that survived XML", feed.Text{Value: "AT&amp;T"}, "AT&T"},
		{"an ampersand that did not need one", feed.Text{Value: "AT&T"}, "AT&T"},
		{"an entity of an entity is text", feed.Text{Value: "AT&amp;amp;T"}, "AT&amp;T"},
		{"tags that survived XML", feed.Text{Value: "<b>Harbour</b> reopens"}, "Harbour reopens"},
		{"tags that XML wrapped twice", feed.Text{Value: "<![CDATA[<b>Harbour</b> reopens]]>"}, "Harbour reopens"},
		{"an escaped tag in HTML was meant to be read", feed.Text{Value: "The &lt;b&gt; tag"}, "The <b> tag"},
		{"a tag that is never closed was meant to be read", feed.Text{Value: "Why the <blink> tag died"}, "Why the <blink> tag died"},
		{"generics are no tags", feed.Text{Value: "List<String> in a map<K, V>"}, "List<String> in a map<K, V>"},
		{"a comparison is no tag", feed.Text{Value: "1 < 2 and 3 > 2"}, "1 < 2 and 3 > 2"},
		{"a heart is no tag", feed.Text{Value: "We <3 rain"}, "We <3 rain"},
		{"plain text means what it says", feed.Text{Kind: feed.TextPlain, Value: "AT&amp;T <b>"}, "AT&amp;T <b>"},
		{"HTML means what HTML means", feed.Text{Kind: feed.TextHTML, Value: "AT&amp;T <i>now</i>"}, "AT&T now"},
		{"XHTML with a line break", feed.Text{Kind: feed.TextXHTML, Value: "one<br/>two"}, "one two"},
		{"numeric entities", feed.Text{Value: "Caf&#233; &#x2014; open"}, "Café — open"},
		{"an entity that HTML does not know", feed.Text{Value: "R&D; x&y"}, "R&D; x&y"},
		{"an image instead of a word", feed.Text{Kind: feed.TextHTML, Value: `I <img src=x alt="love"> rain`}, "I love rain"},
		{"line breaks and tabs", feed.Text{Value: "\n  Two\t\tlines \n of it\n"}, "Two lines of it"},
		{"no-break spaces", feed.Text{Value: "Il fait&nbsp;: beau\u00a0!"}, "Il fait : beau !"},
		{"control characters of windows-1252", feed.Text{Value: "It\u0092s \u0093so\u0094"}, "It’s “so”"},
		{"characters that XML forbids", feed.Text{Value: "a\x00b\x08c\uffff\ufffed"}, "abcd"},
		{"bytes that are no UTF-8", feed.Text{Value: "caf\xe9"}, "caf\uFFFD"},
		{"a script is not read out", feed.Text{Value: "Rain <script>alert(1)</script>today"}, "Rain today"},
		{"a comment is not read out", feed.Text{Value: "Rain <!-- no --> today"}, "Rain today"},
		{"nothing", feed.Text{Value: " <p> &nbsp; </p> "}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := plainLine(tt.in); got != tt.want {
				t.Errorf("plainLine(%q) = %q, want %q", tt.in.Value, got, tt.want)
			}
		})
	}
}

func TestPlainTextKeepsParagraphs(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"paragraphs", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."},
		{"line breaks", "<p>One,<br>two.</p>", "One,\ntwo."},
		{"lists", "<p>See:</p><ul><li>one</li><li>two</li></ul><p>End</p>", "See:\n\none\ntwo\n\nEnd"},
		{"inline markup parts no words", "<p>un<b>believ</b>able <i>news</i></p>", "unbelievable news"},
		{"white space is one space", "<p>a\n   b\t c</p>", "a b c"},
		{"preformatted text keeps its lines", "<pre>a\nb\n\nc</pre>", "a\nb\n\nc"},
		{"entities are decoded once", "<p>AT&amp;amp;T &lt;b&gt;</p>", "AT&amp;T <b>"},
		{"cells are parted", "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>", "a b\nc"},
		{"images are silent", `<p>a <img src="https://i.example/x.png" alt="no"> b</p>`, "a b"},
		{"plain text is left alone", "just words", "just words"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := PlainText(feed.HTML(tt.in)); got != tt.want {
				t.Errorf("PlainText(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestShortenCutsAtAWord(t *testing.T) {
	tests := []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"the quick brown fox", 12, "the quick…"},
		{"the quick, brown fox", 12, "the quick…"},
		{"the quick brown fox", 10, "the quick…"},
		{"北京今日有雨明日晴天", 6, "北京今日有…"},
		{"unbreakablelongword", 8, "unbreak…"},
	}
	for _, tt := range tests {
		if got := shorten(tt.in, tt.n); got != tt.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestParagraphsEscapeTheirText(t *testing.T) {
	got := paragraphs("a < b\n\nc & d\ne\r\n \r\n<script>", true)
	want := "<p>a &lt; b</p><p>c &amp; d<br>e</p><p>&lt;script&gt;</p>"
	if got != want {
		t.Errorf("paragraphs = %q, want %q", got, want)
	}
}

// Whoever reads any of these more than a few times over takes minutes.
func TestLongHostileTextsAreReadInLittleTime(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	for name, unit := range map[string]string{
		"brackets": "<", "closed brackets": "<b>", "unclosed tags": "<b ", "comments": "<!--", "entities": "&amp",
		"attributes": "<a x=y ", "hidden twins": `<img src="/a"><noscript><img src="/b"></noscript>`, "breaks": "<br>\n\n",
		"teasers": "read more ... ", "numbers": "1 comments ", "bold": "<b><i>", "cells": "<table><td>", "sets": `<img srcset="`, "lists": "a 1x, ",
		"scripts": "<script/>", "signs": "𝔸é", "spaces": "\u00a0 ", "letters": "x",
	} {
		t.Run(name, func(t *testing.T) {
			text := feed.Text{Value: feed.RawHTML(strings.Repeat(unit, 100_000/len(unit)))}
			item := feed.Item{ID: "1", Title: text, Summary: text, Content: text, Categories: []feed.Category{{Term: string(text.Value)}},
				Authors: []feed.Person{{Name: string(text.Value)}}, Published: string(text.Value), Links: link(string(text.Value))}
			Identify(item)
			if _, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seenTest}); err != nil && feed.KindOf(err) != feed.KindEmpty {
				t.Error(err)
			}
		})
	}
}
