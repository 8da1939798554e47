package directory

import (
	"regexp"
	"strings"

	"oots/codelist"
)

// The forms of the codes below a country. NUTS codes may end in a letter (DEF), whatever the published
// pattern says. [TDD 3.2.4]
var (
	nutsCode = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9]{1,3}$`)
	lauCode  = regexp.MustCompile(`^[A-Z]*[0-9]+$`)
)

// IsRegionCode reports whether s has the form of a NUTS code of level 1, 2 or 3.
func IsRegionCode(s string) bool { return nutsCode.MatchString(s) }

// IsMunicipalityCode reports whether s has the form of a LAU code.
func IsMunicipalityCode(s string) bool { return lauCode.MatchString(s) }

// The levels of a Determination: code list JurisdictionLevel. [R-DSD-RESP-C037]
const (
	LevelCountry = "Country"
	LevelNUTS1   = "NUTS1"
	LevelNUTS2   = "NUTS2"
	LevelNUTS3   = "NUTS3"
	LevelLAU     = "LAU"
)

// Place is where the authorities of the list are: its jurisdiction, or up to 1.2 the country of its types.
func (l *EvidenceTypeList) Place() Jurisdiction {
	if l.Jurisdiction.Country == "" {
		for i := range l.Types {
			for _, j := range l.Types[i].Jurisdictions {
				return Jurisdiction{Country: j.Country}
			}
		}
	}
	return l.Jurisdiction
}

// Covers reports whether the territory j reaches a place inside its country, given by NUTS or LAU code; ""
// for either says nothing. A region covers its parts, NUTS codes being prefixes of theirs, and a municipality
// itself only. Which region a municipality lies in is not known here. [TDD 3.2.4]
func (j *Jurisdiction) Covers(region, municipality string) bool {
	switch {
	case region == "" && municipality == "":
		return true
	case j.Municipality != "":
		return j.Municipality == municipality
	case j.Region != "":
		return region != "" && strings.HasPrefix(region, j.Region)
	}
	return true
}

// in reports whether j is in the country, "" for any, and covers the place.
func (j *Jurisdiction) in(country, region, municipality string) bool {
	return (country == "" || j.Country == country) && j.Covers(region, municipality)
}

// covers reports whether the list can be had for the place: all its types are needed, so each must reach it.
func (l *EvidenceTypeList) covers(country, region, municipality string) bool {
	for i := range l.Types {
		reached := len(l.Types[i].Jurisdictions) == 0 && l.Jurisdiction.in(country, region, municipality)
		for k := range l.Types[i].Jurisdictions {
			reached = reached || l.Types[i].Jurisdictions[k].in(country, region, municipality)
		}
		if !reached {
			return false
		}
	}
	return true
}

// fits reports whether an answer has the level that the question asks for. A code below that level names a
// place too.
func (d *Determination) fits(region, municipality string) bool {
	switch d.Level {
	case LevelCountry:
		return region == "" && municipality == ""
	case LevelLAU:
		return region == "" && IsMunicipalityCode(municipality)
	}
	depth := 3
	switch d.Level {
	case LevelNUTS2:
		depth = 4
	case LevelNUTS3:
		depth = 5
	}
	return municipality == "" && len(region) >= depth && IsRegionCode(region)
}

// parameter names the query parameter that answers the question. [TDD 3.1.4]
func (d *Determination) parameter() string {
	if d.Level == LevelLAU {
		return "jurisdiction-admin-l3"
	}
	return "jurisdiction-admin-l2"
}

// reaches reports whether the provider serves the place of a query. A record whose question was not asked
// serves any.
func (o offer) reaches(q DataServiceQuery) bool {
	if d := o.service.Determination; d != nil && q.ContextID != "" && !strings.EqualFold(d.ContextID, q.ContextID) {
		return true
	}
	return o.service.Publisher.Jurisdiction.Covers(q.Region, q.Municipality)
}

// HasRegion reports whether code is a NUTS code of the country. The editions of the list differ below the
// first level, so a code of a region of that level that the list knows is taken for one, and so is what a
// record uses.
func (x *Index) HasRegion(country, code string) bool {
	if !IsRegionCode(code) || !strings.HasPrefix(code, country) {
		return false
	}
	_, used := x.regions[code]
	return used || codelist.NUTS.Has(code[:3])
}
