package config

import (
	"cmp"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/route"
	"broadsheet/sources/article/siterule"
	"broadsheet/sources/fetch"
)

// Fetch is how origins are asked.
type Fetch struct {
	Every       string        // cadence where a source has none
	Floor       time.Duration // no feed is polled more often
	Ceiling     time.Duration // the longest wait of every: auto
	Timeout     time.Duration // of one request
	HostGap     time.Duration // rest between two requests to one host
	Concurrency int           // requests at once, over all hosts
	MaxBody     int64         // bytes after decompression
	Allow       []netip.Prefix
	Rules       string          // path of a folder of site rules; empty: none
	RulesPos    feed.Pos        // where that is written
	Hosts       map[string]Host // by domain, host or host:port, in lower case
}

// Host is an exception for one host, complete.
type Host struct {
	Gap         time.Duration
	Concurrency int
	Hold        string // whom a 429 or 503 holds: "host" or "source"
	Conditional bool   // its feeds are never asked without the validators they left
}

// builder makes a Paper of the decoded files.
type builder struct {
	*loader
	file        *file
	lists       map[string][]route.Value
	listings    int // values of all conditions so far
	picks       int // selectors of all sections so far
	sections    map[string]feed.Pos
	sources     map[string]feed.Pos
	earlier     map[string]feed.Pos // earlier names that were claimed, with their block
	urls        map[string]asked
	pems        map[string]pemFile        // by path
	selectorsOf map[string]*siterule.Rule // by source
	site        *url.URL                  // nil if site.url is wrong
	fetch       Fetch
}

// asked is where a url was written first.
type asked struct {
	source string
	pos    feed.Pos
}

func newBuilder(l *loader, f *file) *builder {
	return &builder{
		loader: l, file: f,
		sections: map[string]feed.Pos{}, sources: map[string]feed.Pos{},
		earlier: map[string]feed.Pos{}, urls: map[string]asked{}, pems: map[string]pemFile{},
	}
}

// paper checks and converts everything, in the order in which later parts need
// earlier ones.
func (b *builder) paper(path string) *Paper {
	f := b.file
	p := &Paper{Path: path, Zone: f.Site.Timezone.V.Location, Keep: time.Duration(f.Keep.V),
		KeepPages: time.Duration(f.KeepPages.V)}
	p.Listen, p.Admin = b.serve()
	p.Site, p.Contact = b.siteOf(p.Listen)
	p.WebSub = b.websub(p.Site)
	p.Serve = b.readers(p.Site.URL)
	p.Templates, p.TemplatesPos = b.templates()
	p.Store = b.store()
	p.Folder, p.Coded = b.folder(), bool(f.Publish.Precompressed.V)
	b.fetch = b.fetchOf()
	p.Fetch = b.fetch
	b.readLists()
	b.nameSections()
	b.nameSources()
	p.Outlets = b.outlets()
	p.Listening = b.listening(p.Site)
	p.Selectors = b.selectorsOf
	p.Withdraw = b.withdraw()
	p.Sections, p.Spec.Sections = b.sectionsOf()
	p.Spec.Outlets = p.Outlets
	b.route(p)
	return p
}

// route compiles the rules. What the router says of places that something was
// told of is left out, and all of it if names may stand in a file that could not
// be read.
func (b *builder) route(p *Paper) {
	if !b.complete {
		return
	}
	told := map[feed.Pos]bool{}
	for _, q := range b.found.list {
		told[q.Pos] = !q.Warning || told[q.Pos]
	}
	failed := b.found.list.Failed()
	router, problems := route.Compile(p.Spec)
	p.Router = router
	for _, q := range problems {
		switch unknownSection := q.Key == "sections" && !q.Warning; {
		case told[q.Pos], unknownSection, q.Warning && failed: // rules that were refused are missing from the spec
		default:
			key := strings.TrimPrefix("sections."+q.Key, "sections.sections")
			b.found.add(Problem{Pos: q.Pos, Key: cmp.Or(key, "sections"), Text: q.Text,
				Warning: q.Warning})
		}
	}
}

func (b *builder) serve() (listen, admin string) {
	s := &b.file.Serve
	listen, admin = string(s.Listen.V), string(s.Admin.V)
	if listen == admin && !strings.HasSuffix(listen, ":0") { // port 0 is any free one
		at := cmp.Or(s.Admin.Pos, s.Listen.Pos)
		b.found.refuse(at, "serve", "listen and admin are the same address (%s); give them "+
			"two ports", listen)
	}
	return listen, admin
}

func (b *builder) siteOf(listen string) (site feed.Site, contact string) {
	s := &b.file.Site
	site = feed.Site{Title: string(s.Title.V), ID: string(s.ID.V),
		Language: string(s.Language.V)}
	b.norwegian("site.language", &s.Language)
	if s.Images.V != "link" {
		site.Images = feed.Images(s.Images.V)
	}
	site.NoSearch = !bool(s.Search.V)
	switch {
	case !s.URL.isSet():
		site.URL = localURL(listen)
		b.found.warn(b.file.placed.Pos, "site.url",
			"is not given, so links lead to %s; write the address under which readers reach "+
				"the paper", site.URL)
	default:
		site.URL = strings.TrimRight(string(s.URL.V), "/")
	}
	if u, err := url.Parse(site.URL); err == nil && u.Host != "" {
		b.site = u
		if u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.ForceQuery {
			b.found.refuse(s.URL.Pos, "site.url",
				"is the address of a folder, without ?, # and user; write for example "+
					"https://%s%s", u.Host, u.Path)
		}
	}
	if strings.ContainsFunc(site.ID, func(r rune) bool { return r <= ' ' }) {
		b.found.refuse(s.ID.Pos, "site.id", "has a space in it; write for example "+
			"news.example.org")
	}
	contact = string(s.Contact.V)
	if strings.ContainsAny(contact, "()\\\n\t") {
		b.found.refuse(s.Contact.Pos, "site.contact",
			"stands in the User-Agent, which takes no brackets and line breaks; write an "+
				"e-mail address or a URL")
	}
	return site, contact
}

