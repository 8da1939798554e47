package discovery

import (
	"fmt"
	"regexp"
	"strings"

	"oots/directory"
)

// An Environment is the part of a name that keeps rehearsal and reality apart. [TDD 3.4]
type Environment string

// The environments.
const (
	Acceptance Environment = "acc"
	Production Environment = "prod"
	Testing    Environment = "testing" // simulated services of the test platform
)

// generation is the version label of a name. It is neither the release line of a query, which a header
// chooses, nor does a v2 lead elsewhere.
const generation = "v1"

// parent is what all names end with.
const parent = "oots.tech.ec.europa.eu."

var (
	countryForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,7}$`) // test platforms prefix codes
	labelForm   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// Name returns the absolute name at which a country registers a service. Greece is EL. It fails for words
// that no name is made of; whether the country exists, the zone says.
func Name(country string, s directory.Service, env Environment) (string, error) {
	if !countryForm.MatchString(country) {
		return "", fmt.Errorf("%.20q is no country code", country)
	}
	if s != directory.EvidenceBroker && s != directory.DataServiceDirectory {
		return "", fmt.Errorf("%.20q is no service that is discovered", string(s))
	}
	origin, err := env.Zone()
	if err != nil {
		return "", err
	}
	return strings.ToLower(country) + "." + string(s) + "." + generation + "." + origin, nil
}

// Zone returns the absolute name below which an environment registers everything.
func (e Environment) Zone() (string, error) {
	if !labelForm.MatchString(string(e)) {
		return "", fmt.Errorf("%.20q is no environment", string(e))
	}
	return "cs." + string(e) + "." + parent, nil
}
