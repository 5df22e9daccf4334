package normalise

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

func TestParseDateReadsWhatFeedsWrite(t *testing.T) {
	berlin := mustZone(t, "Europe/Berlin")
	tests := []struct {
		name, in, want string // want in RFC 3339 UTC; empty: no date
		zone           *time.Location
		habit          order
	}{
		{"RFC 822 with a numeric zone", "Sat, 14 Feb 2026 22:03:00 +0100", "2026-02-14T21:03:00Z", nil, 0},
		{"RFC 822 with a name", "Mon, 03 Oct 2011 06:00 EDT", "2011-10-03T10:00:00Z", nil, 0},
		{"a year of two digits", "Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z", nil, 0},
		{"no seconds", "Mon, 30 Mar 2020 19:53 +0000", "2020-03-30T19:53:00Z", nil, 0},
		{"no weekday", "07 Jan 2017 17:12:53 +0300", "2017-01-07T14:12:53Z", nil, 0},
		{"the wrong weekday", "Sun, 14 Feb 2026 22:03:00 +0100", "2026-02-14T21:03:00Z", nil, 0},
		{"a weekday after the year", "03 October 2011 Monday 14:32:06 GMT", "2011-10-03T14:32:06Z", nil, 0},
		{"no zone is the source's zone", "Mon, 03 Oct 2011 17:10:15", "2011-10-03T15:10:15Z", berlin, 0},
		{"no zone is UTC without one", "Mon, 03 Oct 2011 17:10:15", "2011-10-03T17:10:15Z", nil, 0},
		{"a space in the zone", "Mon, 3 Oct 2011 18:28:59 + 0200", "2011-10-03T16:28:59Z", nil, 0},
		{"a space before the comma", "Tue , 04 Oct 2011 01:32:12 +0000", "2011-10-04T01:32:12Z", nil, 0},
		{"GMT with an offset", "Thu, 29 Oct 2020 07:36:03 GMT-07:00", "2020-10-29T14:36:03Z", nil, 0},
		{"a comment", "Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", "2020-11-12T17:00:00Z", nil, 0},
		{"a comment in a comment", "Thu, 12 (twelve (12\\)) of) Nov 2020 17:00:00 +0000", "2020-11-12T17:00:00Z", nil, 0},
		{"a military zone", "Thu, 12 Nov 2020 17:00:00 A", "2020-11-12T17:00:00Z", berlin, 0},
		{"capitals and small letters", "tHu, 12 nOV 2020 17:00:00 gmt", "2020-11-12T17:00:00Z", nil, 0},
		{"no space after the comma", "Thu,12 Nov 2020 17:00:00 +0000", "2020-11-12T17:00:00Z", nil, 0},
		{"a zone of hours and minutes", "12 Nov 2020 17:00:00 -0234", "2020-11-12T19:34:00Z", nil, 0},
		{"a zone with a colon", "Thu, 12 Nov 2020 17:00:00 -05:00", "2020-11-12T22:00:00Z", nil, 0},
		{"a day after its month was over", "Sat, 31 Jun 2006 23:08:26 +1000", "", nil, 0},
		{"an entity", "Tue, 07 Oct 2025 12:00:00 &#43;0200", "2025-10-07T10:00:00Z", nil, 0},
		{"an ordinal", "Mon, 16th Nov 2020 13:16:28 GMT", "2020-11-16T13:16:28Z", nil, 0},
		{"twenty-four o'clock", "Fri, 31 Dec 2021 24:00:00 GMT", "2022-01-01T00:00:00Z", nil, 0},
		{"summer time by name", "Tue, 16 Feb 2016 23:16:00 MESZ", "2016-02-16T21:16:00Z", nil, 0},
		{"eastern time in summer", "Thu, June 22, 2023 at 01:11 PM ET", "2023-06-22T17:11:00Z", nil, 0},
		{"eastern time in winter", "Mon, 26 January 2004 16:31:00 ET", "2004-01-26T21:31:00Z", nil, 0},
		{"the zone's own name wins", "Mon, 06 Jul 2020 12:00:00 IST", "2020-07-06T11:00:00Z", mustZone(t, "Europe/Dublin"), 0},
		{"else the most common one", "Mon, 06 Jul 2020 12:00:00 IST", "2020-07-06T06:30:00Z", nil, 0},
		{"RFC 3339", "2003-12-31T10:14:55.25-08:00", "2003-12-31T18:14:55.25Z", nil, 0},
		{"lower-case letters", "2003-12-31t10:14:55z", "2003-12-31T10:14:55Z", nil, 0},
		{"ISO 8601 with a space", "2011-08-03 23:24:26 GMT", "2011-08-03T23:24:26Z", nil, 0},
		{"ISO 8601 without a zone", "2007-03-24T16:14:04", "2007-03-24T15:14:04Z", berlin, 0},
		{"ISO 8601, zone without a colon", "2006-01-11 16:43:22 -0800", "2006-01-12T00:43:22Z", nil, 0},
		{"ISO 8601, basic", "20031231T101455Z", "2003-12-31T10:14:55Z", nil, 0},
		{"ISO 8601, day of the year", "2003-335", "2003-12-01T00:00:00Z", nil, 0},
		{"ISO 8601, day of the year and time", "2003-335T10:14:55Z", "2003-12-01T10:14:55Z", nil, 0},
		{"ISO 8601, day of a week", "2026-W07-6", "2026-02-14T00:00:00Z", nil, 0},
		{"ISO 8601, day of a week, basic, with a time", "2026W076T22:03:00+0100", "2026-02-14T21:03:00Z", nil, 0},
		{"ISO 8601, a week is its Monday", "2026-W07", "2026-02-09T00:00:00Z", nil, 0},
		{"ISO 8601, the first week begins in the old year", "2026-W01-1", "2025-12-29T00:00:00Z", nil, 0},
		{"ISO 8601, the last week of a long year", "2026-W53-7", "2027-01-03T00:00:00Z", nil, 0},
		{"a leap second", "Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z", nil, 0},
		{"a year of two digits, of the last century", "Fri, 01 Jan 99 10:00:00 UT", "1999-01-01T10:00:00Z", nil, 0},
		{"a zone of one letter", "Fri, 01 Jan 2021 10:00:00 Z", "2021-01-01T10:00:00Z", nil, 0},
		{"mountain time by name", "Fri, 01 Jan 2021 10:00:00 MST", "2021-01-01T17:00:00Z", nil, 0},
		{"a day", "2010-09-21", "2010-09-21T00:00:00Z", nil, 0},
		{"a month", "2003-12", "2003-12-01T00:00:00Z", nil, 0},
		{"a year", "2003", "2003-01-01T00:00:00Z", nil, 0},
		{"two zones", "2020-11-08T16:20:00-05:00Z", "2020-11-08T21:20:00Z", nil, 0},
		{"slashes, year first", "2020/1/10 14:33:00", "2020-01-10T14:33:00Z", nil, 0},
		{"seconds since 1970", "1520932969", "2018-03-13T09:22:49Z", nil, 0},
		{"milliseconds since 1970", "1520932969000", "2018-03-13T09:22:49Z", nil, 0},
		{"C", "Sun Jul 15 01:16:00 +0000 2012", "2012-07-15T01:16:00Z", nil, 0},
		{"JavaScript", "Fri Feb 19 2016 00:00:00 GMT", "2016-02-19T00:00:00Z", nil, 0},
		{"a dash before the time", "Friday, December 22, 2017 - 3:09pm", "2017-12-22T15:09:00Z", nil, 0},
		{"twelve hours", "Mon, 21 Jan 2008 8:56 am PST", "2008-01-21T16:56:00Z", nil, 0},
		{"twelve hours with stops", "Nov. 16, 2020, 12:57 a.m.", "2020-11-16T00:57:00Z", nil, 0},
		{"noon", "Jan. 4, 2016, 12:37 p.m.", "2016-01-04T12:37:00Z", nil, 0},
		{"American numbers, told by the day", "9/27/2011 5:30:50 PM", "2011-09-27T17:30:50Z", nil, 0},
		{"American numbers, told by the clock", "10/3/2011 2:38:34 AM", "2011-10-03T02:38:34Z", nil, 0},
		{"numbers, told by the day", "26/06/2020", "2020-06-26T00:00:00Z", nil, 0},
		{"numbers, told by the weekday", "Sat, 11 04 2020 08:51:49 +0100", "2020-04-11T07:51:49Z", nil, 0},
		{"numbers, told by the habit", "03/04/2020", "2020-04-03T00:00:00Z", nil, dayFirst},
		{"numbers, told by the other habit", "03/04/2020", "2020-03-04T00:00:00Z", nil, monthFirst},
		{"numbers that nothing tells", "03/04/2020", "", nil, 0},
		{"dots", "04.05.23", "2023-05-04T00:00:00Z", nil, 0},
		{"German", "Do, 29 Mär 2018 00:00:00 +0200", "2018-03-28T22:00:00Z", nil, 0},
		{"French, a Tuesday", "mar., 01 déc. 2020 16:11:02 +0000", "2020-12-01T16:11:02Z", nil, 0},
		{"French, with h", "Lundi, 16. Novembre 2020 - 15h54", "2020-11-16T15:54:00Z", nil, 0},
		{"French, the first", "1er août 2021", "2021-08-01T00:00:00Z", nil, 0},
		{"Polish", "Pn, 03 paź 2011 18:09:00 GMT", "2011-10-03T18:09:00Z", nil, 0},
		{"Spanish", "5 de enero de 2022, 10:00", "2022-01-05T10:00:00Z", nil, 0},
		{"Portuguese", "qua, 14 fev 2024 09:00:00 -0300", "2024-02-14T12:00:00Z", nil, 0},
		{"Italian", "lun, 6 mag 2019 10:00:00 +0200", "2019-05-06T08:00:00Z", nil, 0},
		{"Russian", "5 января 2021 г. 12:30", "2021-01-05T12:30:00Z", nil, 0},
		{"Ukrainian", "3 липня 2022, 08:00", "2022-07-03T08:00:00Z", nil, 0},
		{"Greek", "Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z", nil, 0},
		{"Hungarian", "2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z", nil, 0},
		{"Turkish", "12 Ağustos 2020 10:00", "2020-08-12T10:00:00Z", nil, 0},
		{"Czech", "1. září 2020 10:00", "2020-09-01T10:00:00Z", nil, 0},
		{"Korean", "2004년 05월 28일  01:31:15", "2004-05-28T01:31:15Z", nil, 0},
		{"Korean, afternoon", "2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z", nil, 0},
		{"Japanese", "2020年1月5日 14時05分", "2020-01-05T14:05:00Z", nil, 0},
		{"Arabic digits and month", "٥ مارس ٢٠٢١ ١٠:٣٠", "2021-03-05T10:30:00Z", nil, 0},

		{"Finnish", "14. helmikuuta 2026 10:30", "2026-02-14T10:30:00Z", nil, 0},
		{"Estonian", "14. veebruar 2026", "2026-02-14T00:00:00Z", nil, 0},
		{"Slovak", "14. februára 2026 10:30", "2026-02-14T10:30:00Z", nil, 0},
		{"Bulgarian", "14 февруари 2026 10:30", "2026-02-14T10:30:00Z", nil, 0},
		{"Catalan", "14 de febrer de 2026", "2026-02-14T00:00:00Z", nil, 0},
		{"Persian", "۱۴ فوریه ۲۰۲۶ ۱۰:۳۰", "2026-02-14T10:30:00Z", nil, 0},
		{"Hindi", "14 फ़रवरी 2026 10:30", "2026-02-14T10:30:00Z", nil, 0},
		{"Hebrew", "14 פברואר 2026", "2026-02-14T00:00:00Z", nil, 0},

		{"week 53 of a year of 52", "2025-W53-1", "", nil, 0},
		{"week 0", "2026-W00-1", "", nil, 0},
		{"day 366 of a year of 365", "2025-366", "", nil, 0},
		{"day 0", "2025-000", "", nil, 0},
		{"61 seconds", "Sat, 31 Dec 2016 23:59:61 GMT", "", nil, 0},
		{"a minute after twenty-four o'clock", "Fri, 31 Dec 2021 24:01:00 GMT", "", nil, 0},
		{"hour 25", "Mon, 03 Oct 2011 25:00:00 GMT", "", nil, 0},
		{"minute 61", "2003-12-31T10:61:55Z", "", nil, 0},
		{"31 February", "Mon, 31 Feb 2011 10:00:00 GMT", "", nil, 0},
		{"month 13", "2011-13-01", "", nil, 0},
		{"no month", "Sun, 16 zzz 2012 11:47:32 GMT", "", nil, 0},
		{"a zone of four days", "9999-12-31T23:59:59-99:99", "", nil, 0},
		{"a broken zone", "Sun, 16 Dec 2012 11:47:32 +zz:00", "", nil, 0},
		{"four parts of a time", "Sun, 16 Dec 2012 1:2:3:4 GMT", "", nil, 0},
		{"a relative time", "2 hours ago", "", nil, 0},
		{"words", "yesterday", "", nil, 0},
		{"a zone", "GMT", "", nil, 0},
		{"five digits", "22013", "", nil, 0},
		{"nothing", "  ", "", nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := parseDate(tt.in, tt.zone, tt.habit)
			text := ""
			if ok {
				text = got.Format(time.RFC3339Nano)
			}
			if text != tt.want {
				t.Errorf("parseDate(%q) = %q, want %q", tt.in, text, tt.want)
			}
		})
	}
}

