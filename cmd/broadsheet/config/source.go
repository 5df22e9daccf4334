package config

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/worker"
	"broadsheet/sources/article/siterule"
	"broadsheet/sources/fetch"
)

// nameSources registers all names and tags, so that rules and sections may name
// what stands further down.
func (b *builder) nameSources() {
	b.openDefaults()
	profiles := map[string]*profileBlock{}
	for i := range b.file.Profiles.Items {
		e := &b.file.Profiles.Items[i]
		if profiles[e.Name] != nil {
			b.found.refuse(e.Pos, "profiles."+e.Name,
				"there are two profiles of this name; rename one")
		}
		profiles[e.Name] = &e.Value
	}
	for i := range b.file.Sources.Items {
		s := &b.file.Sources.Items[i]
		b.register(b.sources, "sources.name", string(s.Name.V), s.Name.Pos)
		if s.Profile.good() {
			p := profiles[string(s.Profile.V)]
			if p == nil && b.complete {
				b.found.refuse(s.Profile.Pos, "sources.profile", "there is no profile %s%s",
					quote(s.Profile.Raw),
					b.hints.instead(string(s.Profile.V), keysOf(profiles),
						"profiles are defined under profiles:"))
			}
			inherit(&s.profileBlock, p)
		}
		inherit(&s.profileBlock, &b.file.Defaults.Source)
		b.shapes.fillValue(s)
	}
	if len(b.file.Sources.Items) == 0 && !b.file.Sources.Unsure && b.complete {
		b.found.refuse(b.file.placed.Pos, "sources",
			"there is no source; add one with name: and url:")
	}
}

// register notes a name and where it stands, and refuses it the second time.
func (b *builder) register(names map[string]feed.Pos, key, name string, pos feed.Pos) {
	first, twice := names[name]
	switch {
	case name == "": // missing, which was told
	case twice:
		b.found.refuse(pos, key, "%s is taken by %s:%d; names are unique", quote(name),
			first.File, first.Line)
	default:
		names[name] = pos
	}
}

func (b *builder) outlets() []feed.Outlet {
	out := make([]feed.Outlet, len(b.file.Sources.Items))
	for i := range b.file.Sources.Items {
		out[i] = b.outlet(&b.file.Sources.Items[i])
	}
	return out
}

// outlet makes one source, with profile and defaults already taken over.
func (b *builder) outlet(s *sourceBlock) feed.Outlet {
	o := feed.Outlet{
		Name:        string(s.Name.V),
		RenamedFrom: string(s.RenamedFrom.V),
		Title:       string(s.Title.V),
		Link:        string(s.Link.V),
		Image:       string(s.Image.V),
		Language:    string(s.Language.V),
		Timezone:    s.Timezone.V.Location,
		Rank:        int(s.Rank.V),
		Tags:        texts(s.Tags),
		Categories:  texts(s.Categories),
		Sections:    b.sectionNames(s.Sections),
		Rights:      string(s.Rights.V),
		Terms:       feed.Terms(s.Terms.V),
		NoIndex:     bool(s.NoIndex.V),
		Contact:     string(s.Contact.V),
		Note:        string(s.Note.V),
		Paused:      bool(s.Paused.V),
		Pos:         s.Pos,
	}
	if s.FullText.V != "never" {
		o.FullText = feed.FullText(s.FullText.V)
	}
	b.pageSelectors(s)
	if s.First.good() {
		n := int(s.First.V)
		o.First = &n
	}
	b.norwegian("sources.language", &s.Language)
	b.renamed("sources", o.RenamedFrom, s.RenamedFrom.Pos, o.Name, b.sources)
	o.Feeds = b.feeds(&o, s)
	return o
}

// pageSelectors reads how the pages of a source's articles are read.
func (b *builder) pageSelectors(s *sourceBlock) {
	sound := true
	check := func(key string, l list[line], as func(selector string) error) (out []string) {
		for _, v := range l.Items {
			if v.Unsure {
				sound = false
				continue
			}
			if err := as(string(v.V)); err != nil {
				b.found.refuse(v.Pos, key, "%s", err)
				sound = false
			}
			out = append(out, string(v.V))
		}
		return out
	}
	content := check("sources.content", s.Content, func(selector string) error {
		_, err := siterule.Selectors([]string{selector}, nil)
		return err
	})
	remove := check("sources.remove", s.Remove, func(selector string) error {
		_, err := siterule.Selectors(nil, []string{selector})
		return err
	})
	if rule, err := siterule.Selectors(content, remove); sound && err == nil && len(content)+len(remove) > 0 {
		if b.selectorsOf == nil {
			b.selectorsOf = map[string]*siterule.Rule{}
		}
		b.selectorsOf[string(s.Name.V)] = rule
	}
}

// feeds makes the feeds of an outlet.
func (b *builder) feeds(o *feed.Outlet, s *sourceBlock) (out []feed.Subscription) {
	b.belowFloor(s.Every, "sources.every", b.fetch.Floor)
	every := b.fetch.Every
	if s.Every.good() {
		every = string(s.Every.V)
	}
	switch {
	case s.URL.isSet() && s.Feeds.isSet():
		b.found.refuse(s.Feeds.Pos, "sources.feeds",
			"a source has either url or feeds; move the url into feeds")
	case s.URL.isSet():
		only := feedBlock{placed: s.placed, URL: s.URL, accessBlock: s.accessBlock}
		out = append(out, b.subscription(o, only, every, "sources.url"))
	case len(s.Feeds.Items) == 0 && !s.Feeds.Unsure && s.Pos.Line > 0:
		b.found.refuse(s.Pos, "sources.url", "is missing: a source has a url, or several "+
			"under feeds")
	}
	handed := inheritance{b: b, first: map[string]string{}}
	for _, f := range s.Feeds.Items {
		handed.feed(&f, s)
		out = append(out, b.subscription(o, f, every, "sources.feeds.url"))
	}
	b.terms(s, out)
	return out
}

