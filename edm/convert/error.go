package convert

import (
	"cmp"

	"oots/edm"
)

// Error returns e in release line to, and what that costs; see Request.
func Error(e *edm.ErrorResponse, to edm.Version) (*edm.ErrorResponse, []Loss) {
	c := &conversion{from: e.Version, to: to}
	out := *e
	if e.Version == to {
		return &out, nil
	}
	out.Version = to
	c.bareID(&out.ID)
	c.classOf(&out.Provider, "ErrorProvider/Agent", edm.ErrorProvider, edm.EvidenceProvider, edm.IntermediaryPlatform)
	out.Provider.Address = c.address(out.Provider.Address, "ErrorProvider/Agent/Address")
	c.country(&out.Provider, "ErrorProvider/Agent")
	out.Exceptions = c.exceptions(e)
	c.missing(edm.CheckError(e), edm.CheckError(&out))
	return &out, c.losses
}

// exceptions keeps all, or in 1.0 the one that matters: the preview link, or else the first. [R-EDM-ERR-S008]
func (c *conversion) exceptions(e *edm.ErrorResponse) []edm.Exception {
	all := append([]edm.Exception(nil), e.Exceptions...)
	if c.to == edm.V10 && len(all) > 1 {
		kept := 0
		for i := range all {
			if all[i].Preview != nil {
				kept = i
				break
			}
		}
		for i := range all {
			if i != kept {
				c.add(Lost, item("Exception", i), "a further exception", "1.0 has exactly one; several came with 1.1.2 [R-EDM-ERR-S008]")
			}
		}
		all = all[kept : kept+1]
	}
	for i := range all {
		if all[i].Preview != nil {
			p := *all[i].Preview
			c.method(&p, item("Exception", i)+"/PreviewMethod")
			all[i].Preview = &p
		}
	}
	return all
}

// method converts the HTTP method of a preview, which 2.0 does not name: it is GET. [R-EDM-ERR-S031]
func (c *conversion) method(p *edm.Preview, path string) {
	verb := cmp.Or(p.Method, "GET")
	switch {
	case !c.to.Before(edm.V20):
		if verb != "GET" {
			c.add(Lost, path, "the method of the preview", "2.0 has GET only: a preview that wants another cannot be opened [TDD 4.9 §5]")
		}
		p.Method = ""
	case c.under(edm.V20):
		p.Method = verb
		c.add(Invented, path, "the method of the preview: GET", "goes with the link up to 1.2 [R-EDM-ERR-S031]")
	case c.to == edm.V10 && verb == "PUT":
		p.Method = "GET"
		c.add(Lost, path, "the method of the preview", "1.0 has GET and POST only [R-EDM-ERR-C021]")
	}
}
