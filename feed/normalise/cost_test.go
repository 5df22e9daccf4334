package normalise

import (
	"runtime"
	"testing"
	"time"
)

// quick reports whether a thing takes no longer than a limit, at best of a few
// times: of the processor's time where the system tells, so that it matters little
// what else the machine is busy with.
func quick(t *testing.T, limit time.Duration, do func()) {
	t.Helper()
	var took time.Duration
	for range 8 {
		if took = cost(do); took <= limit*slack() {
			t.Logf("it took %s", took.Round(100*time.Microsecond))
			return
		}
	}
	t.Errorf("it took %s, more than %s", took.Round(time.Millisecond), limit)
}

func cost(do func()) time.Duration {
	runtime.GC()
	start := processorTime()
	do()
	return processorTime() - start
}

// slack is how much longer the race detector may take.
func slack() time.Duration {
	if raceDetector {
		return 20
	}
	return 1
}
