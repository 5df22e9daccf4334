package fakeweb

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// The words that invented articles are made of.
var (
	subjects = []string{"Night ferry", "Lighthouse crew", "Grain silo", "Tram line four", "Harbour choir",
		"Bell foundry", "Salt works", "Weather station", "Paper mill", "Seed library", "Canal lock", "Observatory"}
	deeds = []string{"returns to", "opens its doors in", "is rebuilt in", "asks for volunteers in",
		"counts its visitors in", "moves the clocks of", "settles with the council of", "lights the quay of"}
	places = []string{"Port Ellis", "Vantmoor", "Saint Orrin", "Kelder Bay", "Upper Tamsin", "Marrowgate",
		"Lindesfall", "Old Quarry", "Brackwater", "Hollin Cross"}
	topics  = []string{"Harbour", "Culture", "Science", "Trade", "Weather", "Letters"}
	authors = []string{"Nora Whitfield", "Ivo Tamm", "Lea Corrigan", "Samir Haddow", "Greta Munk"}
	remarks = []string{
		"Nobody on the quay remembers a winter like it.",
		"The council votes on the second reading next week.",
		"Tickets are sold at the old customs house.",
		"The engineers ask for four more days.",
		"Neighbours brought soup and two ladders.",
		"What it costs is known to the treasurer alone.",
		"The keeper of the archive was not surprised.",
		"A smaller model stands in the town hall.",
	}
)

// published is when article i appeared. n is filled.
func (n Newsroom) published(i int) time.Time {
	return n.Start.Add(time.Duration(i) * n.Every).UTC().Truncate(time.Second)
}

// article writes article i, the same at every call. n is filled.
func (n Newsroom) article(i int) Article {
	dice := rand.New(rand.NewPCG(n.Seed, uint64(i)))
	pick := func(from []string) string { return from[dice.IntN(len(from))] }
	mark := fmt.Sprintf("%d-%d", n.Seed, i)
	headline := pick(subjects) + " " + pick(deeds) + " " + pick(places)
	a := Article{
		Number: i, Mark: mark, Title: headline + ", " + marked(mark),
		Author: pick(authors), Category: pick(topics), Published: n.published(i),
		GUID: fmt.Sprintf("http://%s/?p=%d", n.Host, i),
		Link: fmt.Sprintf("http://%s/%s/%s-%d", n.Host, n.published(i).Format("2006/01"), slug(headline), i),
	}
	a.Text = fmt.Sprintf("<p>%s: this is dispatch %s. %s</p><p>%s %s</p>",
		headline, marked(mark), pick(remarks), pick(remarks), pick(remarks))
	return a
}

// slug is a headline as it stands in a link.
func slug(headline string) string {
	return strings.ReplaceAll(strings.ToLower(headline), " ", "-")
}
