package serve

import "strings"

// coding is a content coding, in the order of preference where a client takes several
// equally: brotli leaves the fewest bytes of a feed, and all three are decoded at the
// same pace as they come in.
type coding int

const (
	identity coding = iota
	gzip
	zstd
	brotli
	codings // how many there are
)

// tokens are the names of codings in Content-Encoding, and suffixes what tells a copy's
// entity tag from the others': they are different bytes, so a strong tag must differ
// (RFC 9110 §8.8.3.3).
var (
	tokens   = [codings]string{"identity", "gzip", "zstd", "br"}
	suffixes = [codings]string{"", "-gzip", "-zstd", "-br"}
)

// choose gives the coding that a client which sent these Accept-Encoding fields is best
// served with (RFC 9110 §12.5.3), of those that there are. A client that sent none gets
// no coding: such clients are simple ones.
//
// Identity is served if nothing is acceptable: the client can read it, and an
// error would help nobody.
func (c *copies) choose(fields []string) coding {
	const unnamed = -1
	weights, star := [codings]int{unnamed, unnamed, unnamed, unnamed}, unnamed
	for _, field := range fields {
		for field != "" {
			var member string
			member, field, _ = strings.Cut(field, ",")
			name, weight := weighted(member)
			switch {
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				weights[gzip] = max(weights[gzip], weight)
			case strings.EqualFold(name, "br"):
				weights[brotli] = weight
			case strings.EqualFold(name, "zstd"):
				weights[zstd] = weight
			case strings.EqualFold(name, "identity"):
				weights[identity] = weight
			case name == "*":
				star = weight
			}
		}
	}
	best, most := identity, weights[identity]
	for k := gzip; k < codings; k++ {
		weight := weights[k]
		if weight == unnamed {
			weight = star
		}
		if weight > 0 && weight >= most && c.variants[k].tag != "" {
			best, most = k, weight
		}
	}
	return best
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
