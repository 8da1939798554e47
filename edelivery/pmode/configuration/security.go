package configuration

import "strings"

// A protection is what a policy file or a profile asks of a message.
type protection struct {
	sign, encrypt bool
	body          bool // the SOAP body is encrypted too
	path          bool // the token is an X509PKIPathv1
	issuerSerial  bool // the encrypted key names the certificate by issuer and serial number
}

// policies are the names under which policy files are deployed; what is in them is known. [eDelivery AS4 1.15 §3.2.6]
var policies = map[string]protection{
	"donothingpolicy.xml":                 {},
	"signonly.xml":                        {sign: true},
	"edeliveryas4policy.xml":              {sign: true, encrypt: true},
	"edeliveryas4policy_bst.xml":          {sign: true, encrypt: true},
	"edeliveryas4policy_bst_pkip.xml":     {sign: true, encrypt: true, path: true},
	"edeliveryas4policy_is.xml":           {sign: true, encrypt: true, issuerSerial: true},
	"edeliveryas4policynobodyencrypt.xml": {sign: true, encrypt: true},
	"edeliveryas4policyencryptbody.xml":   {sign: true, encrypt: true, body: true},
}

func (s *Security) check(r *report) {
	path := "security " + quoted(s.Name)
	_, known := policies[lower(s.Policy)]
	switch {
	case s.Policy == "" && s.Profile == "":
		r.add(Error, CodeSecurity, s.Line, path, "neither policy nor profile says how messages are signed and encrypted")
	case s.Policy != "" && !known:
		r.add(Error, CodeSecurity, s.Line, path, "the policy file %.80q is not known; known are eDeliveryAS4Policy.xml, its variants _BST, _BST_PKIP and _IS, signOnly.xml and doNothingPolicy.xml", s.Policy)
	}
}

// protection is what s asks for; refusal says why this access point does not do it, "" when it does.
func (s *Security) protection() (p protection, refusal string) {
	p = protection{sign: true, encrypt: true}
	if s.Policy != "" {
		p = policies[lower(s.Policy)]
	}
	switch {
	case s.Profile != "" && !strings.EqualFold(s.Profile, "rsa"):
		return p, "the profile " + quoted(s.Profile) + " belongs to eDelivery AS4 2.0, which is not supported yet"
	case !p.sign:
		return p, "messages would be neither signed nor encrypted, against eDelivery AS4 1.15 §3.2.6"
	case !p.encrypt:
		return p, "messages would not be encrypted, against eDelivery AS4 1.15 §3.2.6"
	case p.body:
		return p, "the SOAP body would be encrypted, which the profile does not do"
	case s.SignatureMethod != "" && s.SignatureMethod != "RSA_SHA256":
		return p, "the signature method " + quoted(s.SignatureMethod) + " is not that of eDelivery AS4 1.15"
	}
	return p, ""
}
