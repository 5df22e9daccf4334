package siterule

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder writes files and loads them as rules.
func folder(t *testing.T, files map[string]string) (*Folder, []Problem) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "old.example.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, problems, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f, problems
}

func TestAHostHasItsOwnRuleElseTheOneAboveIt(t *testing.T) {
	f, problems := folder(t, map[string]string{
		"post.example.txt":              "title: //own",
		".post.example.txt":             "title: //below",
		".north.post.example.txt":       "title: //north",
		"sport.post.example.txt":        "title: //sport",
		"Mixed.Example.txt":             "title: //mixed",
		"xn--hafenbltt-12a.example.txt": "title: //umlaut",
		"www.old-way.example.txt":       "title: //www",
		"LICENSE.txt":                   "You may use this.",
		"README.md":                     "title: //readme",
		"bad.example.txt":               "titel: //x",
		"www.post.example.txt":          "title: //www-post",
		"www.zinc.example.txt":          "title: //www-zinc",
		"zinc.example.txt":              "title: //zinc",
		"long.example.txt":              strings.Repeat("#", maxFile+1),
	})
	if len(problems) != 2 || problems[0].File != "bad.example.txt" || problems[1].File != "long.example.txt" {
		t.Errorf("the problems are %v", problems)
	}
	for host, want := range map[string]string{
		"post.example":           "//own",
		"www.post.example":       "//own",
		"WWW.Post.Example.":      "//own",
		"sport.post.example":     "//sport",
		"www.sport.post.example": "//sport",
		"news.post.example":      "//below",
		"a.b.post.example":       "//below",
		"a.north.post.example":   "//north", // the longest wins
		"north.post.example":     "//below", // .north… is for what is below it
		"mixed.example":          "//mixed",
		"hafenblätt.example":     "//umlaut",
		"old-way.example":        "//www",
		"zinc.example":           "//zinc",
		"outpost.example":        "",
		"example":                "",
		"":                       "",
		"license":                "",
	} {
		got := ""
		for l := range f.For(host).all(title) {
			got += l.value
		}
		if got != want {
			t.Errorf("%q has the rule %q, want %q", host, got, want)
		}
	}
}

func TestTheRuleForAllSitesComesAfterEachUnlessItStandsAlone(t *testing.T) {
	f, _ := folder(t, map[string]string{
		"global.txt":       "title: //meta\nstrip: //ad",
		"post.example.txt": "title: //h1",
		"sole.example.txt": "title: //h1\nautodetect_on_failure: no",
	})
	for host, want := range map[string]string{
		"post.example": "title: //h1, title: //meta, strip: //ad", "other.example": "title: //meta, strip: //ad",
		"sole.example": "title: //h1, autodetect_on_failure: no", "global": "title: //meta, strip: //ad",
	} {
		var got []string
		for l := range f.For(host).each {
			got = append(got, string(l.directive)+": "+l.value)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s has %v, want %s", host, got, want)
		}
	}
}

func TestAFoldersVersionChangesWithItsRules(t *testing.T) {
	version := func(files map[string]string) string { f, _ := folder(t, files); return f.Version() }
	one := version(map[string]string{"a.example.txt": "body: //p", "b.example.txt": "body: //q"})
	if one == "" || one != version(map[string]string{"a.example.txt": "# the same\nbody: //p", "b.example.txt": "body: //q"}) {
		t.Error("the same rules have another version")
	}
	if one == version(map[string]string{"a.example.txt": "body: //q", "b.example.txt": "body: //p"}) {
		t.Error("rules of other hosts have the same version")
	}
}

func TestAFolderTellsItsFiles(t *testing.T) {
	f, _ := folder(t, map[string]string{".post.example.txt": "title: //p", "www.a.example.txt": "title: //q", "global.txt": "title: //r"})
	var got []string
	for _, file := range f.Files() {
		for l := range file.Rule.each {
			got = append(got, file.Name+" "+file.Host+" "+l.value)
		}
	}
	want := ".post.example.txt .post.example //p, global.txt global //r, www.a.example.txt a.example //q"
	if strings.Join(got, ", ") != want || (*Folder)(nil).Files() != nil {
		t.Errorf("they are %q", got)
	}
}

func TestAFolderThatCannotBeReadIsSaid(t *testing.T) {
	_, _, err := Load(filepath.Join(t.TempDir(), "gone"))
	if err == nil || !strings.Contains(err.Error(), "the folder of site rules cannot be read") {
		t.Errorf("it says %v", err)
	}
}
