package normalise

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxDate is the longest date that is looked at, in bytes.
const maxDate = 128

// parseDate reads a date in the forms that feeds write: RFC 822 and its
// dialects, ISO 8601 and RFC 3339, what databases, C and shops print, with the
// months of a dozen languages. A date without a zone is one of zone (nil is
// UTC). 03/04/2020 is read as habit says; if that is unknown and the weekday does
// not tell either, it is not a date. The result is in UTC.
func parseDate(s string, zone *time.Location, habit order) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxDate {
		return time.Time{}, false
	}
	for _, layout := range commonLayouts {
		if t, err := time.Parse(layout, s); err == nil && plausibleOffset(t) {
			return t.UTC(), true
		}
	}
	if t, ok := unixTime(s); ok {
		return t, true
	}
	p := dateParser{zone: zoneOrUTC(zone), habit: habit}
	return p.parse(foldDate(s))
}

// commonLayouts are those of nine dates in ten; they are tried first because that is cheap.
var commonLayouts = []string{
	time.RFC3339, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 GMT",
}

// maxOffset is the furthest that a clock is ever set from UTC, with room.
const maxOffset = 15 * 60 * 60

func plausibleOffset(t time.Time) bool {
	_, offset := t.Zone()
	return offset >= -maxOffset && offset < maxOffset
}

// unixTime reads seconds or milliseconds since 1970.
func unixTime(s string) (time.Time, bool) {
	if !allDigits(s) || len(s) != 10 && len(s) != 13 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	if len(s) == 10 {
		return time.Unix(n, 0).UTC(), true
	}
	return time.UnixMilli(n).UTC(), true
}

