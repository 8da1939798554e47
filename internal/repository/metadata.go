package repository

import (
	"context"
	"strconv"
	"strings"
	"time"

	"oots/edm"
	"oots/regrep"
)

// Namespace is that of our metadata in XML. The one of the Commission's repository has not been published; names
// are those of DCAT and ADMS, so that a mapping is a renaming. [TDD 3.3.5]
const Namespace = "urn:oots:names:semantic-repository:1"

// AppendMetadata writes the metadata of an asset in XML: sr:Asset.
func (s *Service) AppendMetadata(ctx context.Context, dst []byte, a *Asset) ([]byte, error) {
	related, err := s.Related(ctx, a)
	if err != nil {
		return nil, err
	}
	versions, err := s.Versions(ctx, a)
	if err != nil {
		return nil, err
	}
	w := regrep.NewWriter(dst)
	w.Declaration()
	w.Open("sr:Asset", "xmlns:sr", Namespace)
	w.Text("sr:identifier", a.ID)
	for _, id := range a.Also {
		w.Text("sr:alternative", id)
	}
	w.Text("sr:type", string(a.Type))
	appendTexts(w, "sr:title", a.Titles)
	appendTexts(w, "sr:description", a.Descriptions)
	w.TextIf("sr:version", a.Version)
	w.Text("sr:status", string(a.Status))
	appendDate(w, "sr:issued", a.Issued)
	appendDate(w, "sr:modified", a.Modified)
	appendAgent(w, "sr:publisher", a.Publisher)
	for _, c := range a.Creators {
		appendAgent(w, "sr:creator", c)
	}
	for _, c := range a.Jurisdictions {
		w.Text("sr:jurisdiction", c)
	}
	for _, c := range a.ConformsTo {
		w.Text("sr:conformsTo", c)
	}
	for _, t := range a.Transactions {
		w.Text("sr:transaction", t)
	}
	for _, p := range a.Procedures {
		w.Text("sr:procedure", p.Code, "country", p.Country)
	}
	for _, r := range append(a.Relations[:len(a.Relations):len(a.Relations)], related...) {
		w.Open("sr:relation")
		w.Text("sr:type", string(r.Type))
		w.Text("sr:target", r.Target)
		w.Close()
	}
	for _, v := range versions {
		w.Open("sr:versionHistory")
		w.Text("sr:version", v.Version)
		w.Text("sr:status", string(v.Status))
		appendDate(w, "sr:date", v.Date)
		w.TextIf("sr:note", v.Note)
		w.Close()
	}
	s.appendDistributions(w, a)
	w.Close()
	return w.Bytes, nil
}

func (s *Service) appendDistributions(w *regrep.Writer, a *Asset) {
	for _, d := range a.Distributions {
		w.Open("sr:distribution")
		w.Text("sr:accessURL", s.AccessURL(a, d))
		w.TextIf("sr:mediaType", d.MediaType)
		w.Text("sr:format", d.Format)
		if d.Digest != "" {
			w.Text("sr:checksum", d.Digest, "algorithm", "SHA-256")
		}
		if d.Size > 0 {
			w.Text("sr:byteSize", strconv.FormatInt(d.Size, 10))
		}
		w.Close()
	}
}

// AccessURL is where a distribution of an asset is fetched. A version that others can name is named, so that the
// address goes on meaning the same.
func (s *Service) AccessURL(a *Asset, d Distribution) string {
	if d.AccessURL != "" {
		return d.AccessURL
	}
	version := a.Version
	if a.Live && a.Type != CodeList || strings.Contains(version, "/") {
		version = ""
	}
	return s.Address(a, version) + "?format=" + string(d.Form)
}

func appendTexts(w *regrep.Writer, name string, ts edm.Texts) {
	for _, t := range ts {
		w.Text(name, t.Value, "xml:lang", strings.ToLower(t.Lang))
	}
}

func appendDate(w *regrep.Writer, name string, t time.Time) {
	if !t.IsZero() {
		w.Text(name, t.UTC().Format(time.RFC3339))
	}
}

func appendAgent(w *regrep.Writer, name string, a Agent) {
	w.Open(name)
	w.Open("sr:Agent")
	w.TextIf("sr:identifier", a.Identifier)
	w.Text("sr:name", a.Name)
	w.Close()
	w.Close()
}
