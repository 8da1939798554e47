package configuration

import (
	"net/url"
	"reflect"
	"strings"

	"oots/edelivery/pmode"
)

// check finds what no single element tells.
func (c *Configuration) check(r *report) {
	v := reflect.ValueOf(c).Elem()
	names := map[string]map[string]bool{}
	for i := range planOf().lists {
		l := &planOf().lists[i]
		names[planOf().kind.Field(l.index).Name] = namesOf(l, v.Field(l.index))
	}
	k := &checker{report: r, names: names}
	k.element(planOf(), v, "")
	c.checkValues(r)
	c.checkParties(r)
	if !r.all.Has(Error) {
		c.checkProcesses(r)
	}
}

// namesOf are the names of a list; references compare without regard to case, as Domibus does.
func namesOf(l *list, v reflect.Value) map[string]bool {
	out := make(map[string]bool, v.Len())
	if i := l.item.nameField(); i >= 0 {
		for j := range v.Len() {
			out[strings.ToLower(v.Index(j).Field(i).String())] = true
		}
	}
	return out
}

// nameField is the index of the field that names an element, -1 for none.
func (p *plan) nameField() int {
	for i := range p.attrs {
		if p.attrs[i].name == "name" {
			return p.attrs[i].index
		}
	}
	return -1
}

// A checker resolves references and finds duplicates, as the tags say.
type checker struct {
	*report
	names map[string]map[string]bool
}

func (k *checker) element(p *plan, v reflect.Value, path string) {
	line := int(v.Field(p.line).Int())
	for i := range p.attrs {
		if a := &p.attrs[i]; a.ref != "" {
			k.reference(a.ref, a.name, v.Field(a.index).String(), line, path)
		}
	}
	for i := range p.lists {
		l := &p.lists[i]
		s := v.Field(l.index)
		k.unique(l, s, path)
		for j := range s.Len() {
			item := s.Index(j)
			here := join(path, l.element())
			if n := l.item.nameField(); n >= 0 {
				here += " " + quoted(item.Field(n).String())
				if l.ref != "" {
					k.reference(l.ref, l.element(), item.Field(n).String(), int(item.Field(l.item.line).Int()), path)
				}
			}
			k.element(l.item, item, here)
		}
	}
}

func (k *checker) reference(kind, attr, name string, line int, path string) {
	if name == "" || k.names[kind][strings.ToLower(name)] {
		return
	}
	k.add(Error, CodeReference, line, path, "%s: nothing in %s is called %.80q", attr, planOf().keyOf(kind), name)
}

// keyOf is what a field of Configuration is called in a file.
func (p *plan) keyOf(field string) string {
	for i := range p.lists {
		if p.kind.Field(p.lists[i].index).Name == field {
			return strings.TrimPrefix(strings.Join(p.lists[i].path, "/"), "businessProcesses/")
		}
	}
	return field
}

func (k *checker) unique(l *list, s reflect.Value, path string) {
	for i := range l.item.attrs {
		a := &l.item.attrs[i]
		if a.name != "name" && !a.unique {
			continue
		}
		first := make(map[string]int, s.Len())
		for j := range s.Len() {
			item := s.Index(j)
			value := strings.ToLower(item.Field(a.index).String())
			line := int(item.Field(l.item.line).Int())
			if before, twice := first[value]; twice {
				k.add(Error, CodeDuplicate, line, path, "%s: %s %.80q is also that of line %d", l.element(), a.name, item.Field(a.index).String(), before)
				continue
			}
			first[value] = line
		}
	}
}

