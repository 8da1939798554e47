package node

import (
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edm/exchange"
)

// modes are the P-Modes of the evidence exchange between self and its peers, and of submissions to the Common
// Services. [TDD 4.7, 3.6.3]
func modes(self pmode.Party, peers ...pmode.Party) *pmode.Set {
	return &pmode.Set{
		Self:       self,
		Peers:      peers,
		Service:    ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"},
		Actions:    []string{string(exchange.ExecuteQueryRequest), string(exchange.ExecuteQueryResponse), string(exchange.ExceptionResponse)},
		Also:       []pmode.Collaboration{submissionModes()},
		Properties: pmode.FourCorner(),
	}
}
