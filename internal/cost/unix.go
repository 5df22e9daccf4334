//go:build unix

package cost

import (
	"syscall"
	"time"
)

// processorTime is what this process has used of the processors so far.
func processorTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return time.Duration(time.Now().UnixNano())
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