var (
	insideTags  = regexp.MustCompile(`<[^>]*>`)
	glued       = regexp.MustCompile(`(\d)t(\d)`)         // 2004-05-06T07:08
	hourMinute  = regexp.MustCompile(`(\d)\s?h\s?(\d\d)`) // 15h30
	basicForm   = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)[ t]?(?:(\d\d)(\d\d)(\d\d)?)?([^\d].*)?$`)
	ordinalDay  = regexp.MustCompile(`(\d)(?:st|nd|rd|th|er|re|eme|e|o|-?го)\b`)
	halfDay     = regexp.MustCompile(`\b([ap])\.? ?m\b\.?|\d([ap])\.?m\b\.?`)
	clockForm   = regexp.MustCompile(`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?`)
	hourOnly    = regexp.MustCompile(`\b(\d{1,2}) ?([ap])\.?m\b`)
	offsetForm  = regexp.MustCompile(`^\s*(?:gmt|utc|ut|z)?\s*([+-])\s?(\d{1,2}):?(\d\d)?(?:z|\b)`)
	letterZone  = regexp.MustCompile(`^ [a-ik-z]$`)
	dateToken   = regexp.MustCompile(`\d+|[\pL\p{Mc}/_]+`)
	ordinalYear = regexp.MustCompile(`^(\d{4})-(\d{3})(?:[ t](.*))?$`)
	weekOfYear  = regexp.MustCompile(`^(\d{4})-?w(\d\d)(?:-?([1-7]))?(?:[ t](.*))?$`)
)

// eastAsian writes Chinese, Japanese and Korean dates with signs.
var eastAsian = strings.NewReplacer(
	"年", "-", "月", "-", "日", " ", "号", " ", "년", "-", "월", "-", "일", " ",
	"上午", " am ", "下午", " pm ", "午前", " am ", "午後", " pm ", "오전", " am ", "오후", " pm ",
	"時", ":", "时", ":", "点", ":", "시", ":", "分", ":", "분", ":", "秒", " ", "초", " ",
)

// foldDate writes a date in lower case, without accents, entities, tags and
// comments, with ASCII digits.
func foldDate(s string) string {
	s = insideTags.ReplaceAllString(withoutComments(html.UnescapeString(s)), " ")
	s = norm.NFKD.String(eastAsian.Replace(s))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			return -1
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r == '−' || r == '–' || r == '—' || r == '‐':
			return '-'
		case unicode.IsSpace(r):
			return ' '
		case r == 'ı':
			return 'i'
		}
		return unicode.ToLower(r)
	}, s)
	s = glued.ReplaceAllString(s, "$1 $2")
	s = hourMinute.ReplaceAllString(s, "$1:$2")
	s = ordinalDay.ReplaceAllString(s, "$1 ")
	return strings.TrimRight(strings.ReplaceAll(strings.Join(strings.Fields(s), " "), ": ", " "), ": ")
}

// withoutComments is a date without what stands in brackets, which may hold others
// (RFC 5322 §3.2.2). Without their ends they are none.
func withoutComments(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var out strings.Builder
	depth, escaped := 0, false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
		case depth > 0 && r == '\\':
			escaped = true
		case r == '(':
			depth++
			out.WriteByte(' ')
		case depth > 0 && r == ')':
			depth--
		case depth == 0:
			out.WriteRune(r)
		}
	}
	if depth > 0 {
		return s
	}
	return out.String()
}

// dateParser is a date being read.
type dateParser struct {
	zone  *time.Location
	habit order

	year, month, day           int
	hour, minute, second, nano int
	timed                      bool   // it names a time of day
	half                       string // "a" or "p" if the clock has twelve hours
	weekday                    time.Weekday
	hasWeekday                 bool
	offset                     *time.Location // nil if the date names no zone
	zoneName                   string
}

// parse reads a folded date.
func (p *dateParser) parse(s string) (time.Time, bool) {
	if m := basicForm.FindStringSubmatch(s); m != nil {
		s = m[1] + "-" + m[2] + "-" + m[3]
		if m[4] != "" {
			s += " " + m[4] + ":" + m[5] + ":" + orZero(m[6])
		}
		s += " " + m[7]
	}
	if m := ordinalYear.FindStringSubmatch(s); m != nil {
		day := midnight(number(m[1]), 1, number(m[2]))
		if m[2] == "000" || day.Year() != number(m[1]) {
			return time.Time{}, false
		}
		s = day.Format(time.DateOnly) + " " + m[3]
	}
	if m := weekOfYear.FindStringSubmatch(s); m != nil {
		day, ok := dayOfWeek(number(m[1]), number(m[2]), m[3])
		if !ok {
			return time.Time{}, false
		}
		s = day.Format(time.DateOnly) + " " + m[4]
	}
	s, ok := p.readClock(s)
	if !ok {
		return time.Time{}, false
	}
	if !p.readDay(s) {
		return time.Time{}, false
	}
	return p.time()
}

func orZero(s string) string {
	if s == "" {
		return "00"
	}
	return s
}

// number is the value of a few digits; absent ones are 0.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// dayOfWeek is a day by its week (ISO 8601 §5.2.3): week 1 is that of 4 January, and
// day 1, which is also meant if none is named, is Monday.
func dayOfWeek(year, week int, day string) (time.Time, bool) {
	fourth := midnight(year, 1, 4)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(week-1))
	y, w := monday.ISOWeek()
	return monday.AddDate(0, 0, max(number(day), 1)-1), y == year && w == week
}

// readClock takes the time of day and the zone out of s, and gives the rest.
func (p *dateParser) readClock(s string) (rest string, ok bool) {
	s = p.readHalf(s)
	m := clockForm.FindStringSubmatchIndex(s)
	if m == nil || m[0] > 0 && s[m[0]-1] == '+' {
		return p.readZoneWord(s), true
	}
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	before, after := s[:m[0]], s[m[1]:]
	if strings.HasPrefix(after, ":") {
		return "", false
	}
	p.timed = true
	p.hour, p.minute, p.second = number(group(1)), number(group(2)), number(group(3))
	p.nano = number((group(4) + "000000000")[:9])
	after, ok = p.readOffset(after)
	if !ok {
		return "", false
	}
	if m := letterZone.FindString(after); m != "" && p.offset == nil {
		// RFC 822 had the signs of the military zones wrong, so that nobody knows which
		// is meant: they are UTC (RFC 5322 §4.3).
		p.offset, after = time.UTC, strings.TrimPrefix(after, m)
	}
	if p.offset == nil {
		after = p.readZoneWord(after)
	}
	return before + " " + after, true
}

// readHalf takes "am" or "pm" out of s.
func (p *dateParser) readHalf(s string) string {
	if m := hourOnly.FindStringSubmatchIndex(s); m != nil && !strings.Contains(s, ":") {
		s = s[:m[3]] + ":00 " + s[m[4]:]
	}
	m := halfDay.FindStringSubmatchIndex(s)
	if m == nil {
		return s
	}
	if m[2] >= 0 {
		p.half = s[m[2]:m[3]]
		return s[:m[0]] + " " + s[m[1]:]
	}
	p.half = s[m[4]:m[5]]
	return s[:m[4]] + " " + s[m[1]:]
}

// readOffset takes a numeric zone off the beginning of s, which follows the time.
func (p *dateParser) readOffset(s string) (rest string, ok bool) {
	m := offsetForm.FindStringSubmatch(s)
	if m == nil {
		return s, !strings.Contains(s, "+")
	}
	seconds := number(m[2])*3600 + number(m[3])*60
	if number(m[3]) > 59 || seconds > maxOffset || strings.HasPrefix(s[len(m[0]):], ":") {
		return "", false
	}
	if m[1] == "-" {
		seconds = -seconds
	}
	p.offset = time.FixedZone("", seconds)
	return s[len(m[0]):], true
}

// readZoneWord takes the name of a zone out of s, which follows the time if
// there is one. A date with a zone that nobody knows counts as one without.
func (p *dateParser) readZoneWord(s string) string {
	return dateToken.ReplaceAllStringFunc(s, func(word string) string {
		if p.zoneName == "" && p.offset == nil && isZone(word) {
			p.zoneName = word
			return " "
		}
		return word
	})
}

// readDay finds year, month and day in what is left of the date.
func (p *dateParser) readDay(s string) bool {
	var numbers []string
	var months, doubtful []int
	for _, token := range dateToken.FindAllString(s, -1) {
		if isDigit(token[0]) {
			numbers = append(numbers, token)
			continue
		}
		word := strings.Trim(token, "/_")
		month, isMonth := monthOf(word)
		day, isWeekday := weekdays[word]
		switch {
		case isMonth && maybeWeekday[word]:
			doubtful = append(doubtful, month)
		case isMonth:
			months = append(months, month)
		case isWeekday:
			p.weekday, p.hasWeekday = day, true
		}
	}
	if len(months) == 0 {
		months = doubtful
	}
	switch {
	case len(months) == 0:
		return p.numericDay(numbers, s)
	case len(numbers) == 1 && len(numbers[0]) == 4 && !p.timed:
		p.year, p.month, p.day = number(numbers[0]), months[0], 1
		return true
	case len(numbers) != 2:
		return false
	}
	p.month = months[0]
	return p.dayAndYear(numbers[0], numbers[1])
}

// dayAndYear tells the two numbers beside the name of a month apart.
func (p *dateParser) dayAndYear(a, b string) bool {
	if len(a) == 4 || len(b) <= 2 && number(a) > 31 {
		a, b = b, a
	}
	if len(a) > 2 || len(b) != 2 && len(b) != 4 {
		return false
	}
	p.day, p.year = number(a), fullYear(b)
	return true
}

// fullYear reads a year of two digits as POSIX does.
func fullYear(s string) int {
	n := number(s)
	switch {
	case len(s) != 2:
		return n
	case n < 69:
		return 2000 + n
	default:
		return 1900 + n
	}
}

// numericDay reads a date in numbers alone.
func (p *dateParser) numericDay(n []string, s string) bool {
	switch {
	case len(n) == 1 && len(n[0]) == 4 && strings.TrimSpace(s) == n[0]:
		p.year, p.month, p.day = number(n[0]), 1, 1
		return true
	case len(n) == 2 && len(n[0]) == 4 && len(n[1]) == 2:
		p.year, p.month, p.day = number(n[0]), number(n[1]), 1
		return true
	case len(n) != 3 || len(n[1]) > 2:
		return false
	case len(n[0]) == 4 && len(n[2]) <= 2:
		p.year, p.month, p.day = number(n[0]), number(n[1]), number(n[2])
		return true
	case len(n[0]) > 2 || len(n[2]) != 4 && (len(n[2]) != 2 || strings.Contains(s, n[0]+"-"+n[1])):
		return false
	}
	p.year = fullYear(n[2])
	return p.dayAndMonth(number(n[0]), number(n[1]), strings.Contains(s, n[0]+"."+n[1]))
}

// dayAndMonth tells 03/04 from 04/03: by what is possible, by the weekday, by
// the dots of continental dates, by the habit of the language, by a clock of twelve
// hours. If none of them tells, it is better to have no date than a wrong one.
func (p *dateParser) dayAndMonth(a, b int, dots bool) bool {
	fits := func(day, month int) bool {
		return !p.hasWeekday || midnight(p.year, month, day).Weekday() == p.weekday
	}
	american := p.habit == monthFirst || p.habit == orderUnknown && p.half != ""
	switch {
	case a > 12, a == b, dots, fits(a, b) && !fits(b, a):
		p.day, p.month = a, b
	case b > 12, fits(b, a) && !fits(a, b):
		p.month, p.day = a, b
	case american:
		p.month, p.day = a, b
	case p.habit == dayFirst:
		p.day, p.month = a, b
	default:
		return false
	}
	return true
}

func midnight(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// time puts the parts together, if they make a moment that exists.
func (p *dateParser) time() (time.Time, bool) {
	hour := p.hour
	switch {
	case p.half == "a" && hour > 12:
		return time.Time{}, false
	case p.half == "p" && hour < 12:
		hour += 12
	case p.half == "a" && hour == 12:
		hour = 0
	}
	endOfDay := hour == 24 && p.minute == 0 && p.second == 0
	if hour > 23 && !endOfDay || p.minute > 59 || p.second > 60 || p.month < 1 || p.month > 12 {
		return time.Time{}, false
	}
	if p.year < 1 || midnight(p.year, p.month, p.day).Day() != p.day {
		return time.Time{}, false
	}
	at := func(zone *time.Location) time.Time {
		return time.Date(p.year, time.Month(p.month), p.day, hour, p.minute, p.second, p.nano, zone)
	}
	switch {
	case p.offset != nil:
		return at(p.offset).UTC(), true
	case p.zoneName != "":
		return zoned(p.zoneName, p.zone, at), true
	}
	return at(p.zone).UTC(), true
}
