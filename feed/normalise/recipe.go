package normalise

import (
	"fmt"
	"strings"
	"time"

	"broadsheet/feed"
)

// Recipe is the version of the normaliser together with the settings of an
// outlet that Make uses. zone and names are those that Make is given. Another recipe
// means that the outlet's entries are to be made anew.
func Recipe(o feed.Outlet, zone *time.Location, names *Vocabulary) string {
	var b strings.Builder
	put := func(parts ...string) {
		for _, p := range parts {
			fmt.Fprintf(&b, "%d:%s", len(p), p) // lengths keep the parts apart
		}
		b.WriteByte(';')
	}
	put("language", o.Language)
	put("zone", zoneOrUTC(zone).String())
	put("origin", o.Title, o.Link, o.Image)
	put("rights", o.Rights)
	put(append([]string{"categories"}, o.Categories...)...)
	for _, f := range o.Feeds {
		if len(f.Categories) > 0 {
			put(append([]string{"feed", f.URL}, f.Categories...)...)
		}
	}
	if names != nil && len(names.names) > 0 {
		put("vocabulary", names.digest)
	}
	return Version + "-" + hash(b.String())[:recipeDigits]
}

// recipeDigits of a hash are plenty to tell the settings of one outlet apart.
const recipeDigits = 16

func zoneOrUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
