package store

import "crypto/rand"

// pages writes what the configuration says of pages, and makes the secret that addresses
// of pictures are signed with if there is none yet.
func (y *syncing) pages() error {
	p := &y.plan.Site
	if _, err := y.tx.exec(`UPDATE site SET image_secret = ? WHERE image_secret = ''`, rand.Text()+rand.Text()); err != nil {
		return err
	}
	if _, err := y.tx.one(`SELECT image_secret FROM site`, nil, &p.ImageKey); err != nil {
		return err
	}
	_, err := y.tx.exec(`UPDATE site SET images = ?, no_search = ? WHERE images <> ? OR no_search <> ?`,
		p.Images, p.NoSearch, p.Images, p.NoSearch)
	return err
}
