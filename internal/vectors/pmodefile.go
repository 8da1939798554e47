package vectors

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/xml/xmltree"
)

// domibus is the namespace of the root element of a P-Mode file; everything inside has none.
const domibus = "http://domibus.eu/configuration"

// PModeChoice is what a P-Mode file leaves open.
type PModeChoice struct {
	Self    string // name of the party that we are; "" means the one that the file says
	Service string // eb:Service, when the file has several besides the test service; "" means the only one
	Sending bool   // our party has the role of the initiator, not that of the responder
	Legacy  bool   // accept the older forms of RSA-OAEP from every party
}

// PModes is what was read of a P-Mode file.
type PModes struct {
	Set      *pmode.Set
	Self     string                  // name of our party in the file, and of its key
	Compress map[string]bool         // by eb:Action: whether its leg compresses when sending
	Names    map[ebms.PartyID]string // in the file and of the keys, by party id
	Without  []string                // names of parties that the key folder has no certificate of: left out
}

// ReadPModes reads parties, service, actions, properties and security of a P-Mode file in the format of
// Domibus, and the certificates of its parties from keys, by party name. Every process has to be one-way
// push with signature and encryption: that is what the Common Profile is. [AS4 1.15 §3]
func ReadPModes(b []byte, keys *Keys, choice PModeChoice) (*PModes, error) {
	doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 8 << 20, NoProcInst: true})
	if err != nil {
		return nil, fmt.Errorf("P-Mode file: %w", err)
	}
	if !doc.Root.Is(domibus, "configuration") {
		return nil, fmt.Errorf("P-Mode file: line %d: the root element is not configuration of %s", doc.Root.Line, domibus)
	}
	f := &pmodeFile{root: doc.Root, processes: doc.Root.First("", "businessProcesses"), sending: choice.Sending, legacy: choice.Legacy}
	if f.processes == nil {
		return nil, errors.New("P-Mode file: it has no businessProcesses")
	}
	out := &PModes{Self: choice.Self, Compress: map[string]bool{}, Names: map[ebms.PartyID]string{}, Set: &pmode.Set{}}
	if out.Self == "" {
		out.Self, _ = doc.Root.Attr("", "party")
	}
	for _, step := range []func() error{
		func() error { return f.collaboration(out, choice.Service) },
		func() error { return f.parties(out, keys) },
		out.Set.Check,
	} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("P-Mode file: %w", err)
		}
	}
	return out, nil
}

// pmodeFile is a file under reading, and what its processes have been found to agree on.
type pmodeFile struct {
	root, processes *xmltree.Element
	sending, legacy bool
	from, to        string // values of the roles of initiator and responder
	sets            []string
}

// named finds the element called name in list/kind; references compare without regard to case, as the
// product that writes these files does.
func (f *pmodeFile) named(list, kind, name string) (*xmltree.Element, error) {
	for e := range f.processes.First("", list).All("", kind) {
		if n, _ := e.Attr("", "name"); strings.EqualFold(n, name) {
			return e, nil
		}
	}
	return nil, fmt.Errorf("no %s/%s is called %.80q", list, kind, name)
}

// value returns an attribute of the element that an attribute of e refers to.
func (f *pmodeFile) value(e *xmltree.Element, reference, list, kind, attr string) (string, error) {
	name, _ := e.Attr("", reference)
	target, err := f.named(list, kind, name)
	if err != nil {
		return "", fmt.Errorf("line %d: %s: %w", e.Line, reference, err)
	}
	v, _ := target.Attr("", attr)
	return v, nil
}

// collaboration reads the legs of all processes that our party takes part in.
func (f *pmodeFile) collaboration(out *PModes, service string) error {
	found := 0
	for p := range f.processes.All("", "process") {
		if !takesPart(p, out.Self) {
			continue
		}
		found++
		if err := f.process(out, p, service); err != nil {
			return err
		}
	}
	switch {
	case found == 0:
		return fmt.Errorf("no process has the party %.80q on both sides", out.Self)
	case out.Set.Service.Value == "" && service != "":
		return fmt.Errorf("no leg has the service %.80q", service)
	case out.Set.Service.Value == "":
		return errors.New("no leg has a service besides the test service")
	}
	return f.properties(out)
}

