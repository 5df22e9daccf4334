//go:build !race

package cost

// Race: the race detector is off.
const Race = false
