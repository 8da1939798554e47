package convert

import (
	"strings"

	"oots/edm"
)

// Response returns r in release line to, and what that costs; see Request.
func Response(r *edm.Response, to edm.Version, given Given) (*edm.Response, []Loss) {
	c := &conversion{from: r.Version, to: to}
	out := *r
	if r.Version == to {
		return &out, nil
	}
	out.Version = to
	c.bareID(&out.ID)
	out.Providers = append([]edm.Agent(nil), r.Providers...)
	for i := range out.Providers {
		a, path := &out.Providers[i], item("EvidenceProvider/Agent", i)
		c.classOf(a, path, edm.EvidenceProvider, edm.IntermediaryPlatform)
		a.Address = c.address(a.Address, path+"/Address")
		if a.Class == edm.EvidenceProvider {
			c.country(a, path)
		}
	}
	if given.ID == nil {
		given.ID = Derive(r.ID)
	}
	switch {
	case c.under(edm.V20):
		out.Packages = c.flatten(r.Packages)
	case c.over(edm.V20):
		out.Packages = c.wrap(r.Packages, given.ID)
	default:
		out.Packages = c.packages(r.Packages)
	}
	if c.from == edm.V10 && c.to != edm.V10 && out.Status != edm.Unavailable {
		lose(c, &out.AvailableAt, "ResponseAvailableDateTime", "when to ask again", "later lines have it with Unavailable only [R-EDM-RESP-S014]")
	}
	c.missing(edm.CheckResponse(r), edm.CheckResponse(&out))
	return &out, c.losses
}

// bareID takes urn:uuid: from the identifier of an answer, which 1.0 lets stand. [R-EDM-RESP-C003]
func (c *conversion) bareID(id *string) {
	if c.from == edm.V10 && c.to != edm.V10 && edm.IsURNUUID(*id) {
		*id = (*id)[strings.LastIndexByte(*id, ':')+1:]
		c.add(Changed, "EvidenceResponseIdentifier", "the identifier of the answer", "later lines want it without urn:uuid: [R-EDM-RESP-C003]")
	}
}

// packages copies the packages of a line that arranges documents in the same way.
func (c *conversion) packages(all []edm.Package) []edm.Package {
	var out []edm.Package
	for i := range all {
		p := edm.Package{ID: all[i].ID}
		for j := range all[i].Documents {
			p.Documents = append(p.Documents, c.document(&all[i].Documents[j], documentPath(i, j)))
		}
		out = append(out, p)
	}
	return out
}

func documentPath(i, j int) string { return item("Package", i) + "/" + item("Document", j) }
