//go:build race

package normalise

// raceDetector: everything is many times slower than it is.
const raceDetector = true
