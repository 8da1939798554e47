package schema

import (
	"oots/regrep"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// values are slots and what they hold. [RegRep 4.0 rim §2]
func values() model.Table {
	bounded := func(local string, most int) model.Simple {
		return model.Simple{Name: rim(local), Base: model.String, MaxLength: most}
	}
	return model.Table{
		Prefixes: map[string]string{regrep.NamespaceRIM: "rim"},
		Simple: []model.Simple{
			{Name: rim("objectReferenceType"), Base: model.String},
			bounded("String4", 4), bounded("String8", 8), bounded("String16", 16), bounded("String32", 32),
			bounded("ShortText", 64), bounded("LongText", 256), bounded("FreeFormText", 1024),
		},
		Complex: append(valueTypes(),
			model.Complex{Name: rim("ExtensibleObjectType"), Abstract: true,
				Content: model.Elem(rim("Slot"), model.Ref(rim("SlotType"))).Any()},
			extend(rim("SlotType"), rim("ExtensibleObjectType"),
				model.Elem(rim("SlotValue"), valueType()).Opt(),
				must("name", text("LongText")), may("type", text("LongText"))),
			model.Complex{Name: rim("InternationalStringType"),
				Content: model.Elem(rim("LocalizedString"), model.Ref(rim("LocalizedStringType"))).Any()},
			model.Complex{Name: rim("LocalizedStringType"), Private: true, Attributes: []model.Attribute{
				{Name: xml("lang"), Global: true}, must("value", text("FreeFormText"))}},
			model.Complex{Name: rim("VocabularyTermType"), Attributes: []model.Attribute{
				may("vocabulary", model.String), must("term", model.String)}},
			model.Complex{Name: rim("EntryType"), Content: model.Seq(
				model.Elem(rim("EntryKey"), valueType()),
				model.Elem(rim("EntryValue"), valueType()).Opt())},
			model.Complex{Name: rim("MapType"), Content: model.Elem(rim("Entry"), model.Ref(rim("EntryType"))).Any()},
		),
	}
}

// valueType is the abstract type of every slot value.
func valueType() model.Type { return model.Ref(rim("ValueType")) }

func valueTypes() []model.Complex {
	value := func(local string, name xmltree.Name, t model.Type) model.Complex {
		return extend(rim(local), rim("ValueType"), model.Elem(name, t).Opt())
	}
	plain := func(local string, t model.Type) model.Complex { return value(local, rim("Value"), t) }
	str := plain("StringValueType", text("LongText"))
	str.Private = true // preview locations are secrets of the user
	collection := extend(rim("CollectionValueType"), rim("ValueType"),
		model.Elem(rim("Element"), valueType()).Any(), may("collectionType", reference()))
	return []model.Complex{
		{Name: rim("ValueType"), Abstract: true},
		str,
		plain("DateTimeValueType", model.DateTime),
		plain("DurationValueType", model.Duration),
		plain("IntegerValueType", model.Integer),
		plain("BooleanValueType", model.Boolean),
		plain("FloatValueType", model.Float),
		plain("InternationalStringValueType", model.Ref(rim("InternationalStringType"))),
		plain("VocabularyTermValueType", model.Ref(rim("VocabularyTermType"))),
		collection,
		value("MapValueType", rim("Map"), model.Ref(rim("MapType"))),
		value("SlotValueType", rim("Slot"), model.Ref(rim("SlotType"))),
		extend(rim("AnyValueType"), rim("ValueType"), model.Any(model.Wildcard{Process: model.Lax}).Opt()),
	}
}
