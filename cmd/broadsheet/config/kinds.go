package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a time zone means the same on a machine without zone files

	"golang.org/x/text/language"

	"broadsheet/feed/worker"
	"broadsheet/sources/fetch"
)

// line is any text.
type line string

func (l *line) read(text string) error {
	*l = line(text)
	return nil
}

func (*line) describe() map[string]any {
	return map[string]any{"type": []string{"string", "number"}}
}

// title is a text that readers see: one line, not empty.
type title string

func (t *title) read(text string) error {
	*t = title(strings.Join(strings.Fields(text), " "))
	if *t == "" {
		return errors.New("is empty; give it a text or take it out")
	}
	return nil
}

func (*title) describe() map[string]any {
	return map[string]any{"type": []string{"string", "number"}, "minLength": 1}
}

// count is a number from 0 on.
type count int

// errOctal: some readers of YAML take 010 for 8.
var errOctal = errors.New("looks like an octal number")

var digits = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

func (c *count) read(text string) error {
	if len(text) > 1 && text[0] == '0' && digits.MatchString(strings.TrimLeft(text, "0")) {
		return fmt.Errorf("%w; write %s", errOctal, strings.TrimLeft(text, "0"))
	}
	n, err := strconv.Atoi(text)
	if !digits.MatchString(text) || err != nil || n > math.MaxInt32 {
		return errors.New("is not a whole number from 0 on; write for example 50")
	}
	*c = count(n)
	return nil
}

func (*count) describe() map[string]any {
	return orVariable(map[string]any{"type": "integer", "minimum": 0})
}

// limit is how many entries a section shows; 0 is all of them.
type limit int

func (l *limit) read(text string) error {
	if text == "all" {
		*l = 0
		return nil
	}
	var c count
	err := c.read(text)
	if errors.Is(err, errOctal) {
		return err
	}
	if err != nil || c == 0 {
		return errors.New("is not a number of entries; write for example 50, or all")
	}
	*l = limit(c)
	return nil
}

func (*limit) describe() map[string]any {
	return map[string]any{"anyOf": []any{
		map[string]any{"type": "integer", "minimum": 1},
		map[string]any{"type": "string", "pattern": `^all$|\$\{`},
	}}
}

// first is how many articles a new source may publish.
type first int

func (f *first) read(text string) error {
	if text == "all" {
		*f = math.MaxInt32
		return nil
	}
	var c count
	err := c.read(text)
	if err != nil && !errors.Is(err, errOctal) {
		err = errors.New("is not a number of articles; write for example 20, 0 for none, or all")
	}
	*f = first(c)
	return err
}

func (*first) describe() map[string]any {
	return map[string]any{"anyOf": []any{
		map[string]any{"type": "integer", "minimum": 0},
		map[string]any{"type": "string", "pattern": `^all$|\$\{`},
	}}
}

// switched is true or false.
type switched bool

func (s *switched) read(text string) error {
	switch text {
	case "true", "false":
		*s = text == "true"
		return nil
	case "yes", "on", "Yes", "On", "y", "True", "TRUE":
		return errors.New("is not true or false; write true")
	case "no", "off", "No", "Off", "n", "False", "FALSE":
		return errors.New("is not true or false; write false")
	}
	return errors.New("is not true or false")
}

func (*switched) describe() map[string]any { return orVariable(map[string]any{"type": "boolean"}) }

// period is a duration.
type period time.Duration

const durationPattern = `(\d+(\.\d+)?d)?(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?(\d+(\.\d+)?ms)?`

func (p *period) read(text string) error {
	d, err := worker.ParseDuration(text)
	if err != nil {
		return notDuration(text)
	}
	*p = period(d)
	return nil
}

func (*period) describe() map[string]any {
	return map[string]any{
		"type": []string{"string", "integer"}, "pattern": `^` + durationPattern + `$|\$\{`,
		"minimum": 0, "maximum": 0, // the only number that needs no unit
	}
}

