package syndication

import (
	"strings"

	"broadsheet/feed"
)

// person reads an author as RSS writes one: "mail (Name)" by the book, and
// "Name (mail)", "Name <mail>", a mail address or a name in practice.
func person(s string) feed.Person {
	s = clip(strings.Join(strings.Fields(s), " "), maxShort)
	first, second := s, ""
	for _, brackets := range []string{"()", "<>"} {
		open := strings.LastIndexByte(s, brackets[0])
		if open > 0 && s[len(s)-1] == brackets[1] {
			first, second = strings.TrimSpace(s[:open]), strings.TrimSpace(s[open+1:len(s)-1])
			break
		}
	}
	if isMail(first) && isMail(second) {
		second = "" // "mail (mail)"
		s = first
	}
	switch {
	case second != "" && isMail(first):
		return feed.Person{Name: second, Email: bareMail(first)}
	case second != "" && isMail(second):
		return feed.Person{Name: strings.Trim(first, `"' `), Email: bareMail(second)}
	case isMail(s):
		return feed.Person{Email: bareMail(s)}
	case isWeb(s) && !strings.Contains(s, " "):
		return feed.Person{URL: s}
	}
	return feed.Person{Name: strings.TrimSpace(strings.TrimSuffix(s, "()"))}
}

func bareMail(s string) string { return strings.TrimPrefix(s, "mailto:") }

// isMail reports whether s looks like one mail address.
func isMail(s string) bool {
	name, host, ok := strings.Cut(bareMail(s), "@")
	return ok && name != "" && strings.Contains(host, ".") &&
		!strings.ContainsAny(s, " <>(),;/") && !strings.Contains(host, "@")
}

// addPerson adds a person once: names and mail addresses that are known are
// completed, not repeated.
func addPerson(list []feed.Person, p feed.Person) []feed.Person {
	if p == (feed.Person{}) || len(list) >= maxList {
		return list
	}
	for i := range list {
		old := &list[i]
		sameName := p.Name != "" && strings.EqualFold(p.Name, old.Name)
		sameMail := p.Email != "" && strings.EqualFold(p.Email, old.Email)
		if !sameName && !(sameMail && (p.Name == "" || old.Name == "")) {
			continue
		}
		if p.Email != "" && old.Email != "" && !sameMail || p.URL != "" && old.URL != "" && p.URL != old.URL {
			continue
		}
		old.Name = or(old.Name, p.Name)
		old.Email = or(old.Email, p.Email)
		old.URL = or(old.URL, p.URL)
		old.Avatar = or(old.Avatar, p.Avatar)
		return list
	}
	return append(list, p)
}

// or is the first that is not empty.
func or(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
