package cli

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"bufio"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
)

// unpack looks into a stored entity.
type unpack struct {
	File        string `arg:"" help:"The entity: the exact HTTP body. A file of the same name ending in .headers beside it has the Content-Type." type:"existingfile"`
	ContentType string `help:"Content-Type of the entity, when no .headers file lies beside it." placeholder:"TYPE"`
	JSON        bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (unpack) Help() string {
	return `The signature is checked with the certificate that the message carries, the header and the parts are listed.
Parts stay encrypted: only the receiver's key opens them. Whether the signer is the right party, only a
P-Mode can tell. It exits with 1 when a receiver would refuse the entity.

Example:
  oots as4 unpack out/as4/01-AT-ExecuteQueryRequest.body`
}

// unpacked is the JSON form of the answer.
type unpacked struct {
	Valid      bool            `json:"valid"`
	Problems   []string        `json:"problems,omitempty"`
	Tolerated  []string        `json:"tolerated,omitempty"`
	Signer     string          `json:"signer,omitempty"`
	SignerHash string          `json:"signerSerial,omitempty"`
	Message    *messageSummary `json:"message,omitempty"`
	Signals    []signalSummary `json:"signals,omitempty"`
	Signed     []signedPart    `json:"signed,omitempty"`
	Parts      []partSummary   `json:"parts,omitempty"`
}

type messageSummary struct {
	MessageID      string            `json:"messageId"`
	Timestamp      time.Time         `json:"timestamp"`
	From           string            `json:"from"`
	To             string            `json:"to"`
	Service        string            `json:"service"`
	Action         string            `json:"action"`
	ConversationID string            `json:"conversationId"`
	Properties     map[string]string `json:"properties"`
}

type signalSummary struct {
	MessageID      string   `json:"messageId"`
	RefToMessageID string   `json:"refToMessageId,omitempty"`
	Kind           string   `json:"kind"`
	Errors         []string `json:"errors,omitempty"`
}

type signedPart struct {
	URI    string `json:"uri"`
	Digest string `json:"digest"`
}

type partSummary struct {
	ContentID   string `json:"contentId"`
	MediaType   string `json:"mediaType"`
	MimeType    string `json:"mimeType,omitempty"`
	Compression string `json:"compression,omitempty"`
	Size        int    `json:"size"`
}

// Run prints what is in the entity.
func (u unpack) Run(s streams) error {
	body, err := os.ReadFile(u.File)
	if err != nil {
		return err
	}
	contentType, err := u.contentType(body)
	if err != nil {
		return err
	}
	found, err := as4.Unpack(contentType, body)
	if err != nil {
		var refusal *as4.Refusal
		if errors.As(err, &refusal) {
			return &hint{fmt.Errorf("%s is no AS4 entity: %s", filepath.Base(u.File), refusal.Detail()), "the exact HTTP body and its Content-Type"}
		}
		return err
	}
	answer := summarise(found)
	if u.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		err = e.Encode(answer)
	} else {
		err = answer.print(s.out)
	}
	if err == nil && !answer.Valid {
		err = errNo
	}
	return err
}

// contentType is the flag's, that of the .headers file, or that of a lone SOAP envelope.
func (u unpack) contentType(body []byte) (string, error) {
	if u.ContentType != "" {
		return u.ContentType, nil
	}
	headers := strings.TrimSuffix(u.File, filepath.Ext(u.File)) + ".headers"
	b, err := os.ReadFile(headers)
	if err != nil {
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			return "application/soap+xml; charset=UTF-8", nil
		}
		return "", &hint{fmt.Errorf("the Content-Type of %s is not known: there is no %s", filepath.Base(u.File), filepath.Base(headers)), `oots as4 unpack --content-type 'multipart/related; …' FILE`}
	}
	h, err := textproto.NewReader(bufio.NewReader(io.MultiReader(bytes.NewReader(b), strings.NewReader("\r\n\r\n")))).ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("%s: %w", filepath.Base(headers), err)
	}
	if t := h.Get("Content-Type"); t != "" {
		return t, nil
	}
	return "", fmt.Errorf("%s has no Content-Type", filepath.Base(headers))
}

