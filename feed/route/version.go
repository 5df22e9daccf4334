package route

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet/feed"
)

// law names the law of matching as it is. Another value has every stored entry
// routed anew: change it with any change to what a rule matches.
const law = "2"

// versionLength is how many hex digits of the hash are kept: 80 bits, far more
// than configurations.
const versionLength = 20

// versionOf hashes all that membership depends on. The order of sections and of
// outlets is no part of it.
func versionOf(spec Spec) string {
	h := digest{sha256.New()}
	h.add("law", law, unicode.Version, norm.Version)
	sections := slices.SortedFunc(slices.Values(spec.Sections), func(a, b SectionSpec) int {
		return cmp.Compare(a.Name, b.Name)
	})
	titled := false
	for _, s := range sections {
		h.add("section", s.Name, fmt.Sprint(s.Rest))
		if s.Parent != "" {
			h.add("parent", s.Parent)
		}
		h.selectors("sources", s.Sources)
		h.selectors("from", s.From)
		h.rules("match", s.Match)
		h.rules("exclude", s.Exclude)
		titled = titled || slices.ContainsFunc(s.Match, asksTitle) ||
			slices.ContainsFunc(s.Exclude, asksTitle)
	}
	outlets := slices.SortedFunc(slices.Values(spec.Outlets), func(a, b feed.Outlet) int {
		return cmp.Compare(a.Name, b.Name)
	})
	for i := range outlets {
		h.outlet(&outlets[i], titled)
	}
	return hex.EncodeToString(h.Sum(nil))[:versionLength]
}

// asksTitle reports whether a rule may depend on the title of a source.
func asksTitle(r Rule) bool {
	return slices.ContainsFunc(r.Conditions, func(c Condition) bool {
		return c.Field == fields[fieldSource].key || c.Field == "when" ||
			c.Not != nil && asksTitle(*c.Not)
	})
}

type digest struct{ hash.Hash }

// add writes strings so that no two lists of them write the same bytes.
func (h digest) add(list ...string) {
	b := strconv.AppendInt(nil, int64(len(list)), 10)
	for _, s := range list {
		b = append(b, ' ')
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(b, ':')
		b = append(b, s...)
	}
	h.Write(append(b, '\n'))
}

func (h digest) selectors(key string, list []Selector) {
	texts := make([]string, 0, len(list)+1)
	for _, s := range list {
		texts = append(texts, s.Text)
	}
	h.add(append(texts, key)...)
}

func (h digest) rules(key string, rules []Rule) {
	h.add(key, fmt.Sprint(len(rules)))
	for _, r := range rules {
		h.rule(r)
	}
}

func (h digest) rule(r Rule) {
	h.add("rule", fmt.Sprint(len(r.Conditions)))
	for _, c := range r.Conditions {
		texts := []string{c.Field, fmt.Sprint(c.Number)}
		for _, v := range c.Values {
			texts = append(texts, v.Text)
		}
		h.add(texts...)
		if c.Not != nil {
			h.rule(*c.Not)
		}
	}
}

func (h digest) outlet(o *feed.Outlet, titled bool) {
	h.add("outlet", o.Name)
	h.add(o.Tags...)
	h.add(o.Sections...)
	if titled {
		h.add("title", o.Title)
	}
	if o.Terms != feed.TermsUnsaid { // how much they let through is the publisher's business
		h.add("terms")
	}
	for _, f := range o.Feeds {
		if len(f.Sections) > 0 {
			h.add("feed", f.URL)
			h.add(f.Sections...)
		}
	}
}