// subscription makes one feed of an outlet.
func (b *builder) subscription(o *feed.Outlet, f feedBlock, every, key string) feed.Subscription {
	sub := feed.Subscription{
		Source: o.Name, URL: string(f.URL.V), Kind: "feed", Every: every, Pos: f.Pos, URLPos: f.URL.Pos,
		Categories: texts(f.Categories), Sections: b.sectionNames(f.Sections),
	}
	if f.Every.good() {
		sub.Every = string(f.Every.V)
		b.belowFloor(f.Every, "sources.feeds.every", b.fetch.Floor)
	}
	if f.URL.Unsure {
		sub.URL = f.URL.Raw // see Access.Missing: it is not asked
	}
	sub.Host, sub.Slots, sub.Gap = b.budget(&f.URL, key)
	sub.HoldAlone = b.fetch.Hosts[sub.Host].Hold == "source"
	sub.Conditional = b.fetch.Hosts[sub.Host].Conditional
	sub.Server, _, _ = fetch.HostOf(sub.URL) // a url without a host was refused
	sub.Access = b.access(&f.accessBlock)
	if f.URL.Unsure {
		sub.Access.Missing = "url"
	}
	if !f.URL.good() {
		return sub
	}
	u, err := url.Parse(sub.URL)
	if err != nil {
		return sub
	}
	b.userinfo(&sub, u, &f, key)
	if b.ours(u) {
		b.found.refuse(f.URL.Pos, key, "%s is this paper's own output; a source of it would "+
			"go round for ever", quote(f.URL.Raw))
	}
	same := strings.ToLower(u.Scheme+"://"+u.Host) + u.EscapedPath() + "?" + u.RawQuery
	switch first, twice := b.urls[same]; {
	case !twice:
		b.urls[same] = asked{o.Name, f.URL.Pos}
	case first.source == o.Name:
		b.found.refuse(f.URL.Pos, key, "the source has this url already, in %s:%d",
			first.pos.File, first.pos.Line)
	default:
		b.found.warn(f.URL.Pos, key, "the source %s in %s:%d has the same url; it is asked "+
			"twice",
			first.source, first.pos.File, first.pos.Line)
	}
	return sub
}

// budget is whose limits the requests to a URL count against: an exception for
// the host, for its domain, or the domain with the limits of all.
func (b *builder) budget(u *value[webURL], key string) (name string, slots int, gap time.Duration) {
	if host, _, err := fetch.HostOf(string(u.V)); err != nil {
		if u.good() {
			b.found.refuse(u.Pos, key, "%s", reason(err))
		}
		return host, 1, b.fetch.HostGap
	}
	return b.fetch.budget(string(u.V))
}

// ours reports whether a URL is one that this program serves: below site.url,
// or at its own listener.
func (b *builder) ours(u *url.URL) bool {
	if b.site != nil && strings.EqualFold(u.Hostname(), b.site.Hostname()) && portOf(u) == portOf(b.site) {
		base := strings.TrimRight(b.site.Path, "/")
		if u.Path == base || strings.HasPrefix(u.Path, base+"/") {
			return true
		}
	}
	host, port, err := net.SplitHostPort(string(b.file.Serve.Listen.V))
	if err != nil || port != portOf(u) {
		return false
	}
	return strings.EqualFold(host, u.Hostname()) || isLocal(host) && isLocal(u.Hostname())
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "https"):
		return "443"
	default:
		return "80"
	}
}

// isLocal reports whether a listener or URL at this host is on this machine.
func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || strings.EqualFold(host,
		"localhost") || err == nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// sectionNames checks that the sections which a source names exist.
func (b *builder) sectionNames(l list[sectionName]) []string {
	for _, v := range l.Items {
		if _, ok := b.sections[string(v.V)]; v.good() && !ok && b.complete {
			b.found.refuse(v.Pos, "sources.sections", "there is no section %s%s", quote(v.Raw),
				b.hints.instead(string(v.V), keysOf(b.sections),
					"sections are defined under sections:"))
		}
	}
	return texts(l)
}

// belowFloor warns of a cadence that will not be followed.
func (b *builder) belowFloor(every value[cadence], key string, floor time.Duration) {
	d, err := worker.ParseDuration(string(every.V))
	if every.good() && err == nil && d < floor {
		b.found.warn(every.Pos, key, "%s is more often than fetch.floor allows; it is polled "+
			"every %s", every.Raw, shortDuration(floor))
	}
}

// shortDuration is a duration without the zeros of time.Duration's own form.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// renamed checks an earlier name: nothing has it now, and one takes it over.
func (b *builder) renamed(block, old string, pos feed.Pos, name string, names map[string]feed.Pos) {
	key := block + ".renamed_from"
	now, exists := names[old]
	first, claimed := b.earlier[block+old]
	switch {
	case old == "":
	case old == name:
		b.found.refuse(pos, key, "is the present name; write the earlier one or take it out")
	case exists:
		b.found.refuse(pos, key, "%s is still the name in %s:%d; an earlier name must be free",
			quote(old), now.File, now.Line)
	case claimed:
		b.found.refuse(pos, key, "%s is taken over in %s:%d already", quote(old), first.File,
			first.Line)
	default:
		b.earlier[block+old] = pos
	}
}
