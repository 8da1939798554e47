package exchange

import "oots/edm"

// The message properties of a header; the last two since 2.0. [R-EDM-ebMS-019]
const (
	PropertyOriginalSender  = "originalSender"
	PropertyFinalRecipient  = "finalRecipient"
	PropertyExchangeID      = "ExchangeId"
	PropertySpecificationID = "SpecificationId"
)

// A Property is an eb:Property of a message.
type Property struct {
	Name  string
	Type  string // scheme of an identifier, else ""
	Value string
}

// Properties returns the message properties of h as its release line has them, in the order we write them: four
// in 2.0, two before, whatever else h knows. A property too many is refused. [R-EDM-ebMS-018]
func (h *Header) Properties() []Property {
	all := []Property{
		{Name: PropertyOriginalSender, Type: h.OriginalSender.Scheme, Value: h.OriginalSender.Value},
		{Name: PropertyFinalRecipient, Type: h.FinalRecipient.Scheme, Value: h.FinalRecipient.Value},
		{Name: PropertyExchangeID, Value: h.ExchangeID},
		{Name: PropertySpecificationID, Value: string(h.Follows())},
	}
	return all[:propertiesOf(h.Follows())]
}

// propertiesOf is how many message properties a release line has.
func propertiesOf(v edm.Version) int {
	if v.Before(edm.V20) {
		return 2
	}
	return 4
}

// Receive takes a message property from a header received. A name that is none of ours is only counted, and of
// two with one name the later stands; rules refuse both. [R-EDM-ebMS-018, R-EDM-ebMS-019]
func (h *Header) Receive(p Property) {
	h.PropertyNames = append(h.PropertyNames, p.Name)
	switch id := (edm.Identifier{Scheme: p.Type, Value: p.Value}); p.Name {
	case PropertyOriginalSender:
		h.OriginalSender = id
	case PropertyFinalRecipient:
		h.FinalRecipient = id
	case PropertyExchangeID:
		h.ExchangeID = p.Value
	case PropertySpecificationID:
		h.SpecificationID = edm.Version(p.Value)
	}
}
