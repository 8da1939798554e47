package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/regrep"
	"oots/xml/xmltree"
)

// The tests that any table uses. Each looks at the element that the path of its rule leads to.

func rootName(local string) test {
	return test{want: local, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return e.Name.Local, e.Name.Local == local
	}}
}

func rootSpace(uri string) test {
	return test{want: uri, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return e.Name.Space, e.Name.Space == uri
	}}
}

// attr wants an attribute, whatever its value.
func attr(name string) test {
	return test{want: "the attribute " + name, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		_, ok := e.Attr("", name)
		return "", ok
	}}
}

// attrFilled wants an attribute that is not blank.
func attrFilled(name string) test {
	return test{want: "the attribute " + name + " with a value", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		value, _ := e.Attr("", name)
		return "", strings.TrimSpace(value) != ""
	}}
}

// attrIs wants one of the values, compared as written.
func attrIs(name string, values ...string) test {
	return test{want: strings.Join(values, " or "), holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		got, _ := e.Attr("", name)
		for _, v := range values {
			if got == v {
				return "", true
			}
		}
		return got, false
	}}
}

func counted(want string, names []string, fits func(int) bool) test {
	return test{want: want, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		n := count(e, names...)
		return strconv.Itoa(n), fits(n)
	}}
}

func one(name string) test {
	return counted("exactly one "+name, []string{name}, func(n int) bool { return n == 1 })
}

func some(name string) test {
	return counted("at least one "+name, []string{name}, func(n int) bool { return n > 0 })
}

func none(names ...string) test {
	return counted("no "+strings.Join(names, ", no "), names, func(n int) bool { return n == 0 })
}

// slot wants exactly one slot of that name.
func slot(name string) test {
	return test{want: "exactly one slot " + name, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		n := regrep.ReadSlots(e).Count(name)
		return strconv.Itoa(n), n == 1
	}}
}

// slotOf wants at least one slot of these names.
func slotOf(names ...string) test {
	return test{want: "a slot " + strings.Join(names, " or "), holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		slots := regrep.ReadSlots(e)
		for _, n := range names {
			if slots.Has(n) {
				return "", true
			}
		}
		return "", false
	}}
}

// slotName wants a slot to have one of these names.
func slotName(names ...string) test { return attrIs("name", names...) }

// noSlots wants no slot but that of the version.
func noSlots() test {
	return test{want: "no slot but SpecificationIdentifier", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		for _, s := range regrep.ReadSlots(e).List {
			if s.Name != "SpecificationIdentifier" {
				return s.Name, false
			}
		}
		return "", true
	}}
}

// typed wants an xsi:type of the rim namespace, its prefix resolved.
func typed(t regrep.ValueType) test {
	return test{want: "xsi:type rim:" + string(t), holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		got, _ := e.Attr(regrep.NamespaceXSI, "type")
		return got, regrep.TypeOf(e) == t
	}}
}

func xsiType() test {
	return test{want: "the attribute xsi:type", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		_, ok := e.Attr(regrep.NamespaceXSI, "type")
		return "", ok
	}}
}

// lang wants a language to be named, whatever it is.
func lang() test { return attrFilled("lang") }

// langCode judges a language that is named.
func langCode() test {
	return test{want: "a code of LanguageCode with two upper-case letters", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		got, there := e.Attr("", "lang")
		return got, !there || len(got) == 2 && c.lists.Has(codelist.Languages, got)
	}}
}

// code wants the text to be in a code list.
func code(l codelist.List) test {
	return test{want: "a code of " + string(l), holds: func(c *checker, e *xmltree.Element) (string, bool) {
		return e.Value(), c.lists.Has(l, e.Value())
	}}
}

func valueIs(values ...string) test {
	return test{want: strings.Join(values, " or "), holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		for _, v := range values {
			if e.Value() == v {
				return "", true
			}
		}
		return e.Value(), false
	}}
}

// country accepts any country in 1.0, which published the longer list.
func country() test {
	return test{want: "a code of OOTS_Country", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		v := e.Value()
		return v, c.lists.Has(codelist.OOTSCountries, v) || c.line == v10 && len(v) == 2 && c.lists.Has(codelist.Countries, v)
	}}
}

func procedure() test {
	return test{want: "a code of Procedures", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		return e.Value(), c.lists.Has(codelist.Procedures, e.Value())
	}}
}

// filled wants a child of that name with some text in or below it.
func filled(name string) test {
	n := nameOf(name)
	return test{want: "a " + name + " with content", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		for child := range e.All(n.Space, n.Local) {
			if hasText(child) {
				return "", true
			}
		}
		return "", false
	}}
}

