package search

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/feed"
	"broadsheet/feed/lexis"
	"broadsheet/feed/normalise"
)

// Version is the version of the words that articles are indexed by. Another one makes
// the index anew, in the background.
const Version = "1"

// Barrier stands in an article's words between paragraphs, and between title, text,
// people and subjects: no phrase reaches across it, and no query has it.
const Barrier = "\ue000"

// label begins every word that says what an article is, not what stands in it. No text
// and no query has a word with it: characters for private use are separators.
const label = "\ue001"

const (
	// maxWords is how many words of one article are indexed: some hundred pages.
	maxWords = 50_000
	// maxWord is how long a word may be, in characters; more of it is not looked at. The
	// longest words of languages that glue them have some sixty; what is longer is code.
	maxWord = 64
)

// Words are what an article is found by: its title, text, people and subjects, in the
// order of phrases. Each is folded and without white space; in scripts without spaces,
// and in Korean, whose particles stand at their words, each is one character.
func Words(e feed.Entry) []string {
	parts := []string{e.Title, e.Summary, normalise.PlainText(e.Content)}
	for _, p := range e.Authors {
		parts = append(parts, p.Name)
	}
	for _, c := range e.Categories {
		parts = append(parts, c.Term)
		if c.Label != c.Term {
			parts = append(parts, c.Label)
		}
	}
	var words []string
	for _, part := range parts {
		if words = appendWords(words, lexis.Fold(part)); len(words) > maxWords {
			return words[:maxWords]
		}
		if n := len(words); n > 0 && words[n-1] != Barrier {
			words = append(words, Barrier)
		}
	}
	return words
}

// Labels are the words by which an article is found as what it is: any, of its source, of the
// sections that it is in (both by their rows), of its subjects and its language.
func Labels(e feed.Entry, source int64, sections []int64) []string {
	labels := []string{Any, Source(source)}
	for _, section := range sections {
		labels = append(labels, Section(section))
	}
	for _, c := range e.Categories {
		for _, name := range []string{c.Term, c.Label} {
			if strings.TrimSpace(name) != "" {
				labels = append(labels, Category(name))
			}
		}
	}
	for _, tag := range lexis.Languages(e.Language) {
		labels = append(labels, Language(tag))
	}
	return labels
}

// Any is the label of every article.
const Any = label + "a"

// Source is the label of a source's articles, by its row.
func Source(row int64) string { return label + "o" + strconv.FormatInt(row, 36) }

// Section is the label of the articles of a section, by its row.
func Section(row int64) string { return label + "s" + strconv.FormatInt(row, 36) }

// Category is the label of articles with this subject, compared as a whole value: its
// hash, for a subject may be a sentence.
func Category(name string) string {
	h := fnv.New64a()
	h.Write([]byte(lexis.Whole(name)))
	return label + "c" + strconv.FormatUint(h.Sum64(), 36)
}

// Language is the label of articles in a language: en holds for en-GB.
func Language(tag string) string {
	tag = lexis.Language(strings.Join(strings.FieldsFunc(tag, notTag), "-"))
	return label + "l" + tag
}

// notTag is what a language tag is made without.
func notTag(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
}

// appendWords adds the words of a folded text.
func appendWords(words []string, folded string) []string {
	for _, t := range lexis.Tokenize(folded, false) {
		if t.Text == "" {
			words = append(words, Barrier)
			continue
		}
		words = appendSyllables(words, t.Text)
	}
	return words
}

// appendSyllables adds a word, and Korean in it syllable by syllable: its particles are
// written at the word, and whether compounds are written apart is a matter of taste.
func appendSyllables(words []string, word string) []string {
	begin := 0
	for i, r := range word {
		if !unicode.Is(unicode.Hangul, r) {
			continue
		}
		if begin < i {
			words = append(words, bounded(word[begin:i]))
		}
		begin = i + utf8.RuneLen(r)
		words = append(words, word[i:begin])
	}
	if begin < len(word) {
		words = append(words, bounded(word[begin:]))
	}
	return words
}

// bounded is the beginning of a word.
func bounded(word string) string {
	if len(word) <= maxWord {
		return word
	}
	return cut(word, maxWord)
}

// cut is the first n characters of a text.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
