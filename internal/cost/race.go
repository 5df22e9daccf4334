//go:build race

package cost

// Race: the race detector makes everything several times slower and larger.
const Race = true
