package lexis

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestFoldMakesOneFormOfManySpellings(t *testing.T) {
	for want, spellings := range map[string][]string{
		"evian":     {"Évian", "ÉVIAN", "E\u0301vian", "Ｅｖｉａｎ", "é\u00advian"},
		"strasse":   {"Straße", "STRASSE", "STRAẞE"},
		"istanbul":  {"İstanbul", "ıstanbul", "ISTANBUL"},
		"οδυσσευσ":  {"Ὀδυσσεύς", "ΟΔΥΣΣΕΎΣ"},
		"орел":      {"Орёл", "орёл"},
		"мой":       {"Мой", "МОЙ", "мои\u0306"},
		"ايران":     {"إيران", "أيران", "آيران", "إِيرَان", "إيـران", "ایران"},
		"שלום":      {"שָׁלוֹם", "שלום"},
		"パリ":        {"ﾊﾟﾘ", "ハ\u309aリ"},
		"각":         {"각", norm.NFD.String("각")},
		"l'equipe":  {"L’Équipe", "l'équipe", "Lʼéquipe"},
		"a-b":       {"a‑b", "A–B", "a−b"},
		"2024":      {"٢٠٢٤", "۲۰۲۴", "２０２４", "२०२४"},
		"≠":         {"≠", norm.NFD.String("≠")},
		"ok ":       {"OK™"},
		"հայեւ":     {"Հայև"},
		"ქართული":   {"ᲥᲐᲠᲗᲣᲚᲘ"},
		"viet nam":  {"Việt Nam", norm.NFD.String("VIỆT NAM")},
		"plain old": {"Plain OLD"},
	} {
		for _, s := range spellings {
			if got := Fold(s); got != want {
				t.Errorf("Fold(%q) = %q, want %q", s, got, want)
			}
		}
	}
}

// A Cyrillic letter that Unicode takes apart is its own letter, unless it is
// one of the three that are accents.
func TestFoldKeepsTheLettersOfEveryCyrillicAlphabet(t *testing.T) {
	accented := "ѐёѝ"
	for r := range rune(unicode.MaxRune) {
		if !unicode.Is(unicode.Cyrillic, r) || !unicode.IsLower(r) {
			continue
		}
		whole := string(r)
		if norm.NFKD.String(whole) == whole || norm.NFKC.String(whole) != whole {
			continue
		}
		kept := Fold(whole) == whole
		if want := !strings.ContainsRune(accented, r); kept != want {
			t.Errorf("Fold(%q) = %q", whole, Fold(whole))
		}
	}
}

func TestDigitsOfEveryScriptAreDigits(t *testing.T) {
	next := rune('0')
	for r := range rune(unicode.MaxRune) {
		if !unicode.Is(unicode.Nd, r) {
			continue
		}
		if got := Fold(string(r)); got != string(next) {
			t.Fatalf("Fold(%q) = %q, want %q", r, got, string(next))
		}
		if next++; next > '9' {
			next = '0'
		}
	}
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"the us-iran talks, l'opec": "the|us|iran|talks|l|opec",
		"c++ #metoo":                "c|+|+|#|metoo",
		"one\n\ntwo\nthree":         "one||two|three",
		"伊朗 talks":                  "伊|朗|talks",
		"กิน":                       "กิ|น",
		" \n\n ":                    "",
		"हिन्दी भाषा":               "हिन्दी|भाषा",
	} {
		var got []string
		for _, tok := range Tokenize(text, false) {
			got = append(got, tok.Text)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("Tokenize(%q) = %q, want %s", text, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{
		"Évian", "e\u0301\u0327", "İı", "ﷺ", "각", "ŉ", "ΰ", "и\u0301\u0306", "\xff", "ᾳ\u0345", "≠\u0301", "㎏", "＊", "한\u11a8",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%q) = %+q, and again %+q", s, once, twice)
		}
		if slow := foldAny(s); slow != once {
			t.Errorf("Fold(%q) = %+q, the long way %+q", s, once, slow)
		}
		if other := Fold(norm.NFD.String(s)); other != once {
			t.Errorf("Fold(%q) = %+q, decomposed %+q", s, once, other)
		}
	})
}

func TestFoldIsStableForEveryCharacter(t *testing.T) {
	for r := range rune(0x30000) {
		for _, s := range []string{string(r), string(r) + "\u0301\u0308", "ае" + string(r) + "б"} {
			once := Fold(s)
			if Fold(once) != once {
				t.Errorf("Fold(%+q) = %+q, and again %+q", s, once, Fold(once))
			}
			if slow := foldAny(s); slow != once {
				t.Errorf("Fold(%+q) = %+q, the long way %+q", s, once, slow)
			}
		}
	}
}