// checkValues checks values that have a grammar of their own.
func (c *Configuration) checkValues(r *report) {
	defaults := 0
	for i := range c.MPCs {
		if m := &c.MPCs[i]; m.Default && m.Enabled {
			if defaults++; defaults == 2 {
				r.add(Warning, CodeMPC, m.Line, "mpc "+quoted(m.Name), "a second channel is the default: the first one is used")
			}
		}
	}
	if defaults == 0 && len(c.MPCs) > 0 {
		r.add(Error, CodeMPC, c.MPCs[0].Line, "mpcs", "no channel is enabled and the default")
	}
	for i := range c.Properties {
		switch p := &c.Properties[i]; pmode.Datatype(p.Datatype) {
		case pmode.String, pmode.Boolean, pmode.Integer:
		default:
			r.add(Error, CodeProperty, p.Line, "property "+quoted(p.Name), "datatype %.40q: want string, boolean or integer", p.Datatype)
		}
	}
	for i := range c.ReceptionAwareness {
		if a := &c.ReceptionAwareness[i]; a.Retry != "" {
			if _, err := pmode.ParseRetry(a.Retry); err != nil {
				r.add(Error, CodeRetry, a.Line, "receptionAwareness "+quoted(a.Name), "retry %.40q: %v", a.Retry, err)
			}
		}
	}
	for i := range c.Reliabilities {
		if a := &c.Reliabilities[i]; a.ReplyPattern != "response" && a.ReplyPattern != "callback" {
			r.add(Error, CodeReliability, a.Line, "reliability "+quoted(a.Name), "replyPattern %.40q: want response or callback", a.ReplyPattern)
		}
	}
	for i := range c.Securities {
		c.Securities[i].check(r)
	}
	c.checkTyped(r)
}

// checkTyped asks for a URI where there is no type. [ebMS3 §5.2.2]
func (c *Configuration) checkTyped(r *report) {
	for i := range c.Services {
		if s := &c.Services[i]; s.Type == "" && !isURI(s.Value) {
			r.add(Unsupported, CodeType, s.Line, "service "+quoted(s.Name), "value %.80q has no type, so it must be a URI; legs with it are left out", s.Value)
		}
	}
	for i := range c.Agreements {
		if a := &c.Agreements[i]; a.Value != "" && a.Type == "" && !isURI(a.Value) {
			r.add(Warning, CodeType, a.Line, "agreement "+quoted(a.Name), "value %.80q has no type, so it should be a URI", a.Value)
		}
	}
	for i := range c.PartyIDTypes {
		if t := &c.PartyIDTypes[i]; t.Value != "" && !isURI(t.Value) {
			r.add(Warning, CodeType, t.Line, "partyIdType "+quoted(t.Name), "value %.80q should be a URI", t.Value)
		}
	}
}

func isURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != ""
}

// checkParties checks ids, addresses and our own party.
func (c *Configuration) checkParties(r *report) {
	x := c.index()
	type id struct{ kind, value string }
	owner := map[id]*Party{}
	for i := range c.Parties {
		p := &c.Parties[i]
		path := "party " + quoted(p.Name)
		for j := range p.Identifiers {
			n := &p.Identifiers[j]
			kind := ""
			if t := x.types[lower(n.PartyIDType)]; t != nil && n.PartyIDType != "" {
				kind = t.Value
			}
			if kind == "" && !isURI(n.PartyID) {
				r.add(Unsupported, CodeType, n.Line, path, "the id %.80q has no type, so it must be a URI; the party is left out", n.PartyID)
			}
			key := id{lower(kind), lower(n.PartyID)}
			if o := owner[key]; o != nil {
				r.add(Error, CodeDuplicate, n.Line, path, "the id %.80q is also that of the party %.80q, line %d", n.PartyID, o.Name, o.Line)
			}
			owner[key] = p
		}
		if u, err := url.Parse(p.Endpoint); p.Endpoint != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			r.add(Error, CodeEndpoint, p.Line, path, "endpoint %.80q is no address of a web service", p.Endpoint)
		}
		if p.UserName != "" || p.Password != "" {
			r.add(Warning, CodeParty, p.Line, path, "userName and password are not used: parties prove themselves by their signature")
		}
	}
	if c.Party != "" && x.parties[lower(c.Party)] == nil {
		r.add(Error, CodeParty, c.Line, "configuration", "party %.80q, which is to be ours, is not among the parties", c.Party)
	}
}

func lower(s string) string { return strings.ToLower(s) }
