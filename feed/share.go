package feed

// Share is how many entries of one source the section shows: the smaller of
// MaxPerSource and of MaxShare percent of Limit, rounded up, so that a share of
// anything is at least one. 0 is any number. Without a Limit there is nothing to take
// a share of.
func (s Section) Share() int {
	n := s.MaxPerSource
	if s.MaxShare > 0 && s.Limit > 0 {
		if part := (s.Limit*s.MaxShare + 99) / 100; n == 0 || part < n {
			n = part
		}
	}
	return n
}
