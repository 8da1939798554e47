package wsplugin_test

import (
	"slices"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/internal/wsplugin"
)

// TestEnvelopesOfAClient posts the envelopes of a live client as they are. Its attachment in literal parentheses is no
// base64 and is refused by name; everything else is accepted, the dummy bodyload included.
func TestEnvelopesOfAClient(t *testing.T) {
	t.Parallel()
	const dir = "edm/oots-france/reference-soap/"
	w := newWorld(t, settings{})
	for _, c := range []struct{ file, element, fault string }{
		{"requete.soumission.xml", "submitResponse", ""},
		{"erreur.soumission.xml", "submitResponse", ""},
		{"erreurCapaciteNonSupportee.soumission.xml", "submitResponse", ""},
		{"erreurRequeteInvalide.soumission.xml", "submitResponse", ""},
		{"reponse.soumission.xml", "", "soap:Receiver WS_PLUGIN_0005 payload[cid:1a2b3c4d-0000-4000-8000-000000000003@pdf.oots.fr]/value: is not base64"},
		{"listeMessagesEnAttente.xml", "listPendingMessagesResponse", ""},
		{"listeMessagesEnAttente.filtree.xml", "listPendingMessagesResponse", ""},
		{"recuperationMessage.xml", "", "soap:Receiver WS_PLUGIN:0009 No message with id [1a2b3c4d-0000-4000-8000-000000009999@oots.eu] found"},
	} {
		root := w.fr.envelope("admin", string(corpus.Read(t, dir+c.file)))
		if c.fault != "" {
			if got := faultText(root); got != c.fault {
				t.Errorf("%s: %q", c.file, got)
			}
			continue
		}
		w.fr.body(root, wsplugin.NS, c.element)
	}
	// What was accepted arrives; what was refused left nothing.
	w.pump()
	if got := w.de.pendings("admin", "<conversationId>e0a6a5b7-6b2e-4b9c-9a63-8f0c6d3a1b24</conversationId>"); len(got) != 4 || slices.Contains(got, "1a2b3c4d-0000-4000-8000-000000000005@oots.eu") {
		t.Errorf("arrived: %v", got)
	}
	// Repaired, the refused one is accepted.
	repaired := strings.NewReplacer("<value>(", "<value>", ")</value>", "</value>").Replace(string(corpus.Read(t, dir+"reponse.soumission.xml")))
	w.fr.body(w.fr.envelope("admin", repaired), wsplugin.NS, "submitResponse")
}
