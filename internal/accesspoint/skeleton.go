package accesspoint

import (
	"oots/edelivery/ebms"
	"oots/edelivery/pmode/configuration"
	"oots/edm/exchange"
)

// What the P-Modes of OOTS have in common. [TDD 4.7]
const (
	partyIDType = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots"
	gatewayRole = "http://sdg.europa.eu/edelivery/gateway"
	serviceType = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"
	oneWay      = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/oneWay"
	push        = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/push"
)

// pmodes writes P-Modes in which our party may exchange evidence with itself: partners are added beside it.
func (m *maker) pmodes() error {
	head := "# Our own party alone: it may send messages to itself, which shows that everything works. When the network hands out a\n" +
		"# P-Mode file, that one takes its place: oots pmode activate FILE --config oots.yaml. To add a partner by hand, give it an\n" +
		"# entry in parties, name it in both lists of the process, and put its certificate into partners/NAME.crt.pem.\n\n"
	return m.write(pmodesFile, 0o600, configuration.Append([]byte(head), skeleton(m.Party, m.made.Endpoint), nil, configuration.YAML))
}

// skeleton is the P-Modes of one party.
func skeleton(party, endpoint string) *configuration.Configuration {
	const retry, all = "12;4;CONSTANT", 3600
	c := &configuration.Configuration{
		Party: party,
		MPCs: []configuration.MPC{{Name: "defaultMpc", QualifiedName: ebms.DefaultMPC, Enabled: true, Default: true, RetentionUndownloaded: all,
			RetentionSent: -1, RetentionSentSuccess: -1, RetentionSentFailure: -1, MaxBatchDelete: -1}},
		Roles:        []configuration.Role{{Name: "gateway", Value: gatewayRole}},
		PartyIDTypes: []configuration.PartyIDType{{Name: "oots", Value: partyIDType}},
		Parties:      []configuration.Party{{Name: party, Endpoint: endpoint, Identifiers: []configuration.Identifier{{PartyID: party, PartyIDType: "oots"}}}},
		MEPs:         []configuration.Named{{Name: "oneway", Value: oneWay, Legs: 1}},
		Bindings:     []configuration.Binding{{Name: "push", Value: push}},
		Properties: []configuration.Property{
			{Name: "originalSender", Key: ebms.OriginalSender, Datatype: "string", Required: true},
			{Name: "finalRecipient", Key: ebms.FinalRecipient, Datatype: "string", Required: true},
			{Name: "exchangeId", Key: "ExchangeId", Datatype: "string"},
			{Name: "specificationId", Key: "SpecificationId", Datatype: "string"},
		},
		PropertySets: []configuration.PropertySet{{Name: "corners", Refs: []configuration.Reference{
			{Name: "originalSender"}, {Name: "finalRecipient"}, {Name: "exchangeId"}, {Name: "specificationId"}}}},
		Securities: []configuration.Security{{Name: "signedAndEncrypted", Profile: "rsa"}},
		ErrorHandlings: []configuration.ErrorHandling{{Name: "tellAll", ErrorAsResponse: true, BusinessErrorNotifyProducer: true,
			BusinessErrorNotifyConsumer: true, DeliveryFailureNotifyProducer: true}},
		Agreements:         []configuration.Agreement{{Name: "none"}},
		ReceptionAwareness: []configuration.ReceptionAwareness{{Name: "retry", Retry: retry, DuplicateDetection: true}},
		Reliabilities:      []configuration.Reliability{{Name: "receipt", ReplyPattern: "response", NonRepudiation: true}},
		Services: []configuration.Service{
			{Name: "queryManager", Value: "QueryManager", Type: serviceType},
			{Name: "test", Value: ebms.TestService},
		},
	}
	process := configuration.Process{
		Name: "evidenceExchange", Agreement: "none", MEP: "oneway", Binding: "push", InitiatorRole: "gateway", ResponderRole: "gateway",
		Initiators: []configuration.Reference{{Name: party}}, Responders: []configuration.Reference{{Name: party}},
	}
	for _, a := range []struct{ name, service, value string }{
		{"request", "queryManager", string(exchange.ExecuteQueryRequest)}, {"response", "queryManager", string(exchange.ExecuteQueryResponse)},
		{"exception", "queryManager", string(exchange.ExceptionResponse)}, {"test", "test", ebms.TestAction},
	} {
		c.Actions = append(c.Actions, configuration.Action{Name: a.name, Value: a.value})
		c.Legs = append(c.Legs, configuration.Leg{
			Name: a.name + "Leg", Service: a.service, Action: a.name, Security: "signedAndEncrypted", DefaultMPC: "defaultMpc", ReceptionAwareness: "retry",
			Reliability: "receipt", PropertySet: "corners", ErrorHandling: "tellAll", CompressPayloads: a.name == "request",
		})
		process.Legs = append(process.Legs, configuration.Reference{Name: a.name + "Leg"})
	}
	c.Processes = []configuration.Process{process}
	return c
}
