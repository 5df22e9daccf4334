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

// yardstick is what the piece of work that measure does costs on the machine that
// limits are meant for, and maxPace how much slower another may be.
const (
	yardstick = 5 * time.Millisecond
	maxPace   = 4
)

// raceSlack is how many times as long the race detector may take.
const raceSlack = 20

// Within reports whether do takes no longer than limit, at best of a few times: of
// the processor's time where the system tells, so that it matters little what else
// the machine is busy with. A machine that is slower at a known piece of work at the
// same moment may be as much slower at do.
func Within(t testing.TB, limit time.Duration, do func()) {
	t.Helper()
	var took time.Duration
	for range tries {
		allowed := limit * raceSlack
		if !Race {
			allowed = time.Duration(pace() * float64(limit))
		}
		if took = Of(do); took <= allowed {
			t.Logf("it took %s", took.Round(100*time.Microsecond))
			return
		}
	}
	t.Errorf("it took %s, more than %s", took.Round(time.Millisecond), limit)
}

// pace is how many times as long as the yardstick this machine takes just now: from
// 1 to maxPace.
func pace() float64 {
	const rounds, size = 8, 1 << 16
	took := Of(func() {
		seen := map[uint32]int{}
		block := make([]byte, size)
		for range rounds {
			sum := uint32(2166136261) // FNV-1a: what parsers do, byte by byte
			for i, b := range block {
				sum = (sum ^ uint32(b)) * 16777619
				block[i] = byte(sum)
				if i%16 == 0 {
					seen[sum] = i
				}
			}
		}
	})
	return min(max(float64(took)/float64(yardstick), 1), maxPace)
}

// Of is how much of the processor's time do takes.
func Of(do func()) time.Duration {
	runtime.GC()
	start := processorTime()
	do()
	return processorTime() - start
}
