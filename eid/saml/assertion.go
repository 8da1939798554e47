package saml

import (
	"log/slog"
	"slices"
	"strings"
	"time"

	"oots/eid/eidas"
	"oots/xml/xmltree"
)

// An Assertion is what a verified answer says. Its log form hides it.
type Assertion struct {
	ID           string
	Issuer       string
	InResponseTo string
	NameID       string
	NameIDFormat string
	AuthnInstant time.Time
	Level        eidas.Level
	Attributes   []eidas.Attribute // what was asked for, and what a representative adds; nothing else
	Subject      *eidas.Subject    // the same as persons

	issued                  time.Time
	notBefore, notOnOrAfter time.Time
	audiences               [][]string // one list per restriction
	confirmation            confirmation
}

// LogValue keeps names and identifiers out of logs.
func (*Assertion) LogValue() slog.Value { return slog.StringValue("assertion") }

// A confirmation is the saml:SubjectConfirmationData of a bearer.
type confirmation struct {
	recipient, inResponseTo string
	notOnOrAfter            time.Time
}

// readAssertion reads a decrypted assertion as a document of its own. A signature is not needed, since the response
// is signed, but it has to be right.
func readAssertion(plain []byte, peer *Metadata, c *ResponseContext) (*Assertion, error) {
	root, err := parse(plain, messageLimits)
	if err != nil {
		return nil, err
	}
	if !root.Is(nsAssertion, "Assertion") {
		return nil, refuse(badSchema, "Assertion expected inside the encryption")
	}
	if err := only(root, "ID", "Version", "IssueInstant"); err != nil {
		return nil, err
	}
	if attr(root, "Version") != "2.0" {
		return nil, refuse(badVersion, "not 2.0")
	}
	a := &Assertion{ID: attr(root, "ID")}
	if !isNCName(a.ID) {
		return nil, refuse(badID, "an assertion without identifier")
	}
	if a.issued, err = instant(root, "IssueInstant"); err != nil {
		return nil, err
	}
	s := children(root)
	if a.Issuer, err = readIssuer(s); err != nil {
		return nil, err
	}
	if signature := s.optional(nsSignature, "Signature"); signature != nil {
		if _, err := verifyEnveloped(root, signature, peer.IDP.Signing, &c.Policy, c.Now); err != nil {
			return nil, err
		}
	} else if countSignatures(root) > 0 {
		return nil, refuse(badSignature, "a signature out of place")
	}
	subject, err := s.one(nsAssertion, "Subject")
	if err != nil {
		return nil, err
	}
	if err := a.readSubject(subject); err != nil {
		return nil, err
	}
	conditions, err := s.one(nsAssertion, "Conditions")
	if err != nil {
		return nil, err
	}
	if err := a.readConditions(conditions); err != nil {
		return nil, err
	}
	s.optional(nsAssertion, "Advice")
	if err := a.readStatements(s); err != nil {
		return nil, err
	}
	return a, s.done()
}

// readStatements takes one authentication statement and one attribute statement, in any order.
func (a *Assertion) readStatements(s *sequence) error {
	var authn, attributes int
	for e := s.peek(); e != nil; e = s.peek() {
		var err error
		switch {
		case e.Is(nsAssertion, "AuthnStatement"):
			authn++
			err = a.readAuthn(e)
		case e.Is(nsAssertion, "AttributeStatement"):
			attributes++
			err = a.readAttributes(e)
		default:
			return s.done()
		}
		if err != nil {
			return err
		}
		s.at++
	}
	if authn != 1 || attributes != 1 {
		return refuse(severalAssertion, "%d authentication and %d attribute statements", authn, attributes)
	}
	return nil
}

func (a *Assertion) readSubject(e *xmltree.Element) error {
	c := children(e)
	name, err := c.one(nsAssertion, "NameID")
	if err != nil {
		return err
	}
	if a.NameID, err = leaf(name); err != nil {
		return err
	}
	a.NameIDFormat = attr(name, "Format")
	confirm, err := c.one(nsAssertion, "SubjectConfirmation")
	if err != nil {
		return err
	}
	if attr(confirm, "Method") != confirmBearer {
		return refuse(badConfirmation, "not as bearer")
	}
	inner := children(confirm)
	data, err := inner.one(nsAssertion, "SubjectConfirmationData")
	if err != nil {
		return err
	}
	if err := inner.done(); err != nil {
		return err
	}
	if err := only(data, "InResponseTo", "NotOnOrAfter", "Recipient", "Address"); err != nil {
		return refuse(badConfirmation, "an attribute that a bearer's confirmation may not have") // NotBefore above all [SAML Profiles 2.0 §4.1.4.2]
	}
	a.confirmation = confirmation{recipient: attr(data, "Recipient"), inResponseTo: attr(data, "InResponseTo")}
	if a.confirmation.notOnOrAfter, err = instant(data, "NotOnOrAfter"); err != nil {
		return err
	}
	return c.done()
}