// TestAMonthHasOneMeaning: no word is two months, in whichever language.
func TestAMonthHasOneMeaning(t *testing.T) {
	for name, month := range wholeMonths {
		if other, ok := monthNames[name]; ok && other != month {
			t.Errorf("%q is month %d, and %d", name, other, month)
		}
		if _, ok := weekdays[name]; ok {
			t.Errorf("%q is a month and a weekday", name)
		}
	}
}

// TestABuildStampIsNoDate: what a feed gives to all that it lists, anew with each
// poll, is not when an article was written.
func TestABuildStampIsNoDate(t *testing.T) {
	seen := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, published, updated, built string
		undated                         bool
		note                            string
	}{
		{"built for the poll", "Sun, 01 Mar 2026 11:59:50 GMT", "", "Sun, 01 Mar 2026 11:59:50 GMT", true, "built"},
		{"another form of the same moment", "2026-03-01T12:59:50+01:00", "", "Sun, 01 Mar 2026 11:59:50 GMT", true, "built"},
		{"at a later poll", "Mon, 02 Mar 2026 12:00:00 GMT", "", "Mon, 02 Mar 2026 12:00:00 GMT", true, "built"},
		{"Atom, only updated", "", "2026-03-01T11:59:50Z", "2026-03-01T11:59:50Z", true, "built"},
		{"another moment than the feed's", "Sun, 01 Mar 2026 11:59:49 GMT", "", "Sun, 01 Mar 2026 11:59:50 GMT", false, ""},
		{"the newest article's date is the feed's", "Sun, 01 Mar 2026 11:00:00 GMT", "", "Sun, 01 Mar 2026 11:00:00 GMT", false, ""},
		{"the feed has no date", "Sun, 01 Mar 2026 11:59:50 GMT", "", "", false, ""},
		{"corrected a moment ago", "2026-02-01T00:00:00Z", "2026-03-01T11:59:50Z", "2026-03-01T11:59:50Z", false, ""},
		{"in the future, and no stamp", "Tue, 03 Mar 2026 12:00:00 GMT", "", "Sun, 01 Mar 2026 11:59:50 GMT", true, "after the article was first seen"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			item := feed.Item{Title: feed.Plain("Rain"), Published: tt.published, Updated: tt.updated,
				Channel: feed.Channel{Updated: tt.built}}
			got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seen})
			if err != nil || got.Entry.Undated != tt.undated || tt.undated && !got.Entry.Published.Equal(seen) {
				t.Errorf("published %v, undated %v, %v", got.Entry.Published, got.Entry.Undated, err)
			}
			notes := ""
			for _, n := range got.Notes {
				notes += n.Text
			}
			if (notes == "") != (tt.note == "") || !strings.Contains(notes, tt.note) {
				t.Errorf("notes %q", notes)
			}
		})
	}
}

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("this machine has no time zones: %v", err)
	}
	return zone
}

