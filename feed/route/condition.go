package route

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/vm"
)

// condition is a compiled Condition. Its words are for reasons, in the terms of
// the configuration: keys and values as written.
type condition interface {
	holds(a *article) bool
	// asked says what the condition asks for: "category is Iran or Iraq".
	asked() string
	// met says what of it holds for an entry that it holds for: "category is
	// Iran".
	met(a *article) string
	// had says what an entry that it does not hold for has instead.
	had(a *article) string
}

// compiledRule holds if all of its conditions hold.
type compiledRule struct {
	Rule
	conditions []condition
}

func (r *compiledRule) holds(a *article) bool {
	return r.failing(a) == nil
}

// failing gives the first condition that does not hold; nil if all do.
func (r *compiledRule) failing(a *article) condition {
	for _, c := range r.conditions {
		if !c.holds(a) {
			return c
		}
	}
	return nil
}

func (r *compiledRule) asked() string {
	return join(r.conditions, condition.asked)
}

func (r *compiledRule) met(a *article) string {
	return join(r.conditions, func(c condition) string { return c.met(a) })
}

func join(conditions []condition, words func(condition) string) string {
	parts := make([]string, len(conditions))
	for i, c := range conditions {
		parts[i] = words(c)
	}
	return strings.Join(parts, " and ")
}

// valued compares a field with values: any of them will do.
type valued struct {
	field   field
	number  int32    // among the conditions of the field's table
	values  []string // as written
	ids     []int32  // of the values, in the field's table
	regexps []int32  // those of them that are regular expressions
}

func (c *valued) holds(a *article) bool {
	if a.answer(c.field).met.has(c.number) {
		return true
	}
	for _, id := range c.regexps {
		if a.has(c.field, id) {
			return true
		}
	}
	return false
}

// first gives the first of the values that the entry has; -1 if it has none.
func (c *valued) first(a *article) int {
	for i, id := range c.ids {
		if a.has(c.field, id) {
			return i
		}
	}
	return -1
}

func (c *valued) asked() string {
	return fields[c.field].verb + " " + alternatives(c.values)
}

func (c *valued) met(a *article) string {
	return fields[c.field].verb + " " + c.values[c.first(a)]
}

func (c *valued) had(a *article) string {
	values := a.raw(c.field)
	if len(values) == 0 {
		return fields[c.field].none
	}
	if c.field.isText() {
		return fmt.Sprintf("%s %s", fields[c.field].has, quote(values[0]))
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	return fmt.Sprintf("%s %s", fields[c.field].has, strings.Join(quoted, ", "))
}

// The most that a reason tells of values and of a text.
const (
	toldValues = 6
	toldText   = 100 // characters
)

// alternatives writes values with "or", the first few of many.
func alternatives(values []string) string {
	if more := len(values) - toldValues; more > 1 {
		values = append(values[:toldValues:toldValues], fmt.Sprintf("any of %d more", more))
	}
	return strings.Join(values, " or ")
}

// quote makes text of a source fit to be shown on a terminal: in quotes, one
// line, control characters spelt out, the beginning of a long one.
func quote(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > toldText {
		return strconv.Quote(string(runes[:toldText])) + "…"
	}
	return strconv.Quote(string(runes))
}

// having is has: any of the media.
type having struct{ media []string }

func (c *having) first(a *article) int {
	for i, m := range c.media {
		if a.hasMedium(m) {
			return i
		}
	}
	return -1
}

func (c *having) holds(a *article) bool { return c.first(a) >= 0 }
func (c *having) asked() string         { return "it has " + alternatives(c.media) }
func (c *having) met(a *article) string { return "it has " + c.media[c.first(a)] }

func (c *having) had(a *article) string {
	var has []string
	for _, m := range media {
		if a.hasMedium(m) {
			has = append(has, m)
		}
	}
	if len(has) == 0 {
		return "it has neither audio nor image nor video"
	}
	return "it only has " + strings.Join(has, " and ")
}

// length is longer (more characters than limit) or shorter (fewer).
type length struct {
	shorter bool
	limit   int
}

func (c *length) holds(a *article) bool {
	if c.shorter {
		return a.length() < c.limit
	}
	return a.length() > c.limit
}

func (c *length) asked() string {
	word := "longer"
	if c.shorter {
		word = "shorter"
	}
	return fmt.Sprintf("text is %s than %d", word, c.limit)
}

func (c *length) met(*article) string { return c.asked() }

func (c *length) had(a *article) string {
	return fmt.Sprintf("its text has %d characters", a.length())
}

// negation is not: it holds if its rule does not.
type negation struct{ rule *compiledRule }

func (c *negation) holds(a *article) bool { return !c.rule.holds(a) }
func (c *negation) asked() string         { return "not (" + c.rule.asked() + ")" }
func (c *negation) met(*article) string   { return c.asked() }
func (c *negation) had(a *article) string { return c.rule.met(a) }

// expression is when: any of the programs gives true.
type expression struct {
	code     []string // as written, in backquotes
	programs []*vm.Program
}

func (c *expression) first(a *article) int {
	for i, p := range c.programs {
		if holds, err := a.evaluate(p); err == nil && holds {
			return i
		}
	}
	return -1
}

func (c *expression) holds(a *article) bool { return c.first(a) >= 0 }
func (c *expression) asked() string         { return alternatives(c.code) }
func (c *expression) met(a *article) string { return c.code[c.first(a)] }

func (c *expression) had(a *article) string {
	for _, p := range c.programs {
		if _, err := a.evaluate(p); err != nil {
			return "it came to no result: " + err.Error()
		}
	}
	return "it is false"
}
