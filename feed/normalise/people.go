package normalise

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"

	"broadsheet/feed"
)

const (
	maxPeople = 50
	maxName   = 200 // characters
)

// authors fills in Authors and Contributors. Without authors of its own an
// article has those that its page names, else those of the feed that it comes from.
func authors(d *draft) {
	d.entry.Authors = d.people(d.item.Authors)
	if len(d.item.Authors) > 0 {
		d.reportAuthors()
	}
	if len(d.entry.Authors) == 0 && d.page != nil {
		d.entry.Authors = d.people(d.page.Authors)
	}
	if len(d.entry.Authors) == 0 && d.item.Origin != nil {
		d.entry.Authors = d.people(d.item.Origin.Authors)
	}
	if len(d.entry.Authors) == 0 {
		d.entry.Authors = d.people(d.item.Channel.Authors)
	}
	d.entry.Contributors = d.people(d.item.Contributors)
}

// reportAuthors notes what the names of the item's own authors became, if more than
// spaces changed.
func (d *draft) reportAuthors() {
	var said, made []string
	for _, p := range d.item.Authors {
		if name := plainName(p.Name); name != "" {
			said = append(said, name)
		}
	}
	for _, p := range d.entry.Authors {
		if p.Name != "" {
			made = append(made, p.Name)
		}
	}
	if !slices.Equal(said, made) {
		d.note(stepAuthors, "the authors %q became %q", said, made)
	}
}

