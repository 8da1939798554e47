// Package schema holds the content models of the SDG Generic Metadata Profile, the vocabulary of OOTS, for each
// release line, and checks the messages of an evidence exchange against them. [TDD 4.5.1, 4.5.2, 4.5.3]
//
// The model of 1.0 is known: it says what the published schema 1.0.0 says. The schemas of 1.1, 1.2 and 2.0 were
// not available; their models are read from the rules, from messages and from the chapters. Each departure from
// 1.0 says in a comment whether the text states it (known) or whether it is inferred (read). Where nothing was
// found the model accepts what any reading would accept, and the rules decide. [open-questions G1, B15]
//
// It does not check rules: what a slot is called, whether a code is in its list.
package schema

import (
	"sync"

	"oots/edm"
	regrep "oots/regrep/schema"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// A Kind is a message of an evidence exchange.
type Kind string

// The three messages. Response and error have the same document element; whether exceptions may stand in one
// is for the rules.
const (
	Request  Kind = "request"  // query:QueryRequest
	Response Kind = "response" // query:QueryResponse
	Error    Kind = "error"    // query:QueryResponse
)

// Check returns what is wrong with the structure of a message of one release line; nil if nothing is. All
// findings are Fatal and carry an id of package model. An unknown version is checked as RegRep alone.
func Check(doc *xmltree.Document, kind Kind, v edm.Version) []rule.Finding {
	return Of(kind, v).Check(doc)
}

// Of returns the compiled schema of a message, which may be shared.
func Of(kind Kind, v edm.Version) *model.Schema {
	s := release(v)()
	if kind == Request {
		return s.request
	}
	return s.response
}

// messages are the schemas of one release line. They share everything but the document element.
type messages struct{ request, response *model.Schema }

// Each line is compiled once, when it is first asked for.
var (
	line10 = sync.OnceValue(func() messages { return compile(Vocabulary(edm.V10)) })
	line11 = sync.OnceValue(func() messages { return compile(Vocabulary(edm.V11)) })
	line12 = sync.OnceValue(func() messages { return compile(Vocabulary(edm.V12)) })
	line20 = sync.OnceValue(func() messages { return compile(Vocabulary(edm.V20)) })
	bare   = sync.OnceValue(func() messages { return compile() })
)

func release(v edm.Version) func() messages {
	switch v {
	case edm.V10:
		return line10
	case edm.V11:
		return line11
	case edm.V12:
		return line12
	case edm.V20:
		return line20
	}
	return bare
}

func compile(vocabulary ...model.Table) messages {
	s, err := model.Compile(append(regrep.Tables(), vocabulary...)...)
	if err != nil {
		s = new(model.Schema) // refuses everything; a test compiles each line
	}
	return messages{request: s.Only(regrep.QueryRequest()), response: s.Only(regrep.QueryResponse())}
}
