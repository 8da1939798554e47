package configuration

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
)

// A Mode is one P-Mode: a leg of a process from one party to another.
type Mode struct {
	Process   *Process
	Leg       *Leg
	Initiator *Party
	Responder *Party

	x *index
}

// Modes are the P-Modes of which a party is one end, in the order of the file; "" stands for all parties. Files
// that have found nothing else wrong have tens of thousands of them, so they are made one by one.
func (c *Configuration) Modes(party string) iter.Seq[Mode] {
	return func(yield func(Mode) bool) {
		x := c.index()
		for i := range c.Processes {
			p := &c.Processes[i]
			initiators, responders := c.side(x, p.Initiators), c.side(x, p.Responders)
			self := only(responders, party)
			for _, from := range initiators {
				ends := responders
				if party != "" && !strings.EqualFold(from.Name, party) {
					ends = self
				}
				for _, to := range ends {
					for _, l := range p.Legs {
						if leg := x.legs[lower(l.Name)]; leg != nil && !yield(Mode{p, leg, from, to, x}) {
							return
						}
					}
				}
			}
		}
	}
}

// side are the parties of one side of a process; an open side is all.
func (c *Configuration) side(x *index, list []Reference) []*Party {
	var out []*Party
	if list == nil {
		for i := range c.Parties {
			out = append(out, &c.Parties[i])
		}
		return out
	}
	for _, r := range list {
		if p := x.parties[lower(r.Name)]; p != nil {
			out = append(out, p)
		}
	}
	return out
}

func only(list []*Party, name string) []*Party {
	for i, p := range list {
		if strings.EqualFold(p.Name, name) {
			return list[i : i+1]
		}
	}
	return nil
}

// Key is the name of the P-Mode that Domibus prints in its logs.
func (m Mode) Key() string {
	return strings.Join([]string{m.Initiator.Name, m.Responder.Name, m.Leg.Service, m.Leg.Action, m.Process.Agreement, m.Leg.Name}, ":")
}

// A Parameter is a parameter of a P-Mode by its name in the specification.
type Parameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Parameters are all that the file says on the P-Mode. [ebMS3 Appendix D] [AS4 Profile §2.1]
func (m Mode) Parameters() []Parameter {
	x, l := m.x, m.Leg
	agreement, service := m.Agreement(), m.Service()
	parameters := []Parameter{
		{"PMode.Agreement", typedText(agreement)},
		{"PMode.MEP", x.meps[lower(m.Process.MEP)].Value},
		{"PMode.MEPBinding", x.bindings[lower(m.Process.Binding)].Value},
		{"PMode.Initiator.Party", m.ids(m.Initiator)},
		{"PMode.Initiator.Role", x.roles[lower(m.Process.InitiatorRole)].Value},
		{"PMode.Responder.Party", m.ids(m.Responder)},
		{"PMode.Responder.Role", x.roles[lower(m.Process.ResponderRole)].Value},
		{"PMode[1].Protocol.Address", m.Responder.Endpoint},
		{"PMode[1].BusinessInfo.Service", typedText(service)},
		{"PMode[1].BusinessInfo.Action", m.Action()},
		{"PMode[1].BusinessInfo.Properties", m.properties()},
		{"PMode[1].BusinessInfo.PayloadProfile", m.payloads()},
	}
	if mpc := x.mpcs[lower(l.DefaultMPC)]; mpc != nil {
		parameters = append(parameters, Parameter{"PMode[1].BusinessInfo.MPC", mpc.QualifiedName}, Parameter{"Retention", mpc.retention()})
	}
	if e := x.errors[lower(l.ErrorHandling)]; e != nil {
		parameters = append(parameters,
			Parameter{"PMode[1].ErrorHandling.Report.AsResponse", strconv.FormatBool(e.ErrorAsResponse)},
			Parameter{"PMode[1].ErrorHandling.Report.ProcessErrorNotifyConsumer", strconv.FormatBool(e.BusinessErrorNotifyConsumer)},
			Parameter{"PMode[1].ErrorHandling.Report.ProcessErrorNotifyProducer", strconv.FormatBool(e.BusinessErrorNotifyProducer)},
			Parameter{"PMode[1].ErrorHandling.Report.DeliveryFailuresNotifyProducer", strconv.FormatBool(e.DeliveryFailureNotifyProducer)})
	}
	if s := x.securities[lower(l.Security)]; s != nil {
		parameters = append(parameters, Parameter{"PMode[1].Security", words(s.Policy, s.Profile, s.SignatureMethod)})
	}
	if r := x.receipts[lower(l.Reliability)]; r != nil {
		parameters = append(parameters,
			Parameter{"PMode[1].Security.SendReceipt.NonRepudiation", strconv.FormatBool(r.NonRepudiation)},
			Parameter{"PMode[1].Security.SendReceipt.ReplyPattern", r.ReplyPattern})
	}
	compression := ""
	if l.CompressPayloads {
		compression = "application/gzip"
	}
	parameters = append(parameters, Parameter{"PMode[1].PayloadService.CompressionType", compression})
	if a := x.awareness[lower(l.ReceptionAwareness)]; a != nil {
		parameters = append(parameters,
			Parameter{"PMode[1].ReceptionAwareness.Retry", a.Retry},
			Parameter{"PMode[1].ReceptionAwareness.DuplicateDetection", strconv.FormatBool(a.DuplicateDetection)})
	}
	splitting := ""
	if s := x.splittings[lower(l.Splitting)]; s != nil && l.Splitting != "" {
		splitting = fmt.Sprintf("%d MB, %d min, compression %t %s", s.FragmentSize, s.JoinInterval, s.Compression, s.CompressionAlgorithm)
	}
	return append(parameters, Parameter{"PMode[1].Splitting", splitting})
}

