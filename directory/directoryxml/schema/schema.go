// Package schema checks the structure of what the directories say and are told: answers of the Evidence Broker
// and of the Data Service Directory, submissions to both and their acknowledgements. [TDD 3.1.4, 3.2.4, 3.6.3]
//
// The vocabulary is that of package edm/edmxml/schema, in the release line that belongs to the version of the
// Common Services. It is known for 1.0 and read for the later ones; what a record of a broker may hold beyond
// the schema is for the rules.
package schema

import (
	"sync"

	"oots/directory"
	"oots/edm"
	vocabulary "oots/edm/edmxml/schema"
	regrep "oots/regrep/schema"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// A Kind is a message of the Common Services.
type Kind string

// The messages of the Common Services.
const (
	Answer          Kind = "answer"          // query:QueryResponse of EB or DSD, refusals included
	Submission      Kind = "submission"      // lcm:SubmitObjectsRequest
	Acknowledgement Kind = "acknowledgement" // rs:RegistryResponse
)

// Check returns what is wrong with the structure of a message of one version; nil if nothing is. All findings
// are Fatal and carry an id of package model. An unknown version is checked as RegRep alone.
func Check(doc *xmltree.Document, kind Kind, v directory.Version) []rule.Finding {
	return Of(kind, v).Check(doc)
}

// Of returns the compiled schema of a message, which may be shared.
func Of(kind Kind, v directory.Version) *model.Schema {
	m := version(v)()
	switch kind {
	case Submission:
		return m.submission
	case Acknowledgement:
		return m.acknowledgement
	}
	return m.answer
}

// messages are the schemas of one version. They share everything but the document element.
type messages struct{ answer, submission, acknowledgement *model.Schema }

// Each version is compiled once, when it is first asked for.
var (
	version10 = sync.OnceValue(func() messages { return compile(vocabulary.Vocabulary(edm.V10)) })
	version11 = sync.OnceValue(func() messages { return compile(vocabulary.Vocabulary(edm.V11)) })
	version12 = sync.OnceValue(func() messages { return compile(vocabulary.Vocabulary(edm.V12)) })
	version20 = sync.OnceValue(func() messages { return compile(vocabulary.Vocabulary(edm.V20)) })
	bare      = sync.OnceValue(func() messages { return compile() })
)

func version(v directory.Version) func() messages {
	switch v {
	case directory.V10:
		return version10
	case directory.V11:
		return version11
	case directory.V12:
		return version12
	case directory.V20:
		return version20
	}
	return bare
}

func compile(tables ...model.Table) messages {
	s, err := model.Compile(append(regrep.Tables(), tables...)...)
	if err != nil {
		s = new(model.Schema) // refuses everything; a test compiles each version
	}
	return messages{
		answer:          s.Only(regrep.QueryResponse()),
		submission:      s.Only(regrep.SubmitObjectsRequest()),
		acknowledgement: s.Only(regrep.RegistryResponse()),
	}
}
