package publish

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"broadsheet/feed"
)

// The longest texts that iTunes takes, in characters.
const (
	maxITunesLine  = 255
	maxITunesProse = 4000
)

// The places in which elements are passed on.
func ofItem(p feed.Passage) bool { return p.Items }
func ofFeed(p feed.Passage) bool { return p.Feeds }
func ofFile(p feed.Passage) bool { return p.Files }
func anywhere(feed.Passage) bool { return true }

// soundExtras keeps of elements that are passed on what a document may say in that place:
// each text in its form, each value among those that its vocabulary has.
func soundExtras(list []feed.Element, here func(feed.Passage) bool) []feed.Element {
	var out []feed.Element
	for _, e := range list {
		p, known := feed.Passages[e.Name]
		if !known || !here(p) {
			continue
		}
		made := feed.Element{Name: e.Name, Text: soundForm(e.Text, p.Text)}
		for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
			v := soundForm(e.Attrs[name], p.Attrs[name])
			if rule := attributeRules[e.Name+" "+name]; v == "" || rule != nil && !rule.MatchString(v) {
				continue
			}
			if made.Attrs == nil {
				made.Attrs = map[string]string{}
			}
			made.Attrs[name] = v
		}
		made.Children = slices.DeleteFunc(soundExtras(e.Children, anywhere), func(c feed.Element) bool {
			return !slices.Contains(p.Inner, c.Name)
		})
		if p.Need != "" && made.Attrs[p.Need] == "" || p.Text == feed.FormNumber && made.Text == "" ||
			p.Need == "" && made.Text == "" && len(made.Attrs) == 0 && len(made.Children) == 0 {
			continue
		}
		if rule := elementRules[e.Name]; rule == nil || rule(&made) {
			out = append(out, made)
		}
	}
	return out
}

var (
	soundWord   = regexp.MustCompile(`^[\pL\pN_:/.,;@#+()*=-]{1,200}$`)
	soundNumber = regexp.MustCompile(`^\d{1,15}(?:\.\d{1,20})?$`)
)

// soundForm is a text in its form, or empty if it has another one.
func soundForm(s string, form feed.Form) string {
	ok := false
	switch form {
	case feed.FormLine, feed.FormProse:
		return soundText(s)
	case feed.FormURL:
		return publicURL(s)
	case feed.FormIRI:
		kind, _, _ := strings.Cut(strings.ToLower(s), ":")
		ok = isIRI(s) && slices.Contains([]string{"http", "https", "urn", "tag", "ipfs"}, kind)
	case feed.FormWord:
		ok = soundWord.MatchString(s)
	case feed.FormNumber:
		ok = soundNumber.MatchString(s)
	}
	if !ok {
		return ""
	}
	return s
}

var (
	positiveForm = regexp.MustCompile(`^0*[1-9]\d*$`)
	timeForm     = regexp.MustCompile(`^(?:\d+(?:\.\d+)?|\d+:\d\d:\d\d(?:\.\d+)?)$`) // RFC 2326 §3.6
	tongueForm   = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)
	mimeForm     = regexp.MustCompile(`^[A-Za-z0-9.+_-]+/[A-Za-z0-9.+_-]+$`)
)

// attributeRules are what Media RSS and others want of values beyond their form. A value
// that has not got that is left out, and the element stays.
var attributeRules = map[string]*regexp.Regexp{
	"media:thumbnail width": positiveForm, "media:thumbnail height": positiveForm, "media:thumbnail time": timeForm,
	"media:player width": positiveForm, "media:player height": positiveForm,
	"media:text start": timeForm, "media:text end": timeForm, "media:text lang": tongueForm,
	"thr:in-reply-to type": mimeForm,
}

// elementRules tell whether an element may be published, and mend it; without a rule it
// may.
var elementRules = map[string]func(*feed.Element) bool{
	"itunes:author":     shortLine(maxITunesLine),
	"itunes:subtitle":   shortLine(maxITunesLine),
	"itunes:keywords":   shortLine(maxITunesLine),
	"itunes:summary":    func(e *feed.Element) bool { return len([]rune(e.Text)) <= maxITunesProse },
	"media:rating":      soundRating,
	"media:credit":      soundCredit,
	"media:hash":        soundHash,
	"media:restriction": soundRestriction,
	"slash:hit_parade":  matches(`^\d+(?:,\s*\d+)*$`),
	"georss:elev":       matches(`^-?\d+(?:\.\d+)?$`),
	"georss:floor":      matches(`^-?\d+$`),
	"georss:radius":     matches(`^\d+(?:\.\d+)?$`),
	"podcast:locked":    matches(`^(?i:yes|no)$`),
}

