package feed

import "time"

// Item is one article as a source listed it: nothing cleaned, nothing made up.
// It is stored beside the Entry made of it, so that a better normaliser can be
// applied later without asking the origin again; its JSON form is therefore a
// storage format, and fields are only ever added to it.
type Item struct {
	// ID is the guid, atom:id or JSON Feed id, byte for byte; empty if absent.
	ID string `json:"id,omitempty"`
	// Permalink: the ID claims to be the article's URL (RSS guid without
	// isPermaLink="false"). Always false for Atom and JSON Feed.
	Permalink bool `json:"permalink,omitempty"`

	Title   Text `json:"title,omitzero"`
	Summary Text `json:"summary,omitzero"` // RSS description, atom:summary, JSON summary
	Content Text `json:"content,omitzero"` // content:encoded, atom:content, content_html or content_text

	// Links in document order. An RSS <link> and a JSON url are rel "alternate".
	Links        []Link     `json:"links,omitempty"`
	Authors      []Person   `json:"authors,omitempty"`
	Contributors []Person   `json:"contributors,omitempty"`
	Categories   []Category `json:"categories,omitempty"`

	// Published and Updated are the dates as written, unparsed.
	Published string `json:"published,omitempty"`
	Updated   string `json:"updated,omitempty"`

	Rights   Text   `json:"rights,omitzero"`
	Language string `json:"lang,omitempty"` // in effect here: own, else inherited from the feed
	Base     string `json:"base,omitempty"` // absolute URL that relative references resolve against

	Enclosures   []Enclosure `json:"enclosures,omitempty"` // enclosures and media, in document order
	Image        string      `json:"image,omitempty"`      // lead image named by the feed (itunes:image, media:thumbnail, JSON image)
	Comments     string      `json:"comments,omitempty"`   // URL of the discussion page
	CommentCount int         `json:"comment_count,omitempty"`
	Podcast      *Podcast    `json:"podcast,omitempty"`
	Place        *Place      `json:"place,omitempty"`
	// Extras are elements of other vocabularies that are passed on as they are.
	Extras []Element `json:"extras,omitempty"`
	// Block names the element by which the item asks not to be republished:
	// "itunes:block" or "podcast:block".
	Block string `json:"block,omitempty"`

	// Origin is the feed that this item says it was first published in
	// (atom:source, RSS source), when the source is itself an aggregator.
	Origin *Channel `json:"origin,omitempty"`
	// Channel is what the feed that listed the item says of itself at that time.
	Channel Channel `json:"channel,omitzero"`
}

// Link is a link with its relation (RFC 4287 §4.2.7).
type Link struct {
	Rel      string `json:"rel,omitempty"` // "alternate", "via", "related", "replies", "external" (JSON Feed), …; never empty in an Entry
	Href     string `json:"href,omitempty"`
	Type     string `json:"type,omitempty"`
	Language string `json:"lang,omitempty"` // hreflang
	Title    string `json:"title,omitempty"`
	Length   int64  `json:"length,omitempty"` // bytes; 0 is unknown
}

// Person is an author or contributor (RFC 4287 §3.2, JSON Feed 1.1 authors).
type Person struct {
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	URL    string `json:"url,omitempty"`
	Avatar string `json:"avatar,omitempty"`
	Role   string `json:"role,omitempty"`  // of a person of a podcast: "host", "guest", …
	Group  string `json:"group,omitempty"` // of these: "cast", "audio post-production", …
}

// Category is a subject of an article (RFC 4287 §4.2.2, RSS category).
type Category struct {
	Term   string `json:"term,omitempty"`
	Scheme string `json:"scheme,omitempty"` // Atom scheme or RSS domain
	Label  string `json:"label,omitempty"`  // for people; the term where empty
}

// Name is what people read: the label, else the term.
func (c Category) Name() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Term
}

