package normalise

import (
	"regexp"
	"strings"

	"broadsheet/feed"
)

const (
	maxPeople = 50
	maxName   = 200 // characters
)

// authors fills in Authors and Contributors. Without authors of its own an
// article has those of the feed that it comes from.
func authors(d *draft) {
	d.entry.Authors = d.people(d.item.Authors)
	if len(d.entry.Authors) == 0 && d.item.Origin != nil {
		d.entry.Authors = d.people(d.item.Origin.Authors)
	}
	if len(d.entry.Authors) == 0 {
		d.entry.Authors = d.people(d.item.Channel.Authors)
	}
	d.entry.Contributors = d.people(d.item.Contributors)
}

// people cleans a list of persons and leaves out repeats.
func (d *draft) people(list []feed.Person) []feed.Person {
	var out []feed.Person
	seen := map[string]bool{}
	for _, p := range list {
		p = person(p, d.bases)
		key := letters(p.Name)
		if key == "" {
			key = p.Name + strings.ToLower(p.Email) + p.URL
		}
		if key == "" || seen[key] || len(out) == maxPeople {
			continue
		}
		seen[key] = true
		out = append(out, p)
	}
	return out
}

// mailLike is what may be an e-mail address, within other text.
const mailLike = `[^\s@<>()"]{1,64}@[^\s@<>()"]{1,190}`

var (
	mailName = regexp.MustCompile(
		`^(?:mailto:)?(` + mailLike + `)\s*[(<"]?\s*([^()<>"]*?)\s*[)>"]?$`)
	nameMail = regexp.MustCompile(
		`^"?([^<>(]*?)"?\s*[<(]\s*(?:mailto:)?(` + mailLike + `)\s*[>)]$`)
	byLine    = regexp.MustCompile(`^(?i:by|von|par|por)[:\s]\s*(\p{Lu}.*)$`)
	mailForm  = regexp.MustCompile(`^[^\s@<>()",;:\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$`)
	robotMail = regexp.MustCompile(`^(?i:no-?reply|do-?not-?reply|donotreply)@`)
)

// person takes apart what feeds write into an author: "a@b.example (Name)",
// "Name <a@b.example>", "By Name". Addresses that nobody reads are left out.
func person(p feed.Person, bases []location) feed.Person {
	name := plainName(p.Name)
	mail := strings.TrimPrefix(strings.TrimSpace(cleanText(p.Email)), "mailto:")
	if m := mailName.FindStringSubmatch(name); m != nil {
		name, mail = m[2], orElse(mail, m[1])
	} else if m := nameMail.FindStringSubmatch(name); m != nil {
		name, mail = m[1], orElse(mail, m[2])
	}
	if m := mailName.FindStringSubmatch(mail); m != nil {
		mail, name = m[1], orElse(name, m[2])
	}
	if m := byLine.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	if !mailForm.MatchString(mail) || robotMail.MatchString(mail) {
		mail = ""
	}
	return feed.Person{
		Name: shorten(strings.Trim(name, " ,;\""), maxName), Email: mail,
		URL: resolveText(p.URL, bases), Avatar: resolveText(p.Avatar, bases),
	}
}

// plainName is a name as one line. A bracket with an address in it is no tag.
func plainName(s string) string {
	if s = head(s, maxName*8); nameMail.MatchString(strings.TrimSpace(s)) {
		return oneLine(cleanText(s))
	}
	return plainLine(feed.Text{Value: feed.RawHTML(s)})
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