func summarise(u *as4.Unpacked) unpacked {
	out := unpacked{Valid: u.Valid(), Tolerated: u.Tolerated}
	for _, p := range u.Problems {
		out.Problems = append(out.Problems, p.Error())
	}
	if u.Fault != nil {
		out.Problems = append(out.Problems, "SOAP fault "+u.Fault.Code+": "+u.Fault.Reason)
	}
	if u.Signer != nil {
		out.Signer, out.SignerHash = u.Signer.Subject.String(), hex.EncodeToString(u.Signer.SerialNumber.Bytes())
	}
	if m := u.Message; m != nil {
		out.Message = &messageSummary{
			MessageID: m.MessageID, Timestamp: m.Timestamp, From: m.From.ID.Value, To: m.To.ID.Value, Service: m.Service.Value,
			Action: m.Action, ConversationID: m.ConversationID, Properties: map[string]string{},
		}
		for _, p := range m.Properties {
			out.Message.Properties[p.Name] = p.Value
		}
	}
	for _, g := range u.Signals {
		k := signalSummary{MessageID: g.MessageID, RefToMessageID: g.RefToMessageID, Kind: "error"}
		if g.Receipt != nil {
			k.Kind = "receipt"
		}
		for _, e := range g.Errors {
			k.Errors = append(k.Errors, e.Error())
		}
		out.Signals = append(out.Signals, k)
	}
	for _, r := range u.References {
		out.Signed = append(out.Signed, signedPart{r.URI, r.DigestValue})
	}
	for _, p := range u.Parts {
		k := partSummary{ContentID: p.ContentID, MediaType: p.MediaType, Size: p.Size}
		if p.Info != nil {
			k.MimeType, k.Compression = partProperty(p.Info, "MimeType"), partProperty(p.Info, "CompressionType")
		}
		out.Parts = append(out.Parts, k)
	}
	return out
}

func partProperty(p *ebms.PartInfo, name string) string {
	for _, q := range p.Properties {
		if q.Name == name {
			return q.Value
		}
	}
	return ""
}

// print writes the answer as a table for people.
func (a unpacked) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	verdict := "signature valid, nothing to refuse"
	if !a.Valid {
		verdict = "a receiver would refuse this"
	}
	fmt.Fprintf(w, "verdict\t%s\n", verdict)
	for _, p := range a.Problems {
		fmt.Fprintf(w, "problem\t%s\n", p)
	}
	for _, t := range a.Tolerated {
		fmt.Fprintf(w, "tolerated\t%s\n", t)
	}
	if a.Signer != "" {
		fmt.Fprintf(w, "signed by\t%s, serial %s\n", a.Signer, a.SignerHash)
	}
	if m := a.Message; m != nil {
		fmt.Fprintf(w, "message\t%s at %s\n", m.MessageID, m.Timestamp.Format(time.RFC3339Nano))
		fmt.Fprintf(w, "from, to\t%s, %s\n", m.From, m.To)
		fmt.Fprintf(w, "action\t%s of %s\n", m.Action, m.Service)
		fmt.Fprintf(w, "conversation\t%s\n", m.ConversationID)
		for _, name := range []string{"originalSender", "finalRecipient", "ExchangeId", "SpecificationId"} {
			if v, ok := m.Properties[name]; ok {
				fmt.Fprintf(w, "%s\t%s\n", name, v)
			}
		}
	}
	for _, g := range a.Signals {
		fmt.Fprintf(w, "%s\t%s for %s\n", g.Kind, g.MessageID, g.RefToMessageID)
		for _, e := range g.Errors {
			fmt.Fprintf(w, "\t%s\n", e)
		}
	}
	for _, r := range a.Signed {
		fmt.Fprintf(w, "signed\t%s\tSHA-256 %s\n", r.URI, r.Digest)
	}
	for _, p := range a.Parts {
		fmt.Fprintf(w, "part\t%s\t%d bytes, %s on the wire, %s inside %s\n", p.ContentID, p.Size, p.MediaType, p.MimeType, p.Compression)
	}
	return w.Flush()
}
