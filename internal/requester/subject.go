package requester

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/internal/login"
)

// Errors of Preflight beside ErrLoA and ErrVersion.
var (
	ErrMandate    = errors.New("the mandate does not cover the procedure")
	ErrIncomplete = errors.New("the login says too little about the user")
)

// Preflight says what would keep a request for u's evidence from d from being sent, before u is asked to confirm
// it: ErrIncomplete, ErrMandate, ErrVersion, ErrLoA, or nil. [IR 2022/1463 art. 11, 12]
func (s *Service) Preflight(u login.Identity, procedure string, d directory.DataService) error {
	if !complete(u) {
		return ErrIncomplete
	}
	if acted(u) && !covers(u.PowerScope, procedure) {
		return ErrMandate
	}
	if _, ok := s.version(d, u); !ok {
		return ErrVersion
	}
	if d.LoA != "" && !weakest(u).AtLeast(d.LoA) {
		return ErrLoA
	}
	return nil
}

// Forwarded returns what a request to d would say about u: a request that has only its persons, its release line and
// whether there is a preview. Nothing else about her is sent. [IR 2022/1463 art. 12, 13]
func (s *Service) Forwarded(u login.Identity, procedure string, d directory.DataService) *edm.Request {
	q := &edm.Request{Procedure: procedure, PossibilityForPreview: s.previews(procedure)}
	q.Version, _ = s.version(d, u)
	s.about(q, u)
	return q
}

// about puts u into a request: whom it is about and who acts, as far as that may be forwarded and the release
// line can say it. [TDD 4.5.1 §3.8] [eidas-identity §9]
func (s *Service) about(q *edm.Request, u login.Identity) {
	withhold := slices.Contains(s.Settings.WithholdIdentifier, u.Country)
	if u.Legal != nil {
		q.LegalPerson = forwardLegal(*u.Legal)
	} else {
		q.NaturalPerson = forward(u.Person, q.Version, withhold)
	}
	switch {
	case u.Representative != nil:
		p := forward(*u.Representative, q.Version, withhold)
		p.Attributes = nil // those of a representative say the mandate only [R-EDM-REQ-C081]
		if p.Identifier != "" {
			p.Gender = cmp.Or(p.Gender, "Unspecified") // [R-EDM-REQ-C126]
		}
		q.Representative = p
	case u.RepresentativeLegal != nil:
		q.RepresentativeLegal = forwardLegal(*u.RepresentativeLegal)
		q.RepresentativeLegal.Attributes = nil // [R-EDM-REQ-C091]
	}
	if acted(u) {
		q.RepresentativePowerScope = q.Procedure
	}
	who := q.NaturalPerson
	if q.Representative != nil {
		who = q.Representative
	}
	if who != nil {
		who.FamilyNameOriginal = original(cmp.Or(u.OriginalFamilyName, who.FamilyNameOriginal), who.FamilyName)
		who.GivenNameOriginal = original(cmp.Or(u.OriginalGivenName, who.GivenNameOriginal), who.GivenName)
	}
}

// forward is a natural person as a request carries her: what may help to find her in a register, and the
// identifier only where it means something elsewhere and the release line has a form for it.
func forward(p edm.Person, v edm.Version, withhold bool) *edm.Person {
	p.PhoneNumber, p.EmailAddress = "", ""
	if withhold || !(*edm.Rules)(nil).In(v).IsEIDASIdentifier(p.Identifier) {
		p.Identifier = ""
	}
	p.BirthNameOriginal = original(p.BirthNameOriginal, p.BirthName)
	return &p
}

// forwardLegal does the same for a company. Its identifier is mandatory, and the same everywhere. [R-EDM-REQ-C049]
func forwardLegal(l edm.LegalPerson) *edm.LegalPerson {
	l.PhoneNumber, l.EmailAddress = "", ""
	l.LegalNameOriginal = original(l.LegalNameOriginal, l.LegalName)
	return &l
}

// original is a name in its own script where that says more than its Latin form and is long enough to be sent.
// [R-EDM-REQ-C092]
func original(name, latin string) string {
	if name = strings.TrimSpace(name); name == latin || len([]rune(name)) < 2 {
		return ""
	}
	return name
}

// previews reports whether the evidence for a procedure is for the user to see before it is sent.
// [TDD 4.9] [Regulation (EU) 2018/1724 art. 14(3)(f), 14(5)]
func (s *Service) previews(procedure string) bool {
	return !slices.Contains(s.Settings.Exempt, procedure) && !slices.Contains(s.Settings.Exempt, AllProcedures)
}

// acted reports whether somebody acts for the subject.
func acted(u login.Identity) bool { return u.Representative != nil || u.RepresentativeLegal != nil }

// covers reports whether a mandate reaches a procedure. A login that says nothing of a scope vouches for the
// representation as a whole: the scope is no part of eIDAS. [eidas-identity §7]
func covers(scope, procedure string) bool {
	if scope == "" {
		return true
	}
	for code := range strings.SplitSeq(scope, ",") {
		if code = strings.TrimSpace(code); code == AllProcedures || code == procedure {
			return true
		}
	}
	return false
}

// complete reports whether a login says what every release line asks for. [TDD 4.5.1 §3.8]
func complete(u login.Identity) bool {
	natural := func(p edm.Person) bool {
		return p.LoA != "" && p.FamilyName != "" && p.GivenName != "" && p.DateOfBirth != ""
	}
	legal := func(l *edm.LegalPerson) bool { return l.LoA != "" && l.EIDASIdentifier != "" && l.LegalName != "" }
	if u.Legal != nil && !legal(u.Legal) || u.Legal == nil && !natural(u.Person) {
		return false
	}
	return (u.Representative == nil || natural(*u.Representative)) && (u.RepresentativeLegal == nil || legal(u.RepresentativeLegal))
}

// weakest is the lowest level of assurance in a login: each person of a request carries her own.
func weakest(u login.Identity) edm.LoA {
	l := u.LoA()
	lower := func(other edm.LoA) {
		if l.AtLeast(other) {
			l = other
		}
	}
	if u.Representative != nil {
		lower(u.Representative.LoA)
	}
	if u.RepresentativeLegal != nil {
		lower(u.RepresentativeLegal.LoA)
	}
	return l
}

// version is the newest release line that portal and provider have in common and that can say who u is: 1.0 knows
// no company that acts for somebody. [TDD 4.5.1 §3.3]
func (s *Service) version(d directory.DataService, u login.Identity) (edm.Version, bool) {
	v, ok := s.Speaks(d)
	if ok && v == edm.V10 && u.RepresentativeLegal != nil {
		return "", false
	}
	return v, ok
}