// takesPart reports whether a process may send to and from the party. A list that is absent is open.
func takesPart(p *xmltree.Element, party string) bool {
	for _, side := range [...][2]string{{"initiatorParties", "initiatorParty"}, {"responderParties", "responderParty"}} {
		list := p.First("", side[0])
		in := list == nil
		for e := range list.All("", side[1]) {
			n, _ := e.Attr("", "name")
			in = in || strings.EqualFold(n, party)
		}
		if !in {
			return false
		}
	}
	return true
}

func (f *pmodeFile) process(out *PModes, p *xmltree.Element, service string) error {
	for _, fixed := range [...]struct{ attr, kind, want string }{{"mep", "mep", "oneWay"}, {"binding", "binding", "push"}} {
		v, err := f.value(p, fixed.attr, "meps", fixed.kind, "value")
		if err != nil {
			return err
		}
		if v != ebms.NS+fixed.want {
			return fmt.Errorf("line %d: %s is %.120q, only %s is supported", p.Line, fixed.attr, v, fixed.want)
		}
	}
	from, err := f.value(p, "initiatorRole", "roles", "role", "value")
	if err != nil {
		return err
	}
	to, err := f.value(p, "responderRole", "roles", "role", "value")
	if err != nil {
		return err
	}
	if f.from != "" && (f.from != from || f.to != to) {
		return fmt.Errorf("line %d: the processes differ in their roles, which is not supported", p.Line)
	}
	f.from, f.to = from, to
	if name, _ := p.Attr("", "agreement"); name != "" {
		a, err := f.named("agreements", "agreement", name)
		if err != nil {
			return fmt.Errorf("line %d: %w", p.Line, err)
		}
		out.Set.Agreement.Value, _ = a.Attr("", "value")
		out.Set.Agreement.Type, _ = a.Attr("", "type")
	}
	for l := range p.First("", "legs").All("", "leg") {
		name, _ := l.Attr("", "name")
		leg, err := f.named("legConfigurations", "legConfiguration", name)
		if err != nil {
			return fmt.Errorf("line %d: %w", l.Line, err)
		}
		if err := f.leg(out, leg, service); err != nil {
			return err
		}
	}
	return nil
}

func (f *pmodeFile) leg(out *PModes, leg *xmltree.Element, chosen string) error {
	if err := f.security(leg); err != nil {
		return err
	}
	service, err := f.value(leg, "service", "services", "service", "value")
	if err != nil {
		return err
	}
	kind, err := f.value(leg, "service", "services", "service", "type")
	if err != nil {
		return err
	}
	action, err := f.value(leg, "action", "actions", "action", "value")
	if err != nil {
		return err
	}
	if service == ebms.TestService || chosen != "" && service != chosen {
		return nil // the test service is part of every P-Mode [AS4 1.15 §16]
	}
	found := ebms.Service{Type: kind, Value: service}
	if out.Set.Service.Value != "" && out.Set.Service != found {
		return fmt.Errorf("line %d: the legs have several services, %.80q and %.80q: choose one", leg.Line, out.Set.Service.Value, service)
	}
	out.Set.Service = found
	if _, known := out.Compress[action]; !known {
		out.Set.Actions = append(out.Set.Actions, action)
	}
	compress, _ := leg.Attr("", "compressPayloads")
	out.Compress[action] = compress == "true" || compress == "1"
	if set, ok := leg.Attr("", "propertySet"); ok {
		f.sets = append(f.sets, set)
	}
	return nil
}

// policies are the names under which deployed files ask for signature and encryption.
var policies = map[string]bool{"edeliveryas4policy.xml": true, "edeliveryas4policy_bst.xml": true, "edeliveryas4policy_bst_pkip.xml": true}

