package saxon

import "oots/internal/judge/published"

// features are rules that use what the published files use and what differs most between processors: the first
// rule of a pattern, unions, attributes, wildcards, comments, general comparisons with sequences and with
// nothing, // with variables, regular expressions with classes and white space, numbers that are none, errors.
func features() published.Schema {
	one := func(context string, asserts ...published.Assert) published.Pattern {
		return published.Pattern{{Context: context, Asserts: asserts}}
	}
	a := func(id, test string) published.Assert { return published.Assert{ID: id, Test: test} }
	report := func(id, test string) published.Assert { return published.Assert{ID: id, Test: test, Report: true} }
	return published.Schema{
		Prefixes: published.Prefixes(),
		Lets: []published.Let{
			{Name: "codes", Value: "('EN', 'FR', 'DE', 'PT', 'EL')"},
			{Name: "names", Value: "//sdg:Name"},
			{Name: "langs", Value: "tokenize('EN FR DE', '\\s')"},
		},
		Patterns: []published.Pattern{
			{ // the first rule wins
				{Context: "rim:Slot[@name='Procedure']", Asserts: []published.Assert{a("F01", "rim:SlotValue/rim:Value='T1'")}},
				{Context: "rim:Slot[@name=('Procedure','IssueDateTime')]", Asserts: []published.Assert{a("F02", "false()")}},
				{Context: "rim:Slot|rim:Element", Asserts: []published.Assert{a("F03", "count(*)=1"), a("F04", "not(@name) or string-length(@name) > 12")}},
			},
			{
				{Context: "sdg:*[@lang]", Lets: []published.Let{{Name: "l", Value: "@lang"}, {Name: "n", Value: "count($names[@lang=$l])"}}, Asserts: []published.Assert{a("F05", "$l=$codes"), report("F06", "$n > 2")}},
				{Context: "sdg:*", Asserts: []published.Assert{a("F07", "not(contains(.,'  '))"), a("F08", "text() or *")}},
			},
			one("*:Identifier", a("F09", "@schemeID"), a("F10", "@schemeID != 'x'"), a("F11", `matches(., '^\S+$')`), a("F12", `matches(normalize-space(.), '[a-f0-9]{8}-', 'i')`)),
			one("@*", a("F13", `not(matches(., '\s'))`), a("F14", "string-length(.) < 60")),
			one("@xsi:type", a("F15", "substring-after(., ':') = ('StringValueType','AnyValueType','CollectionValueType','DateTimeValueType')"), a("F16", "starts-with(., 'rim:')")),
			one("/node()", a("F17", "starts-with(local-name(),'Query')"), a("F18", "namespace-uri()!=''")),
			one("/", a("F19", "count(*)=1"), a("F20", "//@name = 'IssueDateTime'"), report("F21", "//rim:Slot/@name != //rim:Slot/@name")),
			one("comment()", a("F22", "contains(., 'x')")),
			one("query:*//sdg:Agent[sdg:Classification='ER' or sdg:Identifier]/sdg:Name", a("F23", "../sdg:Identifier/@schemeID"), a("F24", "string-length(normalize-space(.)) > 12")),
			one("/query:*/rim:Slot", a("F25", "rim:SlotValue/@xsi:type")),
			one("//rim:Value[not(contains(., ':'))]", a("F26", "number(.) >= 0"), a("F27", "normalize-space(.)=('true','false')")),
			one("rim:Value[string-length(.) > 3]", a("F28", "number(substring(., 1, 4)) > 2025"), a("F29", "every $c in tokenize(., '-') satisfies string-length($c) < 9")),
			one("rim:SlotValue", a("F30", "@none != 'x' or @none = 'x' or not(@none)"), report("F31", "@xsi:type = $langs"), a("F32", "rim:Value != ''"), a("F33", "normalize-space(rim:Value) != ''")),
			one("sdg:DateOfBirth|sdg:IssuingDate", a("F34", ". castable as xs:date"), a("F35", "xs:date(.) < xs:date('2026-01-01')")),
			one("rim:Slot/@name[.='Requirements' or .='NaturalPerson']", a("F36", "../rim:SlotValue//sdg:Name"), a("F37", "lower-case(.) = upper-case(.)")),
			one("sdg:LevelOfAssurance[. = ('Low','Substantial','High')]", a("F38", "sum((1, string-length(.))) = 12"), a("F39", "ends-with(., 'l') or ends-with(., 'h')")),
			one("rim:Slot[normalize-space(@name)!='' and not(preceding-sibling::rim:Slot)]", a("F41", "@name = 'SpecificationIdentifier'")),
			one("sdg:Agent", a("F42", "count(distinct-values(sdg:Name/@lang)) = count(sdg:Name)"), a("F43", "if (sdg:Address) then sdg:Address/sdg:AdminUnitLevel1 else sdg:Identifier"), a("F44", "string-join(sdg:Classification, '') = 'ER'")),
		},
	}
}
