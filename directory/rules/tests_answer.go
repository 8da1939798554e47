package rules

import (
	"slices"
	"strconv"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/directory/query"
	"oots/regrep"
	"oots/xml/xmltree"
)

// The tests that only answers of the two services use.

// noMatch wants evidence types, or the declaration that there are none. [R-EB-EVI-S015]
func noMatch() test {
	return test{want: "evidence types, or NoMatch and none", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		got := e.First(regrep.NamespaceSDG, "MatchType").Value()
		return got, (count(e, "sdg:EvidenceType") > 0) != (got == directory.NoMatch)
	}}
}

// supportedValues wants the values that a provider answers for: with the publisher up to 1.1, with the
// question of the record later. [R-DSD-RESP-S013]
func supportedValues() test {
	return test{want: "SupportedValue for each question", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		const concept = "sdg:EvidenceProviderClassification"
		questions := count(e, concept)
		where := concept + "/sdg:SupportedValue"
		if c.line&until11 != 0 {
			where = "sdg:AccessService/sdg:Publisher/sdg:ClassificationConcept/sdg:SupportedValue"
		}
		n := len(find(e, where))
		return strconv.Itoa(n) + " for " + strconv.Itoa(questions), n >= questions
	}}
}

func formats(e *xmltree.Element) []string {
	var all []string
	for f := range e.All(regrep.NamespaceSDG, "Format") {
		all = append(all, f.Value())
	}
	return all
}

// unstructured reports whether a media type of OOTS carries no data model.
func unstructured(mediaType string) bool {
	return codelist.MediaTypes.Has(mediaType) && !codelist.Structured(mediaType)
}

// waived reports whether the record of a distribution has an unstructured form, which excuses the others
// from naming a data model in 2.0. [R-DSD-RESP-C039]
func waived(c *checker, e *xmltree.Element) bool {
	if c.line != v20 {
		return false
	}
	answer, known := c.waived[e.Parent]
	if !known {
		for d := range e.Parent.All(regrep.NamespaceSDG, "DistributedAs") {
			answer = answer || slices.ContainsFunc(formats(d), unstructured)
		}
		if c.waived == nil {
			c.waived = make(map[*xmltree.Element]bool)
		}
		c.waived[e.Parent] = answer
	}
	return answer
}

func missesModel(c *checker, e *xmltree.Element, structured ...string) bool {
	if count(e, "sdg:ConformsTo") > 0 || waived(c, e) {
		return false
	}
	return slices.ContainsFunc(formats(e), func(f string) bool { return slices.Contains(structured, f) })
}

// dataModel wants a data model beside either structured form.
func dataModel() test {
	return test{want: "ConformsTo", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		return "", !missesModel(c, e, "application/xml", "application/json")
	}}
}

// dataModelFor wants a data model beside one structured form.
func dataModelFor(mediaType string) test {
	return test{want: "ConformsTo beside " + mediaType, holds: func(c *checker, e *xmltree.Element) (string, bool) {
		return "", !missesModel(c, e, mediaType)
	}}
}

// noDataModel wants none beside an unstructured form.
func noDataModel() test {
	return test{want: "no ConformsTo", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return "", count(e, "sdg:ConformsTo") == 0 || !slices.ContainsFunc(formats(e), unstructured)
	}}
}

// reduced wants the evidence type of a question: what describes it, nothing of its providers.
// [R-DSD-ERR-S021]
func reduced() test {
	return test{want: "EvidenceTypeClassification, Title and DistributedAs, nothing of the provider", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		needs := []string{"sdg:EvidenceTypeClassification", "sdg:Title", "sdg:DistributedAs"}
		if c.line&until11 != 0 {
			needs = append(needs, "sdg:Identifier")
		}
		for _, n := range needs {
			if count(e, n) == 0 {
				return "no " + n, false
			}
		}
		for _, n := range []string{"sdg:AccessService", "sdg:EvidenceProviderJurisdictionDetermination", "sdg:EvidenceProviderClassification"} {
			if count(e, n) > 0 {
				return n, false
			}
		}
		return "", true
	}}
}

// codeList judges a URL that is there: its form, and its country. [R-DSD-ERR-C033]
func codeList() test {
	return test{want: "the URL of a Member State code list", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		got, _ := e.Attr("", "schemeID")
		if got == "" {
			return "", true
		}
		_, path, _ := strings.Cut(got, "/codelists/")
		country, _, _ := strings.Cut(path, "/")
		return got, codeListURL.fits(got, c.line) && c.lists.Has(codelist.OOTSCountries, country)
	}}
}

// exceptionType wants a type that the table of the service has, its prefix resolved.
func exceptionType(prefix string) test {
	return test{want: "a type of the table of error codes", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		written, there := e.Attr(regrep.NamespaceXSI, "type")
		if !there {
			return "", true // another rule
		}
		return written, slices.ContainsFunc(query.Table[:], func(r query.CodeRow) bool {
			return ofService(r.Code, prefix) && sameType(e, r.Type)
		})
	}}
}

// exceptionCode wants a code that the table of the service has, with its type.
func exceptionCode(prefix string) test {
	return test{want: "code and type of one row of the table of error codes", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		code, there := e.Attr("", "code")
		row, known := query.Row(code)
		return code, !there || known && ofService(code, prefix) && sameType(e, row.Type)
	}}
}

func ofService(code, prefix string) bool {
	return strings.HasPrefix(code, prefix) || strings.HasPrefix(code, "SERVICE:")
}

// sameType compares the xsi:type of e with a type written "rs:Name".
func sameType(e *xmltree.Element, want string) bool {
	name, ok := regrep.XSIType(e)
	return ok && name == nameOf(want)
}

func brokerType() test    { return exceptionType("EB:") }
func brokerCode() test    { return exceptionCode("EB:") }
func directoryType() test { return exceptionType("DSD:") }
func directoryCode() test { return exceptionCode("DSD:") }

// plainSeverity wants a severity of RegRep: those of OOTS belong to other answers.
func plainSeverity() test {
	t := attrIs("severity", regrep.SeverityError, regrep.SeverityWarning)
	t.want = regrep.SeverityError
	return t
}

// olderAdditionalInput is the severity of a question as the list of 2022 spells it.
const olderAdditionalInput = "urn:sr.oots.tech.europa.eu:codes:ErrorSeverity:DSDErrorResponse:AdditionalInput"

func additionalInput() test {
	t := attrIs("severity", query.SeverityAdditionalInput, olderAdditionalInput)
	t.want = query.SeverityAdditionalInput
	return t
}

// directorySeverity wants a severity that the directory may use at all. [R-DSD-ERR-C018]
func directorySeverity() test {
	return attrIs("severity", regrep.SeverityError, regrep.SeverityWarning, query.SeverityAdditionalInput, olderAdditionalInput)
}
