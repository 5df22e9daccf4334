// Package cost measures what a thing costs, for tests of limits: it decides how the
// processor's time is counted and how much longer the race detector may take. It
// must not know what is measured.
package cost

import (
	"runtime"
	"testing"
	"time"
)

// tries is how often a thing may be tried: the machine may be busy with others.
const tries = 8

// raceSlack is how many times as long the race detector may take.
const raceSlack = 20

// Within reports whether do takes no longer than limit, at best of a few times: of
// the processor's time where the system tells, so that it matters little what else
// the machine is busy with.
func Within(t testing.TB, limit time.Duration, do func()) {
	t.Helper()
	allowed := limit
	if Race {
		allowed *= raceSlack
	}
	var took time.Duration
	for range tries {
		if took = Of(do); took <= allowed {
			t.Logf("it took %s", took.Round(100*time.Microsecond))
			return
		}
	}
	t.Errorf("it took %s, more than %s", took.Round(time.Millisecond), limit)
}

// Of is how much of the processor's time do takes.
func Of(do func()) time.Duration {
	runtime.GC()
	start := processorTime()
	do()
	return processorTime() - start
}
