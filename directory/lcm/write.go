package lcm

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"oots/directory"
	"oots/directory/directoryxml"
	"oots/edm"
	"oots/regrep"
)

// A Form says how a submission is written.
type Form struct {
	ID   string         // of the request: urn:uuid: and a UUID
	Line directory.Line // release line; what it has no place for is left out
}

// specification is the SpecificationIdentifier of submissions. The text of 1.0 and 1.1 knows one value only; those
// of later lines are expected, not published.
func (f Form) specification() string {
	if !f.Line.AtLeast(directory.V12) {
		return "oots-lcm:v1.0"
	}
	return "oots-lcm:" + strings.TrimPrefix(string(f.Line.Version), "oots-cs:")
}

// AppendRequest writes the lcm:SubmitObjectsRequest that puts partitions of one Member State in force. The same
// partitions and form give the same bytes; handles follow from the id of the request. [TDD 3.6.3]
func AppendRequest(dst []byte, ps []directory.Partition, f Form) []byte {
	w := writer{Writer: regrep.NewWriter(dst), form: f, handles: map[string]string{}}
	w.Declaration()
	w.Open("lcm:SubmitObjectsRequest",
		"xmlns:lcm", regrep.NamespaceLCM, "xmlns:rim", regrep.NamespaceRIM, "xmlns:sdg", regrep.NamespaceSDG, "xmlns:xsi", regrep.NamespaceXSI,
		"id", f.ID, "checkReferences", "true")
	w.StringSlot("SpecificationIdentifier", f.specification())
	w.Open("rim:RegistryObjectList")
	for i := range ps {
		switch p := &ps[i]; p.Service {
		case directory.EvidenceBroker:
			w.broker(p)
		case directory.DataServiceDirectory:
			w.directory(p)
		case directory.SemanticRepository:
			w.schemes(p)
		}
	}
	for _, a := range w.links {
		w.Empty("rim:RegistryObject", "xsi:type", "rim:AssociationType", "id", w.uuid("association", a.kind+a.source+a.target),
			"sourceObject", a.source, "targetObject", a.target, "type", regrep.AssociationPrefix+a.kind)
	}
	w.Close()
	w.Close()
	return w.Bytes
}

// A writer writes each object once and keeps the associations for the end.
type writer struct {
	*regrep.Writer
	form    Form
	handles map[string]string // node and content to handle
	links   []association
	linked  map[association]bool
}

type association struct{ kind, source, target string }

func (w *writer) link(kind, source, target string) {
	a := association{kind, source, target}
	if w.linked == nil {
		w.linked = map[association]bool{}
	}
	if !w.linked[a] {
		w.linked[a] = true
		w.links = append(w.links, a)
	}
}

