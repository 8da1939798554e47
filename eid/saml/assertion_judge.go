package saml

import (
	"errors"
	"slices"

	"oots/eid/eidas"
)

// judge checks the content of a verified assertion against the request and keeps what was asked for.
func (a *Assertion) judge(request *AuthnRequest, peer *Metadata, c *ResponseContext) error {
	if a.Issuer != peer.EntityID {
		return refuse(unknownIssuer, "the assertion is by another")
	}
	if err := a.judgeTimes(request, c); err != nil {
		return err
	}
	if len(a.audiences) == 0 {
		return refuse(badAudience, "no audience")
	}
	for _, list := range a.audiences {
		if !slices.Contains(list, c.EntityID) {
			return refuse(badAudience, "meant for another party")
		}
	}
	switch {
	case a.confirmation.recipient != c.Consumer:
		return refuse(badConfirmation, "another recipient")
	case a.confirmation.inResponseTo != request.ID:
		return refuse(badRequestID, "the confirmation is for another request")
	case a.NameID == "":
		return refuse(badSchema, "an empty name identifier")
	}
	a.InResponseTo = request.ID
	if !request.Accepts(a.Level) {
		return refuse(badLevel, "%q is not what was asked for", short(string(a.Level)))
	}
	if err := a.keepAsked(request); err != nil {
		return err
	}
	if !c.Replay.Use("assertion "+a.Issuer+" "+a.ID, c.Now, a.notOnOrAfter.Add(2*c.Policy.Skew)) {
		return refuse(replayed, "the assertion")
	}
	return nil
}

// judgeTimes holds every time against the clock. The authentication must be younger than the request, which asked
// for a fresh one.
func (a *Assertion) judgeTimes(request *AuthnRequest, c *ResponseContext) error {
	skew := c.Policy.Skew
	switch {
	case !c.Now.Before(a.notOnOrAfter.Add(skew)):
		return refuse(expired, "the conditions")
	case !c.Now.Before(a.confirmation.notOnOrAfter.Add(skew)):
		return refuse(expired, "the confirmation")
	case c.Now.Before(a.notBefore.Add(-skew)):
		return refuse(early, "the conditions")
	case c.Now.Before(a.issued.Add(-skew)), c.Now.Before(a.AuthnInstant.Add(-skew)):
		return refuse(early, "the assertion or the authentication")
	case a.AuthnInstant.Before(request.IssueInstant.Add(-skew)):
		return refuse(expired, "the authentication is older than the request")
	}
	return nil
}

// keepAsked drops attributes that nobody asked for, checks that the required ones are there and reads the persons.
func (a *Assertion) keepAsked(request *AuthnRequest) error {
	asked := make(map[string]bool, len(request.Asked))
	for _, r := range request.Asked {
		asked[r.Name] = true
	}
	a.Attributes = slices.DeleteFunc(a.Attributes, func(x eidas.Attribute) bool {
		d, ok := eidas.Define(x.Name)
		// A mandatory attribute of the other kind of person is a contradiction to see, not to drop.
		return !asked[x.Name] && !asked[d.Name] && !(ok && (d.Representative || d.Mandatory))
	})
	for _, r := range request.Asked {
		if r.Required && !slices.ContainsFunc(a.Attributes, func(x eidas.Attribute) bool { return x.Name == r.Name }) {
			return refuse(badAttributes, "a required attribute is missing")
		}
	}
	subject, err := eidas.ReadSubject(a.Attributes)
	if err != nil {
		var data *eidas.DataError
		if errors.As(err, &data) {
			return refuse(badAttributes, "%s: %s", data.Attribute, data.Msg)
		}
		return err
	}
	if (subject.Legal != nil) != request.Legal() {
		return refuse(badAttributes, "a person of the other kind")
	}
	a.Subject = subject
	return nil
}
