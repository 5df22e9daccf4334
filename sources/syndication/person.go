package syndication

import (
	"strings"

	"broadsheet/feed"
)

// person reads an author as RSS writes one: "mail (Name)" by the book, and
// "Name (mail)", "Name <mail>", a mail address or a name in practice.
func person(s string) feed.Person {
	s = clip(strings.Join(strings.Fields(clip(s, 2*maxShort)), " "), maxShort)
	first, second := bracketed(s)
	switch {
	case isMail(first) && isMail(second):
		return feed.Person{Email: bareMail(first)}
	case isMail(first):
		return feed.Person{Name: second, Email: bareMail(first)}
	case isMail(second):
		return feed.Person{Name: strings.Trim(first, `"' `), Email: bareMail(second)}
	case isWeb(s) && !strings.Contains(s, " "):
		return feed.Person{URL: s}
	}
	return feed.Person{Name: strings.TrimSpace(strings.TrimSuffix(s, "()"))}
}

// bracketed splits "first (second)" and "first <second>"; second is empty where
// there are no brackets.
func bracketed(s string) (first, second string) {
	for _, brackets := range []string{"()", "<>"} {
		open := strings.LastIndexByte(s, brackets[0])
		if open > 0 && s[len(s)-1] == brackets[1] {
			return strings.TrimSpace(s[:open]), strings.TrimSpace(s[open+1 : len(s)-1])
		}
	}
	return s, ""
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
		if !samePerson(*old, p) {
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

// samePerson reports whether two mentions are of one person: they share a name
// or a mail address, and contradict each other in nothing.
func samePerson(a, b feed.Person) bool {
	agree := func(x, y string) bool { return x == "" || y == "" || strings.EqualFold(x, y) }
	share := func(x, y string) bool { return x != "" && strings.EqualFold(x, y) }
	return a.Role == b.Role && a.Group == b.Group && agree(a.Name, b.Name) && agree(a.Email, b.Email) && agree(a.URL, b.URL) &&
		(share(a.Name, b.Name) || share(a.Email, b.Email))
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
