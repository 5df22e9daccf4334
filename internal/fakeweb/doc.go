// Package fakeweb is a web in memory: any number of hosts, spoken to over
// net.Pipe by a real HTTP server, with no socket and no name lookup. The tests
// poll it, the demonstration reads its sample origins from it, and cmd/origin
// lets it listen on loopback for load tests, see Listen.
//
// It decides how an origin answers: static pages with validators of every kind,
// scripted statuses, redirects, delays, tarpits, bombs and broken bodies, all of
// them handlers that can be put into one another; and feeds that are written as
// time passes by a Newsroom, which knows the truth about its articles whatever
// Churn makes of them. It must not know what asks it or why; it only keeps a log,
// which Judge judges.
//
// A host answers the same over http and https. Port 443 speaks TLS (HTTP/2 too)
// with a certificate of the web's own authority, see Roots; every other port is
// plain HTTP. A client that does not trust that authority waits for its own
// timeout: a pipe holds no bytes, so its alert meets a server that is writing.
//
// Everything in it blocks only on channels, timers and pipes, so a Web that is
// made inside a testing/synctest bubble runs in the bubble's time, and after
// Close nothing of it is left to keep the bubble from ending.
package fakeweb
