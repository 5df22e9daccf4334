package article

import (
	"regexp"
	"strings"
)

// score is how well one text fits the truth about it: shares of all shingles of both
// that are in both (tp), only in ours (fp) and only in the truth (fn).
type score struct{ tp, fp, fn float64 }

// shingle is how many words in a row are compared: 4, as the benchmark of
// scrapinghub/article-extraction-benchmark has it (evaluate.py), which this follows.
const shingle = 4

var word = regexp.MustCompile(`[\p{L}\p{N}_\p{Mn}\p{Mc}]+`) // Python's \w

// shingles counts the runs of words of a text. A text shorter than one shingle is one.
func shingles(text string) map[string]int {
	words := word.FindAllString(text, -1)
	out := map[string]int{}
	for i := 0; i < max(1, len(words)-shingle+1); i++ {
		if key := strings.Join(words[i:min(i+shingle, len(words))], " "); key != "" {
			out[key]++
		}
	}
	return out
}

// match compares a text with the truth.
func match(truth, text string) score {
	want, got := shingles(truth), shingles(text)
	var s score
	for key, n := range want {
		both := min(n, got[key])
		s.tp += float64(both)
		s.fn += float64(n - both)
	}
	for key, n := range got {
		s.fp += float64(max(0, n-want[key]))
	}
	if sum := s.tp + s.fp + s.fn; sum > 0 {
		s.tp, s.fp, s.fn = s.tp/sum, s.fp/sum, s.fn/sum
	}
	return s
}

func (s score) precision() float64 {
	switch {
	case s.fp == 0 && s.fn == 0:
		return 1
	case s.tp == 0 && s.fp == 0:
		return 0
	}
	return s.tp / (s.tp + s.fp)
}

func (s score) recall() float64 {
	switch {
	case s.fp == 0 && s.fn == 0:
		return 1
	case s.tp == 0 && s.fn == 0:
		return 0
	}
	return s.tp / (s.tp + s.fn)
}

// averages are the benchmark's: means over pages, and F1 of these means.
type averages struct{ precision, recall, f1 float64 }

func mean(scores []score) averages {
	var f averages
	var predicted, truths float64
	for _, s := range scores {
		if s.tp+s.fp > 0 {
			predicted++
			f.precision += s.precision()
		}
		if s.tp+s.fn > 0 {
			truths++
			f.recall += s.recall()
		}
	}
	if predicted == 0 || truths == 0 {
		return averages{}
	}
	f.precision /= predicted
	f.recall /= truths
	if f.precision+f.recall > 0 {
		f.f1 = 2 * f.precision * f.recall / (f.precision + f.recall)
	}
	return f
}
