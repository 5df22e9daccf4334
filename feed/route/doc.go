// Package route decides which sections an entry belongs to, and says why.
//
// It compiles the rules of a configuration once and then is a pure function of
// the entry: no clock, no chance, no I/O, so that the same entry and the same
// configuration give the same sections on every machine, today and in ten
// years. It holds the law of matching, one and the same for every list of
// conditions; docs/matching.md tells it to users.
//
// It must not know where entries are stored, how a section is shown or what
// YAML is: positions come in as feed.Pos and go out in reasons and problems.
package route
