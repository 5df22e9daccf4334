package feed

// RawHTML is markup as a source gave it. It is never published: the only way
// from it to HTML is through the normaliser.
type RawHTML string

// HTML is markup that is safe to publish: balanced, made of allowed elements,
// attributes and schemes only, every reference absolute but those of its own links to
// places in it ("#e0123456789-fn1": footnotes). Only the normaliser makes values of
// this type, and the store gives them back.
type HTML string

// TextKind says how the characters of a Text are to be read (RFC 4287 §3.1.1).
type TextKind string

// The kinds of text. RSS does not say which it means, so its text is TextGuess.
const (
	TextGuess TextKind = ""      // the source did not say: plain text or HTML, decided by the normaliser
	TextPlain TextKind = "text"  // plain text: no entity and no tag means anything in it
	TextHTML  TextKind = "html"  // HTML, already decoded once from XML or JSON
	TextXHTML TextKind = "xhtml" // XHTML markup, without Atom's wrapper div
)

// Text is a piece of text as a source gave it, decoded from its container (XML
// or JSON) exactly once and from nothing else.
type Text struct {
	Kind  TextKind `json:"kind,omitempty"`
	Value RawHTML  `json:"value,omitempty"`
	// Base is the absolute URL that relative references in this text resolve
	// against, if it differs from the item's (xml:base on the element itself).
	Base string `json:"base,omitempty"`
	// Language is the BCP 47 tag declared on the element itself, if any.
	Language string `json:"lang,omitempty"`
}

// Empty reports whether the text holds no character at all.
func (t Text) Empty() bool { return t.Value == "" }
