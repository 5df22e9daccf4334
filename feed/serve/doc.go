// Package serve answers HTTP requests: Readers for everyone, from documents in
// memory, and Operator for whoever runs the program.
//
// It decides which representation of a document a request is for, whether the
// client has it already, and what caches may do with it (RFC 9110, RFC 9111).
// It must not know what a document says, how it was made or where it is stored;
// no answer to a reader waits for the store, and none depends on the Host that
// was asked for.
package serve
