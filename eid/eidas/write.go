package eidas

import "strings"

// Attributes returns the attributes of s in the order of the profile, the subject's before the representative's.
// A name whose original differs has two values, the Latin one last.
func (s *Subject) Attributes() []Attribute {
	var out []Attribute
	if s.Natural != nil {
		out = s.Natural.attributes(out, PrefixNatural)
	}
	if s.Legal != nil {
		out = s.Legal.attributes(out, PrefixLegal)
	}
	if s.Representative != nil {
		out = s.Representative.attributes(out, PrefixRepresentativeNatural)
	}
	if s.RepresentativeLegal != nil {
		out = s.RepresentativeLegal.attributes(out, PrefixRepresentativeLegal)
	}
	return out
}

func (p *NaturalPerson) attributes(out []Attribute, prefix string) []Attribute {
	texts, names := naturalTexts(p), naturalNames(p)
	for _, d := range natural {
		suffix := strings.TrimPrefix(d.Name, PrefixNatural)
		switch suffix {
		case "CurrentAddress":
			out = appendAttribute(out, prefix+suffix, p.CurrentAddress.values("eidas", PrefixNatural))
		case "Nationality":
			var values []Value
			for _, n := range p.Nationality {
				values = append(values, Value{Text: n})
			}
			out = appendAttribute(out, prefix+suffix, values)
		default:
			out = appendAttribute(out, prefix+suffix, fieldValues(texts[suffix], names[suffix]))
		}
	}
	return out
}

func (p *LegalPerson) attributes(out []Attribute, prefix string) []Attribute {
	texts, names := legalTexts(p), legalNames(p)
	for _, d := range legal {
		suffix := strings.TrimPrefix(d.Name, PrefixLegal)
		if suffix == "LegalPersonAddress" {
			out = appendAttribute(out, prefix+suffix, p.LegalPersonAddress.values("eidas", PrefixLegal))
			continue
		}
		out = appendAttribute(out, prefix+suffix, fieldValues(texts[suffix], names[suffix]))
	}
	return out
}

func fieldValues(text *string, name *Name) []Value {
	switch {
	case name != nil && name.Original != "" && name.Original != name.Latin:
		values := []Value{{Text: name.Original, NonLatin: true}}
		if name.Latin != "" {
			values = append(values, Value{Text: name.Latin})
		}
		return values
	case name != nil && name.Latin != "":
		return []Value{{Text: name.Latin}}
	case text != nil && *text != "":
		return []Value{{Text: *text}}
	}
	return nil
}

// appendAttribute leaves out what has no value: empty values are forbidden.
func appendAttribute(out []Attribute, name string, values []Value) []Attribute {
	if len(values) == 0 {
		return out
	}
	return append(out, Attribute{Name: name, Values: values})
}
