package store

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"broadsheet/feed"
)

// frontEntries is how many entries of each section the front page has to choose
// from.
const frontEntries = 5

// Stale implements publish.Store.
func (s *Store) Stale(ctx context.Context) ([]string, error) {
	var names []string
	err := s.read(ctx, "looking for what to publish", func(t *tx) error {
		names = nil
		return t.each(`SELECT name FROM sections WHERE active AND (published < version OR section IN (`+unbound+`))
			ORDER BY ord`, nil, func(s scan) error {
			var name string
			err := s(&name)
			names = append(names, name)
			return err
		})
	})
	return names, err
}

// View implements publish.Store.
func (s *Store) View(ctx context.Context, section string) (feed.View, error) {
	var view feed.View
	err := s.read(ctx, "reading a section", func(t *tx) (err error) {
		view, err = t.view(section)
		return err
	})
	return view, err
}

func (t *tx) view(name string) (v feed.View, err error) {
	v, row, sections, err := t.head(name)
	if err != nil {
		return v, err
	}
	if v.Hubs, err = t.hubsOf(v.Site, row.Section); err != nil {
		return v, err
	}
	shown, err := t.shown(row, 0)
	if err != nil {
		return v, err
	}
	if v.Entries, err = t.told(row, shown); err != nil {
		return v, err
	}
	if err := t.chain(row, &v); err != nil {
		return v, err
	}
	if v.Index, err = t.index(sections, name == feed.WholePaper); err != nil {
		return v, err
	}
	if name == feed.WholePaper {
		v.Sources, err = t.directory()
	}
	return v, err
}

// head is the view of a section without its entries, with its row and all sections.
func (t *tx) head(name string) (v feed.View, row *sectionView, sections []*sectionView, err error) {
	if v.Site, err = t.site(); err != nil {
		return v, nil, nil, err
	}
	if sections, err = t.sections(); err != nil {
		return v, nil, nil, err
	}
	if row, err = sectionNamed(sections, name); err != nil {
		return v, nil, nil, err
	}
	return row.bare(v.Site), row, sections, nil
}

// sectionNamed is one of the configured sections.
func sectionNamed(sections []*sectionView, name string) (*sectionView, error) {
	at := slices.IndexFunc(sections, func(c *sectionView) bool { return c.Name == name })
	if at < 0 {
		return nil, noSection(name)
	}
	return sections[at], nil
}

// bare is the section's view with nothing in it yet.
func (c *sectionView) bare(site feed.Site) feed.View {
	return feed.View{Site: site, Section: c.Section, ID: feed.Mint(site.ID, c.FirstName), Version: c.version,
		Modified: moment(c.modified), Created: moment(c.created)}
}

func (t *tx) site() (site feed.Site, err error) {
	_, err = t.one(`SELECT id, title, url, language, images, no_search, image_secret FROM site`, nil,
		&site.ID, &site.Title, &site.URL, &site.Language, &site.Images, &site.NoSearch, &site.ImageKey)
	return site, err
}

// sectionView is a section with what its view and its status tell of it.
type sectionView struct {
	feed.Section
	id                int64
	version           int64
	published         int64
	modified, created int64
	horizon           int64
}

// sections are the configured ones in order, the whole paper last.
func (t *tx) sections() (out []*sectionView, err error) {
	var secret string
	if _, err := t.one(`SELECT secret FROM site`, nil, &secret); err != nil {
		return nil, err
	}
	err = t.each(`SELECT section, name, first_name, title, description, image, max_entries,
		max_age, min_entries, stories, version, published, modified, created, horizon, parent,
		max_per_source, max_share, max_size, item_title, terms, show, guid, private
		FROM sections WHERE active ORDER BY ord`, nil, func(s scan) error {
		c := &sectionView{}
		var maxAge int64
		var show, guid, word string
		err := s(&c.id, &c.Name, &c.FirstName, &c.Title, &c.Description, &c.Image, &c.Limit,
			&maxAge, &c.Min, &c.Stories, &c.version, &c.published, &c.modified, &c.created, &c.horizon, &c.Parent,
			&c.MaxPerSource, &c.MaxShare, &c.MaxSize, &c.ItemTitle, &c.Terms, &show, &guid, &word)
		if err != nil {
			return err
		}
		c.MaxAge = time.Duration(maxAge) * time.Microsecond
		c.Private = secretPart(secret, c.FirstName, word)
		if c.Show, err = unpackShow(show); show != "" {
			c.Show.GUID = guid
		}
		out = append(out, c)
		return err
	})
	return out, err
}