// security refuses a leg that does not sign and encrypt as the profile asks.
func (f *pmodeFile) security(leg *xmltree.Element) error {
	name, _ := leg.Attr("", "security")
	s, err := f.named("securities", "security", name)
	if err != nil {
		return fmt.Errorf("line %d: %w", leg.Line, err)
	}
	policy, hasPolicy := s.Attr("", "policy")
	profile, hasProfile := s.Attr("", "profile")
	method, hasMethod := s.Attr("", "signatureMethod")
	switch {
	case !hasPolicy && !hasProfile:
		return fmt.Errorf("line %d: security %.80q has neither policy nor profile", s.Line, name)
	case hasPolicy && !policies[strings.ToLower(policy)]:
		return fmt.Errorf("line %d: security policy %.80q does not sign and encrypt as AS4 1.15 §3.2.6 asks", s.Line, policy)
	case hasProfile && !strings.EqualFold(profile, "rsa"):
		return fmt.Errorf("line %d: security profile %.80q is not supported", s.Line, profile)
	case hasMethod && method != "RSA_SHA256":
		return fmt.Errorf("line %d: signature method %.80q is not that of AS4 1.15", s.Line, method)
	}
	return nil
}

// properties joins the property sets of the legs.
func (f *pmodeFile) properties(out *PModes) error {
	at := map[string]int{}
	for _, set := range f.sets {
		e, err := f.named("properties", "propertySet", set)
		if err != nil {
			return err
		}
		for ref := range e.All("", "propertyRef") {
			name, _ := ref.Attr("", "property")
			p, err := f.named("properties", "property", name)
			if err != nil {
				return fmt.Errorf("line %d: %w", ref.Line, err)
			}
			key, _ := p.Attr("", "key")
			required, _ := p.Attr("", "required")
			if _, known := at[key]; !known {
				at[key] = len(out.Set.Properties)
				out.Set.Properties = append(out.Set.Properties, pmode.Property{Name: key, Required: required == "true" || required == "1"})
			}
		}
	}
	return nil
}

// parties makes Self and Peers. A party without certificate in the folder is left out: nothing could be
// received from it or sent to it.
func (f *pmodeFile) parties(out *PModes, keys *Keys) error {
	self := false
	ours, theirs := f.to, f.from
	if f.sending {
		ours, theirs = f.from, f.to
	}
	for e := range f.processes.First("", "parties").All("", "party") {
		name, _ := e.Attr("", "name")
		own := strings.EqualFold(name, out.Self)
		c, err := keys.Certificate(name)
		if errors.Is(err, fs.ErrNotExist) && !own {
			out.Without = append(out.Without, name)
			continue
		}
		if err != nil {
			return fmt.Errorf("line %d: party %.80q: %w", e.Line, name, err)
		}
		id, err := f.partyID(e)
		if err != nil {
			return fmt.Errorf("line %d: party %.80q: %w", e.Line, name, err)
		}
		out.Names[id] = name
		url, _ := e.Attr("", "endpoint")
		p := pmode.Party{ID: id, URL: url, Signing: []*x509.Certificate{c}, Encryption: c, Role: theirs, LegacyTransport: f.legacy}
		if own {
			self, out.Self, p.Role = true, name, ours
			out.Set.Self = p
			continue
		}
		out.Set.Peers = append(out.Set.Peers, p)
	}
	if !self {
		return fmt.Errorf("no party is called %.80q", out.Self)
	}
	return nil
}

// partyID reads the one identifier of a party. [AS4 1.15 §3.2: exactly one PartyId]
func (f *pmodeFile) partyID(party *xmltree.Element) (id ebms.PartyID, err error) {
	n := 0
	for e := range party.All("", "identifier") {
		n++
		id.Value, _ = e.Attr("", "partyId")
		name, typed := e.Attr("", "partyIdType")
		if !typed || name == "" {
			continue
		}
		types := f.processes.First("", "parties").First("", "partyIdTypes")
		for t := range types.All("", "partyIdType") {
			if k, _ := t.Attr("", "name"); strings.EqualFold(k, name) {
				id.Type, _ = t.Attr("", "value")
			}
		}
		if id.Type == "" {
			return ebms.PartyID{}, fmt.Errorf("no partyIdType is called %.80q", name)
		}
	}
	if n != 1 {
		return ebms.PartyID{}, fmt.Errorf("%d identifiers, exactly one is supported", n)
	}
	return id, nil
}
