package eidas

import (
	"encoding/base64"
	"strings"

	"oots/xml/xmltree"
)

// An Address is the content of an address attribute. Every field is optional. [eIDAS SAML Attribute Profile 1.4
// §2.2.3]
type Address struct {
	PoBox               string
	LocatorDesignator   string // house number
	LocatorName         string // building
	CvaddressArea       string
	Thoroughfare        string // street
	PostName            string // town
	AdminunitFirstline  string // country
	AdminunitSecondline string // region
	PostCode            string
}

// maxAddress bounds the fragment in octets.
const maxAddress = 8 << 10

// addressFields are the elements in the order of the schema.
func addressFields(a *Address) [9]struct {
	name  string
	value *string
} {
	return [9]struct {
		name  string
		value *string
	}{
		{"PoBox", &a.PoBox}, {"LocatorDesignator", &a.LocatorDesignator}, {"LocatorName", &a.LocatorName},
		{"CvaddressArea", &a.CvaddressArea}, {"Thoroughfare", &a.Thoroughfare}, {"PostName", &a.PostName},
		{"AdminunitFirstline", &a.AdminunitFirstline}, {"AdminunitSecondline", &a.AdminunitSecondline}, {"PostCode", &a.PostCode},
	}
}

// values encodes a as the one value of its attribute: elements without a root, in base64.
func (a *Address) values(prefix, namespace string) []Value {
	if a == nil || *a == (Address{}) {
		return nil
	}
	space := strings.TrimSuffix(namespace, "/")
	var b []byte
	for _, f := range addressFields(a) {
		if *f.value == "" {
			continue
		}
		b = append(b, "<"+prefix+":"+f.name+` xmlns:`+prefix+`="`+space+`">`...)
		b = xmltree.AppendText(b, *f.value)
		b = append(b, "</"+prefix+":"+f.name+">"...)
	}
	return []Value{{Text: base64.StdEncoding.EncodeToString(b)}}
}

// readAddress decodes an address. The fragment has no root, and nodes in service leave its prefix undeclared: it
// is read below a root that declares the usual one. Elements are known by their local name there, whatever the
// namespace: all that they can say is an address.
func readAddress(suffix string, values []Value) (*Address, error) {
	if len(values) != 1 {
		return nil, &DataError{suffix, "no value, or too many"}
	}
	if len(values[0].Text) > 2*maxAddress {
		return nil, &DataError{suffix, "too long"}
	}
	fragment, err := xmltree.DecodeBase64(values[0].Text)
	if err != nil {
		return nil, &DataError{suffix, "not base64"}
	}
	space := strings.TrimSuffix(PrefixNatural, "/")
	if suffix == "LegalPersonAddress" {
		space = strings.TrimSuffix(PrefixLegal, "/")
	}
	doc, err := xmltree.Parse([]byte(`<a xmlns:eidas="`+space+`">`+string(fragment)+`</a>`), xmltree.Limits{Bytes: 2 * maxAddress, Depth: 4, Elements: 32, NoProcInst: true})
	if err != nil {
		return nil, &DataError{suffix, "not well-formed"}
	}
	a := &Address{}
	for e := range doc.Root.Elements() {
		found := false
		for _, f := range addressFields(a) {
			if f.name != e.Name.Local {
				continue
			}
			if *f.value != "" {
				return nil, &DataError{suffix, "an element twice"}
			}
			*f.value, found = e.Value(), true
		}
		if !found {
			return nil, &DataError{suffix, "an unknown element"}
		}
	}
	return a, nil
}
