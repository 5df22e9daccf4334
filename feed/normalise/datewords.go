package normalise

import (
	"strings"
	"time"
	"unicode/utf8"
)

// monthNames are the names of the months and their beginnings, folded as
// foldDate does.
var monthNames = monthTable(
	"january february march april may june july august september october november december",
	"januar februar marz april mai juni juli august september oktober november dezember",
	"janner feber marz april mai juni juli august september oktober november dezember",
	"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
	"janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"januari februari maart april mei juni juli augustus september oktober november december",
	"januari februari mars april maj juni juli augusti september oktober november december",
	"januar februar marts april maj juni juli august september oktober november desember",
	"januari februari maret april mei juni juli agustus september oktober november desember",
	"styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
	"stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
	"leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec",
	"ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
	"januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december",
	"ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
	"ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
	"январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
	"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
	"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
	"ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου",
	"يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
)

// wholeMonths are names that are not shortened: their beginnings are those of other
// months elsewhere.
var wholeMonths = nameTable(
	"tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu",
	"tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
	"jaanuar veebruar marts aprill mai juuni juuli august september oktoober november detsember",
	"janvaris februaris marts aprilis maijs junijs julijs augusts septembris oktobris novembris decembris",
	"sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio lapkricio gruodzio",
	"januara februara marca aprila maja juna jula augusta septembra oktobra novembra decembra",
	"januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
	"gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre",
	"януари февруари март април май юни юли август септември октомври ноември декември",
	"јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
	"ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
	"जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
	"ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
)

// nameTable is a table of names alone.
func nameTable(languages ...string) map[string]int {
	out := map[string]int{}
	for _, names := range languages {
		for i, name := range strings.Fields(foldDate(names)) {
			out[name] = i + 1
		}
	}
	return out
}

// monthOf is the month that a folded word names.
func monthOf(word string) (month int, ok bool) {
	if month, ok = monthNames[word]; ok {
		return month, true
	}
	month, ok = wholeMonths[word]
	return month, ok
}

// shortestMonth is how many letters of a month's name must be there.
const shortestMonth = 3

// monthTable makes a table of names and of all beginnings that mean one month.
func monthTable(languages ...string) map[string]int {
	whole, begun := map[string]int{}, map[string]int{}
	for _, names := range languages {
		for i, name := range strings.Fields(foldDate(names)) {
			whole[name] = i + 1
			for end := range name {
				prefix := name[:end]
				if utf8.RuneCountInString(prefix) < shortestMonth {
					continue
				}
				if m, ok := begun[prefix]; ok && m != i+1 {
					begun[prefix] = 0
				} else if !ok {
					begun[prefix] = i + 1
				}
			}
		}
	}
	for prefix, month := range begun {
		if _, ok := whole[prefix]; !ok && month > 0 {
			whole[prefix] = month
		}
	}
	return whole
}

// maybeWeekday are beginnings of months that also are days in another language:
// "mar., 01 déc." is a Tuesday.
var maybeWeekday = map[string]bool{"mar": true, "mart": true, "lun": true}

// weekdays are the English ones, to tell 11/04 from 04/11.
var weekdays = map[string]time.Weekday{
	"sun": 0, "sunday": 0, "mon": 1, "monday": 1, "tue": 2, "tues": 2, "tuesday": 2,
	"wed": 3, "wednesday": 3, "thu": 4, "thur": 4, "thurs": 4, "thursday": 4,
	"fri": 5, "friday": 5, "sat": 6, "saturday": 6,
}

// zoneMinutes are named zones, in minutes east of UTC. Where a name has several
// meanings it is the one that news use most; a source whose own zone has such a
// name gets its own (zoned).
var zoneMinutes = map[string]int{
	"z": 0, "gmt": 0, "utc": 0, "ut": 0, "uct": 0, "wet": 0, "etc/gmt": 0, "etc/utc": 0, "zulu": 0,
	"bst": 60, "ist": 330, "west": 60, "cet": 60, "met": 60, "mez": 60, "wat": 60,
	"cest": 120, "mest": 120, "mesz": 120, "eet": 120, "cat": 120, "sast": 120,
	"eest": 180, "msk": 180, "trt": 180, "eat": 180, "idt": 180, "irst": 210, "irdt": 270,
	"msd": 240, "gst": 240, "samt": 240, "pkt": 300, "uzt": 300, "yekt": 300, "npt": 345, "bdt": 360,
	"ict": 420, "wib": 420, "sgt": 480, "hkt": 480, "pht": 480, "myt": 480, "awst": 480, "wita": 480,
	"jst": 540, "kst": 540, "wit": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660,
	"nzst": 720, "nzdt": 780, "nst": -210, "ndt": -150, "brt": -180, "art": -180, "clst": -180,
	"uyt": -180, "ast": -240, "adt": -180, "clt": -240, "vet": -240, "bot": -240,
	"est": -300, "edt": -240, "cot": -300, "pet": -300, "cst": -360, "cdt": -300,
	"mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
}

// seasons are zones named without saying whether summer time holds: minutes
// east of UTC in winter. They follow the rule of the United States.
var seasons = map[string]int{"at": -240, "et": -300, "ct": -360, "mt": -420, "pt": -480}

func isZone(word string) bool {
	_, fixed := zoneMinutes[word]
	_, season := seasons[word]
	return fixed || season
}

// zoned is the moment that the parts of a date mean in a named zone.
func zoned(name string, own *time.Location, at func(*time.Location) time.Time) time.Time {
	if t := at(own); strings.EqualFold(t.Format("MST"), name) {
		return t.UTC()
	}
	minutes, fixed := zoneMinutes[name]
	if !fixed {
		minutes = seasons[name]
		if americanSummer(at(time.UTC)) {
			minutes += 60
		}
	}
	return at(time.FixedZone("", minutes*60)).UTC()
}

// americanSummer tells whether summer time holds at a wall clock reading in the
// United States: from the second Sunday of March to the first of November.
func americanSummer(wall time.Time) bool {
	sunday := func(month time.Month, n int) time.Time {
		first := time.Date(wall.Year(), month, 1, 2, 0, 0, 0, time.UTC)
		return first.AddDate(0, 0, (7-int(first.Weekday()))%7+7*(n-1))
	}
	return !wall.Before(sunday(time.March, 2)) && wall.Before(sunday(time.November, 1))
}
