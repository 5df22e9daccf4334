package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

// about is a new article with a title and a text, in the section world.
func (b *bench) about(id, title, text string, old time.Duration) feed.Arrival {
	a := b.story(id, old, "world")
	a.Entry.Title, a.Entry.Content = title, feed.HTML(text)
	return a
}

// selects reads what is asked for of a section: the originals of what is found, in order.
func (b *bench) selects(section string, sel feed.Selection) []string {
	b.Helper()
	v, err := b.Select(b.ctx(), section, sel, 0)
	b.ok(err)
	b.same("the selection", v.Selection, sel)
	var out []string
	for _, e := range v.Entries {
		out = append(out, strings.TrimPrefix(e.ID, "https://news.example/"))
	}
	return out
}

// looks searches a section for words.
func (b *bench) looks(section, query string) []string {
	b.Helper()
	return b.selects(section, feed.Selection{Query: query})
}

// index indexes in the background until all is.
func (b *bench) index() int {
	b.Helper()
	n, err := b.Index(b.ctx())
	b.ok(err)
	return n
}

// scripts are texts with words that are in them and words that are not.
var scripts = []struct {
	name, text string
	finds      []string
	not        []string
}{
	{"English", "The ferry's 3,500 re-opened berths; R&D at 20 % #harbour. <p>Don’t wait.</p>",
		[]string{"FERRY", "ferry's", "3,500", "re-opened", "R&D", "20%", "#harbour", "harbour",
			"don't", "Don’t wait", `"at 20 %"`, "bert*", `"re opened berths"`},
		[]string{"fer", "ferrys", "350", "reopened", "#berths", `"berths wait"`, `"harbour dont"`, "ferry -berths", "bertha*"}},
	{"French", "L’Équipe de l'État visite Évian, cœur de la Haute-Savoie", []string{"equipe", "l'etat", "ETAT", "évian", "evian", "coeur", "haute savoie", "e\u0301vian"},
		[]string{"letat", "hautesavoie"}},
	{"German", "Die Straße nach Übersee: GROẞE Maßnahmen", []string{"strasse", "STRASSE", "straße", "ubersee", "Übersee", "große", "massnahmen", "maßnah*"},
		[]string{"uebersee", "strase"}},
	{"Turkish", "İstanbul’da ışık, Diyarbakır", []string{"istanbul", "İSTANBUL", "ISTANBUL'DA", "isik", "ışık", "diyarbakir"}, []string{"stanbul"}},
	{"Vietnamese", "Việt Nam và Đà Nẵng", []string{"viet nam", "da nang", "ĐÀ NẴNG", `"Viet Nam"`}, []string{"vietnam"}},
	{"Russian", "Орёл и мой край: Чайковский", []string{"орел", "ОРЁЛ", "мой", "чайковский"}, []string{"мои", "чаиковскии"}},
	{"Greek", "Ὁ Ὀδυσσεύς στὴν Ἰθάκη", []string{"οδυσσευς", "ΟΔΥΣΣΕΎΣ", "ιθακη"}, []string{"οδυσσεα"}},
	{"Arabic", "وُلِدَتِ المدرســـة في إيران، أهلًا ومستشفى", []string{"ولدت", "المدرسه", "المدرسة", "ايران", "إيران", "اهلا", "ومستشفي"}, []string{"مدرسة", "ولد"}},
	{"Persian", "کتاب\u200cهای تازهٔ ایرانی", []string{"كتابهاي", "کتاب\u200cهای", "ایرانی", "ايراني"}, []string{"کتاب"}},
	{"Hebrew", "שָׁלוֹם מצה״ל", []string{"שלום", `מצה"ל`, "מצה״ל"}, []string{"שלו"}},
	{"Hindi", "हिन्दी भाषा २०२४", []string{"हिन्दी", "भाषा", "2024", "२०२४"}, []string{"हिन्द", "भाष"}},
	{"Chinese", "北京大学发布气候变化报告，iPhone手机。<p>東京都</p>", []string{"大学", "气候", "气候变化", "候变", "报告 北京", `"变化报告"`, "iPhone手机", "手机", "京", "東京"},
		[]string{"学大", "气变", "告東", "iphone报告", "天气"}},
	{"Japanese", "東京タワーでコーヒーを飲む。ﾊﾟﾘ・オペラ", []string{"東京", "タワー", "コーヒー", "飲む", "パリ", "東京タワー", "オペラ", "パリ オペラ"},
		[]string{"ハリ", "京都", "コピー"}},
	{"Thai", "รัฐบาลไทยประกาศมาตรการเศรษฐกิจใหม่", []string{"รัฐบาล", "ประกาศ", "เศรษฐกิจ", "ไทย", "มาตรการ เศรษฐกิจ"}, []string{"รัฐบาน", "เศรษฐี"}},
	{"Lao, Khmer, Burmese", "ລັດຖະບານລາວ រដ្ឋាភិបាលកម្ពុជា မြန်မာနိုင်ငံ", []string{"ລາວ", "កម្ពុជា", "နိုင်ငံ"}, []string{"ລາດ", "កម្ពុជ៌"}},
	{"Korean", "정부가 기후변화를 논의했다. AI기술", []string{"기후", "변화", "기후변화", "기후 변화", "정부", "AI", "기술", "AI기술", "논의"}, []string{"기변", "정가", "기후기술"}},
	{"emoji and signs", "Goal ⚽️ by C++ 👩🏽‍🚀 €5 H₂O x² ½", []string{"⚽", "⚽️", "C++", "👩‍🚀", "€5", "h2o", "x2"}, []string{"🏀", "c#", "$5"}},
}

