package edmxml

import (
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/regrep"
	"oots/xml/xmltree"
)

// packages reads the top-level objects of an answer. What is no package is refused and not read: a flat
// list is the form of the 1.x lines. [R-EDM-RESP-S066]
func (r *reader) packages(list *xmltree.Element, q *edm.Response) {
	r.judgeObjectRules()
	r.judgePackageRules()
	for o := range list.All(regrep.NamespaceRIM, "RegistryObject") {
		if !r.Check("R-EDM-RESP-S066", regrep.TypeOf(o) == regrep.RegistryPackage, o, string(regrep.TypeOf(o)), "rim:RegistryPackageType") {
			continue
		}
		q.Packages = append(q.Packages, r.pack(o))
	}
}

// judgeObjectRules marks what is decided on each document, whatever the line.
func (r *reader) judgeObjectRules() {
	r.Judge("R-EDM-RESP-S015", "R-EDM-RESP-S024", "R-EDM-RESP-S029", "R-EDM-RESP-S030", "R-EDM-RESP-S033", "R-EDM-RESP-S034",
		"R-EDM-RESP-S035", "R-EDM-RESP-S036", "R-EDM-RESP-S037", "R-EDM-RESP-S041", "R-EDM-RESP-S042", "R-EDM-RESP-C045", "R-EDM-RESP-C058")
}

// judgePackageRules marks what is decided on packages and associations. The assertion of C050 does not reach
// documents in packages, so it is not asked of others.
func (r *reader) judgePackageRules() {
	r.Judge("R-EDM-RESP-S046", "R-EDM-RESP-S047", "R-EDM-RESP-S048", "R-EDM-RESP-S049", "R-EDM-RESP-S050", "R-EDM-RESP-S062",
		"R-EDM-RESP-S063", "R-EDM-RESP-S065", "R-EDM-RESP-C050")
}

// A member is one object inside a package, as the rules on associations need it.
type member struct {
	e          *xmltree.Element
	id         string
	kind       edm.DocumentKind
	index      int    // in Package.Documents; -1 for an association
	assoc      string // type of the association
	from, into string // its source and target
}

func (r *reader) pack(e *xmltree.Element) edm.Package {
	p := edm.Package{ID: r.objectID(e)}
	lists := 0
	var members []member
	for list := range e.All(regrep.NamespaceRIM, "RegistryObjectList") {
		lists++
		mains := 0
		for o := range list.All(regrep.NamespaceRIM, "RegistryObject") {
			m := r.member(o, &p)
			members = append(members, m)
			if m.kind == edm.MainEvidence {
				mains++
			}
		}
		r.Check("R-EDM-RESP-S047", mains > 0, list, "", "a main evidence in the package")
	}
	r.Check("R-EDM-RESP-S046", lists == 1, e, "", "exactly one nested RegistryObjectList")
	r.associations(members, &p)
	return p
}

func (r *reader) objectID(e *xmltree.Element) string {
	id, ok := e.Attr("", "id")
	if r.Check("R-EDM-RESP-S036", ok, e, "", "an id") {
		r.Check("R-EDM-RESP-S037", r.set.IsURNUUID(strings.TrimSpace(id)), e, id, "urn:uuid: and a UUID")
	}
	return id
}

// member reads a document into p, or an association.
func (r *reader) member(e *xmltree.Element, p *edm.Package) member {
	m := member{e: e, index: -1, id: r.objectID(e)}
	if regrep.TypeOf(e) == regrep.AssociationClass {
		m.assoc, _ = e.Attr("", "type")
		var source, target bool
		m.from, source = e.Attr("", "sourceObject")
		m.into, target = e.Attr("", "targetObject")
		r.Check("R-EDM-RESP-S051", source, e, "", "a sourceObject")
		r.Check("R-EDM-RESP-S055", target, e, "", "a targetObject")
		return m
	}
	d := edm.Document{ObjectID: m.id}
	d.Kind, d.ClassificationID = r.documentKind(e)
	r.itemRef(e, &d)
	r.packed(e, &d)
	m.kind, m.index = d.Kind, len(p.Documents)
	p.Documents = append(p.Documents, d)
	return m
}

func (r *reader) documentKind(e *xmltree.Element) (kind edm.DocumentKind, id string) {
	n := 0
	for c := range e.All(regrep.NamespaceRIM, "Classification") {
		cid, _ := c.Attr("", "id")
		r.Check("R-EDM-RESP-S065", edm.IsURNUUID(cid), c, cid, "urn:uuid: and a UUID")
		if scheme, _ := c.Attr("", "classificationScheme"); scheme != classificationScheme {
			continue
		}
		n++
		node, _ := c.Attr("", "classificationNode")
		r.Check("R-EDM-RESP-S049", r.set.Has(codelist.DocumentKinds, node), c, node, "MainEvidence, Annex, HumanReadableVersion or Translation")
		if n == 1 {
			kind, id = edm.DocumentKind(node), cid
		}
	}
	r.Check("R-EDM-RESP-S048", n == 1, e, "", "exactly one classification of "+classificationScheme)
	return kind, id
}

// itemRef reads the reference to the part. The rules ask for it where the status says that the document is there.
func (r *reader) itemRef(e *xmltree.Element, d *edm.Document) {
	ref := e.First(regrep.NamespaceRIM, "RepositoryItemRef")
	r.Check("R-EDM-RESP-S033", ref != nil || !r.delivers, e, "", "a RepositoryItemRef")
	if ref == nil {
		return
	}
	href, linked := ref.Attr(regrep.NamespaceXLink, "href")
	title, titled := ref.Attr(regrep.NamespaceXLink, "title")
	r.Check("R-EDM-RESP-S034", linked || !r.delivers, ref, "", "an xlink:href")
	r.Check("R-EDM-RESP-S035", titled || !r.delivers, ref, "", "an xlink:title")
	id, cid := strings.CutPrefix(href, "cid:")
	r.Check("R-EDM-RESP-C042", cid || !linked, ref, href, "cid: and the Content-ID of a part")
	d.Title = title
	if cid {
		d.ContentID = id
	}
}
