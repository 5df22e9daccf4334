//go:build race

package fetch_test

// raceEnabled: the race detector makes everything several times slower and larger.
const raceEnabled = true
