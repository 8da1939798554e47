package repository

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"oots/edm"
)

// A node is what a statement is about or says: an address, a text, or a node without an address.
type node struct {
	iri   string
	blank string
	text  string
	lang  string
	kind  string // prefixed data type of the text
}

// A statement is one triple; the predicate is prefixed, "a" is the type.
type statement struct {
	subject   node
	predicate string
	object    node
}

// A graph is the metadata of one asset in the terms of DCAT-AP and ADMS. [DCAT-AP 3] [ADMS 2]
type graph struct{ statements []statement }

// prefixes of the vocabularies, in the order in which they are declared.
var prefixes = [...][2]string{
	{"adms", "http://www.w3.org/ns/adms#"},
	{"dcat", "http://www.w3.org/ns/dcat#"},
	{"dct", "http://purl.org/dc/terms/"},
	{"foaf", "http://xmlns.com/foaf/0.1/"},
	{"owl", "http://www.w3.org/2002/07/owl#"},
	{"spdx", "http://spdx.org/rdf/terms#"},
	{"xsd", "http://www.w3.org/2001/XMLSchema#"},
}

func iri(s string) node  { return node{iri: s} }
func text(s string) node { return node{text: s} }

// languageTag is what Turtle and JSON-LD take as a language.
var languageTag = regexp.MustCompile(`^[a-z]{1,8}(-[a-z0-9]{1,8})*$`)

// spoken is a text with its language, where that is one.
func spoken(t edm.Text) node {
	lang := strings.ToLower(t.Lang)
	if !languageTag.MatchString(lang) {
		lang = ""
	}
	return node{text: t.Value, lang: lang}
}

// say adds a statement unless its object says nothing.
func (g *graph) say(subject node, predicate string, object node) {
	if object.iri == "" && object.blank == "" && object.text == "" {
		return
	}
	g.statements = append(g.statements, statement{subject, predicate, object})
}

// predicateOf is the property for a relation.
func predicateOf(t RelationType) string {
	switch t {
	case Requires:
		return "dct:requires"
	case PartOf:
		return "dct:isPartOf"
	case HasPart:
		return "dct:hasPart"
	case Replaces:
		return "dct:replaces"
	case ReplacedBy:
		return "dct:isReplacedBy"
	case VersionOf:
		return "dct:isVersionOf"
	case HasVersion:
		return "dct:hasVersion"
	case UsesCodeList:
		return "dct:references"
	case UsedBy:
		return "dct:isReferencedBy"
	case HasExample:
		return "adms:sample"
	}
	return "dct:relation"
}

// statusOf is the term of the ADMS vocabulary for a status, "" for none.
func statusOf(s Status) string {
	switch s {
	case Draft:
		return "http://purl.org/adms/status/UnderDevelopment"
	case Published:
		return "http://purl.org/adms/status/Completed"
	case Deprecated:
		return "http://purl.org/adms/status/Deprecated"
	case Withdrawn:
		return "http://purl.org/adms/status/Withdrawn"
	}
	return ""
}

// graph makes the statements about an asset.
func (s *Service) graph(ctx context.Context, a *Asset) (*graph, error) {
	related, err := s.Related(ctx, a)
	if err != nil {
		return nil, err
	}
	versions, err := s.Versions(ctx, a)
	if err != nil {
		return nil, err
	}
	g := &graph{}
	me := iri(a.ID)
	g.say(me, "a", iri("dcat:Dataset"))
	g.say(me, "a", iri("adms:Asset"))
	g.say(me, "dct:identifier", text(a.ID))
	for _, id := range a.Also {
		g.say(me, "owl:sameAs", iri(id))
	}
	g.say(me, "dct:type", text(string(a.Type)))
	for _, t := range a.Titles {
		g.say(me, "dct:title", spoken(t))
	}
	for _, t := range a.Descriptions {
		g.say(me, "dct:description", spoken(t))
	}
	g.say(me, "dcat:version", text(a.Version))
	g.say(me, "adms:status", iri(statusOf(a.Status)))
	g.date(me, "dct:issued", a.Issued)
	g.date(me, "dct:modified", a.Modified)
	g.agent(me, "dct:publisher", a.Publisher, "publisher")
	for i, c := range a.Creators {
		g.agent(me, "dct:creator", c, "creator"+strconv.Itoa(i+1))
	}
	for _, c := range a.Jurisdictions {
		if c != "EU" {
			g.say(me, "dct:spatial", iri("http://data.europa.eu/nuts/code/"+c))
		}
	}
	for _, c := range a.ConformsTo {
		g.say(me, "dct:conformsTo", iri(c))
	}
	for _, r := range append(a.Relations[:len(a.Relations):len(a.Relations)], related...) {
		g.say(me, predicateOf(r.Type), iri(r.Target))
	}
	for _, v := range versions {
		if v.Version != "" && !a.Live && v.Status != Withdrawn {
			g.say(me, "dcat:hasVersion", iri(s.Address(a, v.Version)))
		}
	}
	g.say(me, "dcat:landingPage", iri(s.Address(a, "")))
	s.distributions(g, me, a)
	return g, nil
}

func (s *Service) distributions(g *graph, me node, a *Asset) {
	for i, d := range a.Distributions {
		n := node{blank: "distribution" + strconv.Itoa(i+1)}
		g.say(me, "dcat:distribution", n)
		g.say(n, "a", iri("dcat:Distribution"))
		g.say(n, "dcat:accessURL", iri(s.AccessURL(a, d)))
		if d.MediaType != "" {
			g.say(n, "dcat:mediaType", iri("https://www.iana.org/assignments/media-types/"+d.MediaType))
		}
		g.say(n, "dct:format", text(d.Format))
		if d.Size > 0 {
			g.say(n, "dcat:byteSize", node{text: strconv.FormatInt(d.Size, 10), kind: "xsd:nonNegativeInteger"})
		}
		if d.Digest != "" {
			c := node{blank: "checksum" + strconv.Itoa(i+1)}
			g.say(n, "spdx:checksum", c)
			g.say(c, "a", iri("spdx:Checksum"))
			g.say(c, "spdx:algorithm", iri("spdx:checksumAlgorithm_sha256"))
			g.say(c, "spdx:checksumValue", node{text: d.Digest, kind: "xsd:hexBinary"})
		}
	}
}

func (g *graph) date(subject node, predicate string, t time.Time) {
	if !t.IsZero() {
		g.say(subject, predicate, node{text: t.UTC().Format(time.RFC3339), kind: "xsd:dateTime"})
	}
}

func (g *graph) agent(subject node, predicate string, a Agent, name string) {
	if a.Name == "" {
		return
	}
	n := node{blank: name}
	g.say(subject, predicate, n)
	g.say(n, "a", iri("foaf:Agent"))
	g.say(n, "foaf:name", text(a.Name))
	g.say(n, "dct:identifier", text(a.Identifier))
}
