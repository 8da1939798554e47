package matching

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"oots/edm"
)

// A Class is what one candidate is.
type Class string

// The classes. [record-matching §4.1]
const (
	Accept   Class = "ACCEPT"
	Possible Class = "POSSIBLE"
	Reject   Class = "REJECT"
)

func (c Class) rank() int {
	switch c {
	case Accept:
		return 2
	case Possible:
		return 1
	}
	return 0
}

// A Policy is what an authority has decided about matching: the rules, and what they are applied to.
type Policy struct {
	Version        string            `yaml:"version"`     // of this text, chosen by who wrote it; goes into every explanation
	MinimumLoA     edm.LoA           `yaml:"minimumLoA"`  // no rule accepts a weaker eID
	Dates          string            `yaml:"dates"`       // exact-only, register-partial-with-extras
	Identifiers    Identifiers       `yaml:"identifiers"` // which identifiers are compared
	Search         Search            `yaml:"search"`
	UserAttributes map[string]string `yaml:"userAttributes"` // URI of a UserIdentityAttribute to what it is
	Extras         Extras            `yaml:"extras"`
	Uniqueness     Uniqueness        `yaml:"uniqueness"`
	Representation string            `yaml:"representation"` // supported, unsupported
	Latency        time.Duration     `yaml:"minimumLatency"` // how long "not found" takes at least
	Names          Lexicon           `yaml:"names"`
	Rules          []Rule            `yaml:"rules"`
	LegalRules     []Rule            `yaml:"legalRules"`

	digest       string
	withheld     map[string]bool
	strong       [extras]bool
	weak         [extras]bool
	personal     [extras]bool
	neverAgainst [extras]bool
	tellApart    [extras]bool
}

// Values of Policy.Dates.
const (
	exactOnly    = "exact-only"
	partialDates = "register-partial-with-extras"
)

// Identifiers says which eIDAS identifiers are compared.
type Identifiers struct {
	// Own is what the eIDs of the own country show: direct (the national number), derived (computed from it), or none.
	Own string `yaml:"own"`
	// Linked allows links to identifiers of other countries that the register has met before.
	Linked bool `yaml:"linked"`
	// ReceiverSpecific are the countries whose identifiers are made for one receiver: withheld.
	ReceiverSpecific []string `yaml:"receiverSpecific"`
}

// Search widens the search for candidates.
type Search struct {
	Swapped bool `yaml:"swapped"` // also with day and month exchanged
}

// Extras says what the extra attributes are worth.
type Extras struct {
	Strong       []string `yaml:"strong"`       // count for a name that is only close
	Weak         []string `yaml:"weak"`         // count for given names that are a part
	Personal     []string `yaml:"personal"`     // of the strong: those that twins do not share
	NeverAgainst []string `yaml:"neverAgainst"` // a difference says nothing: people move
}

// Uniqueness says what tells namesakes apart.
type Uniqueness struct {
	TellApart []string `yaml:"tellApart"`
}

// A Rule is one line of the decision table.
type Rule struct {
	Number string `yaml:"rule"`
	Text   string `yaml:"text"`
	When   When   `yaml:"when"`
	Class  Class  `yaml:"class"`
	Ask    bool   `yaml:"ask"`   // the preview space may ask for what is missing
	Alert  bool   `yaml:"alert"` // somebody has to look: two identities contradict

	conditions
}

// When are the conditions of a rule; all that are given must hold.
type When struct {
	Identifier     []string `yaml:"identifier"`
	DateOfBirth    []string `yaml:"dateOfBirth"`
	FamilyName     []string `yaml:"familyName"`
	GivenName      []string `yaml:"givenName"`
	SingleName     []string `yaml:"singleName"`
	LegalName      []string `yaml:"legalName"`
	PlaceOfBirth   []string `yaml:"placeOfBirth"`
	Extras         int      `yaml:"extras"`         // at least so many of strong and weak agree
	StrongExtras   int      `yaml:"strongExtras"`   // at least so many of strong agree
	PersonalExtras int      `yaml:"personalExtras"` // at least so many of personal agree
	ExtraDisagrees *bool    `yaml:"extraDisagrees"` // some, or none, of them disagrees
	Dates          string   `yaml:"dates"`          // only with this value of dates
}

// conditions are a When ready to be used.
type conditions struct {
	identifier, birth, family, given, single, legal, place GradeSet
}

//go:embed policy.yaml
var defaultText []byte

// DefaultText is the default policy as a file, with its comments.
func DefaultText() []byte { return bytes.Clone(defaultText) }

// Default is the policy that is used where an authority has not written its own.
func Default() *Policy {
	p, err := decodePolicy(defaultText)
	if err != nil {
		panic("matching: the default policy does not hold: " + err.Error()) // a test reads it, and proves it sound
	}
	return p
}

// maxPolicy is how large a policy may be; the default has a few kilobytes.
const maxPolicy = 256 << 10

// ReadPolicy reads a policy and checks it: unknown words, and rules that would accept somebody born on another
// day or that turn an agreement against a person. All that is wrong is in the error.
func ReadPolicy(r io.Reader) (*Policy, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPolicy+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxPolicy {
		return nil, fmt.Errorf("the policy is longer than %d bytes", maxPolicy)
	}
	p, err := decodePolicy(b)
	if err != nil {
		return nil, err
	}
	if err := p.sound(); err != nil {
		return nil, err
	}
	return p, nil
}

// decodePolicy reads a policy without the proof that its rules are sound.
func decodePolicy(b []byte) (*Policy, error) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	var p Policy
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if err := d.Decode(new(Policy)); !errors.Is(err, io.EOF) {
		return nil, errors.New("policy: there is a second document behind the first")
	}
	sum := sha256.Sum256(b)
	p.digest = hex.EncodeToString(sum[:6])
	if err := p.compile(); err != nil {
		return nil, err
	}
	return &p, nil
}

// ID names the policy in explanations: its version, and the beginning of the SHA-256 of its text, which tells an
// edited file from the one it was copied from.
func (p *Policy) ID() string { return p.Version + "/" + p.digest }
