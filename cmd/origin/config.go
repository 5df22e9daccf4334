package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// hostGap is the rest that the written configuration keeps at each host.
const hostGap = time.Second

var configPage = template.Must(template.New("config").Funcs(template.FuncMap{"quote": strconv.Quote}).Parse(
	`# Written by origin, which serves all that this reads:
#
#     broadsheet -c {{.Path}} run
#
# Articles are in a database beside this file; remove it to begin anew.
site: {title: Load test, url: http://127.0.0.1:8080, id: load.example}
serve: {listen: 127.0.0.1:8080, admin: 127.0.0.1:8081}
store: load.db
fetch:
  every: {{.Poll}}
  floor: {{.Poll}}
  host_gap: {{.Gap}}
  allow_networks: [127.0.0.0/8]        # the origin is on this machine
{{- if .Hosts}}
  hosts:                               # one address, many ports: each is a host of its own
{{- range .Hosts}}
    {{quote .}}: {gap: {{$.Gap}}}
{{- end}}
{{- end}}
sections:
  - {name: everything, title: Everything, sources: ["*"], limit: 200}
{{- range .Tags}}
  - {name: only-{{.}}, title: {{quote .}}, sources: ["tag:{{.}}"]}
{{- end}}
sources:
{{- range .Feeds}}
  - {name: {{.Name}}, url: {{quote .URL}}, tags: [{{.Tag}}]{{if .Note}}, note: {{quote .Note}}{{end}}}
{{- end}}
`))

// writeConfig writes a configuration that reads everything, and makes its folder.
func writeConfig(o options, s *origin) error {
	type source struct{ Name, URL, Tag, Note string }
	page := struct {
		Path, Poll, Gap string
		Hosts, Tags     []string
		Feeds           []source
	}{Path: o.config, Poll: seconds(o.poll), Gap: seconds(hostGap)}
	used := map[string]bool{}
	for _, f := range s.feeds {
		used[f.behaviour] = true
		page.Feeds = append(page.Feeds, source{f.name, s.address(f), f.behaviour, f.variant})
	}
	for _, name := range order() {
		if used[name] {
			page.Tags = append(page.Tags, name)
		}
	}
	if !o.byAddress {
		for i := range len(s.at) {
			page.Hosts = append(page.Hosts, s.at[hostName(i)])
		}
	}
	var text strings.Builder
	if err := configPage.Execute(&text, page); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.config), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.config, []byte(text.String()), 0o644)
}

// seconds is a duration as the configuration takes it.
func seconds(d time.Duration) string { return fmt.Sprintf("%ds", int(d.Seconds())) }
