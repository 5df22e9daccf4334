package normalise

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"broadsheet/feed"
)

// Identify says how an item is recognised. What it gives is stored for ever:
// its definition is independent of Version, and a change of it would announce
// every article anew. The golden test of this function is that definition.
//
// The keys are, where the item has them: its own id, byte for byte; its link in
// canonical form (canonical); and a hash of its title and text (textKey). An
// item with neither id nor link has a text key however short its text is; beside
// one of these a short text makes a brief key.
func Identify(item feed.Item) feed.Identity {
	id := feed.Identity{Hash: hashItem(item)}
	guid := ownID(item.ID)
	link := linkKey(item, guid != "")
	text, enough := textKey(item)
	for _, k := range []feed.Key{
		{Kind: feed.KeyGUID, Value: guid},
		{Kind: feed.KeyLink, Value: link},
		{Kind: textKind(enough || guid == "" && link == ""), Value: text},
	} {
		if k.Value == "" {
			continue
		}
		if id.Original == "" {
			id.Original = k.Value
		}
		id.Keys = append(id.Keys, k)
	}
	if id.Original == "" {
		id.Original = id.Hash
	}
	return id
}

// textKind is which key a text makes.
func textKind(alone bool) feed.KeyKind {
	if alone {
		return feed.KeyText
	}
	return feed.KeyBrief
}

// IdentifyBy is Identify for a feed whose guids turned out to be no ids (by is
// KeyLink), or its links neither (KeyText): what changes without reason is left
// out of the keys and of the hash, unless the item has nothing else.
func IdentifyBy(item feed.Item, by feed.KeyKind) feed.Identity {
	id := Identify(item)
	if by != feed.KeyLink && by != feed.KeyText {
		return id
	}
	firm := slices.DeleteFunc(slices.Clone(id.Keys), func(k feed.Key) bool {
		return k.Kind == feed.KeyGUID || by == feed.KeyText && k.Kind == feed.KeyLink
	})
	if len(firm) == 0 {
		return id
	}
	item.ID, item.Permalink = "", false
	if by == feed.KeyText {
		item.Links = nil
	}
	return feed.Identity{Original: firm[0].Value, Keys: firm, Hash: hashItem(item)}
}

// maxID is the longest id that is kept as it is, in bytes. A longer one is
// replaced by its hash.
const maxID = 1024

// noIDs are what broken templates write where an id should be.
var noIDs = map[string]bool{"null": true, "undefined": true, "none": true, "nil": true, "nan": true}

// ownID is the item's id byte for byte, or empty if it is none.
func ownID(id string) string {
	trimmed := strings.TrimSpace(id)
	switch {
	case trimmed == "" || noIDs[strings.ToLower(trimmed)]:
		return ""
	case len(id) > maxID:
		return "sha256:" + hash(id)
	}
	return id
}

// linkKey is the canonical form of the item's link; of an item without one, of
// its first enclosure. Without an id of its own the item's anchor counts: some
// feeds list the paragraphs of one page.
func linkKey(item feed.Item, hasID bool) string {
	bases := itemBases(item)
	href := itemLink(item, bases)
	if href == "" && !hasID {
		href = firstEnclosure(item, bases)
	}
	l, ok := absolute(href)
	if !ok {
		return ""
	}
	return clip(canonical(l, !hasID))
}

// clip replaces a key that is too long to be one by its hash.
func clip(key string) string {
	if len(key) > maxID {
		return "sha256:" + hash(key)
	}
	return key
}

func firstEnclosure(item feed.Item, bases []location) string {
	for _, e := range item.Enclosures {
		if l, ok := resolveFirst(e.URL, bases); ok {
			return l.String()
		}
	}
	return ""
}

// canonical is the form of a URL in which two of them are compared, never
// published: https stands for http too, escapes are written one way, tracking
// parameters, a final slash and the fragment are dropped. A fragment stays if
// it is a path ("#!/a", "#/a"), and if anchors count and it looks like one.
func canonical(l location, anchors bool) string {
	path := strings.TrimRight(canonicalEscapes(l.path), "/")
	query := canonicalEscapes(withoutParameters(l.query, trackers))
	fragment := canonicalEscapes(l.fragment)
	switch {
	case strings.HasPrefix(fragment, "#!"), strings.HasPrefix(fragment, "#/"):
	case anchors && len(fragment) > 1 && !strings.ContainsAny(fragment, "=&"):
	default:
		fragment = ""
	}
	return "https://" + strings.TrimSuffix(l.host, ".") + path + query + fragment
}

// CanonicalLink is the form of a link in which two of them are compared, never
// published: of one article's page it is the same whatever the scheme, the tracking
// parameters or a final slash. Empty for anything but http(s).
func CanonicalLink(link string) string {
	l, ok := absolute(link)
	if !ok {
		return ""
	}
	return canonical(l, false)
}

// canonicalEscapes writes escapes in upper case and removes needless ones (RFC
// 3986 §6.2.2).
func canonicalEscapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || !isEscape(s, i) {
			b.WriteByte(s[i])
			continue
		}
		raw, _ := hex.DecodeString(s[i+1 : i+3])
		if c := raw[0]; isDigit(c) || isLetter(c) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

// hash is a hex digest of s, short enough for a key and long enough that two
// texts never share one by chance.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:hashBytes])
}

const hashBytes = 16

// hashItem is a hash of the item but for its Channel, which changes with every
// body. The JSON form is a storage format to which fields are only ever added,
// so a field that an item does not have never changes its hash.
func hashItem(item feed.Item) string {
	item.Channel = feed.Channel{}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // for speed: most of an item is HTML
	if err := e.Encode(item); err != nil {
		return "" // cannot be: an Item holds strings, numbers and booleans
	}
	return hash(b.String())
}
