package coordinator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"oots/directory"
	"oots/directory/lcm"
)

// A kind is what is edited, as addresses spell it.
type kind string

// The kinds, in the order of pages.
const (
	kindProcedure kind = "procedure"
	kindList      kind = "list"
	kindType      kind = "type"
	kindProvider  kind = "provider"
	kindAccess    kind = "access"
	kindService   kind = "service"
	kindScheme    kind = "scheme"
)

var kinds = []kind{kindProcedure, kindList, kindType, kindProvider, kindAccess, kindService, kindScheme}

// A sheet is the form of one record. It is opened on a draft, filled in by the user, and put back.
type sheet interface {
	// id names the record in addresses; title is for people.
	id() string
	title() string
	// fresh reports whether the draft does not have the record yet.
	fresh() bool
	// content is what the form is about, for comparison with what somebody else has written.
	content() any
	// groups are the fields as they stand; in says which of them have one row more.
	groups(v *visit, in input) []group
	// take reads a form.
	take(v *visit, in input) mistakes
	// put writes the record into the draft; remove takes it out.
	put(d *draft)
	remove(d *draft)
	// concerns reports whether a finding is about the record.
	concerns(f *lcm.Finding) bool
}

// openers open the sheet of a record, with id "" that of a new one. A new one has a UUID for its id before it is saved;
// found is false for any other id that the draft does not have.
var openers = map[kind]func(p *Page, d *draft, id string, in input) (s sheet, found bool){
	kindProcedure: openProcedure, kindList: openList, kindType: openType, kindProvider: openProvider, kindAccess: openAccess, kindService: openService, kindScheme: openScheme,
}

// digest names the content of a sheet: two forms begun from the same content have the same.
func digest(s sheet) string {
	b, err := json.Marshal(s.content())
	if err != nil {
		return "" // plain data: cannot be
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// sameID compares identifiers, whose case does not matter.
func sameID(a, b string) bool { return strings.EqualFold(a, b) }

// url makes an identifier of the Semantic Repository.
func (p *Page) url(path string) string { return p.config.Repository + "/" + path }

// jurisdiction is the country of the draft.
func (d *draft) jurisdiction() directory.Jurisdiction {
	return directory.Jurisdiction{Country: d.country}
}
