package page

// A profile is a data model that the Commission publishes and that is not kept here, because only its outline is
// known to us. [TDD 5]
type profile struct {
	Name, Release, Basis string
}

// unheld are the application profiles of the Commission known by name, all of them drafts.
func unheld() []profile {
	const law, education = "Regulation (EU) 2016/1191", "ELM, ELMO"
	return []profile{
		{"Evidence of birth", "0.0.1, 2025-11-21", law},
		{"Proof of domicile", "0.0.1, 2024-08-29", law},
		{"Proof of citizenship", "0.0.1, 2024-11-18", ""},
		{"Evidence of nationality", "0.0.1, 2026-04-13", ""},
		{"Evidence of disability", "0.0.1, 2026-03-23", ""},
		{"Evidence of roadworthiness", "0.0.3, 2026-02-27", "Directive 2014/45/EU, EUCARIS"},
		{"Tertiary education diploma, certificate or degree", "0.0.1, 2025", education},
		{"Qualification level and courses of tertiary education", "0.0.1, 2025", education},
		{"Secondary education diploma or certificate", "0.0.1, 2025", education},
		{"Secondary school course and grade transcript", "0.0.1, 2025", education},
		{"Certificate of admission to secondary education", "0.0.1, 2026-02-27", education},
		{"Language proficiency", "0.0.1, 2025", education},
	}
}