// people cleans a list of persons and leaves out repeats.
func (d *draft) people(list []feed.Person) []feed.Person {
	var out []feed.Person
	seen := map[string]bool{}
	for _, found := range list {
		for _, p := range apart(person(found, d.bases)) {
			key := letters(p.Name)
			if key == "" {
				key = p.Name + strings.ToLower(p.Email) + p.URL
			}
			if key == "" || seen[key] || len(out) == maxPeople || isNobody(p.Name) {
				continue
			}
			seen[key] = true
			out = append(out, p)
		}
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
	byLine = regexp.MustCompile(`^(?i:(?:written |posted )?by|author:|autor:|auteur:|autore:|автор:)[:\s]\s*(\p{Lu}.*)$`)
	// byWords begin names too ("von Hagen", "Par Lund"), so that a name must follow that
	// is whole without them.
	byWords   = regexp.MustCompile(`^(?:[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Aa]v|[Aa]f)[:\s]\s*(.*)$`)
	roleAfter = regexp.MustCompile(`^(.*\S)\s*,\s*(?i:[\pL &-]{0,40}\b(?:correspondent|reporter|columnist|editor|writer))$`)
	mailForm  = regexp.MustCompile(`^[^\s@<>()",;:\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$`)
	robotMail = regexp.MustCompile(`^(?i:no[-_]?reply|do[-_]?not[-_]?reply|nobody|null)@`)
)

// person takes apart what feeds write into an author: "a@b.example (Name)",
// "Name <a@b.example>", "By Name". Addresses that nobody reads are left out.
func person(p feed.Person, bases []location) feed.Person {
	name := plainName(p.Name)
	mail := strings.TrimPrefix(strings.TrimSpace(cleanText(head(p.Email, maxName*8))), "mailto:")
	if m := mailName.FindStringSubmatch(name); m != nil && mailForm.MatchString(m[1]) {
		name, mail = m[2], orElse(mail, m[1])
	} else if m := nameMail.FindStringSubmatch(name); m != nil {
		name, mail = m[1], orElse(mail, m[2])
	}
	if m := mailName.FindStringSubmatch(mail); m != nil {
		mail, name = m[1], orElse(name, m[2])
	}
	if m := byLine.FindStringSubmatch(name); m != nil {
		name = m[1]
	} else if m := byWords.FindStringSubmatch(name); m != nil && (fullName(m[1]) || len(nameList(m[1])) > 1) {
		name = m[1]
	}
	if m := roleAfter.FindStringSubmatch(name); m != nil && (fullName(m[1]) || len(nameList(m[1])) > 1) {
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

// nobody are the names, folded, of those who are no authors to a reader: what a
// publishing system calls its owner, and what programs write where they know
// nobody. "Staff writer", "Editors" and the like are how an outlet signs, and stay.
var nobody = map[string]bool{
	"": true, "admin": true, "administrator": true, "administrador": true, "administrateur": true, "webmaster": true,
	"root": true, "noreply": true, "no-reply": true, "no reply": true, "donotreply": true, "unknown": true,
	"unknown author": true, "author unknown": true, "null": true, "none": true, "undefined": true, "n/a": true,
	"админ": true, "администратор": true, "管理员": true, "管理者": true, "管理人": true,
}

// isNobody tells whether a name is none; one that is missing is not meant.
func isNobody(name string) bool { return name != "" && nobody[strings.Trim(fold(name), "()-_. ")] }

// apart takes a list of names in one element apart, if it is surely one. Whose the
// address beside a list is nobody can tell, so that it stays as it is.
func apart(p feed.Person) []feed.Person {
	if p.Email != "" || p.URL != "" || p.Avatar != "" {
		return []feed.Person{p}
	}
	list := nameList(p.Name)
	if len(list) < 2 {
		return []feed.Person{p}
	}
	out := make([]feed.Person, len(list))
	for i, name := range list {
		out[i] = feed.Person{Name: name}
	}
	return out
}

// lastOf stands before the last of several names. The words of some languages are
// missing because they join the parts of one name ("Ortega y Gasset", "Costa e
// Silva"), and "&" because it joins those of a firm's.
var lastOf = regexp.MustCompile(`,?\s(?:and|AND|und|et|och|og|и)\s`)

// nameList are the names that a list holds; none if it may be something else. A list is
// parted by semicolons, or has "and" before its last name, or three names; each must
// be the whole name of a person. Two names with a comma may be one: "Surname
// Surname, Name Name".
func nameList(s string) []string {
	joined := lastOf.FindAllStringIndex(s, 2)
	list := strings.Split(s, ",")
	switch {
	case strings.Contains(s, ";"):
		list = strings.Split(s, ";")
	case len(joined) == 1:
		list = append(strings.Split(s[:joined[0][0]], ","), s[joined[0][1]:])
	case len(joined) > 1 || len(list) < 3:
		return nil
	}
	for i := range list {
		if list[i] = strings.TrimSpace(list[i]); !fullName(list[i]) {
			return nil
		}
	}
	return list
}

// particles are the small words inside of names.
var particles = map[string]bool{
	"al": true, "bin": true, "da": true, "das": true, "de": true, "del": true, "della": true, "den": true, "der": true,
	"di": true, "do": true, "dos": true, "du": true, "el": true, "ibn": true, "la": true, "le": true, "ten": true,
	"ter": true, "van": true, "von": true, "zu": true,
}

// noPerson are words that names of people do not hold, folded.
var noPerson = wordSet("academy agencies agency agence agencia associated association bank board bureau center centre " +
	"club college commission committee company corp council daily department desk editor editorial editors " +
	"foundation garden group herald inc institute institution journal library ltd magazine media ministry museum " +
	"network news office online party post press project redaktion reporter reporters research school service " +
	"services society staff studio team the times tribune union university week writer correspondent columnist")

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// fullName tells whether s is surely the name of one person: two to four words with
// capitals, but for particles, the last of which is no initial.
func fullName(s string) bool {
	const least, most = 2, 4
	words := strings.Fields(s)
	if len(words) < least || len(words) > most {
		return false
	}
	for i, w := range words {
		inner := i > 0 && i < len(words)-1
		if inner && particles[w] {
			continue
		}
		first, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(first) || noPerson[fold(w)] || strings.IndexFunc(w, notOfNames) >= 0 {
			return false
		}
	}
	last := words[len(words)-1]
	return utf8.RuneCountInString(last) > 1 && !strings.Contains(last, ".")
}

func notOfNames(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune("'’-.", r)
}

// fold is text blind to case.
func fold(s string) string { return cases.Fold().String(s) }

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
