package story

import "strings"

// numeral is the number that a word of a language says, in digits; empty if it says none.
// Editors write "12" for "twelve", and "five dead" is not "three dead". One is an article
// in most languages, and left out.
func numeral(language string, word []byte) string { return numeralWords[language][string(word)] }

// numeralWords are the words for two to twelve, as words hands them out: in lower case
// and without accents.
var numeralWords = numeralTable(map[string]string{
	"en": "two three four five six seven eight nine ten eleven twelve",
	"de": "zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
	"fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
	"es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
	"it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
	"pt": "dois,duas tres quatro cinco seis sete oito nove dez onze doze",
	"nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
	"sv": "tva tre fyra fem sex sju atta nio tio elva tolv",
	"pl": "dwa,dwie,dwoch trzy,trzech cztery,czterech piec,pieciu szesc,szesciu siedem,siedmiu osiem,osmiu dziewiec,dziewieciu " +
		"dziesiec,dziesieciu jedenascie dwanascie",
	"ru": "два,две,двух,двое три,трех,трое четыре,четырех,четверо пять,пяти,пятеро шесть,шести семь,семи восемь,восьми " +
		"девять,девяти десять,десяти одиннадцать двенадцать",
	"tr": "iki uc dort bes alti yedi sekiz dokuz on on\u00a0bir on\u00a0iki",
	"ar": "اثنان,اثنين ثلاثة,ثلاث اربعة,اربع خمسة,خمس ستة,ست سبعة,سبع ثمانية,ثماني تسعة,تسع عشرة,عشر",
	"fa": "دو سه چهار پنج شش هفت هشت",
})

// numeralTable reads the words for numbers, which begin at two; a word may have forms.
func numeralTable(lists map[string]string) map[string]map[string]string {
	digits := [...]string{"2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	out := map[string]map[string]string{}
	for language, list := range lists {
		out[language] = map[string]string{}
		for i, forms := range strings.Split(list, " ") {
			for form := range strings.SplitSeq(forms, ",") {
				out[language][form] = digits[i]
			}
		}
	}
	return out
}