// readConditions knows every condition it accepts: what is unknown makes an assertion invalid. [SAML Core 2.0 §2.5.1]
func (a *Assertion) readConditions(e *xmltree.Element) (err error) {
	if err := only(e, "NotBefore", "NotOnOrAfter"); err != nil {
		return err
	}
	if _, ok := e.Attr("", "NotBefore"); ok {
		if a.notBefore, err = instant(e, "NotBefore"); err != nil {
			return err
		}
	}
	if a.notOnOrAfter, err = instant(e, "NotOnOrAfter"); err != nil {
		return err
	}
	for c := range e.Elements() {
		switch {
		case c.Is(nsAssertion, "AudienceRestriction"):
			var list []string
			for audience := range c.Elements() {
				if !audience.Is(nsAssertion, "Audience") {
					return refuse(badSchema, "line %d: not an Audience", audience.Line)
				}
				list = append(list, audience.Value())
			}
			a.audiences = append(a.audiences, list)
		case c.Is(nsAssertion, "OneTimeUse"), c.Is(nsAssertion, "ProxyRestriction"):
		default:
			return refuse(badCondition, "line %d: %s", c.Line, short(c.Name.Local))
		}
	}
	return nil
}

func (a *Assertion) readAuthn(e *xmltree.Element) (err error) {
	if a.AuthnInstant, err = instant(e, "AuthnInstant"); err != nil {
		return err
	}
	c := children(e)
	c.optional(nsAssertion, "SubjectLocality")
	context, err := c.one(nsAssertion, "AuthnContext")
	if err != nil {
		return err
	}
	inner := children(context)
	class, err := inner.one(nsAssertion, "AuthnContextClassRef")
	if err != nil {
		return err
	}
	level, err := leaf(class)
	if err != nil {
		return err
	}
	a.Level = eidas.Level(level)
	for inner.optional(nsAssertion, "AuthenticatingAuthority") != nil {
		continue
	}
	if err := inner.done(); err != nil {
		return err
	}
	return c.done()
}

// readAttributes takes attributes by their names. Encrypted ones are forbidden, and so not known here.
func (a *Assertion) readAttributes(e *xmltree.Element) error {
	c := children(e)
	for x := c.optional(nsAssertion, "Attribute"); x != nil; x = c.optional(nsAssertion, "Attribute") {
		if attr(x, "NameFormat") != nameFormatURI {
			return refuse(badAttributes, "line %d: an attribute that is not named by a URI", x.Line)
		}
		out := eidas.Attribute{Name: attr(x, "Name")}
		values := children(x)
		for v := values.optional(nsAssertion, "AttributeValue"); v != nil; v = values.optional(nsAssertion, "AttributeValue") {
			if null, _ := v.Attr(nsInstance, "nil"); null != "" {
				return refuse(badAttributes, "line %d: a value that is nil", v.Line)
			}
			text, err := leaf(v)
			if err != nil {
				return err
			}
			out.Values = append(out.Values, eidas.Value{Text: text, NonLatin: nonLatin(v)})
		}
		if err := values.done(); err != nil {
			return err
		}
		if slices.ContainsFunc(a.Attributes, func(o eidas.Attribute) bool { return o.Name == out.Name }) {
			return refuse(badAttributes, "line %d: an attribute twice", x.Line)
		}
		a.Attributes = append(a.Attributes, out)
	}
	return c.done()
}

// nonLatin reads the mark of a value in another script, which stands in the namespace of the kind of person or,
// as the text of the profile prints it, in none.
func nonLatin(v *xmltree.Element) bool {
	for _, space := range [3]string{"", strings.TrimSuffix(eidas.PrefixNatural, "/"), strings.TrimSuffix(eidas.PrefixLegal, "/")} {
		if mark, ok := v.Attr(space, "LatinScript"); ok {
			return strings.TrimSpace(mark) == "false" || strings.TrimSpace(mark) == "0"
		}
	}
	return false
}
