package repository

// A Form names one way to see an asset, as ?format= has it.
type Form string

// The forms. The first four are of every asset; the others are the asset itself.
const (
	HTML       Form = "html"
	Metadata   Form = "xml" // see AppendMetadata
	JSONLD     Form = "jsonld"
	Turtle     Form = "ttl"
	Genericode Form = "gc"
	CSV        Form = "csv"
	JSON       Form = "json"
	JSONSchema Form = "schema"
	XSD        Form = "xsd"
	Schematron Form = "sch"
	PDF        Form = "pdf"
	Text       Form = "txt"
	Example    Form = "example"
)

// MetadataType is the media type that asks for the metadata of an asset in XML, whatever else it has in XML.
const MetadataType = "application/vnd.oots.asset+xml"

// MediaType is the media type of a form. Several artefacts are application/xml: only one of them is served under
// it, see Representations.
func (f Form) MediaType() string {
	switch f {
	case HTML:
		return "text/html"
	case Metadata:
		return MetadataType
	case JSONLD:
		return "application/ld+json"
	case Turtle:
		return "text/turtle"
	case Genericode, XSD, Schematron, Example:
		return "application/xml"
	case CSV:
		return "text/csv"
	case JSON:
		return "application/json"
	case JSONSchema:
		return "application/schema+json"
	case PDF:
		return "application/pdf"
	case Text:
		return "text/plain"
	}
	return ""
}

// Title is what people call the form.
func (f Form) Title() string {
	switch f {
	case Metadata:
		return "XML"
	case JSONLD:
		return "JSON-LD"
	case Turtle:
		return "Turtle"
	case Genericode:
		return "Genericode"
	case CSV:
		return "CSV"
	case JSON:
		return "JSON"
	case JSONSchema:
		return "JSON Schema"
	case XSD:
		return "XML Schema"
	case Schematron:
		return "Schematron"
	case PDF:
		return "PDF"
	case Text:
		return "Text"
	case Example:
		return "Example"
	}
	return "HTML"
}

// extension is the end of the name of a downloaded file.
func (f Form) extension() string {
	switch f {
	case JSONSchema:
		return "schema.json"
	case Example:
		return "example.xml"
	}
	return string(f)
}

// FileName is the name under which a form of an asset is saved.
func (a *Asset) FileName(f Form) string {
	name := a.path
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' {
			name = name[i+1:]
			break
		}
	}
	if a.Version != "" && !a.Live {
		name += "-" + a.Version
	}
	return name + "." + f.extension()
}

// A Representation is a form of an asset with a media type that asks for it.
type Representation struct {
	MediaType string
	Form      Form
}

// Representations are the forms of an asset as HTTP negotiates them, those before the others where the client
// does not care. A code list is itself first: in Genericode under application/xml, because that is what clients of
// the directories ask for. Other assets have their metadata there. [RFC 9110 §12]
func (a *Asset) Representations() []Representation {
	var out []Representation
	seen := map[string]bool{}
	offer := func(mediaType string, f Form) {
		if mediaType != "" && !seen[mediaType] {
			seen[mediaType] = true
			out = append(out, Representation{mediaType, f})
		}
	}
	if a.Type != CodeList || len(a.Distributions) == 0 || a.Status == Elsewhere {
		offer("text/html", HTML)
	}
	for _, d := range a.Distributions {
		if d.Form != "" {
			offer(d.MediaType, d.Form)
			if d.MediaType == "application/xml" {
				offer("text/xml", d.Form)
			}
		}
	}
	offer("text/html", HTML)
	offer("application/xml", Metadata)
	offer("text/xml", Metadata)
	offer(MetadataType, Metadata)
	offer("application/ld+json", JSONLD)
	offer("text/turtle", Turtle)
	return out
}

// Has reports whether the asset has a form.
func (a *Asset) Has(f Form) bool {
	switch f {
	case HTML, Metadata, JSONLD, Turtle:
		return true
	}
	for _, d := range a.Distributions {
		if d.Form == f && f != "" {
			return true
		}
	}
	return false
}

// offered is a distribution that is served here.
func offered(f Form) Distribution {
	return Distribution{Form: f, MediaType: f.MediaType(), Format: f.Title()}
}

// listForms are the forms of a code list.
func listForms() []Distribution {
	return []Distribution{offered(Genericode), offered(CSV), offered(JSON)}
}
