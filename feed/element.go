package feed

// Element is an element of one of the vocabularies for feeds that the program does
// nothing with but pass it on: who is paid for an episode, which part of it is worth
// hearing, how a picture is rated. What may be in one says Passages.
type Element struct {
	Name     string            `json:"name"`            // with the usual prefix: "podcast:value"
	Attrs    map[string]string `json:"attrs,omitempty"` // by name
	Text     string            `json:"text,omitempty"`  // plain
	Children []Element         `json:"children,omitempty"`
}

// Form is what the text of an element, or the value of an attribute, must be like.
type Form string

// The forms. Whatever has another one is left out.
const (
	FormNone   Form = ""       // there is no text
	FormLine   Form = "line"   // plain text in one line
	FormProse  Form = "prose"  // plain text in paragraphs: part of what an article says
	FormURL    Form = "url"    // absolute http(s) URL
	FormIRI    Form = "iri"    // absolute IRI, which nobody follows
	FormWord   Form = "word"   // a name or code without spaces
	FormNumber Form = "number" // not negative, with or without a fraction
)

// Passage says what of an element is passed on.
type Passage struct {
	Text  Form
	Attrs map[string]Form
	Need  string   // attribute without which it says nothing
	Most  int      // how many of it there may be in one place
	Items bool     // articles may have it
	Feeds bool     // feeds may have it, for atom:source
	Files bool     // media:content may have it
	Inner []string // elements that may be in it
	// Lasts: where an article has none, that of its feed holds for it too.
	Lasts bool
}

const (
	onlyOne = 1
	aFew    = 20  // more of one element in one place is no news to anybody
	many    = 200 // of what somebody would miss: his share
)

