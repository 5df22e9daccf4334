package main

import (
	"context"
	"fmt"
	"net/http"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/websub"
	"broadsheet/sources/fetch"
)

// hubsOf are the hubs that the paper's documents name: our own first, if it is one.
func hubsOf(conf *config.Paper) []string {
	var hubs []string
	if conf.WebSub.Hub {
		hubs = append(hubs, conf.Site.URL+feed.HubPath)
	}
	return append(hubs, conf.WebSub.Hubs...)
}

// newHub makes the hub of the paper, which also tells other hubs.
func (n *newsroom) newHub() *websub.Hub {
	return websub.New(websub.Options{
		Store: n.store, Client: caller{n.client}, Press: publish.One, Site: n.site,
		Own: n.conf.WebSub.Hub, Hubs: hubsOf(n.conf), Others: n.conf.WebSub.Hubs,
		Domain: func(url string) string {
			_, domain, err := fetch.HostOf(url)
			if err != nil {
				return "" // no callback is there, as the request will tell
			}
			return domain
		},
		Clock: n.clock, Log: n.log,
	})
}

// caller is the one client for all requests, as a hub sees it.
type caller struct{ client *fetch.Client }

// Get implements websub.Client.
func (c caller) Get(ctx context.Context, url string) (websub.Answer, error) {
	return c.call(ctx, fetch.Call{Method: http.MethodGet, URL: url})
}

// Post implements websub.Client.
func (c caller) Post(ctx context.Context, url, contentType string, header map[string]string, body []byte) (
	websub.Answer, error) {
	call := fetch.Call{Method: http.MethodPost, URL: url, ContentType: contentType, Body: body, Header: http.Header{}}
	for name, value := range header {
		call.Header.Set(name, value)
	}
	return c.call(ctx, call)
}

func (c caller) call(ctx context.Context, call fetch.Call) (websub.Answer, error) {
	reply, err := c.client.Call(ctx, call)
	return websub.Answer{Code: reply.Code, Body: reply.Body, RetryAfter: reply.RetryAfter}, err
}

// hubless says that a static site names a hub that it has not.
func (p *program) hubless(conf *config.Paper) {
	if conf.WebSub.Hub {
		fmt.Fprintf(p.stderr, "broadsheet: the feeds name the hub %s%s, which only `broadsheet run` is; "+
			"if no run serves that address, set websub.hub: false\n", conf.Site.URL, feed.HubPath)
	}
}