func TestDatesAreNeverMadeUp(t *testing.T) {
	seen := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	tests := []struct {
		name, published, updated string
		wantPublished            time.Time
		wantUpdated              time.Time
		undated                  bool
		notes                    int
	}{
		{"both", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", at("2026-02-01T00:00:00Z"), at("2026-02-02T00:00:00Z"), false, 0},
		{"updated before published", "2026-02-02T00:00:00Z", "2026-02-01T00:00:00Z", at("2026-02-02T00:00:00Z"), at("2026-02-02T00:00:00Z"), false, 0},
		{"only updated", "", "2026-02-02T00:00:00Z", at("2026-02-02T00:00:00Z"), at("2026-02-02T00:00:00Z"), false, 0},
		{"neither", "", "", seen, seen, true, 0},
		{"a clock that is a little ahead", "2026-03-01T12:09:00Z", "", at("2026-03-01T12:09:00Z"), at("2026-03-01T12:09:00Z"), false, 0},
		{"the future", "2026-03-01T12:11:00Z", "", seen, seen, true, 1},
		{"the far future", "9999-12-31T00:00:00Z", "", seen, seen, true, 1},
		{"before the web", "1970-01-01T00:00:00Z", "", seen, seen, true, 1},
		{"unreadable", "soon", "", seen, seen, true, 1},
		{"unreadable, but updated", "soon", "2026-02-02T00:00:00Z", at("2026-02-02T00:00:00Z"), at("2026-02-02T00:00:00Z"), false, 1},
		{"updated in the future", "2026-02-01T00:00:00Z", "2027-02-01T00:00:00Z", at("2026-02-01T00:00:00Z"), at("2026-02-01T00:00:00Z"), false, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			item := feed.Item{Title: feed.Plain("Rain"), Published: tt.published, Updated: tt.updated}
			got, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, FirstSeen: seen})
			if err != nil {
				t.Fatal(err)
			}
			e := got.Entry
			if !e.Published.Equal(tt.wantPublished) || !e.Updated.Equal(tt.wantUpdated) || e.Undated != tt.undated {
				t.Errorf("published %v, updated %v, undated %v; want %v, %v, %v",
					e.Published, e.Updated, e.Undated, tt.wantPublished, tt.wantUpdated, tt.undated)
			}
			if len(got.Notes) != tt.notes {
				t.Errorf("notes %v, want %d", got.Notes, tt.notes)
			}
		})
	}
}

