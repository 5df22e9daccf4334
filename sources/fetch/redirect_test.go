package fetch_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

func TestRedirectsAreFollowedHopByHop(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.HandlePage("old.example", "/a", fakeweb.Redirect(301, "/b"))
		w.HandlePage("old.example", "/b", fakeweb.Redirect(308, "https://new.example/c?d=e#f"))
		w.HandlePage("new.example", "/c", fakeweb.Redirect(302, "//cdn.example"))
		w.HandlePage("cdn.example", "/", fakeweb.Redirect(301, "/last"))
		w.Serve("cdn.example", "/last", "text/xml", []byte("here"))
		res := w.mustGet(t, "http://old.example/a", feed.Memo{})
		if string(res.Body) != "here" || res.Trace.URL != "https://cdn.example/last" {
			t.Errorf("got %q from %s", res.Body, res.Trace.URL)
		}
		if want := "https://new.example/c?d=e"; res.Trace.Permanent != want {
			t.Errorf("permanent: got %q, want %q", res.Trace.Permanent, want)
		}
		if res.Memo.URL != res.Trace.URL {
			t.Errorf("the validators are bound to %s", res.Memo.URL)
		}
		want := []string{"old.example", "old.example", "new.example", "cdn.example", "cdn.example"}
		if d := cmp.Diff(want, w.gate.hosts); d != "" {
			t.Errorf("gates -want +got\n%s", d)
		}
	})
}

func TestValidatorsOfTheFinalURLAreSentThereOnly(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("old.example", fakeweb.Redirect(301, "http://new.example/feed"))
		w.Serve("new.example", "/feed", "text/xml", []byte("x"))
		memo := w.mustGet(t, "http://old.example/feed", feed.Memo{}).Memo
		if res := w.mustGet(t, "http://old.example/feed", memo); !res.NotModified {
			t.Error("the second poll was not answered 304")
		}
		for _, r := range fakeweb.To(w.Log(), "old.example") {
			if r.Header.Get("If-None-Match") != "" {
				t.Error("old.example was shown the validators of new.example")
			}
		}
	})
}

func TestRedirectsThatLeadNowhere(t *testing.T) {
	for _, tc := range []struct {
		name, location, says string
		kind                 feed.Kind
	}{
		{"no location", "", "did not say where to", feed.KindRedirect},
		{"another scheme", "file:///etc/passwd", "http://", feed.KindRedirect},
		{"a script", "javascript:alert(1)", "http://", feed.KindRedirect},
		{"nonsense", "http://[", "an address that is none", feed.KindRedirect},
		{"itself", "/", "in a circle", feed.KindRedirect},
		{"itself in other letters", "HTTP://BAD.example:80/#x", "in a circle", feed.KindRedirect},
		{"a private address", "http://192.168.1.1/admin", "192.168.1.1 is private", feed.KindBlocked},
		{"this machine in IPv6", "http://[::ffff:127.0.0.1]:8080/", "this machine itself", feed.KindBlocked},
		{"a mail server's port", "http://93.184.215.14:25/", "port 25", feed.KindBlocked},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
				w.Handle("bad.example", fakeweb.Redirect(302, tc.location))
				_, err := w.get(t, "http://bad.example/", feed.Memo{})
				if feed.KindOf(err) != tc.kind || !strings.Contains(fmt.Sprint(err), tc.says) {
					t.Errorf("got %q: %v", feed.KindOf(err), err)
				}
			})
		})
	}
}

func TestTenRedirectsAreFollowedAndElevenAreNot(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		for i := range 20 {
			next := fakeweb.Redirect(302, fmt.Sprintf("/%d", i+1))
			w.HandlePage("far.example", fmt.Sprintf("/%d", i), next)
		}
		w.Serve("far.example", "/10", "text/xml", []byte("x"))
		w.mustGet(t, "http://far.example/0", feed.Memo{})
		w.Remove("far.example", "/10")
		w.HandlePage("far.example", "/10", fakeweb.Redirect(302, "/11"))
		w.Forget()
		_, err := w.get(t, "http://far.example/0", feed.Memo{})
		if feed.KindOf(err) != feed.KindRedirect || !strings.Contains(err.Error(), "more than 10") {
			t.Errorf("got %v", err)
		}
		if n := len(w.Log()); n != 11 {
			t.Errorf("%d requests were made", n)
		}
	})
}