func shortLine(most int) func(*feed.Element) bool {
	return func(e *feed.Element) bool {
		e.Text = clip(e.Text, most-1) // and the sign of the cut
		return e.Text != ""
	}
}

func matches(form string) func(*feed.Element) bool {
	re := regexp.MustCompile(form)
	return func(e *feed.Element) bool { return re.MatchString(e.Text) }
}

// ratings are the values of the schemes that Media RSS names.
var ratings = map[string]*regexp.Regexp{
	"":           regexp.MustCompile(`^(?:adult|nonadult)$`),
	"urn:simple": regexp.MustCompile(`^(?:adult|nonadult)$`),
	"urn:mpaa":   regexp.MustCompile(`^(?:g|m|nc-17|pg|pg-13|r|x)$`),
	"urn:v-chip": regexp.MustCompile(`^(?:14\+|18\+|c|c8|g|pg|tv-14|tv-g|tv-ma|tv-pg|tv-y|tv-y7|tv-y7-fv)$`),
	"urn:icra":   regexp.MustCompile(`^r \([a-z0-9 ]+\)$`),
}

func soundRating(e *feed.Element) bool {
	rule, named := ratings[e.Attrs["scheme"]]
	return e.Text != "" && (!named || rule.MatchString(e.Text))
}

// roles are those of the European Broadcasting Union that a media:credit may name without
// a scheme, as far as feeds do.
var roles = strings.Split("actor,animator,announcer,art director,artist,artist/performer,author,broadcast journalist,"+
	"camera operator,choir,choreographer,composer,conductor,consultant,correspondent,dancer,director,editor,"+
	"executive producer,expert,illustrator,interviewed guest,interviewer,lyricist,manufacturer,music group,musician,"+
	"news reader,orchestra,participant,performer,photographer,producer,production company,production department,"+
	"publishing company,reporter,scenario,singer,sound designer,translation", ",")

// soundCredit takes a role that its vocabulary does not have off a credit, and a vocabulary
// named by a URN with its role: the W3C's validator breaks off where it sees one.
func soundCredit(e *feed.Element) bool {
	scheme, role := e.Attrs["scheme"], e.Attrs["role"]
	if scheme != "" && scheme != "urn:ebu" && !isWeb(strings.Split(scheme, ":")[0]) {
		delete(e.Attrs, "scheme")
		delete(e.Attrs, "role")
		return e.Text != ""
	}
	if (scheme == "" || scheme == "urn:ebu") && !slices.Contains(roles, role) || role != strings.ToLower(role) {
		delete(e.Attrs, "role")
	}
	return e.Text != ""
}

// soundHash knows the hashes of Media RSS by their lengths in hex digits.
func soundHash(e *feed.Element) bool {
	lengths := map[string]int{"": 32, "md5": 32, "sha-1": 40}
	n, known := lengths[e.Attrs["algo"]]
	return known && len(e.Text) == n && allBytes(e.Text, isAlnum)
}

var countriesForm = regexp.MustCompile(`^(?:[A-Za-z]{2})(?: [A-Za-z]{2})*$`)

func soundRestriction(e *feed.Element) bool {
	if rel := e.Attrs["relationship"]; rel != "allow" && rel != "deny" {
		return false
	}
	switch e.Attrs["type"] {
	case "":
		return e.Text == "all" || e.Text == "none"
	case "country":
		return countriesForm.MatchString(e.Text)
	case "uri":
		return publicURL(e.Text) == e.Text && e.Text != ""
	}
	return false
}

// soundDetails are the attributes of a media:content that are passed on.
func soundDetails(said map[string]string) map[string]string {
	var out map[string]string
	for name, form := range feed.FileDetails {
		v := soundForm(said[name], form)
		if v != "" && (form != feed.FormWord || details[v] == name) && (name != "channels" || positiveForm.MatchString(v)) {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = v
		}
	}
	return out
}

// details are the words that attributes of a media:content may have.
var details = map[string]string{
	"sample": "expression", "full": "expression", "nonstop": "expression", "true": "isDefault", "false": "isDefault",
}

// soundPlace keeps a place whose numbers are of this earth.
func soundPlace(p *feed.Place) *feed.Place {
	const pole, meridian = 90, 180
	least := map[string]int{"point": 2, "box": 4, "line": 4, "polygon": 8}
	if p == nil || least[p.Shape] == 0 || len(p.At) < least[p.Shape] || len(p.At)%2 != 0 {
		return nil
	}
	for i, n := range p.At {
		if most := []float64{pole, meridian}[i%2]; !(n >= -most && n <= most) { // NaN is none
			return nil
		}
	}
	return &feed.Place{Shape: p.Shape, At: p.At, Name: soundText(p.Name)}
}