// readOtherwise are the dates that feedparser reads in another way, with the reason.
var readOtherwise = map[string]string{
	"-0312":                            "a year of two digits in front may be a day",
	"-03-12":                           "a year of two digits in front may be a day",
	"03-12-31":                         "a year of two digits in front may be a day",
	"031231":                           "six digits may be anything",
	"03335":                            "five digits may be anything",
	"2003-012-31T10:14:55+00:00":       "no month has three digits",
	"2004-05-25 오후 11:23:17":           "a date without a zone is in the source's zone, not in that of its language",
	"2004년 05월 28일  01:31:15":          "a date without a zone is in the source's zone, not in that of its language",
	"Sun, 16 Dec 2012 11:47:32 +00:zz": "the hours of the zone can be read",
	"2013-01-28T09:00:00+00:xx":        "the hours of the zone can be read",
}

// TestCorpusOfDates compares with the dates that two other programs read.
func TestCorpusOfDates(t *testing.T) {
	read, total := 0, 0
	eachCase(t, "suites/miniflux/cases.jsonl", func(line []byte) {
		var c struct{ ID, Input, Expect string }
		if err := json.Unmarshal(line, &c); err != nil || !strings.Contains(c.ID, "WeirdDate") {
			return
		}
		for _, s := range []string{c.Input, c.Expect} {
			total++
			if _, ok := parseDate(s, time.UTC, dayFirst); ok {
				read++
			} else {
				t.Errorf("not read: %q", s)
			}
		}
	})
	t.Logf("%d of %d forms that Miniflux knows are read", read, total)

	same, other := 0, map[string]bool{}
	eachCase(t, "feedparser_cases/units.jsonl", func(line []byte) {
		var c struct {
			File string
			Args struct {
				In   string `json:"input_value"`
				Want []int  `json:"expected_value"`
			}
		}
		if err := json.Unmarshal(line, &c); err != nil || !strings.Contains(c.File, "date") {
			return
		}
		got, ok := parseDate(c.Args.In, time.UTC, orderUnknown)
		text, want := "no date", "no date"
		if ok {
			text = got.Format(time.DateTime)
		}
		if w := c.Args.Want; len(w) > 5 {
			want = time.Date(w[0], time.Month(w[1]), w[2], w[3], w[4], w[5], 0, time.UTC).Format(time.DateTime)
		}
		if text == want {
			same++
			return
		}
		other[c.Args.In] = true
		if why := readOtherwise[c.Args.In]; why == "" {
			t.Errorf("%q is %s to feedparser, %s to us", c.Args.In, want, text)
		}
	})
	t.Logf("%d as feedparser reads them, %d otherwise", same, len(other))
	for s := range readOtherwise {
		if !other[s] {
			t.Errorf("%q is read as feedparser does", s)
		}
	}
}

