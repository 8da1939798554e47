package proof

import (
	"archive/zip"
	"bytes"
	"strconv"
	"strings"
)

// refusals are what an export may not claim, because Verify would refuse it there, each with the reason.
type refusals struct {
	message, receipt map[*Traced]string
	log              string
}

// add takes a fault of an export with those messages, and reports whether an export without what fails is another one.
func (r *refusals) add(f *Fault, messages []*Traced) bool {
	folder, name, _ := strings.Cut(f.File, "/")
	switch folder {
	case "log":
		if r.log != "" {
			return false
		}
		r.log = f.Error()
		return true
	case "messages":
		number, name, _ := strings.Cut(name, "/")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(messages) {
			return false
		}
		of := r.message
		if strings.HasPrefix(name, "receipt.") {
			of = r.receipt
		}
		if of[messages[n-1]] != "" {
			return false
		}
		of[messages[n-1]] = f.Detail
		return true
	}
	return false
}

// judge has the export verified, and returns what fails.
func (e *exporter) judge() (*Fault, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range e.files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, err
	}
	return Verify(r, Trust{}).Fault, nil
}

// unverified adds what proves nothing.
func (e *exporter) unverified(name string, content []byte) {
	if content != nil {
		e.put("unverified/"+strconv.Itoa(len(e.files))+"-"+name, content)
	}
}

// unproven says why something of a message is not claimed.
func (e *exporter) unproven(m *Traced, what, why string) {
	if why == "" {
		return
	}
	e.m.Findings = append(e.m.Findings, Finding{Code: Unproven, Box: m.Box, MessageID: m.MessageID, Exchange: m.ExchangeID,
		Detail: "the " + what + " would not verify: " + why})
}
