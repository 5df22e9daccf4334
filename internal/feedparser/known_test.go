package feedparser

// known are the cases that are not met, each with the reason.
var known = []struct{ why, cases string }{}
