package story

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// body is the visible text of an entry in lines, without captions.
func body(e feed.Entry) []string {
	text := normalise.PlainText(feed.HTML(withoutCaptions(string(e.Content))))
	if strings.TrimSpace(text) == "" {
		text = e.Summary
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// withoutCaptions leaves out what stands under pictures: outlets illustrate one text
// each with their own.
func withoutCaptions(markup string) string {
	const from, to = "<figcaption", "</figcaption>"
	if !strings.Contains(markup, from) {
		return markup
	}
	var b strings.Builder
	for {
		start := strings.Index(markup, from)
		if start < 0 {
			break
		}
		end := strings.Index(markup[start:], to)
		if end < 0 {
			break
		}
		b.WriteString(markup[:start])
		markup = markup[start+end+len(to):]
	}
	b.WriteString(markup)
	return b.String()
}

const (
	// maxHead and maxTail are how many lines before and after a text may be furniture:
	// a byline, a place and a date; a credit, a notice and a box of links.
	maxHead = 3
	maxTail = 12
	// shortWords and shortGlyphs are how long a line is at most that is no sentence:
	// a name, a credit, the title of another article.
	shortWords  = 14
	shortGlyphs = 30
	// longNotice is how long a line of furniture that is known by its words is at most,
	// in bytes.
	longNotice = 320
)

// trim leaves out the lines before and after a text that outlets put around what they
// took over: bylines, credits, notices, links. credit is what they say of where it is from.
// At least half of the text stays, or all of it.
func trim(lines []string) (kept []string, credit string) {
	from, to := 0, len(lines)
	for from < maxHead && from < to-1 && furniture(lines[from]) {
		from++
	}
	for len(lines)-to < maxTail && to-1 > from && furniture(lines[to-1]) {
		to--
	}
	all, left := 0, 0
	for i, line := range lines {
		all += len(line)
		if i >= from && i < to {
			left += len(line)
		} else if credits(line) {
			credit = line
		}
	}
	if 2*left < all {
		return lines, ""
	}
	return lines[from:to], credit
}

// furniture tells whether a line at the edge of a text is none of it.
func furniture(line string) bool {
	if len(line) > longNotice {
		return false
	}
	lower := strings.ToLower(line)
	for _, n := range notices {
		if strings.Contains(lower, n) {
			return true
		}
	}
	return !sentence(line) && short(line) || stamp(line)
}

// wall tells whether a text is nothing but the notice that it is for those who pay: the
// papers of one publisher say it in the same words of every article.
func wall(lines []string) bool {
	if len(lines) != 1 || len(lines[0]) > longNotice {
		return false
	}
	lower := strings.ToLower(lines[0])
	for _, w := range walls {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

// walls are words of such notices, in lower case.
var walls = []string{
	"for subscribers", "subscribers only", "subscriber-only", "subscribe to read", "subscribe to continue", "log in to read",
	"members only", "nur für abonnent", "mit dem digitalen abo", "mit abo weiterlesen", "exklusiv für abonnent",
	"réservé aux abonnés", "réservée aux abonnés", "abonnez-vous pour lire", "solo para suscriptores", "exclusivo para suscriptores",
	"exclusivo para assinantes", "riservato agli abbonati", "alleen voor abonnees", "только для подписчиков", "tylko dla prenumeratorów",
	"للمشتركين فقط", "仅限会员", "仅限订阅", "会員限定", "有料会員",
}

// stamp tells whether a line is the date of a text: it says a year, and is short and no
// sentence.
func stamp(line string) bool {
	const most = 8 // words: "Published: Wednesday 4 March 2026, 08.15 GMT"
	return year.MatchString(line) && len(strings.Fields(line)) <= most && !strings.HasSuffix(line, ".")
}

var year = regexp.MustCompile(`\b(19|20)\d\d\b`)

// sentence tells whether a line ends as sentences do, or says a number: a table of
// results is no furniture.
func sentence(line string) bool {
	if strings.IndexFunc(line, func(r rune) bool { return digit(r) >= 0 }) >= 0 {
		return true
	}
	line = strings.TrimRight(line, "\"'”’»“)）」』 ")
	last, _ := utf8.DecodeLastRuneInString(line)
	return strings.ContainsRune(".!?…。！？؟۔।", last)
}

func short(line string) bool {
	glyphs := 0
	for _, r := range line {
		if dense(r) {
			glyphs++
		}
	}
	if glyphs > 0 {
		return glyphs <= shortGlyphs
	}
	return len(strings.Fields(line)) <= shortWords
}

// credits tells whether a line says where a text was taken from.
func credits(line string) bool {
	lower := strings.ToLower(line)
	for _, c := range sources {
		if strings.Contains(lower, c) {
			return true
		}
	}
	return strings.HasPrefix(line, "—") || strings.HasPrefix(line, "(") || strings.HasPrefix(line, "（")
}

// sources are words of lines that name the outlet that a text was taken from.
var sources = []string{
	"source:", "source :", "first published", "originally published", "first appeared", "with reporting by",
	"quelle:", "zuerst erschienen", "fuente:", "fonte:", "kaynak:", "источник:", "المصدر:",
	"منبع:", "来源：", "来源:", "來源：", "提供：",
}

// notices are words of lines that outlets put around any text, in lower case.
var notices = []string{
	"©", "all rights reserved", "sign up for", "subscribe to our", "read more", "continue reading", "read also",
	"first appeared on", "appeared first on", "first published", "originally published", "with reporting by",
	"related:", "follow us on", "click here", "used with permission", "this story was produced by",
	"alle rechte vorbehalten", "weiterlesen", "lesen sie auch", "mehr zum thema", "newsletter", "zuerst erschienen",
	"tous droits réservés", "lire la suite", "à lire aussi", "lire aussi", "abonnez-vous à notre",
	"todos los derechos reservados", "leer más", "lea también", "suscríbase a nuestro", "todos os direitos reservados",
	"leia também", "leia mais", "riproduzione riservata", "leggi anche", "continua a leggere", "alle rechten voorbehouden",
	"lees ook", "все права защищены", "читайте также", "читать далее", "подписывайтесь на", "tüm hakları saklıdır",
	"devamını oku", "جميع الحقوق محفوظة", "اقرأ أيض", "تابعونا على", "تمامی حقوق", "بیشتر بخوانید", "انتهای پیام",
	"版权所有", "未经许可", "相关阅读", "阅读更多", "责任编辑", "無断転載", "続きを読む", "関連記事", "wszelkie prawa zastrzeżone", "czytaj także",
}

const (
	// datelineRunes is how far into a text its dateline ends at most.
	datelineRunes = 60
	// datelineWords is how many words it has at most.
	datelineWords = 8
)

// dateline cuts off the place, the date and the agency that a text begins with
// ("ARDEN, March 4 (Gulf Wire) —"); agency is what stands in its brackets.
func dateline(line string) (rest, agency string) {
	head := line
	runes := 0
	for i := range line {
		if runes++; runes > datelineRunes {
			head = line[:i]
			break
		}
	}
	if rest, agency, ok := bracketed(line, head); ok {
		return rest, agency
	}
	for _, sep := range []string{"日电", "日電", " — ", " – ", " - ", "— ", " -- "} {
		i := strings.Index(head, sep)
		if i <= 0 || len(strings.Fields(head[:i])) > datelineWords {
			continue
		}
		if open := strings.LastIndexAny(head[:i], "(["); open >= 0 {
			agency = strings.Trim(head[open:i], "([]) ")
		}
		return strings.TrimSpace(line[i+len(sep):]), agency
	}
	return line, ""
}

// bracketed is a dateline in the brackets that East Asian agencies use.
func bracketed(line, head string) (rest, agency string, ok bool) {
	for _, b := range [][2]string{{"【", "】"}, {"（", "）"}, {"［", "］"}, {"(", ")"}} {
		inner, ok := strings.CutPrefix(head, b[0])
		if !ok {
			continue
		}
		if end := strings.Index(inner, b[1]); end > 0 {
			return strings.TrimSpace(line[len(b[0])+end+len(b[1]):]), inner[:end], true
		}
	}
	return line, "", false
}

// withoutOutlet is a title without the name of the outlet before or after it.
func withoutOutlet(title, outlet string) string {
	if outlet == "" {
		return title
	}
	for _, sep := range []string{" | ", " - ", " – ", " — ", " :: ", " · ", ": ", " » "} {
		if i := strings.LastIndex(title, sep); i > 0 && names(title[i+len(sep):], outlet) {
			return title[:i]
		}
		if i := strings.Index(title, sep); i > 0 && names(title[:i], outlet) {
			return title[i+len(sep):]
		}
	}
	return title
}

// names tells whether a piece of a text is the name of an outlet, or most of it.
func names(piece, outlet string) bool {
	a, b := letters(piece), letters(outlet)
	return a != "" && b != "" && (a == b || len(a) >= 4 && strings.HasPrefix(b, a) || len(b) >= 4 && strings.HasPrefix(a, b))
}

// letters is a text reduced to letters and digits in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
