package publish

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"
	"strings"

	"broadsheet/feed"
)

// The names of the XML namespaces of what is passed on.
const (
	nsGeoRSS  = "http://www.georss.org/georss"
	nsLicence = "http://backend.userland.com/creativeCommonsRssModule"
	nsWfw     = "http://wellformedweb.org/CommentAPI/"
)

// extensions are the namespaces of other vocabularies. They are declared where one of them
// is used. RSS declares Dublin Core always, at a place of its own.
type extensions struct {
	NSDC      string `xml:"xmlns:dc,attr,omitempty"`
	NSMedia   string `xml:"xmlns:media,attr,omitempty"`
	NSITunes  string `xml:"xmlns:itunes,attr,omitempty"`
	NSPodcast string `xml:"xmlns:podcast,attr,omitempty"`
	NSSlash   string `xml:"xmlns:slash,attr,omitempty"`
	NSThread  string `xml:"xmlns:thr,attr,omitempty"`
	NSWfw     string `xml:"xmlns:wfw,attr,omitempty"`
	NSGeoRSS  string `xml:"xmlns:georss,attr,omitempty"`
	NSLicence string `xml:"xmlns:creativeCommons,attr,omitempty"`
}

// use declares what parts of an item or entry need.
func (x *extensions) use(g gallery, e episode, p passed) {
	if !g.empty() {
		x.NSMedia = nsMedia
	}
	if e.hasITunes() {
		x.NSITunes = nsITunes
	}
	if e.hasPodcast() {
		x.NSPodcast = nsPodcast
	}
	if p.Place != nil {
		x.NSGeoRSS = nsGeoRSS
	}
	x.declare(p.Extras)
}

// declare declares the vocabularies of elements that are passed on.
func (x *extensions) declare(list []extra) {
	for _, e := range list {
		switch prefix, _, _ := strings.Cut(e.Name, ":"); prefix {
		case "dc":
			x.NSDC = nsDC
		case "media":
			x.NSMedia = nsMedia
		case "itunes":
			x.NSITunes = nsITunes
		case "podcast":
			x.NSPodcast = nsPodcast
		case "slash":
			x.NSSlash = nsSlash
		case "thr":
			x.NSThread = nsThread
		case "wfw":
			x.NSWfw = nsWfw
		case "georss":
			x.NSGeoRSS = nsGeoRSS
		}
	}
}

// passed is the part of an item or entry that is passed on as it came.
type passed struct {
	Place     *location `xml:",omitempty"`
	PlaceName string    `xml:"georss:featureName,omitempty"`
	Extras    []extra   `xml:"passed"`
}

func passedOf(e feed.Entry) passed {
	p := passed{Place: locationOf(e.Place), Extras: extrasOf(e.Extras)}
	if p.Place != nil {
		p.PlaceName = e.Place.Name
	}
	return p
}

// extra is an element that is passed on, under its own name.
type extra feed.Element

func extrasOf(list []feed.Element) []extra {
	var out []extra
	for _, e := range list {
		out = append(out, extra(e))
	}
	return out
}

// MarshalXML writes the element with its attributes in the order of their names.
func (e extra) MarshalXML(enc *xml.Encoder, _ xml.StartElement) error {
	start := xml.StartElement{Name: xml.Name{Local: e.Name}}
	for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: name}, Value: e.Attrs[name]})
	}
	return enc.EncodeElement(struct {
		Text     string  `xml:",chardata"`
		Children []extra `xml:"passed"`
	}{e.Text, extrasOf(e.Children)}, start)
}

// location is a place as GeoRSS Simple writes it. A box is written as the polygon of its
// corners, which more readers know.
type location feed.Place

func locationOf(p *feed.Place) *location {
	if p == nil {
		return nil
	}
	l := location(*p)
	const corners = 4
	if l.Shape == "box" && len(l.At) == corners {
		south, west, north, east := l.At[0], l.At[1], l.At[2], l.At[3]
		l.Shape, l.At = "polygon", []float64{south, west, south, east, north, east, north, west, south, west}
	}
	return &l
}

// MarshalXML writes the shape under its name.
func (l location) MarshalXML(enc *xml.Encoder, _ xml.StartElement) error {
	start := xml.StartElement{Name: xml.Name{Local: "georss:" + l.Shape}}
	numbers := make([]string, len(l.At))
	for i, n := range l.At {
		numbers[i] = strconv.FormatFloat(n, 'f', -1, 64)
	}
	return enc.EncodeElement(strings.Join(numbers, " "), start)
}

// jsonElement is an element that is passed on, for readers that want it: JSON Feed has no
// vocabularies, so that it stands under the name it has in XML.
type jsonElement struct {
	Name     string            `json:"name"`
	Attrs    map[string]string `json:"attributes,omitempty"`
	Text     string            `json:"text,omitempty"`
	Children []jsonElement     `json:"children,omitempty"`
}

func jsonElements(list []feed.Element) []jsonElement {
	var out []jsonElement
	for _, e := range list {
		out = append(out, jsonElement{e.Name, e.Attrs, e.Text, jsonElements(e.Children)})
	}
	return out
}