var searchRules = []rule{
	{"words are found in every script, as a rule would find them", func(b *bench) {
		b.sync(plan("gulf"))
		for _, s := range scripts {
			b.poll("gulf", b.about(s.name, "An article", s.text, time.Hour))
		}
		has := func(query, name string) bool { return slices.Contains(b.looks("world", query), name) }
		for _, s := range scripts {
			for _, q := range s.finds {
				if !has(q, s.name) {
					b.Errorf("%s: %q is not found in %s", s.name, q, s.text)
				}
			}
			for _, q := range s.not {
				if has(q, s.name) {
					b.Errorf("%s: %q is found in %s", s.name, q, s.text)
				}
			}
		}
	}},
	{"all words are needed, in titles, texts, authors and categories", func(b *bench) {
		b.sync(plan("gulf"))
		a := b.about("one", "Harbour opened", "<p>The ferry left.</p><p>Nobody waved.</p>", time.Hour)
		a.Entry.Summary = "A short word about tides"
		a.Entry.Authors = []feed.Person{{Name: "Ada Quill"}, {Email: "desk@gulf.example"}}
		a.Entry.Categories = []feed.Category{{Term: "sea-1", Label: "Sea Travel"}}
		b.poll("gulf", a, b.about("two", "Harbour closed", "<p>The ferry stayed.</p>", 2*time.Hour))
		for query, want := range map[string][]string{
			"harbour": {"one", "two"}, "harbour ferry": {"one", "two"}, "harbour left": {"one"}, "quill tides": {"one"},
			"sea travel": {"one"}, "harbour -closed": {"one"}, "-closed": {"one"}, `ferry -"ferry left"`: {"two"},
			`"left nobody"`: nil, `"harbour opened a"`: nil, `"tides the ferry"`: nil, `"waved ada"`: nil, `"quill sea"`: nil, `"harbour opened"`: {"one"}, "harb*": {"one", "two"}, "ha*": nil,
			"harbour OR nothing": nil, "title:harbour": nil, "NEAR(ferry left)": nil, "?!": nil, `"`: nil, "*": nil, "-": nil,
			"desk": nil,
		} {
			b.same(query, b.looks("world", query), want)
		}
	}},
	{"no query is an error", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.about("one", "Harbour", "x", time.Hour))
		for _, query := range []string{`"`, `""`, `"""`, `harbour"`, `AND`, `OR OR`, `NOT x`, `(`, `a:b`, `{x} : y`, `^x`, `x^2`, `NEAR(a b, 3)`,
			"'; DROP TABLE search; --", "\x00", "a\x00b", "\xff\xfe", "*", `"*`, "-*", "--", "-\"", strings.Repeat("a", 10_000), strings.Repeat("a ", 5000),
			strings.Repeat("的", 5000), strings.Repeat("-x ", 500), strings.Repeat(`"`, 5000), "\ue000", "\ue001s1", "words:x", "rank", "x + y", "~$<=>|%&@#"} {
			if _, err := b.Select(b.ctx(), "world", feed.Selection{Query: query, Category: query, Language: query}, 0); err != nil {
				b.Errorf("%.40q: %v", query, err)
			}
			b.looks("world", query)
			if _, err := b.Search(b.ctx(), query, 10); err != nil {
				b.Errorf("%.40q: %v", query, err)
			}
		}
	}},
	{"a selection is by source, category and language, each as the law of matching says", func(b *bench) {
		b.sync(plan("gulf", "tide"))
		with := func(id, lang, category string, old time.Duration) feed.Arrival {
			a := b.about(id, "Article "+id, "<p>ferry</p>", old)
			a.Entry.Language, a.Entry.Categories = lang, []feed.Category{{Term: category}}
			return a
		}
		b.poll("gulf", with("one", "en-GB", "Politics", time.Hour), with("two", "de", "Ports  et Économie", 2*time.Hour))
		b.poll("tide", with("three", "en", "politics", 3*time.Hour), with("four", "", "Sport", 4*time.Hour))
		for _, c := range []struct {
			sel  feed.Selection
			want []string
		}{
			{feed.Selection{}, []string{"one", "two", "three", "four"}},
			{feed.Selection{Source: "gulf"}, []string{"one", "two"}},
			{feed.Selection{Category: "POLITICS"}, []string{"one", "three"}},
			{feed.Selection{Category: "ports et economie"}, []string{"two"}},
			{feed.Selection{Category: "ports"}, nil},
			{feed.Selection{Language: "en"}, []string{"one", "three"}},
			{feed.Selection{Language: "en_gb"}, []string{"one"}},
			{feed.Selection{Language: "und"}, []string{"four"}},
			{feed.Selection{Language: "en", Category: "Politics", Source: "tide", Query: "ferry"}, []string{"three"}},
			{feed.Selection{Language: "en", Query: "-three"}, []string{"one"}},
		} {
			b.same(fmt.Sprintf("%+v", c.sel), b.selects("world", c.sel), c.want)
			b.same(fmt.Sprintf("%+v in the paper", c.sel), b.selects(feed.WholePaper, c.sel), c.want)
		}
		for _, sel := range []feed.Selection{{Source: "nobody"}, {Source: "Gulf"}, {Source: "The gulf"}} {
			if _, err := b.Select(b.ctx(), "world", sel, 0); !errors.Is(err, feed.ErrUnknown) {
				b.Errorf("%+v: %v", sel, err)
			}
		}
		if _, err := b.Select(b.ctx(), "nowhere", feed.Selection{Query: "ferry"}, 0); !errors.Is(err, feed.ErrUnknown) {
			b.Errorf("a section that there is not: %v", err)
		}
	}},
	{"the newest are selected, also those that the section does not show, as far as limits go", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Limit, p.Sections[1].Limit = 3, 0
		b.sync(p)
		var all []feed.Arrival
		for n := range 130 {
			a := b.about(fmt.Sprint(n), "Ferry "+fmt.Sprint(n%2), "x", time.Duration(n)*time.Hour)
			a.Members = append(a.Members, feed.Membership{Section: "sport", Why: "a test says so"})
			all = append(all, a)
		}
		b.poll("gulf", all...)
		b.same("world", b.looks("world", `"ferry 1"`), []string{"1", "3", "5"})
		b.same("sport", len(b.looks("sport", "ferry")), 100)
		v, err := b.Select(b.ctx(), "sport", feed.Selection{Query: "ferry"}, 2)
		b.ok(err)
		b.same("two of sport", titles(v.Entries), []string{"Ferry 0", "Ferry 1"})
		plain := b.view("sport")
		b.same("the view's id and version", []any{v.ID, v.Version, len(v.Index)}, []any{plain.ID, plain.Version, 2})
	}},
	{"an entry is found where it stands, and nowhere else", func(b *bench) {
		b.sync(plan("gulf"))
		held, none := b.about("held", "Ferry held", "x", time.Hour), b.about("none", "Ferry none", "x", 2*time.Hour)
		held.Standing, none.Members = feed.Held, nil
		sport := b.about("sport", "Ferry sport", "x", 3*time.Hour)
		sport.Members[0].Section = "sport"
		b.poll("gulf", held, none, sport, b.about("world", "Ferry world", "x", 4*time.Hour))
		b.same("world", b.looks("world", "ferry"), []string{"world"})
		b.same("sport", b.looks("sport", "ferry"), []string{"sport"})
		b.same("the paper", b.looks(feed.WholePaper, "ferry"), []string{"sport", "world"})
		found, err := b.Search(b.ctx(), "ferry", 10)
		b.ok(err)
		var originals []string
		for _, s := range found {
			originals = append(originals, s.Original)
		}
		b.same("all that is stored, the newest first", originals, []string{"held", "none", "sport", "world"})

		b.judge("withdraw", feed.Withdrawn, b.find("world"))
		b.same("withdrawn", b.looks("world", "ferry"), []string(nil))
		b.judge("release", feed.Shown, b.find("world"))
		b.judge("release", feed.Shown, b.find("held"))
		for _, name := range []string{"world", "held"} {
			s := b.find(name)
			anew := b.again(s, s.Entry.Title)
			anew.Members = []feed.Membership{{Section: "world", Why: "a test says so"}}
			_, err := b.Remake(b.ctx(), b.now, []feed.Arrival{anew})
			b.ok(err)
		}
		b.same("released", b.looks("world", "ferry"), []string{"held", "world"})
	}},
	{"what is found moves with the text and with the sections", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.about("one", "Ferry", "harbour", time.Hour))
		b.poll("gulf", b.again(b.find("one"), "Tram"))
		b.same("its old words", b.looks("world", "ferry"), []string(nil))
		b.same("its new words", b.looks("world", "tram harbour"), []string{"one"})
		moved := b.again(b.find("one"), "Tram")
		moved.Members = []feed.Membership{{Section: "sport", Why: "other rules"}}
		_, err := b.Remake(b.ctx(), b.now, []feed.Arrival{moved})
		b.ok(err)
		b.same("world", b.looks("world", "tram"), []string(nil))
		b.same("sport", b.looks("sport", "tram"), []string{"one"})
		p := plan("gulf")
		p.Sections[1].Name, p.Sections[1].RenamedFrom = "games", "sport"
		b.sync(p)
		b.same("renamed", b.looks("games", "tram"), []string{"one"})
		p.Outlets[0].Name, p.Outlets[0].RenamedFrom = "tide", "gulf"
		p.Outlets[0].Feeds[0].Source = "tide"
		b.sync(p)
		b.same("of a renamed source", b.selects("games", feed.Selection{Source: "tide"}), []string{"one"})
		b.sync(plan())
		b.same("of a source that was taken out", b.looks("sport", "tram"), []string(nil))
		if _, err := b.Select(b.ctx(), "sport", feed.Selection{Source: "tide"}, 0); !errors.Is(err, feed.ErrUnknown) {
			b.Errorf("by a source that was taken out: %v", err)
		}
	}},
	{"what is in a private section only is found there, and everywhere once that is public", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Private = "sesame"
		b.sync(p)
		b.poll("gulf", b.about("one", "Ferry", "x", time.Hour))
		b.same("in it", b.looks("world", "ferry"), []string{"one"})
		b.same("in the paper", b.looks(feed.WholePaper, "ferry"), []string(nil))
		b.same("in the paper, without a word", b.looks(feed.WholePaper, "-tram"), []string(nil))
		v, err := b.Select(b.ctx(), "world", feed.Selection{Query: "ferry"}, 0)
		b.ok(err)
		name, found, err := b.SectionAt(b.ctx(), v.Section.Path())
		b.ok(err)
		b.same("its path", []any{name, found, v.Section.Path() != "/world/"}, []any{"world", true, true})
		_, found, err = b.SectionAt(b.ctx(), "/world/")
		b.ok(err)
		b.same("by its name", found, false)
		p.Sections[0].Private = ""
		b.sync(p)
		b.same("public, in the paper", b.looks(feed.WholePaper, "ferry"), []string{"one"})
		b.same("without a word", b.looks(feed.WholePaper, "-tram"), []string{"one"})
		p.Sections[0].Private = "sesame"
		b.sync(p)
		b.same("private again", b.looks(feed.WholePaper, "ferry"), []string(nil))
	}},
	{"what is pruned is not found", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.about("old", "Ferry old", "x", 48*time.Hour), b.about("new", "Ferry new", "x", time.Hour))
		b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-24*time.Hour)))
		b.same("what is left", b.looks("world", "ferry"), []string{"new"})
		found, err := b.Search(b.ctx(), "ferry", 10)
		b.ok(err)
		b.same("stored", len(found), 1)
	}},
	{"of a story the one that is shown is found, by its own words", func(b *bench) {
		b.sync(plan("gulf", "tide"))
		one, two := b.wire("quay", "gulf", 2*time.Hour, "world"), b.wire("quay", "tide", time.Hour, "world")
		one.Entry.Authors, two.Entry.Authors = []feed.Person{{Name: "Quillon"}}, []feed.Person{{Name: "Starling"}}
		b.poll("gulf", one)
		b.poll("tide", two)
		b.same("what is shown", b.shown("world"), []string{"gulf as gulf.example/quay, also tide"})
		b.same("by the words of the first", len(b.looks("world", "quillon")), 1)
		b.same("by the words of the copy", len(b.looks("world", "starling")), 0)
		v, err := b.Select(b.ctx(), "world", feed.Selection{Query: "quillon"}, 0)
		b.ok(err)
		b.same("as the section tells it", v.Entries, b.view("world").Entries)
	}},
	{"what time says of a selection is no later than it is, and moves with what comes", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Limit = 1
		b.sync(p)
		b.poll("gulf", b.about("one", "Ferry", "x", time.Hour))
		b.later(48 * time.Hour)
		b.poll("gulf", b.about("two", "Tram", "x", 72*time.Hour)) // below what is shown
		v, err := b.Select(b.ctx(), "world", feed.Selection{Query: "tram"}, 0)
		b.ok(err)
		b.same("modified", v.Modified, b.now.Truncate(time.Second))
	}},
	{"a section is known by its path", func(b *bench) {
		b.sync(plan("gulf"))
		for path, want := range map[string]string{"/": feed.WholePaper, "/world/": "world"} {
			name, found, err := b.SectionAt(b.ctx(), path)
			b.ok(err)
			b.same(path, []any{name, found}, []any{want, true})
		}
		for _, path := range []string{"", "/world", "/nowhere/", "/WORLD/", "/world/x/"} {
			_, found, err := b.SectionAt(b.ctx(), path)
			b.ok(err)
			b.same(path, found, false)
		}
	}},
	{"a new store has nothing to index in the background", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.about("one", "Ferry", "x", time.Hour))
		b.sync(plan("gulf"))
		left, err := b.Unindexed(b.ctx())
		b.ok(err)
		b.same("left, and indexed", []int{left, b.index()}, []int{0, 0})
		b.same("found", b.looks("world", "ferry"), []string{"one"})
	}},
}
