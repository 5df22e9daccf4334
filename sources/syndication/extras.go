package syndication

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"broadsheet/feed"
)

// passedOn are the vocabularies of which elements are passed on, in the order in which
// they are written down.
var passedOn = []string{"itunes", "podcast", "media", "slash", "thr", "wfw", "georss", "dc"}

// spellings are those that examples and feeds have beside the right ones.
var spellings = map[string]string{"hitparade": "hit_parade", "featuretypetag": "featureTypeTag", "relationshiptag": "relationshipTag"}

// maxProse bounds the text of an element that is passed on, in bytes: iTunes allows 4000
// characters.
const maxProse = 16 << 10

// readExtras takes the elements that are passed on, as far as take wants them, in an order
// that does not depend on gofeed's maps.
func readExtras(x extensions, abs func(string) string, take func(feed.Passage) bool) []feed.Element {
	var out []feed.Element
	for _, space := range passedOn {
		out = append(out, extrasOf(space, x[space], abs, take)...)
	}
	return out
}

func extrasOf(space string, found map[string][]ext.Extension, abs func(string) string, take func(feed.Passage) bool) []feed.Element {
	var out []feed.Element
	for _, local := range slices.Sorted(maps.Keys(found)) {
		name := space + ":" + or(spellings[local], local)
		p, known := feed.Passages[name]
		if !known || !take(p) {
			continue
		}
		n := 0
		for _, e := range found[local] {
			if made, ok := extra(name, p, e, abs); ok && n < p.Most {
				out = append(out, made)
				n++
			}
		}
	}
	return out
}

// The places in which elements are passed on.
func ofItem(p feed.Passage) bool { return p.Items }
func ofFeed(p feed.Passage) bool { return p.Feeds }
func ofFile(p feed.Passage) bool { return p.Files }

// extra takes what passages say of one element; ok is false if that says nothing.
func extra(name string, p feed.Passage, e ext.Extension, abs func(string) string) (out feed.Element, ok bool) {
	out.Name = name
	switch p.Text {
	case feed.FormNone:
	case feed.FormURL:
		out.Text = abs(e.Value)
	case feed.FormProse:
		out.Text = clip(e.Value, maxProse)
	default:
		out.Text = clip(strings.TrimSpace(e.Value), maxShort)
	}
	for attr, form := range p.Attrs {
		v := attrOf(e, attr)
		if form == feed.FormURL {
			v = abs(v)
		}
		if v == "" || len(v) > maxURL {
			continue
		}
		if out.Attrs == nil {
			out.Attrs = map[string]string{}
		}
		out.Attrs[attr] = v
	}
	for _, inner := range p.Inner {
		_, local, _ := strings.Cut(inner, ":")
		q := feed.Passages[inner]
		for i, c := range e.Children[local] {
			if made, ok := extra(inner, q, c, abs); ok && i < q.Most {
				out.Children = append(out.Children, made)
			}
		}
	}
	if p.Need != "" && out.Attrs[p.Need] == "" {
		return out, false
	}
	return out, out.Text != "" || len(out.Attrs) > 0 || len(out.Children) > 0
}

// lasting adds what a feed says for all of its articles where one says nothing of it.
func lasting(own []feed.Element, x extensions, abs func(string) string) []feed.Element {
	for _, e := range readExtras(x, abs, func(p feed.Passage) bool { return p.Lasts }) {
		same := func(o feed.Element) bool { return o.Name == e.Name }
		if !slices.ContainsFunc(own, same) {
			own = append(own, e)
		}
	}
	return own
}

const (
	maxPlaces    = 400 // numbers of one shape: a district's border has fewer
	pairLen      = 2
	minLine      = 2 * pairLen
	minPolygon   = 4 * pairLen // the last corner is the first
	maxLatitude  = 90
	maxLongitude = 180
)

// shapes are those of GeoRSS Simple, with how many numbers they have at least; 0 stands
// for that many and no more.
var shapes = []struct {
	name        string
	least, most int
}{
	{"point", pairLen, pairLen}, {"box", minLine, minLine},
	{"line", minLine, maxPlaces}, {"polygon", minPolygon, maxPlaces},
}

// readPlace reads where an article is about: by GeoRSS Simple, by GML in georss:where, or
// by the latitude and longitude of the W3C's vocabulary; nil if it does not say.
func readPlace(x extensions) *feed.Place {
	geo, rss := x["geo"], x["georss"]
	p := &feed.Place{Name: clip(or(x.one("georss", "featureName", "featurename")), maxShort)}
	for _, s := range shapes {
		if at := coordinates(x.one("georss", s.name)); fits(at, s.least, s.most) {
			p.Shape, p.At = s.name, at
			return p
		}
	}
	for _, where := range rss["where"] {
		if s := gml(where); s.Shape != "" {
			p.Shape, p.At = s.Shape, s.At
			return p
		}
	}
	lat, long := x.one("geo", "lat"), or(x.one("geo", "long", "lon"))
	for _, point := range geo["Point"] {
		lat, long = or(lat, within(point, "lat")), or(long, within(point, "long"), within(point, "lon"))
	}
	if at := coordinates(lat + " " + long); fits(at, pairLen, pairLen) {
		p.Shape, p.At = "point", at
		return p
	}
	return nil
}

// gml reads the shape in a georss:where.
func gml(where ext.Extension) (p feed.Place) {
	first := func(e ext.Extension, path ...string) string {
		for _, name := range path[:len(path)-1] {
			inner := e.Children[name]
			if len(inner) == 0 {
				return ""
			}
			e = inner[0]
		}
		return within(e, path[len(path)-1])
	}
	for i, text := range []string{
		first(where, "Point", "pos"),
		first(where, "Envelope", "lowerCorner") + " " + first(where, "Envelope", "upperCorner"),
		first(where, "LineString", "posList"),
		first(where, "Polygon", "exterior", "LinearRing", "posList"),
	} {
		if at := coordinates(text); fits(at, shapes[i].least, shapes[i].most) {
			return feed.Place{Shape: shapes[i].name, At: at}
		}
	}
	return p
}

func fits(at []float64, least, most int) bool { return len(at) >= least && len(at) <= most }

// coordinates are pairs of latitude and longitude; nil if s is no list of them.
func coordinates(s string) []float64 {
	parts := strings.FieldsFunc(clip(s, maxProse), func(r rune) bool { return r == ',' || r <= ' ' })
	if len(parts) == 0 || len(parts)%pairLen != 0 {
		return nil
	}
	out := make([]float64, len(parts))
	for i, part := range parts {
		most := float64(maxLatitude)
		if i%pairLen == 1 {
			most = maxLongitude
		}
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || !(n >= -most && n <= most) { // NaN is none
			return nil
		}
		out[i] = n
	}
	return out
}