// Agreement is the eb:AgreementRef of the P-Mode, zero for none.
func (m Mode) Agreement() ebms.Service {
	if a := m.x.agreements[lower(m.Process.Agreement)]; a != nil && m.Process.Agreement != "" && a.Value != "" {
		return ebms.Service{Type: a.Type, Value: a.Value}
	}
	return ebms.Service{}
}

// Service is the eb:Service of the P-Mode.
func (m Mode) Service() ebms.Service {
	s := m.x.services[lower(m.Leg.Service)]
	return ebms.Service{Type: s.Type, Value: s.Value}
}

// Action is the eb:Action of the P-Mode.
func (m Mode) Action() string { return m.x.actions[lower(m.Leg.Action)].Value }

func (m Mode) ids(p *Party) string {
	var out []string
	for _, id := range p.ids(m.x) {
		out = append(out, typedText(ebms.Service(id)))
	}
	return strings.Join(out, ", ")
}

// ids are the ids of a party as messages have them.
func (p *Party) ids(x *index) []ebms.PartyID {
	out := make([]ebms.PartyID, len(p.Identifiers))
	for i, id := range p.Identifiers {
		out[i].Value = id.PartyID
		if t := x.types[lower(id.PartyIDType)]; t != nil && id.PartyIDType != "" {
			out[i].Type = t.Value
		}
	}
	return out
}

// typed reports whether the first id of p, by which we know it, has a type or is a URI.
func (p *Party) typed(x *index) bool {
	id := p.ids(x)[0]
	return id.Type != "" || isURI(id.Value)
}

func (m Mode) properties() string {
	var out []string
	for _, p := range m.x.propertiesOf(m.Leg) {
		s := p.Name + " " + string(p.Datatype)
		if p.Required {
			s += " required"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// propertiesOf are the message properties of a leg; nil when it names no set.
func (x *index) propertiesOf(l *Leg) []pmode.Property {
	set := x.sets[lower(l.PropertySet)]
	if set == nil || l.PropertySet == "" {
		return nil
	}
	out := []pmode.Property{}
	for _, r := range set.Refs {
		if p := x.properties[lower(r.Name)]; p != nil {
			out = append(out, pmode.Property{Name: p.Key, Required: p.Required, Datatype: pmode.Datatype(p.Datatype)})
		}
	}
	return out
}

// profileOf is the payload profile of a leg; nil when it names none.
func (x *index) profileOf(l *Leg) *pmode.PayloadProfile {
	p := x.profiles[lower(l.PayloadProfile)]
	if p == nil || l.PayloadProfile == "" {
		return nil
	}
	out := &pmode.PayloadProfile{Name: p.Name, MaxSize: p.MaxSize}
	for _, a := range p.Attachments {
		if d := x.payloads[lower(a.Name)]; d != nil {
			out.Payloads = append(out.Payloads, pmode.PayloadRule{CID: d.CID, MimeType: d.MimeType, Required: d.Required, InBody: d.InBody == "true"})
		}
	}
	return out
}

func (m Mode) payloads() string {
	p := m.x.profileOf(m.Leg)
	if p == nil {
		return ""
	}
	out := []string{fmt.Sprintf("at most %d bytes", p.MaxSize)}
	for _, d := range p.Payloads {
		s := words(d.CID, d.MimeType)
		if d.Required {
			s += " required"
		}
		if d.InBody {
			s += " in body"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// pmode is the retention of a channel; what 5.2 says of sent messages goes before what 5.1 says.
func (m *MPC) pmode() pmode.Retention {
	minutes := func(n int) time.Duration {
		if n < 0 {
			return pmode.Never
		}
		return time.Duration(n) * time.Minute
	}
	or := func(n, other int) int {
		if n < 0 {
			return other
		}
		return n
	}
	return pmode.Retention{
		Downloaded: minutes(m.RetentionDownloaded), Undownloaded: minutes(m.RetentionUndownloaded),
		SentSuccess: minutes(or(m.RetentionSentSuccess, m.RetentionSent)), SentFailure: minutes(or(m.RetentionSentFailure, m.RetentionSent)),
		Metadata: minutes(m.RetentionMetadataOffset), DeleteMetadata: m.DeleteMessageMetadata,
	}
}

func (m *MPC) retention() string {
	return fmt.Sprintf("downloaded %d, undownloaded %d, sent %d (success %d, failure %d), metadata %d deleted %t, batch %d",
		m.RetentionDownloaded, m.RetentionUndownloaded, m.RetentionSent, m.RetentionSentSuccess, m.RetentionSentFailure,
		m.RetentionMetadataOffset, m.DeleteMessageMetadata, m.MaxBatchDelete)
}

func typedText(s ebms.Service) string {
	if s.Type == "" {
		return s.Value
	}
	return s.Value + " (" + s.Type + ")"
}

func words(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}
