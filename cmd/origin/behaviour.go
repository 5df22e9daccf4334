package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/fakeweb"
)

// behaviour is one way to be an origin. Each of its variants is used in turn.
type behaviour struct {
	name     string
	does     string
	variants func(f feed) []variant
}

// variant is one handler of a behaviour, named for the configuration's notes.
type variant struct {
	name string
	h    http.Handler
}

// good and captured are the behaviours that nobody asks for by name.
const (
	good     = "good"
	captured = "corpus"
)

const (
	bombSize    = 10 << 30
	floodSize   = 1 << 10 // of one header
	floodCount  = 4 << 10
	dripRest    = 5 * time.Second
	holdLength  = 20 * time.Minute
	slowLeast   = 2 * time.Second
	slowMost    = 20 * time.Second
	cutAt       = 2000 // within the second or third item
	movedPrefix = "/moved"
)

// behaviours are all that can be asked for, in the order of the help.
var behaviours = []behaviour{
	{"slow", "answers after 2 to 20 seconds", slow},
	{"tarpit", "never answers; sends headers, or the body, drop by drop", tarpit},
	{"error", "500 always, 502 every second time, 404 always, connection broken off", failing},
	{"gone", "410", gone},
	{"held", "429 or 503 with Retry-After, in seconds or as a date, always or every second time", held},
	{"moved", "301, 308 or 302 to another path; a chain of five; a loop", moved},
	{"bomb", "10 GiB in gzip, br or zstd; 4 MiB of headers", bombs},
	{"html", "a page to log in, to consent, to prove one is human, … with and without links to feeds", html},
	{"broken", "an empty body, no items, XML cut off", broken},
	{"churn", "rewrites its articles: " + strings.Join(slices.Sorted(maps.Keys(fakeweb.Churns())), ", "), churning},
	{"validators", "ETag or Last-Modified only, none, weak, new ones in each answer, always 304", validators},
}

