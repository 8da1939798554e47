package configuration

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
)

// A Statement says in words what a process lets one side send to the other by one leg.
type Statement struct {
	Process string `json:"process"`
	Leg     string `json:"leg"`
	Line    int    `json:"line"` // of the leg
	// From and To are names of parties; all is "all".
	From      []string `json:"from"`
	To        []string `json:"to"`
	Service   string   `json:"service"`
	Action    string   `json:"action"`
	Agreement string   `json:"agreement,omitempty"`
	Supported bool     `json:"supported"`
	Terms     []string `json:"terms"` // how: protection, receipts, repetition, properties, payloads
}

// Explain says which party may send what to whom, in the order of the file.
func (c *Configuration) Explain() []Statement {
	x := c.index()
	var out []Statement
	for i := range c.Processes {
		p := &c.Processes[i]
		from, to, unreachable := x.partyNames(p.Initiators), x.partyNames(p.Responders), c.unreachable(x, p)
		for _, ref := range p.Legs {
			l := x.legs[lower(ref.Name)]
			m := Mode{Process: p, Leg: l, x: x}
			out = append(out, Statement{
				Process: p.Name, Leg: l.Name, Line: l.Line, From: from, To: to,
				Service: m.Service().Value, Action: m.Action(), Agreement: m.Agreement().Value,
				Supported: x.pattern(p) == "" && x.usable(l), Terms: append(unreachable[:len(unreachable):len(unreachable)], x.terms(p, l)...),
			})
		}
	}
	return out
}

// partyNames are the names as the parties spell them.
func (x *index) partyNames(list []Reference) []string {
	if list == nil {
		return []string{"all"}
	}
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = x.parties[lower(r.Name)].Name
	}
	return out
}

// unreachable names those to whom we may send by the file and cannot.
func (c *Configuration) unreachable(x *index, p *Process) (out []string) {
	if !onSide(p.Initiators, c.Party) || x.pattern(p) != "" {
		return nil
	}
	for _, to := range c.side(x, p.Responders) {
		if !to.reachable() {
			out = append(out, "nothing is sent to "+to.Name+", whose endpoint is without TLS")
		}
	}
	return out
}

// terms are what is agreed on a leg, in words.
func (x *index) terms(p *Process, l *Leg) []string {
	var out []string
	if why := x.pattern(p); why != "" {
		out = append(out, "not supported: "+why)
	}
	s := x.securities[lower(l.Security)]
	switch way, why := s.protection(); {
	case why != "":
		out = append(out, "not supported: "+why)
	case way.encrypt:
		out = append(out, "signed and encrypted")
	}
	rel, a := x.receipts[lower(l.Reliability)], x.awareness[lower(l.ReceptionAwareness)]
	receipt := "signed receipt that proves what came"
	if !rel.NonRepudiation {
		receipt = "receipt without proof"
	}
	out = append(out, receipt+", by "+rel.ReplyPattern)
	if r, err := pmode.ParseRetry(a.Retry); err == nil {
		out = append(out, repetition(r))
	}
	if l.CompressPayloads {
		out = append(out, "payloads compressed")
	}
	if ps := x.propertiesOf(l); ps != nil {
		out = append(out, "properties "+propertyNames(ps))
	}
	if f := x.profileOf(l); f != nil {
		out = append(out, fmt.Sprintf("payloads of %s, at most %d bytes", f.Name, f.MaxSize))
	}
	if mpc := x.mpcs[lower(l.DefaultMPC)]; mpc != nil {
		out = append(out, fmt.Sprintf("kept %s after download, %s without", kept(mpc.RetentionDownloaded), kept(mpc.RetentionUndownloaded)))
	}
	if l.Splitting != "" {
		out = append(out, "not supported: splitting")
	}
	return out
}

func kept(minutes int) string {
	switch {
	case minutes < 0:
		return "for ever"
	case minutes == 0:
		return "0 min"
	default:
		return span(time.Duration(minutes) * time.Minute)
	}
}

// span writes whole days, hours or minutes.
func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%d d", d/(24*time.Hour))
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	default:
		return d.String()
	}
}

func repetition(r pmode.Retry) string {
	at := r.Attempts()
	if len(at) == 1 {
		return "sent once"
	}
	return fmt.Sprintf("sent up to %d times within %s", len(at), span(at[len(at)-1]))
}

func propertyNames(ps []pmode.Property) string {
	out := make([]string, len(ps))
	for i, p := range ps {
		if out[i] = p.Name; !p.Required {
			out[i] += "?"
		}
	}
	return strings.Join(out, ", ")
}

// Sentences are a statement for people: who may send what to whom, from where self stands.
func (s Statement) Sentences(self string) []string {
	us := func(list []string) bool {
		return slices.ContainsFunc(list, func(n string) bool { return n == "all" || strings.EqualFold(n, self) })
	}
	var out []string
	what := s.Action + " of " + s.Service
	if s.Service == ebms.TestService {
		what = "test messages"
	}
	if !s.Supported {
		return []string{"Not supported: " + what + " from " + strings.Join(s.From, ", ") + " to " + strings.Join(s.To, ", ") + "."}
	}
	if others := without(s.To, self); us(s.From) && others != "" {
		out = append(out, "We may send "+what+" to "+others+".")
	}
	if others := without(s.From, self); us(s.To) && others != "" {
		out = append(out, others+" may send "+what+" to us.")
	}
	if us(s.From) && us(s.To) {
		out = append(out, "We may send "+what+" to ourselves.")
	}
	if len(out) == 0 {
		out = append(out, strings.Join(s.From, ", ")+" may send "+what+" to "+strings.Join(s.To, ", ")+"; this does not concern us.")
	}
	return out
}

func without(list []string, self string) string {
	var out []string
	for _, n := range list {
		if !strings.EqualFold(n, self) {
			out = append(out, n)
		}
	}
	return strings.Join(out, ", ")
}
