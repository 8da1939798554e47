package scenario

import (
	"context"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/gateway"
	"oots/internal/node"
	"oots/internal/provider"
	"oots/internal/requester"
)

// alter joins changes of the demonstration.
func alter(changes ...func(*node.Options)) func(*node.Options) {
	return func(o *node.Options) {
		for _, change := range changes {
			change(o)
		}
	}
}

// exempt makes the requests of the portal those of a procedure whose law lets evidence go without a preview.
// [Regulation (EU) 2018/1724 art. 14(5)]
func exempt(o *node.Options) {
	o.Variant.Requester = func(_ string, s *requester.Settings) { s.Exempt = []string{requester.AllProcedures} }
}

// outgoing changes messages before they leave, after other such changes.
func outgoing(change func(country string, e *exchange.Envelope)) func(*node.Options) {
	return func(o *node.Options) {
		before := o.Variant.Outgoing
		o.Variant.Outgoing = func(country string, e *exchange.Envelope) {
			if before != nil {
				before(country, e)
			}
			change(country, e)
		}
	}
}

// request changes the request in an envelope; other messages stay.
func request(e *exchange.Envelope, change func(*edm.Request)) {
	if e.Action != exchange.ExecuteQueryRequest {
		return
	}
	q, _, err := edmxml.ParseRequest(e.Body)
	if err != nil {
		return
	}
	change(q)
	if b, err := edmxml.AppendRequest(nil, q); err == nil {
		e.Body = b
	}
}

// retries sends messages again after an interval, until an access point gives up.
func retries(plan gateway.RetryPlan) func(*node.Options) {
	return func(o *node.Options) { o.Retry = plan }
}

// providers changes what the providers of every country are.
func providers(change func(country string, s *provider.Settings)) func(*node.Options) {
	return func(o *node.Options) { o.Variant.Provider = change }
}

// registers puts another register behind every provider; usual is the one that it takes the place of.
func registers(other func(agent edm.Agent, usual provider.Register) provider.Register) func(*node.Options) {
	return providers(func(_ string, s *provider.Settings) {
		for i := range s.Services {
			s.Services[i].Register = other(s.Services[i].Agent, s.Services[i].Register)
		}
	})
}

// finds is a register in the form of a function.
type finds func(ctx context.Context, s provider.Subject, evidenceType string, languages []string) ([]provider.Record, error)

// Find implements provider.Register.
func (f finds) Find(ctx context.Context, s provider.Subject, evidenceType string, languages []string) ([]provider.Record, error) {
	return f(ctx, s, evidenceType, languages)
}