// behaviourHelp lists them for --help.
func behaviourHelp() string {
	var b strings.Builder
	for _, way := range behaviours {
		fmt.Fprintf(&b, "  %-11s %s\n", way.name, way.does)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func slow(f feed) []variant {
	return []variant{{"slow", fakeweb.SlowByChance(f.room.Seed, slowLeast, slowMost, f.sound())}}
}

func tarpit(f feed) []variant {
	return []variant{
		{"never answers", fakeweb.Hang()},
		{"header by header", fakeweb.HeaderDrip(dripRest)},
		{"body by bytes", fakeweb.BodyDrip("application/rss+xml", f.room.Feed(time.Now()), 1, dripRest)},
	}
}

func failing(f feed) []variant {
	return []variant{
		{"500", fakeweb.Status(http.StatusInternalServerError)},
		{"502 every second time", fakeweb.EveryNth(2, fakeweb.Status(http.StatusBadGateway), f.sound())},
		{"404", fakeweb.Status(http.StatusNotFound)},
		{"broken off", fakeweb.Truncated("application/rss+xml", f.room.Feed(time.Now()), cutAt)},
	}
}

func gone(feed) []variant { return []variant{{"410", fakeweb.Status(http.StatusGone)}} }

func held(f feed) []variant {
	busy := fakeweb.Hold(http.StatusTooManyRequests, holdLength)
	down := fakeweb.HoldUntil(http.StatusServiceUnavailable, holdLength)
	return []variant{
		{"429 in seconds", busy},
		{"503 until a date", down},
		{"429 every second time", fakeweb.EveryNth(2, busy, f.sound())},
		{"503 every second time", fakeweb.EveryNth(2, down, f.sound())},
	}
}

// away is where the feed lies as well, relative to its path: below a host's own
// address and below /HOST at the front alike.
func away(f feed) string { return strings.TrimPrefix(movedPrefix, "/") + f.path }

func moved(f feed) []variant {
	to := away(f)
	return []variant{
		{"301", fakeweb.Redirect(http.StatusMovedPermanently, to)},
		{"308", fakeweb.Redirect(http.StatusPermanentRedirect, to)},
		{"302", fakeweb.Redirect(http.StatusFound, to)},
		{"a chain", fakeweb.RedirectChain(http.StatusFound, 5, f.sound())},
		{"a loop", fakeweb.RedirectLoop(http.StatusMovedPermanently, 2)},
	}
}

func bombs(f feed) []variant {
	return []variant{
		{"gzip", fakeweb.Bomb("gzip", bombSize)},
		{"br", fakeweb.Bomb("br", bombSize)},
		{"zstd", fakeweb.Bomb("zstd", bombSize)},
		{"headers", fakeweb.HeaderFlood(floodCount, floodSize, f.sound())},
	}
}

func html(f feed) []variant {
	var list []variant
	excuses := fakeweb.Excuses()
	for _, name := range slices.Sorted(maps.Keys(excuses)) {
		list = append(list, variant{name, fakeweb.Instead(excuses[name])},
			variant{name + " with a link to a feed", fakeweb.Instead(excuses[name], away(f))})
	}
	return list
}

func broken(f feed) []variant {
	return []variant{
		{"empty", fakeweb.Empty("application/rss+xml")},
		{"no items", fakeweb.NoItems()},
		{"cut off", fakeweb.CutAfter(cutAt, f.sound())},
	}
}

func churning(f feed) []variant {
	var list []variant
	churns := fakeweb.Churns()
	for _, name := range slices.Sorted(maps.Keys(churns)) {
		room := f.room
		room.Churn = []fakeweb.Churn{churns[name]}
		list = append(list, variant{name, room.Handler(nil)})
	}
	return list
}

func validators(f feed) []variant {
	return []variant{
		{"ETag only", fakeweb.ETagOnly(f.sound())},
		{"Last-Modified only", fakeweb.LastModifiedOnly(f.sound())},
		{"none", fakeweb.NoValidators(f.sound())},
		{"weak", fakeweb.WeakETag(f.sound())},
		{"changing", fakeweb.ChangingValidators(f.sound())},
		{"rotating", fakeweb.RotatingValidators(f.sound())},
		{"always 304", fakeweb.AlwaysNotModified(f.sound())},
	}
}

// parseMix reads "tarpit=10%,error=5": how many of n feeds behave how. Every part
// that is not nothing is at least one feed.
func parseMix(mix string, n int) (map[string]int, error) {
	counts, sum := map[string]int{}, 0
	for part := range strings.SplitSeq(mix, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, amount, _ := strings.Cut(part, "=")
		if !slices.ContainsFunc(behaviours, func(b behaviour) bool { return b.name == name }) {
			return nil, fmt.Errorf("--behaviour: there is no %q; there are: %s", name, behaviourNames())
		}
		count, err := amountOf(amount, n)
		if err != nil {
			return nil, fmt.Errorf("--behaviour: %s is %q; write %s=10%% or a number of feeds", name, amount, name)
		}
		if counts[name] > 0 {
			return nil, fmt.Errorf("--behaviour: %s stands there twice", name)
		}
		counts[name] = count
		sum += count
	}
	if sum > n {
		return nil, fmt.Errorf("--behaviour: that is %d feeds of %d; take less, or more --feeds", sum, n)
	}
	return counts, nil
}

func behaviourNames() string {
	var names []string
	for _, b := range behaviours {
		names = append(names, b.name)
	}
	return strings.Join(names, " ")
}

// amountOf reads a share of n in per cent, or a number.
func amountOf(text string, n int) (int, error) {
	share, percent := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(share, 64)
	switch {
	case err != nil:
		return 0, err
	case !(value >= 0 && value <= 1e9) || percent && value > 100 || !percent && value != float64(int(value)):
		return 0, strconv.ErrRange
	case !percent:
		return int(value), nil
	case value > 0:
		return max(1, int(value*float64(n)/100+0.5)), nil
	default:
		return 0, nil
	}
}

// cast says which of n feeds has which behaviour, by the dice of seed, spread
// over all hosts.
func cast(counts map[string]int, n int, seed uint64) []string {
	roles := make([]string, 0, n)
	for _, b := range behaviours {
		for range counts[b.name] {
			roles = append(roles, b.name)
		}
	}
	for len(roles) < n {
		roles = append(roles, good)
	}
	dice := rand.New(rand.NewPCG(seed, 0))
	dice.Shuffle(n, func(i, j int) { roles[i], roles[j] = roles[j], roles[i] })
	return roles
}
