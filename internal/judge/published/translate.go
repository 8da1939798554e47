package published

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"oots/codelist"
)

// current is the line of the phrases.
const current = "2.0"

// Translate makes a rule of a row as it stands in a release line. It is false for rows whose context or test is
// unknown, or written in words that stand for no fixed XPath.
func Translate(row Row, line string) (Rule, bool) {
	if !row.In(line) || strings.HasPrefix(row.ID, "PROSE") {
		return Rule{}, false
	}
	p, test, ok := phrase{}, "", true
	if line == current {
		p = phrases[row.ID]
	}
	context := p.context
	if context == "" {
		if context, ok = contextOf(row, line); !ok {
			return Rule{}, false
		}
	}
	if test = p.test; test == "" {
		test, ok = testOf(row, line)
	}
	if !ok || test == "-" {
		return Rule{}, false
	}
	return Rule{Context: context, Asserts: []Assert{{ID: row.ID, Flag: strings.TrimSuffix(row.Severity, "?"), Test: test}}}, true
}

// forLine takes the alternative of a cell such as "2.0: a; 1.x: b" that a release line has.
func forLine(cell, line string) string {
	found, any := "", false
	for part := range strings.SplitSeq(cell, "; ") {
		m := marked.FindStringSubmatch(part)
		if m == nil {
			if !any && found == "" {
				found = part // what stands before the first mark is for all others
			}
			continue
		}
		any = true
		for v := range strings.SplitSeq(m[1], "/") {
			if v == line || v == "1.x" && strings.HasPrefix(line, "1.") {
				return part[len(m[0]):]
			}
		}
	}
	return found
}

var marked = regexp.MustCompile(`^((?:\d\.[\dx])(?:/\d\.[\dx])*): `)

// remark is a note in brackets behind the XPath.
var remark = regexp.MustCompile(` \((?:any level|exact anchor|raw|1\.\d|2\.0|anchoring|see |here also|the assertion|and |00 accepted)[^()]*(?:\([^()]*\)[^()]*)*\)$`)

func contextOf(row Row, line string) (string, bool) {
	c := remark.ReplaceAllString(forLine(row.Context, line), "")
	c = strings.TrimPrefix(c, "…/")
	c = whole(c)
	for _, words := range []string{"?", "same as", "any of", "nested", "objects under", "text elements", "sibling", "package", " in (", "classified", "(all levels)", "exact"} {
		if strings.Contains(c, words) {
			return "", false
		}
	}
	if strings.Contains(c, "…") || strings.Contains(c, "(eb:From|") || strings.Contains(c, " or '") || c == "" {
		return "", false
	}
	return c, !strings.Contains(strings.TrimSpace(bracketed.ReplaceAllString(c, "")), " ")
}

// bracketed is a predicate; between them a path has no space, which words have.
var bracketed = regexp.MustCompile(`\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]`)

// whole completes names that the table shortens.
func whole(s string) string {
	for _, status := range []string{"Success", "Failure", "Unavailable"} {
		s = strings.ReplaceAll(s, "'…:"+status+"'", "'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"+status+"'")
	}
	return s
}

// agentIdentifier is the test that the table writes once for all identifiers of agents.
const agentIdentifier = "@schemeID = $AgentSchemes and string-length(.)<256"

var (
	inList   = regexp.MustCompile(`^in code list ([A-Za-z_]+)$`)
	inWords  = regexp.MustCompile(`^in \(([A-Za-z0-9:]+(?:, [A-Za-z0-9:]+)*)\)(?:, exact case)?$`)
	nameIs   = regexp.MustCompile(`^@name = (?:one of )?([A-Z][A-Za-z]+(?:, [A-Z][A-Za-z]+)*)$`)
	children = regexp.MustCompile(`^only children (sdg:[A-Za-z]+(?:(?:, | and )sdg:[A-Za-z]+)*)$`)
)

// lists are the code lists by the names that the table uses.
var lists = map[string]codelist.List{
	"LanguageCode": codelist.Languages, "CountryIdentificationCode": codelist.Countries, "NUTS": codelist.NUTS,
	"OOTSMediaTypes": codelist.MediaTypes, "Gender": codelist.Genders, "OOTS_Country": codelist.OOTSCountries, "Procedures": codelist.Procedures,
}

// variables are the code lists, as the published files have them: one variable each.
func variables() []Let {
	var lets []Let
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		lets = append(lets, Let{name, sequence(lists[name].Codes())})
	}
	var schemes []string
	for _, code := range codelist.EAS.Codes() {
		schemes = append(schemes, "urn:cef.eu:names:identifier:EAS:"+code)
	}
	for _, code := range append(codelist.OOTSCountries.Codes(), "oots") {
		schemes = append(schemes, "urn:oasis:names:tc:ebcore:partyid-type:unregistered:"+code)
	}
	return append(lets, Let{"AgentSchemes", sequence(schemes)})
}

func testOf(row Row, line string) (string, bool) {
	t := forLine(row.Test, line)
	t = whole(t)
	for {
		shorter := remark.ReplaceAllString(t, "")
		if shorter == t {
			break
		}
		t = shorter
	}
	countries := strings.Join(codelist.OOTSCountries.Codes(), "|")
	t = strings.ReplaceAll(t, "OOTS_Country codes", countries)
	t = strings.ReplaceAll(t, "(OOTS_Country|oots)", "("+countries+"|oots)")
	if m := inList.FindStringSubmatch(t); m != nil {
		_, ok := lists[m[1]]
		return ". = $" + m[1], ok
	}
	if m := inWords.FindStringSubmatch(t); m != nil {
		return ". = " + sequence(strings.Split(m[1], ", ")), true
	}
	if m := nameIs.FindStringSubmatch(t); m != nil {
		return "@name = " + sequence(strings.Split(m[1], ", ")), true
	}
	if m := children.FindStringSubmatch(t); m != nil {
		return "count(*) = count(" + strings.NewReplacer(", ", "|", " and ", "|").Replace(m[1]) + ")", true
	}
	switch {
	case strings.HasPrefix(t, "rim:Value='oots-edm:vM.m'"):
		return "rim:Value='oots-edm:v" + line + "'", true
	case strings.Contains(t, "EAS list"), t == "same test as C012", t == "same test as REQ-C012":
		return agentIdentifier, true
	case strings.HasPrefix(t, "value in code list Procedures"):
		return ". = $Procedures", true
	case t == "YYYY-MM-DD":
		return `matches(normalize-space(text()),'^\d{4}-\d{2}-\d{2}$')`, true
	}
	if !looksLikeXPath(t) {
		return "", false
	}
	return t, true
}

// prose are words that no test of the table has outside of a literal.
var prose = regexp.MustCompile(`\b(if|then|same|see|any|every|some|only|in|one|of|no|list|castable|uuid|equals|beside|ends|starts with|whole|matches production|present|exactly|object|association|least|mandatory|unstructured|scheme URN|matching|companion|without|values?|each|repeated|swapped|taken|prefix|codes?|whose|two|environment)\b`)

var literal = regexp.MustCompile(`'[^']*'`)

// looksLikeXPath tells XPath from words: a call, a comparison or a name with prefix, and no word of prose.
func looksLikeXPath(t string) bool {
	bare := literal.ReplaceAllString(t, "''")
	if strings.ContainsAny(bare, "…?;") || prose.MatchString(bare) || bare == "" {
		return false
	}
	return strings.ContainsAny(bare, "@:(=") && !strings.Contains(bare, " (1.")
}

// sequence is a sequence of string literals.
func sequence(values []string) string { return "('" + strings.Join(values, "','") + "')" }