// Enclosure is a media file that belongs to an article: an RSS enclosure, an
// Atom enclosure link, a media:content or a JSON Feed attachment.
type Enclosure struct {
	URL      string        `json:"url,omitempty"`
	Type     string        `json:"type,omitempty"`   // media type; empty if unknown
	Medium   string        `json:"medium,omitempty"` // "image", "audio", "video", "document"; empty if unknown
	Length   int64         `json:"length,omitempty"` // bytes; 0 is unknown
	Duration time.Duration `json:"duration,omitempty"`
	Title    string        `json:"title,omitempty"`
	Text     string        `json:"text,omitempty"` // media:description: alternative text
	Credit   string        `json:"credit,omitempty"`
	Width    int           `json:"width,omitempty"` // pixels; 0 is unknown
	Height   int           `json:"height,omitempty"`
	// Media: it came from a media:content, not from an enclosure of the format
	// itself. RSS publishes it as media:content again.
	Media bool `json:"media,omitempty"`
	// Group tells which media:group of the article it is in, from 1; files of one group are
	// the same thing in several forms. 0 is none.
	Group    int    `json:"group,omitempty"`
	Language string `json:"lang,omitempty"` // BCP 47
	Rel      string `json:"rel,omitempty"`  // of a transcript: "captions"
	// Details are what else a media:content says in attributes: "bitrate", "expression", ….
	Details map[string]string `json:"details,omitempty"`
	Extras  []Element         `json:"extras,omitempty"` // elements of Media RSS in it
}

// Podcast is what the iTunes and Podcasting 2.0 namespaces say of an episode.
type Podcast struct {
	Duration    time.Duration `json:"duration,omitempty"`
	Episode     string        `json:"episode,omitempty"`
	Season      string        `json:"season,omitempty"`
	EpisodeType string        `json:"episode_type,omitempty"` // "full", "trailer", "bonus"
	Explicit    string        `json:"explicit,omitempty"`     // as written
	Block       bool          `json:"block,omitempty"`        // itunes:block or podcast:block asks not to republish
	Transcripts []Enclosure   `json:"transcripts,omitempty"`
	Chapters    *Enclosure    `json:"chapters,omitempty"`
	Persons     []Person      `json:"persons,omitempty"`
	Image       string        `json:"image,omitempty"` // itunes:image of the episode
}

// Channel is what a feed says of itself, as far as it must travel with each
// article (atom:source, RFC 4287 §4.2.11). In an Item it is as found; in an
// Entry its URLs are absolute and its Title is plain text.
type Channel struct {
	ID       string   `json:"id,omitempty"` // atom:id; empty for formats without one
	Title    Text     `json:"title,omitzero"`
	Subtitle Text     `json:"subtitle,omitzero"`
	Link     string   `json:"link,omitempty"` // the page that the feed accompanies
	Self     string   `json:"self,omitempty"` // the feed's own URL: as declared, else as fetched
	Language string   `json:"lang,omitempty"`
	Rights   Text     `json:"rights,omitzero"`
	Authors  []Person `json:"authors,omitempty"`
	Image    string   `json:"image,omitempty"` // logo or channel image
	Icon     string   `json:"icon,omitempty"`
	Updated  string   `json:"updated,omitempty"` // as written (lastBuildDate, atom:updated)
	// Extras are elements of other vocabularies about the feed that are passed on.
	Extras []Element `json:"extras,omitempty"`
	// BlockedBy names the element by which the feed asks not to be republished:
	// "itunes:block" or "podcast:block".
	BlockedBy string `json:"blocked_by,omitempty"`
}

// Header is the whole of what a feed says of itself, with its hints to pollers.
type Header struct {
	Channel
	// Format is the format and version that was recognised, e.g. "RSS 2.0",
	// "RSS 1.0", "Atom 1.0", "JSON Feed 1.1".
	Format     string     `json:"format,omitempty"`
	Generator  string     `json:"generator,omitempty"`
	Categories []Category `json:"categories,omitempty"`

	TTL         time.Duration  `json:"ttl,omitempty"`          // RSS ttl; 0 if absent or nonsense
	SkipHours   []int          `json:"skip_hours,omitempty"`   // 0–23, UTC
	SkipDays    []time.Weekday `json:"skip_days,omitempty"`    // UTC
	UpdateEvery time.Duration  `json:"update_every,omitempty"` // sy:updatePeriod / sy:updateFrequency
	Hubs        []string       `json:"hubs,omitempty"`         // WebSub hubs, absolute
	Next        string         `json:"next,omitempty"`         // RFC 5005 next or JSON next_url
	Complete    bool           `json:"complete,omitempty"`     // itunes:complete, JSON expired: nothing more will come
	Block       bool           `json:"block,omitempty"`        // the channel asks not to be republished
}

// Sighting is an item as one feed of a source listed it. The first sighting of
// an entry leads; the others add their feeds' categories and sections.
type Sighting struct {
	Feed string    `json:"feed"` // URL of the subscription, as configured now
	Seen time.Time `json:"seen"`
	Item Item      `json:"item"`
}