func TestANameAndPasswordStayWithTheirOrigin(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.HandlePage("club.example", "/a", fakeweb.Redirect(302, "/b"))
		w.HandlePage("club.example", "/b", fakeweb.Redirect(302, "http://evil.example/c"))
		w.HandlePage("evil.example", "/c", fakeweb.Redirect(302, "http://evil:choice@club.example/d"))
		w.HandlePage("club.example", "/d", fakeweb.Status(401))
		res, err := w.get(t, "http://reader:canary@club.example/a", feed.Memo{})
		if feed.KindOf(err) != feed.KindDenied {
			t.Fatalf("got %v", err)
		}
		var sent []string
		for _, r := range w.Log() {
			user, password := "", ""
			if a := r.Header.Get("Authorization"); a != "" {
				user, password, _ = basic(a)
			}
			sent = append(sent, r.Host+r.Path+" "+user+":"+password)
		}
		want := []string{"club.example/a reader:canary", "club.example/b reader:canary",
			"evil.example/c :", "club.example/d :"}
		if d := cmp.Diff(want, sent); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
		if said := fmt.Sprintf("%v %+v", err, res); strings.Contains(said, "canary") {
			t.Errorf("the password is in %s", said)
		}
	})
}

func TestErrorsTellNoSecrets(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("club.example", fakeweb.Redirect(302, "/feed?token=canary"))
		for _, url := range []string{
			"http://reader:canary@club.example/feed?token=canary", // a circle
			"http://reader:canary@nowhere.example/?key=canary",
			"http://reader:canary@10.0.0.1/?key=canary",
			"http://reader:canary@club.example:x/?key=canary",
			"gopher://reader:canary@club.example/",
		} {
			_, err := w.get(t, url, feed.Memo{})
			for ; err != nil; err = unwrap(err) {
				if strings.Contains(err.Error(), "canary") {
					t.Errorf("%s: told in %q", url, err)
				}
			}
		}
	})
}

func TestManyPollsInFakeTimeLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		defer w.Close()
		w.Serve("gulf.example", "/feed", "text/xml", []byte("0"))
		c := fetch.New(fetch.Options{Dial: w.DialContext})
		defer c.Close()
		memo, changed := feed.Memo{}, 0
		for hour := range 48 {
			if hour%12 == 0 {
				w.Set("gulf.example", "/feed", fmt.Append(nil, hour))
			}
			req := fetch.Request{URL: "http://gulf.example/feed", Memo: memo}
			res, err := c.Get(t.Context(), &gate{}, req)
			if err != nil {
				t.Fatal(err)
			}
			if memo = res.Memo; !res.NotModified {
				changed++
			}
			sleepAnHour()
		}
		if changed != 4 {
			t.Errorf("%d polls brought a body, want 4", changed)
		}
		if gap, ok := fakeweb.Gap(w.Log()); !ok || gap.Hours() != 1 {
			t.Errorf("polls were %s apart", gap)
		}
	})
}

// T-28: a 301 that was sent once, by whoever had the origin for an hour, changes
// nothing here: the next poll asks the configured url again, and what the other
// place left behind is not believed of it.
func TestAMoveThatWasSentOnceChangesNothing(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		own := fakeweb.Raw([]byte("own"), "ETag", `"same"`)
		w.HandlePage("gulf.example", "/feed", fakeweb.InTurn(own, fakeweb.Redirect(301, "https://evil.example/feed"), own))
		w.HandlePage("evil.example", "/feed", fakeweb.Raw([]byte("evil"), "ETag", `"same"`, "Cache-Control", "max-age=999999999"))
		memo := feed.Memo{}
		for i, want := range []struct{ body, memo, permanent string }{
			{"own", "http://gulf.example/feed", ""},
			{"evil", "https://evil.example/feed", "https://evil.example/feed"},
			{"own", "http://gulf.example/feed", ""},
		} {
			res := w.mustGet(t, "http://gulf.example/feed", memo)
			if string(res.Body) != want.body || res.Memo.URL != want.memo || res.Trace.Permanent != want.permanent {
				t.Errorf("poll %d: %q, %+v, %+v", i, res.Body, res.Memo, res.Trace)
			}
			memo = res.Memo
		}
		var sent []string
		for _, r := range w.Log() {
			sent = append(sent, r.URL()+" "+r.Header.Get("If-None-Match"))
		}
		want := []string{"http://gulf.example/feed ", `http://gulf.example/feed "same"`, "https://evil.example/feed ", "http://gulf.example/feed "}
		if d := cmp.Diff(want, sent); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
	})
}
