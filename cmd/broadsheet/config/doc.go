// Package config reads config.yaml: it decides what the file may say, what
// stands where it says nothing, and how what is wrong with it is told.
//
// A file goes through five steps: bytes to YAML nodes (parse.go, and slip.go for
// the usual slips), nodes to typed values that know where they were written
// (decode.go, by the types of file.go and value.go), included files and lists
// (load.go, list.go), the domain's types (site.go, source.go, section.go), and
// last the router's own judgement of the rules. Every step reports all that it
// finds and goes on. The same types describe themselves as JSON Schema
// (schema.go).
//
// It must not know how anything is fetched, stored, routed or published, and it
// never writes a file.
package config
