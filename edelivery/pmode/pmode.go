// Package pmode is the processing mode of an access point as Go values: the Common Profile of eDelivery
// AS4 1.15 with the four corner enhancement, which is what OOTS asks for. [AS4 1.15 §3, §4.1]
//
// What the profile fixes is not a field: one-way push, SOAP 1.2, signature rsa-sha256, encryption aes128-gcm,
// non-repudiation receipts in the HTTP response, errors in the HTTP response. What remains is who the
// parties are, which service and actions they use, which message properties are agreed, and where one partner
// deviates: how certificates are named to it, what is tolerated of it, how much it may send. The package reads no
// file, which edelivery/pmode/configuration does, and decides nothing about signatures.
package pmode

import (
	"crypto/x509"
	"strconv"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/wssec"
)

// A Party is one access point.
type Party struct {
	ID         ebms.PartyID
	Aliases    []ebms.PartyID      // further ids of the same access point; nil for none
	Role       string              // eb:Role
	URL        string              // where its message service handler takes messages; https
	Signing    []*x509.Certificate // pinned: a message of this party is signed with one of these. Several during a rollover
	Encryption *x509.Certificate   // messages to this party are encrypted for it
	CommonName string              // subject CN of certificates below the receiver's roots that also speak for this party; "" for none
	Actions    []string            // actions that this party may send to us; nil means all of the set
	Limits     Limits              // of what this party may send to us

	// Sending names certificates in what is sent to this party.
	Sending Sending
	// LegacyTransport accepts from this party a content key under RSA-OAEP with the mask of SHA-1: named as such,
	// left out, or by the older algorithm. Libraries before XML Encryption 1.1 write that.
	LegacyTransport bool
	// Callback accepts receipts and errors of this party that come by themselves, in a request of their own,
	// instead of in the response to the message. [ebMS3 §4.2.3: reply pattern callback]
	Callback bool
	// ReceiptByCallback sends our receipts for messages of this party to its URL, in a request of their own; the
	// response to the message is empty then. The profile wants them in the response: for partners outside of it.
	ReceiptByCallback bool
}

// Sending is what the profile leaves open when a message is signed and encrypted. The zero value is what OOTS
// partners use.
type Sending struct {
	PKIPath   bool               // the signature carries the path of the certificate instead of the certificate alone
	EncryptTo wssec.KeyReference // how the encrypted key names the certificate of this party
}

// Limits bound what one partner may send. A zero field means that the receiver's own limit alone counts, which
// is never exceeded.
type Limits struct {
	Message int64 // bytes of the entity body
	Part    int64 // bytes of one payload as transferred
	Parts   int   // payloads
	Plain   int64 // bytes of all payloads when decompressed
	AtOnce  int   // messages whose payloads are being read at the same time; zero is no limit
}

// At returns p with only those certificates that are valid at now. A start of validity up to five minutes
// ahead is accepted, because a fresh certificate meets clocks that are behind.
func (p Party) At(now time.Time) Party {
	all := p.Signing
	p.Signing = nil
	for _, c := range all {
		if ValidAt(c, now) {
			p.Signing = append(p.Signing, c)
		}
	}
	if p.Encryption != nil && !ValidAt(p.Encryption, now) {
		p.Encryption = nil
	}
	return p
}

// clockSkew is accepted on the start of validity only.
const clockSkew = 5 * time.Minute

// ValidAt reports whether now is within the validity of c.
func ValidAt(c *x509.Certificate, now time.Time) bool {
	return !now.Before(c.NotBefore.Add(-clockSkew)) && !now.After(c.NotAfter)
}

// A Property is one message property that the parties agreed on.
type Property struct {
	Name      string
	Required  bool // must be there, once, and not empty
	MaxLength int  // of the value, in characters; 0 means 1024
	Datatype  Datatype
}

// A Datatype is what the value of a property must be; the zero value is any text.
type Datatype string

