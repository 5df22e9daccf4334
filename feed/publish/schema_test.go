package publish

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"broadsheet/feed"
)

// jsonFeedSchema is the schema of JSON Feed 1.1.
func jsonFeedSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/jsonfeed-1.1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t testing.TB, schema *jsonschema.Schema, body []byte) error {
	t.Helper()
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(instance)
}

// JSON-1, JSON-2: every JSON Feed that is published is one.
func TestJSONFeedsKeepToTheSchemaOfJSONFeed(t *testing.T) {
	schema := jsonFeedSchema(t)
	empty := sampleView()
	empty.Entries, empty.Section.Description, empty.Section.Image, empty.Hubs = nil, "", "", nil
	terms := sampleView()
	terms.Section.Terms = feed.TermsLink
	for name, v := range map[string]feed.View{"section": sampleView(), "paper": paperView(), "empty": empty, "link alone": terms} {
		body, err := renderJSON(sound(v))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, schema, body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema refuses what JSON Feed 1.1 refuses.
func TestTheSchemaOfJSONFeedRefusesWhatIsNone(t *testing.T) {
	schema := jsonFeedSchema(t)
	const good = `{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://a.example/",` +
		`"feed_url":"https://a.example/feed.json","items":[{"id":"1","content_text":"x","date_published":"2026-03-14T09:26:53Z",` +
		`"authors":[{"name":"A"}],"attachments":[{"url":"https://a.example/1.mp3","mime_type":"audio/mpeg"}],"_ours":{"a":1}}]}`
	if err := validate(t, schema, []byte(good)); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string][2]string{
		"another version":           {"version/1.1", "version/1"},
		"no title":                  {`"title":"T",`, ``},
		"no feed_url":               {`"feed_url":"https://a.example/feed.json",`, ``},
		"a relative home_page_url":  {`"home_page_url":"https://a.example/"`, `"home_page_url":"/"`},
		"no items":                  {`"items":[`, `"_items":[`},
		"an id that is a number":    {`"id":"1"`, `"id":1`},
		"an empty id":               {`"id":"1"`, `"id":""`},
		"an item without a text":    {`"content_text":"x",`, ``},
		"a date without a zone":     {`09:26:53Z`, `09:26:53`},
		"a date that cannot be":     {`2026-03-14`, `2026-13-14`},
		"an author of nothing":      {`{"name":"A"}`, `{}`},
		"author, which is of 1.0":   {`"authors":[{"name":"A"}]`, `"author":{"name":"A"}`},
		"an attachment without one": {`,"mime_type":"audio/mpeg"`, ``},
		"a name nobody knows":       {`"_ours"`, `"ours"`},
	} {
		if bad := strings.Replace(good, change[0], change[1], 1); bad == good || validate(t, schema, []byte(bad)) == nil {
			t.Errorf("%s is taken", what)
		}
	}
}