// FuzzParseDate finds dates that stop the program, that are read differently a
// second time, or that depend on what they must not depend on (T-10).
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"Sat, 14 Feb 2026 22:03:00 +0100", "2004-július-13T9:15-05:00", "2004년 05월 28일",
		"9/27/2011 5:30:50 PM", "mar., 01 déc. 2020", "20031231T101455Z", "1520932969", "5pm 3 May 99",
		"10:00:00.999999999 pm", "1er août", "+-:", "99999999999999999999",
		"1601-01-01", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-366", "٥ مارس ٢٠٢١ ١٠:٣٠",
		"&#50;026", "2026-W53-7", "2003-335T10:14:55Z", "14 फ़रवरी 2026", "<b>5</b> May 2026", "31 Dec 2026 24:00 HST", "\xff\xfe2026", strings.Repeat("1:", 64),
	} {
		f.Add(s)
	}
	east, west := time.FixedZone("", 14*3600), time.FixedZone("", -12*3600)
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseDate(s, time.UTC, orderUnknown)
		for _, habit := range []order{dayFirst, monthFirst} {
			if _, known := parseDate(s, nil, habit); ok && !known {
				t.Errorf("parseDate(%q) is a date only while nobody says which way round it is", s)
			}
		}
		if !ok {
			return
		}
		if len(s) > maxDate+2*len("\t \n") && len(strings.TrimSpace(s)) > maxDate {
			t.Errorf("a date of %d bytes is read", len(s))
		}
		if got.Location() != time.UTC {
			t.Errorf("parseDate(%q) is in %v", s, got.Location())
		}
		if spaced, ok := parseDate("\t "+s+"\n", time.UTC, orderUnknown); !ok || !spaced.Equal(got) {
			t.Errorf("parseDate(%q) = %v, but %v with white space around it", s, got, spaced)
		}
		again, ok := parseDate(got.Format(time.RFC3339Nano), time.UTC, orderUnknown)
		if got.Year() >= 1 && got.Year() <= 9999 && (!ok || !again.Equal(got)) {
			t.Errorf("parseDate(%q) = %v, which reads as %v", s, got, again)
		}
		// Where a date is read moves it by that zone at most.
		a, okA := parseDate(s, east, orderUnknown)
		b, okB := parseDate(s, west, orderUnknown)
		if !okA || !okB || got.Sub(a) > 14*time.Hour || b.Sub(got) > 12*time.Hour || a.After(got) || b.Before(got) {
			t.Errorf("parseDate(%q) = %v, but %v in the far east and %v in the far west", s, got, a, b)
		}
	})
}
