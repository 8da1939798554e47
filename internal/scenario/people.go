package scenario

import (
	"bytes"
	"slices"

	"oots/edm/exchange"
)

// people are the cases about what people see and may know.
func people() []Scenario {
	return []Scenario{
		{ID: "TC44", Title: "Preview space for everybody", Reason: "judged on the pages, in a browser: the tests of the preview space run axe, the keyboard and 320 pixels"},
		{ID: "TC45", Title: "What was exchanged about one person", Portal: "EL", Lines: threeLines, Preview: true, run: exchangedAbout},
	}
}

// exchangedAbout asks both logs, as an authority and as the user herself. [IR 2022/1463 art. 17]
func exchangedAbout(w *world) {
	x := previewOf(w, "hans")
	w.user("julia", "T3").ask(wish{})
	w.step()
	if w.err != nil {
		return
	}
	ids, err := w.asking().Requester.Conversations(w.ctx, x.identity)
	if err != nil || !slices.Equal(ids, []string{x.app.ID}) {
		w.fail("the conversations of the user are %v (%v), want one", ids, err)
		return
	}
	w.see("the portal finds her conversation, and no other person's")
	document := x.exchange().Evidence[0]
	for _, m := range w.States {
		entries, err := m.Conversation(w.ctx, x.app.ID)
		if err != nil {
			w.fail("log of %s: %v", m.Country, err)
		}
		digests, documents := 0, 0
		for _, e := range entries {
			w.want(!e.At.IsZero() && e.ConversationID == x.app.ID, "an entry of %s has no time or another conversation", m.Country)
			w.want(!bytes.Contains(e.Document, []byte("%PDF")), "the log of %s holds an evidence", m.Country)
			if len(e.Document) > 0 && e.DocumentType == exchange.MediaTypeRegRep {
				documents++
			}
			if slices.ContainsFunc(e.Parts, func(p exchange.Part) bool { return p.SHA256 == document.SHA256 }) {
				digests++
			}
		}
		w.want(documents == 4 && digests > 0, "the log of %s has %d messages and %d digests of the evidence", m.Country, documents, digests)
		w.see("%s: %d events, 4 messages with their text, the digest of the evidence and not the evidence", m.Country, len(entries))
	}
}
