package publish

// draft is a document before it is checked, hashed and compressed.
type draft struct {
	path      string // URL path below the site's base, with a leading slash
	mediaType string // with charset
	body      []byte
}
