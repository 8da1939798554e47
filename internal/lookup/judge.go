package lookup

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/directory/rules"
	"oots/rule"
	"oots/xml/xmltree"
)

// A RulePolicy says what becomes of a verified answer that breaks published rules.
type RulePolicy int

// The policies. The published catalogues break rules here and there, so the first is the default: a portal
// that refused them would offer nothing.
const (
	LogBrokenRules    RulePolicy = iota // use the answer, and name the rules in the log
	RefuseBrokenRules                   // refuse an answer that breaks a rule whose severity is FATAL
)

// judge decides on an answer of a directory: signature, document, version, rules, and whether it belongs to
// the question, in this order. The failure has its reason and no query yet.
func (c *Client) judge(r *query.Request, offered []directory.Version, at Endpoint, h http.Header, body []byte) (*query.Answer, *jades.Signature, *Failure) {
	sig, err := jades.Verify(h, body, at.Trust, c.d.Clock.Now())
	if err != nil {
		return nil, nil, &Failure{Reason: "the answer is not to be trusted", Err: err}
	}
	doc, err := query.Open(body)
	if err != nil {
		return nil, nil, &Failure{Reason: "the directory is not understood", Err: err}
	}
	a, err := query.ReadDocument(doc)
	if err != nil {
		return nil, nil, &Failure{Reason: "the directory is not understood", Err: err}
	}
	if !slices.Contains(offered, lineOf(a)) {
		// A refusal of the version itself may come in any shape.
		if refusal, ok := a.Err.(*directory.Refusal); !ok || !strings.HasSuffix(refusal.Code, ":0003") {
			return nil, nil, &Failure{Reason: "the answer is of version " + visible(string(a.Version)) + ", not of the one asked for", Err: errVersion}
		}
	}
	if why := c.brokenRules(r, doc, a); why != "" {
		return nil, nil, &Failure{Reason: "the answer breaks published rules: " + why}
	}
	if why := query.Misfit(r, a); why != "" {
		return nil, nil, &Failure{Reason: "the answer is to another question: " + why}
	}
	return a, sig, nil
}

// brokenRules judges an answer by the published rules of its line. It returns the rules that refuse it, or ""
// when it may be used.
func (c *Client) brokenRules(r *query.Request, doc *xmltree.Document, a *query.Answer) string {
	findings := rules.Check(doc, kindOf(r, a), lineOf(a))
	if len(findings) == 0 {
		return ""
	}
	var ids []string
	for _, f := range findings {
		if id := string(f.Rule); !slices.Contains(ids, id) && len(ids) < 10 {
			ids = append(ids, id)
		}
	}
	refused := rule.Refuses(findings)
	c.d.Log.Warn("answer breaks published rules", slog.String("query", r.Query.Short()), slog.String("country", r.Country),
		slog.Int("findings", len(findings)), slog.Bool("fatal", refused), slog.String("rules", strings.Join(ids, " ")))
	if refused && c.d.Rules == RefuseBrokenRules {
		return strings.Join(ids, " ")
	}
	return ""
}

// kindOf names the kind of an answer for the rules: the query decides, whatever the answer says of itself.
func kindOf(r *query.Request, a *query.Answer) rule.Document {
	switch {
	case a.Err != nil && r.Query == query.DataServices:
		return rule.DirectoryError
	case a.Err != nil:
		return rule.BrokerFailure
	case r.Query == query.DataServices:
		return rule.DataServices
	case r.Query == query.EvidenceTypes:
		return rule.EvidenceTypes
	}
	return rule.Requirements
}
