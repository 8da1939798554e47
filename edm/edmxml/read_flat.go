package edmxml

import (
	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// flat reads the documents of an answer up to 1.2, which stand beside each other. Each becomes a package of its
// own, whose one document is the main evidence: those lines do not say what belongs to which.
func (r *reader) flat(list *xmltree.Element, q *edm.Response) {
	r.judgeObjectRules()
	r.Judge(edm.RuleComplete)
	for o := range list.All(regrep.NamespaceRIM, "RegistryObject") {
		if kind := regrep.TypeOf(o); kind != regrep.ExtrinsicObject {
			r.Add(edm.RuleContent, rule.Warning, o, string(kind), "rim:ExtrinsicObjectType")
		}
		d := edm.Document{ObjectID: r.objectID(o), Kind: edm.MainEvidence}
		r.itemRef(o, &d)
		if e := r.metadata(o, &d); e != nil {
			r.complete(edm.RuleComplete, e)
		}
		q.Packages = append(q.Packages, edm.Package{Documents: []edm.Document{d}})
	}
}
