package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// podcastCategories are Apple's, which all directories of podcasts use: main
// categories, each with those below it.
var podcastCategories = map[string][]string{
	"Arts":             {"Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"},
	"Business":         {"Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"},
	"Comedy":           {"Comedy Interviews", "Improv", "Stand-Up"},
	"Education":        {"Courses", "How To", "Language Learning", "Self-Improvement"},
	"Fiction":          {"Comedy Fiction", "Drama", "Science Fiction"},
	"Government":       nil,
	"Health & Fitness": {"Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"},
	"History":          nil,
	"Kids & Family":    {"Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"},
	"Leisure": {"Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden",
		"Video Games"},
	"Music": {"Music Commentary", "Music History", "Music Interviews"},
	"News": {"Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News",
		"Tech News"},
	"Religion & Spirituality": {"Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"},
	"Science": {"Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences",
		"Nature", "Physics", "Social Sciences"},
	"Society & Culture": {"Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"},
	"Sports": {"Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running",
		"Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"},
	"TV & Film":  {"After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"},
	"Technology": nil,
	"True Crime": nil,
}

// category is one of podcastCategories: "Main", or "Main > Sub".
type category string

func (c *category) read(text string) error {
	main, sub, divided := strings.Cut(text, ">")
	main, sub = strings.TrimSpace(main), strings.TrimSpace(sub)
	*c = category(main)
	below, known := podcastCategories[main]
	switch {
	case !known:
		if above := mainOf(main); above != "" && !divided {
			return fmt.Errorf("is below another category; write %s > %s", above, main)
		}
		if near := Near(main, slices.Sorted(maps.Keys(podcastCategories))); near != "" {
			return fmt.Errorf("is none of Apple's categories; did you mean %s?", near)
		}
		return fmt.Errorf("is none of Apple's categories; they are %s",
			strings.Join(slices.Sorted(maps.Keys(podcastCategories)), ", "))
	case !divided:
		return nil
	case slices.Contains(below, sub):
		*c = category(main + " > " + sub)
		return nil
	case len(below) == 0:
		return fmt.Errorf("is none of Apple's categories; there is nothing below %s, write that alone", main)
	}
	return errors.New("is none of Apple's categories; below " + main + " there are " + strings.Join(below, ", "))
}

// mainOf is the main category of one below it; empty if there is no such one.
func mainOf(sub string) string {
	for _, main := range slices.Sorted(maps.Keys(podcastCategories)) {
		if slices.Contains(podcastCategories[main], sub) {
			return main
		}
	}
	return ""
}

func (*category) describe() map[string]any {
	var all []string
	for _, main := range slices.Sorted(maps.Keys(podcastCategories)) {
		all = append(all, main)
		for _, sub := range podcastCategories[main] {
			all = append(all, main+" > "+sub)
		}
	}
	return map[string]any{"anyOf": []any{
		map[string]any{"enum": all}, map[string]any{"type": "string", "pattern": `\$\{`},
	}}
}
