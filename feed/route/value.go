package route

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"broadsheet/feed/lexis"
)

// The limits of a value: patterns come from files that people include from
// elsewhere, and are run on every article.
const (
	maxValue   = 1000 // characters
	maxProgram = 5000 // instructions of a regular expression, repeats written out
)

// values gives the values of a condition that are fit to be looked at, each
// with a position.
func (c *compiler) values(key string, cond *Condition) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if len(cond.Values) == 0 {
			c.problem(cond.Pos, key, "it has no value and would match everything")
		}
		for _, v := range cond.Values {
			v.Pos = cmp.Or(v.Pos, cond.Pos)
			if fault := faultOf(v.Text); fault != "" {
				c.problem(v.Pos, key, "%s", fault)
				continue
			}
			if !yield(v) {
				return
			}
		}
	}
}

// faultOf says what is wrong with a value whatever it is for.
func faultOf(value string) string {
	switch {
	case strings.TrimSpace(value) == "":
		return "an empty value would match everything or nothing; leave it out"
	case strings.ContainsRune(value, '\b'):
		return `it has a backspace character: between double quotes YAML reads \b as one; ` +
			`use single quotes`
	case strings.ContainsFunc(value, isControl):
		return "it has a control character; between double quotes YAML reads backslashes: " +
			"use single quotes"
	case !utf8.ValidString(value):
		return "it is not valid UTF-8"
	case utf8.RuneCountInString(value) > maxValue:
		return fmt.Sprintf("it has %d characters; %d is the most, so split it into several values",
			utf8.RuneCountInString(value), maxValue)
	default:
		return ""
	}
}

// shown is a value as reasons show it: on one line.
func shown(value string) string { return strings.Join(strings.Fields(value), " ") }

