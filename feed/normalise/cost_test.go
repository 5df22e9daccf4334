package normalise

import (
	"runtime"
	"time"
)

// bestOf is the shortest of three times that a thing takes, of the processor's time
// where the system tells: what it costs, not what else the machine is busy with.
func bestOf(do func()) time.Duration { return min(cost(do), cost(do), cost(do)) }

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
