package route

import "strings"

// linkParents finds the parents of sections, and the order in which they gather what
// is in their children: children first, so that a grandparent gets it too.
func (c *compiler) linkParents() {
	byName := make(map[string]int, len(c.router.sections))
	for i, s := range c.router.sections {
		if _, twice := byName[s.Name]; !twice {
			byName[s.Name] = i
		}
	}
	parents := make([]int, len(c.router.sections))
	for i := range c.router.sections {
		s := &c.router.sections[i]
		parents[i] = -1
		if s.Parent == "" {
			continue
		}
		p, ok := byName[s.Parent]
		if !ok {
			c.problem(s.ParentPos, "parent", "there is no section %s; %s", s.Parent, hint(s.Parent, c.sectionNames()))
			continue
		}
		parents[i] = p
		c.router.sections[p].gathers = append(c.router.sections[p].gathers, i)
	}
	c.orderParents(parents)
}

// orderParents lists the sections that gather others after all that they gather, and
// refuses circles. parents are those of all sections, -1 for none.
func (c *compiler) orderParents(parents []int) {
	waits := make([]int, len(parents)) // for so many that it gathers
	var ready []int
	for i := range c.router.sections {
		if waits[i] = len(c.router.sections[i].gathers); waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	for at := 0; at < len(ready); at++ { // it grows on the way
		i := ready[at]
		if len(c.router.sections[i].gathers) > 0 {
			c.router.gather = append(c.router.gather, i)
		}
		if p := parents[i]; p >= 0 {
			if waits[p]--; waits[p] == 0 {
				ready = append(ready, p)
			}
		}
	}
	for i := range waits { // what still waits, waits for itself
		if waits[i] > 0 {
			c.refuseCircle(i, parents, waits)
		}
	}
}

// refuseCircle tells that a section is its own parent, by way of others.
func (c *compiler) refuseCircle(first int, parents, waits []int) {
	var names []string
	for i := first; waits[i] > 0; i = parents[i] {
		waits[i] = 0
		names = append(names, c.router.sections[i].Name)
	}
	s := &c.router.sections[first]
	if len(names) == 1 {
		c.problem(s.ParentPos, "parent", "a section cannot be its own parent; name another one, or take it out")
		return
	}
	way := strings.Join(names[1:min(len(names), few)], ", ")
	if len(names) > few {
		way += " and others"
	}
	c.problem(s.ParentPos, "parent", "%s would be its own parent by way of %s; take one of these parents out",
		s.Name, way)
}

func (c *compiler) sectionNames() []string {
	names := make([]string, len(c.spec.Sections))
	for i, s := range c.spec.Sections {
		names[i] = s.Name
	}
	return names
}

// gatherInto puts an entry into a section because it is in one that the section
// gathers, unless something else decided about it before.
func (r *Router) gatherInto(i int, decisions []decision) {
	d := &decisions[i]
	if d.entered != nil {
		return
	}
	for _, child := range r.sections[i].gathers {
		if decisions[child].in {
			d.enter(entrance{child: &r.sections[child]})
			return
		}
	}
}
