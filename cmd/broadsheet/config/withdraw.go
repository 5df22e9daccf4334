package config

import (
	"strings"

	"broadsheet/feed"
)

// withdraw are the lines of what is taken back.
func (b *builder) withdraw() []string {
	var out []string
	for i := range b.file.Withdraw.Items {
		item := &b.file.Withdraw.Items[i]
		if !item.good() {
			continue
		}
		line := strings.TrimSpace(string(item.V))
		name, source := strings.CutPrefix(line, feed.WithdrawSource)
		switch {
		case line == "" || source && name == "":
			b.found.refuse(item.Pos, "withdraw", "is empty; write the id or the link of an article, or source:NAME")
		case !source && !strings.Contains(line, ":"):
			b.found.refuse(item.Pos, "withdraw", "%s is neither an id nor a link; write for example https://gulf.example/2026/storm, or source:NAME", quote(item.Raw))
		case source && b.sources[name] == (feed.Pos{}) && b.complete:
			// It may have left the file: what it left on archived pages is taken back.
			b.found.warn(item.Pos, "withdraw", "there is no source %q%s", name, b.nearSource(name))
			out = append(out, line)
		default:
			out = append(out, line)
		}
	}
	return out
}

// nearSource says which source may be meant.
func (b *builder) nearSource(name string) string {
	if near := Near(name, keysOf(b.sources)); near != "" {
		return "; did you mean " + near + "?"
	}
	return " now; what it left in archives is taken back"
}