// Passages are the elements that are passed on, by name (Podcasting 2.0, iTunes, Media
// RSS 1.5.1, RFC 4685, the slash and Dublin Core modules of RSS 1.0). What the program
// has words for of its own is not among them. Channel elements that speak of the feed
// itself and not of its articles go into atom:source and nowhere else: the lock and the
// guid of an origin are not those of a section.
// What counts viewers (media:community) is left out: it would make a document new with every
// look at it, and the W3C's validator takes it for an error, as it does media:subTitle.
var Passages = map[string]Passage{
	"itunes:title":    {Text: FormLine, Most: onlyOne, Items: true},
	"itunes:author":   {Text: FormLine, Most: onlyOne, Items: true},
	"itunes:subtitle": {Text: FormProse, Most: onlyOne, Items: true},
	"itunes:summary":  {Text: FormProse, Most: onlyOne, Items: true},
	"itunes:keywords": {Text: FormLine, Most: onlyOne, Items: true},
	"itunes:type":     {Text: FormWord, Most: onlyOne, Feeds: true},

	"podcast:season":  {Text: FormNumber, Attrs: map[string]Form{"name": FormLine}, Most: onlyOne, Items: true},
	"podcast:episode": {Text: FormNumber, Attrs: map[string]Form{"display": FormLine}, Most: onlyOne, Items: true},
	"podcast:soundbite": {Text: FormLine, Attrs: map[string]Form{"startTime": FormNumber, "duration": FormNumber},
		Need: "startTime", Most: aFew, Items: true},
	"podcast:location": {Text: FormLine, Attrs: map[string]Form{"rel": FormWord, "geo": FormWord, "osm": FormWord, "country": FormWord},
		Most: aFew, Items: true, Feeds: true},
	"podcast:license": {Text: FormLine, Attrs: map[string]Form{"url": FormURL}, Most: onlyOne, Items: true, Feeds: true, Lasts: true},
	"podcast:alternateEnclosure": {Attrs: map[string]Form{"type": FormWord, "length": FormNumber, "bitrate": FormNumber,
		"height": FormNumber, "lang": FormWord, "language": FormWord, "title": FormLine, "rel": FormLine, "codecs": FormLine, "default": FormWord},
		Need: "type", Most: aFew, Items: true, Inner: []string{"podcast:source", "podcast:integrity"}},
	"podcast:source":    {Attrs: map[string]Form{"uri": FormIRI, "contentType": FormWord}, Need: "uri", Most: aFew},
	"podcast:integrity": {Attrs: map[string]Form{"type": FormWord, "value": FormLine}, Need: "value", Most: onlyOne},
	"podcast:value": {Attrs: map[string]Form{"type": FormWord, "method": FormWord, "suggested": FormNumber},
		Need: "type", Most: aFew, Items: true, Lasts: true, Inner: []string{"podcast:valueRecipient", "podcast:valueTimeSplit"}},
	"podcast:valueRecipient": {Attrs: map[string]Form{"name": FormLine, "type": FormWord, "address": FormLine, "split": FormNumber,
		"fee": FormWord, "customKey": FormLine, "customValue": FormLine}, Need: "address", Most: many},
	"podcast:valueTimeSplit": {Attrs: map[string]Form{"startTime": FormNumber, "duration": FormNumber, "remoteStartTime": FormNumber,
		"remotePercentage": FormNumber}, Need: "startTime", Most: aFew,
		Inner: []string{"podcast:valueRecipient", "podcast:remoteItem"}},
	"podcast:remoteItem": {Attrs: map[string]Form{"feedGuid": FormWord, "itemGuid": FormLine, "feedUrl": FormURL, "medium": FormWord},
		Need: "feedGuid", Most: aFew},
	"podcast:socialInteract": {Attrs: map[string]Form{"protocol": FormWord, "uri": FormIRI, "accountId": FormLine, "accountUrl": FormURL,
		"priority": FormNumber}, Need: "protocol", Most: aFew, Items: true},
	"podcast:contentLink": {Text: FormLine, Attrs: map[string]Form{"href": FormURL}, Need: "href", Most: aFew, Items: true},
	"podcast:txt":         {Text: FormLine, Attrs: map[string]Form{"purpose": FormLine}, Most: aFew, Items: true},
	"podcast:funding":     {Text: FormLine, Attrs: map[string]Form{"url": FormURL}, Need: "url", Most: aFew, Items: true, Feeds: true},
	"podcast:guid":        {Text: FormWord, Most: onlyOne, Feeds: true},
	"podcast:medium":      {Text: FormWord, Most: onlyOne, Feeds: true},
	"podcast:locked":      {Text: FormWord, Most: onlyOne, Feeds: true},

	"media:title":       {Text: FormLine, Most: onlyOne, Items: true},
	"media:description": {Text: FormProse, Most: onlyOne, Items: true},
	"media:rating":      {Text: FormLine, Attrs: map[string]Form{"scheme": FormIRI}, Most: aFew, Items: true, Files: true},
	"media:restriction": {Text: FormLine, Attrs: map[string]Form{"relationship": FormWord, "type": FormWord},
		Need: "relationship", Most: aFew, Items: true, Files: true},
	"media:keywords":  {Text: FormLine, Most: onlyOne, Items: true, Files: true},
	"media:copyright": {Text: FormLine, Attrs: map[string]Form{"url": FormURL}, Most: onlyOne, Items: true, Files: true},
	"media:credit":    {Text: FormLine, Attrs: map[string]Form{"role": FormLine, "scheme": FormIRI}, Most: aFew, Items: true, Files: true},
	"media:category": {Text: FormLine, Attrs: map[string]Form{"scheme": FormIRI, "label": FormLine},
		Most: aFew, Files: true},
	"media:thumbnail": {Attrs: map[string]Form{"url": FormURL, "width": FormNumber, "height": FormNumber, "time": FormWord},
		Need: "url", Most: aFew, Items: true, Files: true},
	"media:player": {Attrs: map[string]Form{"url": FormURL, "width": FormNumber, "height": FormNumber}, Need: "url", Most: onlyOne,
		Items: true, Files: true},
	"media:hash": {Text: FormWord, Attrs: map[string]Form{"algo": FormWord}, Most: aFew, Items: true, Files: true},
	"media:text": {Text: FormProse, Attrs: map[string]Form{"lang": FormWord, "start": FormWord, "end": FormWord},
		Most: aFew, Items: true, Files: true},
	"slash:section":          {Text: FormLine, Most: onlyOne, Items: true},
	"slash:department":       {Text: FormLine, Most: onlyOne, Items: true},
	"slash:hit_parade":       {Text: FormLine, Most: onlyOne, Items: true},
	"wfw:comment":            {Text: FormURL, Most: onlyOne, Items: true},
	"thr:in-reply-to":        {Attrs: map[string]Form{"ref": FormIRI, "href": FormURL, "type": FormWord, "source": FormURL}, Need: "ref", Most: aFew, Items: true},
	"georss:featureTypeTag":  {Text: FormWord, Most: onlyOne, Items: true},
	"georss:relationshipTag": {Text: FormWord, Most: onlyOne, Items: true},
	"georss:elev":            {Text: FormWord, Most: onlyOne, Items: true},
	"georss:floor":           {Text: FormWord, Most: onlyOne, Items: true},
	"georss:radius":          {Text: FormWord, Most: onlyOne, Items: true},
	"dc:publisher":           {Text: FormLine, Most: onlyOne, Items: true},
	"dc:identifier":          {Text: FormLine, Most: onlyOne, Items: true},
	"dc:type":                {Text: FormLine, Most: onlyOne, Items: true},
	"dc:format":              {Text: FormLine, Most: onlyOne, Items: true},
	"dc:relation":            {Text: FormLine, Most: onlyOne, Items: true},
	"dc:coverage":            {Text: FormLine, Most: onlyOne, Items: true},
}

// FileDetails are the attributes of a media:content that are passed on as they are.
var FileDetails = map[string]Form{
	"bitrate": FormNumber, "framerate": FormNumber, "samplingrate": FormNumber, "channels": FormNumber,
	"expression": FormWord, "isDefault": FormWord,
}

// Place is where on earth an article is about (GeoRSS Simple).
type Place struct {
	// Shape is "point", "line", "polygon" or "box".
	Shape string `json:"shape"`
	// At are pairs of latitude and longitude in degrees (WGS 84).
	At   []float64 `json:"at"`
	Name string    `json:"name,omitempty"` // plain text, one line
}
