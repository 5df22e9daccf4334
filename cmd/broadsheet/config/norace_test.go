//go:build !race

package config

// raceEnabled: the race detector slows everything down, so times say nothing.
const raceEnabled = false