// uuid makes a handle from what it is for. [RFC 9562 §5.8]
func (w *writer) uuid(what, content string) string {
	h := sha256.New()
	for _, part := range []string{w.form.ID, what, content} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	b := h.Sum(nil)[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	s := hex.EncodeToString(b)
	return "urn:uuid:" + s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// object writes a data object, unless one of the node with the same content is there already, and returns its
// handle. Handle is "" for one that is made from the content.
func (w *writer) object(node, scheme, handle, key string, content func(*regrep.Writer)) string {
	if key == "" {
		scratch := regrep.NewWriter(nil)
		content(scratch)
		key = string(scratch.Bytes)
	}
	if there, ok := w.handles[node+"\x00"+key]; ok {
		return there
	}
	if handle == "" {
		handle = w.uuid(node, key)
	}
	w.handles[node+"\x00"+key] = handle
	w.Open("rim:RegistryObject", "id", handle)
	w.AnySlot(node, func() { content(w.Writer) })
	w.Empty("rim:Classification", "id", w.uuid("classification", node+key), "classificationScheme", scheme, "classificationNode", node)
	w.Close()
	return handle
}

// broker writes the objects of the Evidence Broker. [TDD 3.2.5]
func (w *writer) broker(p *directory.Partition) {
	for i := range p.Requirements {
		r := &p.Requirements[i]
		handle := "urn:uuid:" + RequirementUUID(r.ID)
		if len(r.Names)+len(r.Descriptions) > 0 {
			plain := directory.Requirement{ID: r.ID, Names: r.Names, Descriptions: r.Descriptions}
			w.object(NodeRequirement, schemeBroker, handle, r.ID, func(x *regrep.Writer) { directoryxml.Requirement(x, w.form.Line, &plain) })
		}
		for j := range r.Frameworks {
			f := w.object(NodeFramework, schemeBroker, "", "", func(x *regrep.Writer) { directoryxml.Framework(x, w.form.Line, &r.Frameworks[j]) })
			w.link("DerivesFromReferenceFramework", handle, f)
		}
		for j := range r.Lists {
			w.list(&r.Lists[j], handle)
		}
	}
}

// list writes a list with its types. A declaration that there is nothing has no place before 2.0.
func (w *writer) list(l *directory.EvidenceTypeList, requirement string) {
	if l.MatchType != "" && !w.form.Line.AtLeast(directory.V20) {
		return
	}
	bare := *l
	bare.Jurisdiction, bare.Types = l.Place(), nil
	list := w.object(NodeList, schemeBroker, "", "", func(x *regrep.Writer) { directoryxml.List(x, w.form.Line, &bare) })
	for i := range l.Types {
		t := l.Types[i]
		if len(t.Jurisdictions) == 0 {
			t.Jurisdictions = []directory.Jurisdiction{l.Jurisdiction}
		}
		kind := w.object(NodeEvidenceType, schemeBroker, "", "", func(x *regrep.Writer) { directoryxml.EvidenceType(x, w.form.Line, &t) })
		w.link("ContainsEvidence", list, kind)
	}
	w.link("FulfillsRequirement", list, requirement)
}

// directory writes the objects of the Data Service Directory. [TDD 3.1.5]
func (w *writer) directory(p *directory.Partition) {
	if !w.form.Line.AtLeast(directory.V11) {
		for i := range p.Services {
			s := &p.Services[i]
			provider := w.object(NodeProvider, schemeDirectory, "", "", func(x *regrep.Writer) { w.providerOf10(x, s) })
			w.link("ServesEvidenceType", provider, w.pairing(s))
		}
		return
	}
	// A provider serves all its types at all its access services: one whose types are at different ones is written
	// several times.
	type use struct{ publisher, kind string }
	access := map[use]string{}
	publishers := make([]string, len(p.Services))
	kinds := make([]string, len(p.Services))
	points := make([]string, len(p.Services))
	for i := range p.Services {
		s := &p.Services[i]
		scratch := regrep.NewWriter(nil)
		w.publisher(scratch, s)
		publishers[i] = string(scratch.Bytes)
		kinds[i] = w.pairing(s)
		points[i] = w.object(NodeAccess, schemeDirectory, "", "", func(x *regrep.Writer) { directoryxml.AccessService(x, w.form.Line, s) })
		access[use{publishers[i], kinds[i]}] += points[i] + " "
	}
	for i := range p.Services {
		s := &p.Services[i]
		key := publishers[i] + access[use{publishers[i], kinds[i]}]
		provider := w.object(NodeProvider, schemeDirectory, "", key, func(x *regrep.Writer) { w.publisher(x, s) })
		w.link("ProvidesEvidenceType", provider, kinds[i])
		w.link("UsesAccessService", provider, points[i])
	}
}

func (w *writer) pairing(s *directory.DataService) string {
	return w.object(NodeDataService, schemeDirectory, "", "", func(x *regrep.Writer) { directoryxml.Pairing(x, w.form.Line, s) })
}

// publisher writes a provider on its own. The name of the element has not been published.
func (w *writer) publisher(x *regrep.Writer, s *directory.DataService) {
	directoryxml.Publisher(x, w.form.Line, "sdg:EvidenceProvider", &s.Publisher, s.Classifications)
}

// providerOf10 writes provider and access service in one, as 1.0 has them.
func (w *writer) providerOf10(x *regrep.Writer, s *directory.DataService) {
	x.Open("sdg:AccessService")
	x.Text("sdg:Identifier", s.AccessPoint.Value, "schemeID", s.AccessPoint.Scheme)
	for _, v := range w.form.Line.Exchange(s.ConformsTo, edm.V10) {
		x.Text("sdg:ConformsTo", string(v))
	}
	directoryxml.Publisher(x, w.form.Line, "sdg:Publisher", &s.Publisher, s.Classifications)
	x.Close()
}

// schemes writes code lists; they have a place from 2.0 on.
func (w *writer) schemes(p *directory.Partition) {
	if !w.form.Line.AtLeast(directory.V20) {
		return
	}
	for i := range p.CodeLists {
		l := &p.CodeLists[i]
		w.object(NodeScheme, schemeDirectory, "", l.URL, func(x *regrep.Writer) { format.Write(x, l) })
	}
}