// templates is the folder of the site's own templates; empty if there is none.
func (b *builder) templates() (path string, pos feed.Pos) {
	switch s := &b.file.Site.Templates; {
	case !s.good():
		return "", feed.Pos{}
	case strings.TrimSpace(string(s.V)) == "":
		b.found.refuse(s.Pos, "site.templates", "is empty; write the path of a folder such as templates, or leave the key out")
		return "", feed.Pos{}
	default:
		return b.path(string(s.V)), s.Pos
	}
}

// localURL is how a browser on this machine reaches a listener.
func localURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || socketName.MatchString(listen) {
		return "http://localhost"
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (b *builder) store() string {
	s := &b.file.Store
	switch text := string(s.V); {
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		return text
	case strings.Contains(text, "://"):
		b.found.refuse(s.Pos, "store", "%s is neither a path nor a postgres:// URL", quote(s.Raw))
		return text
	case strings.TrimSpace(text) == "" && s.good():
		b.found.refuse(s.Pos, "store", "is empty; write a path such as broadsheet.db")
		return text
	default:
		return b.path(text)
	}
}

func (b *builder) folder() string {
	s := &b.file.Publish.Dir
	switch text := string(s.V); {
	case !s.good():
		return ""
	case strings.TrimSpace(text) == "":
		b.found.refuse(s.Pos, "publish.dir", "is empty; write the path of a folder such as site, or leave the key out")
		return ""
	default:
		return b.path(text)
	}
}

func (b *builder) fetchOf() Fetch {
	s := &b.file.Fetch
	out := Fetch{
		Every:       string(s.Every.V),
		Floor:       time.Duration(s.Floor.V),
		Ceiling:     time.Duration(s.Ceiling.V),
		Timeout:     time.Duration(s.Timeout.V),
		HostGap:     time.Duration(s.HostGap.V),
		Concurrency: int(s.Concurrency.V),
		MaxBody:     int64(s.MaxBody.V),
		Hosts:       make(map[string]Host, len(s.Hosts.Items)),
	}
	switch {
	case !s.Rules.good():
	case strings.TrimSpace(string(s.Rules.V)) == "":
		b.found.refuse(s.Rules.Pos, "fetch.rules", "is empty; write the path of a folder such as rules, or leave the key out")
	default:
		out.Rules, out.RulesPos = b.path(string(s.Rules.V)), s.Rules.Pos
	}
	within(b, &s.Ceiling, "fetch.ceiling",
		out.Ceiling >= time.Hour && out.Ceiling <= 7*24*time.Hour, "1h to 7d")
	within(b, &s.Timeout, "fetch.timeout",
		out.Timeout >= time.Second && out.Timeout <= 10*time.Minute, "1s to 10m")
	within(b, &s.HostGap, "fetch.host_gap", out.HostGap <= time.Hour, "0s to 1h")
	within(b, &s.Concurrency, "fetch.concurrency",
		out.Concurrency >= 1 && out.Concurrency <= 1000, "1 to 1000")
	within(b, &s.MaxBody, "fetch.max_body", out.MaxBody >= 1<<10 && out.MaxBody <= 1<<30,
		"1KiB to 1GiB")
	b.belowFloor(s.Every, "fetch.every", out.Floor)
	for _, n := range s.Allow.Items {
		if n.good() {
			out.Allow = append(out.Allow, n.V.Prefix)
		}
	}
	for i := range s.Hosts.Items {
		b.host(&s.Hosts.Items[i], &out)
	}
	return out
}

// host adds an exception.
func (b *builder) host(e *entry[hostBlock], out *Fetch) {
	key := "fetch.hosts." + e.Name
	name, _, err := fetch.HostOf("http://" + e.Name)
	if err != nil || strings.ContainsAny(e.Name, "/?#@") {
		b.found.refuse(e.Pos, key, "is not a host; write a domain (arxiv.org), a host or "+
			"host:port, without scheme and path")
		return
	}
	if _, twice := out.Hosts[name]; twice {
		b.found.refuse(e.Pos, key, "there are two exceptions for this host; join them")
	}
	b.shapes.fillValue(&e.Value)
	h := Host{Gap: out.HostGap, Concurrency: int(e.Value.Concurrency.V),
		Hold: string(e.Value.Hold.V), Conditional: e.Value.Uncond.V == "never"}
	if e.Value.Gap.good() {
		h.Gap = time.Duration(e.Value.Gap.V)
	}
	within(b, &e.Value.Gap, key+".gap", h.Gap <= time.Hour, "0s to 1h")
	within(b, &e.Value.Concurrency, key+".concurrency",
		h.Concurrency >= 1 && h.Concurrency <= 100, "1 to 100")
	out.Hosts[name] = h
}

// within refuses a number that was written and is out of its bounds.
func within[T any](b *builder, v *value[T], key string, ok bool, bounds string) {
	if v.good() && !ok {
		b.found.refuse(v.Pos, key, "%s is out of bounds; write something from %s", v.Raw,
			bounds)
	}
}

// norwegian warns of an unquoted no, which is a language here and false
// elsewhere.
func (b *builder) norwegian(key string, v interface{ bare() (string, feed.Pos) }) {
	if word, pos := v.bare(); strings.EqualFold(word, "no") {
		b.found.warn(pos, key,
			`no is read as Norwegian here, but as false by other readers of YAML; write nb, nn or "no" in quotes`)
	}
}

func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
