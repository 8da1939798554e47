package ebms

import "oots/xml/xmltree"

// maxSignalItems bounds the references of a receipt and the errors of a signal.
const maxSignalItems = 1200

func readSignal(e *xmltree.Element) (*SignalMessage, error) {
	s := newSequence(e)
	var m SignalMessage
	m.Timestamp, m.MessageID, m.RefToMessageID = readMessageInfo(s.child("MessageInfo"))
	m.RefToMessageID = trim(m.RefToMessageID)
	if p := s.optional("PullRequest"); p != nil {
		m.Pull = true
		mpc, _ := p.Attr("", "mpc")
		m.PullMPC = trim(mpc)
	}
	if r := s.optional("Receipt"); r != nil {
		m.Receipt = readReceipt(s, r)
	}
	for x := s.optional("Error"); x != nil; x = s.optional("Error") {
		if len(m.Errors) == maxSignalItems {
			s.fail(NewError(InvalidHeader, "more than %d errors in a signal", maxSignalItems))
			break
		}
		m.Errors = append(m.Errors, readError(x))
	}
	for len(s.rest) > 0 && s.rest[0].Name.Space != NS {
		s.rest = s.rest[1:] // the schema lets foreign elements follow
	}
	if err := s.end(); err != nil {
		return nil, err
	}
	if err := checkMessageID(m.MessageID, "eb:MessageId"); err != nil {
		return nil, err
	}
	if !m.Pull && m.Receipt == nil && len(m.Errors) == 0 {
		return nil, NewError(InvalidHeader, "a signal without content")
	}
	return &m, nil
}

// readReceipt collects the references of the non-repudiation information. One peer adds a marker of its
// version beside it, which is tolerated. [AS4 §5.1.8]
func readReceipt(s *sequence, e *xmltree.Element) *Receipt {
	r := &Receipt{}
	found := false
	for c := range e.Elements() {
		if !c.Is(NSEBBP, "NonRepudiationInformation") {
			r.Foreign++
			r.CopyOnly = r.CopyOnly || c.Is(NS, "UserMessage")
			continue
		}
		if found {
			s.fail(NewError(InvalidReceipt, "two NonRepudiationInformation in a receipt"))
			return r
		}
		found = true
		for part := range c.All(NSEBBP, "MessagePartNRInformation") {
			for ref := range part.All(NSDS, "Reference") {
				if len(r.References) == maxSignalItems {
					s.fail(NewError(InvalidReceipt, "more than %d references in a receipt", maxSignalItems))
					return r
				}
				r.References = append(r.References, readReference(ref))
			}
		}
	}
	r.CopyOnly = r.CopyOnly && !found
	return r
}

// readReference keeps what a receipt is compared by. Raw stays empty.
func readReference(e *xmltree.Element) Reference {
	var ref Reference
	ref.URI, _ = e.Attr("", "URI")
	for t := range e.First(NSDS, "Transforms").All(NSDS, "Transform") {
		alg, _ := t.Attr("", "Algorithm")
		ref.Transforms = append(ref.Transforms, alg)
	}
	ref.DigestMethod, _ = e.First(NSDS, "DigestMethod").Attr("", "Algorithm")
	ref.DigestValue = e.First(NSDS, "DigestValue").Text()
	return ref
}

func readError(e *xmltree.Element) Error {
	attr := func(name string) string {
		v, _ := e.Attr("", name)
		return token(v)
	}
	x := Error{
		Code: attr("errorCode"), Severity: attr("severity"), Category: attr("category"), Origin: attr("origin"),
		ShortDescription: attr("shortDescription"), RefToMessageInError: attr("refToMessageInError"),
		Detail: token(e.First(NS, "ErrorDetail").Text()),
	}
	if d := e.First(NS, "Description"); d != nil {
		x.Description = token(d.Text())
		x.Lang, _ = d.Attr(xmltree.NamespaceXML, "lang")
	}
	return x
}
