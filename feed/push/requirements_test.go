package push

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Answers that are no test: a statement is of the other side, or says nothing to do.
const (
	ofHubs       = "of hubs"
	ofPublishers = "of publishers"
	ofWords      = "of the words of the document"
)

// answers are to the statements of the corpus's list of requirements of WebSub, by section,
// in its order: what shows that a subscriber's is kept ("folder TestName", or the id of a
// rule of storetest), whose it is, or why it is not kept.
var answers = map[string][]string{
	"Definitions": {ofHubs},
	"Conformance": {ofWords},
	"Publishers":  {ofPublishers},
	"Subscribers": {
		"sources/syndication TestDiscovery", "feed/push TestTheRequest", "feed/push TestTheRequest",
		"feed/push TestDelivery", "feed/push TestDelivery", "feed/push TestARenewalComesBeforeTheLeaseEndsOverRestarts",
	},
	"Hubs":       {ofHubs, ofHubs, ofHubs, ofHubs, ofHubs, ofHubs, ofHubs, ofHubs},
	"Subscriber": {"feed/push TestDelivery"},
	"Hub":        {ofHubs, ofHubs},
	"Discovery": {
		ofPublishers, ofPublishers, ofPublishers, ofPublishers,
		"sources/syndication TestDiscovery", "sources/syndication TestDiscovery",
		// An HTML page is no source of ours: only feeds are subscribed to.
		"sources/syndication TestDiscovery",
	},
	"Subscribing and Unsubscribing": {ofHubs, "feed/store/storetest WSS-3"},
	"Subscriber Sends Subscription Request": {
		"cmd/broadsheet TestFromTheHubIntoTheSection", "feed/push TestTheRequest", "feed/push TestTheRequest",
		"feed/push TestTheRequest", "feed/push TestTheRequest", "cmd/broadsheet TestFromTheHubIntoTheSection",
		"feed/push TestTheRequest", ofHubs, ofHubs, "feed/push TestTheRequest", "feed/push TestTheRequest",
		"feed/push TestTheRequest", "none is needed: no hub is known that asks for one", ofHubs, ofHubs, ofHubs, ofHubs,
		"feed/store/storetest WSS-2",
	},
	"Subscription Parameter Details": {
		"feed/push TestTheRequest", "cmd/broadsheet TestFromTheHubIntoTheSection", ofHubs, ofHubs, "feed/push TestTheRequest",
		"feed/push TestARenewalComesBeforeTheLeaseEndsOverRestarts", "ours has no query", ofHubs,
	},
	"Subscription Response Details": {
		ofHubs, ofHubs, "feed/push TestWhatAHubAnswersDecidesWhenItIsAskedAgain", "feed/push TestWhatAHubAnswersDecidesWhenItIsAskedAgain",
		ofHubs, ofHubs, "feed/push TestAHubMaySendUsOn", "feed/push TestAHubMaySendUsOn",
	},
	"Subscription Validation": {
		ofHubs, ofHubs, ofHubs, "feed/push TestDenied", "feed/push TestDenied", "feed/push TestVerification", "feed/push TestDenied",
		"feed/push TestDenied", "feed/push TestDenied",
	},
	"Hub Verifies Intent of the Subscriber": {
		"feed/push TestVerification", "feed/push TestVerification", "feed/push TestVerification", "feed/push TestVerification",
		"feed/push TestLease", "feed/push TestLease", "feed/push TestARenewalComesBeforeTheLeaseEndsOverRestarts",
	},
	"Verification Details": {
		"feed/push TestVerification", "feed/push TestVerification", "feed/push TestVerification", ofHubs, ofHubs,
		"feed/push TestLease", "feed/push TestARenewalComesBeforeTheLeaseEndsOverRestarts", ofHubs,
	},
	"Publishing": {ofPublishers},
	"Content Distribution": {
		ofHubs, "cmd/broadsheet TestFromTheHubIntoTheSection", "cmd/broadsheet TestFromTheHubIntoTheSection", ofHubs, ofHubs, ofHubs,
		"feed/push TestDelivery", "feed/push TestDelivery", "feed/push TestDelivery", "feed/push TestDelivery",
		"feed/push TestDelivery", ofHubs, ofHubs, ofHubs,
	},
	"Authenticated Content Distribution": {"feed/push TestDelivery", "feed/push TestDelivery", "feed/push TestDelivery"},
	"Signature validation":               {"feed/push TestDelivery", "feed/push TestDelivery", "feed/push TestDelivery"},
	"Subscriptions": {
		// Of several hubs one with TLS is asked; one that is named without is asked without,
		// and told no secret: that it speaks TLS, too, is not tried.
		"feed/store/storetest WSS-1", "feed/push TestTheRequest", "feed/push TestTheRequest", ofHubs, ofHubs,
	},
	"Distribution": {ofHubs, ofHubs, "feed/push TestDelivery"},
}

// items are the tests of websub.rocks for subscribers, by their numbers in the corpus's
// template of a report.
var items = map[string]string{
	"100": "sources/syndication TestDiscovery",
	"101": "only feeds are subscribed to, and no HTML page is one",
	"102": "sources/syndication TestDiscovery",
	"103": "sources/syndication TestDiscovery",
	"104": "sources/syndication TestDiscovery",
	"200": "cmd/broadsheet TestFromTheHubIntoTheSection",
	"201": "sources/syndication TestDiscovery",
	"202": "sources/syndication TestDiscovery",
	"203": "feed/push TestAHubMaySendUsOn", "204": "feed/push TestAHubMaySendUsOn",
	"205": "feed/push TestVerification", "300": "feed/push TestDelivery", "301": "feed/push TestDelivery", "302": "feed/push TestDelivery",
}

// TestEveryRequirementHasAnAnswer: the list of the corpus, and that what it is answered by
// exists.
func TestEveryRequirementHasAnAnswer(t *testing.T) {
	for section, list := range answers {
		for i, answer := range list {
			shown(t, fmt.Sprintf("%s, %d", section, i+1), answer)
		}
	}
	for number, answer := range items {
		shown(t, number, answer)
	}
	corpus := os.Getenv("BROADSHEET_CORPUS")
	if corpus == "" {
		t.Skip("BROADSHEET_CORPUS is not set: the statements are not there to be counted")
	}
	file, err := os.Open(filepath.Join(corpus, "suites", "websub", "requirements.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	count, ours := map[string]int{}, 0
	for _, row := range rows[1:] {
		section := row[0]
		if count[section]++; count[section] > len(answers[section]) {
			t.Errorf("%s, %d has no answer: %s", section, count[section], row[1])
			continue
		}
		if answer := answers[section][count[section]-1]; strings.Contains(answer, " Test") || strings.Contains(answer, " WSS-") {
			ours++
		}
	}
	for section, list := range answers {
		if len(list) != count[section] {
			t.Errorf("%s: %d answers to %d statements", section, len(list), count[section])
		}
	}
	t.Logf("%d statements, %d of them shown by tests of the subscriber", len(rows)-1, ours)
}

// shown checks that a test exists that an answer names.
func shown(t *testing.T, what, answer string) {
	t.Helper()
	folder, name, ok := strings.Cut(answer, " ")
	if answer == "" || !ok {
		t.Errorf("%s: no answer", what)
		return
	}
	var sought string
	switch {
	case strings.HasPrefix(name, "Test"):
		sought = "func " + name + "("
	case strings.HasPrefix(name, "WSS-"):
		sought = name + " "
	default:
		return // a reason in words
	}
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(folder), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), sought) {
			return
		}
	}
	t.Errorf("%s: there is no %s in %s", what, name, folder)
}
