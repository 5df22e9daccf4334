package publish

import (
	"slices"

	"broadsheet/feed"
)

// termsWidth is how long the summary of an entry may be of which an excerpt may be
// published, in Latin letters: a few sentences, as others quote them.
const termsWidth = 400

// termed is the entry with no more in it than both its source's terms and the section's let
// be published (S-10). Who wrote it, where it is from, its rights and its dates always stay:
// they are what an excerpt or a link owes its source.
func termed(e feed.Entry, section feed.Terms) feed.Entry {
	switch e.Terms.Stricter(section) {
	case feed.TermsUnsaid, feed.TermsFull:
		return e
	case feed.TermsExcerpt:
		return excerpted(e)
	default:
		return bare(e)
	}
}

// excerpted is an entry with a short summary in the place of its text. Pictures and files
// stay: they are links to the source.
func excerpted(e feed.Entry) feed.Entry {
	e.Summary, e.Content = excerpt(e, termsWidth), ""
	tells := func(x feed.Element) bool { return feed.Passages[x.Name].Text == feed.FormProse }
	e.Extras = slices.DeleteFunc(slices.Clone(e.Extras), tells)
	e.Enclosures = slices.Clone(e.Enclosures)
	for i := range e.Enclosures {
		m := &e.Enclosures[i]
		m.Text = clip(m.Text, termsWidth)
		m.Extras = slices.DeleteFunc(slices.Clone(m.Extras), tells)
	}
	return e
}

// bare is an entry of title and link alone.
func bare(e feed.Entry) feed.Entry {
	return feed.Entry{
		ID: e.ID, Source: e.Source, Feeds: e.Feeds, Title: e.Title, Link: e.Link,
		Authors: e.Authors, Contributors: e.Contributors, Language: e.Language, Rights: e.Rights,
		Links: licences(e.Links), Also: e.Also, Terms: e.Terms, NoIndex: e.NoIndex, Address: e.Address,
		Canonical: e.Canonical, Block: e.Block, Origin: e.Origin, Digest: e.Digest,
		Published: e.Published, Undated: e.Undated, Updated: e.Updated, FirstSeen: e.FirstSeen, SortAt: e.SortAt,
	}
}

// licences are the links under which an article may be used.
func licences(links []feed.Link) []feed.Link {
	var out []feed.Link
	for _, l := range links {
		if l.Rel == "license" {
			out = append(out, l)
		}
	}
	return out
}
