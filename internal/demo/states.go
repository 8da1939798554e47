package demo

import "oots/edm"

// A State is one Member State of the demonstration: who asks and who answers there. All names are invented.
type State struct {
	Country     string // code of OOTS_Country
	Lang        string // language of its authorities, code of LanguageCode
	Zone        string // of its clocks, in the IANA database
	AccessPoint edm.Identifier
	Requester   edm.Agent   // class ER
	Providers   []edm.Agent // class EP
}

// GatewayRole is the eb:Role of every access point. [TDD 4.7]
const GatewayRole = "http://sdg.europa.eu/edelivery/gateway"

// States are the two Member States, Austria and Greece.
func States() []State {
	return []State{
		{
			Country: "AT", Lang: "DE", Zone: "Europe/Vienna", AccessPoint: unregistered("AT", "AP_AT_01"),
			Requester: agent("AT", "DEMO-AT-UNI", edm.EvidenceRequester, "DE", "Demo-Universität Donau", "Demo University Danube"),
			Providers: []edm.Agent{
				agent("AT", "DEMO-AT-REG", edm.EvidenceProvider, "DE", "Demo-Register Österreich", "Demo Register of Austria"),
			},
		},
		{
			Country: "EL", Lang: "EL", Zone: "Europe/Athens", AccessPoint: unregistered("EL", "AP_EL_01"),
			Requester: agent("EL", "DEMO-EL-UNI", edm.EvidenceRequester, "EL", "Επιδεικτικό Πανεπιστήμιο Αιγέως", "Demo University of Aigeas"),
			Providers: []edm.Agent{
				agent("EL", "DEMO-EL-ATH", edm.EvidenceProvider, "EL", "Επιδεικτικό Μητρώο Αθήνας", "Demo Registry of Athens"),
				agent("EL", "DEMO-EL-THE", edm.EvidenceProvider, "EL", "Επιδεικτικό Μητρώο Θεσσαλονίκης", "Demo Registry of Thessaloniki"),
			},
		},
	}
}

func unregistered(country, value string) edm.Identifier {
	return edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" + country, Value: value}
}

func agent(country, id string, class edm.AgentClass, lang, name, english string) edm.Agent {
	return edm.Agent{
		ID:      unregistered(country, id),
		Names:   edm.Texts{{Lang: lang, Value: name}, {Lang: "EN", Value: english}},
		Address: &edm.Address{Country: country},
		Class:   class,
	}
}
