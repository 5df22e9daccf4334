package route

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"broadsheet/feed/lexis"
)

// names are what an expression may speak of. docs/matching.md lists them.
type names struct {
	Title       string    `expr:"title"`
	Summary     string    `expr:"summary"`
	Text        string    `expr:"text"`
	URL         string    `expr:"url"`
	Source      string    `expr:"source"`
	SourceTitle string    `expr:"source_title"`
	Tags        []string  `expr:"tags"`
	Categories  []string  `expr:"categories"`
	Authors     []string  `expr:"authors"`
	Language    string    `expr:"language"`
	Published   time.Time `expr:"published"`
	Updated     time.Time `expr:"updated"`
	Undated     bool      `expr:"undated"`
	Length      int       `expr:"length"`
	WordCount   int       `expr:"word_count"`
	HasAudio    bool      `expr:"has_audio"`
	HasImage    bool      `expr:"has_image"`
	HasVideo    bool      `expr:"has_video"`
}

func knownNames() []string {
	t := reflect.TypeFor[names]()
	known := make([]string, t.NumField())
	for i := range known {
		known[i] = t.Field(i).Tag.Get("expr")
	}
	return known
}

// refused are the builtins of the language that would let an entry's sections
// depend on something else than the entry, and why.
var refused = map[string]string{
	"now":      "an article's sections may not depend on when one asks",
	"timezone": "the zones that a machine knows differ; published is in UTC",
	"Local":    "the zone of the machine may not matter; published is in UTC",
	"keys":     "the order of a map is by chance",
	"values":   "the order of a map is by chance",
	"toPairs":  "the order of a map is by chance",
	"get":      "write list[0] or a name",
}

// The limits of an expression.
const (
	whenNodes  = 1000    // parts of it
	whenBudget = 200_000 // values that one evaluation may make
	dateArgs   = 2       // date(text, layout); a third would be a zone
)

// refusal finds the first thing in an expression that is refused.
type refusal struct {
	at   file.Location
	text string
}

// Visit implements ast.Visitor.
func (r *refusal) Visit(node *ast.Node) {
	name, args := "", 0
	switch n := (*node).(type) {
	case *ast.BuiltinNode:
		name, args = n.Name, len(n.Arguments)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			name, args = id.Value, len(n.Arguments)
		}
	case *ast.MemberNode:
		if p, ok := n.Property.(*ast.StringNode); ok {
			name = p.Value
		}
	}
	if n, ok := (*node).(*ast.PredicateNode); ok && hasLoop(n) && r.text == "" {
		r.at = n.Location()
		r.text = "a loop within a loop is refused: it could take for ever; " +
			"ask with in whether a list has a value"
	}
	why := refused[name]
	if name == "date" && args > dateArgs {
		why = refused["timezone"]
	}
	if why != "" && r.text == "" {
		r.at, r.text = (*node).Location(), fmt.Sprintf("%s is refused: %s", name, why)
	}
}

// hasLoop reports whether the body of a loop has another one. The budget of an
// evaluation counts what is made, not how often it is gone through.
func hasLoop(body *ast.PredicateNode) bool {
	var inner loopFinder
	ast.Walk(&body.Node, &inner)
	return bool(inner)
}

type loopFinder bool

// Visit implements ast.Visitor.
func (f *loopFinder) Visit(node *ast.Node) {
	if _, ok := (*node).(*ast.PredicateNode); ok {
		*f = true
	}
}

// compileWhen compiles an expression. The error names the column in it.
func compileWhen(code string) (*vm.Program, error) {
	var r refusal
	program, err := expr.Compile(code, expr.Env(&names{}), expr.AsBool(),
		expr.MaxNodes(whenNodes), expr.Patch(&r))
	if r.text != "" {
		return nil, fmt.Errorf("%s: %s", place(code, r.at.From), r.text)
	}
	if err == nil {
		return program, nil
	}
	cause, ok := errors.AsType[*file.Error](err)
	if !ok {
		return nil, errors.New("it must be true or false: " + firstLine(err.Error()))
	}
	message := cause.Message
	if name, ok := strings.CutPrefix(message, "unknown name "); ok {
		message = fmt.Sprintf("there is no name %s; %s", name, hint(name, knownNames()))
	}
	return nil, fmt.Errorf("%s: %s", place(code, cause.From), message)
}

// place names a position in an expression, counted in characters from 0.
func place(code string, at int) string {
	before := []rune(code)
	before = before[:min(at, len(before))]
	line, column := 1, 1
	for _, r := range before {
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	if strings.Contains(strings.TrimSpace(code), "\n") {
		return fmt.Sprintf("line %d, column %d of the expression", line, column)
	}
	return fmt.Sprintf("column %d of the expression", column)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// evaluate runs an expression. An error means that it came to no result for
// this entry, e.g. because it ran out of its budget.
func (a *article) evaluate(program *vm.Program) (bool, error) {
	machine := vm.VM{MemoryBudget: whenBudget}
	result, err := machine.Run(program, a.nameValues())
	if err != nil {
		return false, errors.New(firstLine(err.Error()))
	}
	holds, _ := result.(bool)
	return holds, nil
}

// nameValues gives the values of the names. Lists are copies: an expression
// cannot change the entry.
func (a *article) nameValues() *names {
	if a.names != nil {
		return a.names
	}
	e := a.entry
	a.names = &names{
		Title:       e.Title,
		Summary:     e.Summary,
		Text:        strings.Join(a.parts(fieldText), paragraph),
		URL:         e.Link,
		Source:      e.Source,
		SourceTitle: a.sourceTitle(),
		Tags:        append([]string{}, a.tags()...),
		Categories:  append([]string{}, a.categories()...),
		Authors:     append([]string{}, a.authors()...),
		Language:    e.Language,
		Published:   e.Published.UTC(),
		Updated:     e.Updated.UTC(),
		Undated:     e.Undated,
		Length:      a.length(),
		HasAudio:    a.hasMedium("audio"),
		HasImage:    a.hasMedium("image"),
		HasVideo:    a.hasMedium("video"),
	}
	if e.Language == "" {
		a.names.Language = lexis.UnknownLanguage
	}
	a.names.WordCount = countWords(a.tokens(fieldText))
	return a.names
}

// countWords counts words; where there are no spaces, characters.
func countWords(tokens []lexis.Token) int {
	n := 0
	for _, t := range tokens {
		first, _ := utf8.DecodeRuneInString(t.Text)
		if t.Text != "" && !lexis.IsSymbol(first) {
			n++
		}
	}
	return n
}
