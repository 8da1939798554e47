package query

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"oots/directory"
	"oots/directory/directoryxml"
	"oots/edm"
	"oots/regrep"
)

const (
	slotIdentifier  = "SpecificationIdentifier"
	slotRequirement = "Requirement"
	slotDataService = "DataServiceEvidenceType"
	slotTerritory   = "JurisdictionDetermination"
	slotConcepts    = "UserRequestedClassificationConcepts"
)

// AppendRequirements appends the answer that holds requirements, one registry object each.
func AppendRequirements(dst []byte, l directory.Line, rs []directory.Requirement) []byte {
	w := open(dst, l.Version, regrep.StatusSuccess)
	w.Open("rim:RegistryObjectList")
	for i := range rs {
		object(w, slotRequirement, rs[i].ID, func() { directoryxml.Requirement(w, l, &rs[i]) })
	}
	w.Close()
	w.Close()
	return w.Bytes
}

// AppendDataServices appends the answer that holds data services: one registry object each, up to 1.1 one for
// all records of a pairing. asked is the version of the exchange that the query named, "" for none.
func AppendDataServices(dst []byte, l directory.Line, ds []directory.DataService, asked edm.Version) []byte {
	w := open(dst, l.Version, regrep.StatusSuccess)
	w.Open("rim:RegistryObjectList")
	for _, group := range grouped(l, ds) {
		key := group[0].Key()
		if !l.AtLeast(directory.V12) {
			key = pairing(&group[0])
		}
		object(w, slotDataService, key, func() { directoryxml.DataServices(w, l, group, asked) })
	}
	w.Close()
	w.Close()
	return w.Bytes
}

// pairing tells apart what has one record up to 1.1.
func pairing(s *directory.DataService) string {
	return strings.ToLower(s.ID) + "\x00" + s.Classification
}

// grouped are the records of each registry object, in the order in which the first of each stands.
func grouped(l directory.Line, ds []directory.DataService) [][]directory.DataService {
	out := make([][]directory.DataService, 0, len(ds))
	at := make(map[string]int)
	for i := range ds {
		if !l.AtLeast(directory.V12) {
			k := pairing(&ds[i])
			if n, known := at[k]; known {
				out[n] = append(out[n], ds[i])
				continue
			}
			at[k] = len(out)
		}
		out = append(out, ds[i:i+1:i+1])
	}
	return out
}

// AppendFailure appends the answer for an error: a *directory.Question or *directory.Refusal as it says,
// anything else as SERVICE:ERR:0001 without a word of its cause. It returns the code that was written. A
// version of "" is for a query whose version was not settled.
func AppendFailure(dst []byte, l directory.Line, err error) (answer []byte, code string) {
	w := open(dst, l.Version, regrep.StatusFailure)
	var q *directory.Question
	if errors.As(err, &q) {
		row, _ := Row(CodeQuestion)
		names := asks(l, q)
		w.Exception(exception(row, strings.Join(names, " and ")), func() { questionSlots(w, l, q, names) })
		w.Close()
		return w.Bytes, row.Code
	}
	row, detail := refusal(err)
	w.Exception(exception(row, detail), nil)
	w.Close()
	return w.Bytes, row.Code
}

// refusal finds the row of a *directory.Refusal.
func refusal(err error) (CodeRow, string) {
	var r *directory.Refusal
	if errors.As(err, &r) {
		if row, ok := Row(r.Code); ok {
			return row, r.Detail
		}
	}
	row, _ := Row(CodeGeneric)
	return row, ""
}

func exception(row CodeRow, detail string) regrep.Exception {
	return regrep.Exception{Type: row.Type, Severity: row.Severity, Message: row.Message, Code: row.Code, Detail: detail}
}

// asks names the slots of a question. [R-DSD-ERR-S022]
func asks(l directory.Line, q *directory.Question) []string {
	var names []string
	if q.Determination != nil && !l.AtLeast(directory.V20) {
		names = append(names, slotTerritory)
	}
	if len(q.Concepts) > 0 {
		names = append(names, slotConcepts)
	}
	return names
}

// questionSlots writes the slots of DSD:ERR:0005. [R-DSD-ERR-S010]
func questionSlots(w *regrep.Writer, l directory.Line, q *directory.Question, names []string) {
	w.AnySlot(slotDataService, func() { directoryxml.Reduced(w, l, q) })
	for _, name := range names {
		if name == slotTerritory {
			w.AnySlot(name, func() { directoryxml.Determination(w, q.Determination) })
			continue
		}
		w.AnyCollectionSlot(name, len(q.Concepts), func(i int) {
			c := q.Concepts[i]
			c.SupportedValues = nil // [R-DSD-ERR-S023]
			directoryxml.Concept(w, l, &c)
		})
	}
}

// open writes the envelope down to the version, which the 1.0 shape does not name.
func open(dst []byte, v directory.Version, status string) *regrep.Writer {
	w := regrep.NewWriter(dst)
	w.Declaration()
	w.Open("query:QueryResponse",
		"xmlns:query", regrep.NamespaceQuery,
		"xmlns:rim", regrep.NamespaceRIM,
		"xmlns:rs", regrep.NamespaceRS,
		"xmlns:sdg", regrep.NamespaceSDG,
		"xmlns:xsi", regrep.NamespaceXSI,
		"status", status)
	if v > directory.V10 {
		w.StringSlot(slotIdentifier, string(v))
	}
	return w
}

// object writes a rim:RegistryObject with its one slot.
func object(w *regrep.Writer, slot, key string, content func()) {
	w.Open("rim:RegistryObject", "id", objectID(key))
	w.AnySlot(slot, content)
	w.Close()
}

// objectID makes the id of a registry object from the key of its record, so that the same records give the
// same bytes. [RFC 9562 §5.8]
func objectID(key string) string {
	sum := sha256.Sum256([]byte("oots registry object\x00" + key))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return "urn:uuid:" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
