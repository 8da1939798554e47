package saml

import (
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"oots/xml/xmltree"
)

const nsServiceList = "http://eidas.europa.eu/metadata/servicelist"

// A ServiceList says where the nodes of all countries publish their metadata, and which certificates sign it: what
// is otherwise exchanged bilaterally. [eIDAS Message Format 1.4 §5.7]
type ServiceList struct {
	Issuer     string
	Territory  string // of the issuer
	NextUpdate time.Time
	Locations  []MetadataLocation
}

// A MetadataLocation is one place of metadata.
type MetadataLocation struct {
	Country      string
	URL          string
	Certificates []*x509.Certificate // that sign the metadata there
	Entities     []string            // entityIDs that are described there; may be empty
}

// serviceListLimits suit some hundred nodes with a certificate each.
var serviceListLimits = xmltree.Limits{Bytes: 4 << 20, Depth: 16, Attributes: 16, Elements: 50_000, NoProcInst: true}

// ReadServiceList reads a list that is signed by a trusted party and not past its next update. The signature is over
// the whole document, which has no identifier. Places without an address or a certificate are skipped.
func ReadServiceList(b []byte, trust Trust, p Policy, now time.Time) (*ServiceList, error) {
	doc, err := xmltree.Parse(b, serviceListLimits)
	if err != nil {
		return nil, refuse(badXML, "%v", err)
	}
	root := doc.Root
	dropComments(root)
	if err := checkTree(root); err != nil {
		return nil, err
	}
	if !root.Is(nsServiceList, "MetadataServiceList") {
		return nil, refuse(badSchema, "MetadataServiceList expected")
	}
	if err := verifyServiceList(root, trust, &p, now); err != nil {
		return nil, err
	}
	info := root.First(nsServiceList, "SchemeInformation")
	l := &ServiceList{Issuer: info.First(nsServiceList, "IssuerName").Value(), Territory: info.First(nsServiceList, "SchemeTerritory").Value()}
	if l.NextUpdate, err = instant(root, "NextUpdate"); err != nil {
		return nil, err
	}
	if !now.Before(l.NextUpdate) {
		return nil, refuse(expired, "the list was to be renewed by %s", l.NextUpdate.Format(time.RFC3339))
	}
	for list := range root.All(nsServiceList, "MetadataList") {
		for e := range list.All(nsServiceList, "MetadataLocation") {
			place, ok, err := readLocation(e)
			if err != nil {
				return nil, err
			}
			if place.Country = attr(list, "Territory"); ok {
				l.Locations = append(l.Locations, place)
			}
		}
	}
	return l, nil
}

// verifyServiceList verifies the only signature, a child of the document element, over the whole document.
func verifyServiceList(root *xmltree.Element, trust Trust, p *Policy, now time.Time) error {
	if trust.Local {
		return nil
	}
	var signatures []*xmltree.Element
	signatures = slices.AppendSeq(signatures, root.All(nsSignature, "Signature"))
	if len(signatures) != 1 {
		return refuse(unsigned, "%d signatures", len(signatures))
	}
	sig, err := readSignature(root, signatures[0], p)
	if err != nil {
		return err
	}
	if ref := sig.SignedInfo.References[0]; !ref.HasURI || ref.URI != "" {
		return refuse(badSignature, "the reference is not to the whole document")
	}
	c, err := readCertificate(sig.KeyInfo)
	if err != nil {
		return err
	}
	if _, err := verifySignedInfo(sig, root, signatures[0], []*x509.Certificate{c}, p, now); err != nil {
		return err
	}
	return trust.vouches(c, now)
}

func readLocation(e *xmltree.Element) (place MetadataLocation, ok bool, err error) {
	place.URL = attr(e, "Location")
	for info := range e.All(nsSignature, "KeyInfo") {
		for data := range info.All(nsSignature, "X509Data") {
			for c := range data.All(nsSignature, "X509Certificate") {
				if c.Value() == "" {
					continue
				}
				der, err := c.Base64()
				if err != nil {
					return place, false, refuse(badKey, "line %d: a certificate that is not base64", c.Line)
				}
				cert, err := x509.ParseCertificate(der)
				if err != nil {
					continue // of a curve that crypto/x509 does not know: its owner cannot be verified, others can
				}
				place.Certificates = append(place.Certificates, cert)
			}
		}
	}
	for entity := range e.All(nsServiceList, "Endpoint") {
		if id := attr(entity, "EntityID"); id != "" {
			place.Entities = append(place.Entities, id)
		}
	}
	return place, strings.HasPrefix(place.URL, "https://") && len(place.Certificates) > 0, nil
}