func (c *sectionView) frame() frame {
	return frame{limit: c.Limit, least: c.Min, horizon: c.horizon}
}

// shown are the places of a section that are shown, in order; at most limit of them
// if that is not 0.
func (t *tx) shown(c *sectionView, limit int) (slots []slot, err error) {
	f := c.frame()
	if limit > 0 && (f.limit == 0 || limit < f.limit) {
		f.limit = limit
	}
	err = t.each(`SELECT m.entry, m.sort_at, m.published FROM members m JOIN entries e ON e.entry = m.entry
		WHERE m.section = ? AND m.copy_of IS NULL AND NOT m.squeezed ORDER BY m.sort_at DESC, m.published DESC, e.id`, list(c.id),
		func(s scan) error {
			var at slot
			if err := s(&at.row, &at.sortAt, &at.published); err != nil {
				return err
			}
			if !f.shows(len(slots), at.sortAt) {
				return errEnough
			}
			slots = append(slots, at)
			return nil
		})
	return slots, err
}

// index is every public section but the whole paper, if asked with its newest entries.
func (t *tx) index(sections []*sectionView, entries bool) ([]feed.IndexLine, error) {
	var lines []feed.IndexLine
	for _, c := range sections {
		if c.Name == feed.WholePaper || c.Private != "" {
			continue
		}
		line := feed.IndexLine{Section: c.Section}
		if entries {
			rows, err := t.shown(c, frontEntries)
			if err != nil {
				return nil, err
			}
			if line.Entries, err = t.told(c, rows); err != nil {
				return nil, err
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// directory lists the configured sources: what the configuration does not say of
// one is taken from the first of its feeds that says it. Where there are private sections,
// one is listed once something of it is in the whole paper: the addresses of what only
// few read may be as secret.
func (t *tx) directory() ([]feed.SourceLine, error) {
	var lines []feed.SourceLine
	last := int64(0)
	err := t.each(`SELECT o.source, o.name, o.title, o.link, o.image, o.language, s.url, s.header
		FROM sources o JOIN subscriptions s ON s.source = o.source AND s.active
		WHERE o.active AND (NOT EXISTS (SELECT 1 FROM sections c WHERE c.active AND c.private <> '')
		OR EXISTS (SELECT 1 FROM sections c JOIN members m ON m.section = c.section
		WHERE c.name = ? AND m.source = o.source AND m.copy_of IS NULL)) ORDER BY o.ord, s.ord`, list(feed.WholePaper), func(s scan) error {
		var source int64
		var line feed.SourceLine
		var address, text string
		if err := s(&source, &line.Name, &line.Title, &line.Link, &line.Image, &line.Language,
			&address, &text); err != nil {
			return err
		}
		if source != last {
			lines, last = append(lines, line), source
		}
		var header feed.Header
		if err := json.Unmarshal([]byte(text), &header); err != nil {
			return err
		}
		at := &lines[len(lines)-1]
		*at = describe(*at, header.Channel)
		at.Feeds = append(at.Feeds, bare(address))
		return nil
	})
	for i := range lines {
		lines[i].Link, lines[i].Image = bare(lines[i].Link), bare(lines[i].Image)
		if lines[i].Title == "" {
			lines[i].Title = lines[i].Name
		}
	}
	return lines, err
}

// bare is a URL without the name and password that it may carry.
func bare(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	u.User = nil
	return u.String()
}
