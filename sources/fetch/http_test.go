package fetch

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"broadsheet/internal/fakeweb"
)

// TestALibrarysClientHasTheSameGuards: private addresses are refused, redirects are not
// followed, and an answer is bounded.
func TestALibrarysClientHasTheSameGuards(t *testing.T) {
	web := fakeweb.New()
	defer web.Close()
	web.Handle("authority.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "http://127.0.0.1/", http.StatusFound)
		case "/long":
			_, _ = io.Copy(w, io.LimitReader(zeros{}, maxLibraryBody+1))
		}
	}))
	client := New(Options{Dial: web.DialContext})
	defer client.Close()
	get := func(url string) (int, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.HTTP().Do(r)
		if err != nil {
			return 0, err
		}
		defer answer.Body.Close()
		_, err = io.ReadAll(answer.Body)
		return answer.StatusCode, err
	}
	if code, err := get("http://authority.example/moved"); code != 302 || err != nil {
		t.Errorf("a redirect: %d, %v", code, err)
	}
	if _, err := get("http://authority.example/long"); err == nil {
		t.Error("an answer of any length is read")
	}
	if _, err := get("http://127.0.0.1/"); err == nil || !strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("an address of this machine: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }
