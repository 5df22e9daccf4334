//go:build race

package syndication

// raceDetector: everything is many times slower than it is.
const raceDetector = true
