// Package repository is the Semantic Repository: what the other Common Services refer to, under persistent
// addresses. [TDD 3.3]
//
// An asset is a requirement, an evidence type classification, a data model, a code list, a rule set, a schema and
// so on. Assets come from three places: the catalogue that the directories answer from, so that every identifier
// of theirs resolves here; lists, models and rules that the program brings along; and uploads, which are stored with
// who and when, and whose published versions never change.
//
// Nobody needs it to exchange evidence: it is a service for those who design. How metadata look in XML and RDF
// is in form.go; pages and the HTTP interface are package page.
package repository

import (
	"slices"
	"time"

	"oots/edm"
)

// A Type says what an asset is.
type Type string

// The types of assets. [TDD 3.3.5]
const (
	Requirement        Type = "requirement"
	EvidenceType       Type = "evidence-type-classification"
	DataModel          Type = "data-model"
	CodeList           Type = "code-list"
	Mapping            Type = "mapping"
	RuleSet            Type = "rule-set"
	Schema             Type = "schema"
	UIText             Type = "ui-text"
	ConformanceProfile Type = "conformance-profile"
)

// Types are all types, in the order in which people look for them.
func Types() []Type {
	return []Type{Requirement, EvidenceType, DataModel, CodeList, Mapping, RuleSet, Schema, UIText, ConformanceProfile}
}

// A Status is the state of one version of an asset.
type Status string

// The states. Elsewhere is an asset that records name and that another repository keeps.
const (
	Draft      Status = "draft"
	Published  Status = "published"
	Deprecated Status = "deprecated"
	Withdrawn  Status = "withdrawn"
	Elsewhere  Status = "elsewhere"
)

// A RelationType says how one asset stands to another.
type RelationType string

// The relations. Those after MapsTo are the other direction, which is found and never stored.
const (
	Requires     RelationType = "requires"
	PartOf       RelationType = "is-part-of"
	Replaces     RelationType = "replaces"
	VersionOf    RelationType = "is-version-of"
	UsesCodeList RelationType = "uses-code-list"
	ExampleOf    RelationType = "example-of"
	MapsTo       RelationType = "maps-to"
	UsedBy       RelationType = "is-used-by"
	HasPart      RelationType = "has-part"
	ReplacedBy   RelationType = "is-replaced-by"
	HasVersion   RelationType = "has-version"
	HasExample   RelationType = "has-example"
)

// inverse is the relation as its target has it.
func (t RelationType) inverse() RelationType {
	switch t {
	case Requires, UsesCodeList:
		return UsedBy
	case PartOf:
		return HasPart
	case Replaces:
		return ReplacedBy
	case VersionOf:
		return HasVersion
	case ExampleOf:
		return HasExample
	case MapsTo:
		return MapsTo
	}
	return ""
}

// RelationTypes are the relations that an upload may have.
func RelationTypes() []RelationType {
	return []RelationType{Requires, PartOf, Replaces, VersionOf, UsesCodeList, ExampleOf, MapsTo}
}

// Transactions are what an asset may be associated with. [TDD 3.3.5.3]
func Transactions() []string {
	return []string{"EDM request", "EDM response", "EDM error", "EB query", "DSD query", "LCM submission"}
}

// An Agent publishes or makes assets.
type Agent struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier,omitempty"`
}

// A Relation leads to another asset.
type Relation struct {
	Type   RelationType `json:"type"`
	Target string       `json:"target"` // its identifier
}

// A Version is one entry of the history of an asset.
type Version struct {
	Version string
	Status  Status
	Date    time.Time // zero when it is not known
	Actor   string    // account or party that put it here; "" for what the program brings along
	Note    string
}

// A Distribution is one form in which an asset can be fetched.
type Distribution struct {
	Form      Form   `json:"form"` // names it in addresses: ?format=
	MediaType string `json:"mediaType"`
	Format    string `json:"format"`             // as people call it: Genericode, CSV, JSON Schema …
	Digest    string `json:"checksum,omitempty"` // SHA-256, lower-case hex; "" when it is made on demand
	Size      int64  `json:"byteSize,omitempty"`
	AccessURL string `json:"accessURL,omitempty"` // when somebody else serves it
}

// A Procedure is a procedure of one country that asks for a requirement.
type Procedure struct {
	Code    string
	Country string
}

// An Asset is one version of an asset.
type Asset struct {
	ID            string   // persistent URI, as the records write it
	Also          []string // other identifiers with the same path: another host
	Type          Type
	Titles        edm.Texts
	Descriptions  edm.Texts
	Version       string // "" when whoever keeps it has told none
	Status        Status
	Issued        time.Time // zero when it is not known
	Modified      time.Time
	Publisher     Agent
	Creators      []Agent
	Jurisdictions []string // codes of OOTS_Country
	ConformsTo    []string
	Transactions  []string
	Relations     []Relation
	Distributions []Distribution

	Procedures []Procedure // that ask for a requirement
	UsedIn     []string    // countries that use it, beyond Jurisdictions
	Formats    []string    // media types in which an evidence type is delivered
	Live       bool        // comes from the directories: it follows them, and has no versions of its own

	path    string // key: below the host
	content content
}

// Path is where the asset lies below the repository: requirements/5247bb6b-….
func (a *Asset) Path() string { return a.path }

// Countries are the countries that a search finds it by.
func (a *Asset) Countries() []string {
	out := slices.Concat(a.Jurisdictions, a.UsedIn)
	slices.Sort(out)
	return slices.Compact(out)
}

// Title is its title in lang, else in English, else any; its path when it has none.
func (a *Asset) Title(lang string) edm.Text {
	if t := a.Titles.In(lang); t.Value != "" {
		return t
	}
	return edm.Text{Value: a.path}
}
