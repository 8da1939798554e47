package schema

import (
	"oots/xml/model"
	"oots/xml/xmltree"
)

// persons are the subjects of evidence and those who act for them.
func persons(since since) []model.Complex {
	attributes := elem("SectorSpecificAttribute", "AttributeKeyValuePairType").Any()
	return []model.Complex{
		private(complexType("PersonType",
			code("LevelOfAssurance").Opt(),
			global("Identifier").Opt(),
			name("FamilyName", since),
			name("GivenName", since),
			value("DateOfBirth", model.Date),
			name("BirthName", since).Opt(),
			value("PlaceOfBirth", model.String).Opt(),
			elem("CurrentAddress", "AddressType").Opt(),
			gender(since),
			when(!since.v11, attributes),
			when(since.v11, laterOfPerson(attributes)),
		)),
		private(complexType("LegalPersonType",
			code("LevelOfAssurance").Opt(),
			global("Identifier").Any(),
			elem("LegalPersonIdentifier", "IdentifierType").Opt(),
			name("LegalName", since),
			when(!since.v11, elem("RegisteredAddress", "AddressType").Opt()),
			when(!since.v11, attributes),
			when(since.v11, laterOfLegalPerson(attributes)),
		)),
		private(complexType("AttributeKeyValuePairType",
			value("AttributeName", model.String),
			value("AttributeURI", model.AnyURI),
			value("AttributeValue", model.String),
		)),
		private(complexType("UserIdentityAttributeType",
			value("AttributeName", model.String),
			value("AttributeURI", model.AnyURI).Opt(),
			value("AttributeValue", model.String),
		)),
		private(model.Complex{Name: sdg("NameType"), Value: model.String,
			Attributes: []model.Attribute{{Name: xmltree.Name{Local: "nonLatin"}, Type: model.String}}}),
	}
}

// name is a name of a person. It has the original script in an attribute from 1.2 on (known; read for 1.1).
func name(local string, since since) model.Particle {
	if since.v11 {
		return elem(local, "NameType")
	}
	return value(local, model.String)
}

// userAttributes is what the user has typed in, kept apart from what the eID says. That the element is there from
// 1.2 on is known, its place is read.
func userAttributes() model.Particle {
	return elem("UserIdentityAttribute", "UserIdentityAttributeType").Any()
}

// gender is an enumeration until 1.2 and a code from 2.0 on, when the list grows. (known)
func gender(since since) model.Particle {
	if since.v20 {
		return code("Gender").Opt()
	}
	return elem("Gender", "GenderType").Opt()
}

// laterOfPerson is what 1.2 adds. The elements are known, their order is read from one message: any order is
// taken. That 1.1 has them is read from R-EDM-REQ-C075. [open-questions B15]
func laterOfPerson(attributes model.Particle) model.Particle {
	return model.All(
		code("Nationality").Any(),
		code("CountryOfBirth").Opt(),
		value("TownOfBirth", model.String).Opt(),
		code("CountryOfResidence").Opt(),
		value("PhoneNumber", model.String).Opt(),
		value("EmailAddress", model.String).Opt(),
		attributes,
		userAttributes(),
	)
}

// laterOfLegalPerson is the same for legal persons; the place of the two elements is read.
func laterOfLegalPerson(attributes model.Particle) model.Particle {
	return model.All(
		elem("RegisteredAddress", "AddressType").Opt(),
		value("LegalPhoneNumber", model.String).Opt(),
		value("LegalEmailAddress", model.String).Opt(),
		attributes,
		userAttributes(),
	)
}
