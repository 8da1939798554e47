package configuration

import (
	"strings"

	"oots/edelivery/ebms"
)

// checkProcesses says of each process and leg in use whether it is supported.
func (c *Configuration) checkProcesses(r *report) {
	x := c.index()
	ours := false
	for i := range c.Processes {
		p := &c.Processes[i]
		path := "process " + quoted(p.Name)
		ours = ours || c.Party == "" || c.takesPart(p, c.Party)
		if c.Party != "" && !c.takesPart(p, c.Party) {
			r.add(Warning, CodeParty, p.Line, path, "our party %.80q is on neither side of it", c.Party)
		}
		if why := x.pattern(p); why != "" {
			r.add(Unsupported, CodePattern, p.Line, path, "%s", why)
			continue
		}
		if p.Initiators == nil || p.Responders == nil {
			r.add(Unsupported, CodeDynamic, p.Line, path, "a side without list of parties is open for discovery, which is not supported: the parties of this file are meant")
		}
		x.legsOf(p, r, path)
		c.addresses(x, p, r)
	}
	if !ours {
		r.add(Warning, CodeParty, c.Line, "configuration", "our party %.80q is in no process", c.Party)
	}
}

// takesPart reports whether a party is on one side of p.
func (c *Configuration) takesPart(p *Process, party string) bool {
	return onSide(p.Initiators, party) || onSide(p.Responders, party)
}

func onSide(list []Reference, party string) bool {
	for _, r := range list {
		if strings.EqualFold(r.Name, party) {
			return true
		}
	}
	return list == nil
}

// pattern says why the exchange pattern of p is not supported, "" when it is.
func (x *index) pattern(p *Process) string {
	mep, binding := x.meps[lower(p.MEP)].Value, x.bindings[lower(p.Binding)].Value
	switch {
	case mep == ebms.NS+"oneWay" && binding == ebms.NS+"push":
		return ""
	case binding == ebms.NS+"pull":
		return "messages are pulled, which is not supported: only push is"
	case mep == ebms.NS+"twoWay":
		return "the exchange pattern is two-way, which is not supported: have two processes that are one-way"
	default:
		return "the exchange pattern " + quoted(mep) + " with the binding " + quoted(binding) + " is not supported: only one-way push is"
	}
}

func (x *index) legsOf(p *Process, r *report, path string) {
	type kind struct {
		service ebms.Service
		action  string
		mpc     string
	}
	first := map[kind]string{}
	for _, ref := range p.Legs {
		l := x.legs[lower(ref.Name)]
		here := join(path, "leg "+quoted(l.Name))
		m := Mode{Process: p, Leg: l, x: x}
		k := kind{m.Service(), lower(m.Action()), x.mpcs[lower(l.DefaultMPC)].QualifiedName}
		if before, twice := first[k]; twice {
			r.add(Warning, CodeAmbiguous, ref.Line, here, "service, action and channel are those of the leg %.80q, which wins", before)
		} else {
			first[k] = l.Name
		}
		x.leg(l, r, "leg "+quoted(l.Name))
	}
}

// leg says what of a leg is not supported; the path is that of the leg, which several processes may use.
func (x *index) leg(l *Leg, r *report, path string) {
	if _, why := x.securities[lower(l.Security)].protection(); why != "" {
		r.add(Unsupported, CodeSecurity, l.Line, path, "%s", why)
	}
	switch rel := x.receipts[lower(l.Reliability)]; {
	case rel.ReplyPattern == "callback":
		r.add(Error, CodeReliability, l.Line, path, "receipts by callback are for messages that are pulled; with push they are in the response")
	case !rel.NonRepudiation:
		r.add(Unsupported, CodeReliability, l.Line, path, "receipts would not prove what was received, against eDelivery AS4 1.15 §3.2.4")
	}
	if l.Splitting != "" {
		r.add(Unsupported, CodeSplitting, l.Line, path, "large messages are not split: they are sent and taken whole")
	}
	if p := x.profileOf(l); p != nil {
		for _, d := range p.Payloads {
			if d.InBody {
				r.add(Unsupported, CodePayload, l.Line, path, "a payload of the profile %.80q is in the SOAP body, which is empty in eDelivery AS4", p.Name)
			}
		}
	}
	if x.propertiesOf(l) == nil {
		r.add(Warning, CodeProperty, l.Line, path, "it names no property set: those that the others agree on are taken")
	}
	if !x.awareness[lower(l.ReceptionAwareness)].DuplicateDetection {
		r.add(Warning, CodeReliability, l.Line, path, "duplicates are detected nevertheless")
	}
}

// usable reports whether messages of the leg can be exchanged.
func (x *index) usable(l *Leg) bool {
	_, why := x.securities[lower(l.Security)].protection()
	rel := x.receipts[lower(l.Reliability)]
	s := x.services[lower(l.Service)]
	if why != "" || !rel.NonRepudiation || rel.ReplyPattern != "response" || s.Type == "" && !isURI(s.Value) {
		return false
	}
	if p := x.profileOf(l); p != nil {
		for _, d := range p.Payloads {
			if d.InBody {
				return false
			}
		}
	}
	return true
}

// addresses says to which parties we could not send.
func (c *Configuration) addresses(x *index, p *Process, r *report) {
	if c.Party == "" || !onSide(p.Initiators, c.Party) {
		return
	}
	for _, to := range c.side(x, p.Responders) {
		path := "party " + quoted(to.Name)
		switch {
		case to.Endpoint == "":
			r.add(Unsupported, CodeEndpoint, to.Line, path, "it has no endpoint, so nothing can be sent to it")
		case !to.reachable():
			r.add(Unsupported, CodeEndpoint, to.Line, path, "endpoint %.80q is without TLS, so nothing is sent to it; write https [eDelivery AS4 1.15 §3.2]", to.Endpoint)
		}
	}
}

func (p *Party) reachable() bool { return strings.HasPrefix(lower(p.Endpoint), "https://") }
