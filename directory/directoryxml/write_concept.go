package directoryxml

import (
	"oots/directory"
	"oots/regrep"
)

// Concept writes an sdg:EvidenceProviderClassification, with its values when it has some. [TDD 3.1.3]
func Concept(w *regrep.Writer, l directory.Line, c *directory.Concept) {
	concept(w, l, "sdg:EvidenceProviderClassification", c)
}

func concept(w *regrep.Writer, l directory.Line, name string, c *directory.Concept) {
	w.Open(name)
	w.Text("sdg:Identifier", c.ID, "schemeID", scheme(l, c))
	w.Text("sdg:Type", c.Kind())
	w.TextIf("sdg:ValueExpression", l.URL(c.ValueExpression))
	texts(w, "sdg:Description", c.Descriptions)
	if len(c.SupportedValues) > 0 {
		value := "sdg:StringValue"
		switch {
		case c.Dates:
			value = "sdg:DateValue"
		case c.Kind() == directory.ConceptBoolean:
			value = "sdg:BooleanValue"
		}
		w.Open("sdg:SupportedValue")
		for _, v := range c.SupportedValues {
			w.Text(value, v)
		}
		w.Close()
	}
	w.Close()
}

// scheme is the URL of the code list that the identifier of a concept names from 1.2 on. Records of the older
// lines have it as value expression only. [R-DSD-ERR-C032]
func scheme(l directory.Line, c *directory.Concept) string {
	switch {
	case !l.AtLeast(directory.V12):
		return ""
	case c.CodeList == "" && c.Kind() == directory.ConceptCodeList:
		return l.URL(c.ValueExpression)
	}
	return l.URL(c.CodeList)
}