var (
	bareNumber = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	clockTime  = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})(:[0-9]{2})?$`)
	longUnit   = regexp.MustCompile(`^[0-9]+ *(sec|min|hour|day|week|w|month|y)`)
)

// notDuration says what is wrong with what is not a duration.
func notDuration(text string) error {
	switch {
	case bareNumber.MatchString(text):
		return fmt.Errorf("has no unit; write %[1]ss, %[1]sm, %[1]sh or %[1]sd", text)
	case longUnit.MatchString(text):
		return errors.New("is not a duration; the units are s, m, h and d, with no space " +
			"before them: 90s, 30m, 6h, 2d")
	}
	return errors.New("is not a duration; write for example 90s, 30m, 6h or 2d")
}

// retention is a duration or forever, which is 0.
type retention time.Duration

func (r *retention) read(text string) error {
	if text == "forever" {
		*r = 0
		return nil
	}
	var p period
	if err := p.read(text); err != nil || p == 0 {
		return errors.New("is not how long to keep; write forever, or a duration such as 365d")
	}
	*r = retention(p)
	return nil
}

func (*retention) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^forever$|^` + durationPattern +
		`$|\$\{`}
}

// cadence is a duration, a cron spec or auto, in the words of package worker.
type cadence string

func (c *cadence) read(text string) error {
	*c = cadence(text)
	if m := clockTime.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("is a time of day; to poll daily at that time write %s",
			inQuotes(plain(m[2])+" "+plain(m[1])+" * * *"))
	}
	if bareNumber.MatchString(text) || longUnit.MatchString(text) {
		return notDuration(text)
	}
	if _, err := worker.ParseCadence(text, time.UTC); err != nil {
		why := strings.ReplaceAll(err.Error(), strconv.Quote(text), "")
		return errors.New(strings.TrimSpace(why))
	}
	return nil
}

// plain is a number of a clock without its leading zero.
func plain(digits string) string {
	if s := strings.TrimPrefix(digits, "0"); s != "" {
		return s
	}
	return "0"
}

func (*cadence) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^` + durationPattern +
		`$|^auto$|^@[a-z]+( \S+)?$|^\S+( +\S+){4}$|\$\{`}
}

// size is a number of bytes.
type size int64

var sizeForm = regexp.MustCompile(`^([0-9]{1,9})(\.[0-9]{1,3})? ?([kKMGT]i?B|B)$`)

var sizeUnits = map[string]float64{
	"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
	"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
}

func (s *size) read(text string) error {
	m := sizeForm.FindStringSubmatch(text)
	if m == nil {
		return errors.New("is not a size; write for example 512KiB, 15MiB or 20MB")
	}
	n, err := strconv.ParseFloat(m[1]+m[2], 64)
	if err != nil || n*sizeUnits[strings.ToUpper(m[3])] > math.MaxInt64/2 {
		return errors.New("is too large a size; write for example 15MiB")
	}
	*s = size(n * sizeUnits[strings.ToUpper(m[3])])
	return nil
}

func (*size) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": sizeForm.String() + `|\$\{`}
}

// zone is a time zone of the IANA database.
type zone struct{ *time.Location }

func (z *zone) read(text string) (err error) {
	if text == "" || text == "Local" {
		return errors.New("is not a time zone; write for example Europe/Berlin or UTC")
	}
	if z.Location, err = time.LoadLocation(text); err != nil {
		return errors.New("is not a time zone of the IANA database; write for example " +
			"Europe/Berlin or UTC")
	}
	return nil
}

func (*zone) describe() map[string]any { return map[string]any{"type": "string", "minLength": 1} }

// yamlWords are what YAML 1.1 takes for true and false, less no, which is a
// language.
var yamlWords = []string{"yes", "on", "off", "y", "n", "true", "false"}

// tongue is a BCP 47 language tag.
type tongue string

func (t *tongue) read(text string) error {
	*t = tongue(text)
	if slices.Contains(yamlWords, strings.ToLower(text)) {
		return errors.New("is YAML's word for true or false, not a language; write a tag " +
			"such as en, fr or pt-BR")
	}
	if _, err := language.Parse(text); err != nil || text == "" {
		return errors.New("is not a language tag; write for example en, fr or pt-BR")
	}
	return nil
}

func (*tongue) describe() map[string]any {
	return map[string]any{"type": "string",
		"pattern": `^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$|\$\{`}
}

// webURL is an absolute http or https URL with a host; it may hold credentials.
type webURL string

func (u *webURL) read(text string) error {
	*u = webURL(text)
	parsed, err := url.Parse(text)
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' }):
		return errors.New("has a space in it; a URL has none, write %20")
	case strings.HasPrefix(text, "feed:"):
		return errors.New("begins with feed:; write https:// in its place")
	case err != nil:
		return errors.New("is not a URL; write for example https://news.example.org/feed.xml")
	case parsed.Scheme == "" || parsed.Host == "" && parsed.Opaque != "":
		return fmt.Errorf("has no scheme; write https://%s", strings.TrimLeft(text, "/"))
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return fmt.Errorf("is a URL of the scheme %s; only http and https can be fetched",
			parsed.Scheme)
	case parsed.Hostname() == "":
		return errors.New("has no host; write for example https://news.example.org/feed.xml")
	}
	return nil
}

func (*webURL) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^[Hh][Tt][Tt][Pp][Ss]?://[^/\s]|\$\{`}
}

// proxyURL is the URL of a proxy, which may hold credentials; empty is none.
type proxyURL string

func (u *proxyURL) read(text string) error {
	if text == "none" {
		*u = ""
		return nil
	}
	*u = proxyURL(text)
	return fetch.CheckProxy(text)
}

func (*proxyURL) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^none$|^(https?|socks5)://[^/\s]|\$\{`}
}