func isControl(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

func (c *compiler) compileValues(key string, f field, cond *Condition) condition {
	t := &c.router.tables[f]
	compiled := &valued{field: f, number: t.askers}
	t.askers++
	for v := range c.values(key, cond) {
		id, err := c.addValue(t, f, v.Text)
		if err != nil {
			c.problem(v.Pos, key, "%s", err)
			continue
		}
		compiled.values = append(compiled.values, shown(v.Text))
		compiled.ids = append(compiled.ids, id)
		if t.regexps[id] != nil {
			compiled.regexps = append(compiled.regexps, id)
		} else {
			t.users[id] = append(t.users[id], compiled.number)
		}
	}
	return compiled
}

// addValue puts a value into the table of its field.
func (c *compiler) addValue(t *table, f field, value string) (int32, error) {
	re, ok, err := parseRegexp(f, value)
	if err != nil {
		return 0, err
	}
	if ok {
		return t.addRegexp(value, re), nil
	}
	if f.isText() {
		p, err := checkedPhrase(value)
		if err != nil {
			return 0, err
		}
		return t.addPhrase(value, p), nil
	}
	folded := lexis.Whole(value)
	switch f {
	case fieldCategory:
		if !strings.Contains(value, "*") {
			c.router.labels = append(c.router.labels, value)
		}
	case fieldLanguage:
		folded, err = languageValue(value)
	case fieldURL:
		folded, err = urlValue(value)
	case fieldSource:
		err = c.sourceValue(value)
	case fieldTag:
		err = c.tagValue(value)
	}
	if err != nil {
		return 0, err
	}
	return t.addWhole(value, folded), nil
}

func checkedPhrase(value string) (phrase, error) {
	if p, ok := parsePhrase(value); ok {
		return p, nil
	}
	if strings.Contains(value, "*") {
		return nil, fmt.Errorf("%s would match everything; put a word beside the star", value)
	}
	return nil, fmt.Errorf("%s has no letter, digit or symbol to look for; "+
		"look for punctuation with a regular expression, as in /…/", value)
}

// parseRegexp reads /…/ and /…/i; ok is false if the value is plain.
func parseRegexp(f field, value string) (re *regexp.Regexp, ok bool, err error) {
	body, isOpen := strings.CutPrefix(value, "/")
	if !isOpen {
		return nil, false, nil
	}
	body, plainEnd := strings.CutSuffix(body, "/")
	blind := false
	if !plainEnd {
		body, blind = strings.CutSuffix(body, "/i")
	}
	switch {
	case !plainEnd && !blind && (f.isText() || f == fieldURL):
		return nil, false, fmt.Errorf("%s begins as a regular expression: end it with / or /i", value)
	case !plainEnd && !blind: // a category may be a path
		return nil, false, nil
	case body == "":
		return nil, false, errors.New("an empty regular expression would match everything")
	}
	if blind {
		body = "(?i:" + body + ")"
	}
	re, err = compileRegexp(norm.NFC.String(body))
	return re, true, err
}

func compileRegexp(body string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(body)
	if err != nil {
		fault, ok := errors.AsType[*syntax.Error](err)
		if !ok {
			return nil, err
		}
		return nil, fmt.Errorf("the regular expression (RE2) has a fault: %s: %s%s",
			fault.Code, fault.Expr, perlHint(fault))
	}
	parsed, err := syntax.Parse(body, syntax.Perl)
	if err != nil {
		return nil, err
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	if n := len(program.Inst); n > maxProgram {
		return nil, fmt.Errorf("the regular expression comes to %d steps with its repeats "+
			"written out; %d is the most", n, maxProgram)
	}
	return re, nil
}

// perlHint helps those who know regular expressions from elsewhere.
func perlHint(fault *syntax.Error) string {
	switch {
	case fault.Code == syntax.ErrMissingRepeatArgument:
		return ` (a plain value takes * as a wildcard; in a regular expression it is .*)`
	case strings.HasPrefix(fault.Expr, "(?"):
		return " (RE2 has no look-around)"
	default:
		return ""
	}
}

func languageValue(value string) (string, error) {
	if strings.Contains(value, "*") {
		return value, nil
	}
	tag := strings.ReplaceAll(strings.TrimSpace(value), "_", "-")
	if _, err := language.Parse(tag); err != nil {
		return "", fmt.Errorf("%s is no language tag; write one such as en, pt-BR or zh-Hant, "+
			"or und for unknown", value)
	}
	return lexis.Language(value), nil
}

// urlValue reads a value that is compared with whole URLs, and refuses one that
// no URL can be.
func urlValue(value string) (string, error) {
	folded := foldURL(value)
	head, _, wild := strings.Cut(folded, "*")
	for _, scheme := range []string{"http://", "https://"} {
		if strings.HasPrefix(head, scheme) || wild && strings.HasPrefix(scheme, head) {
			return folded, nil
		}
	}
	return "", fmt.Errorf("the whole URL is compared, and none begins so; write *://%s",
		strings.TrimLeft(value, "/:"))
}

// sourceValue refuses a name that no source has, unless it may be the title
// that a feed gives itself.
func (c *compiler) sourceValue(value string) error {
	if strings.Contains(value, "*") {
		return nil
	}
	c.noteTitles()
	if c.untitled || c.titles[lexis.Whole(value)] {
		return nil
	}
	return fmt.Errorf("no source has the name or title %s; %s", value,
		hint(value, c.sourceNames()))
}

func (c *compiler) noteTitles() {
	if c.titles != nil {
		return
	}
	c.titles = make(map[string]bool, 2*len(c.spec.Outlets))
	for _, o := range c.spec.Outlets {
		c.titles[lexis.Whole(o.Name)] = true
		c.titles[lexis.Whole(o.Title)] = true
		c.untitled = c.untitled || o.Title == ""
	}
}

func (c *compiler) tagValue(value string) error {
	if strings.Contains(value, "*") || c.tags[lexis.Whole(value)] != "" {
		return nil
	}
	return fmt.Errorf("no source has the tag %s; %s", value, hint(value, c.tagNames()))
}
