package query

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"oots/directory"
	"oots/regrep"
)

const (
	slotIdentifier  = "SpecificationIdentifier"
	slotRequirement = "Requirement"
	slotDataService = "DataServiceEvidenceType"
	slotConcepts    = "UserRequestedClassificationConcepts"
)

// ErrVersion says that a release line is not served. Parse lets none through.
var ErrVersion = errors.New("this version of oots-cs is not served")

// AppendRequirements appends the answer that holds requirements, one registry object each. It fails with
// ErrVersion only.
func AppendRequirements(dst []byte, v directory.Version, rs []directory.Requirement) ([]byte, error) {
	if !served(v) {
		return nil, ErrVersion
	}
	w, s := open(dst, v, regrep.StatusSuccess)
	w.Open("rim:RegistryObjectList")
	for i := range rs {
		object(w, slotRequirement, rs[i].ID, func() { s.requirement(w, &rs[i]) })
	}
	w.Close()
	w.Close()
	return w.Bytes, nil
}

// AppendDataServices appends the answer that holds data services, one registry object each. It fails with
// ErrVersion only.
func AppendDataServices(dst []byte, v directory.Version, ds []directory.DataService) ([]byte, error) {
	if !served(v) {
		return nil, ErrVersion
	}
	w, s := open(dst, v, regrep.StatusSuccess)
	w.Open("rim:RegistryObjectList")
	for i := range ds {
		object(w, slotDataService, ds[i].Key(), func() { s.dataService(w, &ds[i]) })
	}
	w.Close()
	w.Close()
	return w.Bytes, nil
}

// AppendFailure appends the answer for an error: a *directory.Question or *directory.Refusal as it says,
// anything else as SERVICE:ERR:0001 without a word of its cause. It returns the code that was written. A
// version of "" is for a query whose version was not settled.
func AppendFailure(dst []byte, v directory.Version, err error) (answer []byte, code string) {
	w, s := open(dst, v, regrep.StatusFailure)
	var q *directory.Question
	if errors.As(err, &q) && s.reduced != nil {
		row, _ := Row(CodeQuestion)
		w.Exception(exception(row, ""), func() { questionSlots(w, s, q) })
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

// questionSlots writes the two slots of DSD:ERR:0005. [R-DSD-ERR-S010]
func questionSlots(w *regrep.Writer, s shape, q *directory.Question) {
	w.AnySlot(slotDataService, func() { s.reduced(w, q) })
	w.AnyCollectionSlot(slotConcepts, len(q.Concepts), func(i int) {
		c := q.Concepts[i]
		c.SupportedValues = nil // [R-DSD-ERR-S023]
		s.concept(w, &c)
	})
}

// open writes the envelope down to the version.
func open(dst []byte, v directory.Version, status string) (*regrep.Writer, shape) {
	s := shapeOf(v)
	w := regrep.NewWriter(dst)
	w.Declaration()
	w.Open("query:QueryResponse",
		"xmlns:query", regrep.NamespaceQuery,
		"xmlns:rim", regrep.NamespaceRIM,
		"xmlns:rs", regrep.NamespaceRS,
		"xmlns:sdg", regrep.NamespaceSDG,
		"xmlns:xsi", regrep.NamespaceXSI,
		"status", status)
	if s.identifier {
		w.StringSlot(slotIdentifier, string(s.version))
	}
	return w, s
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
