package xmlenc

import "oots/xml/xmltree"

// A DerivedKey is one xenc11:DerivedKey: a key that is derived from one which both sides know by its name.
type DerivedKey struct {
	ID         string
	Derivation Derivation
	References []string // URIs of the xenc:DataReference elements
	Name       string   // of the derived key; "" if absent
	MasterName string   // of the key that it is derived from; "" if absent
	Element    *xmltree.Element
}

// ReadDerivedKey reads e, which must be an xenc11:DerivedKey with its method. [XMLEnc 1.1 §3.5.2]
func ReadDerivedKey(e *xmltree.Element) (*DerivedKey, error) {
	if !e.Is(Namespace11, "DerivedKey") {
		return nil, malformed(e, "xenc11:DerivedKey expected")
	}
	k := &DerivedKey{Element: e}
	k.ID, _ = e.Attr("", "Id")
	var method, list, name, master *xmltree.Element
	for c := range e.Elements() {
		var slot **xmltree.Element
		switch {
		case c.Is(Namespace11, "KeyDerivationMethod"):
			slot = &method
		case c.Is(Namespace, "ReferenceList"):
			slot = &list
		case c.Is(Namespace11, "DerivedKeyName"):
			slot = &name
		case c.Is(Namespace11, "MasterKeyName"):
			slot = &master
		default:
			return nil, malformed(c, "unexpected element in DerivedKey")
		}
		if *slot != nil {
			return nil, malformed(c, c.Name.Local+" twice in DerivedKey")
		}
		*slot = c
	}
	if method == nil {
		return nil, malformed(e, "DerivedKey without KeyDerivationMethod")
	}
	var err error
	if k.Derivation, err = ReadDerivation(method); err != nil {
		return nil, err
	}
	if list != nil {
		k.References = ReadReferenceList(list)
	}
	if name != nil {
		k.Name = name.Text()
	}
	if master != nil {
		k.MasterName = master.Text()
	}
	return k, nil
}

// AppendDerivedKey appends k with the prefixes xenc and xenc11, each declared. Element of k is not used.
func AppendDerivedKey(dst []byte, k *DerivedKey) []byte {
	dst = append(dst, `<xenc11:DerivedKey xmlns:xenc11="`+Namespace11+`" xmlns:xenc="`+Namespace+`"`...)
	dst = appendAttr(dst, "Id", k.ID)
	dst = append(dst, '>')
	dst = AppendDerivation(dst, &k.Derivation)
	dst = appendReferences(dst, k.References)
	for _, e := range [2]struct{ local, text string }{{"DerivedKeyName", k.Name}, {"MasterKeyName", k.MasterName}} {
		if e.text == "" {
			continue
		}
		dst = append(append(append(dst, "<xenc11:"...), e.local...), '>')
		dst = xmltree.AppendText(dst, e.text)
		dst = append(append(append(dst, "</xenc11:"...), e.local...), '>')
	}
	return append(dst, "</xenc11:DerivedKey>"...)
}
