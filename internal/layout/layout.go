// Package layout keeps the project's import rule: who may know whom. It holds
// nothing but the test that reads every import of the tree.
package layout
