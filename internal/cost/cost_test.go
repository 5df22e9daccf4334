package cost

import (
	"testing"
	"time"
)

// spin uses the processor for at least d.
func spin(d time.Duration) {
	for start := processorTime(); processorTime()-start < d; {
	}
}

func TestOnlyTheProcessorsTimeCounts(t *testing.T) {
	const much = 30 * time.Millisecond
	if got := Of(func() { spin(much) }); got < much {
		t.Errorf("work for %v cost %v", much, got)
	}
	Within(t, time.Second, func() { spin(time.Millisecond) })
}

// verdict is a test that only notes whether it failed.
type verdict struct {
	testing.TB
	failed bool
}

func (*verdict) Helper()                 {}
func (*verdict) Logf(string, ...any)     {}
func (v *verdict) Errorf(string, ...any) { v.failed = true }

func TestWhatCostsTooMuchIsRefused(t *testing.T) {
	v := &verdict{TB: t}
	Within(v, time.Microsecond, func() { spin(time.Millisecond) })
	if !v.failed {
		t.Error("a millisecond passes for a microsecond")
	}
}

func TestAPaceIsWithinReason(t *testing.T) {
	got := pace()
	t.Logf("this machine takes %.1f times as long as the yardstick", got)
	if got < 1 || got > maxPace {
		t.Errorf("the pace is %v", got)
	}
}