// network is an address range in CIDR notation, or one address.
type network struct{ netip.Prefix }

func (n *network) read(text string) error {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		n.Prefix = netip.PrefixFrom(a, a.BitLen())
		return nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return errors.New("is not a network; write for example 127.0.0.0/8 or fd00::/8")
	}
	if p != p.Masked() {
		return fmt.Errorf("has bits set behind its length; write %s", p.Masked())
	}
	n.Prefix = p
	return nil
}

func (*network) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^[0-9A-Fa-f:.]+(/\d{1,3})?$|\$\{`}
}

// address is where to listen: host:port, :port, unix:/path, or a socket that systemd
// opened: systemd, or systemd:NAME.
type address string

var socketName = regexp.MustCompile(`^systemd(:[^:\s]+)?$`)

func (a *address) read(text string) error {
	*a = address(text)
	if path, ok := strings.CutPrefix(text, "unix:"); ok {
		if !strings.HasPrefix(path, "/") {
			return errors.New("is not an absolute path; write for example " +
				"unix:/run/broadsheet/admin.sock")
		}
		return nil
	}
	if socketName.MatchString(text) {
		return nil
	}
	_, port, err := net.SplitHostPort(text)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n > math.MaxUint16 {
		return errors.New("is not an address to listen on; write for example 127.0.0.1:8080 " +
			"or :8080")
	}
	return nil
}

func (*address) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^unix:/|^systemd(:\S+)?$|:\d{1,5}$|\$\{`}
}

// The form of names. A section's is part of URLs; a source's also stands in
// selectors, where ! : and * mean something.
const (
	sectionForm = `[a-z0-9][a-z0-9-]{0,63}`
	sourceForm  = `[a-z0-9][a-z0-9._-]{0,63}`
)

var (
	sectionNames = regexp.MustCompile(`^` + sectionForm + `$`)
	sourceNames  = regexp.MustCompile(`^` + sourceForm + `$`)
)

// sectionName is the name of a section.
type sectionName string

func (n *sectionName) read(text string) error {
	*n = sectionName(text)
	if !sectionNames.MatchString(text) {
		return fmt.Errorf("is not a section's name: up to 64 of a-z 0-9 -, beginning with a "+
			"letter or digit%s", asName(text, "-"))
	}
	return nil
}

func (*sectionName) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^` + sectionForm + `$`}
}

// sourceName is the name of a source.
type sourceName string

func (n *sourceName) read(text string) error {
	*n = sourceName(text)
	if !sourceNames.MatchString(text) {
		return fmt.Errorf("is not a source's name: up to 64 of a-z 0-9 . _ -, beginning with "+
			"a letter or digit%s", asName(text, "._-"))
	}
	return nil
}

func (*sourceName) describe() map[string]any {
	return map[string]any{"type": "string", "pattern": `^` + sourceForm + `$`}
}

// asName suggests a name that is allowed.
func asName(text, others string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', strings.ContainsRune(others, r):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "._-")
	if name == "" || len(name) > 64 {
		return ""
	}
	return "; write for example " + name
}

// orVariable lets a value that is not text also be given by a variable.
func orVariable(schema map[string]any) map[string]any {
	variable := map[string]any{"type": "string", "pattern": `\$\{`}
	return map[string]any{"anyOf": []any{schema, variable}}
}
