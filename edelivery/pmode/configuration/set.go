package configuration

import (
	"crypto/x509"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

// Certificates knows the certificates of parties.
type Certificates interface {
	// Party returns what a party signs with, several during a rollover, and what it is encrypted for. The error is
	// fs.ErrNotExist when there is none.
	Party(name string) (signing []*x509.Certificate, encryption *x509.Certificate, err error)
}

// A Choice is what a file leaves open.
type Choice struct {
	Self         string // our party; "" is the one that the file says
	Certificates Certificates
	Service      string // value of the service that is meant when a submission names none; "" is the first
}

// A Selection is what a Set was made of.
type Selection struct {
	Set     *pmode.Set
	Self    string                  // name of our party in the file
	Names   map[ebms.PartyID]string // of parties, by their first id
	Without []string                // parties that are left out because they have no certificate
}

// Set makes the P-Modes of our party from what is supported of the file. The findings say what was left out; when
// one is an Error there is no selection, because messages could not be exchanged by the rest. The legs, parties and
// services that the file has beyond the profile are named by the findings of the parser.
func (c *Configuration) Set(o Choice) (*Selection, Findings) {
	b := &setBuilder{report: &report{}, c: c, x: c.index(), o: o}
	self := o.Self
	if self == "" {
		self = c.Party
	}
	b.self = b.x.parties[lower(self)]
	if b.self == nil {
		b.add(Error, CodeParty, c.Line, "configuration", "there is no party %.80q to be", self)
		return nil, b.sorted()
	}
	b.out = &Selection{Set: &pmode.Set{FoldCase: true}, Self: b.self.Name, Names: map[ebms.PartyID]string{}}
	b.legs()
	b.parties()
	b.collaborations()
	b.corners()
	if !b.all.Has(Error) {
		b.verdict()
	}
	if found := b.sorted(); found.Has(Error) {
		return nil, found
	}
	return b.out, b.all
}

// setBuilder makes a set.
type setBuilder struct {
	*report
	c     *Configuration
	x     *index
	o     Choice
	self  *Party
	out   *Selection
	peers []*Party         // with whom a leg is shared, in the order of the file
	ways  map[*Party]*way  // how certificates are named to them
	asked map[*Party]error // what was said of certificates
}

// A way is how the legs to a party name certificates.
type way struct {
	first wssec.KeyReference
	mixed bool
	path  bool
}

// legs takes the legs of the processes that our party is in.
func (b *setBuilder) legs() {
	shared := map[*Party]bool{}
	b.ways, b.asked = map[*Party]*way{}, map[*Party]error{}
	for i := range b.c.Processes {
		p := &b.c.Processes[i]
		if b.x.pattern(p) != "" || !b.c.takesPart(p, b.self.Name) {
			continue
		}
		from, to := b.c.side(b.x, p.Initiators), b.c.side(b.x, p.Responders)
		var send, receive []*Party
		if slices.Contains(to, b.self) {
			receive = from
		}
		if slices.Contains(from, b.self) {
			for _, party := range to {
				if party.reachable() {
					send = append(send, party)
				}
			}
		}
		if receive, send = b.certified(receive), b.certified(send); receive == nil && send == nil {
			continue
		}
		in, out := b.idsOf(receive), b.idsOf(send)
		for _, ref := range p.Legs {
			if l := b.x.legs[lower(ref.Name)]; b.x.usable(l) {
				b.leg(p, l, in, out)
				b.name(l, send)
			}
		}
		for _, party := range slices.Concat(receive, send) {
			shared[party] = true
		}
	}
	for i := range b.c.Parties {
		if p := &b.c.Parties[i]; shared[p] {
			b.peers = append(b.peers, p)
		}
	}
}

// certified are the parties that have certificates.
func (b *setBuilder) certified(list []*Party) (out []*Party) {
	for _, p := range list {
		if !p.typed(b.x) {
			continue // the parser has said so
		}
		err, asked := b.asked[p]
		if !asked {
			_, _, err = b.o.Certificates.Party(p.Name)
			b.asked[p] = err
		}
		switch {
		case err == nil:
			out = append(out, p)
		case !errors.Is(err, fs.ErrNotExist):
			b.add(Error, CodeCertificate, p.Line, "party "+quoted(p.Name), "%v", err)
		case !asked:
			b.out.Without = append(b.out.Without, p.Name)
			b.add(Unsupported, CodeCertificate, p.Line, "party "+quoted(p.Name), "it has no certificate, so it is left out")
		}
	}
	return out
}

func (b *setBuilder) leg(p *Process, l *Leg, receive, send []ebms.PartyID) {
	m := Mode{Process: p, Leg: l, x: b.x}
	errors, rel, awareness := b.x.errors[lower(l.ErrorHandling)], b.x.receipts[lower(l.Reliability)], b.x.awareness[lower(l.ReceptionAwareness)]
	retry, _ := pmode.ParseRetry(awareness.Retry) // the parser has checked it
	b.out.Set.Legs = append(b.out.Set.Legs, pmode.Leg{
		Name: l.Name, Process: p.Name, Service: m.Service(), Action: m.Action(), Agreement: m.Agreement(),
		MPC: b.x.mpcs[lower(l.DefaultMPC)].QualifiedName, Retention: b.x.mpcs[lower(l.DefaultMPC)].pmode(),
		InitiatorRole: b.x.roles[lower(p.InitiatorRole)].Value, ResponderRole: b.x.roles[lower(p.ResponderRole)].Value,
		Receive: receive, Send: send,
		Properties: b.x.propertiesOf(l), Payloads: b.x.profileOf(l), Compress: l.CompressPayloads, Retry: retry,
		DuplicateDetection: awareness.DuplicateDetection, NonRepudiation: rel.NonRepudiation,
		Errors: pmode.ErrorHandling{
			AsResponse: errors.ErrorAsResponse, NotifyProducer: errors.BusinessErrorNotifyProducer,
			NotifyConsumer: errors.BusinessErrorNotifyConsumer, DeliveryFailureNotifyProducer: errors.DeliveryFailureNotifyProducer,
		},
	})
}

// name notes how the leg names certificates to those it is sent to.
func (b *setBuilder) name(l *Leg, send []*Party) {
	p, _ := b.x.securities[lower(l.Security)].protection()
	reference := wssec.ByToken
	if p.issuerSerial {
		reference = wssec.ByIssuerSerial
	}
	for _, party := range send {
		w := b.ways[party]
		if w == nil {
			w = &way{first: reference}
			b.ways[party] = w
		}
		w.mixed = w.mixed || w.first != reference
		w.path = w.path || p.path
	}
}

func (b *setBuilder) idsOf(list []*Party) (out []ebms.PartyID) {
	for _, p := range list {
		out = append(out, p.ids(b.x)[0])
	}
	return out
}

// parties fills Self and Peers.
func (b *setBuilder) parties() {
	s := b.out.Set
	if len(s.Legs) == 0 {
		b.add(Error, CodeParty, b.c.Line, "configuration", "nothing that is supported remains for the party %.80q", b.self.Name)
		return
	}
	ours, theirs := b.roles()
	var ok bool
	if s.Self, ok = b.party(b.self, ours); !ok {
		return
	}
	for _, p := range b.peers {
		peer, _ := b.party(p, theirs)
		s.Peers = append(s.Peers, peer)
		b.out.Names[peer.ID] = p.Name
	}
	b.out.Names[s.Self.ID] = b.self.Name
}

// roles are those of the first leg; each leg has its own.
func (b *setBuilder) roles() (ours, theirs string) {
	l := &b.out.Set.Legs[0]
	if len(l.Receive) == 0 {
		return l.InitiatorRole, l.ResponderRole
	}
	return l.ResponderRole, l.InitiatorRole
}

func (b *setBuilder) party(p *Party, role string) (out pmode.Party, ok bool) {
	signing, encryption, err := b.o.Certificates.Party(p.Name)
	if err != nil {
		b.add(Error, CodeCertificate, p.Line, "party "+quoted(p.Name), "%v", err)
		return out, false
	}
	ids := p.ids(b.x)
	out = pmode.Party{ID: ids[0], Aliases: ids[1:], Role: role, URL: p.Endpoint, Signing: signing, Encryption: encryption}
	if len(out.Aliases) == 0 {
		out.Aliases = nil
	}
	if w := b.ways[p]; w != nil {
		out.Sending = pmode.Sending{PKIPath: w.path, EncryptTo: w.first}
		if w.mixed {
			out.Sending.EncryptTo = wssec.ByToken // what every peer reads
			b.add(Warning, CodeSecurity, p.Line, "party "+quoted(p.Name), "its legs name certificates in several ways: the token is used in all")
		}
	}
	return out, true
}

// collaborations sums up services, actions and agreement; the test service is part of every set.
func (b *setBuilder) collaborations() {
	s := b.out.Set
	var all []pmode.Collaboration
	for i := range s.Legs {
		l := &s.Legs[i]
		if l.Service.Value == ebms.TestService {
			continue
		}
		j := slices.IndexFunc(all, func(c pmode.Collaboration) bool { return c.Service == l.Service })
		if j < 0 {
			j = len(all)
			all = append(all, pmode.Collaboration{Service: l.Service})
		}
		if !slices.Contains(all[j].Actions, l.Action) {
			all[j].Actions = append(all[j].Actions, l.Action)
		}
	}
	if len(all) == 0 {
		if !b.all.Has(Error) {
			b.add(Error, CodeParty, b.c.Line, "configuration", "no leg of the party %.80q has a service besides the test service", b.self.Name)
		}
		return
	}
	first := 0
	if b.o.Service != "" {
		first = slices.IndexFunc(all, func(c pmode.Collaboration) bool { return c.Service.Value == b.o.Service })
		if first < 0 {
			b.add(Error, CodeParty, b.c.Line, "configuration", "no leg of the party %.80q has the service %.80q", b.self.Name, b.o.Service)
			return
		}
	}
	s.Service, s.Actions = all[first].Service, all[first].Actions
	s.Also = slices.Delete(all, first, first+1)
	if len(s.Also) == 0 {
		s.Also = nil
	}
	s.Agreement = s.Legs[0].Agreement
}

// corners joins the properties of all legs: what all require is required.
func (b *setBuilder) corners() {
	s := b.out.Set
	count := map[string]int{}
	sets := 0
	for i := range s.Legs {
		if s.Legs[i].Properties == nil {
			continue
		}
		sets++
		for _, p := range s.Legs[i].Properties {
			if !slices.ContainsFunc(s.Properties, func(q pmode.Property) bool { return q.Name == p.Name }) {
				s.Properties = append(s.Properties, p)
			}
			if p.Required {
				count[p.Name]++
			}
		}
	}
	for i := range s.Properties {
		s.Properties[i].Required = count[s.Properties[i].Name] == sets
	}
	if sets == 0 {
		s.Properties = pmode.FourCorner()
	}
}

// verdict turns what the set itself finds into findings.
func (b *setBuilder) verdict() {
	err := b.out.Set.Check()
	if err == nil {
		return
	}
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	for _, e := range all {
		text := strings.TrimPrefix(e.Error(), "pmode: ")
		line := b.c.Line
		for _, p := range b.c.Parties {
			for _, id := range p.Identifiers {
				if strings.Contains(text, quoted(id.PartyID)) {
					line = p.Line
				}
			}
		}
		for _, l := range b.c.Legs {
			if strings.Contains(text, "legs[") && strings.Contains(text, quoted(l.Name)) {
				line = l.Line
			}
		}
		b.add(Error, CodeProfile, line, "", "%s", text)
	}
}
