package feed_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"broadsheet/feed"
)

// T-38: an Access is printed, logged and marshalled without what it holds, alone
// and inside of what holds it.
func TestAnAccessTellsNoSecret(t *testing.T) {
	a := feed.Access{User: "canary", Password: "canary", Bearer: "canary", Headers: map[string]string{"X-Canary": "canary"},
		Certificate: []byte("canary"), Key: []byte("canary"), CA: []byte("canary"), Proxy: "http://canary:canary@proxy.example"}
	o := feed.Outlet{Name: "club", Feeds: []feed.Subscription{{URL: "https://club.example/", Access: a}}}
	var said []string
	for _, v := range []any{a, &a, o, &o, o.Feeds, o.Feeds[0], []feed.Access{a}, map[string]feed.Access{"a": a}, struct{ A any }{a}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%t", "%e", "%T"} {
			said = append(said, fmt.Sprintf(verb, v))
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		said = append(said, string(text), fmt.Sprint(v), fmt.Sprintln(v), fmt.Errorf("x: %v", v).Error())
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Error("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Error("x", "v", v, slog.Group("g", "v", v))
		said = append(said, log.String())
	}
	text, err := xml.Marshal(o.Feeds[0].Access)
	if err != nil {
		t.Error(err)
	}
	said = append(said, string(text), a.String(), a.GoString(), a.LogValue().String(), fmt.Sprint(recovered(a)))
	for _, s := range said {
		// In hexadecimal too, and as a list of numbers.
		for _, form := range []string{"canary", "Canary", "63616e617279", "63616E617279", "99 97 110 97 114 121", "Y2FuYXJ5"} {
			if strings.Contains(s, form) {
				t.Errorf("told in %s", s)
			}
		}
	}
	if want := "access(password, token, headers, certificate, authority, proxy)"; a.String() != want {
		t.Errorf("it is called %s", a)
	}
	if feed.Access.String(feed.Access{}) != "access()" {
		t.Error("an empty one says that it holds something")
	}
}

// recovered is what a panic with v says.
func recovered(v any) (what any) {
	defer func() { what = recover() }()
	panic(v)
}

func TestWhatIsACredential(t *testing.T) {
	for _, tc := range []struct {
		a    feed.Access
		want bool
	}{
		{feed.Access{}, false},
		{feed.Access{User: "a"}, true},
		{feed.Access{Password: "a"}, true},
		{feed.Access{Bearer: "a"}, true},
		{feed.Access{Certificate: []byte("a"), Key: []byte("b")}, true},
		{feed.Access{Headers: map[string]string{"X-Api-Key": "a"}}, true},
		{feed.Access{Headers: map[string]string{"User-Agent": "a", "Accept": "b", "From": "c", "Accept-Language": "d"}}, false},
		{feed.Access{CA: []byte("a"), Proxy: "http://u:p@proxy.example"}, false},
		{feed.Access{Missing: "proxy"}, false},
	} {
		if got := tc.a.Credentials(); got != tc.want {
			t.Errorf("%s: %t", tc.a, got)
		}
		if zero := tc.a.IsZero(); zero != (tc.a.String() == "access()") {
			t.Errorf("%s: zero is %t", tc.a, zero)
		}
	}
}

func TestQueriesThatHoldASecret(t *testing.T) {
	for url, want := range map[string]bool{
		"https://gulf.example/feed": false, "https://gulf.example/?page=2&lang=en": false,
		"https://gulf.example/?channel_id=UCabcdefgh0123456789abcd": false, "https://gulf.example/?token=": false,
		"https://u:p@gulf.example/": false, "https://u:p@gulf.example/?sid=1": true, "https://gulf.example/?a=1&token=x": true,
		// Names that only look like secrets, and those that are.
		"https://gulf.example/?feed=rss2&author=3": false, "https://gulf.example/?authors=a,b": false, "https://gulf.example/?author_name=noor": false,
		"https://gulf.example/?post-author=3": false, "https://gulf.example/?coauthor=3": false, "https://gulf.example/?authority=port": false,
		"https://gulf.example/?secretariat=1": false, "https://gulf.example/?possession=1": false,
		"https://gulf.example/?authorization=x": true, "https://gulf.example/?Authorisation=x": true, "https://gulf.example/?auth=x": true,
		"https://gulf.example/?author_token=x": true, "https://gulf.example/?oauth=x": true, "https://gulf.example/?authenticity=x": true,
		"https://gulf.example/?client_secret=x": true, "https://gulf.example/?sessionid=x": true, "https://gulf.example/?author_auth=x": true,
		// Values that look like keys, and those that do not.
		"https://gulf.example/?u=9f8a7b6c5d4e3f2a1b0c9d8e": true, "https://gulf.example/?9f8a7b6c5d4e3f2a1b0c9d8e": true,
		"https://gulf.example/?9f8a7b6c5d4e3f2a1b0c9d8e=": true, "https://gulf.example/?u=9f8a7b6c-5d4e-3f2a-1b0c-9d8e7f6a5b4c": true,
		"https://gulf.example/?u=%39f8a7b6c5d4e3f2a1b0c9d8e": true, "https://gulf.example/?u=Zm9vYmFyYmF6cXV4MTIz%2Bw%3D%3D": true,
		"https://gulf.example/?topic=the-budget-of-2030-in-words": false, "https://gulf.example/?n=123456789012345678901234": false,
		"https://gulf.example/?q=storm+in+the+gulf+2030": false, "https://gulf.example/?q=storm%20in%20the%20gulf%202030": false,
		"https://gulf.example/?q=%D8%A7%D9%84%D8%AE%D9%84%D9%8A%D8%AC": false, "https://gulf.example/?u=https%3A%2F%2Fport.example%2F2030": false,
		"https://gulf.example/?playlist_id=PLabcdefgh0123456789abcd": false, "https://gulf.example/?list_id=PLabcdefgh0123456789abcd": true,
		"https://gulf.example/?%74oken=x": true, "https://gulf.example/?API_KEY=x": true, "https://gulf.example/?code=x": true,
	} {
		if got := feed.SecretQuery(url); got != want {
			t.Errorf("%s: %t", url, got)
		}
	}
}