func hasText(e *xmltree.Element) bool {
	if e.Value() != "" {
		return true
	}
	for child := range e.Elements() {
		if hasText(child) {
			return true
		}
	}
	return false
}

// with wants that where there is the first child, the second is there too.
func with(name, needs string) test {
	return test{want: needs + " beside " + name, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return "", count(e, name) == 0 || count(e, needs) > 0
	}}
}

const hexUUID = `[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}`

func uuid() test {
	return test{want: "a UUID", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return e.Value(), directory.IsUUID(e.Value())
	}}
}

func isURN(s string) bool {
	bare, ok := strings.CutPrefix(strings.TrimSpace(s), "urn:uuid:")
	return ok && directory.IsUUID(bare)
}

// urnUUID judges an attribute that is there.
func urnUUID(name string) test {
	return test{want: "urn:uuid: and a UUID", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		got, there := e.Attr("", name)
		return got, !there || isURN(got)
	}}
}

// uniqueID judges an id that is there: urn:uuid: and a UUID, once in the document.
func uniqueID() test {
	return test{want: "urn:uuid: and a UUID that stands once", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		got, there := e.Attr("", "id")
		c.index()
		return got, !there || isURN(got) && c.ids[strings.ToLower(got)] == 1
	}}
}

// A pattern is the form of a Semantic Repository URL in 2.0 and before.
type pattern struct{ newest, older *regexp.Regexp }

func newPattern(newest, older string) pattern {
	const host = `^https://sr(\.[a-zA-Z]+)?\.oots\.tech\.`
	return pattern{
		newest: regexp.MustCompile(host + `ec\.europa\.eu/` + newest),
		older:  regexp.MustCompile(`(?i)` + host + `(ec\.)?europa\.eu/` + older),
	}
}

func (p pattern) fits(s string, line lines) bool {
	if line == v20 {
		return p.newest.MatchString(s)
	}
	return p.older.MatchString(s)
}

// The forms of Semantic Repository URLs. [TDD 3.2.4, 3.5]
var (
	requirementURL    = newPattern(`requirements/`+hexUUID+`$`, `requirements/`+hexUUID+`$`)
	classificationURL = newPattern(`evidencetypeclassifications/([A-Z]{2}|oots)/`+hexUUID+`$`, `evidencetypeclassifications/([a-z]{2}|oots)/`+hexUUID+`$`)
	dataModelURL      = newPattern(`datamodels/.`, `(distributions|datamodels)/.`)
	codeListURL       = newPattern(`codelists/[A-Z]{2}/[A-Za-z0-9]{2,50}$`, `codelists/[A-Z]{2}/[A-Za-z0-9]{2,50}$`)
)

func url(p pattern) test {
	return test{want: "a Semantic Repository URL", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		return e.Value(), p.fits(e.Value(), c.line)
	}}
}

func https() test {
	return test{want: "an https URL", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return e.Value(), strings.HasPrefix(strings.ToLower(e.Value()), "https://")
	}}
}

// party judges a scheme that is there: EAS with a code of the list, or the unregistered form.
func party() test {
	return test{want: "an EAS or unregistered scheme", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		got, there := e.Attr("", "schemeID")
		if eas, ok := strings.CutPrefix(got, "urn:cef.eu:names:identifier:EAS:"); ok {
			return got, c.lists.Has(codelist.EAS, eas)
		}
		return got, !there || strings.HasPrefix(got, "urn:oasis:names:tc:ebcore:partyid-type:unregistered")
	}}
}

var (
	nutsForm = regexp.MustCompile(`^[A-Z]{2}[0-9A-Z]{0,3}$`)
	lauForm  = regexp.MustCompile(`^[A-Z]*[0-9][0-9A-Z_]*$`)
)

func form(re *regexp.Regexp, what string) test {
	return test{want: what, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return e.Value(), re.MatchString(e.Value())
	}}
}

func nuts() test { return form(nutsForm, "a NUTS code") }
func lau() test  { return form(lauForm, "a LAU code") }

// exchangeVersions wants at least one version of the exchange, each well formed.
func exchangeVersions() test {
	re := regexp.MustCompile(`^oots-edm:v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)
	return test{want: "oots-edm:v<major>.<minor>", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		n := 0
		for v := range e.All(regrep.NamespaceSDG, "ConformsTo") {
			if n++; !re.MatchString(v.Value()) {
				return v.Value(), false
			}
		}
		return fmt.Sprintf("%d versions", n), n > 0
	}}
}
