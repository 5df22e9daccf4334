package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"

	"broadsheet/feed"
)

const (
	// secretBytes is what addresses of private sections are made from.
	secretBytes = 32
	// addressBytes is how much of the code stands in an address: 160 bits, which nobody
	// guesses, in 32 letters and digits without padding.
	addressBytes = 20
)

// secret makes the secret that the addresses of private sections come from, once in
// the life of a store.
func (y *syncing) secret() error {
	var have string
	if _, err := y.tx.one(`SELECT secret FROM site`, nil, &have); err != nil || have != "" {
		return err
	}
	fresh := make([]byte, secretBytes)
	rand.Read(fresh) // which never fails
	_, err := y.tx.exec(`UPDATE site SET secret = ?`, hex.EncodeToString(fresh))
	return err
}

// addressLetters write an address in what every path may have, in one case.
var addressLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// secretPart is the part of a private section's path that only those know who were given
// it: another word gives another one, another name of the section does not. It is empty
// for a public section, which has no word.
func secretPart(secret, firstName, word string) string {
	if word == "" {
		return ""
	}
	code := hmac.New(sha256.New, []byte(secret))
	code.Write([]byte(firstName + "\n" + word)) // no name has a line end
	return addressLetters.EncodeToString(code.Sum(nil)[:addressBytes])
}

// moveSection takes away what is published of a section whose address is another one
// now: what was shown to everyone, or given to somebody, is not served until it is made
// anew. What is in no public section is not in the whole paper either.
func (y *syncing) moveSection(section int64, private bool) error {
	if _, err := y.tx.exec(`DELETE FROM documents WHERE section = ?`, section); err != nil {
		return err
	}
	if _, err := y.tx.exec(`UPDATE site SET serial = serial + 1`); err != nil {
		return err
	}
	// So are the pages of its archive, which are made anew where they are now.
	if _, err := y.tx.exec(`DELETE FROM archived WHERE section = ?`, section); err != nil {
		return err
	}
	if _, err := y.tx.exec(`UPDATE volumes SET stale = stale + 1 WHERE section = ?`, section); err != nil {
		return err
	}
	y.front = true
	if private {
		y.lapsed = true
		if err := y.hideSection(section); err != nil {
			return err
		}
	} else if err := y.revealSection(section); err != nil {
		return err
	}
	return y.retell(true, `entry IN (SELECT m.entry FROM members m WHERE m.section = ?)`, section)
}

// hideSection notes what may have to leave the archive of the whole paper, and lets those
// go who have had the section pushed: whoever may read it must ask at its new address.
func (y *syncing) hideSection(section int64) error {
	rows, err := y.tx.rows(`SELECT entry FROM members WHERE section = ? ORDER BY entry`, section)
	if err != nil {
		return err
	}
	y.hidden = append(y.hidden, rows...)
	return y.dismissFrom(section)
}

// hide takes what is in private sections only now, and was not before, from archives that
// everyone may read.
func (y *syncing) hide() error {
	var rows []int64
	for part := range slices.Chunk(y.hidden, batch) {
		some, err := y.tx.rows(`SELECT e.entry FROM entries e WHERE e.entry IN (`+marks(len(part))+`) AND NOT EXISTS
			(SELECT 1 FROM members m JOIN sections c ON c.section = m.section WHERE m.entry = e.entry AND c.private = '')
			ORDER BY e.entry`, anys(part)...)
		if err != nil {
			return err
		}
		rows = append(rows, some...)
	}
	slices.Sort(rows)
	return y.tx.takeBack(y.now, slices.Compact(rows))
}

// dismissFrom ends the subscriptions that were made at another address of a section:
// deliveries would bring what is private, and its new address, to whoever knew the old
// one. So would requests that are not verified yet.
func (y *syncing) dismissFrom(section int64) error {
	if err := y.tx.dismiss(y.now, "this feed is not published here any more", `section = ?`, section); err != nil {
		return err
	}
	_, err := y.tx.exec(`DELETE FROM intents WHERE section = ? AND mode <> ?`, section, feed.HubDenied)
	return err
}

// revealSection puts the members of a section into the whole paper. Those that are
// tied to others stand where their story does, which is worked out later.
func (y *syncing) revealSection(section int64) error {
	whole, err := y.tx.whole()
	if err != nil {
		return err
	}
	_, err = y.tx.exec(`INSERT INTO members (entry, section, sort_at, published, why, copy_of, source)
		SELECT e.entry, ?, e.sort_at, e.published, '', CASE WHEN EXISTS (SELECT 1 FROM ties t WHERE t.entry = e.entry)
		THEN e.entry END, e.source FROM members m JOIN entries e ON e.entry = m.entry
		WHERE m.section = ? AND NOT EXISTS (SELECT 1 FROM members w WHERE w.entry = m.entry AND w.section = ?)`,
		whole, section, whole)
	if err != nil {
		return err
	}
	_, err = y.tx.exec(`INSERT INTO joining (section, entry) SELECT w.section, w.entry FROM members m
		JOIN members w ON w.entry = m.entry AND w.section = ? WHERE m.section = ? AND w.copy_of IS NULL
		ON CONFLICT DO NOTHING`, whole, section)
	return err
}

// showFile is the feed that podcasts are known by.
const showFile = "rss.xml"

// shows gives sections that are podcasts their podcast:guid, which stays whatever
// becomes of their address (POD-2).
func (y *syncing) shows() error {
	sections, err := y.tx.sections()
	if err != nil {
		return err
	}
	for _, c := range sections {
		if c.Show == (feed.Show{}) || c.Show.GUID != "" {
			continue
		}
		if _, err := y.tx.exec(`UPDATE sections SET guid = ? WHERE section = ?`,
			feed.ShowGUID(strings.TrimRight(y.plan.Site.URL, "/")+c.Path()+showFile), c.id); err != nil {
			return err
		}
	}
	return nil
}
