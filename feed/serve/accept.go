package serve

import "strings"

// prefersGzip reports whether a client that sent these Accept-Encoding fields
// is best served with gzip (RFC 9110 §12.5.3). A client that sent none is not:
// such clients are simple ones.
//
// Identity is served if nothing is acceptable: the client can read it, and an
// error would help nobody.
func prefersGzip(fields []string) bool {
	const unnamed = -1
	gzip, identity, star := unnamed, unnamed, unnamed
	for _, field := range fields {
		for field != "" {
			var member string
			member, field, _ = strings.Cut(field, ",")
			coding, weight := weighted(member)
			switch {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				gzip = max(gzip, weight)
			case strings.EqualFold(coding, "identity"):
				identity = weight
			case coding == "*":
				star = weight
			}
		}
	}
	if gzip == unnamed {
		gzip = star
	}
	return gzip > 0 && gzip >= identity
}

// weighted splits a member of a list as in "gzip;q=0.5" into its name and its
// weight in thousandths: 1000 if there is none, 0 if it is not a weight.
func weighted(member string) (name string, weight int) {
	name, parameters, found := strings.Cut(member, ";")
	name = trim(name)
	if !found {
		return name, 1000
	}
	q := trim(parameters)
	if len(q) < 3 || q[0]|0x20 != 'q' || q[1] != '=' {
		return name, 0
	}
	return name, thousandths(q[2:])
}

// thousandths reads a qvalue: 0 to 1 with up to three decimals.
func thousandths(q string) int {
	whole, decimals, _ := strings.Cut(q, ".")
	if whole != "0" && whole != "1" || len(decimals) > 3 {
		return 0
	}
	n, unit := int(whole[0]-'0')*1000, 100
	for i := range len(decimals) {
		if decimals[i] < '0' || decimals[i] > '9' {
			return 0
		}
		n += int(decimals[i]-'0') * unit
		unit /= 10
	}
	if n > 1000 {
		return 0
	}
	return n
}

// trim removes optional white space (RFC 9110 §5.6.3).
func trim(s string) string { return strings.Trim(s, " \t") }
