// Package schema holds the content models of OASIS RegRep 4.0 as tables: registry objects and slots (rim),
// exceptions (rs), query and life-cycle messages. [RegRep 4.0] [TDD 4.5, 3.6]
//
// Every type that a slot or a registry object may have is there. Left out are notifications and the interface
// of registry plug-ins, which no OOTS message carries; an endpoint reference of WS-Addressing is taken as it is.
// What stands inside an AnyValueType is decided by the tables that are compiled beside these.
package schema

import (
	"oots/regrep"
	"oots/xml/model"
	"oots/xml/xmltree"
)

const (
	namespaceXLink = regrep.NamespaceXLink
	namespaceWSA   = "http://www.w3.org/2005/08/addressing"
)

func rim(local string) xmltree.Name { return xmltree.Name{Space: regrep.NamespaceRIM, Local: local} }
func rs(local string) xmltree.Name  { return xmltree.Name{Space: regrep.NamespaceRS, Local: local} }
func query(local string) xmltree.Name {
	return xmltree.Name{Space: regrep.NamespaceQuery, Local: local}
}
func lcm(local string) xmltree.Name { return xmltree.Name{Space: regrep.NamespaceLCM, Local: local} }

// QueryRequest is the document element of a request.
func QueryRequest() xmltree.Name { return query("QueryRequest") }

// QueryResponse is the document element of an answer and of an error.
func QueryResponse() xmltree.Name { return query("QueryResponse") }

// SubmitObjectsRequest is the document element of a submission to a directory.
func SubmitObjectsRequest() xmltree.Name { return lcm("SubmitObjectsRequest") }

// RegistryResponse is the document element of the acknowledgement of a submission.
func RegistryResponse() xmltree.Name { return rs("RegistryResponse") }

// Tables returns the tables of RegRep, of XLink and of the attributes of XML, to be compiled with others.
func Tables() []model.Table {
	return []model.Table{attributesXML(), xlink(), values(), objects(), services(), exceptions(), messages()}
}

// must is a required attribute without namespace.
func must(local string, t model.Type) model.Attribute {
	return model.Attribute{Name: xmltree.Name{Local: local}, Type: t, Required: true}
}

// may is an optional attribute without namespace.
func may(local string, t model.Type) model.Attribute {
	return model.Attribute{Name: xmltree.Name{Local: local}, Type: t}
}

// reference is the type of attributes that name another object.
func reference() model.Type { return model.Ref(rim("objectReferenceType")) }

// text is a type of rim that bounds the length of a string.
func text(local string) model.Type { return model.Ref(rim(local)) }

// extend is a type of rim that extends another.
func extend(name, base xmltree.Name, content model.Particle, attrs ...model.Attribute) model.Complex {
	return model.Complex{Name: name, Base: model.Ref(base), Content: content, Attributes: attrs}
}
