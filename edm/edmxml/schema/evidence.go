package schema

import "oots/xml/model"

// evidence is what is asked for and what is sent.
func evidence(since since) []model.Complex {
	// known: 2.0 asks for these four by rule on the main evidence only [R-EDM-RESP-S062]
	main := func(p model.Particle) model.Particle {
		if since.v20 {
			return p.Opt()
		}
		return p
	}
	subject := &model.Complex{Content: model.Choice(
		elem("NaturalPerson", "PersonType"),
		elem("LegalPerson", "LegalPersonType"),
	)}
	return []model.Complex{
		complexType("EvidenceType",
			global("Identifier"),
			main(value("IsAbout", subject)),
			main(elem("IssuingAuthority", "AgentType")),
			main(elem("IsConformantTo", "EvidenceTypeType")),
			main(value("IssuingDate", model.Date)),
			elem("Distribution", "DistributionType"),
			elem("ValidityPeriod", "PeriodType").Opt(),
		),
		complexType("EvidenceTypeType",
			value("EvidenceTypeClassification", model.String),
			global("Title").Some(),
			global("Description").Any(),
			global("Jurisdiction").Any(), // 2.0 moves it to the list; whether the schema still has it is not known
			elem("Distribution", "DistributionType").Any(),
		),
		complexType("DistributionType",
			formats(since),
			global("Language").Any(),
			global("ConformsTo").Opt(),
			transformation(since),
		),
		complexType("EvidenceTypeDistributionType",
			formats(since),
			when(since.v20, global("Language").Any()), // known from answers of the directory
			global("ConformsTo").Opt(),
			transformation(since),
			when(since.v20, code("AssociatedDocumentRequest").Any()), // known
		),
		complexType("PeriodType",
			value("StartDate", model.Date),
			value("EndDate", model.Date),
		),
	}
}

// formats is one, and more from 2.0 on, where rules ask for one in an exchange. (known) [R-EDM-RESP-C058]
func formats(since since) model.Particle {
	if since.v20 {
		return code("Format").Some()
	}
	return code("Format")
}

// transformation is removed by 2.0. (known)
func transformation(since since) model.Particle {
	return when(!since.v20, value("Transformation", model.AnyURI).Opt())
}