// The datatypes of P-Mode files.
const (
	String  Datatype = "string"
	Boolean Datatype = "boolean"
	Integer Datatype = "integer"
)

func (d Datatype) fits(value string) bool {
	switch d {
	case Boolean:
		return strings.EqualFold(value, "true") || strings.EqualFold(value, "false")
	case Integer:
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	default:
		return true
	}
}

// Unknown says what becomes of a message property that is not agreed.
type Unknown int

const (
	// RefuseUnknown refuses the message with EBMS:0010, as deployed access points do.
	RefuseUnknown Unknown = iota
	// KeepUnknown hands the property to the consumer.
	KeepUnknown
)

// A Collaboration is a service with its actions.
type Collaboration struct {
	Service ebms.Service
	Actions []string
}

// A Set is the P-Modes of one access point: every peer may send every action of its services to it, as
// in the P-Modes that OOTS distributes. Treat it as constant once it is in use.
type Set struct {
	Self              Party
	Peers             []Party
	Service           ebms.Service // of messages that name no other
	Actions           []string
	Also              []Collaboration // further services: an access point of the Common Services takes submissions
	Agreement         ebms.Service    // value and type of eb:AgreementRef; zero means that there is none
	Properties        []Property
	UnknownProperties Unknown
	// Legs, when there are any, decide instead of services, actions, roles and agreement above which messages
	// there are; those above then sum them up, for who asks what is spoken at all. nil means that every peer may send
	// every action.
	Legs []Leg
	// FoldCase compares party ids, roles, service, action and agreement without regard to case, as the
	// product does from which most P-Mode files come. Which certificate counts is decided by the entry
	// found, never by the text of the message.
	FoldCase bool
}

// FourCorner returns the message properties of OOTS: the two corners are required; ExchangeId and
// SpecificationId came with version 2.0 of the exchange data model, and earlier messages lack them.
// [AS4 1.15 §4.1] [TDD 4.7]
func FourCorner() []Property {
	return []Property{
		{Name: ebms.OriginalSender, Required: true},
		{Name: ebms.FinalRecipient, Required: true},
		{Name: "ExchangeId"},
		{Name: "SpecificationId"},
		{Name: ebms.TrackingIdentifier},
	}
}

// Peer returns the peer with this id, and whether there is one. Both parts of the id count.
func (s *Set) Peer(id ebms.PartyID) (Party, bool) {
	for i := range s.Peers {
		if s.names(&s.Peers[i], id) {
			return s.Peers[i], true
		}
	}
	return Party{}, false
}

func (s *Set) sameID(a, b ebms.PartyID) bool {
	return s.same(a.Value, b.Value) && s.same(a.Type, b.Type)
}

// names reports whether id is one of p.
func (s *Set) names(p *Party, id ebms.PartyID) bool {
	if s.sameID(p.ID, id) {
		return true
	}
	for _, a := range p.Aliases {
		if s.sameID(a, id) {
			return true
		}
	}
	return false
}

func (s *Set) same(a, b string) bool { return a == b || s.FoldCase && strings.EqualFold(a, b) }

func (s *Set) in(list []string, v string) bool {
	for _, x := range list {
		if s.same(x, v) {
			return true
		}
	}
	return false
}

// actions are those of a service; ok is false when the set does not have it.
func (s *Set) actions(service ebms.Service) (actions []string, ok bool) {
	if s.same(service.Value, s.Service.Value) && s.same(service.Type, s.Service.Type) {
		return s.Actions, true
	}
	for i := range s.Also {
		if a := &s.Also[i]; s.same(service.Value, a.Service.Value) && s.same(service.Type, a.Service.Type) {
			return a.Actions, true
		}
	}
	return nil, false
}

// Allows reports whether the set has an action of a service.
func (s *Set) Allows(service ebms.Service, action string) bool {
	actions, ok := s.actions(service)
	return ok && s.in(actions, action)
}
